"""A file of records as a private copy: UTF-8, one kind of line end, header known.

Registrations run to gigabytes, so nothing is read into memory whole. The file is
hashed, copied in pieces into a temporary folder while it is decoded strictly, and
hashed again (TRUST-F40); DuckDB only ever sees the copy. Of JSON pages the copy holds
the columns of the layout and nothing else.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

from kcc_research.errors import DataError, Problem, problem
from kcc_research.microdata.csv_reading import DELIMITERS
from kcc_research.microdata.header import closest
from kcc_research.microdata.raw_table import (
    FileFacts,
    column_name,
    shown_names,
    shown_path,
)
from kcc_research.study.measurement import Source
from kcc_research.study.record_layout import RecordLayout

KINDS = (".csv", ".csv.gz", ".json")

_PIECE = 2**20
_MOST_PACKED = 200
"""Times its size that a .gz may unpack to; text packs to a tenth."""
_FIRST_ROWS = 20
_CODECS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "cp1252"}
_SHOWN = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "windows-1252"}
_RESULT_LISTS = ("results", "data", "items")


@dataclass(frozen=True)
class RecordCopy:
    """The copy of one file, and where its columns are.

    ``width``: fields in the header. ``positions``: column of the layout → its field.
    """

    path: Path
    facts: FileFacts
    delimiter: str
    header_row: int
    width: int
    positions: dict[str, int]
    problems: tuple[Problem, ...] = ()


def copied(
    path: Path, source: Source, layout: RecordLayout, folder: Path
) -> RecordCopy:
    """Copy ``path`` into ``folder``, which is temporary and private.

    Raises :class:`DataError` when no table can be made of it at all.
    """
    file = shown_path(path)
    kind = "".join(path.suffixes[-2:]).lower()
    kind = kind if kind == ".csv.gz" else path.suffix.lower()
    if kind not in KINDS:
        raise DataError(problem("KCC-D040f", file=file, kind=path.suffix or "geen"))
    digest = _digest(path, file)
    if source.sha256 is not None and source.file and digest != source.sha256:
        raise DataError(
            problem("KCC-D040a", file=file, value=digest, expected=source.sha256)
        )
    facts = FileFacts(file=file, kind=kind, sha256=digest, size=path.stat().st_size)
    target = folder / f"{len(list(folder.iterdir()))}.csv"
    if kind == ".json":
        found = _from_json(path, target, facts, layout)
    else:
        found = _from_csv(path, target, facts, source, layout)
    if _digest(path, file) != digest:
        raise DataError(problem("KCC-D040", file=file))
    return found


def _digest(path: Path, file: str) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        reason = error.strerror or "onbekende oorzaak"
        raise DataError(problem("KCC-D040c", file=file, reason=reason)) from None


def _from_csv(
    path: Path, target: Path, facts: FileFacts, source: Source, layout: RecordLayout
) -> RecordCopy:
    codec, problems = _decoded(path, target, facts, source.format.encoding)
    with target.open(encoding="utf-8", newline="") as lines:
        first = [line for _, line in zip(range(_FIRST_ROWS), lines, strict=False)]
    if not any(line.strip() for line in first):
        raise DataError(problem("KCC-D039", file=facts.file))
    row = source.format.header_row
    delimiter = source.format.delimiter or _delimiter(first, row, layout, facts.file)
    names = _fields(first[row - 1 : row], delimiter)
    header = _header_problems(names, first, delimiter, row, layout, facts.file)
    return RecordCopy(
        path=target,
        facts=replace(facts, encoding=_SHOWN[codec], delimiter=delimiter),
        delimiter=delimiter,
        header_row=row,
        width=len(names),
        positions={
            name: names.index(column_name(name))
            for name in layout.columns
            if column_name(name) in names
        },
        problems=(*problems, *header),
    )


def _decoded(
    path: Path, target: Path, facts: FileFacts, declared: str | None
) -> tuple[str, list[Problem]]:
    """Copy under the first encoding that fits: the declared one, or strict ones."""
    with _opened(path) as stream:
        start = _start(stream, facts.file)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) and declared in (None, "utf-16"):
        codecs: tuple[str, ...] = ("utf-16",)
    else:
        codecs = (_CODECS[declared],) if declared else ("utf-8-sig", "cp1252")
    failed = 0
    for codec in codecs:
        row = _copy(path, target, codec, facts)
        if row == 0:
            notice = problem("KCC-D019a", file=facts.file, row=failed)
            return codec, [notice] if failed else []
        failed = failed or row
    names = " of ".join(_SHOWN[each] for each in codecs)
    raise DataError(problem("KCC-D019", file=facts.file, row=failed, encoding=names))


def _start(stream: IO[bytes], file: str) -> bytes:
    try:
        return stream.read(4)
    except (OSError, EOFError, zlib.error):
        raise DataError(problem("KCC-D040d", file=file, kind="gz")) from None


def _opened(path: Path) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb")


def _copy(path: Path, target: Path, codec: str, facts: FileFacts) -> int:
    """Decode into ``target``. 0, or the row where this is not the encoding."""
    written, most = 0, _MOST_PACKED * (facts.size + _PIECE)
    try:
        with (
            _opened(path) as stream,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            reader = io.TextIOWrapper(stream, encoding=codec, newline=None)
            while piece := reader.read(_PIECE):
                written += out.write(piece)
                if facts.kind == ".csv.gz" and written > most:
                    found = f"meer dan {_MOST_PACKED} keer zo groot als ingepakt"
                    raise DataError(problem("KCC-D037", file=facts.file, found=found))
    except UnicodeError:
        return _undecodable_row(path, codec)
    except (OSError, EOFError, zlib.error):
        raise DataError(
            problem("KCC-D040d", file=facts.file, kind=facts.kind)
        ) from None
    return 0


def _undecodable_row(path: Path, codec: str) -> int:
    """The first line that cannot be decoded; 1 where lines do not tell (UTF-16)."""
    with _opened(path) as stream:
        for row, line in enumerate(stream, start=1):
            try:
                line.decode(codec)
            except UnicodeError:
                return row
    return 1


def _fields(lines: Sequence[str], delimiter: str) -> list[str]:
    try:
        return [
            column_name(each)
            for each in next(csv.reader(lines, delimiter=delimiter), [])
        ]
    except csv.Error:
        return []


def _delimiter(first: Sequence[str], row: int, layout: RecordLayout, file: str) -> str:
    """The delimiter under which the header shows most columns of the layout."""
    wanted = {column_name(each) for each in layout.columns}

    def fit(delimiter: str) -> tuple[int, int]:
        shown = [len(wanted & set(_fields([line], delimiter))) for line in first]
        return shown[row - 1] if len(shown) >= row else 0, max(shown, default=0)

    return max(DELIMITERS, key=fit)


def _header_problems(
    names: Sequence[str],
    first: Sequence[str],
    delimiter: str,
    row: int,
    layout: RecordLayout,
    file: str,
) -> Iterator[Problem]:
    wanted = [column_name(each) for each in layout.columns]
    others = [each for each in names if each not in wanted]
    missing = [each for each in wanted if each not in names]
    for lower, line in enumerate(first, start=1):
        if missing and set(wanted) <= set(_fields([line], delimiter)):
            yield problem("KCC-D031", file=file, row=row, found=lower)
            return
    for name in missing:
        near = closest(name, others)
        yield problem(
            "KCC-D014c",
            file=file,
            row=row,
            column=name,
            hint=f"Bedoelt de indeling '{near}'? " if near else "",
            found=shown_names(others),
        )
    for name in dict.fromkeys(wanted):
        at = [str(i) for i, each in enumerate(names, start=1) if each == name]
        if len(at) > 1:
            places = " en ".join(at)
            yield problem("KCC-D030", file=file, row=row, column=name, places=places)
    yield from _left_behind(others, layout, file, row)


def _left_behind(
    others: Sequence[str], layout: RecordLayout, file: str, row: int | str = ""
) -> Iterator[Problem]:
    """Which columns stay behind; of staff and free text it is the law (DOMAIN-D15)."""
    personal = [each for each in others if each in layout.drop]
    unknown = [each for each in others if each not in layout.drop]
    for code, found in (("KCC-P001a", personal), ("KCC-P001b", unknown)):
        if found:
            column = shown_names(found)
            yield problem(code, file=file, row=row, column=column, count=len(found))


def _from_json(
    path: Path, target: Path, facts: FileFacts, layout: RecordLayout
) -> RecordCopy:
    """One page of an API: a list of records, or an object with that list."""
    try:
        page = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise DataError(problem("KCC-D040d", file=facts.file, kind="json")) from None
    records = _records(page, facts.file)
    columns = layout.columns
    seen = {name for each in records for name in columns if name in each}
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(each, name) for name in columns] for each in records)
    problems = [
        problem(
            "KCC-D014c", file=facts.file, column=name, hint="", found="niet getoond"
        )
        for name in columns
        if records and name not in seen
    ]
    return RecordCopy(
        path=target,
        facts=replace(facts, encoding="UTF-8", delimiter=","),
        delimiter=",",
        header_row=1,
        width=len(columns),
        positions={name: at for at, name in enumerate(columns)},
        problems=tuple(problems),
    )


def _records(page: Any, file: str) -> list[dict[str, Any]]:
    if isinstance(page, dict):
        page = next((page[name] for name in _RESULT_LISTS if name in page), None)
    if isinstance(page, list) and all(isinstance(each, dict) for each in page):
        return page
    raise DataError(problem("KCC-D040g", file=file))


def _cell(record: dict[str, Any], name: str) -> str:
    """A value as text; of a list or an object only whether there is anything in it."""
    value = record.get(name)
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "[…]" if isinstance(value, list | dict) else str(value)
