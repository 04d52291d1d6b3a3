"""Dutch axes, our own fonts, and the mark inside pictures of invented data."""

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.ticker import FixedFormatter, FixedLocator

from kcc_research.reporting import fonts, style
from kcc_research.reporting.phrases import SYNTHETIC_GID, SYNTHETIC_MARK


@pytest.fixture
def axes():
    with style.apply():
        image, drawn = plt.subplots()
        yield drawn
    plt.close(image)


def labels(axis) -> list[str]:
    axis.figure.canvas.draw()
    return [each.get_text() for each in axis.get_ticklabels()]


def test_localise_writes_decimal_commas_with_equal_decimals(axes) -> None:
    axes.plot([0, 1], [5, 7.5])
    axes.yaxis.set_major_locator(FixedLocator([5, 5.5, 6, 7.5]))
    style.localise(axes.figure)
    assert labels(axes.yaxis) == ["5,0", "5,5", "6,0", "7,5"]


def test_localise_writes_thousands_points_and_a_real_minus(axes) -> None:
    axes.plot([-1500, 12000], [0, 1])
    axes.xaxis.set_major_locator(FixedLocator([-1500, 0, 12000]))
    style.localise(axes.figure)
    assert labels(axes.xaxis) == ["\u22121.500", "0", "12.000"]


def test_localise_leaves_labels_of_ones_own_alone(axes) -> None:
    axes.barh(["balie", "telefoon"], [7.3, 6.8])
    axes.xaxis.set_major_locator(FixedLocator([0, 1]))
    axes.xaxis.set_major_formatter(FixedFormatter(["laag", "hoog"]))
    style.localise(axes.figure)
    assert labels(axes.xaxis) == ["laag", "hoog"]
    assert labels(axes.yaxis) == ["balie", "telefoon"]


def test_percent_formatter_shows_shares_without_needless_decimals() -> None:
    formatter = style.DutchPercentFormatter()
    assert formatter.format_ticks([0, 0.25, 0.5, 1]) == ["0%", "25%", "50%", "100%"]
    assert formatter.format_ticks([0.125, 0.25]) == ["12,5%", "25,0%"]


def test_sums_of_steps_do_not_get_more_decimals() -> None:
    assert style.DutchFormatter().format_ticks([0.1, 0.1 + 0.2]) == ["0,1", "0,3"]


@given(st.lists(st.integers(-9999, 9999), min_size=1), st.integers(0, 3))
def test_ticks_read_back_as_the_numbers_they_stand_for(
    whole: list[int], places: int
) -> None:
    values = [each / 10**places for each in whole]
    shown = style.DutchFormatter().format_ticks(values)
    plain = [
        each.replace(".", "").replace(",", ".").replace("\u2212", "-") for each in shown
    ]
    assert [float(each) for each in plain] == pytest.approx(values)
    assert len({len(each.partition(",")[2]) for each in shown}) == 1


def test_settings_do_not_outlive_the_block() -> None:
    before = plt.rcParams["axes.labelsize"], list(plt.rcParams["font.family"])
    with style.apply():
        assert plt.rcParams["font.family"] == [style.FAMILY]
    assert (plt.rcParams["axes.labelsize"], list(plt.rcParams["font.family"])) == before


@pytest.mark.parametrize(
    ("weight", "slant", "file"),
    [
        ("normal", "normal", "DejaVuSans.ttf"),
        ("bold", "normal", "DejaVuSans-Bold.ttf"),
        ("normal", "italic", "DejaVuSans-Oblique.ttf"),
        ("bold", "oblique", "DejaVuSans-BoldOblique.ttf"),
    ],
)
def test_letters_come_from_the_fonts_of_the_package(
    weight: str, slant: str, file: str
) -> None:
    from matplotlib.font_manager import FontProperties, fontManager

    with style.apply():
        found = fontManager.findfont(
            FontProperties(family=style.FAMILY, weight=weight, style=slant),
            fallback_to_default=False,
        )
    assert found == str(fonts.folder() / file)


def test_mark_of_invented_data_is_light_and_behind_everything(axes) -> None:
    from kcc_research.reporting.colour import contrast

    axes.bar([1], [1])
    style.mark_synthetic(axes.figure)
    (mark,) = axes.texts
    assert (mark.get_text(), mark.get_gid()) == (SYNTHETIC_MARK, SYNTHETIC_GID)
    assert mark.get_zorder() < 0
    assert not axes.patch.get_visible()
    assert contrast(style.TEXT, style.MARK) > 7  # a label over it stays readable


def test_mark_of_invented_data_stays_within_the_panel_and_its_labels_free(axes) -> None:
    style.mark_synthetic(axes.figure)
    (mark,) = axes.texts
    box = mark.get_window_extent(axes.figure.canvas.get_renderer())
    panel = axes.get_window_extent()
    assert 0.6 * panel.width < box.width < panel.width
    assert panel.y0 < box.y0
    assert box.y1 < panel.y1


def test_every_panel_has_its_mark_and_ids_are_unique() -> None:
    import matplotlib.pyplot as plt

    with style.apply():
        figure, panels = plt.subplots(1, 2)
        style.mark_synthetic(figure)
    marks = [mark for panel in panels for mark in panel.texts]
    assert [mark.get_gid() for mark in marks] == [
        SYNTHETIC_GID,
        f"{SYNTHETIC_GID}-2",
    ]
    plt.close(figure)
