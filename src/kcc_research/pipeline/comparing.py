"""``kcc diff``: what changed in a report since it was published before.

Compared are two complete publications: the report that stands, and the last release if
that is still kept, else the version before. The answer stands beside the report until
the next publication; it is no part of the report, so no manifest names it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kcc_research import dutch
from kcc_research.errors import RunError, problem
from kcc_research.pipeline.manifest import BESIDE, faults, files_in
from kcc_research.pipeline.record import sha256_of_file
from kcc_research.pipeline.release_note import releases
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.store import MANIFEST, Files, Store, version_numbers
from kcc_research.pipeline.workspace import Workspace
from kcc_research.reporting import changes

PAGE, TABLE = BESIDE
_REPORT = "report.ipynb"


@dataclass(frozen=True, slots=True)
class Compared:
    """Since what (such as *version 2*), what is different, where that can be read."""

    since: str
    found: tuple[changes.Change, ...]
    page: Path


@dataclass(frozen=True, slots=True)
class _Before:
    """An earlier publication; ``name`` for the call, ``dutch`` for the page."""

    folder: Path
    name: str
    dutch: str


def compare(store: Store, key: str, since: Path | None = None) -> Compared:
    """Compare the report of ``key`` with what went before, and keep the answer.

    ``since`` is a folder with an earlier publication, such as a release. Raises
    :class:`RunError` when one of the two is damaged (R062…), or when there is nothing
    to compare with (R062k).
    """
    workspace = store.workspace
    with faults_told(key), store.hold(key, writing=False) as held:
        folder = workspace.output(key)
        damaged = list(faults(key, folder, workspace.relative(folder)))
        if damaged:
            raise RunError(damaged)
        before = _given(since) if since is not None else _before(workspace, key)
        if before is None:
            raise RunError(problem("KCC-R062k", value=key))
        new = _contents(folder)
        found = changes.changes(_contents(before.folder), new)
        title = json.loads(new["inputs.json"])["measurement"]["title"]
        html = changes.to_html(title, key, before.dutch, found)
        held.put_beside({PAGE: html.encode(), TABLE: changes.to_csv(found)})
        return Compared(before.name, found, folder / PAGE)


def _given(folder: Path) -> _Before | None:
    complete = (folder / MANIFEST).is_file() and (folder / _REPORT).is_file()
    if not complete:
        return None
    return _Before(folder, f"folder {folder.name}", f"de publicatie in {folder.name}")


def _before(workspace: Workspace, key: str) -> _Before | None:
    """The last release if its version is kept; else the last that is not the same."""
    stands = sha256_of_file(workspace.output(key) / MANIFEST)
    versions = workspace.versions(key)
    kept = {
        number: sha256_of_file(versions / str(number) / MANIFEST)
        for number in reversed(version_numbers(versions))
    }
    for release in reversed(releases(workspace, key)):
        for number, manifest in kept.items():
            if manifest == release.manifest:
                day = dutch.long_date(date.fromisoformat(release.released))
                return _Before(
                    versions / str(number),
                    f"release {release.number}",
                    f"uitgave {release.number} van {day}",
                )
    for number, manifest in kept.items():
        if manifest != stands:
            folder = versions / str(number)
            return _Before(folder, f"version {number}", f"versie {number}")
    return None


def _contents(folder: Path) -> Files:
    """The publication's files, but for the manifest: it differs whenever they do."""
    names = (name for name in files_in(folder) if name != MANIFEST)
    return {name: (folder / name).read_bytes() for name in names}
