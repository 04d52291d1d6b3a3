"""The one writer under data/processed and outputs (DESIGN §8.22).

Only this package opens, writes, syncs or renames there; a test reads the sources to
prove it. Every change goes the same way: hold the measurement, put complete files in a
staging folder on the same file system, sync them, and let them take their place in a
step that a later command can finish but nothing can tear.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from kcc_research.errors import RunError, problem
from kcc_research.pipeline.store import journal
from kcc_research.pipeline.store.locking import (
    Holder,
    held,
    holder_of,
    is_unwritable,
    locked,
    probe,
)
from kcc_research.pipeline.store.operations import (
    Content,
    ExchangeUnavailable,
    FileOperations,
    replace_file,
    write_file,
)
from kcc_research.pipeline.workspace import Workspace

VERSIONS_KEPT = 3
LEAST_FREE_BYTES = 100 * 1024 * 1024
MANIFEST = "manifest.json"

# Others write the catalogue in an instant, so a run waits for them.
_CATALOGUE_SECONDS = 60

# Held for a moment by each command that looks for its workers.
_MARK_SECONDS = 60
LOGS_KEPT = 50
INGREDIENTS_KEPT = 500

Files = Mapping[str, bytes]
StagedFiles = Mapping[str, Content]


class Store:
    """Writes for one workspace. ``operations`` is replaced in tests only."""

    def __init__(
        self, workspace: Workspace, operations: FileOperations | None = None
    ) -> None:
        self.workspace = workspace
        self.operations = operations or FileOperations()

    @contextlib.contextmanager
    def hold(self, key: str, *, writing: bool = True) -> Iterator[Held]:
        """Hold the measurement ``key``; finish or clear what a dead run left.

        Reading under the lock (``writing=False``) asks for no free space. Raises
        :class:`LockedError` (R058) when another process holds it, and
        :class:`RunError` (R057) when the disk is nearly full.
        """
        with held(self.operations, self._lock(key), key):
            mine = Held(self, key, new_run_id())
            mine.recover()
            if writing:
                mine.require_space()
            try:
                yield mine
            finally:
                mine.clear()

    @contextlib.contextmanager
    def reading(self, key: str) -> Iterator[None]:
        """Let nobody publish ``key`` meanwhile.

        In a workspace that is not ours to write nothing is written: then it is only
        seen to that nobody holds the measurement. Raises :class:`LockedError` (R058).
        """
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self.hold(key, writing=False))
            except OSError as error:
                if not is_unwritable(error):
                    raise
                if self.holder(key) is not None:
                    raise locked(self._lock(key), key) from None
            yield

    def holder(self, key: str) -> Holder | None:
        """Who holds ``key`` now, if anyone."""
        return holder_of(self._lock(key))

    def _lock(self, key: str) -> Path:
        return self.workspace.administration(key) / "lock"

    def has_promise(self, key: str) -> bool:
        """Whether a dead run left something to finish."""
        return (self.workspace.administration(key) / "journal.json").exists()

    def probe(self) -> None:
        """Refuse a workspace where locks do not hold (R059)."""
        probe(self.operations, self.workspace.all_processed)

    def write_catalogue(
        self, render: Callable[[], bytes], name: str = "index.html"
    ) -> bool:
        """Bring a page over all reports up to date; False when it already was.

        Rendered and written under one lock: of two runs that end together, the last
        to write has seen what the first one published. A page that already says what
        is so is left alone, lock included; where there is nothing to say, no page is.
        """
        page = self.workspace.outputs / name
        if page.exists() and page.read_bytes() == render():
            return False
        lock = self.workspace.catalogue_lock
        with held(self.operations, lock, page.name, patience=_CATALOGUE_SECONDS):
            content = render()
            if _content(page) == content:
                return False
            if not content:
                self.operations.remove(page)
                return True
            self.operations.make_folder(page.parent)
            replace_file(self.operations, page, content)
            return True

    @contextlib.contextmanager
    def marked(self) -> Iterator[None]:
        """Hold a lock of the workspace as a whole, for other machines to see."""
        with held(
            self.operations, self._mark, self._mark.parent.name, patience=_MARK_SECONDS
        ):
            yield

    def sees_mark(self) -> bool:
        """Whether a lock that a command holds, maybe elsewhere, is seen from here."""
        return holder_of(self._mark) is not None

    @property
    def _mark(self) -> Path:
        return self.workspace.all_processed / ".administration" / "cluster" / "lock"

    def add_to_log(self, run: str, lines: bytes) -> None:
        """Add lines to the private log of a run; logs of the last runs are kept."""
        folder = self.workspace.logs
        path = folder / f"{run}.jsonl"
        if not path.exists():
            self.operations.make_folder(folder.parent, private=True)
            self.operations.make_folder(folder, private=True)
            for old in sorted(folder.glob("*.jsonl"))[: 1 - LOGS_KEPT]:
                self.operations.remove(old)
        self.operations.append(path, lines)

    def write_page(self, path: Path, content: bytes) -> None:
        """Put one file that belongs to no measurement in its place, in one step."""
        self.operations.make_folder(path.parent)
        replace_file(self.operations, path, content)

    def keep_ingredients(self, files: Files) -> None:
        """Keep what each hash was made from, once; nothing but wording depends on it.

        The lists of the last hashes are kept.
        """
        folder = self.workspace.ingredients
        new = {n: each for n, each in files.items() if not (folder / n).exists()}
        with contextlib.suppress(OSError):
            for name, content in new.items():
                self.operations.make_folder(folder.parent, private=True)
                self.operations.make_folder(folder, private=True)
                replace_file(self.operations, folder / name, content)
            if new:
                kept = sorted(folder.glob("*.json"), key=lambda p: p.stat().st_mtime)
                for old in kept[:-INGREDIENTS_KEPT]:
                    self.operations.remove(old)

    def keep_memory(self, content: bytes) -> None:
        """Keep what was found up to date; where that cannot be written, nothing is."""
        path = self.workspace.memory
        with contextlib.suppress(OSError):
            self.operations.make_folder(path.parent.parent, private=True)
            self.operations.make_folder(path.parent, private=True)
            replace_file(self.operations, path, content)

    def lay_out(self, files: Files) -> None:
        """Write the files of a workspace that is not there yet, all or none."""
        root = self.workspace.root
        beside = root.with_name(f".{root.name}.{new_run_id()}")
        _whole(self.operations, beside, root, files)

    def stage(self, folder: Path, files: StagedFiles) -> None:
        """Write ``files`` in the staging folder that the runner gave a kernel."""
        put(self.operations, folder, files)


def _content(page: Path) -> bytes:
    return page.read_bytes() if page.exists() else b""


class Held:
    """What may be done to a measurement while its lock is held."""

    def __init__(self, store: Store, key: str, run: str) -> None:
        self.key = key
        self.run = run
        self._workspace = store.workspace
        self._operations = store.operations

    # --- before the work ---------------------------------------------------------

    def recover(self) -> None:
        """Finish what a dead run promised; clear what it had only begun (TRUST-U2).

        Whoever holds the lock is the only one who stages for this measurement, so
        all that stands there is of the dead, of whatever machine or process number.
        """
        try:
            journal.finish(self._operations, self._journal, self._workspace.root)
        except journal.Unreadable:
            self._without_promise()
        for staging in (
            self._workspace.staging(self.key),
            self._workspace.output_staging(self.key),
        ):
            for folder in sorted(staging.glob("*")):
                self._operations.remove_tree(folder)

    def _without_promise(self) -> None:
        """Recover from a damaged journal, which is put aside for whoever looks.

        Files of a step that were moved in part do not match their record, so that
        step is done again. Of a swap the new report is complete, or the old one
        stands: a report that is missing is put back.
        """
        stable = self._workspace.output(self.key)
        staging = self._workspace.output_staging(self.key)
        for name in ("stable", "old"):
            for folder in sorted(staging.glob(f"*/{name}/{MANIFEST}")):
                if not stable.exists():
                    self._operations.rename(folder.parent, stable)
        aside = self._journal.with_name("journal.damaged.json")
        self._operations.rename(self._journal, aside)

    def clear(self) -> None:
        """Remove this run's staging, unless a promise still has to be kept."""
        if self._journal.exists():
            return
        with contextlib.suppress(OSError):
            self._operations.remove_tree(self._workspace.staging(self.key) / self.run)
            staging = self._workspace.output_staging(self.key) / self.run
            self._operations.remove_tree(staging)

    def require_space(self) -> None:
        """Raise R057 when less than the least that a run needs is free."""
        free = self._operations.free_bytes(self._workspace.all_processed)
        if free < LEAST_FREE_BYTES:
            megabyte = 1024 * 1024
            needed = LEAST_FREE_BYTES // megabyte
            raise RunError(problem("KCC-R057", value=free // megabyte, needed=needed))

    # --- a step of the pipeline ----------------------------------------------------

    def new_staging(self, name: str) -> Path:
        """An empty private folder where a kernel may put the files of one step."""
        folder = self._workspace.staging(self.key) / self.run / name
        self._operations.remove_tree(folder)
        self._make_private(self._workspace.staging(self.key))
        self._operations.make_folder(folder, private=True)
        return folder

    def _make_private(self, folder: Path) -> None:
        """Make ``folder``, and the measurement's own above it, for the owner only."""
        own = self._workspace.processed(self.key)
        self._operations.make_folder(own, private=True)
        self._operations.make_folder(folder, private=True)

    def stage(self, folder: Path, files: StagedFiles) -> None:
        """Write ``files`` (name → content) in a staging folder, synced."""
        put(self._operations, folder, files)

    def commit(
        self, staged: Mapping[Path, Path], leftover: Path, gone: Iterable[Path] = ()
    ) -> None:
        """Let staged files take their place, all or none (staged → final).

        ``gone`` are files that are removed in the same step.
        """
        promise = journal.Moves(staged, leftover, tuple(gone))
        journal.keep(self._operations, self._journal, self._workspace.root, promise)

    def purge(
        self, files: Iterable[Path], folders: Iterable[Path], note: str, content: bytes
    ) -> None:
        """Remove ``files`` and what is left of ``folders``; leave ``note`` behind."""
        staging = self.new_staging("purge")
        self.stage(staging, {note: content})
        target = self._workspace.processed(self.key) / note
        self.commit({staging / note: target}, staging, files)
        for folder in folders:
            self._operations.remove_tree(folder)

    # --- a report ------------------------------------------------------------------

    def publish(self, files: Files) -> Path:
        """Make ``files`` the content of outputs/<key>/; returns that folder.

        Until the exchange the old report stands; after it, the new one. What follows
        cannot undo that, so nothing that goes wrong there fails the run: the same
        files become an immutable numbered version, of which the last three stay. No
        version is ever of a report that was not published.
        """
        staging = self._workspace.output_staging(self.key) / self.run
        self._operations.remove_tree(staging)
        put(self._operations, staging / "stable", files)
        self._exchange(staging / "stable", staging / "old")
        with contextlib.suppress(OSError):
            self._keep_version(staging / "version", files)
            self._prune(staging)
            self._operations.remove_tree(staging)
        return self._workspace.output(self.key)

    def _keep_version(self, staged: Path, files: Files) -> None:
        versions = self._workspace.versions(self.key)
        numbers = version_numbers(versions)
        if numbers and holds(versions / str(numbers[-1]), files):
            return
        put(self._operations, staged, files)
        self._operations.make_folder(versions)
        number = numbers[-1] + 1 if numbers else 1
        self._operations.rename(staged, versions / str(number))
        self._operations.sync_folder(versions)

    def _exchange(self, new: Path, old: Path) -> None:
        stable = self._workspace.output(self.key)
        self._operations.make_folder(stable.parent)
        if not stable.exists():
            self._operations.rename(new, stable)
            self._operations.sync_folder(stable.parent)
            return
        try:
            self._operations.exchange(new, stable)
            self._operations.sync_folder(stable.parent)
        except ExchangeUnavailable:
            promise = journal.Swap(new, stable, old)
            journal.keep(self._operations, self._journal, self._workspace.root, promise)

    def _prune(self, staging: Path) -> None:
        """Old versions go whole: first out of sight, then file by file."""
        versions = self._workspace.versions(self.key)
        for number in version_numbers(versions)[:-VERSIONS_KEPT]:
            gone = staging / f"pruned-{number}"
            self._operations.rename(versions / str(number), gone)
            self._operations.remove_tree(gone)

    def put_beside(self, files: Files) -> None:
        """Put files that no manifest names beside the report, until the next one."""
        staging = self._workspace.output_staging(self.key) / self.run
        self._operations.remove_tree(staging)
        put(self._operations, staging, files)
        for name in files:
            target = self._workspace.output(self.key) / name
            self._operations.rename(staging / name, target)
        self._operations.sync_folder(self._workspace.output(self.key))

    # --- a release -----------------------------------------------------------------

    def release(self, target: Path, files: Files) -> None:
        """Write ``files`` as the new folder ``target``, all of them or none."""
        for dead in target.parent.glob(f".{target.name}.*"):
            self._operations.remove_tree(dead)
        beside = target.with_name(f".{target.name}.{self.run}")
        _whole(self._operations, beside, target, files)

    def restore_release(self, target: Path) -> None:
        """Put back what a command left halfway that was killed while replacing it.

        That can only be where two folders cannot change places in one step.
        """
        for old in sorted(target.parent.glob(f".{target.name}.*.old")):
            if not target.exists():
                self._operations.rename(old, target)

    def replace_release(self, target: Path, files: Files) -> None:
        """Let ``files`` take the place of all that stands in ``target``.

        What was there is gone afterwards.
        """
        for dead in target.parent.glob(f".{target.name}.*"):
            self._operations.remove_tree(dead)
        beside = target.with_name(f".{target.name}.{self.run}")
        put(self._operations, beside, files)
        try:
            self._operations.exchange(beside, target)
        except ExchangeUnavailable:
            old = beside.with_name(f"{beside.name}.old")
            self._operations.rename(target, old)
            self._operations.rename(beside, target)
            beside = old
        self._operations.sync_folder(target.parent)
        self._operations.remove_tree(beside)

    def note_release(self, path: Path, content: bytes) -> None:
        """Remember a release: from now on the measurement is frozen."""
        self._operations.make_folder(path.parent)
        replace_file(self._operations, path, content)

    # --- by-products ---------------------------------------------------------------

    def keep_by_product(self, files: Files) -> Path:
        """Put files with rows of persons in this run's own private folder."""
        folder = self._workspace.runs(self.key) / self.run
        self._make_private(self._workspace.runs(self.key))
        self._operations.make_folder(folder, private=True)
        for name, content in files.items():
            replace_file(self._operations, folder / name, content)
        return folder

    def note_run(self, content: bytes) -> None:
        """Remember how the last run went, for kcc status and --failed."""
        replace_file(
            self._operations, last_run_file(self._workspace, self.key), content
        )

    @property
    def _journal(self) -> Path:
        return self._workspace.administration(self.key) / "journal.json"


def last_run_file(workspace: Workspace, key: str) -> Path:
    return workspace.administration(key) / "last_run.json"


def put(operations: FileOperations, folder: Path, files: StagedFiles) -> None:
    """Write ``files`` under ``folder``, every file and folder synced."""
    operations.make_folder(folder)
    folders = {folder}
    for name, content in files.items():
        path = folder / name
        operations.make_folder(path.parent)
        write_file(operations, path, content)
        folders.add(path.parent)
    for each in sorted(folders):
        operations.sync_folder(each)


def _whole(
    operations: FileOperations, beside: Path, target: Path, files: Files
) -> None:
    """Write ``files`` as the new folder ``target``: all of it, or nothing is left."""
    try:
        put(operations, beside, files)
        operations.rename(beside, target)
    except OSError:
        with contextlib.suppress(OSError):
            operations.remove_tree(beside)
        raise
    operations.sync_folder(target.parent)


def holds(folder: Path, files: Files) -> bool:
    """Whether ``folder`` holds exactly ``files``."""
    present = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file()
    }
    return present.keys() == files.keys() and all(
        path.read_bytes() == files[name] for name, path in present.items()
    )


def version_numbers(versions: Path) -> list[int]:
    """Numbers of the versions kept, oldest first."""
    names = (each.name for each in versions.glob("*"))
    return sorted(int(name) for name in names if name.isdecimal())


# --- names of runs --------------------------------------------------------------------


def new_run_id() -> str:
    """A name for one run: when, where, which process, and a little chance."""
    when = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{when}-{_host()}-{os.getpid()}-{secrets.token_hex(2)}"


def _host() -> str:
    return re.sub(r"[^a-z0-9]+", "_", socket.gethostname().lower())[:40] or "host"
