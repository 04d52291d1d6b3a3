"""The distance to a norm: drawn and worded as the verdict says, no more."""

import matplotlib.pyplot as plt
import pytest

from kcc_research.reporting import ambition
from kcc_research.reporting.absent import Absent
from tests.den_haag_study import den_haag


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def changed(**values):
    """The verdict on satisfaction with other values."""
    verdicts = den_haag().verdicts.copy()
    chosen = verdicts["indicator"] == "tevreden"
    for name, value in values.items():
        verdicts.loc[chosen, name] = value
    return verdicts


def said(verdicts=None):
    found = den_haag().verdicts if verdicts is None else verdicts
    return ambition.describe_distance(
        den_haag().study, den_haag().estimates, found
    ).replace("\u00a0", " ")


def drawn(verdicts=None):
    found = den_haag().verdicts if verdicts is None else verdicts
    return ambition.plot_distance(den_haag().study, den_haag().estimates, found)


def test_only_what_people_were_asked_about_is_a_goal():
    goals = ambition.goals(den_haag().study, den_haag().estimates, den_haag().verdicts)
    assert [each.indicator.id for each in goals] == ["tevreden"]


def test_the_sentence_names_level_goal_date_and_verdict():
    assert said() == (
        "Tevreden (cijfer 7 of hoger): **70%** (525 van 750; 95%-marge 67–73%). Het "
        "doel is 90% op 31 december 2015. Oordeel: **nog niet op doel: 20 procentpunt "
        "te gaan (17–23)**."
    )


def test_a_goal_that_is_reached_has_no_distance():
    assert said(changed(verdict="met", reason="")).endswith("Oordeel: **gehaald**.")


def test_too_close_is_said_once():
    words = said(changed(verdict="undecided", reason="te dichtbij om te zeggen"))
    assert words.endswith("Oordeel: **te dichtbij om te zeggen**.")


def test_the_figure_has_the_bar_its_margin_and_the_target():
    axes = drawn().image.axes[0]
    assert axes.patches[0].get_width() == pytest.approx(0.70)
    ends = [list(line.get_xdata()) for line in axes.lines]
    assert ends[0] == pytest.approx([0.666, 0.733], abs=0.001)
    assert ends[1] == [0.9, 0.9]
    words = [each.get_text().replace("\u00a0", " ") for each in axes.texts]
    assert "20 procentpunt te gaan (17–23)" in words
    assert "doel 90%, 31-12-2015" in words


def test_a_reached_goal_has_no_arrow():
    axes = drawn(changed(verdict="met", reason="")).image.axes[0]
    assert not any("te gaan" in each.get_text() for each in axes.texts)


def test_the_table_behind_it_says_the_same():
    (row,) = drawn().data.rows
    plain = [cell.replace("\u00a0", " ") for cell in row]
    assert plain == [
        "Tevreden (cijfer 7 of hoger)",
        "70%",
        "67–73%",
        "90%",
        "31-12-2015",
        "Nog niet op doel: 20 procentpunt te gaan (17–23)",
    ]


def test_without_goals_it_says_so():
    found = drawn(den_haag().verdicts.iloc[:0])
    assert isinstance(found, Absent)
    assert said(den_haag().verdicts.iloc[:0]) == ""
