"""Answers needed, held against the textbook formula for large samples."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.estimation.tables import ESTIMATE_COLUMNS, tidy
from kcc_research.estimation.wave_size import (
    Spread,
    assumed_spread,
    invitations,
    spreads,
    wave_size,
    yield_rate,
)

K = 1.959964 + 0.841621
"""z[0.975] + z[0.80]."""


def test_two_new_waves_follow_the_textbook():
    found = wave_size(Spread("cijfer", 1.7), 0.3)
    expected = 2 * (K * 1.7 / 0.3) ** 2
    assert found.both_new == pytest.approx(expected, abs=3)
    assert found.after_earlier is None


def test_a_share_at_its_worst():
    found = wave_size(assumed_spread("share"), 0.10)
    assert found.both_new == pytest.approx(2 * (K * 0.5 / 0.10) ** 2, abs=3)


def test_after_an_earlier_wave_its_own_margin_counts():
    deviation, n = 1.7, 400
    spread = Spread("cijfer", deviation, deviation / math.sqrt(n), n)
    expected = deviation**2 / ((0.4 / K) ** 2 - deviation**2 / n)
    assert wave_size(spread, 0.4).after_earlier == pytest.approx(expected, rel=0.02)


def test_no_number_is_enough_after_a_small_wave():
    spread = Spread("cijfer", 1.7, 1.7 / math.sqrt(100), 100)
    found = wave_size(spread, 0.3)
    assert found.after_earlier is None
    assert found.both_new is not None


@given(
    st.floats(0.5, 3.0, allow_nan=False),
    st.floats(0.1, 1.0, allow_nan=False),
    st.sampled_from([0.95, 0.99]),
)
def test_a_smaller_difference_or_a_stricter_level_asks_more(deviation, size, level):
    spread = Spread("cijfer", deviation)
    wanted = wave_size(spread, size, level).both_new
    smaller = wave_size(spread, size / 2, level).both_new
    stricter = wave_size(spread, size, 0.999).both_new
    assert wanted is not None and smaller is not None and stricter is not None
    assert wanted <= smaller and wanted <= stricter


def estimates(*rows):
    shared = {"by": "totaal", "group": "totaal", "category": "", "status": "published"}
    frame = pd.DataFrame([shared | row for row in rows])
    return tidy(frame, ESTIMATE_COLUMNS)


def invited(source, sent, completed):
    steps = {"uitgenodigd": sent, "uitgescreend": 200, "ingevuld": completed}
    return [
        {
            "source": source,
            "indicator": "respons",
            "statistic": "count",
            "category": category,
            "estimate": number,
        }
        for category, number in steps.items()
    ]


def test_spread_and_yield_are_read_from_the_tables():
    table = estimates(
        {
            "indicator": "cijfer",
            "statistic": "mean",
            "n": 100,
            "std_error_without_fpc": 0.2,
            "uncertainty": "sampling",
        },
        {
            "indicator": "telling",
            "statistic": "mean",
            "n": 100,
            "std_error_without_fpc": 0.2,
            "uncertainty": "none",
        },
        {"indicator": "respons", "statistic": "share", "n": 1800, "estimate": 0.22},
        *invited("post", 2000, 400),
    )
    assert list(spreads(table, "mean")) == [Spread("cijfer", 2.0, 0.2, 100)]
    assert list(spreads(table, "share")) == []
    assert yield_rate(table) == 0.2
    assert invitations(100, 0.2) == 500
    assert yield_rate(table[:1]) is None
