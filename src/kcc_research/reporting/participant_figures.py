"""Figures about respondents who chose themselves: counts drawn, no interval.

Every bar carries its count and base; the caption says why there is no margin. Bars
stand in the order of the questionnaire, never by length (STAT-C10).
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting import style
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.document import Figure
from kcc_research.reporting.figures import (
    HEAD_HEIGHT,
    ROW_HEIGHT,
    make_room,
    name_rows,
)
from kcc_research.reporting.participant_tables import (
    cross_cells,
    group_means,
    group_name,
    participation,
    slug,
    tabulate_cross,
    tabulate_group_means,
    tabulate_items,
    tabulate_participation,
)
from kcc_research.reporting.participants import (
    NO_MARGIN,
    cross_tables,
    items,
    sides,
)
from kcc_research.reporting.privacy import few_words
from kcc_research.reporting.result import Result
from kcc_research.study.cross_table import CrossTable
from kcc_research.study.measurement import Source, Study

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

NAME_WIDTH = 34  # letters on one line of a row's name
FILLS = ("#EDF3F9", "#CFE0F0", "#A9C9E3", "#7FB0D8")
"""From few to many, all light enough for dark letters."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart: its name, how long it is, and the words behind it."""

    name: str
    length: float
    words: str
    is_total: bool = False


