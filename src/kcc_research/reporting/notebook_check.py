"""Read an executed report notebook, once, for both routes, and judge it (PUB-D4, D5).

Only what the five helpers made counts, and markdown cells that are not tagged
``intern``. Everything else is a problem that names its cell; all are collected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from kcc_research.errors import Problem, problem
from kcc_research.reporting import fonts, phrases
from kcc_research.reporting.content import (
    Content,
    NumberedFigure,
    NumberedTable,
    Part,
    Report,
    Stray,
    Text,
)
from kcc_research.reporting.markdown import Node, parse
from kcc_research.reporting.records import (
    AnyRecord,
    Picture,
    Prose,
    Quote,
    Table,
    Title,
    faults,
    from_metadata,
)

INTERN = "intern"
NEW_PAGE = "nieuwe-pagina"
NO_TITLE = Title("Rapport zonder titel", "", (), "concept", "1970-01-01")
# A grid without a shape or an anchor without a name cannot even be drafted.
_UNSHOWABLE = frozenset({"KCC-O067i", "KCC-O067j", "KCC-O067n"})
_DISPLAYS = ("display_data", "execute_result")

Output = Mapping[str, Any]


def check(notebook: Mapping[str, Any]) -> list[Problem]:
    """Everything that keeps an executed notebook from being published."""
    return list(read(notebook).problems)


def read(notebook: Mapping[str, Any]) -> Report:
    """The report that a notebook holds, with its problems; nothing is rendered yet.

    ``notebook`` is the version 4 structure, as nbformat reads it.
    """
    walk = _Walk(reserved=frozenset(_declared_ids(public_cells(notebook))))
    for position, cell in enumerate(notebook["cells"]):
        if not is_intern(cell):
            walk.take(cell, position)
    title = walk.title()
    parts = tuple(_number(walk.parts))
    if title.rounded:
        parts = tuple(_says_rounded(each) for each in parts)
    parts, linked = _resolve_links(parts)
    return Report(title, parts, tuple(walk.problems + linked))


def _says_rounded(part: Part) -> Part:
    """A table or figure that says its numbers of people are rounded (TRUST-D7)."""
    content = part.content
    if isinstance(content, NumberedTable):
        content = replace(content, table=_with_note(content.table))
    elif isinstance(content, NumberedFigure):
        picture = content.picture
        told = replace(
            picture,
            alt=f"{picture.alt} {phrases.ROUNDED_SENTENCE}",
            data=_with_note(picture.data),
        )
        content = replace(content, picture=told)
    return replace(part, content=content)


def _with_note(table: Table) -> Table:
    return replace(table, note=f"{table.note} {phrases.ROUNDED_SENTENCE}".strip())


def public_cells(notebook: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The cells that are not tagged ``intern`` (PUB-V7)."""
    return [cell for cell in notebook["cells"] if not is_intern(cell)]


