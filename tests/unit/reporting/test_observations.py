"""What was seen: shares of contacts in which it could occur."""

import pytest

from kcc_research.reporting.absent import Absent
from kcc_research.reporting.document import Figure, Table
from kcc_research.reporting.observations import (
    describe_observed,
    introduce_observations,
    list_observed_items,
    list_observed_themes,
    plot_observed,
    tabulate_observed,
)
from tests.counter_study import counter_study

SOURCE, THEME = "observaties", "thema’s"


def observed(column, answer):
    return int((counter_study().responses[SOURCE][column] == answer).sum())


def test_what_did_not_apply_is_beside_the_share_and_not_in_it():
    made = counter_study()
    table = tabulate_observed(made.study, made.estimates, SOURCE, THEME)
    assert isinstance(table, Table)
    name, _, margin, seen, base, elsewhere = next(
        row for row in table.rows if row[0] == "Ontvangst in de hal"
    )
    yes, no = observed("ontvangst", "gezien"), observed("ontvangst", "niet gezien")
    assert (int(seen), int(base)) == (yes, yes + no)
    assert int(elsewhere) == len(made.responses[SOURCE]) - yes - no > 0
    assert margin.endswith("%")


def test_the_figure_has_a_bar_per_theme():
    made = counter_study()
    figure = plot_observed(made.study, made.estimates, SOURCE, THEME)
    assert isinstance(figure, Figure)
    names = [each.get_text() for each in figure.image.axes[0].get_yticklabels()]
    assert names == [row[0] for row in figure.data.rows]
    assert "duidelijkheid 84%" in figure.alt


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.58, 0.81, ", vaker wel dan niet."),
        (0.2, 0.49, ", vaker niet dan wel."),
        (0.45, 0.6, "te dichtbij om te zeggen."),
    ],
)
def test_more_often_than_not_needs_the_whole_interval(low, high, words):
    made = counter_study()
    rows = made.estimates.copy()
    chosen = (rows["source"] == SOURCE) & (rows["indicator"] == "maatwerk")
    rows.loc[chosen, ["ci_low", "ci_high"]] = [low, high]
    text = describe_observed(made.study, rows, SOURCE, "maatwerk")
    assert words in text
    assert "In 15 contacten was het niet van toepassing." in text


def test_a_theme_nobody_noted_is_absent():
    made = counter_study()
    found = tabulate_observed(made.study, made.estimates, SOURCE, "kleding")
    assert isinstance(found, Absent)
    assert describe_observed(made.study, made.estimates, SOURCE, "kleding") == ""


def test_what_is_observed_follows_from_the_forms():
    made = counter_study()
    assert list_observed_items(made.study) == [(SOURCE, "maatwerk")]
    assert list_observed_themes(made.study) == [(SOURCE, THEME)]
    assert "keken mee" in introduce_observations(made.study)


def test_without_forms_nobody_watched():
    made = counter_study()
    asked = {k: v for k, v in made.study.questionnaires.items() if k != SOURCE}
    kept = tuple(each for each in made.study.measurement.source if each.id != SOURCE)
    measurement = made.study.measurement.model_copy(update={"source": kept})
    study = made.study.model_copy(
        update={"measurement": measurement, "questionnaires": asked}
    )
    assert list_observed_items(study) == list_observed_themes(study) == []
    assert introduce_observations(study) == "Er is niet meegekeken aan de balie."
