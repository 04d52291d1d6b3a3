"""A promise on disk: moves that are certain to happen once it is written.

Everything that a journal moves is complete and synced before the journal itself is
written, so any later command can finish the work: going forward is always safe. Until
then the old state is untouched. Two promises exist: moves of single files (a step's
files and their record) and the swap of a folder where the system has no exchange.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kcc_research.pipeline.store.operations import FileOperations, replace_file


class Unreadable(Exception):
    """What stands in a journal is no promise of ours."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Files that take their place; ``leftover`` is the emptied staging folder.

    ``gone`` are files that the step made before and makes no longer.
    """

    files: Mapping[Path, Path]
    leftover: Path
    gone: tuple[Path, ...] = ()

    def carry_out(self, operations: FileOperations) -> None:
        folders = set()
        for source, target in self.files.items():
            if source.exists():
                operations.make_folder(target.parent)
                operations.rename(source, target)
            folders.add(target.parent)
        for path in self.gone:
            operations.remove(path)
        for folder in sorted(folders):
            operations.sync_folder(folder)
        operations.remove_tree(self.leftover)


@dataclass(frozen=True, slots=True)
class Swap:
    """``new`` becomes ``stable``; what stood there goes by way of ``old``."""

    new: Path
    stable: Path
    old: Path

    def carry_out(self, operations: FileOperations) -> None:
        if self.new.exists():
            if self.stable.exists() and not self.old.exists():
                operations.rename(self.stable, self.old)
            operations.rename(self.new, self.stable)
        operations.sync_folder(self.stable.parent)
        operations.remove_tree(self.old)


Promise = Moves | Swap


def keep(
    operations: FileOperations, journal: Path, root: Path, promise: Promise
) -> None:
    """Write the promise down, carry it out, and strike it off."""
    replace_file(operations, journal, _to_json(promise, root))
    promise.carry_out(operations)
    operations.remove(journal)


def finish(operations: FileOperations, journal: Path, root: Path) -> bool:
    """Carry out what an earlier command promised; True if there was something.

    Raises :class:`Unreadable` when the journal was damaged; nothing is done then.
    """
    if not journal.exists():
        return False
    _from_json(journal.read_bytes(), root).carry_out(operations)
    operations.remove(journal)
    return True


def _to_json(promise: Promise, root: Path) -> bytes:
    def name(path: Path) -> str:
        return path.relative_to(root).as_posix()

    content: dict[str, object]
    if isinstance(promise, Moves):
        pairs = [[name(old), name(new)] for old, new in promise.files.items()]
        gone = [name(each) for each in promise.gone]
        content = {"moves": pairs, "leftover": name(promise.leftover), "gone": gone}
    else:
        parts = (promise.new, promise.stable, promise.old)
        content = {"swap": [name(each) for each in parts]}
    return json.dumps(content).encode()


def _from_json(content: bytes, root: Path) -> Promise:
    def path(name: str) -> Path:
        found = root / name
        if ".." in found.parts or found == root or not found.is_relative_to(root):
            raise ValueError(name)
        return found

    try:
        read = json.loads(content)
        if "swap" in read:
            new, stable, old = (path(each) for each in read["swap"])
            return Swap(new, stable, old)
        files = {path(old): path(new) for old, new in read["moves"]}
        gone = tuple(path(each) for each in read.get("gone", ()))
        return Moves(files, path(read["leftover"]), gone)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable(str(error)) from None