def plot_items(study: Study, estimates: pd.DataFrame, theme: str) -> Figure | Absent:
    """A bar per outcome of a theme, with count, base and share."""
    table = tabulate_items(study, estimates, theme)
    if isinstance(table, Absent):
        return table
    found = items(study, estimates, theme)
    bars = [
        Bar(dutch.capitalised(name), result.estimate or 0, _words(result))
        for name, result in found
    ]
    who = dutch.listing(
        dict.fromkeys(
            study.questionnaires[result.source].population for _, result in found
        )
    )
    return Figure(
        id=f"figuur-{slug(theme)}",
        caption=(
            f"{dutch.capitalised(theme)}: aantal en aandeel van de {who} dat dit "
            f"antwoordt. {NO_MARGIN}"
        ),
        alt=f"Staafdiagram zonder marges. {_spoken(bars)}",
        image=_bars(bars, 1.0, "Aandeel van de antwoorden", is_share=True),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def _words(result: Result) -> str:
    """``26 van 84 (31%)``."""
    if result.count is None:
        return dutch.SUPPRESSED
    return f"{dutch.number(result.count)} van {result.answers} ({result.value})"


def _spoken(bars: Sequence[Bar]) -> str:
    return dutch.capitalised(
        f"{'; '.join(f'{bar.name.lower()}: {bar.words}' for bar in bars)}."
    )


def plot_group_means(study: Study, estimates: pd.DataFrame) -> Figure | Absent:
    """The mean that a declared ratio compares, for every group of participants."""
    found = next(
        (
            (source, ratio)
            for source in study.surveys
            for ratio in study.questionnaires[source.id].ratio
        ),
        None,
    )
    if found is None:
        return Absent("In deze meting worden geen groepen vergeleken.")
    source, ratio = found
    indicator = study.questionnaires[source.id].indicators[ratio.indicator]
    means = group_means(study, estimates, source, indicator)
    bars = [
        Bar(
            dutch.capitalised(name),
            mean.estimate or 0,
            _mean_words(mean),
            is_total=mean.by == TOTAL,
        )
        for name, mean in means
    ]
    upper = 1.1 * max(bar.length for bar in bars)
    label = dutch.capitalised(indicator.label)
    return Figure(
        id=f"figuur-{slug(indicator.id)}",
        caption=f"{label} per groep deelnemers. {NO_MARGIN}",
        alt=f"Staafdiagram zonder marges. {_spoken(bars)}",
        image=_bars(bars, upper, label, is_share=False),
        data=tabulate_group_means(study, estimates, source, indicator),
        synthetic=study.measurement.synthetic,
    )


def _mean_words(result: Result) -> str:
    """``2,4 (n = 15), weinig``."""
    if result.n is None:
        return result.value
    few = ", weinig" if result.is_indicative else ""
    return f"{result.value} ({dutch.base(result.n)}){few}"


def plot_participation(
    study: Study, estimates: pd.DataFrame, by: str
) -> Figure | Absent:
    """Share of the municipalities that took part, per *size_class* or *province*."""
    table = tabulate_participation(study, estimates, by)
    if isinstance(table, Absent):
        return table
    rows = participation(study, estimates, by)
    bars = [
        Bar(
            dutch.capitalised(group_name(row)),
            row.estimate or 0,
            _words(row),
            is_total=row.by == TOTAL,
        )
        for row in rows
    ]
    upper = min(1.0, 1.15 * max(bar.length for bar in bars))
    what = {"size_class": "inwonerklasse", "province": "provincie"}[by]
    is_whole = all(row.is_shown for row in rows)
    few = "" if is_whole else f" {few_words(study, 'gemeenten')}"
    return Figure(
        id=f"figuur-deelname-{slug(by)}",
        caption=(
            f"Deelname per {what}, van alle gemeenten in het register. De streeplijn "
            f"is het aandeel van alle gemeenten samen.{few} Een volledige telling "
            "heeft geen marge."
        ),
        alt=f"Staafdiagram met de deelname per {what}. {_spoken(bars)}",
        image=_bars(
            bars,
            upper,
            "Aandeel dat meedeed",
            is_share=True,
            line=rows[-1].estimate,
        ),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def plot_cross_tables(
    study: Study, estimates: pd.DataFrame, theme: str = ""
) -> list[Figure]:
    """A 2×2 figure per declared cross table, or per one of a theme."""
    return [
        _cross(study, estimates, source, table)
        for source, table in cross_tables(study, theme)
    ]


def _cross(
    study: Study, estimates: pd.DataFrame, source: Source, table: CrossTable
) -> Figure:
    data = tabulate_cross(study, estimates, source, table)
    row_sides = sides(study, source, table.rows)
    column_sides = sides(study, source, table.columns)
    cells = cross_cells(estimates, source, table)
    said = dutch.listing(f"{name}: {_words(result)}" for name, result in cells.items())
    return Figure(
        id=f"figuur-{slug(table.id)}",
        caption=(
            f"{table.label}: hoeveel {study.questionnaires[source.id].population} "
            f"beide, een van beide of geen van beide hebben. {NO_MARGIN}"
        ),
        alt=f"Vier vakken naast en onder elkaar. {dutch.capitalised(said)}.",
        image=_squares(table, cells, row_sides, column_sides),
        data=data,
        synthetic=study.measurement.synthetic,
    )


# --- drawing --------------------------------------------------------------------------


def _bars(
    bars: Sequence[Bar],
    upper: float,
    label: str,
    *,
    is_share: bool,
    line: float | None = None,
) -> matplotlib.figure.Figure:
    """Horizontal bars from zero, first row on top, words in a column at the right."""
    import matplotlib.pyplot as plt

    names = [textwrap.fill(bar.name, NAME_WIDTH) for bar in bars]
    with style.apply():
        figure, axes = plt.subplots(
            figsize=(style.WIDTH, HEAD_HEIGHT + ROW_HEIGHT * len(bars))
        )
        places = range(len(bars))
        fills = [style.BLUE if bar.is_total else style.SKY for bar in bars]
        axes.barh(places, [bar.length for bar in bars], color=fills, height=0.62)
        for place, bar in zip(places, bars, strict=True):
            _beside(axes, place, bar.words)
        if line is not None:
            axes.axvline(line, color=style.GREY, linestyle="--", linewidth=1)
        axes.set_xlim(0, upper)
        axes.set_xlabel(label)
        if is_share:
            axes.xaxis.set_major_formatter(style.DutchPercentFormatter())
        name_rows(axes, names)
        lines = [each for name in names for each in name.splitlines()]
        make_room(figure, lines, [bar.words for bar in bars])
    return figure


def _beside(axes: matplotlib.axes.Axes, place: float, words: str) -> None:
    style.words_at_right(axes, place, words, fontweight="bold", fontsize=9)


def _squares(
    table: CrossTable,
    cells: Mapping[str, Result],
    row_sides: Sequence[str],
    column_sides: Sequence[str],
) -> matplotlib.figure.Figure:
    """Four squares; the more participants, the darker, with the count inside."""
    import matplotlib.pyplot as plt

    with style.apply():
        figure, axes = plt.subplots(figsize=(style.WIDTH, 2.9))
        counts = sorted({cell.count or 0 for cell in cells.values()})
        for x, column in enumerate((True, False)):
            for y, row in enumerate((True, False)):
                cell = cells.get(table.cell(row=row, column=column))
                if cell is not None:
                    fill = FILLS[counts.index(cell.count or 0)]
                    _square(axes, x, y, cell, fill)
        axes.set_xlim(0, 2)
        axes.set_ylim(2, 0)
        above = [f"{table.column_label}: {each}" for each in column_sides]
        beside = [f"{table.row_label}: {each}" for each in row_sides]
        axes.set_xticks([0.5, 1.5], labels=above)
        axes.set_yticks([0.5, 1.5], labels=beside)
        axes.xaxis.tick_top()
        axes.tick_params(length=0, labelsize=9.5)
        axes.grid(visible=False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        figure.subplots_adjust(left=0.22, right=0.98, top=0.88, bottom=0.04)
    return figure


def _square(
    axes: matplotlib.axes.Axes, x: int, y: int, cell: Result, fill: str
) -> None:
    import matplotlib.patches

    gap = 0.03
    axes.add_patch(
        matplotlib.patches.Rectangle(
            (x + gap, y + gap),
            1 - 2 * gap,
            1 - 2 * gap,
            facecolor=fill,
            edgecolor=style.GREY,
            linewidth=0.8,
            alpha=0.55,
        )
    )
    words = dutch.SUPPRESSED if cell.count is None else dutch.number(cell.count)
    axes.text(
        x + 0.5,
        y + 0.42,
        words,
        ha="center",
        va="center",
        fontsize=17,
        fontweight="bold",
    )
    axes.text(
        x + 0.5, y + 0.72, f"{cell.value} van {cell.answers}", ha="center", va="center"
    )
