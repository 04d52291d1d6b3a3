"""Primary suppression: who is few is silent, in every table and every column."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from kcc_research.disclosure import DisclosurePolicy, protect
from kcc_research.estimation import tables
from tests.unit.disclosure.result_rows import (
    comparison,
    comparisons,
    estimate,
    estimates,
)

NO_COMPARISONS = tables.empty_comparisons()
NO_VERDICTS = tables.empty_verdicts()
NUMBERS = [
    "estimate",
    "std_error",
    "ci_low",
    "ci_high",
    "df",
    "count",
    "n",
    "n_effective",
    "design_effect",
    "std_error_without_fpc",
]


def protected(study, rows, compared=NO_COMPARISONS, verdicts=NO_VERDICTS, policy=None):
    return protect(study, rows, compared, verdicts, policy)


@pytest.mark.parametrize(
    ("n", "status"),
    [
        (9, "suppressed"),
        (10, "indicative"),
        (29, "indicative"),
        (30, "published"),
        (353, "published"),
    ],
)
def test_status_follows_the_unweighted_base(study, n, status):
    found = protected(study, estimates(estimate(n))).estimates
    assert found["status"].tolist() == [status]
    assert found["estimate"].notna().tolist() == [status != "suppressed"]


def test_a_suppressed_row_loses_every_number_and_keeps_its_name(study):
    found = protected(study, estimates(estimate(9, count=4))).estimates.iloc[0]
    assert found[NUMBERS].isna().all()
    assert (found["indicator"], found["group"]) == ("rapportcijfer", "balie")


def test_a_weight_makes_nobody_publishable(study):
    rows = estimates(estimate(9, n_effective=40.0, weighted=True))
    assert protected(study, rows).estimates["status"].tolist() == ["suppressed"]


def test_a_row_without_a_base_is_left_alone(study):
    rows = estimates(estimate(None, estimate=None, status="not_measured"))
    assert protected(study, rows).estimates["status"].tolist() == ["not_measured"]


def test_the_input_is_left_as_it_was(study):
    rows = estimates(estimate(9))
    before = rows.copy(deep=True)
    protected(study, rows)
    assert_frame_equal(rows, before)


def income(category, count, n, group="balie", by="kanaal"):
    return estimate(
        n,
        indicator="inkomen",
        statistic="share",
        category=category,
        count=count,
        estimate=count / n,
        group=group,
        by=by,
    )


@pytest.mark.parametrize("low", [0, 4, 9, 91, 96, 100])
def test_a_small_cell_or_complement_withholds_a_sensitive_question(study, low):
    rows = estimates(income("laag", low, 100), income("hoog", 100 - low, 100))
    found = protected(study, rows).estimates
    assert found["status"].tolist() == ["suppressed", "suppressed"]
    assert found["n"].isna().all()


def statuses(study, *rows):
    return protected(study, estimates(*rows)).estimates["status"].tolist()


def test_one_small_cell_withholds_every_group_of_the_breakdown(study):
    """3 of 40 at the counter is 33 of 80 minus 30 of 40 by telephone."""
    assert (
        statuses(
            study,
            income("laag", 3, 40),
            income("hoog", 37, 40),
            income("laag", 30, 40, "telefoon"),
            income("hoog", 10, 40, "telefoon"),
            income("laag", 33, 80, "totaal", by="totaal"),
            income("hoog", 47, 80, "totaal", by="totaal"),
        )
        == ["suppressed"] * 4 + ["published"] * 2
    )


def test_a_breakdown_without_small_cells_stays(study):
    assert (
        statuses(
            study,
            income("laag", 20, 40),
            income("hoog", 20, 40),
            income("laag", 30, 40, "telefoon"),
            income("hoog", 10, 40, "telefoon"),
        )
        == ["published"] * 4
    )


def test_the_few_between_a_filter_and_the_total_withhold_the_filter(study):
    """100 in all and 95 with contact tell what the other 5 answered."""
    assert statuses(
        study,
        income("laag", 50, 100, "totaal", by="totaal"),
        income("laag", 48, 95, "had_contact", by="domein"),
    ) == ["published", "suppressed"]


def test_a_filter_that_holds_everybody_is_the_total_again(study):
    assert statuses(
        study,
        income("laag", 50, 100, "totaal", by="totaal"),
        income("laag", 50, 100, "had_contact", by="domein"),
    ) == ["published", "published"]


@pytest.mark.parametrize("indicator", ["inkomen_weet_niet", "weging_inkomen"])
def test_results_made_from_a_sensitive_question_are_sensitive_too(study, indicator):
    row = estimate(
        100, indicator=indicator, statistic="share", count=2, estimate=0.02, by="x"
    )
    assert statuses(study, row) == ["suppressed"]


def test_a_breakdown_by_a_sensitive_question_goes_whole_when_a_group_is_small(study):
    """The mean of six follows from the total and the mean of the others."""
    assert statuses(
        study,
        estimate(6, by="inkomen", group="laag"),
        estimate(94, by="inkomen", group="hoog"),
        estimate(100, by="totaal", group="totaal"),
    ) == ["suppressed", "suppressed", "published"]


def test_of_a_confidential_source_every_question_is_sensitive(study):
    source = study.measurement.source[0].model_copy(update={"confidential": True})
    measurement = study.measurement.model_copy(update={"source": (source,)})
    confidential = study.model_copy(update={"measurement": measurement})
    row = estimate(100, statistic="share", count=4, estimate=0.04)
    assert statuses(study, row) == ["published"]
    assert statuses(confidential, row) == ["suppressed"]


def test_a_small_cell_of_an_ordinary_question_is_published(study):
    rows = estimates(estimate(100, statistic="share", count=4, estimate=0.04))
    assert protected(study, rows).estimates["status"].tolist() == ["published"]


def test_a_stricter_policy_suppresses_more(study):
    rows = estimates(estimate(15))
    policy = DisclosurePolicy(minimum_base=20)
    assert protected(study, rows, policy=policy).estimates["status"].tolist() == [
        "suppressed"
    ]


@pytest.mark.parametrize(("n", "n_reference"), [(9, 100), (100, 9)])
def test_a_comparison_with_a_small_side_tells_nothing(study, n, n_reference):
    rows = comparisons(comparison(n, n_reference))
    found = protected(study, tables.empty_estimates(), rows).comparisons.iloc[0]
    assert found[["difference", "ci_low", "ci_high", "p_value", "n"]].isna().all()
    assert (found["status"], found["verdict"]) == ("suppressed", "not_shown")
    assert found["reason"] == "te weinig antwoorden om te publiceren"


@pytest.mark.parametrize("reference", ["telefoon", "overige groepen"])
def test_a_comparison_within_a_withheld_breakdown_tells_nothing(study, reference):
    """A difference and one of its sides give the other."""
    rows = estimates(income("laag", 4, 100), income("hoog", 96, 100))
    compared = comparisons(
        comparison(
            100, 100, indicator="inkomen", statistic="share", reference=reference
        )
    )
    found = protected(study, rows, compared).comparisons.iloc[0]
    assert pd.isna(found["difference"])
    assert found["verdict"] == "not_shown"


def test_a_comparison_of_large_groups_stays(study):
    rows = comparisons(comparison(100, 100))
    found = protected(study, estimates(estimate(100)), rows).comparisons
    assert_frame_equal(found, rows)


def test_a_verdict_on_a_hidden_estimate_goes(study):
    verdicts = tables.tidy(
        pd.DataFrame(
            [
                {"indicator": "rapportcijfer", "by": "kanaal", "group": group}
                for group in ("balie", "telefoon")
            ]
        ),
        tables.VERDICT_COLUMNS,
    )
    rows = estimates(estimate(9), estimate(50, group="telefoon"))
    found = protected(study, rows, verdicts=verdicts).verdicts
    assert found["group"].tolist() == ["telefoon"]


def test_it_counts_what_it_tested_and_what_it_suppressed(study):
    rows = estimates(estimate(9), estimate(50))
    compared = comparisons(comparison(9, 50), comparison(50, 50, group="telefoon"))
    found = protected(study, rows, compared)
    assert (found.tested, found.suppressed) == (4, 2)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_number_ever_rests_on_fewer_than_ten(study, sizes):
    rows = estimates(*(estimate(n, group=str(i)) for i, n in enumerate(sizes)))
    found = protected(study, rows).estimates
    few = [n < 10 for n in sizes]
    assert found.loc[few, NUMBERS].isna().all(axis=None)
    assert found.loc[[not each for each in few], "estimate"].notna().all()
