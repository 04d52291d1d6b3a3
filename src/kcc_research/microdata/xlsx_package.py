"""An .xlsx as a zip of XML: guarded before anything opens it, and scanned for what the
reader of cells does not show: hidden parts, errors, formulas without a result.

python-calamine reads cells fast but turns ``#N/B`` and a formula without a stored
result into a blank, and reads hidden rows like others (measured); openpyxl sees them
and takes twenty times as long. So the sheet's XML is searched beside it (TRUST-F32,
F33, F34, F37, F38).
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter

from kcc_research.errors import DataError, problem

MOST_BYTES = 200 * 2**20
MOST_ROWS = 500_000
MOST_RATIO = 100
WIDEST_GAP = 20
"""Empty rows or columns after which a cell no longer belongs to the table (F38)."""

_SMALL_MEMBER = 2**20
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    LookupError,
)
_BUILT_IN_PERCENT = frozenset({9, 10})


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: row and column counted from 1."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True)
class Package:
    """The parts of an .xlsx, unpacked within limits. Make one with :func:`unpack`."""

    file: str
    parts: Mapping[str, bytes]

    @cached_property
    def _workbook_name(self) -> str:
        relations = self._relations("")
        found = [each for kind, each in relations.values() if kind == "officeDocument"]
        return found[0] if found else "xl/workbook.xml"

    @cached_property
    def sheets(self) -> Mapping[str, bytes]:
        """The XML of each sheet, by name, in the order of the workbook."""
        root = self._tree(self._workbook_name)
        relations = self._relations(self._workbook_name)
        found = {}
        for element in root.iter():
            if _local(element.tag) == "sheet":
                name = element.get("name", "")
                target = relations.get(_relation_id(element), ("", ""))[1]
                found[name] = self.parts.get(target, b"")
        return found

    @cached_property
    def visible(self) -> Mapping[str, bool]:
        """Sheet → whether Excel shows it."""
        return {
            element.get("name", ""): element.get("state", "visible") == "visible"
            for element in self._tree(self._workbook_name).iter()
            if _local(element.tag) == "sheet"
        }

    @cached_property
    def percent_styles(self) -> frozenset[int]:
        """Indexes of cell styles that show a number as a percentage."""
        styles = [
            target
            for kind, target in self._relations(self._workbook_name).values()
            if kind == "styles" and target in self.parts
        ]
        if not styles:
            return frozenset()
        root = self._tree(styles[0])
        formats = set(_BUILT_IN_PERCENT) | {
            int(each.get("numFmtId", "0"))
            for each in root.iter()
            if _local(each.tag) == "numFmt" and "%" in each.get("formatCode", "")
        }
        cell_styles = [each for each in root if _local(each.tag) == "cellXfs"]
        return frozenset(
            at
            for group in cell_styles
            for at, style in enumerate(group)
            if int(style.get("numFmtId", "0")) in formats
        )

    def refuse_malformed(self, sheet: str) -> None:
        """The reader of cells stops in silence where XML is torn; this does not."""
        strings = [n for n in self.parts if n.endswith("sharedStrings.xml")]
        for xml in (self.sheets[sheet], *(self.parts[each] for each in strings)):
            if b"<!DOCTYPE" in xml:
                raise DataError(problem("KCC-D037a", file=self.file))
            try:
                expat.ParserCreate().Parse(xml, True)
            except expat.ExpatError:
                raise DataError(problem("KCC-D037a", file=self.file)) from None

    def _tree(self, name: str) -> ElementTree.Element:
        content = self.parts.get(name, b"")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise DataError(problem("KCC-D037a", file=self.file))
        try:
            return ElementTree.fromstring(content)
        except (ElementTree.ParseError, ValueError, LookupError):
            raise DataError(problem("KCC-D037a", file=self.file)) from None

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → (kind, part) of the package (part "") or of one part."""
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        if where not in self.parts:
            return {}
        return {
            each.get("Id", ""): (
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(
                    posixpath.join("/", folder, each.get("Target", ""))
                ).lstrip("/"),
            )
            for each in self._tree(where)
        }


def _local(tag: str) -> str:
    return str(tag).rpartition("}")[2]


def _relation_id(element: ElementTree.Element) -> str:
    return next((v for name, v in element.items() if name.endswith("}id")), "")


