"""Four formulas of one service level, on published and on measured counts."""

import math

import pytest

from kcc_research.estimation.call_counts import (
    FORMULAS,
    CallCounts,
    formula_words,
    fraction,
)

# DOMAIN-D18: 1.000 answered, 800 within 30 s, 75 abandoned, 50 of them after 10 s.
D18 = CallCounts(
    offered=1_075,
    answered=1_000,
    answered_in_time=800,
    abandoned=75,
    abandoned_short=25,
    abandoned_in_time=75,
)


@pytest.mark.parametrize(
    ("formula", "percentage"),
    [
        ("answered", 80.0),
        ("offered", 74.4),
        ("offered_excl_short", 76.2),
        ("abandoned_in_time_ok", 81.4),
    ],
)
def test_one_day_has_four_service_levels(formula, percentage):
    count, n = D18.service_level(formula)

    assert round(100 * count / n, 1) == percentage
    assert formula in FORMULAS


def test_short_abandons_are_no_abandonment_unless_asked():
    assert D18.abandonment() == (50, 1_050)
    assert D18.abandonment(with_short=True) == (75, 1_075)


def test_a_share_of_nobody_is_no_number():
    assert math.isnan(fraction((0, 0)))
    assert fraction((3, 4)) == 0.75


def test_the_limit_for_short_abandons_is_in_the_words():
    assert formula_words("offered_excl_short", 10).endswith("binnen 10 seconden ophing")
    assert formula_words("offered_excl_short", 0).endswith("zonder wie meteen ophing")


def test_overflow_counts_as_offered_and_not_answered():
    busy = CallCounts(100, 60, 50, 10, 0, 0)

    assert busy.service_level("offered") == (50, 100)
    assert busy.service_level("offered_excl_short") == (50, 100)
