"""Where a notebook's saves go: staged for the runner, or committed at once by hand.

In a run the environment names a staging folder; the runner commits what it finds there
after the end marker. Without it the same files are committed under the same lock, with
a record that says *by hand*, so that the next ``kcc run`` does the step again.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from kcc_research.pipeline import cleaning_log
from kcc_research.pipeline.kernel_names import STAGING_VARIABLE
from kcc_research.pipeline.record import (
    SHARED,
    Record,
    canonical_json,
    read_record,
    sha256_of,
    sha256_of_file,
)
from kcc_research.pipeline.store import Held, StagedFiles, Store
from kcc_research.pipeline.store.operations import Content
from kcc_research.pipeline.workspace import Workspace

SAVED = "saved.json"
_CLEAN = "clean-"


@dataclass(frozen=True, slots=True)
class StepFiles:
    """Files of a step, by their path from the measurement's processed folder.

    ``shared`` are those that other steps of the measurement write as well: the log of
    cleaning, of which a step saves its own rows only. They are put among those of the
    other sources when the files take their place, under the lock.
    """

    step: str
    files: StagedFiles
    shared: frozenset[str] = field(default_factory=frozenset)

    def hashes(self) -> dict[str, str]:
        return {
            name: SHARED if name in self.shared else _hash(content)
            for name, content in self.files.items()
        }


def _hash(content: Content) -> str:
    if isinstance(content, Path):
        return sha256_of_file(content)
    return sha256_of(content)


def record_file(workspace: Workspace, key: str, step: str) -> Path:
    """Where the record of a step stands; that of the analysis goes with its results."""
    if step == "analyse":
        return workspace.results(key) / "record.json"
    return workspace.records(key) / f"{step}.json"


def save(workspace: Workspace, key: str, made: StepFiles) -> None:
    """Save what a notebook made: stage it in a run, commit it by hand."""
    staging = os.environ.get(STAGING_VARIABLE)
    if staging:
        Store(workspace).stage(Path(staging), _with_note(made))
    else:
        _commit_by_hand(workspace, key, made)


def _with_note(made: StepFiles) -> StagedFiles:
    hashes = {name: _hash(content) for name, content in made.files.items()}
    note = {"step": made.step, "files": hashes, "shared": sorted(made.shared)}
    return {**made.files, SAVED: canonical_json(note)}


def _commit_by_hand(workspace: Workspace, key: str, made: StepFiles) -> None:
    with Store(workspace).hold(key) as mine:
        folder = mine.new_staging(made.step)
        mine.stage(folder, made.files)
        record = Record(made.step, "hand", outputs=made.hashes())
        commit(workspace, mine, folder, record)


def commit(workspace: Workspace, mine: Held, folder: Path, record: Record) -> None:
    """Let the files of ``record`` in ``folder`` take their place, with the record.

    What the step made before and makes no longer goes in the same stroke.
    """
    note, own = "record.json", folder / "of-runner"
    target, place = workspace.processed(mine.key), _record_place(workspace, mine.key)
    moves = {folder / name: target / name for name in record.outputs}
    runner: dict[str, bytes] = {note: record.to_json()}
    if cleaning_log.NAME in record.outputs:
        rows = (folder / cleaning_log.NAME).read_bytes()
        source = record.step.removeprefix(_CLEAN)
        log = target / cleaning_log.NAME
        runner[cleaning_log.NAME] = cleaning_log.with_source(log, source, rows)
        del moves[folder / cleaning_log.NAME]
        moves[own / cleaning_log.NAME] = log
    mine.stage(own, runner)
    moves[own / note] = place(record.step)
    before = read_record(place(record.step))
    gone = _own_files(target, before) - set(moves.values()) if before else set()
    mine.commit(moves, folder, sorted(gone))


def remove_undeclared(
    workspace: Workspace, mine: Held, sources: Collection[str]
) -> None:
    """Remove the answers, log rows and records of what is no source any more."""
    target, place = workspace.processed(mine.key), _record_place(workspace, mine.key)
    known = {place(f"{_CLEAN}{source}") for source in sources}
    records = set(workspace.records(mine.key).glob(f"{_CLEAN}*.json")) - known
    if not records:
        return
    read = (read_record(each) for each in records)
    files = {path for each in read if each for path in _own_files(target, each)}
    folder, moves = mine.new_staging("undeclared"), {}
    log = target / cleaning_log.NAME
    if log.is_file():
        rows = cleaning_log.only_of(log, sources)
        mine.stage(folder, {cleaning_log.NAME: rows})
        moves[folder / cleaning_log.NAME] = log
    mine.commit(moves, folder, sorted(files | records))


def _record_place(workspace: Workspace, key: str) -> Callable[[str], Path]:
    return functools.partial(record_file, workspace, key)


def _own_files(folder: Path, record: Record) -> set[Path]:
    """Files that are of this step alone; a record cannot name what is elsewhere."""
    names = (name for name, recorded in record.outputs.items() if recorded != SHARED)
    inside = (name for name in names if ".." not in PurePath(name).parts)
    paths = {folder / name for name in inside}
    return {each for each in paths if each != folder and each.is_relative_to(folder)}


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
