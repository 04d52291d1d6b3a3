"""One writer per measurement: the lock of the operating system, and who holds it.

The lock goes with the process that holds it, whatever kills that process. Beside it
stands a note naming host, process and start, for whoever finds the door shut (F58).
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from kcc_research.errors import LockedError, RunError, problem
from kcc_research.pipeline.store.operations import FileOperations, replace_file

# ``kcc status`` takes a lock for an instant to see whether it is free.
A_MOMENT = 0.3
_NO_LOCKS = frozenset({errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK})
_NOT_OURS_TO_WRITE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


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
def held(
    operations: FileOperations, lock: Path, key: str, *, patience: float = A_MOMENT
) -> Iterator[Holder]:
    """Hold ``lock`` for the measurement ``key``, in a folder for the owner only.

    Raises :class:`LockedError` (R058) when another process holds it for longer than
    ``patience`` seconds, and :class:`RunError` (R059) where locks do not exist.
    """
    operations.make_folder(lock.parent.parent, private=True)
    operations.make_folder(lock.parent, private=True)
    handle = _lock(lock, patience)
    try:
        handle.acquire()
    except Timeout:
        raise locked(lock, key) from None
    except OSError as error:
        raise _no_lock(error, lock.parent) from error
    try:
        holder = Holder.me()
        note = json.dumps(asdict(holder)).encode()
        replace_file(operations, _note(lock), note)
        yield holder
    finally:
        handle.release()


def holder_of(lock: Path) -> Holder | None:
    """Who holds ``lock`` now; None when it is free. Nothing is written."""
    if not lock.exists():
        return None
    handle = _lock(lock, 0)
    try:
        handle.acquire()
    except Timeout:
        return _read(lock)
    except OSError as error:
        if not is_unwritable(error):
            raise _no_lock(error, lock.parent) from error
        return _read(lock) if _is_taken(lock) else None
    handle.release()
    return None


def is_unwritable(error: OSError) -> bool:
    """Whether the system let us read there but not write."""
    return error.errno in _NOT_OURS_TO_WRITE


def _is_taken(lock: Path) -> bool:
    """Whether another process holds a lock that we may only read."""
    if os.name != "posix":
        return False
    import fcntl

    try:
        with lock.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _no_lock(error: OSError, folder: Path) -> Exception:
    """The refusal of a folder where the system has no locks, or ``error`` itself."""
    if error.errno in _NO_LOCKS:
        return RunError(problem("KCC-R059", file=str(folder)))
    return error


def _lock(path: Path, patience: float) -> BaseFileLock:
    """A lock of the operating system, or none: a marker file outlives its process."""
    return FileLock(path, timeout=patience, thread_local=False, fallback_to_soft=False)


def probe(operations: FileOperations, folder: Path) -> None:
    """Refuse a folder where a lock does not hold, such as some network shares (F59)."""
    operations.make_folder(folder)
    lock = folder / f".probe-{os.getpid()}"
    try:
        with _lock(lock, 0), contextlib.suppress(Timeout), _lock(lock, 0):
            raise RunError(problem("KCC-R059", file=str(folder)))
    except OSError as error:
        raise _no_lock(error, folder) from error
    finally:
        operations.remove(lock)


def _note(lock: Path) -> Path:
    return lock.with_suffix(".holder.json")


def _read(lock: Path) -> Holder:
    try:
        return Holder(**json.loads(_note(lock).read_bytes()))
    except (OSError, ValueError, TypeError):
        return Holder("unknown", 0, "unknown")


def locked(lock: Path, key: str) -> LockedError:
    """The refusal for whoever finds ``lock`` taken."""
    return LockedError(problem("KCC-R058", value=key, **asdict(_read(lock))))
