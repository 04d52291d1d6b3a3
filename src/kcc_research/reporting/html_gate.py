"""The gate every HTML report passes before it is published (PUB §10 A2, D7).

Written against the faults we know, because general checkers miss them: a page in Dutch
that says it is English, alt text that a tool invented, a table without a caption.
Pip packages only, no browser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from kcc_research.errors import Problem, problem
from kcc_research.reporting import phrases
from kcc_research.reporting.colour import contrast
from kcc_research.reporting.content import Report
from kcc_research.reporting.html_markup import CONTENT_SECURITY_POLICY
from kcc_research.reporting.html_tree import (
    HEADINGS,
    Tree,
    of_class,
    parsed,
    spaced,
    words,
)
from kcc_research.reporting.markdown import PAGE, parse
from kcc_research.reporting.notebook_check import is_intern, read
from kcc_research.reporting.records import LEAST_ALT

MOST_BYTES = 1_000_000
LEAST_CONTRAST = 4.5
# Every pair of style sheet tokens in which text meets a background.
TEXT_ON_BACKGROUND = (
    ("text", "paper"),
    ("text", "light"),
    ("text", "sand"),
    ("text", "code"),
    ("text", "watermark"),
    ("grey", "paper"),
    ("grey", "light"),
    ("grey", "sand"),
    ("grey", "watermark"),
    ("blue", "paper"),
    ("blue", "light"),
    ("blue", "sand"),
    ("blue", "watermark"),
    ("link", "paper"),
    ("link", "light"),
    ("link", "watermark"),
    ("warm", "sand"),
    ("paper", "blue"),
)
VAGUE_LINKS = frozenset({"hier", "klik hier", "lees meer", "link", "meer", "deze link"})
_ENGLISH_ALT = "No description has been provided for this image"
_LEAST_INTERN = 15  # shorter lines may stand in a report by chance
_SHOWN = 60

_TOKEN = re.compile(r"--([a-z]+):\s*(#[0-9a-fA-F]{6})\b")
_LEFT_BEHIND = re.compile(r"\b(?:nan|NaN|NaT|None|inf)\b|<NA>")
_FORMULA = re.compile(r"\$(?=\S)[^$\n]*\\[a-z]+[^$\n]*\$")
_LOCAL_PATH = re.compile(
    r"/home/|/Users/|/root/|/tmp/|/var/|file://|\b[A-Z]:\\\w", re.ASCII
)
_FOREIGN_STYLE = re.compile(r"@import|url\(\s*['\"]?(?!data:)", re.IGNORECASE)
_ACTIVE = (
    "script",
    "link",
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "svg",
    "video",
)
_CODE = ("code", "pre", "style")


def check(
    html: str, notebook: Mapping[str, Any], report: Report | None = None
) -> list[Problem]:
    """Everything that is wrong with a page, compared with the notebook it came from.

    ``notebook`` is the executed version 4 structure; ``report`` is what was read in
    it, by whoever read it already. An empty list lets it through.
    """
    page = _Page(html, notebook, report or read(notebook))
    return [found for judge in _CHECKS for found in judge(page)]


@dataclass(frozen=True)
class _Page:
    html: str
    notebook: Mapping[str, Any]
    report: Report

    @cached_property
    def tree(self) -> Tree:
        return parsed(self.html)

    @cached_property
    def main(self) -> Element:
        return self._part("main")

    @cached_property
    def body(self) -> Element:
        return self._part("body")

    def _part(self, name: str) -> Element:
        """That part of the page; all of it where it has no such part."""
        found = self.tree.first(name)
        return self.tree.root if found is None else found

    @cached_property
    def header(self) -> str:
        found = self.tree.first("header")
        return "" if found is None else words(found)

    @cached_property
    def text(self) -> str:
        return words(self.body)

    @cached_property
    def style(self) -> str:
        return "".join(map("".join, map(Element.itertext, self.all("style"))))

    def all(self, name: str) -> Iterator[Element]:
        return self.tree.root.iter(name)


def linked_pages(html: str) -> list[str]:
    """Where a page leads to other pages of its own publication."""
    links = parsed(html).root.iter("a")
    targets = (each.get("href", "").partition("#")[0] for each in links)
    return [each for each in targets if PAGE.fullmatch(each)]


def _well_formed(page: _Page) -> Iterator[Problem]:
    for name in page.tree.errors:
        yield problem("KCC-O066a", found=name)


def _language(page: _Page) -> Iterator[Problem]:
    expected = page.report.title.language
    found = page.tree.root.get("lang", "")
    if found.split("-")[0] != expected:
        yield problem("KCC-O066b", found=repr(found), expected=repr(expected))


def _one_title(page: _Page) -> Iterator[Problem]:
    title = page.tree.first("title")
    name = "" if title is None else words(title)
    headings = [words(each) for each in page.all("h1")]
    if headings != [spaced(page.report.title.text)] or name != headings[0]:
        yield problem("KCC-O066c", found=f"title {name!r}, h1 {headings!r}")


def _skip_link(page: _Page) -> Iterator[Problem]:
    first = page.tree.first("a")
    target = "" if first is None else first.get("href", "")
    if not target or target != f"#{page.main.get('id', '')}":
        yield problem("KCC-O066d")


def _one_main(page: _Page) -> Iterator[Problem]:
    found = sum(1 for _ in page.all("main"))
    if found != 1:
        yield problem("KCC-O066e", found=found)


def _ids(page: _Page) -> Iterator[Problem]:
    times = Counter(e.get("id") for e in page.tree.elements if "id" in e.attrib)
    for identifier, count in times.items():
        if count > 1:
            yield problem("KCC-O066f", found=repr(identifier))
    for link in page.all("a"):
        target = link.get("href", "")
        if target.startswith("#") and target[1:] not in times:
            yield problem("KCC-O066g", found=repr(target))


def _headings(page: _Page) -> Iterator[Problem]:
    previous = 0
    for heading in page.tree.elements:
        if heading.tag not in HEADINGS:
            continue
        level = int(heading.tag[1])
        if level > previous + 1:
            yield problem("KCC-O066h", found=f"h{level} {words(heading)[:_SHOWN]!r}")
        previous = level


def _pictures(page: _Page) -> Iterator[Problem]:
    for image in page.all("img"):
        outside = page.tree.around(image, "main") is None
        figure = page.tree.around(image, "figure")
        wrong = _decoration_fault(image) if outside else _picture_fault(image, figure)
        if wrong:
            yield problem("KCC-O066i", found=wrong)


def _picture_fault(image: Element, figure: Element | None) -> str:
    alt = image.get("alt", "")
    if len(alt) < LEAST_ALT or alt == _ENGLISH_ALT:
        return f"alt text {alt[:_SHOWN]!r}"
    if not image.get("src", "").startswith("data:"):
        return "not embedded"
    caption = None if figure is None else figure.find(".//figcaption")
    is_told = caption is not None and words(caption)
    return "" if is_told else "no figure with a caption around it"


def _decoration_fault(image: Element) -> str:
    """Outside the main part stands only the logo, named in text beside it."""
    decorative = image.get("alt") == "" and image.get("src", "").startswith("data:")
    return "" if decorative else "a logo that is not marked as decoration"


def _tables(page: _Page) -> Iterator[Problem]:
    for table in page.all("table"):
        name = table.get("id") or "without id"
        for fault in _table_faults(table):
            yield problem("KCC-O066j", found=f"{name}: {fault}")


def _table_faults(table: Element) -> Iterator[str]:
    is_prose = "prose" in table.get("class", "").split()
    caption = table.find(".//caption")
    if not is_prose and (caption is None or not words(caption)):
        yield "no caption"
    headers = list(table.iter("th"))
    if not headers:
        yield "no headers"
    if any(each.get("scope") not in ("col", "row") for each in headers):
        yield "a header without scope"
    if any(not words(each) for each in headers):
        yield "an empty header"
    rows = [_cells(row) for row in table.iter("tr")]
    if any(map(_spans, table.iter())) or len(set(map(len, rows))) > 1:
        yield "no regular grid"
    inside = (row for body in table.iter("tbody") for row in body.iter("tr"))
    if any(cells[:1] != ["th"] for cells in map(_cells, inside)):
        yield "a row without header"


def _cells(row: Element) -> list[str]:
    """What each cell of a row is: th or td."""
    return [each.tag for each in row.iter() if each.tag in ("th", "td")]


def _spans(tag: Element) -> bool:
    return "rowspan" in tag.attrib or "colspan" in tag.attrib


def _self_contained(page: _Page) -> Iterator[Problem]:
    for each in page.tree.elements:
        name = each.tag.rpartition("}")[2]  # an svg is in a name space
        if name in _ACTIVE:
            yield problem("KCC-O066", found=f"<{name}>")
        for fault in _attribute_faults(each.attrib):
            yield problem("KCC-O066", found=f"{name} {fault}")
    if _FOREIGN_STYLE.search(page.style):
        yield problem("KCC-O066", found="a style sheet that loads something")


def _attribute_faults(given: Mapping[str, str]) -> Iterator[str]:
    for name in given:
        if name.startswith("on") or name in ("srcset", "background"):
            yield name
    source = given.get("src", "")
    if source and not source.startswith("data:"):
        yield f"src {source[:_SHOWN]}"
    if given.get("href", "").lower().startswith(("javascript:", "data:")):
        yield "href"


def _policy(page: _Page) -> Iterator[Problem]:
    policies = [
        each.get("content", "")
        for each in page.all("meta")
        if each.get("http-equiv", "").lower() == "content-security-policy"
    ]
    if policies != [CONTENT_SECURITY_POLICY]:
        yield problem("KCC-O066k", found="; ".join(policies) or "absent")


def _nothing_intern(page: _Page) -> Iterator[Problem]:
    shown = {line for line in _intern_lines(page.notebook) if line in page.text}
    for line in sorted(shown - _public_lines(page.notebook) if shown else shown):
        yield problem("KCC-O066l", found=repr(line[:_SHOWN]))


def _intern_lines(notebook: Mapping[str, Any]) -> set[str]:
    cells = [cell for cell in notebook["cells"] if is_intern(cell)]
    return {line for line in _lines(cells) if len(line) >= _LEAST_INTERN}


def _public_lines(notebook: Mapping[str, Any]) -> set[str]:
    return set(_lines([cell for cell in notebook["cells"] if not is_intern(cell)]))


def _lines(cells: list[Mapping[str, Any]]) -> Iterator[str]:
    for cell in cells:
        texts = [cell["source"]] if cell["cell_type"] == "markdown" else []
        for output in cell.get("outputs", ()):
            texts.append("".join(output.get("text", "")))
            texts.append("".join(output.get("data", {}).get("text/plain", "")))
        for text in texts:
            nodes, _ = parse(text, "")
            yield from (
                spaced(each.plain_text) for node in nodes for each in node.walk()
            )


def _title_page(page: _Page) -> Iterator[Problem]:
    title = page.report.title
    status = f"{phrases.STATUS_LABEL}: {title.status_words.lower()}"
    declared = [
        title.subtitle,
        status,
        *(word for pair in title.fields for word in pair),
    ]
    for each in declared:
        if spaced(each) not in page.header:
            yield problem("KCC-O066m", found=repr(each))
    marks = [words(each) for each in of_class(page.body, "watermark")]
    if marks != [title.watermark] * bool(title.watermark):
        yield problem("KCC-O066m", found=f"watermark {title.watermark!r}")
    if bool(title.logo) != bool(page.tree.inside("header", "img")):
        yield problem("KCC-O066m", found="the logo")


def _synthetic_marks(page: _Page) -> Iterator[Problem]:
    if not page.report.title.synthetic:
        return
    if phrases.SYNTHETIC_SENTENCE not in page.header:
        yield problem("KCC-O066n", found="the sentence on the title page")
    bands = of_class(page.tree.elements, "synthetic-band")
    if [words(each) for each in bands] != [phrases.SYNTHETIC_MARK]:
        yield problem("KCC-O066n", found="the band above the main part")
    for numbered in page.report.figures:
        picture = numbered.picture
        worded = picture.alt.startswith(phrases.SYNTHETIC_WORDS)
        captioned = picture.caption.endswith(phrases.SYNTHETIC_WORDS)
        if not (
            worded and captioned and f'id="{phrases.SYNTHETIC_GID}"' in numbered.svg
        ):
            yield problem("KCC-O066n", found=f"figure {picture.id}")


def _nothing_left_behind(page: _Page) -> Iterator[Problem]:
    text = spaced(" ".join(_texts_outside_code(page.tree.root)))
    for pattern in (_LEFT_BEHIND, _FORMULA, _LOCAL_PATH):
        for found in dict.fromkeys(pattern.findall(text)):
            yield problem("KCC-O066o", found=repr(found))


def _texts_outside_code(tag: Element) -> Iterator[str]:
    yield tag.text or ""
    for child in tag:
        if child.tag not in _CODE:
            yield from _texts_outside_code(child)
        yield child.tail or ""


def _link_texts(page: _Page) -> Iterator[Problem]:
    for link in page.all("a"):
        told = words(link)
        if not told or told.lower().strip(" .") in VAGUE_LINKS:
            yield problem("KCC-O066p", found=repr(told))


def _contrast(page: _Page) -> Iterator[Problem]:
    tokens = dict(_TOKEN.findall(page.style))
    for text, background in TEXT_ON_BACKGROUND:
        if text not in tokens or background not in tokens:
            ratio = 0.0
        else:
            ratio = contrast(tokens[text], tokens[background])
        if ratio < LEAST_CONTRAST:
            pair = f"{text} and {background}"
            shown = f"{ratio:.1f}"
            yield problem("KCC-O066q", found=pair, ratio=shown, least=LEAST_CONTRAST)


def _counts(page: _Page) -> Iterator[Problem]:
    report, main = page.report, page.main
    tables = len(report.tables) + report.count("table") + len(report.figures)
    quotes = len(report.quotes) + report.count("quotation")
    count = Counter(each.tag for each in main.iter())
    tiles = list(of_class(main.iter("div"), "key-figures"))
    compared = {
        "figures": (count["figure"], len(report.figures)),
        "tables": (count["table"], tables),
        "quotes": (count["blockquote"], quotes),
        "key figures": (len(tiles), len(report.key_figures)),
    }
    for what, (found, expected) in compared.items():
        if found != expected:
            yield problem("KCC-O066r", what=what, found=found, expected=expected)
    pictures = page.tree.inside("figure", "img", main)
    alts = [each.get("alt", "") for each in pictures]
    if alts != [each.picture.alt for each in report.figures]:
        yield problem("KCC-O066i", found="alt texts that are not those of the notebook")


def _size(page: _Page) -> Iterator[Problem]:
    size = len(page.html.encode())
    if size >= MOST_BYTES:
        yield problem("KCC-O066s", found=size // 1000, most=MOST_BYTES // 1000)


_CHECKS = (
    _well_formed,
    _language,
    _one_title,
    _skip_link,
    _one_main,
    _ids,
    _headings,
    _pictures,
    _tables,
    _self_contained,
    _policy,
    _nothing_intern,
    _title_page,
    _synthetic_marks,
    _nothing_left_behind,
    _link_texts,
    _contrast,
    _counts,
    _size,
)
