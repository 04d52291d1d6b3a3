"""Figures of counts: every bar with its count and base, none with an interval."""

import matplotlib.pyplot as plt
import pytest

from kcc_research.reporting.absent import Absent
from kcc_research.reporting.participant_figures import (
    plot_cross_tables,
    plot_group_means,
    plot_items,
    plot_participation,
)
from kcc_research.reporting.participants import NO_MARGIN
from tests.assurance_study import SOURCE, assurance_study

THEMES = [
    "visie en beleid",
    "servicenormen en sturing",
    "cultuur en samenwerking",
    "belemmeringen",
    "personeel en training",
    "problemen",
]


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.fixture
def study():
    return assurance_study().study


@pytest.fixture
def estimates():
    return assurance_study().estimates


def words(figure):
    return [text.get_text() for text in figure.image.axes[0].texts]


def lengths(figure):
    return [bar.get_width() for bar in figure.image.axes[0].patches]


@pytest.mark.parametrize("theme", THEMES)
def test_every_bar_has_its_count_and_base(study, estimates, theme):
    figure = plot_items(study, estimates, theme)
    assert words(figure) == [
        f"{row[1]} van {row[2]} ({row[3]})" for row in figure.data.rows
    ]
    assert figure.image.axes[0].get_xlim() == (0, 1)
    assert not figure.image.axes[0].lines  # a whisker would be a line
    assert NO_MARGIN in figure.caption
    assert figure.synthetic


def test_bars_are_as_long_as_their_share(study, estimates):
    figure = plot_items(study, estimates, "belemmeringen")
    expected = [34 / 83, 40 / 84, 47 / 84, 45 / 84, 54 / 84]
    assert lengths(figure) == pytest.approx(expected)


def test_the_alt_text_tells_what_the_bars_say(study, estimates):
    alt = plot_items(study, estimates, "belemmeringen").alt
    assert "geen klantgerichte cultuur: 34 van 83 (41%)" in alt.lower()


def test_no_theme_no_figure(study, estimates):
    assert isinstance(plot_items(study, estimates, "parkeren"), Absent)


def test_the_cross_table_is_drawn_with_its_counts(study, estimates):
    (figure,) = plot_cross_tables(study, estimates)
    assert [each for each in words(figure) if each.isdigit()] == [
        "15",
        "13",
        "11",
        "45",
    ]
    assert "geen van beide: 45 van 84 (54%)" in figure.alt


def test_a_darker_square_holds_more(study, estimates):
    (figure,) = plot_cross_tables(study, estimates)
    light = {
        text: sum(patch.get_facecolor()[:3])
        for text, patch in zip(
            [each for each in words(figure) if each.isdigit()],
            figure.image.axes[0].patches,
            strict=True,
        )
    }
    assert sorted(light, key=lambda text: -light[text]) == ["11", "13", "15", "45"]


def test_groups_start_at_zero_and_name_their_base(study, estimates):
    figure = plot_group_means(study, estimates)
    assert figure.image.axes[0].get_xlim()[0] == 0
    assert lengths(figure)[0] == pytest.approx(2.4)
    assert lengths(figure)[3] == pytest.approx(3.4)
    assert words(figure)[0].replace("\u00a0", " ") == "2,4 (n = 15), weinig"


def test_without_a_declared_ratio_no_groups_are_drawn(study, estimates):
    questionnaire = study.questionnaires[SOURCE].model_copy(update={"ratio": ()})
    bare = study.model_copy(update={"questionnaires": {SOURCE: questionnaire}})
    assert isinstance(plot_group_means(bare, estimates), Absent)


@pytest.mark.parametrize(("by", "rows"), [("size_class", 5), ("province", 13)])
def test_coverage_has_a_bar_per_group_and_a_line_for_all(study, estimates, by, rows):
    figure = plot_participation(study, estimates, by)
    assert len(lengths(figure)) == rows
    assert lengths(figure)[-1] == pytest.approx(84 / 342)
    (line,) = figure.image.axes[0].lines
    assert list(line.get_xdata()) == pytest.approx([84 / 342] * 2)
    assert "telling heeft geen marge" in figure.caption
