"""A raw file before anyone declared anything: its columns, wording and cells.

``kcc new`` looks at a file with this; a run never does. Only the shape of the file is
found here (delimiter, sheet, where the names and the first answers stand). The cells
come from the reader that a run uses too, so that a proposal is about what will be read.
Of a large CSV only the first rows are looked at, and the evidence says so.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path

from kcc_research import dutch
from kcc_research.errors import DataError, problem
from kcc_research.microdata.answers import is_blank, written
from kcc_research.microdata.csv_reading import DELIMITERS, split
from kcc_research.microdata.decoding import decode, is_utf16
from kcc_research.microdata.raw_table import RawTable, column_name
from kcc_research.microdata.reading import read_beginning, read_source
from kcc_research.microdata.sav_reading import read_stored
from kcc_research.microdata.xlsx_package import SheetScan, unpack
from kcc_research.microdata.xlsx_reading import read_grid, sheet_states
from kcc_research.study.measurement import FileFormat, Source
from kcc_research.study.questionnaire import Question, Questionnaire

MOST_LOOKED = 4 * 2**20
"""Bytes of a CSV, unpacked, from which a proposal is made: some 50,000 rows."""

_FIRST_ROWS = 20
_MOST_TITLES = 4
_TYPES_REPEAT, _NAMES_DIFFER = 0.5, 0.9
"""Share of different cells: below the first a row holds no names of columns, and from
the second on it can."""
_FEWEST_CLOSED = 2
"""Columns of few answers in which a text stands out."""

_TAGS = re.compile(r"<[^>]{1,200}>")
_BESIDE = re.compile(
    r"codeboek|toelichting|legenda|uitleg|draai|pivot|leeswijzer", re.I
)

Row = tuple[int, Sequence[object]]


@dataclass(frozen=True)
class FirstLook:
    """What stands in a file. ``names`` are the columns that can be declared.

    ``wording``: column → question text, of a row under the header or of a .sav.
    ``twice``: names that stand in the header more than once, and cannot be told apart.
    ``evidence``: what was found of the shape of the file, in Dutch, for a decision.
    ``is_part``: the rows are the first ones of a larger file.
    """

    table: RawTable = field(repr=False)
    names: tuple[str, ...]
    wording: Mapping[str, str] = field(repr=False)
    format: FileFormat
    twice: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    is_part: bool = False

    def values(self, column: str) -> list[str]:
        """The cells of a column as a questionnaire writes them; a blank is empty."""
        cells = self.table.cells[column]
        return ["" if is_blank(each) else written(each).strip() for each in cells]


@dataclass(frozen=True)
class _Shape:
    format: FileFormat
    names: Sequence[str]
    wording: Mapping[str, str]
    evidence: tuple[str, ...] = ()


def look(path: Path) -> FirstLook:
    """Look at one .csv, .csv.gz, .xlsx or .sav.

    Raises :class:`DataError` when no table can be made of it.
    """
    data, is_part = _content(path)
    shape = _shape(data, path)
    counts = Counter(each for each in shape.names if each)
    names = tuple(name for name, count in counts.items() if count == 1)
    if not names:
        raise DataError(problem("KCC-D039", file=path.name))
    source = Source(
        id="bron",
        kind="survey",
        questionnaire="bron.toml",
        file="bron.csv",
        format=shape.format,
    )
    wanted = _everything(names)
    table = (
        read_beginning(path, data, source, wanted)
        if is_part
        else read_source(path, source, wanted)
    )
    if is_part:
        shape = replace(shape, evidence=(_told_part(table), *shape.evidence))
    return FirstLook(
        table=table,
        names=names,
        wording={name: shape.wording.get(name, "") for name in names},
        format=shape.format,
        twice=tuple(name for name, count in counts.items() if count > 1),
        evidence=shape.evidence,
        is_part=is_part,
    )


def _told_part(table: RawTable) -> str:
    rows = dutch.number(len(table.cells))
    return (
        f"het bestand is groot: alleen de eerste {rows} rijen zijn bekeken; daarna "
        "kunnen andere antwoorden en dagen staan"
    )


def _everything(names: Iterable[str]) -> Questionnaire:
    """A questionnaire that asks for every column, and reads nothing into it."""
    return Questionnaire(
        title="alle kolommen",
        question=tuple(
            Question(id=f"k{at}", column=name, text=name, type="text", sensitive=True)
            for at, name in enumerate(names)
        ),
    )


def _shape(data: bytes, path: Path) -> _Shape:
    name = path.name.lower()
    if name.endswith((".sav", ".zsav")):
        return _sav_shape(data, path.name)
    if name.endswith((".xlsx", ".xlsm")):
        return _xlsx_shape(data, path.name)
    if name.endswith((".csv", ".csv.gz")):
        return _csv_shape(data, path.name)
    raise DataError(problem("KCC-D040e", file=path.name, kind=path.suffix or "geen"))


def _content(path: Path) -> tuple[bytes, bool]:
    """What is looked at, unpacked, and whether that is a part: of CSV only."""
    name = path.name.lower()
    try:
        if name.endswith(".csv.gz"):
            with gzip.open(path) as packed:
                return _beginning(packed.read(MOST_LOOKED + 1))
        with path.open("rb") as plain_file:
            if not name.endswith(".csv"):
                return plain_file.read(), False
            data = plain_file.read(MOST_LOOKED + 1)
            if is_utf16(data):
                return data + plain_file.read(), False
            return _beginning(data)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise DataError(problem("KCC-D040d", file=path.name, kind="gz")) from None
    except OSError:
        raise DataError(problem("KCC-D040b", file=path.name)) from None


def _beginning(data: bytes) -> tuple[bytes, bool]:
    """Whole lines, where there is more than is looked at."""
    is_part = len(data) > MOST_LOOKED
    return (data[: data.rfind(b"\n") + 1], True) if is_part else (data, False)


def _sav_shape(data: bytes, file: str) -> _Shape:
    _, meta = read_stored(data, file, metadataonly=True)
    labels = meta.column_names_to_labels
    wording = {column_name(n): plain(labels.get(n) or "") for n in meta.column_names}
    return _Shape(FileFormat(), [column_name(n) for n in meta.column_names], wording)


def _csv_shape(data: bytes, file: str) -> _Shape:
    if not data.strip():
        raise DataError(problem("KCC-D039", file=file))
    decoded = decode(data, file, None)
    delimiter = _delimiter(decoded.text, file)
    records, _ = split(decoded.text, delimiter, file)
    rows: list[Row] = [(each.line, each.fields) for each in records]
    evidence: tuple[str, ...] = ()
    if decoded.encoding == "windows-1252":
        evidence = ("het bestand is geen UTF-8 en wel leesbaar als windows-1252",)
    encoding = {"UTF-8": "utf-8", "windows-1252": "windows-1252", "UTF-16": "utf-16"}
    return _rows_shape(
        rows,
        {"delimiter": delimiter, "encoding": encoding[decoded.encoding]},
        evidence,
        file,
    )


def _delimiter(text: str, file: str) -> str:
    """The delimiter under which most rows are equally wide, and wider than one."""

    def regularity(delimiter: str) -> tuple[int, int]:
        records, _ = split(text, delimiter, file)
        widths = Counter(len(each.fields) for each in records)
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        return (count, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=regularity)


def _xlsx_shape(data: bytes, file: str) -> _Shape:
    package = unpack(data, file)
    filled = {
        name: len(SheetScan(package.sheets[name]).filled_rows)
        for name, visible in sheet_states(package).items()
        if visible
    }
    if not filled:
        raise DataError(problem("KCC-D039", file=file))
    sheet = max(filled, key=lambda n: (not _BESIDE.search(n), filled[n]))
    chosen: dict[str, object] = {}
    evidence: tuple[str, ...] = ()
    if len(sheet_states(package)) > 1:
        chosen["sheet"] = sheet
        others = ", ".join(f"'{each}'" for each in sheet_states(package))
        evidence = (f"de bladen {others}; blad '{sheet}' heeft de antwoorden",)
    grid = read_grid(data, sheet, file)
    return _rows_shape(list(enumerate(grid, start=1)), chosen, evidence, file)


def _rows_shape(
    rows: Sequence[Row],
    chosen: Mapping[str, object],
    evidence: tuple[str, ...],
    file: str,
) -> _Shape:
    """Where the names stand, the rows of texts below them, and the first answers."""
    at = _header_at(rows)
    if at is None:
        raise DataError(problem("KCC-D039", file=file))
    header, cells = rows[at]
    names = [column_name(each) if not is_blank(each) else "" for each in cells]
    titles = _titles(rows[at + 1 :])
    found = dict(chosen)
    if header > 1:
        found["header_row"] = header
        evidence += (f"de kolomnamen staan op rij {header}, daarboven een titel",)
    if titles and len(rows) > at + 1 + len(titles):
        first = rows[at + 1 + len(titles)][0]
        found["first_row"] = first
        evidence += (f"onder de kolomnamen staan {len(titles)} rijen met teksten",)
        if len(titles) == 1:
            evidence = (*evidence[:-1], "onder de kolomnamen staat een rij met teksten")
    wording = _wording(names, titles)
    return _Shape(FileFormat.model_validate(found), names, wording, evidence)


def _header_at(rows: Sequence[Row]) -> int | None:
    """The first row of texts that is nearly as wide as the table.

    A row of types or sections above the names is as wide, but says the same of many
    columns. Then the names stand below it, in a row in which nearly all differ: the
    shortest one, where question texts are another.
    """
    head = rows[:_FIRST_ROWS]
    widest = max((_filled(cells) for _, cells in head), default=0)
    wide = [at for at, row in enumerate(head) if _is_wide_text(row, widest)]
    if not wide or _variety(head[wide[0]]) >= _TYPES_REPEAT:
        return wide[0] if wide else None
    below = wide[0] + 1 + _MOST_TITLES
    varied = [a for a in wide if a <= below and _variety(head[a]) >= _NAMES_DIFFER]
    return min(varied, key=lambda at: _mean_length(head[at]), default=wide[0])


def _is_wide_text(row: Row, widest: int) -> bool:
    filled = _filled(row[1])
    texts = sum(isinstance(each, str) and bool(each.strip()) for each in row[1])
    return bool(filled) and filled >= 0.8 * widest and texts >= 0.8 * filled


def _variety(row: Row) -> float:
    """Which part of the filled cells differ from each other."""
    texts = [_text(each) for each in row[1] if not is_blank(each)]
    return len(set(texts)) / len(texts)


def _mean_length(row: Row) -> float:
    texts = [_text(each) for each in row[1] if not is_blank(each)]
    return sum(map(len, texts)) / len(texts)


def _filled(cells: Sequence[object]) -> int:
    return sum(not is_blank(each) for each in cells)


def _titles(below: Sequence[Row]) -> list[Row]:
    """The rows of texts above the first answers; empty when there are none."""
    titles: list[Row] = []
    for at, row in enumerate(below[:_MOST_TITLES]):
        if not _is_title(row, below[at + 1 :]):
            break
        titles.append(row)
    return titles


def _is_title(row: Row, later: Sequence[Row]) -> bool:
    """A row that has, where answers come back time and again, something else."""
    cells = [_text(each) for each in row[1]]
    filled = [each for each in cells if each]
    if filled and sum("ImportId" in each for each in filled) > len(filled) / 2:
        return True
    strange = known = 0
    answers = [
        each for each in later if not any("ImportId" in _text(c) for c in each[1])
    ]
    for column, cell in enumerate(cells):
        others = [_text(r[1][column]) for r in answers if len(r[1]) > column]
        counts = Counter(each for each in others if each)
        if not cell or sum(counts.values()) < 3 * len(counts) or not counts:
            continue
        strange += cell not in counts and len(cell) > max(map(len, counts))
        known += cell in counts
    return strange >= _FEWEST_CLOSED and known == 0


def _text(cell: object) -> str:
    return "" if is_blank(cell) else written(cell).strip()


def _wording(names: Sequence[str], titles: Sequence[Row]) -> dict[str, str]:
    """Question texts: the first row of texts that holds no import codes."""
    for _, cells in titles:
        texts = [_text(each) for each in cells]
        if not any("ImportId" in each for each in texts):
            return {n: plain(text) for n, text in zip(names, texts, strict=False)}
    return {}


def plain(text: str) -> str:
    """A question text without mark-up, control characters and double spaces."""
    bare = unescape(_TAGS.sub(" ", text))
    shown = "".join(each if each.isprintable() else " " for each in bare)
    return " ".join(shown.split())[:300]
