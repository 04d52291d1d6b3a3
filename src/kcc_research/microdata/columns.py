"""A whole column read as answers, each distinct cell once.

A column of 100,000 answers holds a few codes: reading the distinct cells and spreading
the result makes checking a matter of seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kcc_research.microdata.answers import Answer, AnswerReader, Fault, is_blank

Mask = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class ColumnReading:
    """The answers of one raw column.

    ``cells`` are the distinct cells, a blank one (None) last; ``readings`` what each
    says; ``at`` which of them stands in each row.
    """

    column: str
    cells: tuple[object, ...]
    readings: tuple[Answer | Fault, ...]
    at: Rows

    def spread(self, value: Callable[[Answer], Any], dtype: Any) -> npt.NDArray[Any]:
        """``value`` of the answer in every row; faults count as blank."""
        blank = Answer()
        each = [r if isinstance(r, Answer) else blank for r in self.readings]
        found = np.empty(len(each), dtype=dtype)
        found[:] = [value(answer) for answer in each]
        return found[self.at]

    def where(self, test: Callable[[Answer | Fault], bool]) -> Mask:
        """The rows whose reading passes ``test``."""
        return np.array([test(each) for each in self.readings], dtype=bool)[self.at]

    @property
    def blank(self) -> Mask:
        return np.asarray(self.at == len(self.cells) - 1)

    @property
    def faults(self) -> Iterator[tuple[object, Fault, Rows]]:
        """Each distinct faulty cell, its fault, and the rows it stands in."""
        for cell, reading, rows in self._groups():
            if isinstance(reading, Fault):
                yield cell, reading, rows

    def answers_by(self, rule: str) -> Iterator[tuple[object, Answer, Rows]]:
        """Each distinct cell that was changed by ``rule``, and its rows."""
        for cell, reading, rows in self._groups():
            if isinstance(reading, Answer) and reading.rule == rule:
                yield cell, reading, rows

    def _groups(self) -> Iterator[tuple[object, Answer | Fault, Rows]]:
        if all(isinstance(each, Answer) and not each.rule for each in self.readings):
            return
        order = np.argsort(self.at, kind="stable")
        edges = np.searchsorted(self.at[order], np.arange(len(self.cells) + 1))
        for number, reading in enumerate(self.readings):
            rows = order[edges[number] : edges[number + 1]]
            if len(rows):
                yield self.cells[number], reading, rows


def every(masks: Sequence[Mask]) -> Mask:
    """The rows that all masks mark."""
    return np.asarray(np.column_stack(masks).all(axis=1))


def read_column(cells: pd.Series[Any], reader: AnswerReader) -> ColumnReading:
    """Read a column of raw cells; blank cells of any kind become one."""
    at, distinct = pd.factorize(cells, use_na_sentinel=True)
    known = list(distinct)
    blank = np.array([*(is_blank(each) for each in known), True], dtype=bool)
    place = np.cumsum(~blank) - 1
    place[blank] = int((~blank).sum())
    kept = [each for each, empty in zip(known, blank, strict=False) if not empty]
    return ColumnReading(
        column=str(cells.name),
        cells=(*kept, None),
        readings=(*(reader(each) for each in kept), reader(None)),
        at=place[at],
    )
