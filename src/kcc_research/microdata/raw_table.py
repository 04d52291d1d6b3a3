"""What a reader found: cells as they stand, and where each of them stands.

Nothing here interprets an answer. Columns that the questionnaire does not declare are
gone already: only their names are kept (TRUST-P1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from kcc_research.errors import Problem, masked
from kcc_research.microdata.numbers import NumberFormat
from kcc_research.microdata.personal_data import mask

Positions = npt.NDArray[np.int64]

_MOST_NAMES = 30
_PLAIN_NAME = re.compile(r"[\w .,:#()/&'?!-]{1,60}")
_ONE_WORD = re.compile(r"[^\W\d]\w{0,19}")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """How one file was read; printed in the *controlerapport* and the manifest.

    ``rows`` are the records read, ``skipped`` the filled rows between the column
    names and the declared first answers.
    """

    file: str
    kind: str
    sha256: str
    size: int
    rows: int = 0
    encoding: str = ""
    delimiter: str = ""
    byte_order_mark: bool = False
    sheet: str = ""
    skipped: int = 0

    @property
    def shown(self) -> str:
        """The file as messages name it, with the sheet of a workbook."""
        return f"{self.file}, blad '{self.sheet}'" if self.sheet else self.file


@dataclass(frozen=True)
class RawTable:
    """The declared columns of one source, cell by cell.

    ``cells``: CSV holds text; XLSX and SAV hold stored types (float, str, date, …,
    None). ``rows`` and ``excel_rows`` say where each record stands in an editor and in
    Excel; ``part`` in which of ``facts``. ``labels`` and ``user_missing`` are what a
    .sav says of its codes: compared with the questionnaire, never believed.
    ``removed_rows`` are those of respondents who asked to be taken out.
    """

    cells: pd.DataFrame = field(repr=False)
    rows: Positions = field(repr=False)
    excel_rows: Positions = field(repr=False)
    part: Positions = field(repr=False)
    facts: tuple[FileFacts, ...]
    problems: tuple[Problem, ...] = ()
    undeclared: tuple[str, ...] = ()
    empty_rows: tuple[str, ...] = ()
    removed_rows: tuple[str, ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    user_missing: Mapping[str, tuple[tuple[float, float], ...]] = field(
        default_factory=dict
    )
    numbers: NumberFormat = NumberFormat()

    @property
    def files(self) -> str:
        """The file, or the first and how many more."""
        more = len(self.facts) - 1
        return self.facts[0].shown + (f" en nog {more}" if more else "")

    def file_at(self, position: int) -> str:
        return self.facts[int(self.part[position])].shown

    def row_at(self, position: int) -> str:
        """The row as an editor shows it; Excel's own number too where it differs."""
        row, excel = int(self.rows[position]), int(self.excel_rows[position])
        return f"{row}" if row == excel else f"{row} (in Excel {excel})"

    def log_row(self, position: int) -> str:
        """The row for the cleaning log, with its file when there are several."""
        row = str(self.rows[position])
        if len(self.facts) == 1:
            return row
        return f"{Path(self.facts[int(self.part[position])].file).name}:{row}"

    def column_name(self, column: str) -> str:
        letter = self.letters.get(column)
        return f"{column} (kolom {letter})" if letter else column

    def rows_of(self, positions: Sequence[int] | Positions, most: int = 3) -> str:
        """``12``, ``12 en 14``, ``12, 14, 19 en nog 7 rijen``.

        A row of another file than the first is told with its file.
        """
        shown = positions[:most]
        first = [self._row_beside(int(each), int(shown[0])) for each in shown]
        return row_list(first, len(positions))

    def _row_beside(self, position: int, first: int) -> str:
        row = self.row_at(position)
        if self.part[position] == self.part[first]:
            return row
        return f"{row} ({self.file_at(position)})"


def without_rows(table: RawTable, gone: npt.NDArray[np.bool_]) -> RawTable:
    """The table without the rows where ``gone`` holds; places stay as they were."""
    return replace(
        table,
        cells=table.cells[~gone].reset_index(drop=True),
        rows=table.rows[~gone],
        excel_rows=table.excel_rows[~gone],
        part=table.part[~gone],
    )


def row_list(first: Sequence[str], count: int) -> str:
    """Some rows in words; ``count`` is how many there are in all."""
    more = count - len(first)
    if more > 0:
        noun = "rij" if more == 1 else "rijen"
        return f"{', '.join(first)} en nog {more} {noun}"
    return " en ".join([", ".join(first[:-1]), first[-1]] if len(first) > 1 else first)


def concatenated(parts: Sequence[RawTable]) -> RawTable:
    """Files of one series, below each other.

    A column that one of them lacks is left out: its problem says so, and its absence
    is no blank answer.
    """
    if len(parts) == 1:
        return parts[0]
    sizes = [len(each.cells) for each in parts]
    shared = [n for n in parts[0].cells if all(n in each.cells for each in parts)]
    return replace(
        parts[0],
        cells=pd.concat([each.cells[shared] for each in parts], ignore_index=True),
        rows=np.concatenate([each.rows for each in parts]),
        excel_rows=np.concatenate([each.excel_rows for each in parts]),
        part=np.repeat(np.arange(len(parts), dtype=np.int64), sizes),
        facts=tuple(fact for each in parts for fact in each.facts),
        problems=tuple(found for each in parts for found in each.problems),
        undeclared=tuple(dict.fromkeys(n for each in parts for n in each.undeclared)),
        empty_rows=tuple(row for each in parts for row in each.empty_rows),
    )


def column_name(cell: object) -> str:
    """A header cell as a column name: NFC, without white space around it."""
    return unicodedata.normalize("NFC", str(cell)).strip()


def shown_path(path: Path) -> str:
    """The path from ``data`` on: what users know, and nothing of their machine."""
    parts = path.parts
    for start in range(len(parts) - 1):
        if parts[start : start + 2] == ("data", "raw"):
            return "/".join(parts[start:])
    return path.name


def shown_names(names: Iterable[str], *, of_header: bool = True) -> str:
    """Column names for a message.

    Without a header (``of_header`` false) they may be a person's answers: then one
    word is shown, and more is not.
    """
    listed = list(names)
    plain = _PLAIN_NAME if of_header else _ONE_WORD
    shown = [_shown_name(name, plain) for name in listed[:_MOST_NAMES]]
    more = len(listed) - len(shown)
    return ", ".join(shown) + (f" en nog {more}" if more else "") if shown else "geen"


def _shown_name(name: str, plain: re.Pattern[str]) -> str:
    if not name:
        return "(zonder naam)"
    if plain.fullmatch(name) and not mask(name)[1]:
        return name
    return masked(name)
