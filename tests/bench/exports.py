"""Group ``exports``: HTML, PDF/UA and both gates, CPU seconds a report."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench import machine, workspaces

MADE = int(os.environ.get("KCC_BENCH_MADE", "6"))
MOST, GOAL, MOST_PAGES = 0.35, 0.25, 25


def page() -> tuple[str, bool]:
    """The page with raw figures, and whether what is required was reached."""
    with tempfile.TemporaryDirectory() as name:
        made, sound = workspaces.made(Path(name) / "w", MADE)
        workspaces.run(made, ["run", *sound])
        words = ["-m", "tests.bench.exports_work", str(made.root), *sound]
        done = machine.run([sys.executable, *words])
    found = [(spent, pages) for spent, pages in json.loads(done.output)]
    return _worded(found), _median(found) <= MOST


def _median(found: list[tuple[float, int]]) -> float:
    return statistics.median(spent for spent, pages in found if pages <= MOST_PAGES)


def _worded(found: list[tuple[float, int]]) -> str:
    rows = "\n".join(f"| {pages} | {spent:.3f} |" for spent, pages in found)
    described = machine.description("nbconvert", "typst", "pikepdf", "beautifulsoup4")
    return f"""# Speed of reports

Written by `tests/bench/exports.py`. The work: an executed report notebook to HTML and
PDF/UA, with both gates, in a process that did one before. Required: at most {MOST} CPU
seconds for a report of at most {MOST_PAGES} pages; goal {GOAL}.

| pages of the PDF | CPU s |
|---|---|
{rows}

Median: **{_median(found):.3f} CPU s**. Valid: each is, byte for byte, what `kcc run`
published.

Measured on {described}.
"""
