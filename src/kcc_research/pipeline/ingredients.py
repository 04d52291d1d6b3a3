"""Of what a notebook and this package consisted, by the hash that records hold.

A record says that a notebook or the package changed, by one hash each. Beside the
records stands, once for the whole workspace, what each hash was made from; so *stale*
can name the cell or the module. Without such a list it says no more than *changed*.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kcc_research.pipeline.record import Record, canonical_json, sha256_of

PACKAGE = "kcc_research"
_NOTEBOOK = "notebook "
_SHOWN = 3


def cell_hashes(cells: Iterable[object]) -> list[str]:
    """One short hash a cell, of what the notebook's own hash is made from."""
    return [sha256_of(canonical_json(each))[:16] for each in cells]


def explained(
    reasons: Iterable[str],
    folder: Path,
    record: Record,
    package: Mapping[str, str],
    notebook: tuple[str, Sequence[str]],
) -> list[str]:
    """``reasons`` with the cells or modules that changed, where that is known.

    ``folder`` holds the lists; ``package`` is that of now, ``notebook`` the name of the
    step's own with the hashes of its cells.
    """
    name, cells = notebook
    now: dict[str, Any] = {PACKAGE: package, f"{_NOTEBOOK}{name}": cells}
    found = []
    for reason in reasons:
        part = reason.removesuffix(" changed")
        if part != reason and part in now:
            before = _read(folder / f"{record.parts[part]}.json")
            found.append(reason + _told(before, now[part]))
        else:
            found.append(reason)
    return found


def _told(before: object, now: Mapping[str, str] | Sequence[str]) -> str:
    if isinstance(before, dict) and isinstance(now, Mapping):
        names = sorted(before.keys() | now.keys())
        words = [each for each in names if before.get(each) != now.get(each)]
    elif isinstance(before, list) and not isinstance(now, Mapping):
        words = _cells(before, now)
    else:
        return ""
    more = len(words) - _SHOWN
    shown = ", ".join(words[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f": {shown}" if words else ""


def _cells(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Which cells are others, counted as a reader of the notebook of now counts."""
    matcher = difflib.SequenceMatcher(None, before, now, autojunk=False)
    words = []
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind in ("replace", "insert"):
            words += [f"cell {number + 1}" for number in range(start, end)]
        gone = (last - first) - (end - start)
        if kind in ("replace", "delete") and gone > 0:
            words.append(f"{gone} gone after cell {end}")
    return words


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
