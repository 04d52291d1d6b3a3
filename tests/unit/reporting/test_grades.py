"""The grades with the line between content and not."""

import matplotlib.pyplot as plt
import pytest

from kcc_research.reporting import grades
from kcc_research.reporting.absent import Absent
from tests.den_haag_study import den_haag
from tests.unit.reporting.report_rows import noordwijk


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.fixture
def figure():
    return grades.plot_grades(den_haag().study, den_haag().estimates)


def bars(figure):
    return figure.image.axes[0].patches


def test_ten_grades_and_who_gave_none(figure):
    ticks = [each.get_text() for each in figure.image.axes[0].get_xticklabels()]
    assert ticks == [*map(str, range(1, 11)), "geen\nantwoord"]
    heights = [bar.get_height() for bar in bars(figure)]
    assert sum(heights) == pytest.approx(1)
    assert sum(heights[:6]) == pytest.approx(210 / 750)
    assert sum(heights[6:10]) == pytest.approx(525 / 750)
    assert heights[10] == pytest.approx(15 / 750)


def test_the_cut_stands_between_the_six_and_the_seven(figure):
    axes = figure.image.axes[0]
    cut = next(line for line in axes.lines if line.get_linestyle() != "-")
    assert list(cut.get_xdata()) == [6.5, 6.5]
    words = [each.get_text() for each in axes.texts]
    assert "niet tevreden: 28% (210)" in words
    assert "tevreden: 70% (525)" in words


def test_the_sides_differ_in_grey_too(figure):
    low, high = bars(figure)[0], bars(figure)[7]
    assert low.get_hatch()
    assert not high.get_hatch()


def test_every_bar_has_its_margin(figure):
    solid = [x for x in figure.image.axes[0].lines if x.get_linestyle() == "-"]
    assert len(solid) == 11
    assert "95%-marge" in figure.caption


def test_the_alt_text_has_the_numbers(figure):
    for words in ("7 36%", "geen antwoord 2%", "niet tevreden: 28% (210)"):
        assert words in figure.alt


def test_without_a_distribution_it_says_so():
    study = noordwijk()
    without = {
        name: each.model_copy(
            update={
                "indicator": tuple(
                    x for x in each.indicator if x.role != "distribution"
                )
            }
        )
        for name, each in study.questionnaires.items()
    }
    study = study.model_copy(update={"questionnaires": without})
    found = grades.plot_grades(study, den_haag().estimates.iloc[:0])
    assert isinstance(found, Absent)
    assert "niet gevraagd" in found.reason
