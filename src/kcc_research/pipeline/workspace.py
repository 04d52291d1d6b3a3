"""Where everything stands: the only module that knows the names of folders.

A workspace is the folder that holds ``studies/``. A measurement key is two names that
the pattern below admits, so no path is ever built from other text (TRUST-F10, F11).
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kcc_research.errors import CallError, Problem, problem

HOME_VARIABLE = "KCC_HOME"

RUNS, STAGING = "runs", ".staging"
"""Folders of a measurement in which no plan looks."""

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders of one research environment; every method only names a path."""

    root: Path

    @property
    def studies(self) -> Path:
        return self.root / "studies"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def outputs(self) -> Path:
        return self.root / "outputs"

    @property
    def catalogue(self) -> Path:
        return self.outputs / "index.html"

    @property
    def all_processed(self) -> Path:
        return self.root / "data" / "processed"

    @property
    def lock_file(self) -> Path:
        """The lock of installed versions that this workspace was made with."""
        return self.root / "requirements.lock"

    def study(self, key: str) -> Path:
        return self.studies / checked_key(key)

    def raw(self, key: str) -> Path:
        return self.root / "data" / "raw" / checked_key(key)

    def processed(self, key: str) -> Path:
        return self.all_processed / checked_key(key)

    def results(self, key: str) -> Path:
        """Protected tables: the only thing a report may read; a purge keeps them."""
        return self.processed(key) / "results"

    def records(self, key: str) -> Path:
        return self.processed(key) / "records"

    def runs(self, key: str) -> Path:
        """By-products with rows of persons: executed notebooks, logs; mode 700."""
        return self.processed(key) / RUNS

    def staging(self, key: str) -> Path:
        """Where files for ``processed`` wait for their commit: the same file system."""
        return self.processed(key) / STAGING

    def output(self, key: str) -> Path:
        """The stable folder of a published report."""
        return self.outputs / checked_key(key)

    def versions(self, key: str) -> Path:
        return self.outputs / ".versions" / checked_key(key)

    def releases(self, key: str) -> Path:
        """What was released of a measurement: one note each."""
        return self.outputs / ".releases" / checked_key(key)

    def output_staging(self, key: str) -> Path:
        return self.outputs / ".staging" / flat(key)

    def administration(self, key: str) -> Path:
        """Lock, its holder, the journal and the last run of one measurement."""
        return self.all_processed / ".administration" / flat(key)

    @property
    def logs(self) -> Path:
        """What happened in each of the last runs, in lines of JSON."""
        return self.all_processed / ".administration" / "logs"

    @property
    def ingredients(self) -> Path:
        """What the hashes of notebooks and of the package were made from."""
        return self.all_processed / ".administration" / "ingredients"

    @property
    def memory(self) -> Path:
        """What was found up to date; no flat key is without a dot."""
        return self.all_processed / ".administration" / "unchanged" / "memory.json"

    @property
    def catalogue_lock(self) -> Path:
        """Held while the catalogue is made; no flat key is without a dot."""
        return self.all_processed / ".administration" / "catalogue" / "lock"

    def relative(self, path: Path) -> str:
        """A path as messages show it: from the root, with forward slashes."""
        resolved = path if path.is_absolute() else self.root / path
        if resolved.is_relative_to(self.root):
            return resolved.relative_to(self.root).as_posix()
        return resolved.name


def find_workspace(start: Path | None = None) -> Workspace:
    """``KCC_HOME``, else the nearest parent of ``start`` that holds ``studies/``.

    Raises :class:`CallError` (R053g) when there is none.
    """
    declared = os.environ.get(HOME_VARIABLE)
    if declared:
        home = Path(declared).resolve()
        if not (home / "studies").is_dir():
            raise CallError(problem("KCC-R053h", value=declared))
        return Workspace(home)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "studies").is_dir():
            return Workspace(folder)
    raise CallError(problem("KCC-R053g", value=here))


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def checked_key(key: str) -> str:
    """The key itself, when nothing in it can leave its folder."""
    if not is_key(key):
        raise CallError(problem("KCC-R053i", value=key))
    return key


def flat(key: str) -> str:
    """A key as one file name; a slug holds no dot, so the two parts stay apart."""
    return checked_key(key).replace("/", ".")


def unknown_key(key: str, known: Iterable[str]) -> Problem:
    """``key`` names no measurement: say which one was probably meant."""
    close = difflib.get_close_matches(key, list(known), n=3, cutoff=0.5)
    if not close and not is_key(key):
        return problem("KCC-R053i", value=key)
    hint = f"Did you mean {' or '.join(close)}?" if close else "See: kcc status"
    return problem("KCC-R053j", value=key, hint=hint)
