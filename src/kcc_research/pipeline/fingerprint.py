"""From what a step is made: named hashes, so that *stale* can say why (DESIGN §8.20).

A step is stale when one of these changed: its notebook (code by syntax tree, markdown,
tags), the raw files and definitions of its measurement, the results it builds on, its
parameters, the sources and data of the package's layers it uses, the lock of installed
versions. Touching a file changes nothing; neither does a comment in a code cell.
Nothing here imports more than the standard library.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kcc_research
from kcc_research.microdata.recogniser import version
from kcc_research.pipeline import keys
from kcc_research.pipeline.account import software_versions
from kcc_research.pipeline.ingredients import PACKAGE, cell_hashes
from kcc_research.pipeline.notebook_file import Cell, NotebookFile, syntax_tree
from kcc_research.pipeline.plan import Stage, Step
from kcc_research.pipeline.record import (
    Record,
    canonical_json,
    sha256_of,
    sha256_of_file,
)
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.measurement import Source, Study

_CLEAN_LAYERS = ("errors.py", "dutch.py", "study", "microdata")
_ANALYSE_LAYERS = (*_CLEAN_LAYERS, "estimation", "disclosure")
_LAYERS: Mapping[Stage, tuple[str, ...]] = {
    "clean": _CLEAN_LAYERS,
    "analyse": _ANALYSE_LAYERS,
    "report": (*_ANALYSE_LAYERS, "reporting"),
}
# Package data that only a report can show; messages of runs and of output gates are in
# no report at all, nor is the look of the catalogue. All others count for every stage.
_REPORT_DATA = ("data/fonts", "data/templates")
_NO_STAGE_DATA = (
    "data/messages/R.toml",
    "data/messages/O.toml",
    "data/templates/kcc_catalogue",
)

# Parts of a study's folder that only the report reads, or that cleaning does not.
KEY_PART = "key of pseudonyms"

_REPORT_ONLY = (".md", ".svg", ".png")
_REPORT_ONLY_FILES = ("aanbevelingen.toml",)
_NOT_FOR_CLEANING = ("claims.toml", "quotes.toml", "waves.toml")

Parts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Upstream:
    """Records that a step builds on: those of its own measurement, and earlier ones.

    ``earlier`` maps a measurement key to the record of its analysis.
    """

    own: Mapping[str, Record]
    earlier: Mapping[str, Record]


class Fingerprint:
    """Computes the parts of steps; hashes of the package are taken once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def parts(
        self,
        study: Study,
        step: Step,
        notebook: NotebookFile,
        parameters: Mapping[str, object],
        upstream: Upstream,
    ) -> Parts:
        """Name → hash of everything ``step`` is made from."""
        found = {
            f"notebook {notebook.shown}": notebook_hash(notebook),
            "parameters": sha256_of(canonical_json(dict(parameters))),
            PACKAGE: self.package_hash[step.stage],
            "requirements.lock": self._lock,
            "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        }
        found |= dict(self._definitions(study, step.stage))
        if step.stage == "clean":
            source = study.measurement.sources[step.source]
            for path in raw_files(self._workspace, study.key, source):
                found[f"raw file {path.name}"] = sha256_of_file(path)
            if links(study, step.source):
                found[KEY_PART] = keys.identity(study.key)
            if finds_names(study, step.source):
                found["recogniser of names"] = version()
        found |= {f"step {n}": each.content for n, each in upstream.own.items()}
        for key, record in upstream.earlier.items():
            found[f"earlier {key}"] = record.content
            found[f"definitions of {key}"] = self._folder(key, "analyse")
        return found

    def account_parts(
        self, given: Iterable[tuple[NotebookFile, Mapping[str, object]]]
    ) -> Parts:
        """What only inputs.json tells of: other notebooks, their values, versions.

        ``given`` are all notebooks of the measurement with what they are run with.
        Whatever is frozen into inputs.json is a part of the report, so that it never
        tells of a state that is gone.
        """
        found: Parts = {f"version of {name}": v for name, v in self.software.items()}
        for notebook, values in given:
            found[f"notebook {notebook.shown}"] = notebook_hash(notebook)
            found[f"parameters of {notebook.shown}"] = sha256_of(
                canonical_json(dict(values))
            )
        return found

    @functools.cached_property
    def software(self) -> Mapping[str, str]:
        """Name → version of what makes a report, as when first asked."""
        return software_versions()

    def _definitions(self, study: Study, stage: Stage) -> Iterator[tuple[str, str]]:
        folder = self._workspace.study(study.key)
        for path in definition_files(folder, stage):
            name = path.relative_to(folder).as_posix()
            yield f"definition {name}", sha256_of_file(path)

    def _folder(self, key: str, stage: Stage) -> str:
        files = definition_files(self._workspace.study(key), stage)
        return sha256_of(canonical_json([sha256_of_file(each) for each in files]))

    @functools.cached_property
    def _lock(self) -> str:
        lock = self._workspace.lock_file
        return sha256_of_file(lock) if lock.is_file() else "none"

    @functools.cached_property
    def package_hash(self) -> Mapping[Stage, str]:
        """Per stage one hash of the files that it runs through."""
        return {
            stage: sha256_of(canonical_json(files))
            for stage, files in self.package.items()
        }

    @functools.cached_property
    def package(self) -> Mapping[Stage, Mapping[str, str]]:
        """Per stage the files it runs through: name → hash, as when first asked."""
        return {stage: package_files(stage) for stage in _LAYERS}

    def ingredients(self, step: Step, notebook: NotebookFile) -> dict[str, bytes]:
        """Hash that a record of ``step`` holds → what it is made from, as JSON."""
        return {
            self.package_hash[step.stage]: canonical_json(self.package[step.stage]),
            notebook_hash(notebook): canonical_json(notebook_cells(notebook)),
        }


def links(study: Study, source: str) -> bool:
    """Whether a source has pseudonyms, by which waves can be joined."""
    asked = study.questionnaires.get(source)
    return asked is not None and any(each.link for each in asked.question)


def finds_names(study: Study, source: str) -> bool:
    """Whether names are looked for in the open answers of a source."""
    scheme, asked = study.schemes.get(source), study.questionnaires.get(source)
    if scheme is not None:
        return scheme.names
    return asked is not None and any(each.names for each in asked.question)


def definition_files(folder: Path, stage: Stage) -> list[Path]:
    """Files of a study's folder that ``stage`` may depend on, sorted.

    Its own notebooks are none: each step has its notebook as a part, by meaning.
    """
    found = sorted(each for each in folder.rglob("*") if each.is_file())
    visible = [
        each
        for each in found
        if each.suffix != ".ipynb" and not _is_hidden(each.relative_to(folder))
    ]
    if stage == "report":
        return visible
    kept = [
        each
        for each in visible
        if each.suffix not in _REPORT_ONLY and each.name not in _REPORT_ONLY_FILES
    ]
    if stage == "clean":
        kept = [each for each in kept if each.name not in _NOT_FOR_CLEANING]
    return kept


def _is_hidden(path: Path) -> bool:
    """Leftovers of editors, .ipynb_checkpoints and the like, at every level."""
    return any(part.startswith(".") for part in path.parts)


def raw_files(workspace: Workspace, key: str, source: Source) -> list[Path]:
    """Raw files of a source, sorted by name; a declared file that is not there too."""
    folder = workspace.raw(key)
    if source.file is not None:
        return [folder / source.file] if (folder / source.file).is_file() else []
    return sorted(each for each in folder.glob(source.pattern) if each.is_file())


@functools.lru_cache(maxsize=64)
def notebook_hash(notebook: NotebookFile) -> str:
    """Cells in order: code by its syntax tree, text as it stands, tags."""
    return sha256_of(canonical_json(_cells(notebook)))


@functools.lru_cache(maxsize=64)
def notebook_cells(notebook: NotebookFile) -> tuple[str, ...]:
    """A short hash of each cell, in order."""
    return tuple(cell_hashes(_cells(notebook)))


def _cells(notebook: NotebookFile) -> list[Any]:
    return [[each.kind, sorted(each.tags), _meaning(each)] for each in notebook.cells]


def _meaning(cell: Cell) -> str:
    if not cell.is_code:
        return cell.source
    try:
        return ast.dump(syntax_tree(cell.source))
    except SyntaxError:
        return cell.source


def package_files(stage: Stage) -> dict[str, str]:
    """Sources and data of the layers that ``stage`` runs through: name → hash."""
    root = Path(kcc_research.__file__).parent
    return {
        path.relative_to(root).as_posix(): sha256_of_file(path)
        for path in _package_files(root, stage)
    }


def _package_files(root: Path, stage: Stage) -> Iterator[Path]:
    for layer in _LAYERS[stage]:
        yield from _files_under(root / layer)
    left_out = _NO_STAGE_DATA if stage == "report" else _NO_STAGE_DATA + _REPORT_DATA
    for path in _files_under(root / "data"):
        name = path.relative_to(root).as_posix()
        if not name.startswith(left_out):
            yield path


def _files_under(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    found = (each for each in path.rglob("*") if each.is_file())
    return sorted(p for p in found if "__pycache__" not in p.parts)
