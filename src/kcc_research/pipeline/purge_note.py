"""What a purge leaves behind, and whether it still tells how things are.

Apart from the purge itself, so that to ask takes no time.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from kcc_research.pipeline.workspace import Workspace

NOTE = "purged.json"


def purged_on(workspace: Workspace, key: str) -> date | None:
    """The day of the purge; None when there was none, or raw files are back."""
    try:
        note = json.loads((workspace.processed(key) / NOTE).read_bytes())
        day = date.fromisoformat(note["purged"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if any(files_at(workspace.raw(key))) else day


def files_at(path: Path) -> list[Path]:
    """``path`` itself when it is a file or a link, else all of these below it."""
    if path.is_symlink() or not path.is_dir():
        return [path] if path.exists() or path.is_symlink() else []
    return [each for each in path.rglob("*") if each.is_symlink() or each.is_file()]
