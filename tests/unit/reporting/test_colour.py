"""Contrast and ΔE against published values, and the palette against the handbook."""

import pytest

from kcc_research.reporting import style
from kcc_research.reporting.colour import contrast, difference, smallest_difference

WHITE = "#FFFFFF"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("#000000", "#FFFFFF", 21.0),
        ("#767676", "#FFFFFF", 4.54),  # the lightest grey that passes WCAG AA
        ("#FFFFFF", "#0000FF", 8.59),
        ("#1B1B1B", "#1B1B1B", 1.0),
    ],
)
def test_contrast_equals_published_values(
    first: str, second: str, expected: float
) -> None:
    assert contrast(first, second) == pytest.approx(expected, abs=0.006)


def test_difference_of_black_and_white_is_the_whole_lightness_axis() -> None:
    assert difference("#000000", WHITE) == pytest.approx(100, abs=0.01)


def test_red_and_green_are_closer_with_a_red_green_deficiency() -> None:
    red, green = "#CC0000", "#5A7A00"
    normal = difference(red, green)
    assert difference(red, green, "deutan") < normal / 2
    assert difference(red, green, "protan") < normal / 2


def test_grey_looks_the_same_with_every_deficiency() -> None:
    for deficiency in ("protan", "deutan", "tritan"):
        assert difference("#808080", "#808080", deficiency) == 0
        assert difference("#808080", WHITE, deficiency) == pytest.approx(
            difference("#808080", WHITE), abs=0.1
        )


def test_palette_has_the_contrast_of_the_handbook() -> None:
    ratios = [round(contrast(colour, WHITE), 1) for colour in style.PALETTE]
    assert ratios == [10.2, 4.5, 5.3, 5.4, 3.6]
    assert min(ratios) >= 3


@pytest.mark.parametrize(
    ("deficiency", "expected"),
    [(None, 31), ("protan", 13.9), ("deutan", 13.7), ("tritan", 15.4)],
)
def test_palette_can_be_told_apart(deficiency: None, expected: float) -> None:
    found = smallest_difference(style.PALETTE, deficiency)
    assert found == pytest.approx(expected, abs=0.06)
    assert found >= 12
