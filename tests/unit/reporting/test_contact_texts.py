"""Sentences about registrations: by value, without margin, with what is missing."""

import re

import pandas as pd
import pytest

from kcc_research.reporting.contact_texts import (
    describe_absent_waiting,
    describe_attainment,
    describe_contacts,
    describe_handling,
    describe_reachability,
    describe_registration_limits,
    describe_service_level,
    describe_waiting,
    introduce_registration,
    summarise_registrations,
)
from kcc_research.reporting.contact_values import (
    list_breakdowns,
    list_durations,
    list_moments,
    list_norm_figures,
    list_outcomes,
    seconds_words,
)
from kcc_research.study.layout_file import shipped_layouts
from tests.contact_study import contact_study


@pytest.fixture(scope="module")
def made():
    return contact_study()


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("**", "")


def test_a_registration_is_introduced_with_what_is_missing(made):
    said = plain(introduce_registration(made.study, made.estimates, "balie"))

    assert "alle 1.024 tickets geteld, van 2 januari 2023 tot en met 1 maart" in said
    assert "geen steekproef" in said
    assert "Eén ticket is niet één persoon" in said
    assert "- Op 41 van de 43 werkdagen is niets geregistreerd; de langste" in said


def test_without_gaps_nothing_is_said_to_be_missing(made):
    said = introduce_registration(made.study, made.estimates, "telefoon")

    assert "ontbreekt" not in said


def test_unknown_waiting_times_are_told(made):
    estimates = made.estimates.copy()
    row = (estimates["indicator"] == "wachttijd") & (estimates["by"] == "totaal")
    estimates.loc[row & (estimates["source"] == "balie"), "n"] = 990

    said = introduce_registration(made.study, estimates, "balie")

    assert "Van 8 tickets is de wachttijd onbekend of kan die niet kloppen" in said


def test_waiting_in_words(made):
    said = plain(describe_waiting(made.study, made.estimates, "balie"))

    assert "gemiddeld 5:19 minuten (998 geholpen bezoekers" in said
    assert "helft is die hoogstens 2 minuten" in said
    assert "negen van de tien hoogstens 10 minuten" in said
    assert "Binnen de norm van 10 minuten bleef 90,6% (904 van 998)" in said
    assert "met afspraak 3:46 minuten (n = 904)" in said


def test_reachability_and_service_level_name_base_and_formula(made):
    m, e = made.study, made.estimates
    reached = plain(describe_reachability(m, e, "telefoon"))
    level = plain(describe_service_level(m, e, "telefoon"))

    assert "93,0%: 1.000 van 1.075 contacten aangeboden tijdens" in reached
    assert "4,8% hing op voor er werd opgenomen (50 van 1.050" in reached
    assert "76,2% (800 van 1.050" in level
    assert "formule offered_excl_short" in level
    assert "ging weg voor de oproep" in describe_reachability(m, e, "balie")
    assert describe_service_level(m, e, "balie") == ""


def test_handling_names_only_what_is_registered(made):
    said = plain(describe_handling(made.study, made.estimates, "telefoon"))

    assert "gemiddeld 2:20 minuten (1.000" in said
    assert "Doorverbonden: 20,0% (200 van 1.000" in said
    assert "In één keer" not in said


def test_norms_are_reached_or_not_and_never_too_close_to_say(made):
    lines = plain(
        describe_attainment(made.study, made.estimates, made.verdicts)
    ).splitlines()

    assert "de norm is 90%: gehaald. Naar product: gehaald bij Paspoort" in lines[0]
    assert "; niet gehaald bij Verhuizing." in lines[0]
    assert "norm is 3:00: niet gehaald (2:19 minuten te lang)" in lines[1]
    assert "niet gehaald (4 procentpunt te weinig)" in lines[2]
    assert "een witte vlek. Of de norm is gehaald, is niet te zeggen" in lines[3]
    assert "te dichtbij" not in "".join(lines)


def test_nothing_about_a_registration_has_a_margin(made):
    m, e = made.study, made.estimates
    said = summarise_registrations(m, e, made.verdicts)

    assert not re.search(r"marge|waarschijnlijk|steekproef", said)
    assert "Telefooncentrale: alle 1.075 oproepen geteld, van 2" in plain(said)


def test_busy_moments(made):
    said = plain(describe_contacts(made.study, made.estimates, "balie"))

    assert "op maandag (704), en op een dag van 9 tot 10 uur (704)" in said
    assert "volle maanden" not in said


def test_only_full_months_are_compared(made):
    one = made.estimates["by"] == "maand"
    months = made.estimates[one & (made.estimates["source"] == "balie")]
    more = [
        months[months["group"] == "2023-01"].assign(group=month, count=count, n=count)
        for month, count in (("2023-01", 500), ("2023-02", 300), ("2023-03", 400))
    ]
    estimates = pd.concat(
        [made.estimates[~one], *more, months.tail(0)], ignore_index=True
    )
    last = estimates["indicator"] == "dagen_zonder_registratie"
    nbsp = "\N{NO-BREAK SPACE}"
    estimates.loc[last, "base"] = (
        f"werkdagen van 2{nbsp}januari 2023 tot en met 31{nbsp}maart 2023"
    )
    said = plain(describe_contacts(made.study, estimates, "balie"))
    assert "januari 2023 (500) het drukst en februari 2023 (300) het rustigst" in said

    estimates.loc[last, "base"] = (
        f"werkdagen van 2{nbsp}januari 2023 tot en met 17{nbsp}maart 2023"
    )
    assert "volle maanden" not in describe_contacts(made.study, estimates, "balie")


def test_a_registration_without_times_says_so(made):
    assert describe_absent_waiting(made.study, "balie") == ""
    layouts = {"kiss": shipped_layouts()["kiss"]}
    study = made.study.model_copy(update={"layouts": layouts})
    assert "staan niet in deze registratie" in describe_absent_waiting(study, "kiss")


def test_limits_stand_on_page_one(made):
    said = plain(describe_registration_limits(made.study, made.estimates))

    assert said.startswith("### Wat we niet weten")
    assert "niet hoe dat werd beleefd" in said
    assert "Klantgeleiding aan de balie: op 41 van de 43 werkdagen" in said


def test_lists_for_notebooks(made):
    m, e = made.study, made.estimates

    assert list_breakdowns(e, "balie") == ["product", "afspraak"]
    assert list_moments(e, "balie") == ["maand", "weekdag", "uur"]
    assert list_durations(m, "balie") == ["wachttijd"]
    assert list_outcomes(m, "balie") == ["uitkomst"]
    assert list_norm_figures(m, "balie") == ["wachttijd_binnen_norm", "wachttijd"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 seconde"),
        (59.4, "59 seconden"),
        (60, "1 minuut"),
        (600, "10 minuten"),
        (402, "6:42 minuten"),
        (3_735, "1:02:15 uur"),
    ],
)
def test_durations_in_sentences(seconds, words):
    assert seconds_words(seconds) == words
