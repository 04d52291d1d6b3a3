"""Figures of a benchmark: funnel, coverage matrix, norm against what was found.

Everything drawn stands in the tables of results; limits and intervals are never
computed here. White spots are drawn as what they are, two kinds of empty, and never as
a low value. Fills can be told apart in grey: solid, hatched, open.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.municipal_estimates import FUNNEL
from kcc_research.estimation.norm_coverage import COVERED, WHITE, WHITE_SPOTS
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting import style
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.benchmark_results import (
    coverage,
    dimension_of,
    each_municipality,
    every_indicator,
    indicators_of,
    label,
    size_question,
)
from kcc_research.reporting.benchmark_tables import (
    realised,
    tabulate_coverage,
    tabulate_coverage_by_size,
    tabulate_funnel,
    tabulate_realisation,
)
from kcc_research.reporting.cells import identifier
from kcc_research.reporting.document import Figure
from kcc_research.reporting.figures import HEAD_HEIGHT, ROW_HEIGHT, make_room, name_rows
from kcc_research.reporting.result import Result, find_all
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Study

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

NAME_WIDTH = 24  # letters on one line of a row's name
SOLID, HATCHED, OPEN = style.BLUE, "#A9C9E3", "white"
FILLS: Mapping[str, tuple[str, str]] = {
    COVERED: (SOLID, ""),
    WHITE_SPOTS["not_measured"]: (HATCHED, "////"),
    WHITE_SPOTS["no_norm"]: (OPEN, ""),
}
"""Part of a bar → its fill and hatching."""

WORDS: Mapping[str, str] = {
    COVERED: "norm en gemeten",
    WHITE_SPOTS["not_measured"]: "witte vlek: niet gemeten",
    WHITE_SPOTS["no_norm"]: "witte vlek: geen norm",
}


# --- the funnel -----------------------------------------------------------------------


def plot_funnel(study: Study, estimates: pd.DataFrame, name: str) -> Figure | Absent:
    """Every municipality of a dimension by its contacts, with limits of chance."""
    for indicator in indicators_of(study, dimension_of(study, name)):
        limits = find_all(estimates, indicator=indicator.id, by=FUNNEL)
        if limits:
            return _funnel(study, estimates, indicator, limits)
    return Absent("Van deze dimensie is geen trechter te tekenen.")


def _funnel(
    study: Study,
    estimates: pd.DataFrame,
    indicator: Indicator,
    limits: Sequence[Result],
) -> Figure:
    points = [
        (row.n, row.estimate)
        for row in each_municipality(study, estimates, indicator.id).values()
        if row.n is not None and row.estimate is not None
    ]
    middle = limits[0].estimate or 0
    words = label(indicator)
    low, high = (
        dutch.percentage(each)
        for each in (min(y for _, y in points), max(y for _, y in points))
    )
    return Figure(
        id=f"trechter-{identifier(indicator.id)}",
        caption=(
            f"{words}: {dutch.number(len(points))} gemeenten naar aantal contacten. De "
            "lijnen zijn de grenzen waar 95% en 99,8% van de gemeenten door toeval "
            "tussen blijft"
        ),
        alt=(
            f"Trechterfiguur van {words.lower()}. Het gemiddelde is "
            f"{dutch.percentage(middle)}; gemeenten lopen van {low} tot {high}, bij "
            f"{min(x for x, _ in points)} tot {max(x for x, _ in points)} contacten. "
            "De meeste stippen liggen tussen de grenzen."
        ),
        image=_draw_funnel(points, limits, middle, words),
        data=tabulate_funnel(study, estimates, indicator),
        synthetic=study.measurement.synthetic,
    )


def _draw_funnel(
    points: Sequence[tuple[int, float]],
    limits: Sequence[Result],
    middle: float,
    words: str,
) -> matplotlib.figure.Figure:
    """Dots of one place lie side by side: with few contacts many values are equal."""
    import matplotlib.pyplot as plt

    with style.apply():
        figure, axes = plt.subplots(figsize=(style.WIDTH, 3.7))
        for dash, level in zip(("-", "--"), ("95%", "99,8%"), strict=True):
            rows = [row for row in limits if row.category == level]
            rows.sort(key=lambda row: int(row.group))
            sizes = [int(row.group) for row in rows]
            for side in ("ci_low", "ci_high"):
                values = [getattr(row, side) for row in rows]
                axes.plot(
                    sizes, values, color=style.ORANGE, linestyle=dash, linewidth=1.3
                )
            axes.annotate(
                level,
                (sizes[-1], rows[-1].ci_low or 0),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
                color=style.ORANGE,
            )
        axes.axhline(middle, color=style.GREY, linewidth=1)
        xs, ys = _side_by_side(points)
        draw_many(axes, xs, ys, _DOT, color=style.BLUE, linewidth=2.6, cap="round")
        axes.annotate(
            f"gemiddeld\n{dutch.percentage(middle)}",
            (1, middle),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=style.GREY,
        )
        axes.yaxis.set_major_formatter(style.DutchPercentFormatter())
        axes.set_xlabel("Aantal contacten met de gemeente")
        axes.set_ylabel(textwrap.fill(words, 30))
        figure.subplots_adjust(left=0.13, right=0.88, bottom=0.15, top=0.97)
    return figure


def _side_by_side(
    points: Sequence[tuple[int, float]],
) -> tuple[list[float], list[float]]:
    """Equal points next to each other, within the width of one contact."""
    together: dict[tuple[int, float], int] = {}
    for point in points:
        together[point] = together.get(point, 0) + 1
    most = max(together.values())
    step = min(0.11, 0.85 / most)
    xs, ys = [], []
    for (x, y), count in sorted(together.items()):
        for at in range(count):
            xs.append(x + step * (at - (count - 1) / 2))
            ys.append(y)
    return xs, ys


_DOT = (1e-3, 0.0)


def draw_many(
    axes: matplotlib.axes.Axes,
    xs: Sequence[float],
    ys: Sequence[float],
    stroke: tuple[float, float],
    *,
    color: str,
    linewidth: float,
    cap: Literal["round", "butt"],
) -> None:
    """Many short strokes as one line: an SVG of markers would be ten times as large.

    ``stroke`` is its width and height in data units; a tiny one with round ends is a
    dot.
    """
    wide, high = stroke
    line_x = [each for x in xs for each in (x - wide / 2, x + wide / 2, math.nan)]
    line_y = [each for y in ys for each in (y - high / 2, y + high / 2, math.nan)]
    axes.plot(line_x, line_y, color=color, linewidth=linewidth, solid_capstyle=cap)


# --- white spots ----------------------------------------------------------------------


def plot_coverage(study: Study, estimates: pd.DataFrame) -> Figure | Absent:
    """A bar per norm: which part is measured, which kind of white spot the rest is."""
    table = tabulate_coverage(study, estimates)
    if isinstance(table, Absent):
        return table
    rows = _bar_rows(study, estimates)
    said = dutch.listing(
        f"{dimension.label.lower()} {parts[WHITE].value}"
        for dimension in study.measurement.dimension
        if (parts := coverage(study, estimates, dimension.id))
    )
    return Figure(
        id="witte-vlekken",
        caption=(
            "Normen per dimensie: gemeten, niet gemeten of er niet. Aandeel van alle "
            "gemeenten; een volledige telling heeft geen marge"
        ),
        alt=(
            "Gestapelde staven per norm met drie delen: norm en gemeten, witte vlek "
            f"niet gemeten, witte vlek geen norm. Samen wit: {said}."
        ),
        image=_draw_bars(rows),
        data=table,
        synthetic=study.measurement.synthetic,
    )


Parts = Mapping[str, Result]


def _bar_rows(study: Study, estimates: pd.DataFrame) -> list[tuple[str, str, Parts]]:
    """Dimension, norm and its parts."""
    return [
        (dimension.label, label(indicator), parts)
        for dimension in study.measurement.dimension
        for indicator in indicators_of(study, dimension)
        if (parts := coverage(study, estimates, indicator.id))
    ]


def _draw_bars(rows: Sequence[tuple[str, str, Parts]]) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    places, heads = _places([dimension for dimension, _, _ in rows])
    with style.apply():
        height = HEAD_HEIGHT + 0.36 * (places[-1] + 1) + 0.3
        figure, axes = plt.subplots(figsize=(style.WIDTH, height))
        for place, (_, _, parts) in zip(places, rows, strict=True):
            _stack(axes, parts, place, left=0.0, width=1.0, height=0.66)
        for place, words in heads:
            axes.annotate(
                words,
                (0, place),
                xycoords=("axes fraction", "data"),
                xytext=(0, 0),
                textcoords="offset points",
                va="center",
                fontweight="bold",
                fontsize=9.5,
            )
        axes.set_yticks(places, labels=[name for _, name, _ in rows])
        axes.set_ylim(places[-1] + 0.6, heads[0][0] - 0.5)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(style.DutchPercentFormatter())
        axes.set_xlabel("Aandeel van de gemeenten")
        _legend(axes, height)
        make_room(figure, [name for _, name, _ in rows], [])
        figure.subplots_adjust(right=0.97, top=1 - 0.5 / height)
    return figure


def _places(groups: Sequence[str]) -> tuple[list[float], list[tuple[float, str]]]:
    """Rows from the top down, with room for a heading above each group."""
    places: list[float] = []
    heads: list[tuple[float, str]] = []
    at = 0.0
    for number, group in enumerate(groups):
        if number == 0 or group != groups[number - 1]:
            heads.append((at, group))
            at += 1
        places.append(at)
        at += 1
    return places, heads


def _stack(
    axes: matplotlib.axes.Axes,
    parts: Parts,
    place: float,
    *,
    left: float,
    width: float,
    height: float,
    least: float = 0.09,
) -> None:
    """One bar of three parts, with the share in every part that has room for it."""
    start = left
    for kind, (fill, hatch) in FILLS.items():
        share = parts[kind].estimate or 0
        axes.barh(
            place,
            share * width,
            left=start,
            height=height,
            color=fill,
            hatch=hatch,
            edgecolor=style.GREY,
            linewidth=0.8,
        )
        if share >= least:
            axes.text(
                start + share * width / 2,
                place,
                parts[kind].value,
                ha="center",
                va="center",
                fontsize=8,
                color="white" if fill == SOLID else style.TEXT,
                bbox=None
                if not hatch
                else {"facecolor": "white", "edgecolor": "none", "pad": 1.2},
            )
        start += share * width


def _legend(axes: matplotlib.axes.Axes, height: float) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=fill, hatch=hatch, edgecolor=style.GREY, label=WORDS[kind])
        for kind, (fill, hatch) in FILLS.items()
    ]
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.35, 1.0 + 0.06 / height),
        ncols=3,
        handlelength=1.6,
        columnspacing=1.4,
        borderaxespad=0,
    )


def plot_coverage_matrix(study: Study, estimates: pd.DataFrame) -> Figure | Absent:
    """Norms by size class: in every cell the three parts, and how much is white."""
    table = tabulate_coverage_by_size(study, estimates)
    size = size_question(study)
    if isinstance(table, Absent) or size is None:
        return table if isinstance(table, Absent) else Absent("")
    columns = [(TOTAL, TOTAL), *((size.id, each) for each in size.categories)]
    rows = [
        (
            label(indicator),
            [coverage(study, estimates, indicator.id, *place) for place in columns],
        )
        for indicator in every_indicator(study)
        if coverage(study, estimates, indicator.id)
    ]
    heads = ["alle\ngemeenten", *(textwrap.fill(each, 11) for each in size.categories)]
    return Figure(
        id="dekkingsmatrix",
        caption=(
            "Dekking per norm en inwonerklasse. Elke cel is verdeeld in norm en "
            "gemeten (vol), niet gemeten (gestreept) en geen norm (leeg); het getal is "
            "het aandeel dat wit is"
        ),
        alt=(
            "Matrix van normen tegen inwonerklassen. Elke cel is een balk met drie "
            f"delen. Wit is, bij alle gemeenten: {_spoken_white(rows)}."
        ),
        image=_draw_matrix(rows, heads),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def _spoken_white(rows: Sequence[tuple[str, Sequence[Parts]]]) -> str:
    return dutch.listing(
        f"{name.lower()} {cells[0][WHITE].value}" for name, cells in rows
    )


def _draw_matrix(
    rows: Sequence[tuple[str, Sequence[Parts]]], heads: Sequence[str]
) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    gap = 0.12
    with style.apply():
        height = HEAD_HEIGHT + 0.5 + 0.4 * len(rows)
        figure, axes = plt.subplots(figsize=(style.WIDTH, height))
        for place, (_, cells) in enumerate(rows):
            for column, parts in enumerate(cells):
                _stack(
                    axes,
                    parts,
                    place + 0.2,
                    left=column + gap / 2,
                    width=1 - gap,
                    height=0.3,
                    least=2.0,
                )
                axes.text(
                    column + 0.5,
                    place - 0.16,
                    f"{parts[WHITE].value} wit",
                    ha="center",
                    va="center",
                    fontsize=8.5,
                )
        name_rows(axes, [name for name, _ in rows])
        axes.set_xlim(0, len(heads))
        axes.set_xticks([each + 0.5 for each in range(len(heads))], labels=list(heads))
        axes.xaxis.tick_top()
        axes.tick_params(axis="x", length=0)
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
        make_room(figure, [name for name, _ in rows], [])
        figure.subplots_adjust(right=0.99, top=1 - 0.55 / height, bottom=0.1 / height)
    return figure


# --- norm and what was found ----------------------------------------------------------


def plot_realisation(study: Study, estimates: pd.DataFrame) -> Figure | Absent:
    """The mean norm and what was found in the same municipalities, per norm."""
    table = tabulate_realisation(study, estimates)
    if isinstance(table, Absent):
        return table
    rows = realised(study, estimates)
    shares = [each for each in rows if each[1].statistic == "share"]
    if not shares:
        return Absent("Er zijn geen normen die een percentage zijn.")
    said = dutch.listing(
        f"{label(each).lower()} norm {norm.value}, gevonden {value.value}"
        for each, norm, value in shares
    )
    others = [
        label(each).lower() for each, norm, _ in rows if norm.statistic != "share"
    ]
    rest = (
        f" De norm voor het {dutch.listing(others)} staat in de tabel."
        if others
        else ""
    )
    return Figure(
        id="norm-en-realisatie",
        caption=(
            "Norm (ruit) en wat wij vonden (stip, met 95%-marge) bij gemeenten die de "
            f"norm hebben, elk even zwaar.{rest}"
        ),
        alt=f"Puntenplot met per norm een ruit en een stip: {said}.",
        image=_draw_pairs(shares),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def _draw_pairs(
    rows: Sequence[tuple[Indicator, Result, Result]],
) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    names = [label(indicator) for indicator, _, _ in rows]
    remarks = [f"{norm.answers} gemeenten" for _, norm, _ in rows]
    with style.apply():
        height = HEAD_HEIGHT + ROW_HEIGHT * len(rows)
        figure, axes = plt.subplots(figsize=(style.WIDTH, height))
        for place, (_, norm, value) in enumerate(rows):
            axes.plot(
                [value.estimate or 0, norm.estimate or 0],
                [place, place],
                color=style.RULE,
                linewidth=3,
                zorder=1,
            )
            draw_norm(axes, place, norm.estimate or 0, norm.value)
            draw_found(axes, place, value)
            annotate_right(axes, place, remarks[place])
        low = min(value.ci_low or 0 for _, _, value in rows)
        axes.set_xlim(max(0.0, low - 0.08), 1.0)
        axes.xaxis.set_major_formatter(style.DutchPercentFormatter())
        axes.set_xlabel("Aandeel van de contacten")
        name_rows(axes, names)
        make_room(figure, names, remarks)
    return figure


def draw_norm(
    axes: matplotlib.axes.Axes, place: float, value: float, words: str
) -> None:
    """A norm: an open diamond with its level below it."""
    axes.plot(
        value,
        place,
        marker="D",
        color=style.ORANGE,
        markerfacecolor="white",
        markeredgewidth=1.6,
        markersize=7,
        linestyle="",
    )
    axes.annotate(
        words,
        (value, place),
        xytext=(0, -14),
        textcoords="offset points",
        ha="center",
        fontsize=8.5,
        color=style.ORANGE,
    )


def draw_found(axes: matplotlib.axes.Axes, place: float, value: Result) -> None:
    """What was found: a dot with its interval and its number above it."""
    if value.ci_low is not None and value.ci_high is not None:
        axes.plot(
            [value.ci_low, value.ci_high],
            [place, place],
            color=style.BLUE,
            linewidth=1.8,
            solid_capstyle="butt",
            zorder=2,
        )
    axes.plot(value.estimate or 0, place, "o", color=style.BLUE, markersize=7, zorder=3)
    axes.annotate(
        value.value,
        (value.estimate or 0, place),
        xytext=(0, 8),
        textcoords="offset points",
        ha="center",
        fontsize=8.5,
        fontweight="bold",
    )


def annotate_right(axes: matplotlib.axes.Axes, place: float, words: str) -> None:
    """Words in a column at the right of the axes."""
    style.words_at_right(axes, place, words, fontsize=9, color=style.GREY)
