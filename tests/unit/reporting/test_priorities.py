"""The priority matrix is drawn where it can be, and else the report says why not."""

import pytest

from kcc_research.reporting import drawing
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.priorities import NO_MATRIX, plot_priorities, priorities
from kcc_research.reporting.records import faults
from tests.unit.reporting.report_rows import (
    comparison,
    comparisons,
    estimate,
    estimates,
    noordwijk,
)

STUDY = noordwijk()
PLACES = {  # importance, score: on which side of their cuts
    "flexibel_score": ("higher", "lower"),
    "snel_score": ("lower", "lower"),
    "vriendelijk_score": ("lower", "higher"),
    "deskundig_score": ("not_shown", "higher"),
}


def tables(places):
    rows, sides = [], []
    for at, (name, (importance, score)) in enumerate(places.items()):
        value = 0.2 - 0.03 * at
        rows += [
            estimate(indicator=name, estimate=3 + at / 10, ci_low=2.9, ci_high=3.6),
            estimate(
                indicator=name,
                statistic="ratio",
                category="belang",
                estimate=value,
                ci_low=value - 0.02,
                ci_high=value + 0.02,
                n=310,
            ),
        ]
        shared = {"indicator": name, "family": "priority: rapportcijfer"}
        sides += [
            comparison(
                **shared, statistic="mean", difference=at / 10 - 0.3, verdict=score
            ),
            comparison(
                **shared,
                statistic="ratio",
                category="belang",
                difference=value - 0.15,
                verdict=importance,
            ),
        ]
    return estimates(*rows), comparisons(*sides)


def test_the_most_important_stands_first_with_its_place():
    found = priorities(STUDY, *tables(PLACES))
    assert [(each.name, each.quadrant) for each in found] == [
        ("Flexibel", "act"),
        ("Snel", "watch"),
        ("Vriendelijk", "maintain"),
        ("Deskundig", "undecided"),
    ]


def test_the_matrix_has_words_for_who_cannot_see_it():
    figure = plot_priorities(STUDY, *tables(PLACES))
    assert "flexibel aanpakken" in figure.alt
    assert "deskundig te dichtbij om te zeggen" in figure.alt
    assert "geen bewezen oorzaak" in figure.caption
    assert faults(figure.data) == []
    assert figure.data.rows[0][:2] == ("Flexibel", "0,20")
    drawing.draw(figure.image, synthetic=True)


def test_the_cuts_are_drawn_where_the_tables_put_them():
    figure = plot_priorities(STUDY, *tables(PLACES))
    axes = figure.image.axes[0]
    lines = [line for line in axes.get_lines() if line.get_linestyle() == "--"]
    vertical, horizontal = lines
    assert vertical.get_xdata()[0] == pytest.approx(0.15)
    assert horizontal.get_ydata()[0] == pytest.approx(3.3)


def test_with_most_aspects_undecided_nothing_is_ranked():
    vague = dict.fromkeys(PLACES, ("not_shown", "higher"))
    found = plot_priorities(STUDY, *tables(vague))
    assert isinstance(found, Absent)
    assert "te klein om belang te rangschikken" in found.reason
    assert "Bij 4 van de 4 aspecten" in found.reason


def test_without_declared_levels_there_is_no_matrix():
    found = plot_priorities(STUDY, estimates(estimate()), comparisons(comparison()))
    assert found == Absent(NO_MATRIX)
