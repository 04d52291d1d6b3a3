"""From an executed report notebook to the files of a publication, gates included."""

from __future__ import annotations

import base64
import copy
import posixpath
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import nbformat

from kcc_research.errors import OutputError, Problem, UserError, problem
from kcc_research.pipeline.results import Results
from kcc_research.reporting import (
    html_exporter,
    html_gate,
    notebook_check,
    open_data,
    pdf_gate,
)
from kcc_research.reporting.content import Report
from kcc_research.reporting.html_exporter import READ
from kcc_research.reporting.notebook_check import read
from kcc_research.reporting.pdf_exporter import PdfReportExporter

_PICTURES = {"image/svg+xml": "svg", "image/png": "png"}


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be rendered of a report, and what is wrong with it."""

    files: dict[str, bytes]
    problems: tuple[Problem, ...]


def publication(
    notebook: Any, results: Results, *, synthetic: bool
) -> dict[str, bytes]:
    """Every file of a published report but inputs.json and manifest.json.

    Raises :class:`OutputError` with all that the exporters and both gates refuse.
    """
    page, paper = rendered(notebook)
    return {
        "report.html": page.encode(),
        "report.pdf": paper,
        "report.ipynb": _source(without_private_parts(notebook)),
        **_tables(results, synthetic=synthetic),
        **dict(_figures(notebook)),
    }


def rendered(notebook: Any) -> tuple[str, bytes]:
    """The HTML and the PDF of a report that went through both gates.

    Raises :class:`OutputError` with all that the exporters and both gates refuse.
    """
    report = read(notebook)
    page = _html(notebook, report, draft=False)
    paper = _pdf(notebook, report, draft=False)
    found = _gates(page, paper, notebook, report)
    refused = [each for each in found if _is_error(each)]
    if refused:
        raise OutputError(refused)
    return page, paper


def page(notebook: Any) -> bytes:
    """A page beside the report: HTML only, through the same gate.

    Raises :class:`OutputError` with all that exporter and gate refuse.
    """
    report = read(notebook)
    html = _html(notebook, report, draft=False)
    found = html_gate.check(html, notebook, report)
    refused = [each for each in found if _is_error(each)]
    if refused:
        raise OutputError(refused)
    return html.encode()


def notice(notebook: Any) -> dict[str, bytes]:
    """Both pages of the notice in the place of a withdrawn report, gates included.

    ``notebook`` is the version 4 structure. Raises :class:`OutputError`.
    """
    made = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    html, paper = rendered(made)
    return {"report.html": html.encode(), "report.pdf": paper}


def require_links(files: Mapping[str, bytes]) -> None:
    """Refuse a publication whose pages lead to pages that are not in it (O066t)."""
    found = [
        problem("KCC-O066t", file=name, found=target)
        for name, content in files.items()
        if name.endswith(".html")
        for target in html_gate.linked_pages(content.decode())
        if posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        not in files
    ]
    if found:
        raise OutputError(found)


def draft(notebook: Any, pages: Mapping[str, Any] | None = None) -> Draft:
    """Render what can be rendered, marked CONCEPT, and list what is wrong.

    ``pages`` are the notebooks of the pages beside the report, by their file.
    """
    files = {"report.ipynb": _source(notebook)}
    problems = _refused(notebook)
    rendered = [
        (f"report.{name}", render, notebook)
        for name, render in (("html", _html_bytes), ("pdf", _pdf))
    ]
    for file, each in (pages or {}).items():
        rendered.append((posixpath.basename(file), _html_bytes, each))
        problems += _refused_page(each)
    for name, render, each in rendered:
        try:
            files[name] = render(each, read(each), draft=True)
        except UserError as error:
            problems += error.problems
    unique = tuple(dict.fromkeys(problems))
    files["problems.txt"] = "\n\n".join(map(str, unique)).encode()
    return Draft(files, unique)


def _refused(notebook: Any) -> list[Problem]:
    """What publication would refuse of this notebook."""
    report = read(notebook)
    try:
        page = _html(notebook, report, draft=False)
        paper = _pdf(notebook, report, draft=False)
    except UserError as error:
        return list(error.problems)
    return _gates(page, paper, notebook, report)


def _refused_page(notebook: Any) -> list[Problem]:
    try:
        page(notebook)
    except UserError as error:
        return list(error.problems)
    return []


def _source(notebook: Any) -> bytes:
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return text.encode()


def without_private_parts(notebook: Any) -> Any:
    """A copy for publication: no code tagged *intern*, no output but kcc's.

    The gates look at what a page shows; this file goes out whole, so here nothing may
    stand that they did not see. Texts tagged *intern* say what the notebook is, and
    stay.
    """
    public = copy.deepcopy(notebook)
    public.metadata.pop("widgets", None)
    public.cells = [
        cell
        for cell in public.cells
        if cell.cell_type != "code" or not notebook_check.is_intern(cell)
    ]
    for cell in public.cells:
        if cell.cell_type == "code":
            cell.outputs = [each for each in cell.outputs if _is_of_kcc(each)]
    return public


def _is_of_kcc(output: Any) -> bool:
    return bool(output.get("metadata", {}).get("kcc"))


def _html_bytes(notebook: Any, report: Report, *, draft: bool) -> bytes:
    return _html(notebook, report, draft=draft).encode()


def _html(notebook: Any, report: Report, *, draft: bool) -> str:
    exporter = html_exporter.exporter(threading.get_ident(), draft=draft)
    page, _ = exporter.from_notebook_node(notebook, {READ: report})
    return str(page)


def _pdf(notebook: Any, report: Report, *, draft: bool) -> bytes:
    exporter = PdfReportExporter(draft=draft)  # type: ignore[no-untyped-call]
    paper, _ = exporter.from_notebook_node(notebook, {READ: report})
    return bytes(paper)


def _gates(page: str, paper: bytes, notebook: Any, report: Report) -> list[Problem]:
    return [
        *html_gate.check(page, notebook, report),
        *pdf_gate.check(paper, notebook, report),
    ]


def _is_error(each: Problem) -> bool:
    return each.severity == "error"


def _tables(results: Results, *, synthetic: bool) -> dict[str, bytes]:
    return {
        f"tables/{name}.csv": open_data.to_csv(frame, synthetic=synthetic)
        for name, frame in results._asdict().items()
    }


def _figures(notebook: Any) -> Iterator[tuple[str, bytes]]:
    """The pictures of the report, as files named after their figures."""
    for cell in notebook_check.public_cells(notebook):
        for output in cell.get("outputs", []):
            record = output.get("metadata", {}).get("kcc", {})
            if record.get("kind") != "figure":
                continue
            for kind, ending in _PICTURES.items():
                if kind in output.data:
                    name = f"figures/{record['id']}.{ending}"
                    yield name, _picture(kind, output.data[kind])


def _picture(kind: str, data: Any) -> bytes:
    text = data if isinstance(data, str) else "".join(data)
    return text.encode() if kind == "image/svg+xml" else base64.b64decode(text)
