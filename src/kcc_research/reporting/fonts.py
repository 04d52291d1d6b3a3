"""The five fonts that travel with the package, and what they cannot show (PUB-N1, N2).

Neither the machine's fonts nor matplotlib's folder is ever used: the first differ from
machine to machine, the second holds a font of last resort that turns a missing
character into a box which every validator accepts.
"""

from __future__ import annotations

import functools
from importlib.resources import files
from pathlib import Path

FAMILY = "DejaVu Sans"
MONO = "DejaVu Sans Mono"
FILES = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSans-Oblique.ttf",
    "DejaVuSans-BoldOblique.ttf",
    "DejaVuSansMono.ttf",
)
# What fonts are called inside a PDF, after the tag of the subset.
POSTSCRIPT_NAMES = frozenset(
    {
        "DejaVuSans",
        "DejaVuSans-Bold",
        "DejaVuSans-Oblique",
        "DejaVuSans-BoldOblique",
        "DejaVuSansMono",
    }
)
REPLACEMENT = "\ufffd"

# Layout, not glyphs: a renderer never asks a font for these.
_INVISIBLE = frozenset("\n\t\r\u00ad\u200b\u2060\ufeff")


def folder() -> Path:
    """Where the font files stand."""
    return Path(str(files("kcc_research"))) / "data" / "fonts"


@functools.cache
def _covered() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(folder() / FILES[0])).get_charmap())


def missing(text: str) -> str:
    """The characters of ``text`` that our fonts cannot show, each once, in order.

    >>> missing("Café één 文件")
    '文件'
    """
    if text.isascii() and text.isprintable():  # nearly all; no character looked up
        return ""
    unseen = (each for each in dict.fromkeys(text) if each not in _INVISIBLE)
    return "".join(each for each in unseen if not _has_glyph(each))


def _has_glyph(character: str) -> bool:
    if character.isascii():
        return character.isprintable()  # without opening the font
    return ord(character) in _covered()


def shown(text: str) -> str:
    """``text`` with what cannot be shown replaced, for drafts only."""
    absent = missing(text)
    return text.translate(dict.fromkeys(map(ord, absent), REPLACEMENT))
