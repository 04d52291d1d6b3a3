"""A report as typst source, with every word of it inside a string literal (PUB-F8)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence

from kcc_research.reporting import fonts, phrases
from kcc_research.reporting.column_widths import column_widths
from kcc_research.reporting.content import (
    Content,
    NumberedFigure,
    NumberedTable,
    Stray,
    Text,
)
from kcc_research.reporting.markdown import Node
from kcc_research.reporting.records import Quote, Table

FEW_POINTS = 6  # so many points under a point are not spread over two pages
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'[\\"\n\r\t]')


def literal(text: str) -> str:
    r"""``text`` as a typst string: nothing in it can be markup.

    >>> print(literal('#let a = "$1"'))
    "#let a = \"$1\""
    """
    known = fonts.shown(text)
    return f'"{_TO_ESCAPE.sub(lambda found: _ESCAPES[found[0]], known)}"'


def array(items: Iterable[str]) -> str:
    """A typst array of expressions; the comma keeps one item an array too."""
    return f"({''.join(f'{item}, ' for item in items)})"


def image_literal(uri: str, alt: str | None = None) -> str:
    """A ``data:`` URI of an SVG or PNG as a typst image."""
    kind, _, encoded = uri.removeprefix("data:image/").partition(";base64,")
    content = array(str(byte) for byte in base64.b64decode(encoded))
    described = f", alt: {literal(alt)}" if alt else ", height: 100%"
    return f'image(bytes({content}), format: "{kind.split("+")[0]}"{described})'


def content(piece: Content) -> str:
    """One part of the report as calls of the template's functions."""
    match piece:
        case Text(nodes):
            return "\n".join(f"#{_block(node)}" for node in nodes)
        case NumberedTable() if piece.table.layout == "key_figures":
            return _key_figures(piece)
        case NumberedTable():
            return table(piece.caption, piece)
        case NumberedFigure():
            return _figure(piece)
        case Quote(identifier, words, speaker):
            named = f"id: {literal(identifier)}, speaker: {literal(speaker)}"
            return f"#said({named}, {literal(words)})"
        case Stray():
            picture = image_literal(piece.image, phrases.NO_ALT)
            shown = picture if piece.image else "none"
            return f"#stray({literal(piece.text)}, {shown})"


def table(caption: str, numbered: NumberedTable) -> str:
    """A helper table under the caption it has in this place."""
    shown = numbered.table
    rows = array(array(map(literal, row)) for row in shown.rows)
    widths = column_widths(shown)
    return (
        f"#report-table(id: {literal(shown.id)}, caption: {literal(caption)}, "
        f"note: {literal(shown.note)}, columns: {array(map(literal, shown.columns))}, "
        f"alignment: {array(shown.alignment)}, rows: {rows}, width: {widths.page}%, "
        f"shares: {array(f'{share}fr' for share in widths.shares)})"
    )


def _key_figures(numbered: NumberedTable) -> str:
    shown = numbered.table
    tiles = array(array(map(literal, (*row, "")[:3])) for row in shown.rows)
    return (
        f"#key-figures(id: {literal(shown.id)}, caption: {literal(shown.caption)}, "
        f"tiles: {tiles}, note: {literal(shown.note)})"
    )


def _figure(numbered: NumberedFigure) -> str:
    picture = numbered.picture
    return (
        f"#report-figure(id: {literal(picture.id)}, "
        f"caption: {literal(numbered.caption)}, alt: {literal(picture.alt)}, "
        f"svg: {literal(numbered.svg)})"
    )


def _block(node: Node) -> str:
    match node.kind:
        case "heading":
            # The title of the document is the notebook's H1 (PUB-V7).
            heading = f"heading(level: {node.level - 1}, {_inline(node.children)})"
            return f"anchored({heading}, {literal(node.id)})"
        case "list":
            return f"running({_list(node)})"
        case "quotation":
            return f"quotation({{ {_inside(node.children)} }})"
        case "code_block":
            return f"running(raw(block: true, {literal(node.text)}))"
        case "table":
            return _prose_table(node)
        case "rule":
            return "separator()"
        case "plain":
            return f"paragraph({literal(node.text)})"
        case _:
            return f"paragraph({_inline(node.children)})"


def _inside(nodes: Iterable[Node]) -> str:
    """Blocks inside a list item or a quotation, which set the width themselves."""
    return "; ".join(_nested(node) for node in nodes)


def _nested(node: Node) -> str:
    match node.kind:
        case "paragraph":
            return f"par({_inline(node.children)})"
        case "list":
            return _list(node)
        case "code_block":
            return f"raw(block: true, {literal(node.text)})"
        case _:
            return _block(node)


def _list(node: Node) -> str:
    name = "list" if node.start is None else "enum"
    start = "" if node.start is None else f"start: {node.start}, "
    items = ", ".join(f"{name}.item({_item(item)})" for item in node.children)
    return f"{name}({start}{items})"


def _item(item: Node) -> str:
    """A single paragraph stands in the item itself, so that the list stays tight.

    A few points under it stay with it on one page.
    """
    first, *rest = item.children or (Node("paragraph"),)
    head = _inline(first.children) if first.kind == "paragraph" else _nested(first)
    inside = "; ".join([head, *map(_nested, rest)])
    if 0 < sum(len(each.children) for each in rest) <= FEW_POINTS:
        return f"block(breakable: false, {{ {inside} }})"
    return f"{{ {inside} }}"


def _prose_table(node: Node) -> str:
    head, *body = node.children
    alignment = array(cell.align for cell in head.children)
    names, *rows = (
        tuple(cell.plain_text for cell in r.children) for r in node.children
    )
    widths = column_widths(Table("", "", names, tuple(rows)))
    return (
        f"prose-table(columns: {_cells(head)}, alignment: {alignment}, "
        f"rows: {array(map(_cells, body))}, width: {widths.page}%, "
        f"shares: {array(f'{share}fr' for share in widths.shares)})"
    )


def _cells(row: Node) -> str:
    return array(_inline(cell.children) for cell in row.children)


_WRAPPERS = {"bold": "strong", "italic": "emph", "strike": "strike"}


def _inline(nodes: Sequence[Node]) -> str:
    """Words and their emphasis as one code block, whose values typst joins."""
    return f"[#{{ {'; '.join(map(_word, nodes))} }}]" if nodes else '""'


def _word(node: Node) -> str:
    match node.kind:
        case "text":
            return literal(node.text)
        case "code":
            return f"raw({literal(node.text)})"
        case "break":
            return "linebreak()"
        case "link":
            return f"link({_target(node.target)}, {_inline(node.children)})"
        case "bold" | "italic" | "strike":
            return f"{_WRAPPERS[node.kind]}({_inline(node.children)})"
        case _:
            return _inline((Node("text", text=node.text), *node.children))


def _target(target: str) -> str:
    inside = target.startswith("#")
    return f"label({literal(target[1:])})" if inside else literal(target)
