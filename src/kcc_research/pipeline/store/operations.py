"""Every call that changes a file under data/processed or outputs, one method each.

The store is given one of these objects; a test gives it one that fails at the Nth call
(TRUST-T1). Nothing here decides anything.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
import time
from pathlib import Path
from typing import BinaryIO

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
# Where an open file cannot be moved: seconds to wait for whoever has it (F60).
_PATIENCE = (0.1, 0.5, 2.0) if os.name == "nt" else ()
_BLOCK = 1 << 20
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)

Content = bytes | Path
"""What a file will hold: the bytes, or a file of ours to copy them from."""


class ExchangeUnavailable(Exception):
    """This system or file system cannot exchange two folders in one step."""


class FileOperations:
    """Plain calls of the operating system."""

    def make_folder(self, path: Path, *, private: bool = False) -> None:
        """Make ``path`` and its parents; ``private`` is for the owner only.

        A private folder is so from the moment it exists; an older one becomes so.
        """
        if not private:
            path.mkdir(parents=True, exist_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(0o700)

    def open(self, path: Path) -> BinaryIO:
        """A file to write; in a private folder it is for its owner only as well."""
        private = os.name == "posix" and not path.parent.stat().st_mode & 0o077
        handle = os.open(path, _NEW_FILE, 0o600 if private else 0o666)
        return os.fdopen(handle, "wb")

    def write(self, handle: BinaryIO, content: bytes) -> None:
        handle.write(content)
        handle.flush()

    def append(self, path: Path, content: bytes) -> None:
        """Add to the end of a log; not synced, because nothing depends on it."""
        with path.open("ab") as handle:
            handle.write(content)

    def copy(self, handle: BinaryIO, source: Path) -> None:
        """Write what stands in ``source``, however large it is."""
        with source.open("rb") as content:
            shutil.copyfileobj(content, handle, _BLOCK)
        handle.flush()

    def sync(self, handle: BinaryIO) -> None:
        os.fsync(handle.fileno())

    def sync_folder(self, path: Path) -> None:
        """Make renames in ``path`` durable; Windows has no such call."""
        if os.name != "posix":
            return
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Move over ``target`` if it is a file; wait for a reader on Windows (F60).

        A PermissionError names the file to close, where that can be seen.
        """
        for pause in _PATIENCE:
            with contextlib.suppress(PermissionError):
                source.replace(target)
                return
            time.sleep(pause)
        try:
            source.replace(target)
        except PermissionError as error:
            if _PATIENCE:
                error.filename = str(_in_use(source, target) or source)
            raise

    def exchange(self, one: Path, other: Path) -> None:
        """Let two folders trade places in one step, or raise ExchangeUnavailable."""
        _renameat2(one, other)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def remove_tree(self, path: Path) -> None:
        if path.exists():
            shutil.rmtree(path)

    def free_bytes(self, path: Path) -> int:
        return shutil.disk_usage(path).free


def _in_use(*paths: Path) -> Path | None:
    """The first file in ``paths`` that another program has open.

    Moving such a file is refused on Windows, even to where it is.
    """
    for path in paths:
        for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
            try:
                if each.is_file():
                    each.replace(each)
            except PermissionError:
                return each
    return None


def _renameat2(one: Path, other: Path) -> None:
    if not sys.platform.startswith("linux"):
        raise ExchangeUnavailable(sys.platform)
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        raise ExchangeUnavailable("renameat2")
    paths = os.fsencode(one), os.fsencode(other)
    if call(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0:
        return
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        raise ExchangeUnavailable(os.strerror(number))
    raise OSError(number, os.strerror(number), str(other))


def write_file(operations: FileOperations, path: Path, content: Content) -> None:
    """Write ``content`` so that it survives a power cut; ``path`` is not in use yet."""
    with operations.open(path) as handle:
        if isinstance(content, Path):
            operations.copy(handle, content)
        else:
            operations.write(handle, content)
        operations.sync(handle)


def replace_file(operations: FileOperations, path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one step: readers see the old or the new."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        write_file(operations, beside, content)
        operations.rename(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            operations.remove(beside)
        raise
    operations.sync_folder(path.parent)
