"""Drawing of counts: columns, rows, a heat map and a distribution, nothing computed."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kcc_research import dutch
from kcc_research.reporting import style
from kcc_research.reporting.figures import HEAD_HEIGHT, ROW_HEIGHT, make_room, name_rows

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

NAME_WIDTH = 30
MOST_LABELS = 18  # more numbers above columns would touch each other
SHADES = ("#F3F7FB", "#D6E5F2", "#AECBE5", "#7FB0D8", "#33699E", "#1F5088", "#0F2F55")
"""From none to most; the numbers on the last three are white."""
_DARK = 4
_ROOM_FOR_WORDS = 0.25  # of the axis, left of a norm; else both stand at its right
_MOST_LETTERS = 80  # of all names below columns together, before they are turned
_PANEL = 2.1  # inches of a panel of a distribution


@dataclass(frozen=True, slots=True)
class Column:
    """A column or row of a chart. Without a height nothing was registered.

    ``words`` stand above or behind it; ``is_hidden``: too few to publish.
    """

    name: str
    height: float | None
    words: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Norm:
    """A level drawn as a dashed line, with its words."""

    level: float
    words: str


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution: share per class, on classes of one width in the axis's unit.

    The last class is open. ``within`` and ``beyond``: words left and right of a norm.
    """

    title: str
    shares: Sequence[float]
    width: float
    within: str = ""
    beyond: str = ""


def columns(bars: Sequence[Column], label: str) -> matplotlib.figure.Figure:
    """Upright columns in a fixed order; where nothing was registered a dashed gap."""
    import matplotlib.pyplot as plt

    with style.apply():
        figure, axes = plt.subplots(figsize=(style.WIDTH, 3.2))
        heights = [bar.height or 0 for bar in bars]
        highest = max(heights, default=0) or 1
        places = range(len(bars))
        axes.bar(places, heights, color=style.SKY, width=0.72)
        for place, bar in zip(places, bars, strict=True):
            _above(axes, place, bar, highest, labelled=len(bars) <= MOST_LABELS)
        turned = sum(len(bar.name) + 1 for bar in bars) > _MOST_LETTERS
        axes.set_xticks(
            list(places),
            labels=[bar.name for bar in bars],
            rotation=45 if turned else 0,
            ha="right" if turned else "center",
            rotation_mode="anchor",
        )
        axes.set_ylim(0, highest * 1.15)
        axes.set_xlim(-0.6, len(bars) - 0.4)
        axes.set_ylabel(label)
        axes.grid(visible=False, axis="x")
        axes.tick_params(axis="x", length=0)
        figure.tight_layout()
    return figure


def _above(
    axes: matplotlib.axes.Axes,
    place: int,
    bar: Column,
    highest: float,
    *,
    labelled: bool,
) -> None:
    if bar.height is None and not bar.is_hidden:
        axes.bar(
            place,
            highest,
            width=0.72,
            fill=False,
            edgecolor=style.GREY,
            linestyle="--",
            linewidth=0.8,
        )
        axes.text(
            place,
            highest / 2,
            bar.words,
            rotation=90,
            ha="center",
            va="center",
            color=style.GREY,
            fontsize=8,
        )
    elif labelled or bar.is_hidden:
        axes.annotate(
            bar.words,
            (place, bar.height or 0),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )


def rows(
    bars: Sequence[Column],
    label: str,
    *,
    is_share: bool,
    is_time: bool = False,
    norm: Norm | None = None,
) -> matplotlib.figure.Figure:
    """Lying bars from zero, first on top, words at the right, a norm as dashed line."""
    import matplotlib.pyplot as plt
    from matplotlib.ticker import FuncFormatter

    names = [textwrap.fill(bar.name, NAME_WIDTH) for bar in bars]
    heights = [bar.height or 0 for bar in bars]
    with style.apply():
        figure, axes = plt.subplots(
            figsize=(style.WIDTH, HEAD_HEIGHT + 0.15 + ROW_HEIGHT * len(bars))
        )
        axes.barh(range(len(bars)), heights, color=style.SKY, height=0.6)
        for place, bar in enumerate(bars):
            style.words_at_right(axes, place, bar.words, fontweight="bold", fontsize=9)
        top = max(*heights, norm.level if norm else 0, 0) or 1
        axes.set_xlim(0, 1 if is_share else top * 1.08)
        if is_share:
            axes.xaxis.set_major_formatter(style.DutchPercentFormatter())
        if is_time:
            _time_axis(axes, top)
            axes.xaxis.set_major_formatter(FuncFormatter(_as_clock))
        axes.set_xlabel(label)
        name_rows(axes, names)
        lines = [each for name in names for each in name.splitlines()]
        make_room(figure, lines, [bar.words for bar in bars])
        if norm is not None:
            _norm_line(axes, norm)
    return figure


def _as_clock(seconds: float, place: int | None = None) -> str:
    return dutch.clock(seconds)


def _time_axis(axes: matplotlib.axes.Axes, top: float) -> None:
    """Ticks on whole steps of a clock: no 3:20 beside 6:40."""
    from matplotlib.ticker import MultipleLocator

    steps = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400)
    step = next((each for each in steps if top / each <= 7), steps[-1])
    axes.xaxis.set_major_locator(MultipleLocator(step))


def _norm_line(axes: matplotlib.axes.Axes, norm: Norm) -> None:
    axes.axvline(norm.level, color=style.ORANGE, linestyle="--", linewidth=1.6)
    low, high = axes.get_xlim()
    at_right = (norm.level - low) / (high - low) > 0.75
    axes.annotate(
        norm.words,
        (norm.level, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-3 if at_right else 3, 2),
        textcoords="offset points",
        ha="right" if at_right else "left",
        va="bottom",
        color=style.ORANGE,
        fontsize=8.5,
    )


