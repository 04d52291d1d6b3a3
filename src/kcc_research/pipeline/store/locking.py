"""One writer per measurement: the lock of the operating system, and who holds it.

The lock goes with the process that holds it, whatever kills that process. Beside it
stands a note naming host, process and start, for whoever finds the door shut (F58).
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kcc_research.errors import LockedError, Problem, RunError, problem
from kcc_research.pipeline.store.operations import FileOperations, replace_file

# ``kcc status`` takes a lock for an instant to see whether it is free.
_A_MOMENT = 0.3


@dataclass(frozen=True, slots=True)
class Holder:
    """Which process holds a lock, and since when (UTC, ISO 8601)."""

    host: str
    pid: int
    since: str

    @classmethod
    def me(cls) -> Holder:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(socket.gethostname(), os.getpid(), now)


@contextlib.contextmanager
def held(operations: FileOperations, lock: Path, key: str) -> Iterator[Holder]:
    """Hold ``lock`` for the measurement ``key``.

    Raises :class:`LockedError` (R058) at once when another process holds it.
    """
    operations.make_folder(lock.parent)
    handle = FileLock(lock, timeout=_A_MOMENT, thread_local=False)
    try:
        handle.acquire()
    except Timeout:
        raise LockedError(_locked(lock, key)) from None
    try:
        holder = Holder.me()
        note = json.dumps(asdict(holder)).encode()
        replace_file(operations, _note(lock), note)
        yield holder
    finally:
        handle.release()


def holder_of(lock: Path) -> Holder | None:
    """Who holds ``lock`` now; None when it is free."""
    if not lock.exists():
        return None
    handle = FileLock(lock, timeout=0, thread_local=False)
    try:
        handle.acquire()
    except Timeout:
        return _read(lock)
    handle.release()
    return None


def probe(operations: FileOperations, folder: Path) -> None:
    """Refuse a folder where a lock does not hold, such as some network shares (F59)."""
    operations.make_folder(folder)
    lock = folder / f".probe-{os.getpid()}"
    first = FileLock(lock, timeout=0, is_singleton=False)
    second = FileLock(lock, timeout=0, is_singleton=False)
    try:
        with first, contextlib.suppress(Timeout), second:
            raise RunError(problem("KCC-R059", file=str(folder)))
    finally:
        operations.remove(lock)


def _note(lock: Path) -> Path:
    return lock.with_suffix(".holder.json")


def _read(lock: Path) -> Holder:
    try:
        return Holder(**json.loads(_note(lock).read_bytes()))
    except (OSError, ValueError, TypeError):
        return Holder("unknown", 0, "unknown")


def _locked(lock: Path, key: str) -> Problem:
    holder = _read(lock)
    return problem("KCC-R058", value=key, **asdict(holder))
