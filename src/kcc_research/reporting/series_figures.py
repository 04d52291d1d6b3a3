"""Figures of a continuous measurement: control charts and response per channel.

A control chart shows every period of the year: one without answers is a gap with the
word for it, never a line drawn across; one with too few answers is hollow. A signal
differs by shape and by word, not by colour alone, and the caption says how soon the
chart would see a fall (STAT-M27).
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting import series, style
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import DASH, identifier, notes, shown
from kcc_research.reporting.document import Figure
from kcc_research.reporting.figures import HEAD_HEIGHT, ROW_HEIGHT, make_room, name_rows
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import Result
from kcc_research.reporting.series import Point
from kcc_research.reporting.series_tables import (
    last_quarter,
    tabulate_contact_response,
    tabulate_quarter,
    verdict_words,
)
from kcc_research.study.indicator import Indicator, Role
from kcc_research.study.measurement import Study
from kcc_research.study.period import bounds, in_words, short

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

CHART_HEIGHT = 3.7
GAP_FILL = "#E9E9E9"


def plot_control_chart(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    role: Role = "satisfaction",
    channel: str = "",
) -> Figure | Absent:
    """The control chart of ``satisfaction`` or ``headline``, of all or one channel."""
    indicator = series.indicator_of(study, role)
    if indicator is None:
        return Absent("Deze uitkomst is in deze meting niet gevraagd.")
    found = series.points(study, estimates, comparisons, indicator, channel)
    if not series.has_chart(found):
        return Absent(f"Er is geen regelkaart: {series.why_no_chart(study)}.")
    whose = f"via {channel}" if channel else "alle kanalen"
    seen = _seen(study, estimates, found, indicator, channel)
    label = dutch.capitalised(indicator.label)
    return Figure(
        id=f"regelkaart-{identifier(indicator.id)}-{identifier(channel or 'alle')}",
        caption=(
            f"{label} per {series.length_word(found)}, {whose}. {seen} {_legend(found)}"
        ).strip(),
        alt=f"Regelkaart van {indicator.label.lower()}, {whose}. {_spoken(found)}",
        image=_chart_image(study, found, indicator),
        data=_chart_table(study, found, indicator, whose, channel),
        synthetic=study.measurement.synthetic,
    )


def plot_channel_charts(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> list[Figure | Absent]:
    """The chart of satisfaction of every channel that has one."""
    return [
        plot_control_chart(study, estimates, comparisons, "satisfaction", channel)
        for channel in series.charted_channels(study, estimates)
    ]


def _seen(
    study: Study,
    estimates: pd.DataFrame,
    found: Sequence[Point],
    indicator: Indicator,
    channel: str,
) -> str:
    """The detection time, for a share."""
    seen = series.detections(study, estimates, channel).get(series.length_word(found))
    if indicator.statistic != "share" or seen is None:
        return ""
    return f"{series.detection_sentence(study, seen)}."


def _legend(found: Sequence[Point]) -> str:
    """What the marks mean, of those that occur and do not say it themselves."""
    parts = []
    if any(each.is_blind for each in found):
        parts.append(
            "Open rondje: minder dan 100 antwoorden, te weinig om iets te zien."
        )
    if any(each.is_broken for each in found):
        parts.append("Na de trendbreuk vergelijken we niet met de basisperiode.")
    return " ".join(parts)


def _spoken(found: Sequence[Point]) -> str:
    values = dutch.listing(
        f"{in_words(each.period)} "
        + (each.result.value if each.result.is_shown else each.absent_words)
        + (" (signaal)" if each.is_signal else "")
        for each in found
    )
    return f"{dutch.capitalised(values)}."


def _chart_table(
    study: Study, found: Sequence[Point], indicator: Indicator, whose: str, channel: str
) -> Table:
    name = f"{identifier(indicator.id)}-{identifier(channel or 'alle')}"
    return Table(
        id=f"tabel-regelkaart-{name}",
        caption=f"{dutch.capitalised(indicator.label)}, {whose}: waarden en grenzen",
        columns=(
            dutch.capitalised(series.length_word(found)),
            "Antwoorden",
            "Waarde",
            "Ondergrens",
            "Middellijn",
            "Bovengrens",
            "Signaal",
        ),
        rows=tuple(
            (
                series.in_table(study, each.period),
                each.result.answers if each.result.is_shown else DASH,
                shown(each.result) if each.result.is_shown else DASH,
                *(
                    series.printed(line, indicator) or DASH
                    for line in (each.low, each.center, each.high)
                ),
                verdict_words(each),
            )
            for each in found
        ),
        note=notes(each.result for each in found),
        align=("left", *("right",) * 5, "left"),
    )


def plot_quarter(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Figure | Absent:
    """The last quarter beside the one before and the baseline, per chart."""
    indicator = series.indicator_of(study, "satisfaction")
    table = tabulate_quarter(study, estimates, comparisons)
    if indicator is None or isinstance(table, Absent):
        return Absent("Er is nog geen kwartaal met antwoorden.")
    rows = []
    for channel in ("", *series.charted_channels(study, estimates)):
        found = series.quarters(study, estimates, indicator, channel)
        chart = series.points(study, estimates, comparisons, indicator, channel)
        centre = next((each.center for each in chart if each.center is not None), None)
        if found:
            before = found[-2].estimate if len(found) > 1 else None
            rows.append(
                QuarterRow(channel or "alle kanalen", found[-1], before, centre)
            )
    quarter = last_quarter(study, estimates)
    said = dutch.listing(
        f"{row.name} {row.now.value} ({row.now.interval})" for row in rows
    )
    return Figure(
        id="figuur-kwartaal",
        caption=(
            f"Aandeel tevreden in {in_words(quarter)}, met 95%-marge, naast het vorige "
            "kwartaal en de basisperiode."
        ),
        alt=f"Puntenplot met het aandeel tevreden per kanaal: {said}.",
        image=_quarter_image(rows),
        data=table,
        synthetic=study.measurement.synthetic,
    )


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """One line of the quarter's figure."""

    name: str
    now: Result
    before: float | None
    centre: float | None


