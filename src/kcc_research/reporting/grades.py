"""The grades people gave, one bar each, with the line between content and not.

Where that line lies is declared with the indicators (DOMAIN-D4): a 6 is enough in one
study and not in another. Who gave no grade is a class of its own, never left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting import style, tables
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import shown
from kcc_research.reporting.document import Figure
from kcc_research.reporting.figures import plot_distribution, spoken
from kcc_research.reporting.result import Result, find, with_role
from kcc_research.reporting.wording import respondents
from kcc_research.study.indicator import Role
from kcc_research.study.measurement import Study
from kcc_research.study.reserved import NO_ANSWER

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

_APART = 1.7  # places between the last grade and who gave none
_HEAD = 1.36  # room above the highest bar for the words on both sides


def plot_grades(study: Study, estimates: pd.DataFrame) -> Figure | Absent:
    """Share of respondents per grade with its interval, and the declared cut."""
    found = next(with_role(study, "distribution"), None)
    table = tables.tabulate_distribution(study, estimates)
    cut = _cut(study)
    if found is None or isinstance(table, Absent) or cut is None:
        return Absent("De verdeling van de cijfers is in deze meting niet gevraagd.")
    source, indicator = found
    rows = tables.distribution(estimates, source, indicator)
    if not all(e.category.isdigit() or e.category == NO_ANSWER for e in rows):
        # Classes such as 1–5 have no place of their own on an axis of grades.
        return plot_distribution(study, estimates)
    sides = [_side(study, estimates, role) for role in _SIDES]
    words = dutch.listing(each for each in sides if each)
    return Figure(
        id="figuur-cijfers",
        caption=(
            f"{dutch.capitalised(indicator.label)}: {respondents(study, source)}. De "
            "streep scheidt tevreden van niet tevreden; de dunne strepen zijn de "
            "95%-marges"
        ),
        alt=(
            f"Staafdiagram met het aandeel bellers per cijfer: {spoken(rows)}. Links "
            f"en rechts van de streep: {words}."
        ),
        image=_drawn(rows, cut, sides),
        data=table,
        synthetic=study.measurement.synthetic,
    )


_SIDES: tuple[Role, ...] = ("dissatisfaction", "satisfaction")


def _cut(study: Study) -> float | None:
    """The lowest grade that counts as satisfied."""
    return next(
        (
            each.at_least
            for _, each in with_role(study, "satisfaction")
            if each.at_least
        ),
        None,
    )


def _side(study: Study, estimates: pd.DataFrame, role: Role) -> str:
    """``tevreden: 70% (525)``."""
    for source, indicator in with_role(study, role):
        result = find(estimates, source=source.id, indicator=indicator.id)
        if result is not None and result.count is not None:
            name = indicator.label.partition(" (")[0].lower()
            return f"{name}: {shown(result)} ({dutch.number(result.count)})"
    return ""


def _drawn(
    rows: list[Result], cut: float, sides: list[str]
) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    with style.apply():
        figure, axes = plt.subplots(figsize=(style.WIDTH, 3.5))
        places: list[float] = []
        for row in rows:
            silent = row.category == NO_ANSWER
            place = places[-1] + _APART if silent else float(row.category)
            places.append(place)
            _bar(axes, place, row, cut, silent=silent)
        top = _HEAD * max(row.ci_high or row.estimate or 0 for row in rows)
        _line(axes, cut, top, sides)
        axes.set_ylim(0, top)
        names = [row.category.replace(" ", "\n") for row in rows]
        axes.set_xticks(places, labels=names)
        axes.tick_params(axis="x", length=0)
        axes.grid(visible=False, axis="x")
        axes.yaxis.set_major_formatter(style.DutchPercentFormatter())
        axes.set_ylabel("Aandeel van de bellers")
        axes.set_xlabel("Rapportcijfer")
        figure.tight_layout()
    return figure


def _bar(
    axes: matplotlib.axes.Axes, place: float, row: Result, cut: float, *, silent: bool
) -> None:
    """Content people dark, the others light with stripes, who gave none grey."""
    if silent:
        look: dict[str, Any] = {"color": style.RULE}
    elif place >= cut:
        look = {"color": style.SKY}
    else:
        look = {"color": "#F3D9C6", "edgecolor": style.ORANGE, "hatch": "///"}
    axes.bar(place, row.estimate or 0, width=0.72, linewidth=0.8, **look)
    if row.has_interval:
        limits = [row.ci_low or 0, row.ci_high or 0]
        axes.plot([place, place], limits, color=style.BLUE, linewidth=1.4)
    axes.annotate(
        row.value,
        (place, row.ci_high or row.estimate or 0),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        fontweight="bold",
        fontsize=9,
    )


def _line(axes: matplotlib.axes.Axes, cut: float, top: float, sides: list[str]) -> None:
    at = cut - 0.5
    axes.axvline(at, color=style.TEXT, linewidth=1.4, linestyle=(0, (5, 3)))
    for words, align, shift in zip(sides, ("right", "left"), (-6, 6), strict=True):
        axes.annotate(
            words,
            (at, top),
            xytext=(shift, -4),
            textcoords="offset points",
            ha=align,
            va="top",
            fontsize=9.5,
            fontweight="bold",
        )
