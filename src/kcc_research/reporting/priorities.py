"""The priority matrix on paper: importance beside score, where both can be told apart.

A matrix with most aspects undecided would suggest an order that is not there; then the
report says so, and the dot plot of scores has to do (DESIGN §8.9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.priority import (
    IMPORTANCE,
    TANGLED_PREFIX,
    UNDECIDED,
    is_too_small,
    quadrants,
)
from kcc_research.reporting import style
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import DASH, notes, shown
from kcc_research.reporting.document import Figure
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import Result, find, find_all, with_role
from kcc_research.reporting.wording import aspect_name, respondents
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Source, Study

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

QUADRANT_WORDS = {
    "act": "aanpakken",
    "watch": "bewaken",
    "extend": "uitbouwen",
    "maintain": "onderhouden",
    UNDECIDED: "te dichtbij om te zeggen",
}
NOT_CAUSE = "Belang is samenhang met het cijfer, geen bewezen oorzaak."


NO_MATRIX = (
    "Het belang van aspecten is alleen te berekenen met een rapportcijfer, en met een "
    "afgesproken niveau voor elk aspect."
)


@dataclass(frozen=True, slots=True)
class Priority:
    """One aspect: how much it matters for the grade, its score, and its place."""

    name: str
    importance: Result
    score: Result
    quadrant: str


def priorities(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> list[Priority]:
    """Aspects with an importance, the most important first."""
    places = dict(
        quadrants(comparisons)[["indicator", "quadrant"]].itertuples(
            index=False, name=None
        )
    )
    found = [
        Priority(
            aspect_name(study, source, indicator),
            important,
            score,
            places[indicator.id],
        )
        for source, indicator in with_role(study, "aspect")
        if indicator.id in places
        and (important := _importance(estimates, source, indicator))
        and (score := find(estimates, source=source.id, indicator=indicator.id))
        and important.is_shown
        and score.is_shown
    ]
    return sorted(found, key=lambda each: -(each.importance.estimate or 0))


def _importance(
    estimates: pd.DataFrame, source: Source, indicator: Indicator
) -> Result | None:
    return find(
        estimates,
        source=source.id,
        indicator=indicator.id,
        statistic="ratio",
        category=IMPORTANCE,
    )


def plot_priorities(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Figure | Absent:
    """Importance across, score upwards; or why there is no such figure."""
    found = priorities(study, estimates, comparisons)
    if not found:
        return Absent(NO_MATRIX)
    if is_too_small(quadrants(comparisons)):
        return Absent(_too_small(found))
    source, _ = next(with_role(study, "aspect"))
    return Figure(
        id="prioriteiten",
        caption=(
            "Belang van aspecten voor het cijfer, naast hun score: "
            f"{respondents(study, source)}. {NOT_CAUSE}"
        ),
        alt=(
            "Matrix van belang en score per aspect: "
            + dutch.listing(
                f"{each.name.lower()} {QUADRANT_WORDS[each.quadrant]}" for each in found
            )
            + "."
        ),
        image=_matrix(found, comparisons),
        data=_table(study, estimates, comparisons, found),
        synthetic=study.measurement.synthetic,
    )


def _too_small(found: list[Priority]) -> str:
    undecided = sum(each.quadrant == UNDECIDED for each in found)
    return (
        "**Dit onderzoek is te klein om belang te rangschikken.** Bij "
        f"{dutch.number(undecided)} van de {dutch.number(len(found))} aspecten ligt "
        "het belang of de score te dicht bij de grens. De volgorde in de figuur "
        "hierboven gaat daarom alleen over de score."
    )


def _table(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    found: list[Priority],
) -> Table:
    bases = {each.importance.n for each in found}
    return Table(
        id="tabel-prioriteiten",
        caption="Belang en score per aspect",
        columns=("Aspect", "Belang", "95%-marge", "Score", "Plaats"),
        rows=tuple(
            (
                each.name,
                shown(each.importance),
                each.importance.interval or DASH,
                shown(each.score),
                QUADRANT_WORDS[each.quadrant],
            )
            for each in found
        ),
        note=notes(
            [each.importance for each in found],
            "Belang: het deel van de verschillen in het cijfer dat met dit aspect "
            "samenhangt.",
            NOT_CAUSE,
            f"Basis: {dutch.number(max(n or 0 for n in bases))} mensen die alles "
            "beantwoordden.",
            *_tangled(study, estimates),
        ),
    )


def _tangled(study: Study, estimates: pd.DataFrame) -> list[str]:
    """Aspects whose importance cannot be told apart, by name (STAT-M21)."""
    names = {
        indicator.id: aspect_name(study, source, indicator).lower()
        for source, indicator in with_role(study, "aspect")
    }
    return [
        f"{names[row.indicator].capitalize()} en {names[other]} zijn niet uit elkaar "
        "te houden."
        for row in find_all(estimates, statistic="ratio")
        if row.category.startswith(TANGLED_PREFIX)
        and (other := row.category.removeprefix(TANGLED_PREFIX)) in names
    ]


def _matrix(
    found: list[Priority], comparisons: pd.DataFrame
) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    away = quadrants(comparisons).set_index("indicator")
    first = found[0]
    cuts = {
        "axvline": _value(first.importance)
        - float(away["importance"][first.importance.indicator]),
        "axhline": _value(first.score)
        - float(away["score"][first.importance.indicator]),
    }
    with style.apply():
        figure, axes = plt.subplots(figsize=(style.WIDTH, 4.4))
        for each in found:
            _point(axes, each)
        for line, cut in cuts.items():
            getattr(axes, line)(cut, color=style.GREY, linestyle="--", linewidth=1)
        axes.margins(0.15)
        axes.set_xlabel("Belang voor het cijfer")
        axes.set_ylabel("Score")
        _name_corners(axes)
    return figure


def _value(result: Result) -> float:
    return result.estimate or 0.0


def _arms(result: Result) -> list[list[float]] | None:
    """How far the interval reaches below and above the estimate."""
    if result.ci_low is None or result.ci_high is None:
        return None
    value = _value(result)
    return [[value - result.ci_low], [result.ci_high - value]]


def _point(axes: matplotlib.axes.Axes, each: Priority) -> None:
    """A dot with both its intervals; hollow where its place is undecided."""
    x, y = _value(each.importance), _value(each.score)
    axes.errorbar(
        x,
        y,
        xerr=_arms(each.importance),
        yerr=_arms(each.score),
        fmt="o",
        color=style.BLUE,
        ecolor=style.SKY,
        elinewidth=1,
        capsize=0,
        markerfacecolor="white" if each.quadrant == UNDECIDED else style.BLUE,
    )
    axes.annotate(
        each.name, (x, y), xytext=(6, 6), textcoords="offset points", fontsize=8.5
    )


def _name_corners(axes: matplotlib.axes.Axes) -> None:
    corners = {
        "act": (0.99, 0.02, "right", "bottom"),
        "watch": (0.01, 0.02, "left", "bottom"),
        "extend": (0.99, 0.98, "right", "top"),
        "maintain": (0.01, 0.98, "left", "top"),
    }
    for quadrant, (x, y, horizontal, vertical) in corners.items():
        axes.text(
            x,
            y,
            QUADRANT_WORDS[quadrant],
            transform=axes.transAxes,
            ha=horizontal,
            va=vertical,
            color=style.GREY,
            fontstyle="italic",
        )
