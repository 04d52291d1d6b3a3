"""The gate every HTML report passes before it is published (PUB §10 A2, D7).

Written against the faults we know, because general checkers miss them: a page in Dutch
that says it is English, alt text that a tool invented, a table without a caption.
Pip packages only, no browser.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

from kcc_research.errors import Problem, problem
from kcc_research.reporting import phrases
from kcc_research.reporting.colour import contrast
from kcc_research.reporting.content import Report
from kcc_research.reporting.html_markup import CONTENT_SECURITY_POLICY
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
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
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
    def soup(self) -> BeautifulSoup:
        return _parsed(self.html)

    @cached_property
    def main(self) -> Tag:
        return self.soup.find("main") or self.soup

    @cached_property
    def header(self) -> str:
        found = self.soup.find("header")
        return _words(found) if found else ""

    @cached_property
    def text(self) -> str:
        return _words(self.soup.body or self.soup)

    @cached_property
    def style(self) -> str:
        return "".join(each.get_text() for each in self.soup.find_all("style"))


@lru_cache(maxsize=2)
def _parsed(html: str) -> BeautifulSoup:
    """The page as a tree, for reading only: who asks next gets the same one."""
    return BeautifulSoup(html, "html.parser")


def linked_pages(html: str) -> list[str]:
    """Where a page leads to other pages of its own publication."""
    targets = (
        _attribute(each, "href").partition("#")[0]
        for each in _parsed(html).find_all("a")
    )
    return [each for each in targets if PAGE.fullmatch(each)]


def _inside(tag: Tag, outer: str, inner: str) -> list[Tag]:
    """Every ``inner`` below an ``outer``, in the order of the page."""
    return [each for each in tag.find_all(inner) if each.find_parent(outer)]


def _words(tag: Tag) -> str:
    return _spaced(tag.get_text(" "))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def _well_formed(page: _Page) -> Iterator[Problem]:
    import html5lib

    parser = html5lib.HTMLParser()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser.parse(page.html)
    for name in dict.fromkeys(error[1] for error in parser.errors):
        yield problem("KCC-O066a", found=name)


def _language(page: _Page) -> Iterator[Problem]:
    expected = page.report.title.language
    found = _attribute(page.soup.html, "lang") if page.soup.html else ""
    if found.split("-")[0] != expected:
        yield problem("KCC-O066b", found=repr(found), expected=repr(expected))


def _one_title(page: _Page) -> Iterator[Problem]:
    name = page.soup.title.get_text(strip=True) if page.soup.title else ""
    headings = [_words(each) for each in page.soup.find_all("h1")]
    if headings != [_spaced(page.report.title.text)] or _spaced(name) != headings[0]:
        yield problem("KCC-O066c", found=f"title {name!r}, h1 {headings!r}")


def _skip_link(page: _Page) -> Iterator[Problem]:
    first = page.soup.find("a")
    target = _attribute(first, "href") if first else ""
    if not target or target != f"#{_attribute(page.main, 'id')}":
        yield problem("KCC-O066d")


def _one_main(page: _Page) -> Iterator[Problem]:
    found = len(page.soup.find_all("main"))
    if found != 1:
        yield problem("KCC-O066e", found=found)


def _ids(page: _Page) -> Iterator[Problem]:
    times = Counter(_attribute(each, "id") for each in page.soup.find_all(id=True))
    for identifier, count in times.items():
        if count > 1:
            yield problem("KCC-O066f", found=repr(identifier))
    for link in page.soup.find_all("a"):
        target = _attribute(link, "href")
        if target.startswith("#") and target[1:] not in times:
            yield problem("KCC-O066g", found=repr(target))


def _headings(page: _Page) -> Iterator[Problem]:
    previous = 0
    for heading in page.soup.find_all(_HEADINGS):
        level = int(heading.name[1])
        if level > previous + 1:
            yield problem("KCC-O066h", found=f"h{level} {_words(heading)[:_SHOWN]!r}")
        previous = level


def _pictures(page: _Page) -> Iterator[Problem]:
    for image in page.soup.find_all("img"):
        inside = image.find_parent("main") is not None
        wrong = _picture_fault(image) if inside else _decoration_fault(image)
        if wrong:
            yield problem("KCC-O066i", found=wrong)


def _picture_fault(image: Tag) -> str:
    alt = _attribute(image, "alt")
    figure = image.find_parent("figure")
    if len(alt) < LEAST_ALT or alt == _ENGLISH_ALT:
        return f"alt text {alt[:_SHOWN]!r}"
    if not _attribute(image, "src").startswith("data:"):
        return "not embedded"
    caption = figure.find("figcaption") if figure else None
    return "" if caption and _words(caption) else "no figure with a caption around it"


def _decoration_fault(image: Tag) -> str:
    """Outside the main part stands only the logo, named in text beside it."""
    decorative = image.get("alt") == "" and _attribute(image, "src").startswith("data:")
    return "" if decorative else "a logo that is not marked as decoration"


def _tables(page: _Page) -> Iterator[Problem]:
    for table in page.soup.find_all("table"):
        name = _attribute(table, "id") or "without id"
        for fault in _table_faults(table):
            yield problem("KCC-O066j", found=f"{name}: {fault}")


def _table_faults(table: Tag) -> Iterator[str]:
    is_prose = "prose" in _attribute(table, "class").split()
    if not is_prose and not (table.caption and _words(table.caption)):
        yield "no caption"
    headers = table.find_all("th")
    if not headers:
        yield "no headers"
    if any(_attribute(each, "scope") not in ("col", "row") for each in headers):
        yield "a header without scope"
    if any(not _words(each) for each in headers):
        yield "an empty header"
    if table.find(_spans) or len(_widths(table)) > 1:
        yield "no regular grid"
    rows = (row for body in table.find_all("tbody") for row in body.find_all("tr"))
    if any(row.find(["th", "td"]).name != "th" for row in rows):  # type: ignore[union-attr]
        yield "a row without header"


def _spans(tag: Tag) -> bool:
    return tag.has_attr("rowspan") or tag.has_attr("colspan")


def _widths(table: Tag) -> set[int]:
    return {len(row.find_all(["th", "td"])) for row in table.find_all("tr")}


def _self_contained(page: _Page) -> Iterator[Problem]:
    for active in page.soup.find_all(_ACTIVE):
        yield problem("KCC-O066", found=f"<{active.name}>")
    for each in page.soup.find_all(True):
        for name in each.attrs:
            if name.startswith("on") or name in ("srcset", "background"):
                yield problem("KCC-O066", found=f"{each.name} {name}")
        source = _attribute(each, "src")
        if source and not source.startswith("data:"):
            yield problem("KCC-O066", found=f"{each.name} src {source[:_SHOWN]}")
        if _attribute(each, "href").lower().startswith(("javascript:", "data:")):
            yield problem("KCC-O066", found=f"{each.name} href")
    if _FOREIGN_STYLE.search(page.style):
        yield problem("KCC-O066", found="a style sheet that loads something")


def _policy(page: _Page) -> Iterator[Problem]:
    policies = [
        _attribute(each, "content")
        for each in page.soup.find_all("meta")
        if _attribute(each, "http-equiv").lower() == "content-security-policy"
    ]
    if policies != [CONTENT_SECURITY_POLICY]:
        yield problem("KCC-O066k", found="; ".join(policies) or "absent")


def _nothing_intern(page: _Page) -> Iterator[Problem]:
    for line in sorted(_intern_lines(page.notebook) - _public_lines(page.notebook)):
        if line in page.text:
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
                _spaced(each.plain_text) for node in nodes for each in node.walk()
            )


def _title_page(page: _Page) -> Iterator[Problem]:
    title = page.report.title
    status = f"{phrases.STATUS_LABEL}: {title.status_words.lower()}"
    declared = [
        title.subtitle,
        status,
        *(word for pair in title.fields for word in pair),
    ]
    for words in declared:
        if _spaced(words) not in page.header:
            yield problem("KCC-O066m", found=repr(words))
    body = page.soup.body or page.soup
    marks = [_words(e) for e in body.find_all(class_="watermark", recursive=False)]
    if marks != [title.watermark] * bool(title.watermark):
        yield problem("KCC-O066m", found=f"watermark {title.watermark!r}")
    if bool(title.logo) != bool(_inside(page.soup, "header", "img")):
        yield problem("KCC-O066m", found="the logo")


def _synthetic_marks(page: _Page) -> Iterator[Problem]:
    if not page.report.title.synthetic:
        return
    if phrases.SYNTHETIC_SENTENCE not in page.header:
        yield problem("KCC-O066n", found="the sentence on the title page")
    bands = page.soup.find_all(class_="synthetic-band")
    if [_words(each) for each in bands] != [phrases.SYNTHETIC_MARK]:
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
    text = _spaced(" ".join(_texts_outside_code(page.soup)))
    for pattern in (_LEFT_BEHIND, _FORMULA, _LOCAL_PATH):
        for found in dict.fromkeys(pattern.findall(text)):
            yield problem("KCC-O066o", found=repr(found))


def _texts_outside_code(tag: Tag) -> Iterator[str]:
    for child in tag.children:
        if isinstance(child, Tag):
            if child.name not in _CODE:
                yield from _texts_outside_code(child)
        elif type(child) in (NavigableString, CData):  # no comments, no style sheets
            yield str(child)


def _link_texts(page: _Page) -> Iterator[Problem]:
    for link in page.soup.find_all("a"):
        words = _words(link)
        if not words or words.lower().strip(" .") in VAGUE_LINKS:
            yield problem("KCC-O066p", found=repr(words))


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
    tiles = main.find_all("div", class_="key-figures")
    compared = {
        "figures": (len(main.find_all("figure")), len(report.figures)),
        "tables": (len(main.find_all("table")), tables),
        "quotes": (len(main.find_all("blockquote")), quotes),
        "key figures": (len(tiles), len(report.key_figures)),
    }
    for what, (found, expected) in compared.items():
        if found != expected:
            yield problem("KCC-O066r", what=what, found=found, expected=expected)
    alts = [_attribute(each, "alt") for each in _inside(main, "figure", "img")]
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
