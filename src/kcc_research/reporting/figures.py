"""The figures of a report: finished estimates drawn, nothing computed.

Intervals come from the tables, never from the plotting library. Every figure shows
its intervals or says why there are none, has an alt text with its main numbers, and
the table behind it (PUBLISHING §6). Colour is never the only carrier.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.tables import DOMAIN
from kcc_research.reporting import style, tables
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import shown
from kcc_research.reporting.document import Figure
from kcc_research.reporting.result import (
    Result,
    find,
    headline,
    judged_by,
    question_with_role,
    with_role,
)
from kcc_research.reporting.trend import TrendPoint, WaveResults, trend
from kcc_research.reporting.wording import respondents
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Source, Study
from kcc_research.study.questionnaire import Question

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

ROW_HEIGHT = 0.42  # inches per row of a dot plot
HEAD_HEIGHT = 0.9  # inches for axis and label
LEAST_SPAN = {"mean": 2.0, "share": 0.4}  # a short axis makes small changes look big
LINE = 36  # letters on a line above a panel
LETTER = 0.082  # inches of an average letter of a row's name or remark


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a dot plot: a name, a number, and words at the right."""

    name: str
    result: Result
    remark: str = ""


def plot_distribution(study: Study, estimates: pd.DataFrame) -> Figure | Absent:
    """Share of answers per class of the headline, with interval."""
    found = next(with_role(study, "distribution"), None)
    table = tables.tabulate_distribution(study, estimates)
    if found is None or isinstance(table, Absent):
        return Absent("De verdeling van de cijfers is in deze meting niet gevraagd.")
    source, indicator = found
    rows = tables.distribution(estimates, source, indicator)
    return Figure(
        id="verdeling",
        caption=f"{dutch.capitalised(indicator.label)}: {respondents(study, source)}",
        alt=f"Staafdiagram met het aandeel antwoorden per klasse: {spoken(rows)}.",
        image=draw_bars(rows, axis_of_shares(rows), "Aandeel van de antwoorden"),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def plot_groups(study: Study, estimates: pd.DataFrame, role: str) -> Figure | Absent:
    """The headline of every channel or service with its interval.

    Services are sorted by their value, channels stay in declared order.
    """
    found = question_with_role(study, role)
    if found is None:
        what = {"channel": "het kanaal", "service": "het product of de dienst"}[role]
        return Absent(
            f"In deze meting is niet uitgesplitst naar {what} van het contact."
        )
    source, question = found
    indicator = judged_by(study, source, role)
    table = tables.tabulate_groups(study, estimates, source.id, question.id)
    rows = _groups(estimates, source, question, indicator) if indicator else []
    who = tables.asked_respondents(study, source, question)
    if indicator is None or not rows or isinstance(table, Absent):
        return Absent(f"Er zijn geen uitkomsten naar {question.short.lower()}.")
    if role == "service":
        rows.sort(key=lambda row: row.result.estimate or 0)
    total = _whole(study, estimates, source, question, indicator)
    return Figure(
        id=f"figuur-{question.id}".replace("_", "-"),
        caption=(
            f"{dutch.capitalised(indicator.label)} naar {question.short.lower()}"
            f"{_with_margin(study)}: {who}"
        ),
        alt=(
            f"Puntenplot met het gemiddelde per {question.short.lower()}: "
            f"{_spoken_rows(rows)}."
        ),
        image=_dots(rows, _label(study, source, indicator), total),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def plot_aspects(study: Study, estimates: pd.DataFrame) -> Figure | Absent:
    """Aspects sorted by score, lowest first, with the share dissatisfied in words."""
    table = tables.tabulate_aspects(study, estimates)
    if isinstance(table, Absent):
        return table
    pairs = [pair for pair in tables.aspects(study, estimates) if pair[1].is_shown]
    word = tables.low_word(study)
    rows = [
        Row(dutch.capitalised(label), score, f"{shown(low)} {word}" if low else "")
        for label, score, low in pairs
    ]
    source, indicator = next(with_role(study, "aspect"))
    return Figure(
        id="aspecten",
        caption=(
            f"Score per aspect{_with_margin(study)}, laagste score bovenaan: "
            f"{respondents(study, source)}"
        ),
        alt=f"Puntenplot met de score per aspect: {_spoken_rows(rows)}.",
        image=_dots(rows, _scale_words(study, source, indicator)),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def plot_themes(study: Study, estimates: pd.DataFrame) -> Figure | Absent:
    """Share of persons who mention a theme in an open answer, largest first."""
    table = tables.tabulate_themes(study, estimates)
    if isinstance(table, Absent):
        return table
    rows = [row for row in tables.themes(study, estimates) if row.is_shown]
    return Figure(
        id="themas",
        caption=(
            "Thema’s in de open antwoorden: aandeel van "
            f"{dutch.number(tables.theme_base(rows))} personen dat het thema noemt"
        ),
        alt=f"Staafdiagram met het aandeel personen per thema: {spoken(rows)}.",
        image=draw_bars(rows, axis_of_shares(rows), "Aandeel van de personen"),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def plot_trend(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    earlier: Iterable[WaveResults],
) -> Figure | Absent:
    """Headline and satisfaction per wave; a line only where waves can be compared."""
    waves = list(earlier)
    panels = [
        (source, indicator, points)
        for source, indicator in _trended(study)
        if len(points := trend(study, estimates, comparisons, waves, source, indicator))
        > 1
    ]
    if not panels:
        return Absent("")  # the text above says why
    broken = any(not point.follows for _, _, points in panels for point in points[1:])
    note = " De onderbroken lijn is een trendbreuk." if broken else ""
    return Figure(
        id="metingen",
        caption=f"Uitkomsten per meting{_with_margin(study)}.{note}",
        alt=f"Puntenplot per meting. {_spoken_trend(panels)}{note}",
        image=_trend_panels(study, panels),
        data=tables.tabulate_waves(
            [(indicator.label, points) for _, indicator, points in panels]
        ),
        synthetic=study.measurement.synthetic,
    )


Panel = tuple[Source, Indicator, list[TrendPoint]]


def _trended(study: Study) -> list[tuple[Source, Indicator]]:
    found = headline(study)
    if found is None:
        return []
    satisfied = [
        each for each in with_role(study, "satisfaction") if each[0].id == found[0].id
    ]
    return [found, *satisfied[:1]]


def _groups(
    estimates: pd.DataFrame, source: Source, question: Question, indicator: Indicator
) -> list[Row]:
    rows = []
    for group in question.categories:
        result = find(
            estimates,
            source=source.id,
            indicator=indicator.id,
            by=question.id,
            group=group,
        )
        if result is not None and result.is_shown:
            mark = " (weinig)" if result.is_indicative else ""
            rows.append(Row(dutch.capitalised(group), result, f"{_n(result)}{mark}"))
    return rows


def _whole(
    study: Study,
    estimates: pd.DataFrame,
    source: Source,
    question: Question,
    indicator: Indicator,
) -> Result | None:
    """The number for everybody who was asked: of a routed question not the total."""
    where = {"source": source.id, "indicator": indicator.id}
    questionnaire = study.questionnaires[source.id]
    if not question.asked_if or tables.is_target(questionnaire, source, question):
        return find(estimates, **where)
    for domain in questionnaire.filter:
        if domain.condition == question.asked_if:
            return find(estimates, **where, by=DOMAIN, group=domain.id)
    return None


def _with_margin(study: Study) -> str:
    return ", met 95%-marge" if study.measurement.has_sampling_error else ""


def _n(result: Result) -> str:
    return "" if result.n is None else dutch.base(result.n)


def spoken(rows: Sequence[Result]) -> str:
    """``telefoon 22%, balie 30% en e-mail 48%``, for an alt text."""
    return dutch.listing(f"{row.category} {row.value}" for row in rows)


def _spoken_rows(rows: Sequence[Row]) -> str:
    return dutch.listing(
        f"{row.name.lower()} {row.result.value}"
        + (f" ({row.result.interval})" if row.result.interval else "")
        for row in rows
    )


def _spoken_trend(panels: Sequence[Panel]) -> str:
    return " ".join(
        f"{dutch.capitalised(indicator.label)}: "
        + dutch.listing(f"{point.name} {point.result.value}" for point in points)
        + "."
        for _, indicator, points in panels
    )


def _label(study: Study, source: Source, indicator: Indicator) -> str:
    question = study.questionnaires[source.id].questions[indicator.question]
    return f"{dutch.capitalised(indicator.label)}{_range(question)}"


def _scale_words(study: Study, source: Source, indicator: Indicator) -> str:
    question = study.questionnaires[source.id].questions[indicator.question]
    return f"Gemiddelde score{_range(question)}, hoger is beter"


def _range(question: Question) -> str:
    if question.range is None:
        return ""
    low, high = (dutch.number(bound) for bound in question.range)
    return f" ({low} tot en met {high})"


def axis_of_shares(rows: Sequence[Result]) -> float:
    """Where an axis of shares ends: room for every interval, 100% at most."""
    highest = max((row.ci_high or row.estimate or 0 for row in rows), default=1)
    return min(1.0, highest * 1.25)


def draw_bars(
    rows: Sequence[Result], upper: float, label: str
) -> matplotlib.figure.Figure:
    """Horizontal bars with value at the right of the interval, first row on top."""
    import matplotlib.pyplot as plt

    with style.apply():
        figure, axes = plt.subplots(
            figsize=(style.WIDTH, HEAD_HEIGHT + ROW_HEIGHT * len(rows))
        )
        places = range(len(rows))
        values = [row.estimate or 0 for row in rows]
        axes.barh(places, values, color=style.SKY, height=0.62, alpha=0.9)
        for place, row in zip(places, rows, strict=True):
            _whisker(axes, place, row)
            axes.annotate(
                row.value,
                (row.ci_high or row.estimate or 0, place),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontweight="bold",
            )
        axes.set_xlim(0, upper)
        axes.xaxis.set_major_formatter(style.DutchPercentFormatter())
        axes.set_xlabel(label)
        name_rows(axes, [row.category for row in rows])
        make_room(figure, [row.category for row in rows], [])
    return figure


def _dots(
    rows: Sequence[Row], label: str, total: Result | None = None
) -> matplotlib.figure.Figure:
    """A dot with interval per row, its value beside it, a remark at the right."""
    import matplotlib.pyplot as plt

    with style.apply():
        figure, axes = plt.subplots(
            figsize=(style.WIDTH, HEAD_HEIGHT + ROW_HEIGHT * len(rows))
        )
        if total is not None and total.estimate is not None:
            axes.axvline(total.estimate, color=style.GREY, linestyle="--", linewidth=1)
            axes.annotate(
                f"totaal {total.value}",
                (total.estimate, 1),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                color=style.GREY,
                fontsize=8.5,
            )
        for place, row in enumerate(rows):
            _whisker(axes, place, row.result)
            _dot(axes, place, row)
        axes.set_xlim(*_limits([row.result for row in rows]))
        axes.set_xlabel(label)
        name_rows(axes, [row.name for row in rows])
        make_room(figure, [row.name for row in rows], [row.remark for row in rows])
    return figure


def _dot(axes: matplotlib.axes.Axes, place: int, row: Row) -> None:
    estimate = row.result.estimate or 0
    hollow = row.result.is_indicative
    axes.plot(
        estimate,
        place,
        marker="o",
        color=style.BLUE,
        markerfacecolor="white" if hollow else style.BLUE,
        markersize=8,
    )
    axes.annotate(
        row.result.value,
        (estimate, place),
        xytext=(0, 7),
        textcoords="offset points",
        ha="center",
        fontweight="bold",
    )
    style.words_at_right(axes, place, row.remark, color=style.GREY)


def _whisker(axes: matplotlib.axes.Axes, place: float, result: Result) -> None:
    if result.has_interval:
        axes.plot(
            [result.ci_low or 0, result.ci_high or 0],
            [place, place],
            color=style.BLUE,
            linewidth=1.6,
            solid_capstyle="butt",
        )


def _limits(results: Sequence[Result]) -> tuple[float, float]:
    low = min(result.ci_low or result.estimate or 0 for result in results)
    high = max(result.ci_high or result.estimate or 0 for result in results)
    space = max(0.15 * (high - low), 0.1)
    return low - space, high + space


def name_rows(axes: matplotlib.axes.Axes, names: Sequence[str]) -> None:
    """Rows from the top down, each with its name at the left."""
    axes.set_yticks(range(len(names)), labels=list(names))
    axes.set_ylim(len(names) - 0.5, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def make_room(
    figure: matplotlib.figure.Figure, names: Sequence[str], remarks: Sequence[str]
) -> None:
    """Keep names and remarks inside the figure, so that its letters keep their size."""
    left = max(map(len, names), default=0) * LETTER + 0.15
    right = max(map(len, remarks), default=0) * LETTER + 0.15
    height = figure.get_size_inches()[1]
    figure.subplots_adjust(
        left=min(left / style.WIDTH, 0.45),
        right=1 - min(right / style.WIDTH, 0.3),
        bottom=0.55 / height,
        top=1 - 0.25 / height,
    )


MOST_BESIDE = 3
"""Measurements whose names fit below half a page; with more, panels are stacked."""

FULL = 1.03
"""No axis of shares goes past 100%; a little room for the marker."""


def _trend_panels(study: Study, panels: Sequence[Panel]) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    longest = max(len(points) for _, _, points in panels)
    across = 1 if longest > MOST_BESIDE else len(panels)
    down = len(panels) if across == 1 else 1
    with style.apply():
        figure, grid = plt.subplots(
            down, across, figsize=(style.WIDTH, 3.4 * down), squeeze=False
        )
        for axes, (_, indicator, points) in zip(grid.flat, panels, strict=True):
            _draw_trend(axes, points)
            title = textwrap.fill(dutch.capitalised(indicator.label), LINE)
            axes.set_title(title)
            if indicator.statistic != "mean":
                axes.yaxis.set_major_formatter(style.DutchPercentFormatter())
        figure.tight_layout(w_pad=2.5)
    return figure


def _draw_trend(axes: matplotlib.axes.Axes, points: Sequence[TrendPoint]) -> None:
    shown_points = [point for point in points if point.result.is_shown]
    for place, point in enumerate(shown_points):
        result = point.result
        if result.has_interval:
            axes.plot(
                [place, place],
                [result.ci_low or 0, result.ci_high or 0],
                color=style.BLUE,
                linewidth=1.6,
            )
        axes.plot(place, result.estimate or 0, "o", color=style.BLUE, markersize=8)
        axes.annotate(
            result.value,
            (place, result.estimate or 0),
            xytext=(9, -11),
            textcoords="offset points",
            va="center",
            fontweight="bold",
        )
        if place and point.follows:
            before = shown_points[place - 1].result.estimate or 0
            axes.plot(
                [place - 1, place], [before, result.estimate or 0], color=style.BLUE
            )
        elif place:
            style.trend_break(axes, place - 0.5)
    low, high = _limits([point.result for point in shown_points])
    least = LEAST_SPAN.get(shown_points[0].result.statistic, 0)
    missing = max(0, least - (high - low)) / 2
    top = high + missing + 0.15 * (high - low)
    if shown_points[0].result.statistic == "share":
        top = min(top, FULL)
    axes.set_ylim(low - missing, top)
    axes.set_xlim(-0.4, len(shown_points) - 0.4)
    axes.set_xticks(
        range(len(shown_points)), labels=[_tick(point) for point in shown_points]
    )
    axes.grid(visible=False, axis="x")


def _tick(point: TrendPoint) -> str:
    return "\n".join([*point.name.split(" "), _n(point.result)])