def unpack(data: bytes, file: str) -> Package:
    """Unpack within limits: size, ratio and checksums first (F37).

    Raises :class:`DataError`; a workbook with a password is no zip at all.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _refuse_bomb(members, len(data), file)
            return Package(
                file, {each.filename: archive.read(each) for each in members}
            )
    except _ZIP_ERRORS:
        raise DataError(problem("KCC-D037a", file=file)) from None


def _refuse_bomb(members: list[zipfile.ZipInfo], size: int, file: str) -> None:
    total = sum(each.file_size for each in members)
    if total > MOST_BYTES:
        found = f"{total // 2**20} MB (hoogstens {MOST_BYTES // 2**20} MB)"
        raise DataError(problem("KCC-D037", file=file, found=found))
    for each in members:
        ratio = each.file_size / max(each.compress_size, 1)
        if each.file_size > _SMALL_MEMBER and ratio > MOST_RATIO:
            found = f"{ratio:.0f} keer zo groot als ingepakt"
            raise DataError(problem("KCC-D037", file=file, found=found))


@dataclass(frozen=True)
class SheetScan:
    """What the XML of one sheet says beyond the values of its cells."""

    xml: bytes

    @cached_property
    def _prefix(self) -> bytes:
        found = re.search(rb"<(?:(\w+):)?worksheet\b", self.xml)
        return found[1] + b":" if found and found[1] else b""

    def _compiled(self, pattern: bytes) -> re.Pattern[bytes]:
        """``~`` stands for the namespace prefix that this sheet uses."""
        return re.compile(pattern.replace(b"~", self._prefix), re.DOTALL)

    @cached_property
    def is_sheet(self) -> bool:
        return self._compiled(rb"<~sheetData\b").search(self.xml) is not None

    @cached_property
    def hidden_rows(self) -> tuple[int, ...]:
        pattern = self._compiled(rb"<~row\s[^>]*>")
        hidden = [m[0] for m in pattern.finditer(self.xml) if b"hidden" in m[0]]
        found = [_attributes(each) for each in hidden]
        return tuple(int(a.get("r", 0)) for a in found if _is_true(a.get("hidden")))

    @cached_property
    def hidden_columns(self) -> frozenset[int]:
        found = [
            _attributes(match[0])
            for match in self._compiled(rb"<~col\s[^>]*>").finditer(self.xml)
        ]
        return frozenset(
            column
            for each in found
            if _is_true(each.get("hidden"))
            for column in range(int(each.get("min", 0)), int(each.get("max", -1)) + 1)
        )

    @cached_property
    def has_filter(self) -> bool:
        return self._compiled(rb"<~filterColumn\b").search(self.xml) is not None

    def errors(self) -> Iterator[tuple[Place, str]]:
        """Cells with an Excel error, and which."""
        pattern = self._compiled(
            rb"""<~c\s([^>]*\bt=["']e["'][^>]*)>(?:<~f\b.*?(?:/>|</~f>))?<~v>([^<]*)"""
        )
        for match in pattern.finditer(self.xml):
            yield from (
                (place, match[2].decode("utf-8", "replace"))
                for place in _place(match[1])
            )

    def empty_formulas(self) -> Iterator[Place]:
        """Formulas without a stored result. A stored empty text is a result."""
        pattern = self._compiled(
            rb"<~c\s([^>]*)>\s*<~f\b(?:[^>]*/>|[^>]*>[^<]*</~f>)\s*"
            rb"(?:<~v\s*/>\s*|<~v>\s*</~v>\s*)?</~c>"
        )
        for match in pattern.finditer(self.xml):
            if _attributes(match[1]).get("t") != "str":
                yield from _place(match[1])

    def with_style(self, styles: frozenset[int]) -> Iterator[Place]:
        """Cells in one of these styles."""
        if not styles:
            return
        numbers = b"|".join(b"%d" % each for each in sorted(styles))
        pattern = self._compiled(
            rb"""<~c\s([^>]*\bs=["'](?:""" + numbers + rb""")["'][^>]*)>"""
        )
        for match in pattern.finditer(self.xml):
            yield from _place(match[1])

    @cached_property
    def filled_rows(self) -> tuple[int, ...]:
        """Numbers of the rows that hold a value, in order."""
        starts = list(self._compiled(rb"<~row\b([^>]*)>").finditer(self.xml))
        value = self._compiled(rb"<~(?:v|is)\b")
        ends = [*(each.start() for each in starts), len(self.xml)][1:]
        found, row = [], 0
        for match, end in zip(starts, ends, strict=True):
            given = _ROW_NUMBER.search(match[1])
            row = int(given[1]) if given else row + 1
            if value.search(self.xml, match.end(), end):
                found.append(row)
        return tuple(found)

    @cached_property
    def filled_columns(self) -> Mapping[int, Place]:
        """Column → the first cell in it that holds a value."""
        pattern = self._compiled(
            rb"""<~c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>/]*>\s*<~(?:v|is|f)\b"""
        )
        first: dict[bytes, int] = {}
        for match in pattern.finditer(self.xml):
            first.setdefault(match[1], int(match[2]))
        return {
            column_index_from_string(letters.decode()): Place(
                row, column_index_from_string(letters.decode())
            )
            for letters, row in first.items()
        }

    def stray(self) -> str:
        """The first cell beyond a wide gap of empty rows or columns; usually none."""
        before = self.filled_rows[0] if self.filled_rows else 0
        for row in self.filled_rows:
            if row - before > WIDEST_GAP:
                return self._first_cell(row)
            before = row
        columns = sorted(self.filled_columns)
        for left, right in zip(columns, columns[1:], strict=False):
            if right - left > WIDEST_GAP:
                return str(self.filled_columns[right])
        return ""

    def _first_cell(self, row: int) -> str:
        pattern = rb"""<~c\s[^>]*?\br=["']([A-Z]{1,3}%d)["'][^>/]*>\s*<~(?:v|is|f)\b"""
        found = self._compiled(pattern % row).search(self.xml)
        return found[1].decode() if found else f"rij {row}"


_ROW_NUMBER = re.compile(rb"""\br=["']([0-9]{1,7})["']""")
_ATTRIBUTE = re.compile(rb"""([\w:]+)=["']([^"']*)["']""")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode(): value.decode("utf-8", "replace")
        for name, value in _ATTRIBUTE.findall(tag)
    }


def _is_true(value: str | None) -> bool:
    return value in ("1", "true")


def _place(attributes: bytes) -> Iterator[Place]:
    """The place a cell names; cells without a name are counted by no scan."""
    found = _REFERENCE.fullmatch(_attributes(attributes).get("r", ""))
    if found:
        yield Place(int(found[2]), column_index_from_string(found[1]))
