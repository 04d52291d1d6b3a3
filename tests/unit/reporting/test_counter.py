"""Words about a counter: per visit, hedged by the interval, limits named."""

import re

import pytest

from kcc_research.reporting.counter import (
    describe_counter_limits,
    describe_felt_wait,
    describe_top_themes,
    describe_visit_grade,
    describe_visits,
    describe_waits,
    summarise_counter,
    tabulate_counter_figures,
)
from kcc_research.reporting.document import Table
from tests.counter_study import counter_study


def changed(indicator, **values):
    """The estimates with other numbers for a total."""
    rows = counter_study().estimates.copy()
    chosen = (rows["indicator"] == indicator) & (rows["by"] == "totaal")
    for name, value in values.items():
        rows.loc[chosen, name] = value
    return rows


def test_visits_are_counted_with_those_who_did_not_come_or_left():
    made = counter_study()
    text = describe_visits(made.study, made.estimates)
    assert "**75.412 bezoekers geholpen**" in text
    assert "kwamen 2.356 mensen niet op hun afspraak" in text
    assert "gingen 1.318 bezoekers weg" in text
    assert 75_412 + 2_356 + 1_318 == 79_086
    assert "79.086 tickets" in text


def test_waiting_is_told_with_and_without_appointment_and_judged():
    made = counter_study()
    text = describe_waits(made.study, made.estimates, made.verdicts)
    assert re.search(r"Binnen 10.minuten is \*\*\d\d,\d%\*\* aan de beurt", text)
    assert "met afspraak 9" in text
    assert "zonder afspraak 7" in text
    assert "De norm van 90% is **niet gehaald**." in text


def test_what_visitors_think_they_waited_stands_beside_the_count():
    made = counter_study()
    text = describe_felt_wait(made.study, made.estimates, "wachttijd_ervaren")
    assert "minuten** (gewogen" in text
    assert "De registratie komt op 5:" in text
    assert describe_felt_wait(made.study, made.estimates, "onbekend") == ""


def test_more_satisfied_than_not_needs_intervals_that_do_not_meet():
    made = counter_study()
    told = "vaker tevreden dan ontevreden"
    assert told in describe_visit_grade(made.study, made.estimates)
    close = changed("tevreden", ci_low=0.02)
    assert told not in describe_visit_grade(made.study, close)


def test_the_four_themes_named_most_are_told_by_persons():
    made = counter_study()
    text = describe_top_themes(made.study, made.estimates)
    named = re.findall(r"(\w+) \((\d+)\)", text)
    assert [theme for theme, _ in named] == [
        "klantgerichtheid",
        "duidelijkheid",
        "snelheid",
        "deskundigheid",
    ]
    assert [int(n) for _, n in named] == sorted((int(n) for _, n in named))[::-1]


def test_the_tiles_open_with_visitors_helped():
    made = counter_study()
    table = tabulate_counter_figures(made.study, made.estimates)
    assert isinstance(table, Table)
    assert table.layout == "key_figures"
    assert table.rows[0][:2] == ("Geholpen bezoekers", "75.412")
    labels = [row[0] for row in table.rows]
    assert len(labels) == len(set(labels))


def test_the_summary_is_short_enough_for_two_minutes():
    made = counter_study()
    text = summarise_counter(
        made.study, made.estimates, made.comparisons, made.verdicts
    )
    points = text.splitlines()
    assert all(each.startswith("- ") for each in points)
    assert len(points) <= 8
    assert len(text.split()) < 260


@pytest.mark.parametrize(
    "words",
    [
        "**per bezoek**: wie vaak komt, telt vaker mee",
        "Wie weigerde, denkt misschien anders",
        "(486 van 804)",
        "is niets geregistreerd",
        "Niet gewogen naar soort bezoek: observaties",
        "**wat** er speelt, niet hoe vaak",
    ],
)
def test_what_is_not_known_is_said(words):
    made = counter_study()
    assert words in describe_counter_limits(made.study, made.estimates)
