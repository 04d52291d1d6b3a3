"""Temporary folders that say whose they are, so that those of the dead can be cleared.

What a notebook puts there may hold rows of persons, and a process that is killed clears
nothing; neither does JupyterLab when it ends a kernel. So the name of a folder carries
its user, its process and when that began, because numbers of processes are given out
again: ``kcc-<user>-<process>-<began>-<chance>``. Whoever makes a folder, and every run,
clears what is left of processes that are no more.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "kcc-"

_NAME = re.compile(rf"{PREFIX}([0-9]+)-([0-9]+)-([0-9]+)-[^-]+")
_ITSELF = Path("/proc/self/stat")

# Sockets have names of at most 107 bytes; ours add some 50 to the folder's.
_LONGEST_FOLDER = 55

# The system of Linux counts from its start; others tell a time, and clocks are set.
_SAME_SECONDS = 600


def temporary() -> Path:
    """The folder for temporary files, or one with a name that is short enough."""
    usual = Path(tempfile.gettempdir())
    if os.name == "posix" and len(os.fsencode(usual)) > _LONGEST_FOLDER:
        return Path("/tmp")
    return usual


def new_folder(parent: Path | None = None) -> Path:
    """A new private folder of this process; those of the dead beside it are cleared."""
    parent = parent or Path(tempfile.gettempdir())
    clear_dead(parent)
    prefix = f"{PREFIX}{_user()}-{os.getpid()}-{_began(os.getpid())}-"
    return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))


@contextlib.contextmanager
def passing_folder() -> Iterator[Path]:
    """A new private folder that goes with the block."""
    folder = new_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_dead(parent: Path | None = None) -> None:
    """Remove what processes of this user left that were killed before they could.

    Without ``parent`` in both places where they can be.
    """
    parents = [parent] if parent else {temporary(), Path(tempfile.gettempdir())}
    for folder in (each for one in parents for each in one.glob(f"{PREFIX}*")):
        name = _NAME.fullmatch(folder.name)
        if name is not None and int(name[1]) == _user() and _is_mine(folder):
            if _is_gone(int(name[2]), int(name[3])):
                shutil.rmtree(folder, ignore_errors=True)


def _user() -> int:
    """Whose folders they are; 0 where the system has no numbers."""
    return os.getuid() if hasattr(os, "getuid") else 0


def _is_mine(folder: Path) -> bool:
    """A folder that this user made, and no link to another one."""
    try:
        mine = os.name != "posix" or folder.lstat().st_uid == _user()
        return mine and folder.is_dir() and not folder.is_symlink()
    except OSError:  # somebody else cleared it
        return False


def _is_gone(pid: int, began: int) -> bool:
    """Whether the process is no more; not when nobody can tell."""
    try:
        now = _began(pid)
    except ProcessLookupError:
        return True
    allowed = 0 if _ITSELF.exists() else _SAME_SECONDS
    return bool(began and now) and abs(now - began) > allowed


def _began(pid: int) -> int:
    """When a process began, by the count of this system; 0 where nobody can tell.

    Raises ProcessLookupError when there is none, or when it only waits to be buried.
    """
    if _ITSELF.exists():
        return _began_on_linux(pid)
    try:
        import psutil
    except ImportError:
        return _exists(pid)
    try:
        return int(psutil.Process(pid).create_time())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        raise ProcessLookupError(pid) from None
    except psutil.Error:
        return 0


def _began_on_linux(pid: int) -> int:
    """From the 22nd field of its state; the second, its name, may hold anything."""
    try:
        state = _ITSELF.parents[1].joinpath(str(pid), "stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        raise ProcessLookupError(pid) from None
    fields = state.rpartition(b")")[2].split()
    if fields[0] in (b"Z", b"X"):
        raise ProcessLookupError(pid)
    return int(fields[19])


def _exists(pid: int) -> int:
    """0 when the process may exist; on Windows asking in this way would end it."""
    if os.name == "posix":
        try:
            os.kill(pid, 0)
        except OverflowError:
            raise ProcessLookupError(pid) from None
        except PermissionError:
            return 0
    return 0
