"""How far a level is from its norm, in words and as a bar with the target drawn.

Before its date a norm is *nog niet op doel*, with the distance and its span, never
*niet gehaald* (DESIGN §8.8). The verdict is that of the verdicts table; nothing is
judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting import style
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.document import Figure
from kcc_research.reporting.figures import name_rows
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import Result, find
from kcc_research.reporting.tables import NORM_WORDS
from kcc_research.reporting.wording import evidence
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Source, Study
from kcc_research.study.norm import ServiceNorm

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure


_BELOW = 0.37  # where the distance stands, under its bar


@dataclass(frozen=True, slots=True)
class Goal:
    """A norm on a share that people were asked about, and what came of it."""

    indicator: Indicator
    norm: ServiceNorm
    result: Result
    verdict: str
    reason: str

    @property
    def level(self) -> float:
        return self.norm.share or 0.0

    @property
    def due(self) -> date | None:
        return self.norm.target_date

    @property
    def distance(self) -> str:
        """``20 procentpunt te gaan (17–23)``."""
        return self.reason.partition(";")[0]

    @property
    def judged(self) -> str:
        """``nog niet op doel: 20 procentpunt te gaan (17–23)``."""
        verdict = NORM_WORDS[self.verdict]
        told = self.distance not in ("", verdict)
        return f"{verdict}: {self.distance}" if told else verdict

    @property
    def aim(self) -> str:
        """``Het doel is 90% op 31 december 2015``."""
        due = f" op {dutch.long_date(self.due)}" if self.due else ""
        return f"Het doel is {dutch.percentage(self.level)}{due}"


def goals(study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame) -> list[Goal]:
    """Every norm on a share of a questionnaire with its verdict, as declared."""
    return list(_goals(study, estimates, verdicts))


def _goals(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame
) -> Iterator[Goal]:
    for norm in study.measurement.norm:
        found = _asked(study, norm)
        if found is None or norm.share is None:
            continue
        source, indicator = found
        result = find(estimates, source=source.id, indicator=indicator.id)
        row = _verdict(verdicts, norm)
        if result is not None and result.is_shown and row is not None:
            verdict, reason = str(row["verdict"]), str(row["reason"])
            yield Goal(indicator, norm, result, verdict, reason)


def _asked(study: Study, norm: ServiceNorm) -> tuple[Source, Indicator] | None:
    for source in study.surveys:
        known = study.questionnaires[source.id].indicators
        if norm.indicator in known:
            return source, known[norm.indicator]
    return None


def _verdict(verdicts: pd.DataFrame, norm: ServiceNorm) -> dict[Any, Any] | None:
    chosen = verdicts[
        (verdicts["indicator"] == norm.indicator)
        & (verdicts["by"] == TOTAL)
        & (verdicts["norm"] == norm.share)
    ]
    return None if chosen.empty else chosen.iloc[0].to_dict()


def describe_distance(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame
) -> str:
    """Per goal: where we are, where we want to be and when, and the verdict."""
    return "\n\n".join(_sentence(each) for each in goals(study, estimates, verdicts))


def _sentence(goal: Goal) -> str:
    return (
        f"{goal.indicator.label}: **{goal.result.value}** ({evidence(goal.result)}). "
        f"{goal.aim}. Oordeel: **{goal.judged}**."
    )


def plot_distance(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame
) -> Figure | Absent:
    """A bar per goal with its interval, the target as a line, the distance between."""
    found = goals(study, estimates, verdicts)
    if not found:
        return Absent("Voor de antwoorden van deze meting is geen doel opgegeven.")
    spoken = dutch.listing(
        f"{each.indicator.label} {each.result.value} ({each.result.interval}), doel "
        f"{dutch.percentage(each.level)}, {NORM_WORDS[each.verdict]}"
        for each in found
    )
    return Figure(
        id="figuur-ambitie",
        caption="Afstand tot de ambitie, met 95%-marge",
        alt=f"Balk met de marge en een streep bij het doel: {spoken}.",
        image=_drawn(found),
        data=_table(found),
        synthetic=study.measurement.synthetic,
    )


def _table(found: list[Goal]) -> Table:
    return Table(
        id="tabel-ambitie",
        caption="Uitkomst, doel en afstand",
        columns=("Uitkomst", "Nu", "95%-marge", "Doel", "Datum", "Oordeel"),
        rows=tuple(
            (
                each.indicator.label,
                each.result.value,
                each.result.interval,
                dutch.percentage(each.level),
                dutch.short_date(each.due) if each.due else "geen",
                dutch.capitalised(each.judged),
            )
            for each in found
        ),
    )


def _drawn(found: list[Goal]) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    with style.apply():
        height = 1.25 + 0.95 * len(found)
        figure, axes = plt.subplots(figsize=(style.WIDTH, height))
        for place, goal in enumerate(found):
            _bar(axes, place, goal)
        name_rows(axes, ["" for _ in found])
        axes.set_xlim(0, 1)
        axes.set_ylim(len(found) - 0.4, -0.75)
        axes.xaxis.set_major_formatter(style.DutchPercentFormatter())
        axes.set_xlabel(dutch.listing(each.indicator.label for each in found))
        figure.tight_layout()
    return figure


def _bar(axes: matplotlib.axes.Axes, place: int, goal: Goal) -> None:
    share = goal.result.estimate or 0
    axes.barh(place, share, height=0.44, color=style.SKY)
    if goal.result.has_interval:
        limits = [goal.result.ci_low or 0, goal.result.ci_high or 0]
        axes.plot(limits, [place, place], color=style.BLUE, linewidth=2.4)
    value = f"{goal.result.value} ({goal.result.interval})"
    axes.annotate(
        value, (0.01, place), va="center", fontweight="bold", color=style.TEXT
    )
    axes.plot(
        [goal.level] * 2,
        [place - 0.34, place + 0.42],
        color=style.ORANGE,
        linewidth=2.6,
    )
    due = f", {dutch.short_date(goal.due)}" if goal.due else ""
    axes.annotate(
        f"doel {dutch.percentage(goal.level)}{due}",
        (goal.level, place - 0.36),
        xytext=(0, 2),
        textcoords="offset points",
        ha="center" if goal.level < 0.8 else "right",
        va="bottom",
        fontweight="bold",
    )
    if goal.distance and share != goal.level:
        axes.annotate(
            "",
            (goal.level, place + _BELOW),
            (share, place + _BELOW),
            arrowprops={"arrowstyle": "<->", "color": style.GREY, "linewidth": 1.2},
        )
        axes.annotate(
            goal.distance,
            (min(share, goal.level), place + _BELOW),
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=style.TEXT,
        )
