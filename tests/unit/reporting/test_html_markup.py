"""Running text as HTML: every kind of node, every word escaped."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting.html_markup import prose
from kcc_research.reporting.markdown import Node, parse


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a **b** *c* ~~d~~", "<p>a <strong>b</strong> <em>c</em> <s>d</s></p>"),
        ("`1 < 2 & 3`", "<p><code>1 &lt; 2 &amp; 3</code></p>"),
        ("een  \ntwee", "<p>een<br>twee</p>"),
        ("een\ntwee", "<p>een twee</p>"),
        ('[a](https://b.nl/?c="d"&e)', None),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a", '<ol start="3"><li>a</li></ol>'),
        ("1. a", "<ol><li>a</li></ol>"),
        ("> a", "<blockquote><p>a</p></blockquote>"),
        ("```\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>"),
        ("---", "<hr>"),
        ("<div>", "<p>&lt;div&gt;</p>"),
        ("a <b>c", "<p>a &lt;b&gt;c</p>"),
    ],
)
def test_markdown_becomes_html(source: str, expected: str | None) -> None:
    made = prose(parse(source, "cel")[0])
    if expected is None:
        link = BeautifulSoup(made, "html.parser").a
        assert link["href"].startswith("https://b.nl/?c=")
        assert set(link.attrs) == {"href"}
    else:
        assert made.strip() == expected


def test_a_heading_has_its_level_and_anchor() -> None:
    words = (Node("text", text="R&D"),)
    made = prose([Node("heading", children=words, level=3, id="r-d")])
    assert made == '<h3 id="r-d">R&amp;D</h3>'


def test_a_table_has_headers_of_columns_and_rows() -> None:
    source = "| Norm | Doel | Ja |\n|---|--:|:-:|\n| balie | 90% | nee |"
    table = BeautifulSoup(prose(parse(source, "cel")[0]), "html.parser")
    assert [each["scope"] for each in table.find_all("th")] == [
        "col",
        "col",
        "col",
        "row",
    ]
    assert [each.get("class") for each in table.find_all("td")] == [
        ["number"],
        ["center"],
    ]
    assert table.section["aria-label"] == "Tabel: Norm, Doel, Ja"


@given(st.text())
def test_no_text_becomes_an_element(text: str) -> None:
    made = prose([Node("paragraph", children=(Node("text", text=text),))])
    inside = made.removeprefix("<p>").removesuffix("</p>")
    assert "<" not in inside and ">" not in inside