# --- drawing --------------------------------------------------------------------------


def _chart_image(
    study: Study, found: Sequence[Point], indicator: Indicator
) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    with style.apply():
        figure, axes = plt.subplots(figsize=(style.WIDTH, CHART_HEIGHT))
        _set_axes(axes, found, indicator)
        _draw_baseline(axes, study, found)
        _draw_limits(axes, found)
        _draw_points(axes, found)
        _draw_gaps(axes, found)
        _draw_break(axes, found)
        figure.subplots_adjust(left=0.09, right=0.86, top=0.97, bottom=0.14)
    return figure


def _set_axes(
    axes: matplotlib.axes.Axes, found: Sequence[Point], indicator: Indicator
) -> None:
    lines = [
        line
        for each in found
        for line in (each.low, each.high, each.result.estimate)
        if line is not None
    ]
    low, high = min(lines), max(lines)
    space = 0.22 * (high - low)
    top = high + space if indicator.statistic == "mean" else min(1.03, high + space)
    axes.set_ylim(low - space, top)
    axes.set_xlim(-0.6, len(found) - 0.4)
    years = [bounds(each.period)[0].year for each in found]
    names = [
        f"{short(each.period)}\n{year}"
        if at == 0 or years[at - 1] != year
        else short(each.period)
        for at, (each, year) in enumerate(zip(found, years, strict=True))
    ]
    axes.set_xticks(range(len(found)), labels=names)
    axes.grid(visible=False, axis="x")
    axes.set_ylabel(textwrap.fill(dutch.capitalised(indicator.label), 40))
    if indicator.statistic == "share":
        axes.yaxis.set_major_formatter(style.DutchPercentFormatter())


