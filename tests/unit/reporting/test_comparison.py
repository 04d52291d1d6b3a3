"""Differences as they are printed: sign, unit, span and the name of the other side."""

import pytest

from kcc_research.reporting.comparison import (
    differences,
    wave_differences,
    wave_words,
)
from tests.unit.reporting.report_rows import (
    closed,
    comparison,
    comparisons,
    noordwijk,
)

STUDY = noordwijk()


def only(row):
    return differences(STUDY, comparisons(row))[0]


@pytest.mark.parametrize(
    ("low", "high", "statistic", "span"),
    [
        (0.07, 0.27, "share", "7 en 27\u00a0procentpunt hoger"),
        (-0.27, -0.07, "share", "7 en 27\u00a0procentpunt lager"),
        (-0.09, 0.08, "share", "9\u00a0procentpunt lager en 8\u00a0procentpunt hoger"),
        (-0.02, 0.42, "mean", "0,02 lager en 0,42 hoger"),
        (0.19, 1.59, "mean", "0,19 en 1,59 hoger"),
    ],
)
def test_the_interval_in_words(low, high, statistic, span):
    row = comparison(ci_low=low, ci_high=high, statistic=statistic)
    assert only(row).span == span


def test_signs_for_a_table():
    row = only(comparison(difference=0.24, ci_low=-0.02, ci_high=0.5, statistic="mean"))
    assert (row.signed, row.range) == ("+0,24", "−0,02 tot +0,50")
    assert only(comparison(difference=0.001)).signed == "0"


def test_a_closed_gate_has_no_numbers():
    row = only(closed())
    assert not row.is_tested
    assert (row.signed, row.range, row.amount, row.span) == ("", "", "", "")


def test_a_wave_goes_by_its_year():
    assert wave_words("gm0575-noordwijk/2022-klantbeleving") == "de meting van 2022"
    assert wave_words("nl/burgerbenchmark") == "de meting van burgerbenchmark"
    assert wave_words("telefoon") == "telefoon"


def test_waves_come_latest_first_and_groups_not_at_all():
    older = "gm0575-noordwijk/2021-klantbeleving"
    rows = comparisons(
        comparison(reference=older),
        comparison(),
        comparison(by="kanaal", group="balie", reference="overige groepen"),
    )
    assert [row.year for row in wave_differences(STUDY, rows)] == ["2022", "2021"]
