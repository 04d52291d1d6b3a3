"""What a report output carries in ``metadata["kcc"]``: one shape for both sides.

The helpers of :mod:`~kcc_research.reporting.document` write these records into a
notebook; :mod:`~kcc_research.reporting.notebook_check` reads them back for both
exporters. Everything is already worded and formatted in Dutch: no exporter rounds,
translates or decides (PUB-D4, T1).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter

from kcc_research import dutch
from kcc_research.errors import Problem, problem
from kcc_research.reporting import phrases
from kcc_research.study.measurement import Status
from kcc_research.study.reserved import is_device

Align = Literal["left", "right"]
Layout = Literal["table", "key_figures"]

STRICT = ConfigDict(extra="forbid", strict=True)
LEAST_ALT = 20
RESERVED_PREFIX = "kcc-"

# Small letters only: Windows and macOS take Groei.svg and groei.svg for one file.
_ID = re.compile(r"[a-z][a-z0-9_-]{0,79}")
_NUMBER = re.compile(
    rf"[<>+{dutch.MINUS}]?\s?(\d|x$|{re.escape(dutch.NOT_AVAILABLE)}$)"
)
_LEFT_BEHIND = frozenset({"nan", "NaN", "None", "<NA>", "NaT", "inf", "-inf"})


@dataclass(frozen=True)
class Title:
    """The title page. ``fields`` are (label, value); ``logo`` is a data URI or empty.

    ``published`` is an ISO date, the one date a report prints as its own. ``rounded``:
    numbers of people are multiples of five, which every table then says (TRUST-D7).
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    text: str
    subtitle: str
    fields: tuple[tuple[str, str], ...]
    status: Status
    published: str
    synthetic: bool = False
    draft: bool = False
    logo: str = ""
    language: str = "nl"
    rounded: bool = False

    @property
    def status_words(self) -> str:
        return phrases.STATUS["concept" if self.draft else self.status]

    @property
    def watermark(self) -> str:
        """The word behind every page; empty for a final report (PUB-V11)."""
        words = self.status_words
        return "" if words == phrases.STATUS["definitief"] else words.upper()

    @property
    def date(self) -> date:
        return date.fromisoformat(self.published)

    @property
    def author(self) -> str:
        """Who made the report; else who asked for it."""
        named = dict(self.fields)
        return named.get("Uitvoerder") or named.get("Opdrachtgever") or ""

    @property
    def colophon(self) -> str:
        """Who made this, for whom and when, in one sentence."""
        named = dict(self.fields)
        maker = f"door {named['Uitvoerder']} " if "Uitvoerder" in named else ""
        asked = named.get("Opdrachtgever", "")
        for_whom = f"in opdracht van {asked}, " if asked else ""
        return f"Gemaakt {maker}{for_whom}{dutch.long_date(self.date)}."

    def as_draft(self) -> Title:
        """The same title page, with the status of a draft wherever it is printed."""
        fields = tuple(
            (
                label,
                phrases.STATUS["concept"] if label == phrases.STATUS_LABEL else value,
            )
            for label, value in self.fields
        )
        return replace(self, draft=True, fields=fields)


@dataclass(frozen=True)
class Table:
    """A table as a reader sees it: formatted Dutch cells, first column = row header.

    ``note`` stands under the table (legend for *x*, rounding, count of *onbekend*).
    ``align`` gives one of left and right per column; without it a column of numbers
    is set right. ``layout="key_figures"`` shows the rows (label, value and perhaps a
    note) as tiles instead of a grid.

    >>> Table("t", "Twee", ("Kanaal", "Cijfer"), (("balie", "7,1"),)).alignment
    ('left', 'right')
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    align: tuple[Align, ...] = ()
    layout: Layout = "table"

    @property
    def alignment(self) -> tuple[Align, ...]:
        if self.align:
            return self.align
        return tuple(self._alignment_of(index) for index in range(len(self.columns)))

    def _alignment_of(self, index: int) -> Align:
        cells = [row[index] for row in self.rows if index < len(row) and row[index]]
        numeric = index > 0 and bool(cells) and all(map(_NUMBER.match, cells))
        return "right" if numeric else "left"


@dataclass(frozen=True)
class Picture:
    """A figure as it stands in a notebook; the drawing is in the output's bundle."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: str
    caption: str
    alt: str
    data: Table
    synthetic: bool = False


