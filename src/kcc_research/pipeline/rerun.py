"""Proof that a published report reproduces: it is made again, elsewhere (T7).

Everything the report is made from, and nothing it left behind, is copied to a scratch
workspace in the measurement's own staging folder: private, on the same file system,
and cleared by the next command when this one is killed. The same runner works there.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kcc_research.errors import Problem, UserError, problem
from kcc_research.pipeline.assessment import earlier_of, prepare
from kcc_research.pipeline.executor import Executor, OneAfterAnother
from kcc_research.pipeline.manifest import files_in, report_record
from kcc_research.pipeline.options import Options
from kcc_research.pipeline.order import with_earlier
from kcc_research.pipeline.outcome import Outcome, refused
from kcc_research.pipeline.progress import Progress, Silent
from kcc_research.pipeline.purge_note import NOTE, purged_on
from kcc_research.pipeline.record import differences
from kcc_research.pipeline.run import Runner
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.store import MANIFEST, Held, Store
from kcc_research.pipeline.verify import verify
from kcc_research.pipeline.workspace import Workspace

if TYPE_CHECKING:
    from kcc_research.pipeline.kernel import KernelRoom

NOT_VERIFIED = "not verified"


@dataclass
class Proof:
    """Verifies reports, and with ``again`` makes them again; as many at a time as runs.

    Kernels of all reruns come from one room, opened when the first one is needed.
    """

    store: Store
    again: bool = False
    options: Options = field(default_factory=Options)
    progress: Progress = field(default_factory=Silent)
    executor: Executor = field(default_factory=OneAfterAnother)

    def __post_init__(self) -> None:
        self._open = contextlib.ExitStack()
        self._room: KernelRoom | None = None
        self._opening = threading.Lock()

    def outcomes(self, keys: Sequence[str]) -> Iterator[Outcome]:
        """One a key, as they come: *unchanged* where all is proved.

        What could not be looked into at all has ``reached`` :data:`NOT_VERIFIED`.
        """
        self.progress.begin(keys)
        try:
            with self._open:
                for outcome in self.executor.run(keys, lambda _: (), self._one):
                    self.progress.finished(outcome)
                    yield outcome
        finally:
            self.progress.end()

    def _one(self, key: str, _: Mapping[str, Outcome]) -> Outcome:
        try:
            with faults_told(key):
                found = verify(self.store, key)
                if self.again and not found:
                    found = rerun(self.store, key, self)
        except UserError as error:
            return refused(key, error, NOT_VERIFIED)
        return Outcome(key, "failed" if found else "unchanged", tuple(found))

    def room(self) -> KernelRoom:
        """The private room for kernels."""
        from kcc_research.pipeline.kernel import KernelRoom

        with self._opening:
            if self._room is None:
                room = KernelRoom(self.options.kernels)
                self._room = self._open.enter_context(room)
            return self._room


class _Steps(Silent):
    """What a rerun tells: its steps, and nothing of its own beginning and end."""

    def __init__(self, told: Progress) -> None:
        self.step = told.step  # type: ignore[method-assign]


def rerun(store: Store, key: str, proof: Proof | None = None) -> list[Problem]:
    """What keeps ``key`` from being reproduced byte for byte; empty when it is.

    What came out differently is kept in the run's private folder. Raises
    :class:`LockedError` when another run holds the measurement, and the errors of its
    definitions.
    """
    workspace = store.workspace
    purged = purged_on(workspace, key)
    if purged is not None:
        return [problem("KCC-R062g", value=key, day=f"{purged:%d-%m-%Y}")]
    with faults_told(key), store.hold(key) as held:
        scratch = Workspace(held.new_staging("rerun"))
        held.stage(scratch.root, needed(workspace, key))
        runner = Runner(Store(scratch))
        if proof is not None:
            runner = Runner(
                Store(scratch), proof.options, _Steps(proof.progress), lent=proof.room
            )
        outcomes = runner.run([key])
        bad = [each for each in outcomes if not each.is_good]
        return _failed(key, bad) if bad else _different(workspace, scratch, held)


def needed(workspace: Workspace, key: str) -> dict[str, Path]:
    """Name → file of all that ``key`` is made from: definitions, raw files, notebooks.

    Of an earlier measurement that was purged, the results are what is left to build on.
    """
    found = {}
    if workspace.lock_file.is_file():
        found[workspace.lock_file.name] = workspace.lock_file
    for each in with_earlier([key], earlier_of(workspace)):
        folders = [workspace.study(each), workspace.raw(each)]
        if purged_on(workspace, each) is not None:
            folders.append(workspace.results(each))
            found |= _under(workspace, workspace.processed(each) / NOTE)
        for path in (*folders, *prepare(workspace, each).notebooks):
            found |= _under(workspace, path)
    return found


def _under(workspace: Workspace, path: Path) -> dict[str, Path]:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return {workspace.relative(each): each for each in files if each.is_file()}


def _failed(key: str, bad: list[Outcome]) -> list[Problem]:
    told = (each for outcome in bad for each in outcome.problems)
    return [problem("KCC-R062h", value=key), *dict.fromkeys(told)]


def _different(workspace: Workspace, scratch: Workspace, held: Held) -> list[Problem]:
    key = held.key
    old, new = _contents(workspace.output(key)), _contents(scratch.output(key))
    every = sorted(old.keys() | new.keys())
    names = [name for name in every if old.get(name) != new.get(name)]
    if not names:
        return []
    # The manifest differs whenever another file does; that is no news.
    shown = [name for name in names if name != MANIFEST] or names
    kept = {f"rerun-{n.replace('/', '-')}": new[n] for n in shown if n in new}
    folder = workspace.relative(held.keep_by_product(kept))
    place = workspace.relative(workspace.output(key))
    found = [
        problem("KCC-R062i", file=f"{place}/{name}", folder=folder) for name in shown
    ]
    return [*_made_from_something_else(workspace, scratch, key), *found]


def _contents(folder: Path) -> Mapping[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files_in(folder)}


def _made_from_something_else(
    workspace: Workspace, scratch: Workspace, key: str
) -> Iterator[Problem]:
    """Why they may differ: what the one report is made from and the other is not."""
    published = report_record(workspace.output(key))
    again = report_record(scratch.output(key))
    if published is None or again is None:
        return
    reasons = list(differences(published, again.parts))
    if reasons:
        yield problem("KCC-R062j", value=key, reasons="; ".join(reasons))
