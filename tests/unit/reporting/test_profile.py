"""The page of one municipality: its own numbers beside its group, never too sure."""

import matplotlib
import numpy as np
import pytest

from kcc_research.reporting import profile
from kcc_research.reporting.absent import Absent
from tests.benchmark_study import benchmark_study, published_benchmark

matplotlib.use("agg")

GM = "GM9042"


@pytest.fixture
def study():
    return benchmark_study().study


@pytest.fixture
def estimates():
    return published_benchmark().estimates.copy()


@pytest.fixture
def comparisons():
    return published_benchmark().comparisons.copy()


@pytest.fixture
def verdicts():
    return published_benchmark().verdicts.copy()


def found(study, estimates, comparisons, name, code=GM):
    every = profile.standings(study, estimates, comparisons, code)
    return next(each for each in every if each.name == name)


def test_the_group_mean_is_that_of_the_others(study, estimates, comparisons):
    circle = study.measurement.reference_group[0].municipalities
    rows = estimates[
        (estimates["indicator"] == "juist")
        & (estimates["by"] == "gemeente")
        & (estimates["category"] == "")
        & estimates["group"].isin([each for each in circle if each != GM])
    ]
    standing = found(study, estimates, comparisons, "juist")
    assert standing.n_group == len(rows) == 12
    assert standing.group_mean == pytest.approx(rows["estimate"].mean())


def test_who_the_group_is_stands_in_the_first_lines(study, estimates, comparisons):
    text = profile.describe_profile(study, estimates, comparisons, GM)
    assert "12 andere gemeenten uit de zelfgekozen groep Leerkring" in text
    assert "**29 keer**" in text
    assert "(../report.html)" in text
    by_size = profile.describe_profile(study, estimates, comparisons, "GM9128")
    assert "180 andere gemeenten met 20.000 tot 50.000 inwoners" in by_size


def test_no_clear_difference_is_said_with_what_it_may_be(study, estimates, comparisons):
    text = profile.describe_standing(study, estimates, comparisons, GM)
    assert text.count("We zien geen duidelijk verschil") == 3
    assert "punten lager en" in text
    assert text.count("van de 100 punten") == 3


def test_a_verdict_is_said_where_there_is_one(study, estimates, comparisons):
    row = (
        (comparisons["group"] == GM)
        & (comparisons["indicator"] == "bereikbaarheid")
        & (comparisons["category"] == "")
    )
    comparisons.loc[row, "verdict"] = "lower"
    text = profile.describe_standing(study, estimates, comparisons, GM)
    assert "punten lager dan de groep" in text
    table = profile.tabulate_standing(study, estimates, comparisons, GM)
    assert table.rows[0][-1].endswith("▼ lager")


def test_a_hidden_number_is_an_x_on_the_page(study, estimates, comparisons):
    few = estimates[(estimates["status"] == "suppressed")]["group"].iloc[0]
    table = profile.tabulate_standing(study, estimates, comparisons, few)
    row = next(each for each in table.rows if each[0] == "Niet doorverbonden")
    assert row[1:] == ("x", "–", "x", "–", "–")
    assert table.note.startswith("x: te weinig antwoorden")


def test_every_norm_is_a_row_and_white_spots_are_words(study, estimates, verdicts):
    table = profile.tabulate_own_norms(study, estimates, verdicts, GM)
    assert len(table.rows) == 10
    kinds = {row[-1] for row in table.rows}
    assert "witte vlek" in kinds
    for row in table.rows:
        assert (row[1] == "geen norm") == (row[2] == "n.v.t.")
        assert all(cell not in ("0", "0%", "") for cell in row[1:3])
    text = profile.describe_own_norms(study, verdicts, GM)
    assert "kan voor 10 uitkomsten een norm hebben" in text


def test_both_figures_have_words_and_their_table(
    study, estimates, comparisons, verdicts
):
    for figure in (
        profile.plot_profile(study, estimates, comparisons, GM),
        profile.plot_own_norms(study, estimates, verdicts, GM),
    ):
        assert len(figure.alt) > 80
        assert figure.data.rows
        assert figure.synthetic
        matplotlib.pyplot.close(figure.image)


def test_the_others_drawn_are_the_group_without_itself(study, estimates, comparisons):
    figure = profile.plot_profile(study, estimates, comparisons, GM)
    (axes,) = figure.image.axes
    strokes = axes.get_lines()[0].get_xdata()
    assert np.isnan(strokes).sum() == 12
    matplotlib.pyplot.close(figure.image)


def test_an_unknown_municipality_has_no_page_content(
    study, estimates, comparisons, verdicts
):
    none = estimates[estimates["group"] != GM]
    assert isinstance(profile.tabulate_standing(study, none, comparisons, GM), Absent)
    assert isinstance(profile.plot_profile(study, none, comparisons, GM), Absent)
    without = verdicts[verdicts["group"] != GM]
    assert isinstance(profile.plot_own_norms(study, estimates, without, GM), Absent)
    assert "geen servicekader" in profile.describe_own_norms(study, without, GM)
