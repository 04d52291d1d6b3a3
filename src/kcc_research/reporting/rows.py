"""Finding rows of a table by their words, without reading the whole table each time.

A report asks for some hundreds of rows of the same few tables. Comparing whole columns
for each of them was half the time of a report; here a table is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pandas as pd

Made = TypeVar("Made")

_MOST = 8
"""Tables remembered: those of the measurement, and of a few it builds on."""


class Rows:
    """The rows of one table, as they stood when it was read."""

    def __init__(self, table: pd.DataFrame) -> None:
        # A copy that shares the cells, and which cells those were: pandas gives the
        # table other arrays when it is written to as long as the copy is there.
        self._table = table.copy(deep=False)
        self._cells = _cells(table)
        self._columns: dict[str, list[Any]] = {}
        self._places: dict[str, dict[Any, list[int]]] = {}
        self._made: dict[tuple[Callable[..., Any], int], Any] = {}

    def is_of(self, table: pd.DataFrame) -> bool:
        """Whether ``table`` still says the same: columns, types and every cell."""
        return self._shares_cells(table) or self._table.equals(table)

    def _shares_cells(self, table: pd.DataFrame) -> bool:
        """Whether it stands on the very same arrays, without looking into them.

        Comparing cells instead took a tenth of the time of a report.
        """
        cells = _cells(table)
        return (
            len(cells) == len(self._cells)
            and all(a is b for a, b in zip(cells, self._cells, strict=True))
            and self._table.columns.equals(table.columns)
            and _places(self._table) == _places(table)
        )

    def positions(self, where: Mapping[str, str]) -> Sequence[int]:
        """Which rows have these words in these columns, in the order of the table.

        Raises KeyError for a column that is not there.
        """
        if not where:
            return range(len(self._table))
        found = (self._place(name).get(value, []) for name, value in where.items())
        fewest = min(found, key=len)
        wanted = [(self.column(name), value) for name, value in where.items()]
        return [at for at in fewest if all(c[at] == value for c, value in wanted)]

    def column(self, name: str) -> list[Any]:
        """The cells of a column as plain Python values; None for missing ones."""
        if name not in self._columns:
            cells = self._table[name]
            plain = cells.astype(object).where(cells.notna(), None)
            self._columns[name] = plain.tolist()
        return self._columns[name]

    def made(self, at: int, make: Callable[[Mapping[str, Any]], Made]) -> Made:
        """What ``make`` makes of the cells of row ``at``, by column; made once."""
        known = self._made.get((make, at))
        if known is None:
            cells = {name: self.column(name)[at] for name in self._table.columns}
            known = self._made[make, at] = make(cells)
        made: Made = known
        return made

    def _place(self, name: str) -> dict[Any, list[int]]:
        """Word → rows; what is missing equals no word, as in pandas."""
        if name not in self._places:
            places: dict[Any, list[int]] = {}
            for at, word in enumerate(self.column(name)):
                places.setdefault(word, []).append(at)
            self._places[name] = places
        return self._places[name]


def _cells(table: pd.DataFrame) -> list[Any]:
    """The arrays a table stands on."""
    return [block.values for block in table._mgr.blocks]


def _places(table: pd.DataFrame) -> list[list[int]]:
    """Which columns each of those arrays holds."""
    return [block.mgr_locs.as_array.tolist() for block in table._mgr.blocks]


_known: dict[int, Rows] = {}


def rows_of(table: pd.DataFrame) -> Rows:
    """The rows of ``table``; read anew when it is another one, or was changed."""
    known = _known.get(id(table))
    if known is not None and known.is_of(table):
        return known
    while len(_known) >= _MOST:
        _known.pop(next(iter(list(_known))), None)
    fresh = _known[id(table)] = Rows(table)
    return fresh
