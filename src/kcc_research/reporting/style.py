"""How every figure looks: palette, type, Dutch axes and the mark of invented data.

One palette that can be told apart on white and under three kinds of colour-vision
deficiency (PUB-G5), our own fonts, and settings that make two runs give the same
bytes (PUB-R1).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import ScalarFormatter

from kcc_research import dutch
from kcc_research.reporting import fonts
from kcc_research.reporting.phrases import SYNTHETIC_GID, SYNTHETIC_MARK

if TYPE_CHECKING:
    import matplotlib.axes
    from matplotlib.figure import Figure

BLUE = "#154273"
ORANGE = "#C75300"
GREEN = "#007A5A"
PURPLE = "#B0417F"
SKY = "#3E8EC4"
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, SKY)
# Colour is never the only carrier: use these in the order of the palette.
MARKERS = ("o", "s", "D", "^", "v")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))

TEXT = "#1B1B1B"
GREY = "#595959"
RULE = "#C8D3DF"
LIGHT = "#E8F0F8"
MARK = "#E6ECF2"

WIDTH = 6.8  # inches: the text width of the A4 page, so that letters keep their size
FAMILY = "kcc DejaVu Sans"
_MOST_DECIMALS = 6


@functools.cache
def _register_fonts() -> None:
    """Give our files a name of their own: a machine may have other DejaVu files."""
    from matplotlib.font_manager import FontEntry, fontManager

    for file in fonts.FILES[:4]:
        entry = FontEntry(
            fname=str(fonts.folder() / file),
            name=FAMILY,
            style="oblique" if "Oblique" in file else "normal",
            variant="normal",
            weight=700 if "Bold" in file else 400,
            stretch="normal",
            size="scalable",
        )
        fontManager.ttflist.append(entry)


def settings() -> dict[str, Any]:
    """The matplotlib settings of the house."""
    from cycler import cycler

    return {
        "axes.axisbelow": True,
        "axes.edgecolor": RULE,
        "axes.facecolor": "none",
        "axes.grid": True,
        "axes.labelcolor": TEXT,
        "axes.labelpad": 8,
        "axes.labelsize": 9.5,
        "axes.linewidth": 0.8,
        "axes.prop_cycle": cycler(color=PALETTE),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 10.5,
        "axes.titleweight": "bold",
        "axes.unicode_minus": True,
        "errorbar.capsize": 3,
        "figure.dpi": 100,
        "figure.facecolor": "white",
        "figure.figsize": (WIDTH, 3.6),
        "font.family": FAMILY,
        "font.size": 9.5,
        "grid.color": "#E3E9EF",
        "grid.linewidth": 0.8,
        "legend.fontsize": 9,
        "legend.frameon": False,
        "lines.linewidth": 2.0,
        "lines.markersize": 7,
        "savefig.dpi": 200,
        "savefig.facecolor": "white",
        "svg.fonttype": "path",
        "svg.hashsalt": "kcc_research",
        "text.color": TEXT,
        "xtick.color": RULE,
        "xtick.labelcolor": TEXT,
        "xtick.labelsize": 9,
        "ytick.color": RULE,
        "ytick.labelcolor": TEXT,
        "ytick.labelsize": 9,
    }


@contextmanager
def apply() -> Iterator[None]:
    """Draw in the style of the house.

    >>> with apply():
    ...     figure, axes = plt.subplots()  # doctest: +SKIP
    """
    import matplotlib

    _register_fonts()
    house: Any = settings()  # matplotlib types its setting names one by one
    with matplotlib.rc_context(house):
        yield


class DutchFormatter(ScalarFormatter):
    """Tick labels as a Dutch reader expects them: ``6,5`` and ``1.000``.

    All ticks of an axis get the same number of decimals: as many as the finest needs.
    """

    factor = 1
    unit = ""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return self.format_ticks([x, *self.locs])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        scaled = [self.factor * value for value in values]
        decimals = _decimals(scaled)
        return [f"{dutch.number(value, decimals)}{self.unit}" for value in scaled]

    def get_offset(self) -> str:
        return ""


class DutchPercentFormatter(DutchFormatter):
    """Shares between 0 and 1 as ``70%``."""

    factor = 100
    unit = "%"


def _decimals(values: Sequence[float]) -> int:
    # Ticks are sums of steps: 0.1 + 0.2 must ask for one decimal, not for seventeen.
    exact = (Decimal(f"{value:.{_MOST_DECIMALS}f}").normalize() for value in values)
    return max((-min(0, int(each.as_tuple().exponent)) for each in exact), default=0)


def localise(figure: Figure) -> None:
    """Give numeric axes Dutch tick labels, unless they have labels of their own."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            for get, put in (
                (axis.get_major_formatter, axis.set_major_formatter),
                (axis.get_minor_formatter, axis.set_minor_formatter),
            ):
                if type(get()) is ScalarFormatter:
                    put(DutchFormatter())


def mark_synthetic(figure: Figure) -> None:
    """Write *VERZONNEN GEGEVENS* behind the data of every panel (PUB-G8).

    Inside the axes, so that it never runs through a label.
    """
    width = figure.get_size_inches()[0]
    for number, axes in enumerate(figure.axes):
        axes.patch.set_visible(False)  # or its white would hide the mark
        letters = width * axes.get_position().width * 72 * 0.8
        mark = axes.text(
            0.5,
            0.5,
            SYNTHETIC_MARK,
            transform=axes.transAxes,
            ha="center",
            va="center",
            color=MARK,
            family=FAMILY,
            fontsize=letters / (0.72 * len(SYNTHETIC_MARK)),
            fontweight="bold",
            rotation=8,
            zorder=-10,
            clip_on=True,
        )
        mark.set_gid(SYNTHETIC_GID if number == 0 else f"{SYNTHETIC_GID}-{number + 1}")


def words_at_right(
    axes: matplotlib.axes.Axes, place: float, words: str, **how: Any
) -> None:
    """Words in a column at the right of the axes, at the height of ``place``."""
    axes.annotate(
        words,
        (1, place),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        **how,
    )


def trend_break(axes: matplotlib.axes.Axes, place: float) -> None:
    """The line between two waves or periods that cannot be compared."""
    axes.axvline(place, color=ORANGE, linestyle=(0, (4, 3)), linewidth=1.4)
    axes.annotate(
        "trendbreuk",
        (place, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, -3),
        textcoords="offset points",
        ha="center",
        va="top",
        color=ORANGE,
        fontsize=8.5,
        backgroundcolor="white",
    )
