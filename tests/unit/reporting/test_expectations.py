"""Expectation and experience in words: only what the test of the gap allows."""

import pandas as pd
import pytest

from kcc_research.reporting.absent import Absent
from kcc_research.reporting.document import Figure, Table
from kcc_research.reporting.expectations import (
    describe_expectations,
    signed,
    tabulate_expectations,
)
from kcc_research.reporting.gap_figures import plot_expectations
from tests.counter_study import counter_study
from tests.unit.reporting.report_rows import noordwijk


def with_verdict(verdict):
    made = counter_study()
    rows = made.comparisons.assign(verdict=verdict)
    return made.study, made.estimates, rows


def test_the_sentence_follows_the_verdicts():
    made = counter_study()
    text = describe_expectations(made.study, made.estimates, made.comparisons)
    behind, ahead, *_ = text.split(". ")
    assert "**blijft achter** bij de verwachting op privacy" in behind
    assert "klantgerichtheid" in ahead
    assert "**beter** dan verwacht" in ahead
    assert "privacy" not in ahead


def test_a_gap_that_is_not_shown_is_never_called_one():
    text = describe_expectations(*with_verdict("not_shown"))
    assert "geen duidelijk verschil" in text
    assert "achter" not in text
    assert "beter" not in text


def test_the_table_holds_both_means_the_gap_its_margin_and_n():
    made = counter_study()
    table = tabulate_expectations(made.study, made.estimates, made.comparisons)
    assert isinstance(table, Table)
    gaps = [float(row[3].replace("−", "-").replace(",", ".")) for row in table.rows]
    assert gaps == sorted(gaps)  # the greatest shortfall on top
    assert table.rows[0][0] == "Privacy"
    for _, expected, experienced, gap, margin, n in table.rows:
        assert expected.count(",") == experienced.count(",") == 1
        assert gap[0] in "+−0"
        assert " tot " in margin
        assert int(n) > 400


def test_the_figure_speaks_its_numbers():
    made = counter_study()
    figure = plot_expectations(made.study, made.estimates, made.comparisons)
    assert isinstance(figure, Figure)
    assert "privacy: verwacht 7,8, ervaren 6,5, verschil −1,3" in figure.alt.lower()
    assert "95%-marge" in figure.caption
    assert figure.synthetic
    means, gaps = figure.image.axes
    assert [each.get_text() for each in means.get_yticklabels()][0] == "Privacy"
    low, high = gaps.get_xlim()
    assert low == pytest.approx(-high)  # nought in the middle


def test_who_asked_no_expectations_says_so():
    study = noordwijk()
    none = pd.DataFrame(columns=["source", "indicator", "statistic", "verdict"])
    assert isinstance(tabulate_expectations(study, none, none), Absent)
    assert isinstance(plot_expectations(study, none, none), Absent)
    assert "niet naar verwachtingen" in describe_expectations(study, none, none)


@pytest.mark.parametrize(
    ("value", "printed"),
    [(0.25, "+0,3"), (-1.27, "−1,3"), (0.04, "0,0"), (-0.04, "0,0"), (None, "x")],
)
def test_a_difference_has_a_sign_unless_it_rounds_to_nought(value, printed):
    assert signed(value) == printed
