# ruff: noqa: INP001 (a script, not a package)
"""Write the page of faults from the fault corpus.

    python scripts/write_faults.py

What stands there is what the command line says of each input, so a message that changes
changes the page. The corpus and its tests are in tests/faults.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.faults.corpus import Fault, Proof, corpus  # noqa: E402
from tests.faults.running import Message, Trials  # noqa: E402

PAGE = ROOT / "docs" / "faults.md"
HEAD = """# Faults, and what you see

Bad input, and what `kcc check` or `kcc run` says of it. Written by
`python scripts/write_faults.py` from the fault corpus in tests/faults, which puts every
input through the command line; do not change it by hand.

- The number is that of the rule in the project's handbook of trust; a code such as
  KCC-D018 begins with the number of its rule. Faults of running (F53–F64) have tests of
  their own.
- After an error nothing is published and the last report stays as it was. After a
  *melding* or *waarschuwing* the run goes on. *goes well*: no refusal is needed, and
  this is how the report shows it.
- A row counts as an editor or Excel counts: the header is row 1. Messages about your
  own material are Dutch.

| fault | input | what you see |
|--|--|--|
"""


def page(entries: Sequence[Fault | Proof], shown: Sequence[Message | str]) -> str:
    """The page, of each entry and what was shown of it."""
    rows = (
        f"| {entry.id} | {_cell(entry.what)} | {_told(seen)} |\n"
        for entry, seen in zip(entries, shown, strict=True)
    )
    return HEAD + "".join(rows)


def _told(seen: Message | str) -> str:
    if isinstance(seen, str):
        return f"*goes well:* {_cell(seen)}"
    mild = "" if seen.severity in ("fout", "error") else f" *{seen.severity}*"
    parts = [f"**{seen.code}**{mild} {_cell(seen.title)}"]
    if seen.file:
        parts.append(_cell(Path(seen.file).name))
    dutch = seen.severity in ("fout", "waarschuwing", "melding")
    for name, word in (("row", "rij"), ("column", "kolom"), ("value", "waarde")):
        text = getattr(seen, name)
        if text:
            parts.append(f"{word if dutch else name} {_cell(text)}")
    if dutch:
        parts.append(f"*{_cell(seen.remedy)}*")
    return " · ".join(parts)


def _cell(text: str) -> str:
    """Plain text in a cell of a table."""
    for sign in "\\`*_<>|[]":
        text = text.replace(sign, f"\\{sign}")
    return text


def main() -> None:
    """Meet every fault, and write the page."""
    entries = list(corpus())
    with tempfile.TemporaryDirectory() as folder:
        trials = Trials(Path(folder))
        shown = [trials.shown(each) for each in entries]
    PAGE.write_text(page(entries, shown), encoding="utf-8")


if __name__ == "__main__":
    main()
