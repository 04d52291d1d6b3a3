"""Row headers for the tables of a PDF, which typst cannot mark yet (PUB §8).

typst tags header rows. After compilation this step makes the first cell of every body
row a header too, and lets the other cells of the row name it, so that a screen reader
says *balie, gemiddeld cijfer, 7,1*. To be dropped when typst-py exposes header cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf


def add_row_headers(pdf: pikepdf.Pdf) -> int:
    """Mark the row headers of an open PDF in place; how many there were.

    Safe to run twice: a row whose first cell is a header already is left alone.
    """
    root = pdf.Root.StructTreeRoot
    named = list(_names(root.IDTree)) if "/IDTree" in root else []
    added = [
        (identifier, row.K[0])
        for number, row in enumerate(_open_rows(root.K), start=1)
        if (identifier := _mark(row, number))
    ]
    if added:
        _write_names(pdf, named + added)
    return len(added)


def _open_rows(element: Any, *, in_body: bool = False) -> Iterator[Any]:
    """The body rows whose first cell is still an ordinary one, in reading order."""
    import pikepdf

    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from _open_rows(child, in_body=in_body)
        return
    if not isinstance(element, pikepdf.Dictionary) or "/S" not in element:
        return
    kind = str(element.S)
    if kind == "/TR" and in_body and _is_open(element):
        yield element
    elif "/K" in element:
        yield from _open_rows(element.K, in_body=in_body or kind == "/TBody")


def _is_open(row: Any) -> bool:
    import pikepdf

    cells = row.get("/K")
    return isinstance(cells, pikepdf.Array) and str(cells[0].S) == "/TD"


def _mark(row: Any, number: int) -> Any:
    """Make the first cell the header of its row; its new id."""
    import pikepdf

    # Zero-padded, so that the order of the bytes is the order of reading.
    identifier = pikepdf.String(f"row-{number:06d}")
    first, *others = list(row.K)
    first.S = pikepdf.Name.TH
    first.ID = identifier
    first.A = pikepdf.Array(
        [pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)]
    )
    for cell in others:
        attributes = _table_attributes(cell)
        columns = list(attributes.get("/Headers", []))
        attributes.Headers = pikepdf.Array([identifier, *columns])
    return identifier


def _table_attributes(cell: Any) -> Any:
    """The cell's attributes as a table cell, made when it has none."""
    import pikepdf

    stored = cell.get("/A")
    if stored is None:
        known = []
    else:
        known = list(stored) if isinstance(stored, pikepdf.Array) else [stored]
    for attributes in known:
        if attributes.get("/O") == pikepdf.Name.Table:
            return attributes
    cell.A = pikepdf.Array([*known, pikepdf.Dictionary(O=pikepdf.Name.Table)])
    return cell.A[-1]


def _names(node: Any) -> Iterator[tuple[Any, Any]]:
    """The (id, element) pairs of a name tree."""
    if "/Names" in node:
        flat = list(node.Names)
        yield from zip(flat[::2], flat[1::2], strict=True)
    for child in node.get("/Kids", []):
        yield from _names(child)


def _write_names(pdf: pikepdf.Pdf, pairs: list[tuple[Any, Any]]) -> None:
    """One node, sorted by bytes; a root that has names needs no limits."""
    import pikepdf

    pairs.sort(key=lambda pair: bytes(pair[0]))
    flat = [value for pair in pairs for value in pair]
    tree = pikepdf.Dictionary(Names=pikepdf.Array(flat))
    pdf.Root.StructTreeRoot.IDTree = pdf.make_indirect(tree)
