#!/usr/bin/env python3
"""Tell the canary story of every demonstration study, and write down what it found.

    python scripts/canary.py              all studies; writes docs/canary.md
    python scripts/canary.py noordwijk    those with a word in their key; writes nothing

Takes some minutes a study. Exit code 1 when a mark was found anywhere.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kcc_research import dutch  # noqa: E402
from tests.canary import KINDS  # noqa: E402
from tests.canary_story import CASES, Case, Look, prepare, survived, tell  # noqa: E402

PAGE = ROOT / "docs" / "canary.md"
RARE = "rare number"
_NAMES = ("identifiers", "undeclared", "staff", "open answers", "rare numbers")


def main(words: Sequence[str]) -> int:
    """Tell the stories; write the page when all were told."""
    chosen = [each for each in CASES if all(word in each.key for word in words)]
    rows, hits = [], 0
    for case in chosen:
        row, found = told(case)
        rows.append(row)
        hits += found
        print(row, flush=True)
    if not words:
        PAGE.write_text(page(rows), encoding="utf-8")
    return 1 if hits or not chosen else 0


def told(case: Case) -> tuple[str, int]:
    """A line of the table for one study, and how many marks were found."""
    # Sockets have short names, so the folder for temporary files stands high up.
    with tempfile.TemporaryDirectory(prefix="kcn-") as folder:
        marked = prepare(case, Path(folder))
        looks: list[Look] = []
        kept: list[int] = []
        for look in tell(marked):
            looks.append(look)
            if look.after == "a good run":
                kept.append(survived(marked)[RARE])
            for hit in look.hits:
                print(f"  after {look.after}: {hit}", file=sys.stderr, flush=True)
    counts = marked.planted.counts
    planted = [counts[kind] for kind in (*KINDS.values(), RARE)]
    files, size = sum(x.files for x in looks), sum(x.bytes for x in looks)
    hits = sum(len(each.hits) for each in looks)
    numbers = [*planted, *kept[:1], len(looks), files, round(size / 1e6)]
    cells = " | ".join(dutch.number(each).replace(".", ",") for each in numbers)
    return f"| `{case.key}` | {cells} | {hits} |", hits


def page(rows: Sequence[str]) -> str:
    """The page of docs/canary.md."""
    names = " | ".join(_NAMES)
    lines = "\n".join(rows)
    return f"""# Canaries: what of persons was seen again

Made by `python scripts/canary.py` on {date.today().isoformat()}; the same story is a
test (`pytest -m slow tests/functional/test_canary.py`; the first study in every run).

Every raw file of every demonstration study is marked: each identifier and key, each
open answer, and two columns nobody declared, one with the e-mail address of an
employee. A rare but valid number (7919 seconds) is put where the study measures time.
That the marks stand in the raw files is checked cell by cell, and that the rare number
is in the cleaned answers as well: a mark that got lost on the way would prove nothing.

Then a day's work: `kcc check`; two runs that fail, in cleaning and in the analysis,
whose notebooks show, print, log, warn and raise what they read; a good run; a run
killed with SIGKILL halfway; a release; a purge. After each of the six, everything
outside `data/raw` is searched: names of files, text, unpacked PDF streams and their
pages, pictures and their metadata, spreadsheets, notebooks, logs, temporary folders,
and what each command said. A file is counted each time it is searched.

| study | {names} | rare rows cleaned | searches | files | MB | found |
|---|{"---:|" * 10}
{lines}

Where a mark may be, and is not looked for: open answers in the cleaned answers and in
the private list of words to choose from (`data/processed`, mode 700), until the purge;
words that a person ticked, which were not marked. Rare numbers are looked for in what
is published and released. Studies without a rare number ask nothing that takes one.
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
