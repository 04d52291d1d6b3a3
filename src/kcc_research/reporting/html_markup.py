"""Running text as HTML, every word of it escaped (PUB-T3, F65)."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape

from kcc_research.reporting.markdown import Node

# The browser holds the page to what we promise: no script, nothing from elsewhere.
CONTENT_SECURITY_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_WRAPPERS = {"bold": "strong", "italic": "em", "strike": "s"}


def svg_uri(svg: str) -> str:
    """A drawing as a ``data:`` URI: embedded, without clashes of its ids."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def prose(nodes: Iterable[Node]) -> str:
    """Blocks of running text, in reading order.

    >>> prose([Node("paragraph", children=(Node("text", text="1 < 2"),))])
    '<p>1 &lt; 2</p>'
    """
    return "\n".join(_block(node) for node in nodes)


def _block(node: Node) -> str:
    match node.kind:
        case "heading":
            level = f"h{node.level}"
            return f'<{level} id="{escape(node.id)}">{_inline(node)}</{level}>'
        case "list":
            return _list(node)
        case "quotation":
            return f"<blockquote>{prose(node.children)}</blockquote>"
        case "code_block":
            return f"<pre><code>{escape(node.text)}</code></pre>"
        case "table":
            return _table(node)
        case "rule":
            return "<hr>"
        case "plain":
            return f"<p>{escape(node.text)}</p>"
        case _:
            return f"<p>{_inline(node)}</p>"


def _list(node: Node) -> str:
    items = "".join(f"<li>{_item(item)}</li>" for item in node.children)
    if node.start is None:
        return f"<ul>{items}</ul>"
    start = "" if node.start == 1 else f' start="{node.start}"'
    return f"<ol{start}>{items}</ol>"


def _item(item: Node) -> str:
    """A single paragraph stands in the item itself, so that the list stays tight."""
    first, *rest = item.children or (Node("paragraph"),)
    head = _inline(first) if first.kind == "paragraph" else _block(first)
    return head + prose(rest)


def _table(node: Node) -> str:
    """A markdown table: no caption, but headers of columns and rows like our own."""
    head, *body = node.children
    names = "".join(_cell(cell, head, "col") for cell in head.children)
    rows = "".join(f"<tr>{_row(row, head)}</tr>" for row in body)
    label = ", ".join(cell.plain_text for cell in head.children)
    return (
        '<div class="table"><section class="scroll" tabindex="0" '
        f'aria-label="Tabel: {escape(label)}"><table class="prose">'
        f"<thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table></section></div>"
    )


def _row(row: Node, head: Node) -> str:
    first, *others = row.children
    return _cell(first, head, "row") + "".join(
        _cell(cell, head, "", index) for index, cell in enumerate(others, start=1)
    )


def _cell(cell: Node, head: Node, scope: str, index: int = 0) -> str:
    align = cell.align if scope == "col" else head.children[index].align
    classes = {"right": ' class="number"', "center": ' class="center"'}.get(align, "")
    if not scope:
        return f"<td{classes}>{_inline(cell)}</td>"
    return f'<th scope="{scope}"{classes}>{_inline(cell)}</th>'


def _inline(node: Node) -> str:
    return _words(node.children)


def _words(nodes: Sequence[Node]) -> str:
    return "".join(_word(node) for node in nodes)


def _word(node: Node) -> str:
    match node.kind:
        case "text":
            return escape(node.text, quote=False)
        case "code":
            return f"<code>{escape(node.text, quote=False)}</code>"
        case "break":
            return "<br>"
        case "link":
            return f'<a href="{escape(node.target)}">{_inline(node)}</a>'
        case "bold" | "italic" | "strike":
            tag = _WRAPPERS[node.kind]
            return f"<{tag}>{_inline(node)}</{tag}>"
        case _:
            return escape(node.text, quote=False) + _inline(node)
