"""Typst source: every word a string literal, every kind of node a call."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting import fonts
from kcc_research.reporting.content import Stray, Text
from kcc_research.reporting.markdown import parse
from kcc_research.reporting.records import Quote
from kcc_research.reporting.typst_markup import array, content, image_literal, literal


def unescaped(quoted: str) -> str:
    """What typst reads in a string literal, by its own rules for escapes."""
    assert quoted[0] == quoted[-1] == '"'
    names = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"'}
    read, rest = [], iter(quoted[1:-1])
    for each in rest:
        assert each != '"', "the literal ends too early"
        read.append(names[next(rest)] if each == "\\" else each)
    return "".join(read)


@given(st.text())
def test_a_literal_is_read_back_as_the_text(text: str) -> None:
    assert unescaped(literal(text)) == fonts.shown(text)


def test_an_array_of_one_is_an_array() -> None:
    assert array(["1"]) == "(1, )"
    assert array([]) == "()"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("## Kop", '#anchored(heading(level: 1, [#{ "Kop" }]), "x")'),
        ("#let x = 1", '#paragraph([#{ "#let x = 1" }])'),
        ("a **b** c", '#paragraph([#{ "a "; strong([#{ "b" }]); " c" }])'),
        ("`$x$`", '#paragraph([#{ raw("$x$") }])'),
        ("> z", '#quotation({ par([#{ "z" }]) })'),
        (
            "- a\n- b",
            '#running(list(list.item({ [#{ "a" }] }), list.item({ [#{ "b" }] })))',
        ),
        ("4. a", '#running(enum(start: 4, enum.item({ [#{ "a" }] })))'),
        ("[a](#b)", '#paragraph([#{ link(label("b"), [#{ "a" }]) }])'),
        ("[a](tel:1)", '#paragraph([#{ link("tel:1", [#{ "a" }]) }])'),
        ("```\nx\n```", '#running(raw(block: true, "x"))'),
        ("---", "#separator()"),
    ],
)
def test_markdown_becomes_calls(source: str, expected: str) -> None:
    nodes, _ = parse(source, "cel")
    anchored = tuple(replace(node, id="x") for node in nodes)
    assert content(Text(anchored)) == expected


def test_a_quote_keeps_its_words() -> None:
    said = content(Quote("q", 'Zei "nee" #let', "inwoner"))
    assert said == '#said(id: "q", speaker: "inwoner", "Zei \\"nee\\" #let")'


def test_a_picture_becomes_its_bytes() -> None:
    uri = f"data:image/svg+xml;base64,{base64.b64encode(b'<s/>').decode()}"
    assert image_literal(uri) == (
        'image(bytes((60, 115, 47, 62, )), format: "svg", height: 100%)'
    )
    assert content(Stray("x", uri)).startswith("#stray(")
