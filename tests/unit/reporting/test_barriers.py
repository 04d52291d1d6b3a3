"""Barriers: several codes per answer, the two largest, and when they stand out."""

import matplotlib.pyplot as plt
import pytest

from kcc_research.reporting import barriers
from kcc_research.reporting.absent import Absent
from tests.den_haag_study import den_haag


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def rows_with(**limits):
    """The estimates with other margins of one barrier."""
    estimates = den_haag().estimates.copy()
    chosen = (estimates["indicator"] == "belemmering") & (
        estimates["category"] == "te vaak doorverbonden"
    )
    for name, value in limits.items():
        estimates.loc[chosen, name] = value
    return estimates


def said(estimates=None):
    found = den_haag().estimates if estimates is None else estimates
    return barriers.describe_barriers(den_haag().study, found).replace("\u00a0", " ")


def test_the_two_named_most_with_count_base_and_margin():
    words = said()
    assert words.startswith(
        "Bellers met een 6 of lager noemen het vaakst: **niet in één keer geholpen** "
        "(92 van 210: 44%; 95%-marge 37–51%) en **te weinig kennis of deskundigheid** "
        "(81 van 210: 39%"
    )
    assert "steken er duidelijk boven uit" in words


def test_margins_that_touch_leave_it_open():
    words = said(rows_with(ci_high=0.40))
    assert "steken er" not in words
    assert "te dichtbij om te zeggen" in words


def test_the_table_counts_callers_and_says_it_is_more_than_everybody():
    table = barriers.tabulate_barriers(den_haag().study, den_haag().estimates)
    assert table.rows[0][:3] == ("Niet in één keer geholpen", "92", "44%")
    assert "n = 210" in table.caption.replace("\u00a0", " ")
    assert "samen is het dus meer dan 100%" in table.note
    assert sum(int(row[1]) for row in table.rows) > 210


def test_the_figure_is_sorted_and_says_whom_it_is_about():
    figure = barriers.plot_barriers(den_haag().study, den_haag().estimates)
    lengths = [bar.get_width() for bar in figure.image.axes[0].patches]
    assert lengths == sorted(lengths, reverse=True)
    assert "bellers met een 6 of lager" in figure.caption


def test_a_study_without_barriers_says_so():
    nothing = den_haag().estimates.iloc[:0]
    assert isinstance(barriers.plot_barriers(den_haag().study, nothing), Absent)
    assert isinstance(barriers.tabulate_barriers(den_haag().study, nothing), Absent)
    assert said(nothing) == ""
