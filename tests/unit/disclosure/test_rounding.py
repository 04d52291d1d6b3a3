"""Numbers of people as multiples of five (TRUST-D7): no exact one is left."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.protection import protect
from kcc_research.disclosure.rounding import SAYS_SO, round_comparisons, round_estimates
from kcc_research.estimation import tables
from kcc_research.study.policy import to_five
from tests.unit.disclosure.result_rows import (
    comparison,
    comparisons,
    estimate,
    estimates,
)

COUNTS = ("count", "n", "df", "n_effective")


def share(count, n, category="", **given):
    row = {"statistic": "share", "count": count, "category": category}
    return estimate(n, estimate=count / n, **{"weighted": False} | row | given)


def split(*counts):
    rows = [share(x, sum(counts), f"k{i}") for i, x in enumerate(counts)]
    return round_estimates(estimates(*rows))


@given(st.integers(min_value=0, max_value=10_000))
def test_five_is_the_nearest_half_up(count):
    assert to_five(count) % 5 == 0
    assert -2.5 < to_five(count) - count <= 2.5


@given(st.lists(st.integers(10, 400), min_size=2, max_size=6))
def test_the_base_of_a_distribution_is_the_sum_of_its_rounded_parts(counts):
    rows = split(*counts)
    assert rows["n"].tolist() == [rows["count"].sum()] * len(counts)
    assert (rows["count"] % 5 == 0).all()
    assert rows["estimate"].sum() == pytest.approx(1)
    assert rows["estimate"].tolist() == (rows["count"] / rows["n"]).tolist()


def test_a_share_of_eleven_does_not_tell_that_there_were_eleven():
    found = round_estimates(estimates(share(1, 11))).iloc[0]
    assert (found["count"], found["n"], found["estimate"]) == (0, 10, 0)


def test_a_mean_keeps_the_digits_of_a_report():
    row = estimate(12, estimate=6.583333333, ci_low=5.91234, ci_high=7.25, df=11.0)
    found = round_estimates(estimates(row)).iloc[0]
    assert (found["estimate"], found["ci_low"], found["ci_high"]) == (6.6, 5.9, 7.3)
    assert (found["n"], found["df"], found["n_effective"]) == (10, 10, 300)


def test_numbers_of_people_in_words_are_rounded_too():
    row = estimate(84, base="wie alles beantwoordde: 61 van 84, n\u00a0=\u00a01.017")
    found = round_estimates(estimates(row)).iloc[0]
    assert found["base"] == "wie alles beantwoordde: 60 van 85, n\u00a0=\u00a01.015"


def test_dates_and_days_are_no_people():
    days = "werkdagen van 2 januari 2023 tot en met 30 juni 2023"
    row = {"indicator": "dagen_zonder_registratie", "statistic": "count", "base": days}
    rows = estimates(estimate(124, count=4, **row), estimate(84, base=days))
    found = round_estimates(rows)
    assert found["base"].tolist() == [days, days]
    assert (found["count"][0], found["n"][0]) == (4, 124)
    assert found["method"].tolist() == ["t", f"t; {SAYS_SO}"]
    assert found.dtypes.equals(rows.dtypes)


def test_a_difference_has_rounded_bases_and_two_decimals():
    row = comparison(12, 333, difference=0.512345, p_value=0.012345, df=33.3)
    found = round_comparisons(comparisons(row)).iloc[0]
    assert (found["n"], found["n_reference"], found["df"]) == (10, 335, 35)
    assert (found["difference"], found["p_value"]) == (0.51, 0.01)


def test_without_comparisons_there_is_nothing_to_round():
    nothing = tables.empty_comparisons()
    assert round_comparisons(nothing).equals(nothing)


def test_every_row_that_is_touched_says_so():
    hidden = estimate(None, estimate=None, status="suppressed")
    rows = round_estimates(estimates(estimate(12), hidden))
    assert rows["method"].tolist() == [f"t; {SAYS_SO}", "t"]


def test_protection_rounds_last_and_only_when_asked(study):
    rows = estimates(estimate(9), estimate(33), share(11, 33, "ja"))
    verdict = {"indicator": "rapportcijfer", "by": "kanaal", "group": "balie"}
    verdicts = tables.tidy(
        pd.DataFrame([verdict | {"estimate": 6.6, "reason": "n = 33"}]),
        tables.VERDICT_COLUMNS,
    )
    sides = comparisons(comparison(33, 36, group="e-mail"))
    exact = protect(study, rows, sides, verdicts.iloc[:0])
    assert exact.estimates["n"].tolist()[1:] == [33, 33]
    policy = DisclosurePolicy(round_counts=True)
    safe = protect(study, rows.iloc[1:], sides, verdicts, policy)
    for name in COUNTS:
        assert (safe.estimates[name].dropna() % 5 == 0).all()
    assert safe.comparisons["n"].tolist() == [35]
    assert safe.verdicts["reason"].tolist() == ["n = 35"]
    few = protect(study, rows, sides, verdicts.iloc[:0], policy)
    assert few.estimates["status"].tolist()[0] == "suppressed"  # 9, not 10
