"""Row headers in the PDF: exactly the structure of PUB §8, safe to run twice."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from kcc_research.reporting.pdf_exporter import PdfReportExporter
from kcc_research.reporting.row_headers import add_row_headers


@pytest.fixture
def pdf(report_notebook) -> Iterator[pikepdf.Pdf]:
    made = PdfReportExporter().from_notebook_node(report_notebook)[0]
    with pikepdf.open(io.BytesIO(made)) as opened:
        yield opened


def elements(node: Any, kind: str) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child, kind)
    elif isinstance(node, pikepdf.Dictionary):
        if node.get("/S") == kind:
            yield node
        yield from elements(node.get("/K"), kind)


def table_attributes(cell: Any) -> Any:
    stored = cell.A if isinstance(cell.A, pikepdf.Array) else [cell.A]
    return next(each for each in stored if each.get("/O") == "/Table")


def test_every_body_row_starts_with_a_header(pdf: pikepdf.Pdf) -> None:
    rows = list(elements(pdf.Root.StructTreeRoot.K, "/TBody"))
    bodies = [list(elements(body.K, "/TR")) for body in rows]
    # channels, products, a markdown table and the data behind two figures
    assert [len(each) for each in bodies] == [5, 45, 2, 10, 2]
    for row in (row for body in bodies for row in body):
        first, *others = list(row.K)
        assert first.S == "/TH"
        assert table_attributes(first).Scope == "/Row"
        for cell in others:
            headers = [bytes(each) for each in table_attributes(cell).Headers]
            assert headers[0] == bytes(first.ID)
            assert len(headers) == 2  # the row, then typst's column


def test_ids_are_numbered_in_reading_order(pdf: pikepdf.Pdf) -> None:
    headers = elements(pdf.Root.StructTreeRoot.K, "/TH")
    ids = [str(each.ID) for each in headers if table_attributes(each).Scope == "/Row"]
    assert ids == [f"row-{number:06d}" for number in range(1, 65)]


def test_the_id_tree_is_one_sorted_node_that_leads_to_the_elements(
    pdf: pikepdf.Pdf,
) -> None:
    tree = pdf.Root.StructTreeRoot.IDTree
    assert set(tree.keys()) == {"/Names"}
    flat = list(tree.Names)
    names = [bytes(each) for each in flat[::2]]
    assert names == sorted(names)
    assert len(names) == 64 + 5 + 3 + 3 + 2 + 4  # rows, and columns of five tables
    assert all(
        bytes(element.ID) == name
        for name, element in zip(names, flat[1::2], strict=True)
    )


def test_running_it_twice_changes_nothing(pdf: pikepdf.Pdf) -> None:
    before = pdf.Root.StructTreeRoot.IDTree.unparse(resolved=True)
    assert add_row_headers(pdf) == 0
    assert pdf.Root.StructTreeRoot.IDTree.unparse(resolved=True) == before


def a_table(*, attributes: Any = None, tree: Any = None) -> pikepdf.Pdf:
    """A PDF with one tagged body row of two cells, and nothing else."""
    pdf = pikepdf.new()
    cells = [pikepdf.Dictionary(S=pikepdf.Name.TD) for _ in range(2)]
    if attributes is not None:
        cells[1].A = attributes
    row = pikepdf.Dictionary(S=pikepdf.Name.TR, K=pikepdf.Array(cells))
    body = pikepdf.Dictionary(S=pikepdf.Name.TBody, K=pikepdf.Array([row]))
    root = pikepdf.Dictionary(K=pikepdf.Array([body]))
    if tree is not None:
        root.IDTree = tree
    pdf.Root.StructTreeRoot = pdf.make_indirect(root)
    return pdf


def cells_of(pdf: pikepdf.Pdf) -> list[Any]:
    return list(pdf.Root.StructTreeRoot.K[0].K[0].K)


def test_a_cell_without_attributes_gets_them() -> None:
    pdf = a_table()
    assert add_row_headers(pdf) == 1
    header, cell = cells_of(pdf)
    assert str(header.ID) == "row-000001"
    assert [str(each) for each in cell.A[0].Headers] == ["row-000001"]


def test_other_attributes_are_kept() -> None:
    layout = pikepdf.Dictionary(O=pikepdf.Name.Layout, Width=12)
    pdf = a_table(attributes=layout)
    add_row_headers(pdf)
    owners = [str(each.O) for each in cells_of(pdf)[1].A]
    assert owners == ["/Layout", "/Table"]


def test_an_existing_tree_with_branches_is_merged() -> None:
    leaf = pikepdf.Dictionary(
        Names=pikepdf.Array([pikepdf.String("U1x0y0"), pikepdf.Dictionary()]),
        Limits=pikepdf.Array([pikepdf.String("U1x0y0"), pikepdf.String("U1x0y0")]),
    )
    pdf = a_table(tree=pikepdf.Dictionary(Kids=pikepdf.Array([leaf])))
    add_row_headers(pdf)
    names = [str(each) for each in list(pdf.Root.StructTreeRoot.IDTree.Names)[::2]]
    assert names == ["U1x0y0", "row-000001"]


def test_a_header_row_is_left_alone() -> None:
    pdf = a_table()
    pdf.Root.StructTreeRoot.K[0].S = pikepdf.Name.THead
    assert add_row_headers(pdf) == 0
    assert [str(each.S) for each in cells_of(pdf)] == ["/TD", "/TD"]
