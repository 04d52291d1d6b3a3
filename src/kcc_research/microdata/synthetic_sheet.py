"""A workbook of an invented delivery, as cells: what is written, and compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Cell = str | int | date | None
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name and its rows, the header not included."""

    name: str
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.rows[0])
