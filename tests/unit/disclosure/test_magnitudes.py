"""Dominance (TRUST-D10): a mean of amounts that is mostly of one or two people."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from kcc_research.disclosure.magnitudes import dominated_rows, is_dominated
from kcc_research.disclosure.policy import DisclosureException, DisclosurePolicy
from kcc_research.disclosure.protection import protect
from kcc_research.estimation.concentration import concentration_of
from kcc_research.estimation.tables import (
    CONCENTRATION,
    ESTIMATE_COLUMNS,
    WORKING_COLUMNS,
    empty_comparisons,
    empty_verdicts,
    tidy,
)
from tests.unit.disclosure.result_rows import estimate

POLICY = DisclosurePolicy()


def minutes(n, top_two, rest, **given):
    """A mean of amounts, with what one or two people have of it."""
    return estimate(n, top_two=top_two, rest_of_largest=rest, **given)


def working(*rows):
    return tidy(pd.DataFrame(list(rows)), WORKING_COLUMNS)


def test_two_of_three_amounts_are_counted_by_hand():
    amounts = np.array([[60.0, 1.0], [30.0, 1.0], [10.0, np.nan], [np.nan, 1.0]])
    top, rest = concentration_of(amounts)
    assert top.tolist() == pytest.approx([0.9, 2 / 3])
    assert rest.tolist() == pytest.approx([10 / 60, 1.0])


def test_of_nothing_nobody_has_the_most():
    top, rest = concentration_of(np.zeros((12, 1)))
    assert np.isnan(top).all()
    assert np.isnan(rest).all()


@pytest.mark.parametrize(
    ("top_two", "rest", "expected"),
    [
        (0.90, 0.11, False),
        (0.91, 0.11, True),  # two have more than 90%
        (0.85, 0.10, False),
        (0.85, 0.09, True),  # the second guesses the first within 10%
        (float("nan"), float("nan"), False),
    ],
)
def test_both_limits_are_those_of_the_policy(top_two, rest, expected):
    rows = working(minutes(40, top_two, rest))
    assert is_dominated(rows, POLICY).tolist() == [expected]


def test_a_dominated_group_takes_its_breakdown_along(study):
    rows = working(
        minutes(400, 0.05, 40, by="totaal", group="totaal"),
        minutes(12, 0.95, 0.05, group="balie"),
        minutes(388, 0.05, 40, group="telefoon"),
        minutes(12, 0.05, 40, group="balie", statistic="share"),
        minutes(40, 0.05, 40, by="inkomen", group="laag"),
    )
    hidden = dominated_rows(study, rows, POLICY).tolist()
    assert hidden == [False, True, True, False, False]


def test_a_dominated_total_leaves_no_mean(study):
    rows = working(
        minutes(400, 0.95, 0.05, by="totaal", group="totaal"),
        minutes(40, 0.05, 40, group="balie"),
    )
    assert dominated_rows(study, rows, POLICY).tolist() == [True, True]


def test_a_group_that_is_hidden_for_its_size_is_no_reason(study):
    rows = working(minutes(2, 1.0, 0.0), minutes(40, 0.1, 8, group="telefoon"))
    assert dominated_rows(study, rows, POLICY).tolist() == [False, False]


def test_an_exception_sets_it_aside(study):
    signed = DisclosureException(
        rule="D10",
        table="algemeen/rapportcijfer/kanaal",
        reason="r",
        name="n",
        role="r",
        date=date(2023, 1, 1),
    )
    rows = working(minutes(12, 0.95, 0.05))
    policy = DisclosurePolicy(exception=(signed,))
    assert not dominated_rows(study, rows, policy).any()


def test_protection_hides_the_mean_and_takes_the_measures_off(study):
    rows = working(minutes(12, 0.95, 0.05), minutes(40, 0.1, 8, by="totaal"))
    safe = protect(study, rows, empty_comparisons(), empty_verdicts()).estimates
    assert tuple(safe.columns) == ESTIMATE_COLUMNS
    assert safe["status"].tolist() == ["suppressed", "published"]
    assert not set(CONCENTRATION) & set(safe.columns)
