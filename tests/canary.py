"""Canaries: marked copies of raw files, and a search of everything that is written.

Shares no code with the masking of the product. A mark says of what kind of column it
is: *i* of identifiers and keys, *u* of undeclared columns, *s* of staff, *t* of open
answers. Numbers cannot carry letters: a rare one (7919) stands for those.
"""

from __future__ import annotations

import base64
import csv
import gzip
import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pikepdf

from kcc_research.reporting.pdf_text import page_text
from kcc_research.study.loading import load_study

MARK = "zqxjv"
KINDS = {"i": "identifier", "u": "undeclared", "s": "staff", "t": "open answer"}
RARE_SECONDS = 7919
RARE_MINUTES = "79,19"
_MINUTES = 79.19
_MARKED = re.compile(rf"{MARK}([iust])".encode(), re.IGNORECASE)
_EMBEDDED = re.compile(rb"base64,([A-Za-z0-9+/=]+)|\"image/png\": ?\"([^\"]+)\"")
# As a number of its own, in seconds or minutes, or as hours, minutes, seconds.
_RARE = re.compile(
    r"(?<![\w.,])(?:7[.\s\u00a0\u202f]?919|79[.,]19|2:11:59|131[.,]98[0-9]*)(?![\w]|[.,]\d)"
)

Row = dict[str, str]


@dataclass
class Planted:
    """How many marks stand where in the raw files of one measurement."""

    counts: Counter[str] = field(default_factory=Counter)
    rare: list[tuple[str, Row]] = field(default_factory=list)

    @property
    def marks(self) -> Counter[str]:
        """The marks alone, by kind, without the rare numbers."""
        return Counter({k: n for k, n in self.counts.items() if k in KINDS.values()})

    def mark(self, kind: str, text: str = "") -> str:
        self.counts[KINDS.get(kind, kind)] += 1
        return f"{MARK}{kind}{zlib.crc32(text.encode()):08x}{text}"


# --- planting -------------------------------------------------------------------------


def plant(root: Path, key: str, rare: Mapping[str, Callable[[Row], Row]]) -> Planted:
    """Mark the raw files of ``key`` in the workspace at ``root``.

    ``rare`` gives, by file, what puts the rare number in a row; it is tried on the
    rows in turn until it changes one.
    """
    study, planted = load_study(root, key), Planted()
    for source in study.measurement.source:
        marks = _column_marks(study, source.id)
        folder = root / "data" / "raw" / key
        paths = [folder / source.file] if source.file else folder.glob(source.pattern)
        keep = _ticked(study, source.id)
        for path in sorted(paths):
            rows = _read(path)
            if path.name in rare:
                _put_rare(rows, rare[path.name], path.name, planted)
            _write(path, _marked(rows, marks, planted, keep))
    return planted


def marks_in_raw(root: Path, key: str) -> Counter[str]:
    """The marks that really stand in the raw files, by kind: cell by cell."""
    found: Counter[str] = Counter()
    for path in sorted((root / "data" / "raw" / key).iterdir()):
        for row in _read(path):
            for cell in row.values():
                letters = _MARKED.findall(str(cell or "").encode())
                found.update(KINDS[each.decode()] for each in letters)
    return found


def rare_in_raw(root: Path, key: str, planted: Planted) -> int:
    """How many of the rare values really stand in a row of their raw file."""
    folder = root / "data" / "raw" / key
    return sum(
        any(changed.items() <= row.items() for row in _read(folder / file))
        for file, changed in planted.rare
    )


def rare_in_processed(folder: Path) -> int:
    """Rows of processed answers that hold the rare number, in whatever unit."""
    return sum(
        int(_rare_rows(pd.read_parquet(path)).sum())
        for path in sorted(folder.glob("*.parquet"))
    )


def _rare_rows(frame: pd.DataFrame) -> pd.Series[bool]:
    """In seconds or minutes, as a duration, or between two moments."""
    found = pd.Series(False, index=frame.index)
    moments = list(frame.select_dtypes(["datetime", "datetimetz"]).columns)
    for column in frame.select_dtypes("number").columns:
        values = frame[column].astype(float)
        for rare in (RARE_SECONDS, RARE_SECONDS / 60, _MINUTES):
            found |= (values - rare).abs() < 1e-3
    for column in frame.select_dtypes("timedelta").columns:
        found |= frame[column].dt.total_seconds() == RARE_SECONDS
    for first in moments:
        for last in moments:
            apart = (frame[last] - frame[first]).dt.total_seconds()
            found |= apart == RARE_SECONDS
    return found


def _column_marks(study: Any, source: str) -> dict[str, str]:
    """Column → kind of mark, from the definitions."""
    if source in study.layouts:
        layout = study.layouts[source]
        marks = {}
        if layout.has("person"):
            marks[layout.field["person"].column] = "i"
        if len(layout.key) == 1:
            marks[layout.key[0]] = "i"
        return marks | dict.fromkeys(layout.drop, "s")
    if source in study.schemes:
        # The name of a fragment is kept, and ticked by; it names no person (KCC-Q004).
        column = study.schemes[source].column
        found = {column.quotation: "t"}
        return found | ({column.person: "i"} if column.person else {})
    kinds = {"identifier": "i", "text": "t"}
    return {
        each.column: kinds[each.type]
        for each in study.questionnaires[source].question
        if each.type in kinds and (each.role is None or each.role == "person")
    }


def _ticked(study: Any, source: str) -> frozenset[str]:
    """Fragments whose words a person allowed: a declared exception."""
    return frozenset(q.fragment for q in study.quotes if q.source == source)


