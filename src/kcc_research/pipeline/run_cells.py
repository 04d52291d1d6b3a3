"""Cells of a notebook that is run: the runner's own, and how a reader counts the rest.

papermill puts in a cell of parameters, and one that tells of a failure; the runner lets
a cell of its own come last, which proves that the end was reached.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat

END_TAG = "kcc-end"
INJECTED_TAG = "injected-parameters"
ERROR_TAG = "papermill-error-cell-tag"


def with_end_cell(path: Path, marker: str) -> str:
    """The text of the notebook at ``path``, with a last cell that prints ``marker``."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": [END_TAG]},
        "outputs": [],
        "source": f"print('{marker}')",
    }
    if (notebook["nbformat"], notebook["nbformat_minor"]) >= (4, 5):
        cell["id"] = END_TAG
    notebook["cells"].append(cell)
    return json.dumps(notebook)


def without_own_cells(notebook: Any) -> Any:
    """The notebook without end marker, papermill's metadata, times and paths (F14).

    The cell of parameters that papermill put in gets a fixed id, because a random one
    would make every run differ (TRUST-X7).
    """
    kept = []
    for cell in notebook.cells if notebook is not None else ():
        tags = _tags(cell)
        if END_TAG in tags or ERROR_TAG in tags:
            continue
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if INJECTED_TAG in tags and "id" in cell:
            cell["id"] = INJECTED_TAG
        kept.append(cell)
    if notebook is None:
        return nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    notebook.cells = kept
    notebook.metadata.pop("papermill", None)
    return notebook


def cell_numbers(notebook: Any) -> dict[str, int]:
    """The number of every cell by its id, as a reader of the notebook counts them."""
    own = [
        cell
        for cell in notebook.cells
        if not {INJECTED_TAG, ERROR_TAG}.intersection(_tags(cell))
    ]
    return {cell["id"]: number for number, cell in enumerate(own, start=1)}


def number_of(notebook: Any, position: int) -> int:
    """The number, as a reader counts, of the code cell at ``position``.

    Cells that the runner or papermill put in are not counted.
    """
    number = seen = 0
    for cell in notebook.cells if notebook is not None else ():
        number += not {INJECTED_TAG, ERROR_TAG}.intersection(_tags(cell))
        seen += runs(cell)
        if seen == position and runs(cell):
            break
    return number


def runs(cell: Any) -> bool:
    """Whether it is code, with something in it."""
    return cell.cell_type == "code" and bool(cell.source.strip())


def _tags(cell: Any) -> list[str]:
    found: list[str] = cell.metadata.get("tags", [])
    return found