def heat_map(
    counts: Mapping[tuple[str, str], int | None],
    across: Sequence[str],
    down: Sequence[str],
) -> matplotlib.figure.Figure:
    """A number in every cell, the darker the higher: to be read without colour.

    ``counts``: (name across, name down) → number; ``None`` is withheld. What is not
    in it is nobody.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    highest = max((each for each in counts.values() if each), default=1)
    with style.apply():
        figure, axes = plt.subplots(figsize=(style.WIDTH, 0.6 + 0.25 * len(down)))
        for y, low in enumerate(down):
            for x, name in enumerate(across):
                count = counts.get((name, low), 0)
                shade = _shade(count, highest)
                axes.add_patch(
                    Rectangle((x + 0.02, y + 0.03), 0.96, 0.94, color=SHADES[shade])
                )
                axes.text(
                    x + 0.5,
                    y + 0.52,
                    dutch.SUPPRESSED if count is None else dutch.number(count),
                    ha="center",
                    va="center",
                    fontsize=8.5,
                    color="white" if shade >= _DARK else style.TEXT,
                )
        axes.set_xlim(0, len(across))
        axes.set_ylim(len(down), 0)
        axes.set_xticks([x + 0.5 for x in range(len(across))], labels=list(across))
        axes.set_yticks([y + 0.5 for y in range(len(down))], labels=list(down))
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.grid(visible=False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        figure.tight_layout()
    return figure


def _shade(count: int | None, highest: int) -> int:
    if not count:
        return 0
    return min(len(SHADES) - 1, 1 + int((len(SHADES) - 1) * count / (highest + 1)))


def distributions(
    spreads: Sequence[Spread], label: str, norm: Norm | None = None
) -> matplotlib.figure.Figure:
    """Panels under each other on one axis; beyond the norm another colour and hatch."""
    import matplotlib.pyplot as plt

    with style.apply():
        figure, panels = plt.subplots(
            len(spreads),
            1,
            figsize=(style.WIDTH, 0.9 + _PANEL * len(spreads)),
            sharex=True,
            squeeze=False,
        )
        highest = max(max(each.shares) for each in spreads)
        for spread, axes in zip(spreads, panels[:, 0], strict=True):
            _distribution(axes, spread, norm)
            if len(spread.shares) < max(len(each.shares) for each in spreads):
                _name_open_class(axes, spread)
            axes.set_ylim(0, highest * 1.25)
        last = panels[-1, 0]
        longest = max(spreads, key=lambda each: len(each.shares))
        _class_axis(last, longest)
        last.set_xlabel(label)
        figure.tight_layout()
    return figure


def _distribution(
    axes: matplotlib.axes.Axes, spread: Spread, norm: Norm | None
) -> None:
    edges = [spread.width * at for at in range(len(spread.shares))]
    limit = norm.level if norm else float("inf")
    late = [edge + spread.width > limit + 1e-9 for edge in edges]
    fills = [style.ORANGE if each else style.SKY for each in late]
    late[-1] = edges[-1] >= limit - 1e-9
    fills[-1] = style.ORANGE if late[-1] else style.SKY
    if edges[-1] < limit < float("inf"):
        fills[-1] = style.RULE  # open, so partly on the other side of the norm
    bars = axes.bar(
        edges,
        spread.shares,
        width=spread.width,
        align="edge",
        color=fills,
        edgecolor="white",
        linewidth=0.8,
    )
    for bar, is_late in zip(bars, late, strict=True):
        bar.set_hatch("///" if is_late else "")
    axes.set_title(spread.title, fontsize=9.5)
    axes.yaxis.set_major_formatter(style.DutchPercentFormatter())
    axes.grid(visible=False, axis="x")
    if norm is None:
        return
    axes.axvline(norm.level, color=style.TEXT, linestyle="--", linewidth=1.4)
    low, high = axes.get_xlim()
    has_room = (norm.level - low) / (high - low) > _ROOM_FOR_WORDS
    left = (-5, 0, "right") if has_room else (5, 0, "left")
    right = (5, 0, "left") if has_room else (5, -13, "left")
    for words, (offset, drop, side) in (
        (spread.within, left),
        (spread.beyond, right),
    ):
        axes.annotate(
            words,
            (norm.level, 0.94),
            xycoords=("data", "axes fraction"),
            xytext=(offset, drop),
            textcoords="offset points",
            ha=side,
            va="top",
            fontsize=8.5,
        )


def _name_open_class(axes: matplotlib.axes.Axes, spread: Spread) -> None:
    """Above the last class of a panel that ends before the axis does."""
    last = spread.width * (len(spread.shares) - 1)
    axes.annotate(
        f"{dutch.number(last, _decimals(last))}+",
        (last + spread.width / 2, spread.shares[-1]),
        xytext=(0, 2),
        textcoords="offset points",
        ha="center",
        fontsize=8,
    )


def _class_axis(axes: matplotlib.axes.Axes, spread: Spread) -> None:
    """Limits of classes on whole steps; the open class gets a plus."""
    number = len(spread.shares)
    last = spread.width * (number - 1)
    step = next((n for n in (1, 2, 5, 10) if number / n <= 12), 10)
    ticks = [spread.width * at for at in range(0, number - 1, step)]
    labels = [dutch.number(tick, _decimals(tick)) for tick in ticks]
    if ticks and last - ticks[-1] < 0.6 * step * spread.width:
        ticks, labels = ticks[:-1], labels[:-1]
    axes.set_xticks(
        [*ticks, last + spread.width / 2],
        labels=[*labels, f"{dutch.number(last, _decimals(last))}+"],
    )
    axes.set_xlim(0, last + spread.width)


def _decimals(value: float) -> int:
    return 0 if value == int(value) else 1
