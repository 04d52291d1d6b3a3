"""Rows of persons that leave: one file, for the user only, where the user said.

Never in the workspace: what is below it is shared, published or purged. The file
appears under its name when it is whole, and never replaces another one.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from kcc_research.errors import CallError, problem
from kcc_research.pipeline.store import Store

Writer = Callable[[Path], bytes | None]
"""Gives the content, or writes it to the path it is given: an empty file."""

_PRIVATE = 0o600


def deliver(store: Store, folder: Path, files: dict[str, Writer]) -> list[Path]:
    """Write ``files`` (name → how) to ``folder``, each readable for its owner only.

    Raises :class:`CallError` (P001e, C014d) before anything is written, when the folder
    lies in the workspace, is none, or holds one of the files.
    """
    target = folder.resolve()
    if target.is_relative_to(store.workspace.root.resolve()) or not target.is_dir():
        raise CallError(problem("KCC-P001e", value=target.name))
    taken = [name for name in files if (target / name).exists()]
    if taken:
        raise CallError(problem("KCC-C014d", file=name) for name in taken)
    halves = {name: target / f".{name}.{os.getpid()}.part" for name in files}
    try:
        for name, write in files.items():
            _write_private(halves[name], write)
        for name, half in halves.items():
            store.operations.rename(half, target / name)
    finally:
        for half in halves.values():
            with contextlib.suppress(OSError):
                store.operations.remove(half)
    return [target / name for name in files]


def _write_private(path: Path, write: Writer) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))
    content = write(path)
    if content is not None:
        path.write_bytes(content)
    if os.name == "posix":
        path.chmod(_PRIVATE)
