"""Where a notebook's saves go: staged for the runner, or committed at once by hand.

In a run the environment names a staging folder; the runner commits what it finds there
after the end marker. Without it the same files are committed under the same lock, with
a record that says *by hand*, so that the next ``kcc run`` does the step again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kcc_research.pipeline.kernel_names import STAGING_VARIABLE
from kcc_research.pipeline.record import (
    SHARED,
    Record,
    canonical_json,
    sha256_of,
    sha256_of_file,
)
from kcc_research.pipeline.store import Files, Held, Store, put
from kcc_research.pipeline.store.operations import FileOperations
from kcc_research.pipeline.workspace import Workspace

SAVED = "saved.json"


@dataclass(frozen=True, slots=True)
class StepFiles:
    """Files of a step, by their path from the measurement's processed folder.

    ``shared`` are those that other steps of the measurement write as well.
    """

    step: str
    files: Files
    shared: frozenset[str] = field(default_factory=frozenset)

    def hashes(self) -> dict[str, str]:
        return {
            name: SHARED if name in self.shared else sha256_of(content)
            for name, content in self.files.items()
        }


def record_file(workspace: Workspace, key: str, step: str) -> Path:
    """Where the record of a step stands; that of the analysis goes with its results."""
    if step == "analyse":
        return workspace.results(key) / "record.json"
    return workspace.records(key) / f"{step}.json"


def save(workspace: Workspace, key: str, made: StepFiles) -> None:
    """Save what a notebook made: stage it in a run, commit it by hand."""
    staging = os.environ.get(STAGING_VARIABLE)
    if staging:
        _stage(Path(staging), made)
    else:
        _commit_by_hand(workspace, key, made)


def _stage(folder: Path, made: StepFiles) -> None:
    hashes = {name: sha256_of(content) for name, content in made.files.items()}
    note = {"step": made.step, "files": hashes, "shared": sorted(made.shared)}
    put(FileOperations(), folder, {**made.files, SAVED: canonical_json(note)})


def _commit_by_hand(workspace: Workspace, key: str, made: StepFiles) -> None:
    with Store(workspace).hold(key) as mine:
        folder = mine.new_staging(made.step)
        mine.stage(folder, made.files)
        record = Record(made.step, "hand", outputs=made.hashes())
        commit(workspace, mine, folder, record)


def commit(workspace: Workspace, mine: Held, folder: Path, record: Record) -> None:
    """Let the files of ``record`` in ``folder`` take their place, with the record."""
    note = "record.json"
    mine.stage(folder / "of-runner", {note: record.to_json()})
    target = workspace.processed(mine.key)
    moves = {folder / name: target / name for name in record.outputs}
    moves[folder / "of-runner" / note] = record_file(workspace, mine.key, record.step)
    mine.commit(moves, folder)


def saved(folder: Path, step: str) -> Mapping[str, str] | None:
    """Name → recorded hash of what a kernel staged for ``step``; None if nothing.

    Raises ValueError when a staged file is not what the kernel wrote.
    """
    try:
        note = json.loads((folder / SAVED).read_bytes())
    except FileNotFoundError:
        return None
    if note["step"] != step:
        return None
    for name, expected in note["files"].items():
        if sha256_of_file(folder / name) != expected:
            raise ValueError(name)
    shared = dict.fromkeys(note["shared"], SHARED)
    return {**note["files"], **shared}
