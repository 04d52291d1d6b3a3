"""Primary rules one by one: base, cell, dominant group, percentile, exception."""

from datetime import date

import pytest

from kcc_research.disclosure.policy import DisclosureException, DisclosurePolicy
from kcc_research.disclosure.primary import (
    disclosed_groups,
    one_sided_percentiles,
    primary_rows,
    small_cells,
    to_review,
)
from kcc_research.disclosure.sensitivity import sensitive_rows
from kcc_research.errors import DisclosureError
from tests.unit.disclosure.result_rows import estimate, estimates

POLICY = DisclosurePolicy()


def income(count, n, **given):
    row = {"indicator": "inkomen", "statistic": "share", "count": count}
    return estimate(n, estimate=count / n, **row | given)


def excepting(rule, by="kanaal", indicator="inkomen"):
    signed = DisclosureException(
        rule=rule,
        table=f"algemeen/{indicator}/{by}",
        reason="r",
        name="n",
        role="r",
        date=date(2023, 1, 1),
    )
    return DisclosurePolicy(exception=(signed,))


@pytest.mark.parametrize(
    ("count", "n", "expected"),
    [(9, 40, True), (10, 40, False), (30, 40, False), (31, 40, True), (0, 40, True)],
)
def test_a_cell_and_its_complement_reach_ten(count, n, expected):
    assert small_cells(estimates(income(count, n)), POLICY).tolist() == [expected]


def test_a_small_group_is_small_in_every_statistic():
    assert small_cells(estimates(estimate(9)), POLICY).tolist() == [True]


@pytest.mark.parametrize(
    ("count", "n", "blocked", "reviewed"),
    [
        (29, 29, True, False),
        (27, 29, True, False),
        (2, 29, True, False),
        (26, 29, False, False),
        (270, 300, False, True),
        (30, 300, False, True),
        (269, 300, False, False),
    ],
)
def test_a_group_that_thinks_alike_is_blocked_or_reviewed(count, n, blocked, reviewed):
    rows = estimates(income(count, n))
    assert disclosed_groups(rows, POLICY).tolist() == [blocked]
    assert to_review(rows, POLICY).tolist() == [reviewed]


@pytest.mark.parametrize(
    ("indicator", "others", "expected"),
    [
        ("rapportcijfer", 40, False),  # an ordinary question: nobody is no secret
        ("inkomen", 40, True),  # that nobody in this group answered is one
        ("inkomen", 0, False),  # nobody at all was asked
    ],
)
def test_nobody_is_a_secret_only_among_others(study, indicator, others, expected):
    nobody = {"estimate": None, "status": "not_measured", "indicator": indicator}
    total = nobody if not others else {"indicator": indicator}
    rows = estimates(
        estimate(0, **nobody), estimate(others, by="totaal", **total | {"count": None})
    )
    found = primary_rows(rows, sensitive_rows(study, rows), POLICY)
    assert found.tolist() == [expected, False]


@pytest.mark.parametrize(
    ("name", "n", "expected"),
    [
        ("wachttijd_p90", 99, True),
        ("wachttijd_p90", 100, False),
        ("wachttijd_mediaan", 19, True),
        ("wachttijd_mediaan", 20, False),
        ("wachttijd_p95", 199, True),
        ("wachttijd_p95", 200, False),
        ("wachttijd_kwartiel", 10_000, True),
    ],
)
def test_a_percentile_needs_ten_records_on_both_sides(name, n, expected):
    rows = estimates(estimate(n, indicator=name, statistic="quantile"))
    assert one_sided_percentiles(rows, POLICY).tolist() == [expected]


def test_a_percentile_may_be_named_by_its_category():
    rows = estimates(estimate(99, statistic="quantile", category="p90"))
    assert one_sided_percentiles(rows, POLICY).tolist() == [True]


def test_the_smallest_and_largest_answer_are_no_result(study):
    rows = estimates(
        estimate(100, statistic="min"), estimate(100, statistic="max", indicator="m")
    )
    with pytest.raises(DisclosureError) as error:
        primary_rows(rows, sensitive_rows(study, rows), POLICY)
    found = [(each.code, each.value) for each in error.value.problems]
    assert found == [("KCC-S009", "rapportcijfer"), ("KCC-S009", "m")]


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        ("D1", estimate(9, indicator="rapportcijfer")),
        ("D2", income(9, 40)),
        ("D9", estimate(20, indicator="wachttijd_p90", statistic="quantile")),
    ],
)
def test_an_exception_sets_its_own_rule_aside_in_its_own_table(study, rule, row):
    rows = estimates(row)
    sensitive = sensitive_rows(study, rows)

    def hidden(policy):
        return primary_rows(rows, sensitive, policy).tolist()

    name = str(row["indicator"])
    assert hidden(POLICY) == [True]
    assert hidden(excepting(rule, indicator=name)) == [False]
    assert hidden(excepting(rule, by="totaal", indicator=name)) == [True]
    assert hidden(excepting("D6", indicator=name)) == [True]


def test_an_exception_for_a_small_cell_is_none_for_a_group_that_thinks_alike(study):
    rows = estimates(income(29, 29))
    policy = excepting("D2")
    assert primary_rows(rows, sensitive_rows(study, rows), policy).tolist() == [True]
