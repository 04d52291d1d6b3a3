"""``kcc notebook``: a measurement's own copy of a shipped notebook.

The copy is pinned: its metadata holds the fingerprint of the shipped notebook as it
was. When that one moves on, a notice says so and how to see the difference; taking
something over, or not, is up to the researcher.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kcc_research.errors import CallError, Problem, UserError, problem
from kcc_research.pipeline.notebook_file import NotebookFile, read_notebook
from kcc_research.pipeline.plan import plan_measurement
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.store.new_files import add_file, change_file
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from kcc_research.study.measurement_key import MEASUREMENT_FILE

OwnStage = Literal["analyse", "report"]
STAGES: tuple[OwnStage, ...] = ("analyse", "report")

PIN = "kcc"
"""Key in the metadata of a copy: ``{"shipped": name, "fingerprint": hash}``."""

_TABLE = re.compile(r"^\[notebooks\][^\n]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OwnNotebook:
    """A copy that a measurement names, and the shipped notebook it came from."""

    key: str
    stage: OwnStage
    path: Path
    shipped: Path
    pinned: str

    @property
    def has_moved_on(self) -> bool:
        """Whether the shipped notebook is not the one that was copied."""
        return fingerprint(read_notebook(self.shipped, self.shipped.name)) != (
            self.pinned
        )


def make_own(store: Store, key: str, stage: OwnStage) -> Path:
    """Copy the shipped notebook of ``stage`` beside the measurement, and name it there.

    Raises :class:`CallError` (R064b, C014d) when the measurement has one already.
    """
    workspace = store.workspace
    study = load_study(workspace.root, key)
    if stage in study.measurement.notebooks:
        own = study.measurement.notebooks[stage]
        raise CallError(problem("KCC-R064b", value=own, key=key))
    steps = plan_measurement(workspace, study)
    shipped = next(each.notebook for each in steps if each.stage == stage)
    content = json.loads(shipped.read_text(encoding="utf-8"))
    found = read_notebook(shipped, workspace.relative(shipped))
    target = workspace.study(key) / f"{stage}.ipynb"
    add_file(store, target, _pinned(content, shipped.name, fingerprint(found)))
    _name_it(store, key, stage, workspace.relative(target))
    return target


def own_notebooks(workspace: Workspace, key: str) -> Iterator[OwnNotebook]:
    """The pinned copies that ``key`` names; one without a pin is nobody's copy."""
    study = load_study(workspace.root, key)
    for stage in STAGES:
        name = study.measurement.notebooks.get(stage)
        if name is None:
            continue
        path = workspace.root / name
        pin = _pin(path)
        shipped = workspace.notebooks / str(pin.get("shipped", ""))
        if pin and shipped.is_file():
            pinned = str(pin.get("fingerprint", ""))
            yield OwnNotebook(key, stage, path, shipped, pinned)


def moved_on(workspace: Workspace, key: str) -> list[Problem]:
    """A notice (R064c) for each copy whose shipped notebook is another by now.

    Of a measurement that cannot be read nothing is told here: its check does.
    """
    try:
        return [
            problem(
                "KCC-R064c",
                file=workspace.relative(own.path),
                value=own.shipped.name,
                key=key,
                stage=own.stage,
            )
            for own in own_notebooks(workspace, key)
            if own.has_moved_on
        ]
    except UserError:
        return []


def notices(workspace: Workspace, key: str) -> tuple[str, ...]:
    """These, as ``kcc status`` tells them."""
    told = moved_on(workspace, key)
    return tuple(f"{each.title}; {each.remedy}" for each in told)


def differences(workspace: Workspace, key: str, stage: OwnStage) -> Iterator[str]:
    """What the copy has that the shipped notebook has not, and the other way round."""
    own = _own(workspace, key, stage)
    yield from difflib.unified_diff(
        list(_lines(read_notebook(own.shipped, own.shipped.name))),
        list(_lines(read_notebook(own.path, own.path.name))),
        workspace.relative(own.shipped),
        workspace.relative(own.path),
        lineterm="",
    )


def accept(store: Store, key: str, stage: OwnStage) -> Path:
    """Pin the copy to the shipped notebook as it is now; nothing else changes."""
    own = _own(store.workspace, key, stage)
    content = json.loads(own.path.read_text(encoding="utf-8"))
    now = fingerprint(read_notebook(own.shipped, own.shipped.name))
    change_file(store, own.path, _pinned(content, own.shipped.name, now))
    return own.path


def fingerprint(notebook: NotebookFile) -> str:
    """Of what a person wrote: kind, tags and text of each cell, no outputs or ids."""
    cells = [(c.kind, sorted(c.tags), c.source.rstrip()) for c in notebook.cells]
    written = json.dumps(cells, ensure_ascii=False).encode()
    return hashlib.sha256(written).hexdigest()


def _own(workspace: Workspace, key: str, stage: OwnStage) -> OwnNotebook:
    for own in own_notebooks(workspace, key):
        if own.stage == stage:
            return own
    raise CallError(problem("KCC-R064d", value=stage, key=key))


def _lines(notebook: NotebookFile) -> Iterator[str]:
    for cell in notebook.cells:
        yield f"--- {cell.kind} {' '.join(sorted(cell.tags))}".rstrip()
        yield from cell.source.rstrip().split("\n")


def _pin(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = content["metadata"].get(PIN, {})
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}  # a run says what is wrong with the file
    return found if isinstance(found, dict) else {}


def _pinned(content: dict[str, Any], shipped: str, pinned: str) -> bytes:
    pin = {"shipped": shipped, "fingerprint": pinned}
    content["metadata"] = {**content["metadata"], PIN: pin}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    return f"{text}\n".encode()


def _name_it(store: Store, key: str, stage: str, name: str) -> None:
    """Add the copy to ``[notebooks]`` in measurement.toml; all else stays as it is."""
    path = store.workspace.study(key) / MEASUREMENT_FILE
    text = path.read_text(encoding="utf-8")
    line = f'{stage} = "{name}"\n'
    if _TABLE.search(text):
        changed = _TABLE.sub(lambda table: table[0] + line, text, count=1)
    else:
        changed = f"{text.rstrip()}\n\n[notebooks]\n{line}"
    change_file(store, path, changed.encode())
