"""Group ``exports``: HTML, PDF/UA and both gates, CPU seconds a report."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench import machine, workspaces


class Report(NamedTuple):
    """CPU seconds of a report: of all of it, of the HTML alone; pages of its PDF."""

    spent: float
    html: float
    pages: int


MADE = int(os.environ.get("KCC_BENCH_MADE", "6"))
MOST, GOAL, MOST_PAGES = 0.35, 0.25, 25


def page() -> tuple[str, bool]:
    """The page with raw figures, and whether what is required was reached."""
    with tempfile.TemporaryDirectory() as name:
        made, sound = workspaces.made(Path(name) / "w", MADE)
        workspaces.run(made, ["run", *sound])
        found = spent_on(made.root, sound)
    return _worded(found), _medians(found)[0] <= MOST


def spent_on(root: Path, keys: Sequence[str]) -> list[Report]:
    """What making each published report again took, but for the first."""
    words = ["-m", "tests.bench.exports_work", str(root), *keys]
    done = machine.run([sys.executable, *words])
    return [Report(*each) for each in json.loads(done.output)]


def _medians(found: list[Report]) -> tuple[float, float]:
    short = [each for each in found if each.pages <= MOST_PAGES]
    return (
        statistics.median(each.spent for each in short),
        statistics.median(each.html for each in short),
    )


def _worded(found: list[Report]) -> str:
    rows = "\n".join(f"| {e.pages} | {e.html:.3f} | {e.spent:.3f} |" for e in found)
    whole, html = _medians(found)
    described = machine.description("nbconvert", "typst", "pikepdf", "html5lib")
    return f"""# Speed of reports

Written by `tests/bench/exports.py`. The work: an executed report notebook to HTML and
PDF/UA, with both gates, in a process that did one before. Required: at most {MOST} CPU
seconds for a report of at most {MOST_PAGES} pages; goal {GOAL}.

| pages of the PDF | HTML and its gate, CPU s | all, CPU s |
|---|---|---|
{rows}

Median: **{whole:.3f} CPU s**, of which HTML with its gate {html:.3f}.
Valid: each is, byte for byte, what `kcc run` published.

Measured on {described}.
"""
