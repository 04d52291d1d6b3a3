"""Shares per group: drawn with their margins, ordered only where a test shows it."""

import matplotlib.pyplot as plt
import pytest

from kcc_research.reporting import shares
from kcc_research.reporting.absent import Absent
from tests.den_haag_study import den_haag

BOTH = ["tevreden", "juist"]
GROUPS = ["enkelvoudig_een_dienst", "complex_meer_diensten"]


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def drawn(by, groups=(), indicators=BOTH):
    return shares.plot_shares(
        den_haag().study, den_haag().estimates, by, indicators, groups
    )


def said(by, comparisons=None):
    found = den_haag().comparisons if comparisons is None else comparisons
    words = shares.describe_shares(den_haag().study, found, by, BOTH)
    return words.replace("\u00a0", " ")


def names(figure):
    axes = figure.image.axes[0]
    return [" ".join(x.get_text().split()) for x in axes.get_yticklabels()]


def test_a_panel_per_outcome_and_a_row_per_group():
    figure = drawn("complexiteit")
    assert len(figure.image.axes) == 2
    assert names(figure) == ["Enkelvoudige vraag (n = 520)", "Complexe vraag (n = 230)"]
    values = [each.get_text() for each in figure.image.axes[0].texts]
    assert len(values) == 2
    assert all(value.endswith("%") for value in values)


def test_filters_can_be_the_groups():
    figure = drawn("domein", GROUPS)
    assert [name.partition(" (n")[0] for name in names(figure)] == [
        "Bellers met een enkelvoudige vraag voor één dienst",
        "Bellers met een complexe vraag voor meer diensten",
    ]


def test_every_cell_has_count_base_and_margin():
    row = drawn("complexiteit").data.rows[1]
    assert row[0] == "Complexe vraag"
    for cell in row[1:]:
        assert " van " in cell
        assert "–" in cell


def test_few_answers_are_marked_in_picture_and_table():
    figure = drawn("dienst")
    assert any("evenementen" in x.lower() and "weinig" in x for x in names(figure))
    cell = next(row[1] for row in figure.data.rows if row[0] == "Evenementen")
    assert "*" in cell
    assert "lees als voorbeeld" in figure.data.note
    faces = [line.get_markerfacecolor() for line in figure.image.axes[0].lines]
    assert "white" in faces


def test_of_two_groups_the_difference_is_told_once():
    words = said("complexiteit")
    assert words.count("complexe vraag") == 2  # once per outcome
    assert "enkelvoudige vraag" not in words
    assert "lager dan bij de anderen (waarschijnlijk tussen" in words
    assert "230 en 520 antwoorden" in words


def test_groups_that_do_not_differ_are_not_ordered():
    words = said("type")
    assert words.count("we zien geen duidelijke verschillen") == 2
    assert "lager" not in words
    assert "hoger" in words  # in the name of the outcome only
    assert "hoger dan" not in words


def test_of_many_groups_the_others_are_not_called_equal():
    words = said("dienst")
    assert words.count("bij de andere groepen zien we geen duidelijk verschil") == 2
    assert "gelijk" not in words


def test_an_unknown_breakdown_says_so():
    assert isinstance(drawn("kanaal"), Absent)
    assert isinstance(drawn("complexiteit", indicators=["bestaat_niet"]), Absent)


def test_without_comparisons_there_is_nothing_to_say():
    assert said("dienst", den_haag().comparisons.iloc[:0]) == ""