def _declared_ids(cells: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Every id the helpers gave out: headings must leave these alone."""
    for cell in cells:
        for output in cell.get("outputs", ()):
            stored = output.get("metadata", {}).get("kcc") or {}
            for holder in (stored, stored.get("data") or {}):
                if isinstance(holder.get("id"), str):
                    yield holder["id"]


def is_intern(cell: Mapping[str, Any]) -> bool:
    return INTERN in cell["metadata"].get("tags", ())


@dataclass
class _Walk:
    """The state of one reading, from the first cell to the last."""

    reserved: frozenset[str]
    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    level: int = 1
    position: int = 0
    opens_page: bool = False

    def take(self, cell: Mapping[str, Any], position: int) -> None:
        self.position = position
        # Notebooks of before 2021 have no ids.
        name = cell.get("id", f"number {position + 1}")
        self.opens_page = NEW_PAGE in cell["metadata"].get("tags", ())
        if cell["cell_type"] == "markdown":
            self.prose("".join(cell["source"]), name)
        for output in cell.get("outputs", ()):
            self.output(output, name)

    def title(self) -> Title:
        return self.titles[0] if self.titles else self._untitled()

    def _untitled(self) -> Title:
        self.problems.insert(0, problem("KCC-O067b", found=0))
        return NO_TITLE

    def add(self, cell: str, content: Content) -> None:
        self.parts.append(Part(self.position, cell, content, self.opens_page))
        self.opens_page = False

    def prose(self, source: str, cell: str) -> None:
        nodes, found = parse(source, cell)
        self.problems += found
        self.glyphs((source,), cell)
        if nodes:
            headed = tuple(self.headed(node, cell) for node in nodes)
            self.add(cell, Text(headed))

    def headed(self, node: Node, cell: str) -> Node:
        """A heading gets its anchor and a level that does not skip."""
        if node.kind != "heading":
            return node
        words = node.plain_text
        if node.level == 1:
            self.problems.append(problem("KCC-O067c", cell=cell, found=words))
        elif node.level > self.level + 1:
            self.problems.append(problem("KCC-O067d", cell=cell, found=words))
        self.level = max(2, min(node.level, self.level + 1))
        return replace(node, level=self.level, id=self.new_id(slug(words)))

    def new_id(self, wanted: str) -> str:
        """``wanted``, or the first of wanted-2, wanted-3, … that is free."""
        candidate, times = wanted, 1
        while candidate in self.ids | self.reserved:
            times += 1
            candidate = f"{wanted}-{times}"
        self.ids.add(candidate)
        return candidate

    def output(self, output: Output, cell: str) -> None:
        stored = output.get("metadata", {}).get("kcc")
        if output["output_type"] not in _DISPLAYS or stored is None:
            self.stray(output, cell)
            return
        try:
            record = from_metadata(stored)
        except (TypeError, ValueError, ValidationError) as error:
            self.damaged(output, cell, _reason(error))
            return
        self.record(record, output, cell)

    def stray(self, output: Output, cell: str) -> None:
        # Never its content: that may be somebody's answer (TRUST-F67).
        named = output["output_type"].replace("_", " ")
        kinds = ", ".join(sorted(output.get("data", {})))
        found = f"{named} ({kinds})" if kinds else output.get("name", named)
        self.problems.append(problem("KCC-O067", cell=cell, found=found))
        self.add(cell, as_stray(output))

    def damaged(self, output: Output, cell: str, reason: str) -> None:
        self.problems.append(problem("KCC-O067a", cell=cell, found=reason))
        self.add(cell, as_stray(output))

    def record(self, record: AnyRecord, output: Output, cell: str) -> None:
        found = faults(record)
        self.problems += found
        self.glyphs(_texts(record), cell)
        if _UNSHOWABLE & {each.code for each in found}:
            self.add(cell, as_stray(output))
            return
        for identifier in _ids(record):
            if identifier in self.ids:
                twice = problem("KCC-O067e", cell=cell, found=identifier)
                self.problems.append(twice)
            self.ids.add(identifier)
        match record:
            case Title():
                self.take_title(record, cell)
            case Prose():
                self.prose("".join(output["data"].get("text/markdown", "")), cell)
            case Table():
                self.add(cell, NumberedTable(record, 0))
            case Picture():
                self.take_figure(record, output, cell)
            case Quote():
                self.add(cell, record)

    def take_title(self, title: Title, cell: str) -> None:
        if self.titles or self.parts:
            found = len(self.titles) + 1 if self.titles else "a late title"
            self.problems.append(problem("KCC-O067b", cell=cell, found=found))
        self.titles.append(title)

    def take_figure(self, picture: Picture, output: Output, cell: str) -> None:
        svg = output["data"].get("image/svg+xml")
        if svg is None:
            found = problem("KCC-O067p", id=picture.id, cell=cell)
            self.problems.append(found)
            self.add(cell, as_stray(output))
            return
        self.add(cell, NumberedFigure(picture, 0, "".join(svg)))

    def glyphs(self, texts: Iterable[str], cell: str) -> None:
        absent = fonts.missing("".join(texts))
        if absent:
            self.problems.append(problem("KCC-O065e", cell=cell, found=absent))


def as_stray(output: Output) -> Stray:
    """What a draft can show of an output: its plain text and a PNG, never its HTML."""
    data = output.get("data", {})
    lines = output.get("text") or data.get("text/plain") or output.get("ename", "")
    png = "".join(data.get("image/png", "")).replace("\n", "")
    return Stray("".join(lines), f"data:image/png;base64,{png}" if png else "")


def slug(text: str) -> str:
    """An anchor for a heading.

    >>> slug("Hoe tevreden zijn inwoners? (2023)")
    'hoe-tevreden-zijn-inwoners-2023'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return words if words[:1].isalpha() else f"kop-{words}".rstrip("-")


def _reason(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "it is not of a known kind"
    places = (".".join(map(str, each["loc"])) for each in error.errors())
    return f"not as expected: {', '.join(sorted(set(places)))}"


def _ids(record: AnyRecord) -> list[str]:
    match record:
        case Picture():
            return [record.id, record.data.id]
        case Table() | Quote():
            return [record.id]
        case Title() | Prose():
            return []


def _texts(record: AnyRecord) -> Iterator[str]:
    match record:
        case Title():
            yield from (record.text, record.subtitle)
            yield from (word for pair in record.fields for word in pair)
        case Table():
            yield from (record.caption, record.note, *record.columns)
            yield from (cell for row in record.rows for cell in row)
        case Picture():
            yield record.caption
            yield from _texts(record.data)
        case Quote():
            yield from (record.text, record.speaker)
        case Prose():
            return


def _number(parts: Iterable[Part]) -> Iterator[Part]:
    """Count figures and tables in reading order."""
    figures = tables = 0
    for part in parts:
        match part.content:
            case NumberedFigure() as figure:
                figures += 1
                yield replace(part, content=replace(figure, number=figures))
            case NumberedTable(table, _) if table.layout == "table":
                tables += 1
                yield replace(part, content=NumberedTable(table, tables))
            case _:
                yield part


def _resolve_links(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], list[Problem]]:
    """Point internal links at the anchors both routes have; report the dead ones."""
    anchors = set(_anchors(parts))
    found: list[Problem] = []

    def linked(node: Node, cell: str) -> Node:
        if node.kind != "link" or not node.target.startswith("#"):
            return node
        wanted = node.target[1:]
        for target in (wanted, slug(wanted)):
            if target in anchors:
                return replace(node, target=f"#{target}")
        found.append(problem("KCC-O067f", cell=cell, found=node.target))
        return Node("plain", children=node.children)

    def resolved(part: Part) -> Part:
        if not isinstance(part.content, Text):
            return part
        nodes = (
            node.rewritten(lambda each: linked(each, part.cell))
            for node in part.content.nodes
        )
        return replace(part, content=Text(tuple(nodes)))

    return tuple(resolved(part) for part in parts), found


def _anchors(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        match part.content:
            case Text(nodes):
                yield from (node.id for node in nodes if node.id)
            case NumberedTable(table, _):
                yield table.id
            case NumberedFigure(picture, _, _):
                yield picture.id
            case Quote(identifier, _, _):
                yield identifier
