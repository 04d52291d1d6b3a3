"""HTML, PDF and both gates of reports that are there, again, in one process.

    python -m tests.bench.exports_work FOLDER KEY…

Prints CPU seconds a report as JSON: of all of it, of HTML with its gate alone, and how
many pages the PDF has. The first report warms the process up and does not count. Stops
when what comes out is not what was published: then there is nothing to time.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import time
from pathlib import Path

import nbformat
import pikepdf

from kcc_research.pipeline import report_files
from kcc_research.pipeline.workspace import Workspace


def measured(root: Path, keys: list[str]) -> list[tuple[float, float, int]]:
    """(CPU seconds of all, of the HTML alone, pages) of each report but the first."""
    gc.collect()
    gc.freeze()  # as a run does
    return [_one(Workspace(root).output(key)) for key in keys][1:]


def _one(folder: Path) -> tuple[float, float, int]:
    notebook = nbformat.read(folder / "report.ipynb", 4)  # type: ignore[no-untyped-call]
    begun = time.process_time()
    page, paper = report_files.rendered(notebook)
    spent = time.process_time() - begun
    begun = time.process_time()
    again = report_files.page(notebook)
    html = time.process_time() - begun
    published = (
        (folder / "report.html").read_bytes(),
        (folder / "report.pdf").read_bytes(),
    )
    if not (page.encode() == again == published[0] and paper == published[1]):
        raise SystemExit(f"{folder.parent.name}: not what was published")
    with pikepdf.open(io.BytesIO(paper)) as opened:
        return spent, html, len(opened.pages)


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]), sys.argv[2:])))
