"""The gate every PDF report passes before it is published (PUB §10 A3, D7).

Reads the structure that a screen reader gets, and compares it with the notebook.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kcc_research.errors import Problem, problem
from kcc_research.reporting import fonts, phrases
from kcc_research.reporting.content import Report
from kcc_research.reporting.notebook_check import NO_TITLE, read
from kcc_research.reporting.pdf_text import page_texts, squeezed

_HEADING = re.compile(r"H([1-6])")
_SUBSET = re.compile(r"^/(?:[A-Z]{6}\+)?")
_UA_PART = "{http://www.aiim.org/pdfua/ns/id/}part"
# Headings of the exporter itself: in the PDF, not in the notebook.
_OWN_HEADINGS = frozenset({phrases.CONTENTS, phrases.APPENDIX})


def check(
    pdf: bytes, notebook: Mapping[str, Any], report: Report | None = None
) -> list[Problem]:
    """Everything that is wrong with a PDF, compared with the notebook it came from.

    ``notebook`` is the executed version 4 structure; ``report`` is what was read in
    it, by whoever read it already. An empty list lets it through.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        document = _Document(opened, report or read(notebook))
        return [found for judge in _CHECKS for found in judge(document)]


def structure_counts(pdf: bytes) -> dict[str, int]:
    """How many things the checks look at, by their Dutch names."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        document = _Document(opened, Report(NO_TITLE, (), ()))
        headings = [e for e in document.elements if _HEADING.fullmatch(e.kind)]
        return {
            "labels": len(document.elements),
            "figuren": document.count["Figure"],
            "tabelkoppen": document.count["TH"],
            "koppen": len(headings),
            "bladzijden": len(opened.pages),
            "links": len(_link_annotations(document)),
            "bladwijzers": len(document.bookmarks),
        }


@dataclass(frozen=True)
class Element:
    """A structure element: its standard type, and the dictionary behind it."""

    kind: str
    node: Any

    def attributes(self) -> list[Any]:
        stored = self.node.get("/A")
        if stored is None:
            return []
        return list(stored) if _is_array(stored) else [stored]

    def has(self, name: str) -> bool:
        return any(name in each for each in self.attributes())


def _is_array(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Array)


@dataclass(frozen=True)
class _Document:
    pdf: Any
    report: Report

    @cached_property
    def elements(self) -> list[Element]:
        root = self.pdf.Root.get("/StructTreeRoot")
        if root is None:
            return []
        roles = {str(k): str(v) for k, v in root.get("/RoleMap", {}).items()}
        return list(_walk(root.get("/K"), roles))

    def of(self, *kinds: str) -> list[Element]:
        return [each for each in self.elements if each.kind in kinds]

    @cached_property
    def count(self) -> Counter[str]:
        return Counter(each.kind for each in self.elements)

    @cached_property
    def bookmarks(self) -> list[tuple[int, str]]:
        """(level, title) of every bookmark, in reading order."""
        with self.pdf.open_outline() as outline:
            return list(_flat(outline.root, 1))

    @cached_property
    def pages(self) -> list[str]:
        return page_texts(self.pdf.pages)

    @cached_property
    def has_appendix(self) -> bool:
        """Whether the tables behind the figures are in it; they may be too long."""
        left_out = squeezed(phrases.APPENDIX_LEFT_OUT)
        return bool(self.report.figures) and left_out not in self.pages[-1]


def _walk(root: Any, roles: Mapping[str, str]) -> Iterator[Element]:
    """The elements below ``root``, in reading order."""
    import pikepdf

    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Dictionary):
            kind = node.get("/S")
            if kind is not None:
                named = str(kind)
                yield Element(roles.get(named, named).removeprefix("/"), node)
            waiting.append(node.get("/K"))
        elif isinstance(node, pikepdf.Array):
            waiting += reversed(list(node))


def _flat(items: list[Any], level: int) -> Iterator[tuple[int, str]]:
    for item in items:
        yield level, str(item.title)
        yield from _flat(item.children, level + 1)


def _tagged(document: _Document) -> Iterator[Problem]:
    root = document.pdf.Root
    if not ("/MarkInfo" in root and root.MarkInfo.get("/Marked", False)):
        yield problem("KCC-O070a", found="not marked")
    if not document.elements:
        yield problem("KCC-O070a", found="no structure tree")


def _language(document: _Document) -> Iterator[Problem]:
    found = str(document.pdf.Root.get("/Lang", ""))
    expected = document.report.title.language
    if found.split("-")[0].lower() != expected:
        yield problem("KCC-O070b", found=repr(found), expected=repr(expected))


def _window_title(document: _Document) -> Iterator[Problem]:
    preferences = document.pdf.Root.get("/ViewerPreferences", {})
    if not preferences.get("/DisplayDocTitle", False):
        yield problem("KCC-O070c")


def _metadata(document: _Document) -> Iterator[Problem]:
    with document.pdf.open_metadata(update_docinfo=False) as metadata:
        title = str(metadata.get("dc:title", ""))
        part = str(metadata.get(_UA_PART, "absent"))
    expected = document.report.title.text
    if title != expected:
        yield problem("KCC-O070d", found=repr(title), expected=repr(expected))
    if part != "1":
        yield problem("KCC-O070e", found=part)


def _alts(document: _Document) -> Iterator[Problem]:
    found = [str(each.node.get("/Alt", "")) for each in document.of("Figure")]
    expected = [each.picture.alt for each in document.report.figures]
    if found != expected:
        wrong = sorted(set(found) ^ set(expected)) or ["another order"]
        yield problem("KCC-O070f", found=repr(wrong[0][:60]))


def _tables(document: _Document) -> Iterator[Problem]:
    headers = document.of("TH")
    nameless = sum(not (each.has("/Scope") or "/ID" in each.node) for each in headers)
    if nameless:
        yield problem("KCC-O070g", found=f"{nameless} headers without scope or id")
    open_rows = sum(not _has_header(row) for row in document.of("TR"))
    if open_rows:
        yield problem("KCC-O070g", found=f"{open_rows} rows without header")
    dead = _named_headers(document) - _known_ids(document)
    if dead:
        yield problem("KCC-O070g", found=f"{len(dead)} ids that lead nowhere")


def _has_header(row: Element) -> bool:
    cells = row.node.get("/K")
    return _is_array(cells) and len(cells) > 0 and str(cells[0].get("/S")) == "/TH"


def _named_headers(document: _Document) -> set[bytes]:
    return {
        bytes(identifier)
        for cell in document.of("TH", "TD")
        for attributes in cell.attributes()
        for identifier in attributes.get("/Headers", [])
    }


def _known_ids(document: _Document) -> set[bytes]:
    """The ids of the tree whose elements carry that very id."""
    root = document.pdf.Root.get("/StructTreeRoot", {})
    tree = root.get("/IDTree")
    pairs = _leaves(tree) if tree is not None else ()
    return {
        bytes(name)
        for name, node in pairs
        if bytes(node.get("/ID", b"")) == bytes(name)
    }


def _leaves(node: Any) -> Iterator[tuple[Any, Any]]:
    flat = list(node.get("/Names", []))
    yield from zip(flat[::2], flat[1::2], strict=True)
    for child in node.get("/Kids", []):
        yield from _leaves(child)


def _headings(document: _Document) -> Iterator[Problem]:
    """Trees are compared, not numbers: the notebook's H2 is the PDF's first H1."""
    expected = [(node.level - 1, node.plain_text) for node in document.report.headings]
    found = [each for each in document.bookmarks if each[1] not in _OWN_HEADINGS]
    if found != expected:
        yield problem("KCC-O070h", found=f"bookmarks {found}")
    levels = [
        int(each[1])
        for each in map(_HEADING.fullmatch, document.count.elements())
        if each
    ]
    own = Counter(level for level, _ in expected)
    tagged = Counter(levels)
    tagged[1] -= _own_headings(document.report)
    if +tagged != own:
        yield problem("KCC-O070h", found=f"tags {dict(tagged)}")
    previous = 0
    for element in document.elements:
        heading = _HEADING.fullmatch(element.kind)
        if heading and int(heading[1]) > previous + 1:
            yield problem("KCC-O070h", found=f"H{heading[1]} after H{previous}")
        previous = int(heading[1]) if heading else previous


def _own_headings(report: Report) -> int:
    return bool(report.headings) + bool(report.figures)


def _tab_order(document: _Document) -> Iterator[Problem]:
    for number, page in enumerate(document.pdf.pages, start=1):
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield problem("KCC-O070i", found=number)


def _links(document: _Document) -> Iterator[Problem]:
    links = _link_annotations(document)
    silent = sum(not str(link.get("/Contents", "")) for link in links)
    if silent:
        yield problem("KCC-O070j", found=silent)


def _link_annotations(document: _Document) -> list[Any]:
    return [
        annotation
        for page in document.pdf.pages
        for annotation in page.get("/Annots", [])
        if annotation.get("/Subtype") == "/Link"
    ]


def _bookmarks(document: _Document) -> Iterator[Problem]:
    if document.report.headings and not document.bookmarks:
        yield problem("KCC-O070k")


def _fonts(document: _Document) -> Iterator[Problem]:
    for name in sorted(set(_foreign_fonts(document.pdf))):
        yield problem("KCC-O070l", found=name)


def _foreign_fonts(pdf: Any) -> Iterator[str]:
    import pikepdf

    for each in pdf.objects:
        if (
            isinstance(each, pikepdf.Dictionary)
            and each.get("/Type") == "/FontDescriptor"
        ):
            name = _SUBSET.sub("", str(each.FontName))
            embedded = any(f"/FontFile{n}" in each for n in ("", "2", "3"))
            if not embedded or name not in fonts.POSTSCRIPT_NAMES:
                yield name
        elif isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font":
            if each.get("/Subtype") not in ("/Type0", "/CIDFontType2", "/CIDFontType0"):
                yield str(each.get("/BaseFont", each.get("/Subtype")))


def _counts(document: _Document) -> Iterator[Problem]:
    report = document.report
    data = len(report.figures) if document.has_appendix else 0
    compared = {
        "Figure": len(report.figures),
        "Table": len(report.tables) + report.count("table") + data,
        "BlockQuote": len(report.quotes) + report.count("quotation"),
    }
    for what, expected in compared.items():
        found = document.count[what]
        if found != expected:
            yield problem("KCC-O070m", what=what, found=found, expected=expected)


def _title_page(document: _Document) -> Iterator[Problem]:
    title = document.report.title
    declared = [title.text, title.subtitle, title.status_words]
    declared += [word for pair in title.fields for word in pair]
    for words in declared:
        if squeezed(words) not in document.pages[0]:
            yield problem("KCC-O070n", found=repr(words))
    unmarked = [
        number
        for number, text in enumerate(document.pages, start=1)
        if squeezed(title.watermark) not in text
    ]
    if unmarked:
        yield problem("KCC-O070n", found=f"the watermark on pages {unmarked}")


def _synthetic_marks(document: _Document) -> Iterator[Problem]:
    if not document.report.title.synthetic:
        return
    if squeezed(phrases.SYNTHETIC_SENTENCE) not in document.pages[0]:
        yield problem("KCC-O070o", found="the sentence on the title page")
    for number, text in enumerate(document.pages, start=1):
        if squeezed(phrases.SYNTHETIC_MARK) not in text:
            yield problem("KCC-O070o", found=f"page {number}")


_CHECKS = (
    _tagged,
    _language,
    _window_title,
    _metadata,
    _alts,
    _tables,
    _headings,
    _tab_order,
    _links,
    _bookmarks,
    _fonts,
    _counts,
    _title_page,
    _synthetic_marks,
)