@dataclass(frozen=True)
class Quote:
    """The words of a respondent, ticked by a person (PUB-V13, TRUST-Q5)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: str
    text: str
    speaker: str


@dataclass(frozen=True)
class Prose:
    """Running text; the markdown itself is in the output's bundle."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


AnyRecord = Title | Prose | Table | Picture | Quote

KINDS: Mapping[str, type[AnyRecord]] = {
    "title": Title,
    "text": Prose,
    "table": Table,
    "figure": Picture,
    "quote": Quote,
}
_ADAPTERS: Mapping[str, TypeAdapter[AnyRecord]] = {
    kind: TypeAdapter(shape) for kind, shape in KINDS.items()
}


def to_metadata(record: AnyRecord) -> dict[str, Any]:
    """The record as it is stored in a notebook, plain JSON with its kind first."""
    kind = next(kind for kind, shape in KINDS.items() if isinstance(record, shape))
    stored: dict[str, Any] = json.loads(json.dumps(asdict(record)))
    return {"kind": kind} | stored


def from_metadata(stored: Mapping[str, Any]) -> AnyRecord:
    """Read a record back. Raises ValueError when it is not one of ours, exactly."""
    fields = dict(stored)
    kind = fields.pop("kind", None)
    if kind not in _ADAPTERS:
        raise ValueError(f"unknown kind {kind!r}")
    return _ADAPTERS[kind].validate_json(json.dumps(fields))


def faults(record: AnyRecord) -> list[Problem]:
    """Everything that keeps a record out of a public report, all at once."""
    match record:
        case Table():
            return _table_faults(record)
        case Picture():
            return _picture_faults(record)
        case Quote():
            return _quote_faults(record)
        case Title() | Prose():
            return []


def _table_faults(table: Table) -> list[Problem]:
    return [
        *_naming_faults(table.id, table.caption),
        *_shape_faults(table),
        *_header_faults(table),
        *_cell_faults(table),
    ]


def _picture_faults(picture: Picture) -> list[Problem]:
    length = len(picture.alt.strip())
    short = [problem("KCC-O067g", id=picture.id, found=length)]
    return [
        *_naming_faults(picture.id, picture.caption),
        *(short if length <= LEAST_ALT else []),
        *_table_faults(picture.data),
    ]


def _quote_faults(quote: Quote) -> list[Problem]:
    complete = quote.text.strip() and quote.speaker.strip()
    said = [] if complete else [problem("KCC-O067l", id=quote.id)]
    return [*_id_faults(quote.id), *said]


def _naming_faults(identifier: str, caption: str) -> list[Problem]:
    unnamed = [] if caption.strip() else [problem("KCC-O067h", id=identifier)]
    return [*_id_faults(identifier), *unnamed]


def _id_faults(identifier: str) -> list[Problem]:
    possible = _ID.fullmatch(identifier) and not is_device(identifier)
    usable = possible and not identifier.startswith(RESERVED_PREFIX)
    return [] if usable else [problem("KCC-O067i", found=repr(identifier))]


def _shape_faults(table: Table) -> list[Problem]:
    found: list[Problem] = []
    width = len(table.columns)
    ragged = sorted({len(row) for row in table.rows} - {width})
    if ragged or not width or not table.rows or len(table.align) not in (0, width):
        shape = f"{width} columns, {len(table.rows)} rows of {ragged or width} cells"
        found.append(problem("KCC-O067j", id=table.id, found=shape))
    if table.layout == "key_figures" and width not in (2, 3):
        found.append(problem("KCC-O067n", id=table.id, found=width))
    return found


def _header_faults(table: Table) -> list[Problem]:
    firsts = [row[0].strip() for row in table.rows if row]
    empty = [
        f"column {i}" for i, name in enumerate(table.columns, 1) if not name.strip()
    ]
    empty += [f"row {i}" for i, first in enumerate(firsts, 1) if not first]
    return [problem("KCC-O067k", id=table.id, found=each) for each in empty]


def _cell_faults(table: Table) -> list[Problem]:
    left = _LEFT_BEHIND & {cell.strip() for cell in _cells(table)}
    return [problem("KCC-O067m", id=table.id, found=each) for each in sorted(left)]


def _cells(table: Table) -> Iterable[str]:
    yield from table.columns
    for row in table.rows:
        yield from row
