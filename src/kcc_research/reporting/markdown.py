"""Markdown as reports support it: parsed once, refused where it would not survive.

mistune gives the syntax tree; this module turns it into our own small one, which both
exporters render. What is not listed here (raw HTML, pictures, formulas, footnotes) is
a problem, never passed through (PUB-V8, F65); a draft shows it as plain text.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kcc_research.errors import Problem, problem

Kind = Literal[
    "bold",
    "break",
    "cell",
    "code",
    "code_block",
    "heading",
    "italic",
    "item",
    "link",
    "list",
    "paragraph",
    "plain",
    "quotation",
    "row",
    "rule",
    "strike",
    "table",
    "text",
]
Align = Literal["left", "right", "center"]
Token = dict[str, Any]

SCHEMES = ("https:", "http:", "mailto:", "tel:", "#")
PAGE = re.compile(
    r"profiles/[a-z0-9]+(?:-[a-z0-9]+)*\.html|\.\./(?:[0-9]+/)?report\.html"
)
"""A link from a report to one of its pages, from such a page to the report, or from a
withdrawn release to the one that took its place."""

_SHOWN = 60
# A dollar that opens right before and closes right after something, as pandoc has it:
# "$5 en $6" is money, "$x_1$" a formula.
_FORMULA = re.compile(r"\$(?=\S)[^$\n]+(?<=\S)\$(?!\d)")


@dataclass(frozen=True)
class Node:
    """A piece of running text. Which fields count depends on ``kind``.

    ``level`` is that of a heading in the notebook (2 and up), ``target`` where a link
    goes, ``id`` the anchor of a heading, ``start`` the first number of an ordered list
    (None: bullets), ``align`` that of a table cell. The first row of a table is its
    header. ``plain`` is what a report does not support, for drafts.
    """

    kind: Kind
    text: str = ""
    children: tuple[Node, ...] = ()
    level: int = 0
    target: str = ""
    id: str = ""
    start: int | None = None
    align: Align = "left"

    @property
    def plain_text(self) -> str:
        """The words alone, as a table of contents shows them."""
        if self.kind == "break":
            return " "
        return self.text + "".join(child.plain_text for child in self.children)

    def walk(self) -> Iterator[Node]:
        """This node and everything under it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def rewritten(self, change: Callable[[Node], Node]) -> Node:
        """A copy in which ``change`` was applied to every node, children first."""
        inside = tuple(child.rewritten(change) for child in self.children)
        return change(replace(self, children=inside))


@dataclass
class _Reading:
    """One piece of markdown being read: where it stands, and what is wrong with it."""

    cell: str
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, found: str) -> None:
        shown = " ".join(found.split())[:_SHOWN]
        self.problems.append(problem(code, cell=self.cell, found=shown))


def parse(source: str, cell: str) -> tuple[tuple[Node, ...], list[Problem]]:
    """The blocks of a piece of markdown, and every problem with it.

    ``cell`` is the id of the cell, for the messages.
    """
    reading = _Reading(cell)
    blocks = tuple(_blocks(_parser()(source), reading, top=True))
    return blocks, reading.problems


@functools.cache
def _parser() -> Any:
    import mistune

    return mistune.create_markdown(
        renderer="ast", plugins=["table", "strikethrough", "footnotes"]
    )


def _blocks(tokens: list[Token], reading: _Reading, *, top: bool) -> Iterator[Node]:
    for token in tokens:
        match token["type"]:
            case "blank_line":
                continue
            case "heading" if top:
                yield _heading(token, reading)
            case "paragraph" | "block_text":
                yield _paragraph(token, reading)
            case "list":
                yield _list(token, reading)
            case "block_quote":
                inside = tuple(_blocks(token["children"], reading, top=False))
                yield Node("quotation", children=inside)
            case "block_code":
                yield Node("code_block", text=token["raw"].rstrip("\n"))
            case "table":
                yield _table(token, reading)
            case "thematic_break":
                yield Node("rule")
            case _:
                yield _refused(token, reading)


def _heading(token: Token, reading: _Reading) -> Node:
    children = _inline(token["children"], reading)
    return Node("heading", children=children, level=token["attrs"]["level"])


def _paragraph(token: Token, reading: _Reading) -> Node:
    return Node("paragraph", children=_inline(token["children"], reading))


def _list(token: Token, reading: _Reading) -> Node:
    attributes = token["attrs"]
    start = attributes.get("start", 1) if attributes["ordered"] else None
    items = (
        Node("item", children=tuple(_blocks(item["children"], reading, top=False)))
        for item in token["children"]
    )
    return Node("list", children=tuple(items), start=start)


def _table(token: Token, reading: _Reading) -> Node:
    head, *body = token["children"]
    rows = [
        head["children"],
        *(row["children"] for part in body for row in part["children"]),
    ]
    nodes = tuple(_row(cells, reading) for cells in rows)
    headers = [*nodes[0].children, *(row.children[0] for row in nodes[1:])]
    if any(not cell.plain_text.strip() for cell in headers):
        reading.refuse("KCC-O065d", "a table with an empty header")
    return Node("table", children=nodes)


def _row(cells: list[Token], reading: _Reading) -> Node:
    return Node("row", children=tuple(_cell(cell, reading) for cell in cells))


def _cell(token: Token, reading: _Reading) -> Node:
    align: Align = token["attrs"].get("align") or "left"
    return Node("cell", children=_inline(token["children"], reading), align=align)


_WRAPPERS: dict[str, Kind] = {
    "strong": "bold",
    "emphasis": "italic",
    "strikethrough": "strike",
}


def _inline(tokens: list[Token], reading: _Reading) -> tuple[Node, ...]:
    nodes = tuple(_inline_node(token, reading) for token in tokens)
    words = "".join(each.text for each in nodes if each.kind == "text")
    for formula in _FORMULA.findall(words):
        reading.refuse("KCC-O065c", formula)
    return nodes


def _inline_node(token: Token, reading: _Reading) -> Node:
    match token["type"]:
        case "text":
            return Node("text", text=html.unescape(token["raw"]))
        case "softbreak":
            return Node("text", text=" ")
        case "linebreak":
            return Node("break")
        case "codespan":
            return Node("code", text=html.unescape(token["raw"]))
        case "strong" | "emphasis" | "strikethrough" as wrapper:
            return Node(
                _WRAPPERS[wrapper], children=_inline(token["children"], reading)
            )
        case "link":
            return _link(token, reading)
        case _:
            return _refused(token, reading)


def _link(token: Token, reading: _Reading) -> Node:
    target = html.unescape(token["attrs"]["url"])
    children = _inline(token["children"], reading)
    if not target.lower().startswith(SCHEMES) and not PAGE.fullmatch(target):
        reading.refuse("KCC-O065a", target)
        return Node("plain", children=children)
    return Node("link", children=children, target=target)


def _refused(token: Token, reading: _Reading) -> Node:
    kind = token["type"]
    match kind:
        case "inline_html" if token["raw"].startswith("</"):
            pass  # its opening tag was reported
        case "inline_html" | "block_html":
            reading.refuse("KCC-O065", token["raw"])
        case "image":
            reading.refuse("KCC-O065b", token["attrs"]["url"])
        case _:
            reading.refuse("KCC-O065d", kind.replace("_", " "))
    return Node("plain", text=_words(token).rstrip("\n"))


def _words(token: Token) -> str:
    """All words of a token that is not supported."""
    own = str(token.get("raw", ""))
    return own + "".join(_words(child) for child in token.get("children", ()))
