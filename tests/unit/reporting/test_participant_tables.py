"""Tables of counts with the base of each item."""

import pytest

from kcc_research.reporting.absent import Absent
from kcc_research.reporting.participant_tables import (
    tabulate_cross,
    tabulate_group_means,
    tabulate_items,
    tabulate_participant_figures,
    tabulate_participation,
    tabulate_sizes,
)
from kcc_research.reporting.records import faults
from tests.assurance_study import SOURCE, assurance_study


@pytest.fixture
def study():
    return assurance_study().study


@pytest.fixture
def estimates():
    return assurance_study().estimates


def row(table, name):
    return next(each for each in table.rows if each[0] == name)


def test_key_figures_are_counts(study, estimates):
    table = tabulate_participant_figures(study, estimates)
    assert table.layout == "key_figures"
    assert table.rows[0] == (
        "Kwaliteit staat in visie of beleid",
        "26 van 84",
        "deelnemende gemeenten (31%)",
    )
    assert "Belemmering (personele bezetting)" in [each[0] for each in table.rows]


def test_items_have_their_own_base_and_dont_knows(study, estimates):
    table = tabulate_items(study, estimates, "visie en beleid")
    assert table.columns == ("Uitkomst", "Aantal", "Antwoorden", "Aandeel", "Weet niet")
    assert row(table, "Medewerkers kennen die visie")[1:] == ("20", "78", "26%", "5")


def test_where_nobody_could_say_dont_know_there_is_no_such_column(study, estimates):
    table = tabulate_items(study, estimates, "belemmeringen")
    assert "Weet niet" not in table.columns
    assert row(table, "Geen klantgerichte cultuur") == (
        "Geen klantgerichte cultuur",
        "34",
        "83",
        "41%",
    )


def test_a_theme_without_items_is_absent(study, estimates):
    assert isinstance(tabulate_items(study, estimates, "parkeren"), Absent)


def test_the_cross_table_is_two_by_two(study, estimates):
    source = study.measurement.sources[SOURCE]
    (cross,) = study.questionnaires[SOURCE].cross
    table = tabulate_cross(study, estimates, source, cross)
    assert table.columns[1:] == ("Normen: ja", "Normen: deels of nee")
    assert table.rows == (
        ("Visie: ja", "15 (18%)", "11 (13%)"),
        ("Visie: deels of nee", "13 (15%)", "45 (54%)"),
    )


def test_group_means_mark_what_rests_on_few(study, estimates):
    source = study.measurement.sources[SOURCE]
    indicator = study.questionnaires[SOURCE].indicators["aantal_problemen"]
    table = tabulate_group_means(study, estimates, source, indicator)
    assert row(table, "Gemeenten met visie en normen")[1:] == ("2,4*", "15")
    assert row(table, "Gemeenten zonder visie en zonder normen")[1:] == ("3,4", "45")
    assert table.rows[-1][0] == "Alle deelnemende gemeenten"
    assert "lees als voorbeeld" in table.note


def test_small_groups_show_counts_without_percentages(study, estimates):
    table = tabulate_sizes(study, estimates)
    cells = [cell for line in table.rows for cell in line[1:]]
    assert not any("%" in cell for cell in cells)
    assert all(" van " in cell for cell in cells)


def test_coverage_by_province_hides_what_is_too_small(study, estimates):
    table = tabulate_participation(study, estimates, "province")
    assert row(table, "Flevoland")[1:] == ("x", "x", "x")
    assert table.rows[-1][1:3] == ("84", "342")
    assert "minder dan 10 gemeenten" in table.note
    assert "6\u00a0maart 2023" in table.note


def test_coverage_by_size_adds_up(study, estimates):
    table = tabulate_participation(study, estimates, "size_class")
    *sizes, total = table.rows
    assert sum(int(each[1]) for each in sizes) == int(total[1]) == 84


def test_without_a_register_there_is_no_coverage(study, estimates):
    others = estimates[estimates["indicator"] != "deelname"]
    assert isinstance(tabulate_participation(study, others, "province"), Absent)


def test_every_table_may_be_published(study, estimates):
    for table in (
        tabulate_participant_figures(study, estimates),
        tabulate_items(study, estimates, "problemen"),
        tabulate_sizes(study, estimates),
        tabulate_participation(study, estimates, "province"),
    ):
        assert faults(table) == []
