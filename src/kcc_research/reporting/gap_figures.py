"""The dumbbell: expectation and experience per aspect, with the interval of the gap.

Two panels share their rows. At the left both means on their own scale; at the right
their difference with its interval and a line at 0, because only there can be read
whether it is more than chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting import style
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.document import Figure
from kcc_research.reporting.expectations import (
    Aspect,
    aspects,
    scale_words,
    tabulate_expectations,
)
from kcc_research.reporting.figures import LETTER, name_rows
from kcc_research.study.measurement import Study

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

ROW_HEIGHT = 0.52
HEAD_HEIGHT = 1.35


def plot_expectations(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Figure | Absent:
    """Expectation and experience per aspect, greatest shortfall on top."""
    table = tabulate_expectations(study, estimates, comparisons)
    if isinstance(table, Absent):
        return table
    found = aspects(study, estimates, comparisons)
    margin = "met 95%-marge" if found[0].gap.has_interval else "zonder marge"
    return Figure(
        id="verwachting-ervaring",
        caption=(
            f"Verwachting en ervaring per aspect, en het verschil {margin}. "
            "Bovenaan staat waar de ervaring het meest achterblijft."
        ),
        alt=(
            "Per aspect twee punten, verwachting en ervaring, met daarnaast het "
            f"verschil. {_spoken(found)}"
        ),
        image=_dumbbell(found, scale_words(study, found)),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def _spoken(found: Sequence[Aspect]) -> str:
    parts = (
        f"{each.label.lower()}: verwacht {each.expected.value}, ervaren "
        f"{each.experienced.value}, verschil {each.signed}"
        + (f" ({each.span})" if each.span else "")
        for each in found
    )
    return dutch.capitalised("; ".join(parts)) + "."


def _dumbbell(found: Sequence[Aspect], scale: str) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    height = HEAD_HEIGHT + ROW_HEIGHT * len(found)
    names = [each.label for each in found]
    with style.apply():
        figure, (means, gaps) = plt.subplots(
            1, 2, figsize=(style.WIDTH, height), width_ratios=(3, 2)
        )
        for place, each in enumerate(found):
            _pair(means, place, each)
            _gap(gaps, place, each)
        _legend(means)
        low = min(min(_means(each)) for each in found)
        high = max(max(_means(each)) for each in found)
        means.set_xlim(low - 0.35, high + 0.35)
        means.set_xlabel(dutch.capitalised(scale))
        gaps.axvline(0, color=style.TEXT, linewidth=1)
        reach = max(abs(bound) for each in found for bound in _bounds(each))
        gaps.set_xlim(-1.12 * reach, 1.12 * reach)
        gaps.set_xlabel("Ervaring min verwachting")
        name_rows(means, names)
        name_rows(gaps, [""] * len(names))
        left = min(0.36, (max(map(len, names)) * LETTER + 0.15) / style.WIDTH)
        figure.subplots_adjust(
            left=left,
            right=0.93,
            wspace=0.06,
            top=1 - 0.5 / height,
            bottom=0.6 / height,
        )
    return figure


def _means(each: Aspect) -> tuple[float, float]:
    return each.expected.estimate or 0, each.experienced.estimate or 0


def _bounds(each: Aspect) -> tuple[float, ...]:
    gap = each.gap
    return gap.estimate or 0, gap.ci_low or 0, gap.ci_high or 0


def _pair(axes: matplotlib.axes.Axes, place: int, each: Aspect) -> None:
    expected, experienced = _means(each)
    axes.plot(
        [expected, experienced], [place, place], color=style.RULE, linewidth=3, zorder=1
    )
    axes.plot(expected, place, "o", color=style.BLUE, markerfacecolor="white", ms=9)
    axes.plot(experienced, place, "D", color=style.ORANGE, ms=8)
    higher = 1 if experienced >= expected else -1
    for value, words, side, color in (
        (expected, each.expected.value, -higher, style.BLUE),
        (experienced, each.experienced.value, higher, style.ORANGE),
    ):
        axes.annotate(
            words,
            (value, place),
            xytext=(9 * side, 0),
            textcoords="offset points",
            ha="left" if side > 0 else "right",
            va="center",
            color=color,
            fontweight="bold",
        )


def _gap(axes: matplotlib.axes.Axes, place: int, each: Aspect) -> None:
    value = each.gap.estimate or 0
    if each.gap.has_interval:
        axes.plot(
            [each.gap.ci_low or 0, each.gap.ci_high or 0],
            [place, place],
            color=style.TEXT,
            linewidth=1.8,
            solid_capstyle="butt",
        )
    axes.plot(value, place, "s", color=style.TEXT, ms=6)
    axes.annotate(
        each.signed,
        (1, place),
        xycoords=("axes fraction", "data"),
        xytext=(30, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontweight="bold",
    )


def _legend(axes: matplotlib.axes.Axes) -> None:
    """Above the panel, in the markers of the rows."""
    axes.plot(
        [], [], "o", color=style.BLUE, markerfacecolor="white", label="verwachting"
    )
    axes.plot([], [], "D", color=style.ORANGE, label="ervaring")
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=2,
        borderaxespad=0,
        handletextpad=0.2,
        columnspacing=1.2,
    )