def _marked(
    rows: list[Row],
    marks: Mapping[str, str],
    planted: Planted,
    keep: frozenset[str],
) -> list[Row]:
    made = []
    for row in rows:
        new = dict(row)
        if not keep & set(row.values()):
            for column, kind in marks.items():
                if row.get(column):
                    text = str(row[column])
                    mark = planted.mark(kind, "" if kind == "t" else text)
                    new[column] = f"{text} {mark}" if kind == "t" else mark
        new["intern_kenmerk"] = planted.mark("u", str(len(made)))
        new["medewerker_email"] = planted.mark("s", str(len(made))) + "@voorbeeld.nl"
        made.append(new)
    return made


def _put_rare(
    rows: list[Row], change: Callable[[Row], Row], file: str, planted: Planted
) -> None:
    """The rare number in the first row that takes it."""
    for at, row in enumerate(rows):
        changed = change(row)
        if changed != row:
            rows[at] = changed
            new = {k: v for k, v in changed.items() if row.get(k) != v}
            planted.counts["rare number"] += 1
            planted.rare.append((file, new))
            return
    raise AssertionError("no row took the rare number")


def _read(path: Path) -> list[Row]:
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        lines = [list(each) for each in sheet.iter_rows(values_only=True)]
        names = [str(each) for each in lines[0]]
        return [dict(zip(names, each, strict=True)) for each in lines[1:]]
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return list(
        csv.DictReader(io.StringIO(content.decode(), newline=""), delimiter=";")
    )


def _write(path: Path, rows: list[Row]) -> None:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        for at, name in enumerate(rows[0], start=1):
            sheet.cell(1, at, name)
            for number, row in enumerate(rows, start=2):
                sheet.cell(number, at, row[name])
        book.save(path)
        return
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)


# --- searching ------------------------------------------------------------------------


@dataclass
class Search:
    """What was looked through, and where a mark was found."""

    files: int = 0
    bytes: int = 0
    hits: list[str] = field(default_factory=list)

    def folder(
        self,
        root: Path,
        kinds: str,
        *,
        numbers: bool = False,
    ) -> None:
        """Every file below ``root``, and the names of files and folders."""
        for path in sorted(root.rglob("*")):
            self.content(f"name of {path}", str(path.relative_to(root)).encode(), kinds)
            if path.is_file() and not path.is_symlink():
                self.files += 1
                content = path.read_bytes()
                self.bytes += len(content)
                self.content(str(path), content, kinds)
                if numbers:
                    self.numbers(str(path), content)

    def content(self, name: str, content: bytes, kinds: str) -> None:
        """The bytes, and what is packed inside them."""
        for part, found in _unpacked(name, content):
            letters = {m[1].decode().lower() for m in _MARKED.finditer(found)}
            for letter in sorted(letters & set(kinds)):
                self.hits.append(f"{KINDS[letter]} in {part}")

    def numbers(self, name: str, content: bytes) -> None:
        """The rare number in what a reader sees or a spreadsheet reads."""
        for text in _readable(name, content):
            for match in _RARE.finditer(text):
                around = text[max(0, match.start() - 40) : match.end() + 20]
                self.hits.append(f"number in {name}: {around!r}")


def _unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """``content`` and, in turn, everything it holds in another form."""
    yield name, _EMBEDDED.sub(b"", content)
    for match in _EMBEDDED.finditer(content):
        packed = (match[1] or match[2]).replace(b"\\n", b"")
        yield from _unpacked(f"{name} › picture", base64.b64decode(packed))
    if content.startswith(b"\x89PNG"):
        yield from _png_texts(name, content)
    elif content.startswith(b"%PDF"):
        yield from _pdf_parts(name, content)
    elif content.startswith(b"\x1f\x8b"):
        yield from _unpacked(f"{name} › gz", gzip.decompress(content))
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for each in archive.namelist():
                yield from _unpacked(f"{name} › {each}", archive.read(each))
    elif content.startswith(b"PAR1"):
        frame = pd.read_parquet(io.BytesIO(content))
        for column in frame.columns:
            values = frame[column].dropna().astype(str).unique()
            joined = "\n".join([str(column), *values])
            yield f"{name} › column {column}", joined.encode()


def _png_texts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Text and EXIF chunks, unpacked (PNG specification, chapter 11.3)."""
    at = 8
    while at < len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        at += size + 12
        if kind in (b"tEXt", b"iTXt", b"eXIf", b"zTXt"):
            yield f"{name} › {kind.decode()}", data
        if kind == b"zTXt":
            _, _, packed = data.partition(b"\0")
            yield f"{name} › zTXt", zlib.decompress(packed[1:])


def _pdf_parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Every object, every stream unpacked, and the words as a reader sees them."""
    with pikepdf.open(io.BytesIO(content)) as document:
        for number, each in enumerate(document.objects):
            if isinstance(each, pikepdf.Stream):
                data = bytes(each.read_bytes(pikepdf.StreamDecodeLevel.generalized))
                yield from _unpacked(f"{name} › stream {number}", data)
                yield f"{name} › stream {number} keys", repr(each.stream_dict).encode()
            else:
                yield f"{name} › object {number}", repr(each).encode()
        for number, page in enumerate(document.pages, start=1):
            yield f"{name} › page {number}", page_text(page).encode()


def _readable(name: str, content: bytes) -> Iterator[str]:
    if name.endswith(".html"):
        plain = re.sub(rb"<(style|svg)\b.*?</\1>", b" ", content, flags=re.DOTALL)
        alts = b" ".join(re.findall(rb'alt="([^"]*)"', plain))
        yield re.sub(rb"<[^>]*>", b" ", plain).decode() + alts.decode()
    elif name.endswith(".csv"):
        rows = csv.reader(io.StringIO(content.decode()))
        yield "\n".join(" | ".join(each) for each in rows)
