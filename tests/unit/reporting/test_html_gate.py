"""The HTML gate sees every known fault (PUB §11), each put alone in a good report."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup

from kcc_research.reporting import html_gate
from kcc_research.reporting.html_exporter import HtmlReportExporter
from kcc_research.reporting.html_markup import CONTENT_SECURITY_POLICY

Change = Callable[[BeautifulSoup], Any]


@pytest.fixture(scope="module")
def page(synthetic_notebook) -> str:
    return HtmlReportExporter().from_notebook_node(synthetic_notebook)[0]


@pytest.fixture
def judge(page: str, synthetic_notebook) -> Callable[[str], list[str]]:
    """The codes the gate gives for a page."""

    def codes(changed: str) -> list[str]:
        assert changed != page, "the mutant is no mutant"
        return [each.code for each in html_gate.check(changed, synthetic_notebook)]

    return codes


def mutated(page: str, change: Change) -> str:
    """Only what is changed differs: the parser writes its input back unchanged."""
    soup = BeautifulSoup(page, "html.parser")
    change(soup)
    return str(soup).replace("/>", ">")


def test_a_good_report_passes_also_after_parsing(page: str, synthetic_notebook) -> None:
    untouched = mutated(page, lambda soup: None)
    assert html_gate.check(untouched, synthetic_notebook) == []


def _delete(tag: Any, name: str) -> None:
    del tag[name]


def _set(tag: Any, name: str, value: str) -> None:
    tag[name] = value


def _rename(tags: Any, name: str) -> None:
    for tag in list(tags):
        tag.name = name


def _without_scopes(soup: BeautifulSoup) -> None:
    for header in soup.find_all("th"):
        del header["scope"]


def _append(soup: BeautifulSoup, parent: str, markup: str) -> None:
    soup.select_one(parent).append(BeautifulSoup(markup, "html.parser"))


ENGLISH = "No description has been provided for this image"

# Each mutant of PUB §11 and the check that must see it, by its code.
HANDBOOK: dict[str, tuple[Change, str]] = {
    "MH1 alt removed": (lambda s: _delete(s.main.img, "alt"), "KCC-O066i"),
    "MH2 alt = nbconvert's default": (
        lambda s: _set(s.main.img, "alt", ENGLISH),
        "KCC-O066i",
    ),
    "MH3 lang = en on Dutch": (lambda s: _set(s.html, "lang", "en"), "KCC-O066b"),
    "MH4 lang removed": (lambda s: _delete(s.html, "lang"), "KCC-O066b"),
    "MH5 caption removed": (lambda s: s.caption.decompose(), "KCC-O066j"),
    "MH6 every scope removed": (_without_scopes, "KCC-O066j"),
    "MH7 h3 to h4": (lambda s: _rename(s.find_all("h3"), "h4"), "KCC-O066h"),
    "MH8 title emptied": (lambda s: s.title.clear(), "KCC-O066c"),
    "MH9 duplicate id": (
        lambda s: _set(s.find("h2", id="kanalen"), "id", "samenvatting"),
        "KCC-O066f",
    ),
    "MH11 skip link removed": (
        lambda s: s.select_one("a.skip").decompose(),
        "KCC-O066d",
    ),
    "MH12 every th to td": (lambda s: _rename(s.find_all("th"), "td"), "KCC-O066j"),
    "MH13 main to div": (lambda s: _rename(s.find_all("main"), "div"), "KCC-O066e"),
    "MH14 CDN script": (
        lambda s: _append(
            s, "head", '<script src="https://cdn.example/x.js"></script>'
        ),
        "KCC-O066",
    ),
}
OWN: dict[str, tuple[Change, str]] = {
    "second h1": (lambda s: _append(s, "main", "<h1>Nog een titel</h1>"), "KCC-O066c"),
    "dead link": (
        lambda s: _append(s, "main", '<p><a href="#weg">verder</a></p>'),
        "KCC-O066g",
    ),
    "vague link": (
        lambda s: _append(s, "main", '<p><a href="#kanalen">Klik hier</a></p>'),
        "KCC-O066p",
    ),
    "picture from elsewhere": (
        lambda s: _set(s.main.img, "src", "https://voorbeeld.nl/x.png"),
        "KCC-O066",
    ),
    "picture without caption": (lambda s: s.figcaption.decompose(), "KCC-O066i"),
    "picture outside a figure": (lambda s: s.figure.unwrap(), "KCC-O066i"),
    "alt of another figure": (
        lambda s: _set(s.main.img, "alt", "Een heel andere figuur met vier kanalen"),
        "KCC-O066i",
    ),
    "logo read aloud": (lambda s: _set(s.header.img, "alt", "logo"), "KCC-O066i"),
    "event handler": (lambda s: _set(s.main, "onclick", "x()"), "KCC-O066"),
    "javascript link": (
        lambda s: _append(s, "main", '<p><a href="javascript:x()">doel</a></p>'),
        "KCC-O066",
    ),
    "iframe": (lambda s: _append(s, "main", "<iframe></iframe>"), "KCC-O066"),
    "imported style": (
        lambda s: _append(s, "head", "<style>@import 'x.css';</style>"),
        "KCC-O066",
    ),
    "style with a URL": (
        lambda s: _append(s, "head", "<style>p{background:url(//x.nl/y)}</style>"),
        "KCC-O066",
    ),
    "weaker policy": (
        lambda s: _set(s.find("meta", attrs={"http-equiv": True}), "content", "none"),
        "KCC-O066k",
    ),
    "no policy": (
        lambda s: s.find("meta", attrs={"http-equiv": True}).decompose(),
        "KCC-O066k",
    ),
    "intern cell shown": (
        lambda s: _append(s, "main", "<p>Leest geheimzinnige tabel</p>"),
        "KCC-O066l",
    ),
    "field of the title page lost": (lambda s: s.dl.div.decompose(), "KCC-O066m"),
    "status lost": (lambda s: s.select_one("p.status").decompose(), "KCC-O066m"),
    "watermark lost": (lambda s: s.select_one(".watermark").decompose(), "KCC-O066m"),
    "logo lost": (lambda s: s.header.img.decompose(), "KCC-O066m"),
    "band of invented data lost": (lambda s: s.aside.decompose(), "KCC-O066n"),
    "sentence on invented data lost": (
        lambda s: s.select_one(".synthetic-sentence").decompose(),
        "KCC-O066n",
    ),
    "nan in the text": (
        lambda s: _append(s, "main", "<p>Cijfer: nan</p>"),
        "KCC-O066o",
    ),
    "None in a cell": (lambda s: setattr(s.td, "string", "None"), "KCC-O066o"),
    "NA in a cell": (lambda s: setattr(s.td, "string", "<NA>"), "KCC-O066o"),
    "local path": (
        lambda s: _append(s, "main", "<p>/home/jan/data.csv</p>"),
        "KCC-O066o",
    ),
    "Windows path": (lambda s: _append(s, "main", r"<p>C:\Users\jan</p>"), "KCC-O066o"),
    "raw formula": (lambda s: _append(s, "main", r"<p>$\bar{x}$</p>"), "KCC-O066o"),
    "empty header": (lambda s: s.th.clear(), "KCC-O066j"),
    "merged cells": (lambda s: _set(s.td, "colspan", "2"), "KCC-O066j"),
    "row too short": (lambda s: s.select("tbody td")[0].decompose(), "KCC-O066j"),
    "row without header": (
        lambda s: _rename([s.select_one("tbody th")], "td"),
        "KCC-O066j",
    ),
    "figure lost": (lambda s: s.figure.decompose(), "KCC-O066r"),
    "data of a figure lost": (lambda s: s.details.decompose(), "KCC-O066r"),
    "quote lost": (lambda s: s.blockquote.decompose(), "KCC-O066r"),
    "key figures lost": (
        lambda s: s.select_one("div.key-figures").decompose(),
        "KCC-O066r",
    ),
    "too large": (
        lambda s: _append(s, "main", "<p>" + "woord " * 170_000 + "</p>"),
        "KCC-O066s",
    ),
}


@pytest.mark.parametrize("name", HANDBOOK | OWN)
def test_mutant_is_seen(name: str, page: str, judge) -> None:
    change, code = (HANDBOOK | OWN)[name]
    assert code in judge(mutated(page, change))


def test_mutant_mh10_of_a_pale_text_colour_is_seen(page: str, judge) -> None:
    pale = page.replace("--text: #1b1b1b", "--text: #AAAAAA")
    assert set(judge(pale)) == {"KCC-O066q"}


def test_all_fourteen_mutants_of_the_handbook_are_here() -> None:
    numbers = {re.match(r"MH(\d+)", name)[1] for name in HANDBOOK} | {"10"}
    assert numbers == {str(number) for number in range(1, 15)}


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (("<!DOCTYPE html>", ""), "KCC-O066a"),
        (("</figure>", ""), "KCC-O066a"),
        (("--blue: #154273", "--blauw: #154273"), "KCC-O066q"),
        (("<tbody>", "<tbody><tr></tr>"), "KCC-O066j"),
    ],
)
def test_broken_source_is_seen(broken: tuple[str, str], code, page: str, judge) -> None:
    assert code in judge(page.replace(*broken))


def test_what_only_the_source_says_is_no_text(page: str, judge) -> None:
    assert judge(page.replace("<main", "<!-- nan --><main", 1)) == []


def test_an_unmarked_picture_of_invented_data_is_seen(build_notebook) -> None:
    notebook = build_notebook(synthetic=True)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            svg = output.data.get("image/svg+xml", "")
            output.data["image/svg+xml"] = svg.replace('id="kcc-synthetic"', "")
    made = HtmlReportExporter().from_notebook_node(notebook)[0]
    codes = [each.code for each in html_gate.check(made, notebook)]
    assert codes == ["KCC-O066n", "KCC-O066n"]


def test_the_policy_is_that_of_the_decision() -> None:
    assert CONTENT_SECURITY_POLICY == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    )


def test_paths_and_formulas_in_code_are_no_fault(build_notebook, make_markdown) -> None:
    source = r"Zie `/home/jan/None` en:" + "\n\n```\n$\\bar{x}$ nan\n```\n"
    notebook = build_notebook(extra=(make_markdown("code", source),))
    made = HtmlReportExporter().from_notebook_node(notebook)[0]
    assert html_gate.check(made, notebook) == []
