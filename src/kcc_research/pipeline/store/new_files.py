"""Definitions that a command makes: a new measurement, a copy of a notebook.

A new file never replaces one. A new folder appears in one step, with all its files or
not at all; a changed file is the old one or the new one, nothing in between.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from kcc_research.errors import CallError, problem
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.store.operations import (
    FileOperations,
    replace_file,
    write_file,
)


def add_measurement(
    store: Store, key: str, definitions: Mapping[str, bytes], raw: Mapping[str, Path]
) -> Path:
    """Make ``studies/<key>`` with ``definitions``, and put the ``raw`` files in place.

    ``raw``: name in data/raw → the user's own file, which is copied and stays; a folder
    made for them, and the copies in it, are the owner's alone. Returns the
    new folder of definitions. Raises :class:`CallError` (C014a, C014b) where something
    is already.
    """
    folder, place = store.workspace.study(key), store.workspace.raw(key)
    if folder.exists():
        raise CallError(problem("KCC-C014a", value=key))
    new = {
        place / name: path
        for name, path in raw.items()
        if not _is_there(path, place / name)
    }
    taken = [target for target in new if target.exists()]
    if taken:
        raise CallError(
            problem("KCC-C014b", file=store.workspace.relative(path)) for path in taken
        )
    if new and not place.exists():
        store.operations.make_folder(place, private=True)
    for target, path in new.items():
        write_file(store.operations, target, path)
    _make_folder(store.operations, folder, definitions)
    return folder


def _is_there(path: Path, target: Path) -> bool:
    """Whether the user's file is in its place, or the same one is."""
    if not target.is_file():
        return False
    return target.samefile(path) or target.read_bytes() == path.read_bytes()


def _make_folder(
    operations: FileOperations, folder: Path, files: Mapping[str, bytes]
) -> None:
    staging = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    operations.make_folder(staging)
    for name, content in files.items():
        write_file(operations, staging / name, content)
    operations.rename(staging, folder)


def add_file(store: Store, path: Path, content: bytes) -> None:
    """Write one new file; :class:`CallError` (C014d) when it is there already."""
    if path.exists():
        raise CallError(problem("KCC-C014d", file=store.workspace.relative(path)))
    store.operations.make_folder(path.parent)
    write_file(store.operations, path, content)


def change_file(store: Store, path: Path, content: bytes) -> None:
    """Give a definition that a command has to change its new content, in one step."""
    replace_file(store.operations, path, content)
