"""Shares side by side per group: who is content, who was informed correctly.

One row per group, one panel per outcome, each number with its interval. Groups stand
in the order of the questionnaire; which of them differ is said only where a test shows
it (STAT-C10). Small groups keep their mark (DOMAIN-D24, D26).
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.difference import REST
from kcc_research.estimation.tables import DOMAIN
from kcc_research.reporting import style
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import notes, shown
from kcc_research.reporting.comparison import Difference, differences
from kcc_research.reporting.document import Figure
from kcc_research.reporting.figures import HEAD_HEIGHT, LETTER, name_rows
from kcc_research.reporting.records import Align, Table
from kcc_research.reporting.result import Result, find
from kcc_research.reporting.tables import unknown_note
from kcc_research.study.measurement import Source, Study
from kcc_research.study.questionnaire import Questionnaire

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

_NAME = 30  # letters on one line of a row's name
_ROW = 0.52  # inches
_LEFT: tuple[Align, ...] = ("left",)
_NOT_DRAWN = "In deze meting is hiernaar niet uitgesplitst."

Grid = dict[str, list[Result | None]]
"""Group as a reader knows it → its outcomes, one per indicator."""


def plot_shares(
    study: Study,
    estimates: pd.DataFrame,
    by: str,
    indicators: Sequence[str],
    groups: Sequence[str] = (),
) -> Figure | Absent:
    """Outcomes per group of a question, or of the filters in ``groups``.

    ``by`` is a question that the source is broken down by, or ``domein`` with the ids
    of filters in ``groups``. All ``indicators`` are of one questionnaire.
    """
    source = _source(study, indicators)
    if source is None:
        return Absent(_NOT_DRAWN)
    grid = _grid(study, source, estimates, by, indicators, groups)
    drawn = {
        name: row for name, row in grid.items() if any(r and r.is_shown for r in row)
    }
    if not drawn:
        return Absent(_NOT_DRAWN)
    questionnaire = study.questionnaires[source.id]
    labels = [questionnaire.indicators[each].label for each in indicators]
    about = _about(questionnaire, by)
    return Figure(
        id=f"figuur-{_slug(by, indicators)}",
        caption=f"{dutch.capitalised(dutch.listing(map(_lower, labels)))}{about}, met "
        "95%-marge",
        alt=f"Puntenplot. {_spoken(labels, drawn)}",
        image=_panels(
            labels,
            drawn,
            [find(estimates, source=source.id, indicator=each) for each in indicators],
        ),
        data=_table(study, source, estimates, by, indicators, grid),
        synthetic=study.measurement.synthetic,
    )


def _slug(by: str, indicators: Sequence[str]) -> str:
    return "-".join([by, *indicators]).replace("_", "-")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _source(study: Study, indicators: Sequence[str]) -> Source | None:
    """The source whose questionnaire knows all these indicators."""
    for source in study.surveys:
        if set(indicators) <= set(study.questionnaires[source.id].indicators):
            return source
    return None


def _about(questionnaire: Questionnaire, by: str) -> str:
    if by == DOMAIN:
        return ", per groep"
    return f", naar {questionnaire.questions[by].short.lower()}"


def _grid(
    study: Study,
    source: Source,
    estimates: pd.DataFrame,
    by: str,
    indicators: Sequence[str],
    groups: Sequence[str],
) -> Grid:
    questionnaire = study.questionnaires[source.id]
    if by == DOMAIN:
        names = {each: questionnaire.filters[each].label for each in groups}
    elif by in source.breakdowns:
        names = {each: each for each in questionnaire.questions[by].categories}
    else:
        names = {}
    return {
        dutch.capitalised(name): [
            find(estimates, source=source.id, indicator=each, by=by, group=group)
            for each in indicators
        ]
        for group, name in names.items()
    }


def _table(
    study: Study,
    source: Source,
    estimates: pd.DataFrame,
    by: str,
    indicators: Sequence[str],
    grid: Grid,
) -> Table:
    questionnaire = study.questionnaires[source.id]
    labels = [questionnaire.indicators[each].label for each in indicators]
    every = [result for row in grid.values() for result in row]
    unknown = (
        ""
        if by == DOMAIN
        else unknown_note(estimates, source, questionnaire.questions[by])
    )
    return Table(
        id=f"tabel-{_slug(by, indicators)}",
        caption=f"{dutch.capitalised(dutch.listing(map(_lower, labels)))}"
        f"{_about(questionnaire, by)}",
        columns=("Groep", *labels),
        rows=tuple(
            (name, *(_cell(each) for each in row)) for name, row in grid.items()
        ),
        note=notes(
            every,
            "Tussen haakjes: hoeveel van hoeveel antwoorden; 95%-marge.",
            unknown,
        ),
        align=_LEFT * (1 + len(labels)),
    )


def _cell(result: Result | None) -> str:
    """``53% (121 van 230; 46–59%)``."""
    if result is None or result.count is None or result.n is None:
        return shown(result)
    of = f"{dutch.number(result.count)} van {dutch.number(result.n)}"
    return f"{shown(result)} ({'; '.join(x for x in (of, result.interval) if x)})"


def _spoken(labels: Sequence[str], grid: Grid) -> str:
    parts = []
    for place, label in enumerate(labels):
        values = dutch.listing(
            f"{name.lower()} {row[place].value}"  # type: ignore[union-attr]
            for name, row in grid.items()
            if row[place] is not None
        )
        parts.append(f"{label}: {values}.")
    return " ".join(parts)


def _panels(
    labels: Sequence[str], grid: Grid, totals: Sequence[Result | None]
) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    names = [textwrap.fill(_named(name, row), _NAME) for name, row in grid.items()]
    with style.apply():
        size = (style.WIDTH, HEAD_HEIGHT + 0.35 + _ROW * len(grid))
        figure, row_of_axes = plt.subplots(
            1, len(labels), figsize=size, sharey=True, squeeze=False
        )
        for place, axes in enumerate(row_of_axes[0]):
            column = [row[place] for row in grid.values()]
            _panel(axes, column, totals[place])
            axes.set_title(labels[place].replace(" (", "\n("), fontsize=9.5)
        name_rows(row_of_axes[0][0], names)
        left = max(len(line) for name in names for line in name.split("\n"))
        figure.subplots_adjust(
            left=min((left * LETTER + 0.15) / style.WIDTH, 0.42),
            right=0.98,
            bottom=0.55 / size[1],
            top=1 - 0.62 / size[1],
            wspace=0.2,
        )
    return figure


def _named(name: str, row: Sequence[Result | None]) -> str:
    """The group with its number of people, as the first outcome counts them."""
    first = row[0]
    few = any(each is not None and each.is_indicative for each in row)
    size = [] if first is None or first.n is None else [dutch.base(first.n)]
    return f"{name} ({'; '.join(size + ['weinig'] * few)})"


def _panel(
    axes: matplotlib.axes.Axes, column: Sequence[Result | None], total: Result | None
) -> None:
    if total is not None and total.estimate is not None:
        axes.axvline(total.estimate, color=style.GREY, linestyle="--", linewidth=1)
    for place, result in enumerate(column):
        if result is None or result.estimate is None:
            continue
        if result.has_interval:
            limits = [result.ci_low or 0, result.ci_high or 0]
            axes.plot(limits, [place, place], color=style.BLUE, linewidth=1.6)
        fill = "white" if result.is_indicative else style.BLUE
        axes.plot(
            result.estimate,
            place,
            marker="o",
            color=style.BLUE,
            markerfacecolor=fill,
            markersize=8,
        )
        axes.annotate(
            result.value,
            (result.estimate, place),
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
            fontweight="bold",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
    axes.set_xlim(0, 1)
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.xaxis.set_major_formatter(style.DutchPercentFormatter())
    axes.set_ylim(len(column) - 0.5, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def describe_shares(
    study: Study, comparisons: pd.DataFrame, by: str, indicators: Sequence[str]
) -> str:
    """Which groups demonstrably differ from the others together, per outcome."""
    source = _source(study, indicators)
    if source is None:
        return ""
    questionnaire = study.questionnaires[source.id]
    told = []
    for each in indicators:
        where = {"by": by, "indicator": each, "reference": REST}
        rows = differences(study, comparisons, source=source.id, **where)
        label = questionnaire.indicators[each].label
        told += [f"- {_told(label, rows)}"] if rows else []
    if not told:
        return ""
    name = questionnaire.questions[by].short.lower()
    return "\n".join([f"Naar {name}, elke groep naast alle andere samen:", "", *told])


def _told(label: str, rows: Sequence[Difference]) -> str:
    found = [row for row in rows if row.verdict in ("higher", "lower")]
    if len(rows) == 2:  # two groups: each is the rest of the other
        found = [row for row in found if row.verdict == "lower"]
    if not found:
        return f"**{label}**: we zien geen duidelijke verschillen tussen de groepen."
    parts = [
        f"bij *{row.group}* {row.amount} {_WORDS[row.verdict]} dan bij de anderen "
        f"(waarschijnlijk tussen {row.span}; {row.sizes})"
        for row in found
    ]
    if len(found) < len(rows) - 1:
        parts.append("bij de andere groepen zien we geen duidelijk verschil")
    if len(parts) == 1:
        return f"**{label}**: {parts[0]}."
    return "\n".join([f"**{label}**:", *(f"    - {each}" for each in parts)])


_WORDS = {"higher": "hoger", "lower": "lager"}
