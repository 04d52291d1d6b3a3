"""Tables of registrations: counts by hand, units, bases, formula and verdicts."""

import pytest

from kcc_research.estimation.tables import empty_verdicts
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.account_tables import (
    tabulate_definitions,
    tabulate_fieldwork,
    tabulate_response,
)
from kcc_research.reporting.account_texts import printed
from kcc_research.reporting.contact_tables import (
    tabulate_contact_classes,
    tabulate_contact_figures,
    tabulate_contact_groups,
    tabulate_contact_norms,
    tabulate_gaps,
    tabulate_registration,
)
from kcc_research.reporting.records import faults
from kcc_research.reporting.tables import tabulate_key_figures, tabulate_norms
from tests.contact_study import contact_study


@pytest.fixture(scope="module")
def made():
    return contact_study()


def rows(table):
    assert faults(table) == []
    plain = [[c.replace("\N{NO-BREAK SPACE}", " ") for c in row] for row in table.rows]
    return {row[0]: tuple(row[1:]) for row in plain}


def test_key_figures_with_base_and_unit(made):
    table = tabulate_contact_figures(made.study, made.estimates, "balie")
    found = rows(table)

    assert found["Tickets"] == ("1.024", "1.024", "alle geregistreerde tickets")
    # (704·120 + 200·600 + 80·900 + 14·3.000) / 998 = 319,1 seconden
    assert found["Gemiddelde wachttijd"][:2] == ("5:19", "998")
    assert found["Binnen de wachttijdnorm"][:2] == ("90,6%", "904 van 998")
    assert found["Uitval"][:2] == ("2,0%", "20 van 1.018")
    assert table.caption.endswith("alle 1.024 tickets geteld")
    assert "geen marge" in table.note
    assert "minuten:seconden" in table.note
    assert "Hoe het contact afliep" not in found


def test_the_formula_stands_under_the_service_level(made):
    table = tabulate_contact_figures(made.study, made.estimates, "telefoon")

    assert rows(table)["Servicelevel"][:2] == ("76,2%", "800 van 1.050")
    assert "formule offered_excl_short: op tijd beantwoord gedeeld door" in table.note
    assert "zonder wie binnen 10 seconden ophing" in table.note


def test_tiles_open_with_the_number_of_records(made):
    table = tabulate_registration(made.study, made.estimates)
    found = rows(table)

    assert table.layout == "key_figures"
    assert found["Tickets, klantgeleiding aan de balie"] == (
        "1.024",
        "allemaal geteld",
    )
    assert found["Bereikbaarheid, telefooncentrale"] == (
        "93,0%",
        "1.000 van 1.075 contacten aangeboden tijdens openingstijden",
    )


def test_groups_largest_first_and_small_ones_withheld(made):
    table = tabulate_contact_groups(made.study, made.estimates, "balie", "product")
    found = rows(table)

    assert list(found) == ["Paspoort", "Verhuizing", "Uittreksel", "Akte"]
    assert found["Paspoort"][0] == "926"
    assert found["Paspoort"][2] == "100,0% (900 van 900)"
    assert found["Uittreksel"][2] == "0,0%* (0 van 14)"
    assert found["Akte"] == ("x", "x", "x")
    assert "x: minder dan 10 tickets" in table.note
    assert "*: 10 tot en met 29 tickets" in table.note


def test_months_in_words_and_in_order(made):
    table = tabulate_contact_groups(made.study, made.estimates, "balie", "maand")

    assert list(rows(table)) == ["Januari 2023", "Maart 2023"]


def test_a_breakdown_that_the_registration_lacks_is_said(made):
    found = tabulate_contact_groups(made.study, made.estimates, "telefoon", "afspraak")

    assert isinstance(found, Absent)
    assert "niet uit te splitsen naar afspraak" in found.reason


def test_classes_count_everyone_once(made):
    table = tabulate_contact_classes(made.study, made.estimates, "balie", "uitkomst")

    assert rows(table) == {
        "Geholpen": ("998", "97,5%"),
        "Afgehaakt": ("20", "2,0%"),
        "Niet verschenen": ("6", "0,6%"),
    }


def test_gaps_are_named(made):
    table = tabulate_gaps(made.study, made.estimates, "balie")

    assert "41 van de 43 werkdagen" in table.caption
    assert list(rows(table).values()) == [("41",)]
    assert next(iter(rows(table))).startswith("3 januari 2023 tot en met 28 februari")


def test_norms_are_judged_by_value_with_groups(made):
    table = tabulate_contact_norms(made.study, made.estimates, made.verdicts)
    found = rows(table)

    assert found["Binnen de wachttijdnorm: 90%"] == (
        "90,6%",
        "904 van 998",
        "gehaald",
        "–",
    )
    assert found["Gemiddelde wachttijd: 3:00"][:3] == ("5:19", "998", "niet gehaald")
    assert found["Servicelevel: 80%"][2] == "niet gehaald"
    assert found["Binnen de wachttijdnorm, Verhuizing: 90%"][2] == "niet gehaald"
    assert not any("Akte" in name or "Uittreksel" in name for name in found)
    assert "zonder marge" in table.note


def test_the_general_norm_table_prints_times_as_times(made):
    found = rows(tabulate_norms(made.study, made.verdicts))

    assert found["Gemiddelde wachttijd: 3:00"][0] == "5:19"
    assert found["Binnen de wachttijdnorm: 90%"][0] == "90,6%"


def test_without_norms_the_table_says_so(made):
    found = tabulate_contact_norms(made.study, made.estimates, empty_verdicts())

    assert isinstance(found, Absent)


def test_definitions_come_from_the_figures_that_are_used(made):
    table = tabulate_definitions(made.study, made.estimates, "telefoon")
    found = rows(table)

    assert found["Servicelevel"][0].startswith("servicelevel 80/30 seconden, formule")
    assert found["Uitval"][0].startswith("opgehangen na 10 seconden of meer")
    assert found["Wachttijd in klassen"][2:] == ("per klasse", "1.000")
    assert "Tevreden" not in found


def test_tables_of_answers_pass_over_registrations(made):
    assert isinstance(tabulate_key_figures(made.study, made.estimates), Absent)
    assert isinstance(tabulate_response(made.study, made.estimates), Absent)
    facts = rows(tabulate_fieldwork(made.study))
    assert facts["Registratie telefooncentrale"] == (
        "Telefonie: alle oproepen in de periode",
    )
    assert "Manier van vragen" not in facts
    assert "Periode" in facts


def test_authors_may_quote_key_figures(made):
    found = printed(made.study, made.estimates)

    assert found["wachttijd"] == "5:19"
    assert found["bereikbaarheid"] == "93,0%"
