"""Months and quarters by name."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.study.period import (
    bounds,
    in_words,
    is_quarter,
    period_of,
    periods_between,
    short,
)

DAYS = st.dates(date(1999, 1, 1), date(2050, 12, 31))
LENGTHS = st.sampled_from(["month", "quarter"])


@given(DAYS, LENGTHS)
def test_a_day_lies_within_its_period_and_the_next_day_after_it_does_not(day, length):
    period = period_of(day, length)
    first, last = bounds(period)
    assert first <= day <= last
    assert period_of(last, length) == period
    assert period_of(last + timedelta(days=1), length) != period


@given(DAYS, st.integers(0, 800), LENGTHS)
def test_periods_follow_each_other_without_a_gap(start, days, length):
    found = periods_between(start, start + timedelta(days=days), length)
    assert list(found) == sorted(set(found))
    for earlier, later in zip(found, found[1:], strict=False):
        assert bounds(later)[0] - bounds(earlier)[1] == timedelta(days=1)


def test_they_have_dutch_names():
    assert in_words("2024-03") == "maart 2024"
    assert in_words("2024-K4") == "het vierde kwartaal van 2024"
    assert (short("2024-08"), short("2024-K2")) == ("aug", "2e kw.")
    assert is_quarter("2024-K1") and not is_quarter("2024-01")


@pytest.mark.parametrize("name", ["2024", "2024-K5", "2024-13", "maart"])
def test_what_is_no_period_is_refused(name):
    with pytest.raises(ValueError):
        bounds(name)