def _draw_baseline(
    axes: matplotlib.axes.Axes, study: Study, found: Sequence[Point]
) -> None:
    places = [
        at for at, each in enumerate(found) if series.in_baseline(study, each.period)
    ]
    if not places:
        return
    axes.axvspan(
        places[0] - 0.5, places[-1] + 0.5, color=style.LIGHT, alpha=0.6, zorder=-20
    )
    axes.annotate(
        "basisperiode",
        ((places[0] + places[-1]) / 2, 0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        color=style.GREY,
        fontsize=8.5,
    )


def _draw_limits(axes: matplotlib.axes.Axes, found: Sequence[Point]) -> None:
    """Centre and limits as steps, each period its own width; none across a gap."""
    for at, each in enumerate(found):
        for line, dash, width in (
            (each.center, "-", 1.2),
            (each.low, "--", 1.1),
            (each.high, "--", 1.1),
        ):
            if line is not None:
                axes.plot(
                    [at - 0.5, at + 0.5],
                    [line] * 2,
                    color=style.GREY,
                    linestyle=dash,
                    linewidth=width,
                    zorder=1,
                )
    _name_limits(axes, found)


def _name_limits(axes: matplotlib.axes.Axes, found: Sequence[Point]) -> None:
    last = next((each for each in reversed(found) if each.low is not None), None)
    if last is None:
        return
    for line, name in (
        (last.center, "middellijn"),
        (last.low, "ondergrens"),
        (last.high, "bovengrens"),
    ):
        axes.annotate(
            name,
            (1, line or 0),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=style.GREY,
            fontsize=8.5,
        )


def _draw_points(axes: matplotlib.axes.Axes, found: Sequence[Point]) -> None:
    for (at, one), (_, other) in pairwise(enumerate(found)):
        both = one.result.is_shown and other.result.is_shown
        if both and one.is_broken == other.is_broken:
            values = [one.result.estimate or 0, other.result.estimate or 0]
            axes.plot([at, at + 1], values, color=style.BLUE, linewidth=1.2, zorder=2)
    for at, each in enumerate(found):
        if each.result.is_shown:
            _draw_point(axes, at, each)


def _draw_point(axes: matplotlib.axes.Axes, at: int, point: Point) -> None:
    from matplotlib.patheffects import withStroke

    value = point.result.estimate or 0
    colour = style.ORANGE if point.is_signal else style.BLUE
    hollow = point.is_blind or point.result.is_indicative
    below = point.is_signal and point.verdict == "lower"
    axes.plot(
        at,
        value,
        marker="D" if point.is_signal else "o",
        markersize=8.5 if point.is_signal else 6.5,
        color=colour,
        markerfacecolor="white" if hollow else colour,
        zorder=4,
    )
    words = point.result.value + ("\nsignaal" if point.is_signal else "")
    axes.annotate(
        words,
        (at, value),
        xytext=(0, -8 if below else 8),
        textcoords="offset points",
        ha="center",
        va="top" if below else "bottom",
        color=colour if point.is_signal else style.TEXT,
        fontweight="bold" if point.is_signal else "normal",
        fontsize=8.5,
        zorder=5,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
    )


def _draw_gaps(axes: matplotlib.axes.Axes, found: Sequence[Point]) -> None:
    for at, each in enumerate(found):
        if each.result.is_shown:
            continue
        axes.axvspan(at - 0.5, at + 0.5, color=GAP_FILL, zorder=-15)
        axes.annotate(
            each.absent_words,
            (at, 0.5),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="center",
            rotation=90,
            color=style.GREY,
            fontsize=8.5,
        )


def _draw_break(axes: matplotlib.axes.Axes, found: Sequence[Point]) -> None:
    place = next((at for at, each in enumerate(found) if each.is_broken), None)
    if place is not None:
        style.trend_break(axes, place - 0.5)


def _quarter_image(rows: Sequence[QuarterRow]) -> matplotlib.figure.Figure:
    """A dot with its margin per row; the quarter before hollow, the baseline a bar."""
    import matplotlib.pyplot as plt

    names = [dutch.capitalised(row.name) for row in rows]
    remarks = [dutch.base(row.now.n or 0) for row in rows]
    with style.apply():
        figure, axes = plt.subplots(
            figsize=(style.WIDTH, HEAD_HEIGHT + 0.35 + 0.55 * len(rows))
        )
        for place, row in enumerate(rows):
            _quarter_row(axes, place, row, remarks[place])
        axes.xaxis.set_major_formatter(style.DutchPercentFormatter())
        axes.set_xlabel("Aandeel tevreden")
        name_rows(axes, names)
        make_room(figure, names, remarks)
        marks, words = axes.get_legend_handles_labels()
        named = dict(zip(words, marks, strict=True))
        figure.subplots_adjust(top=1 - 0.45 / figure.get_size_inches()[1])
        axes.legend(
            named.values(),
            named.keys(),
            ncols=3,
            loc="lower left",
            bbox_to_anchor=(0, 1.0),
            borderaxespad=0.2,
        )
    return figure


def _quarter_row(
    axes: matplotlib.axes.Axes, place: int, row: QuarterRow, remark: str
) -> None:
    if row.now.has_interval:
        ends = [row.now.ci_low or 0, row.now.ci_high or 0]
        axes.plot(ends, [place] * 2, color=style.BLUE, linewidth=1.6)
    if row.centre is not None:
        axes.plot(
            row.centre,
            place,
            "|",
            color=style.GREY,
            markersize=15,
            markeredgewidth=2,
            label="basisperiode",
            linestyle="none",
        )
    if row.before is not None:
        axes.plot(
            row.before,
            place,
            "s",
            color=style.ORANGE,
            markerfacecolor="white",
            markersize=7,
            label="vorig kwartaal",
            linestyle="none",
        )
    value = row.now.estimate or 0
    axes.plot(
        value,
        place,
        "o",
        color=style.BLUE,
        markersize=8,
        label="dit kwartaal",
        linestyle="none",
    )
    axes.annotate(
        row.now.value,
        (value, place),
        xytext=(0, 8),
        textcoords="offset points",
        ha="center",
        fontweight="bold",
    )
    axes.annotate(
        remark,
        (1, place),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        color=style.GREY,
    )


# --- response -------------------------------------------------------------------------


def plot_contact_response(study: Study, estimates: pd.DataFrame) -> Figure | Absent:
    """Response per channel as bars: a complete count, so without margins."""
    found = series.responses(study, estimates)
    if not found:
        return Absent("Hoeveel mensen zijn uitgenodigd, is niet bekend.")
    spoken = dutch.listing(f"{name} {result.value}" for name, result in found)
    return Figure(
        id="figuur-respons",
        caption=(
            "Respons per kanaal: aandeel van de bereikte uitgenodigden dat antwoordde. "
            "Een volledige telling heeft geen marge."
        ),
        alt=f"Staafdiagram met de respons per kanaal, zonder marges: {spoken}.",
        image=_response_bars(found),
        data=tabulate_contact_response(study, estimates),
        synthetic=study.measurement.synthetic,
    )


def _response_bars(found: Sequence[tuple[str, Result]]) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    names = [dutch.capitalised(name) for name, _ in found]
    words = [
        f"{result.value} ({dutch.number(result.count or 0)} van {result.answers})"
        for _, result in found
    ]
    with style.apply():
        figure, axes = plt.subplots(
            figsize=(style.WIDTH, HEAD_HEIGHT + ROW_HEIGHT * len(found))
        )
        values = [result.estimate or 0 for _, result in found]
        axes.barh(range(len(found)), values, color=style.SKY, height=0.62)
        for place, said in enumerate(words):
            style.words_at_right(axes, place, said, fontsize=9)
        axes.set_xlim(0, max(values) * 1.1)
        axes.set_xlabel("Aandeel van de bereikte uitgenodigden dat antwoordde")
        axes.xaxis.set_major_formatter(style.DutchPercentFormatter())
        name_rows(axes, names)
        make_room(figure, names, words)
    return figure
