"""Matrices of interviews and remarks: shaded cells with the number of persons in them.

The shade repeats the number, so that nothing hangs on colour; it is light enough for
dark letters and darkens evenly in grey print.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting import style
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import identifier
from kcc_research.reporting.document import Figure
from kcc_research.reporting.figures import LETTER
from kcc_research.reporting.remark_tables import (
    count,
    matrix,
    tabulate_remark_matrix,
)
from kcc_research.reporting.result import Result
from kcc_research.study.measurement import Study

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

FILLS = ("#FFFFFF", "#E4EDF6", "#C3D8EB", "#9FC2DF", "#7FADD3")
"""From nobody to most people, all light enough for dark letters."""

ROW, HEAD, HEAD_LETTERS, NAME_LETTERS = 0.44, 0.75, 20, 30


def plot_remark_matrix(
    study: Study, estimates: pd.DataFrame, source: str
) -> Figure | Absent:
    """Theme × source of remarks: in each cell how many people spoke of it."""
    table = tabulate_remark_matrix(study, estimates, source)
    if isinstance(table, Absent):
        return table
    labels, heads, cells = matrix(study, estimates, source)
    scheme = study.schemes[source]
    return Figure(
        id=f"figuur-bronnen-{identifier(source)}",
        caption=(
            f"{scheme.title}: aantal {scheme.persons} dat over een thema sprak, per "
            "bron. Hoe donkerder, hoe meer mensen van die bron."
        ),
        alt=f"Raster van thema’s en bronnen. {_spoken(labels, heads, cells)}",
        image=_draw(labels, heads, cells),
        data=table,
        synthetic=study.measurement.synthetic,
    )


Cells = Sequence[Sequence[Result | None]]


def _spoken(labels: Sequence[str], heads: Sequence[str], cells: Cells) -> str:
    """``Snelheid: gesprekken in de hal (n = 24) 11, samen (n = 36) 20; …``"""
    lines = [
        f"{dutch.capitalised(label)}: "
        + ", ".join(
            f"{head.lower()} {count(each)}"
            for head, each in zip(heads, row, strict=True)
        )
        for label, row in zip(labels, cells, strict=True)
    ]
    return f"{'; '.join(lines)}."


def _draw(
    labels: Sequence[str], heads: Sequence[str], cells: Cells
) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    names = [textwrap.fill(dutch.capitalised(each), NAME_LETTERS) for each in labels]
    above = [_wrapped(each) for each in heads]
    most = [_most(column) for column in zip(*cells, strict=True)]
    longest = max(len(line) for name in names for line in name.splitlines())
    height = HEAD + ROW * len(names)
    with style.apply():
        figure, axes = plt.subplots(figsize=(style.WIDTH, height))
        for y, row in enumerate(cells):
            for x, cell in enumerate(row):
                _cell(axes, x, y, cell, most[x])
        axes.set_xlim(-0.5, len(heads) - 0.5)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xticks(range(len(heads)), labels=above)
        axes.set_yticks(range(len(names)), labels=names)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.grid(visible=False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        left = min((longest * LETTER + 0.2) / style.WIDTH, 0.45)
        figure.subplots_adjust(
            left=left, right=0.99, bottom=0.05 / height, top=1 - HEAD / height
        )
    return figure


def _wrapped(head: str) -> str:
    """The name of a source, with its base on a line of its own."""
    name, _, number = head.rpartition(" (")
    return f"{textwrap.fill(name, HEAD_LETTERS)}\n({number}"


def _most(column: Sequence[Result | None]) -> int:
    return max(each.count or 0 if each is not None else 0 for each in column)


def _cell(
    axes: matplotlib.axes.Axes, x: int, y: int, cell: Result | None, most: int
) -> None:
    import matplotlib.patches

    hidden = cell is None or cell.count is None
    axes.add_patch(
        matplotlib.patches.Rectangle(
            (x - 0.48, y - 0.44),
            0.96,
            0.88,
            facecolor=FILLS[0] if cell is None else fill(cell.count, most),
            edgecolor=style.RULE,
            linewidth=0.8,
            alpha=0.6,
            hatch="///" if hidden else None,
        )
    )
    axes.text(x, y, count(cell), ha="center", va="center_baseline", fontweight="bold")


def fill(number: int | None, most: int) -> str:
    """The shade of a count beside the largest of its column: white for nobody."""
    if not number or not most:
        return FILLS[0]
    steps = len(FILLS) - 1
    return FILLS[-(-number * steps // most)]
