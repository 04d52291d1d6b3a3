"""Contrast and difference of colours, as the law and PUB-G5 measure them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import dist
from typing import Literal

Deficiency = Literal["protan", "deutan", "tritan"]
Triple = tuple[float, float, float]

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
_MACHADO: dict[Deficiency, tuple[Triple, Triple, Triple]] = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# sRGB to CIE XYZ, and the white point D65 (IEC 61966-2-1).
_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)


def _linear(colour: str) -> Triple:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _expand(red), _expand(green), _expand(blue)


def _expand(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _times(matrix: Sequence[Triple], vector: Triple) -> Triple:
    one, two, three = (
        sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix
    )
    return one, two, three


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, 1.4.3).

    >>> round(contrast("#000000", "#FFFFFF"))
    21
    """
    dark, light = sorted(_times(_XYZ, _linear(each))[1] for each in (first, second))
    return (light + 0.05) / (dark + 0.05)


def difference(first: str, second: str, seen_as: Deficiency | None = None) -> float:
    """ΔE (CIE 1976) of two colours, as seen with or without a deficiency."""
    return dist(_lab(first, seen_as), _lab(second, seen_as))


def smallest_difference(
    palette: Sequence[str], seen_as: Deficiency | None = None
) -> float:
    """The ΔE of the two colours of a palette that are hardest to tell apart."""
    return min(difference(a, b, seen_as) for a, b in combinations(palette, 2))


def _lab(colour: str, seen_as: Deficiency | None) -> Triple:
    linear = _linear(colour)
    if seen_as is not None:
        red, green, blue = (
            min(1.0, max(0.0, part)) for part in _times(_MACHADO[seen_as], linear)
        )
        linear = (red, green, blue)
    x, y, z = (
        _cube_root(part / white)
        for part, white in zip(_times(_XYZ, linear), _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(part: float) -> float:
    # CIE 15: a straight line near black.
    return part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
