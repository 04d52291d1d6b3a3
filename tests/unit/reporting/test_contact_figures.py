"""Figures of registrations: what is drawn, said and laid beside them."""

import matplotlib.pyplot
import pytest

from kcc_research.reporting.absent import Absent
from kcc_research.reporting.contact_drawing import SHADES, Column, columns, heat_map
from kcc_research.reporting.contact_figures import (
    plot_contact_groups,
    plot_contacts,
    plot_heat_map,
)
from kcc_research.reporting.contact_waiting import plot_waiting
from kcc_research.reporting.drawing import draw
from kcc_research.reporting.records import faults
from tests.contact_study import contact_study


@pytest.fixture(scope="module")
def made():
    return contact_study()


@pytest.fixture(autouse=True)
def _close():
    yield
    matplotlib.pyplot.close("all")


def texts(figure):
    return [
        text.get_text()
        for axes in figure.image.axes
        for text in (*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels())
    ]


def test_a_month_without_registration_is_a_gap_and_no_zero(made):
    figure = plot_contacts(made.study, made.estimates, "balie", "maand")

    assert "geen registratie" in texts(figure)
    assert "feb 2023" in texts(figure)
    assert "Een stippelrand is een maand zonder registratie." in figure.caption
    assert "alle 1.024 tickets geteld" in figure.caption
    assert "Januari 2023 704 en maart 2023 320" in figure.alt
    assert [row[0] for row in figure.data.rows] == ["Januari 2023", "Maart 2023"]


def test_an_hour_without_visits_is_a_zero(made):
    figure = plot_contacts(made.study, made.estimates, "balie", "uur")
    heights = [bar.get_height() for bar in figure.image.axes[0].patches]

    assert heights == [704, 0, 320]
    assert "stippelrand" not in figure.caption


def test_a_small_group_is_an_x(made):
    figure = plot_contacts(made.study, made.estimates, "balie", "product")

    assert texts(figure)[:4] == ["926", "80", "14", "x"]


def test_the_heat_map_has_a_number_in_every_cell(made):
    figure = plot_heat_map(made.study, made.estimates, "balie")
    shown = [text.get_text() for text in figure.image.axes[0].texts]

    assert len(shown) == 5 * 3
    assert sorted(each for each in shown if each != "0") == ["320", "704"]
    assert "maandag van 9 tot 10 uur: 704 tickets" in figure.alt
    assert figure.data.columns[:2] == ("Uur", "Maandag")
    assert dict((r[0], r[1:]) for r in figure.data.rows)["9 tot 10 uur"][0] == "704"


def test_darker_is_busier_in_grey_too():
    image = heat_map(
        {("ma", "9"): 1, ("ma", "10"): 50, ("ma", "11"): None},
        ["ma"],
        ["9", "10", "11"],
    )
    (axes,) = image.axes
    lightness = [sum(patch.get_facecolor()[:3]) for patch in axes.patches]

    assert lightness[1] < lightness[0] <= lightness[2]
    assert [text.get_text() for text in axes.texts] == ["1", "50", "x"]
    greys = [
        0.299 * int(c[1:3], 16) + 0.587 * int(c[3:5], 16) + 0.114 * int(c[5:], 16)
        for c in SHADES
    ]
    assert greys == sorted(greys, reverse=True)


def test_waiting_with_and_without_appointment_beside_the_norm(made):
    figure = plot_waiting(made.study, made.estimates, "balie")
    with_appointment, without = figure.image.axes

    assert with_appointment.get_title(loc="left").startswith("Met afspraak (n")
    assert without.get_title(loc="left").startswith("Zonder afspraak (n")
    assert "100,0% binnen" in texts(figure)
    assert "norm 10:00: 100,0% langer" in texts(figure)
    late = [bar for bar in without.patches if bar.get_hatch()]
    assert [bar.get_x() >= 10 for bar in late] == [True] * len(late)
    assert "Gemiddeld 5:19" in figure.alt
    assert "Binnen de norm 10:00: 90,6%." in figure.alt
    assert "geen marge" in figure.caption
    assert sum(int(row[1].replace(".", "")) for row in figure.data.rows) == 998


def test_waiting_at_the_telephone_is_one_panel_in_seconds(made):
    figure = plot_waiting(made.study, made.estimates, "telefoon")

    assert len(figure.image.axes) == 1
    assert figure.image.axes[0].get_xlabel() == "Wachttijd in seconden"
    assert [row[:2] for row in figure.data.rows] == [
        ("0–15 seconden", "0"),
        ("15–30 seconden", "800"),
        ("30–45 seconden", "0"),
        ("Meer dan 45 seconden", "200"),
    ]


def test_a_key_figure_beside_its_norm_with_counts(made):
    figure = plot_contact_groups(
        made.study, made.estimates, "balie", "wachttijd_binnen_norm", "product"
    )

    assert "De streeplijn is de norm: 90%." in figure.caption
    assert "100,0% (900 van 900)" in texts(figure)
    assert "norm: 90%" in texts(figure)
    assert "Verhuizing 0,0% (0 van 80)" in figure.alt


def test_times_are_on_an_axis_of_minutes(made):
    figure = plot_contact_groups(
        made.study, made.estimates, "balie", "wachttijd", "product"
    )
    figure.image.canvas.draw()

    assert "10:00" in texts(figure)
    assert "norm: 3:00" in texts(figure)


def test_the_formula_stands_with_the_service_level(made):
    figure = plot_contact_groups(
        made.study, made.estimates, "telefoon", "servicelevel", "product"
    )

    assert "formule offered_excl_short" in figure.caption


@pytest.mark.parametrize(
    "absent",
    [
        lambda m: plot_waiting(m.study, m.estimates, "balie", "doorlooptijd"),
        lambda m: plot_contacts(m.study, m.estimates, "telefoon", "afspraak"),
        lambda m: plot_contact_groups(
            m.study, m.estimates, "balie", "servicelevel", "product"
        ),
        lambda m: plot_heat_map(m.study, m.estimates.iloc[:0], "balie"),
    ],
)
def test_what_is_not_registered_is_said(made, absent):
    found = absent(made)

    assert isinstance(found, Absent)
    assert found.reason.endswith(".")


def test_every_figure_is_complete_and_marked_as_invented(made):
    m, e = made.study, made.estimates
    figures = [
        plot_contacts(m, e, "balie", "maand"),
        plot_contacts(m, e, "balie", "product"),
        plot_heat_map(m, e, "balie"),
        plot_waiting(m, e, "balie"),
        plot_contact_groups(m, e, "balie", "wachttijd_binnen_norm", "product"),
    ]

    assert len({each.id for each in figures}) == len(figures)
    assert len({each.data.id for each in figures}) == len(figures)
    for each in figures:
        assert faults(each.data) == []
        assert len(each.alt) > 40
        drawn = draw(each.image, synthetic=each.synthetic)
        assert "kcc-synthetic" in drawn["image/svg+xml"]


def test_many_columns_have_no_numbers_that_touch():
    image = columns([Column(str(each), each, str(each)) for each in range(30)], "n")

    assert [text.get_text() for text in image.axes[0].texts] == []
