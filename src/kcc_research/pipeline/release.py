"""A release: numbered, immutable, and only what two people looked at (TRUST-D16).

``outputs/`` is the desk copy; public is what was released. A release holds the files
of the manifest, what describes them, and nothing else; each is of a declared class. Its
number is the version on page one of the report, so a second release always says what it
mends. Whatever stands in the way is told at once. The measurement is then frozen: a run
leaves it alone until somebody says ``--reopen``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from kcc_research.errors import DisclosureError, Problem, problem
from kcc_research.pipeline.account import read_account
from kcc_research.pipeline.kernel_names import ACCOUNT_FILE
from kcc_research.pipeline.manifest import faults, files_in, read_manifest
from kcc_research.pipeline.record import canonical_json, sha256_of
from kcc_research.pipeline.release_note import (
    NOTE,
    Release,
    read_release,
    releases,
)
from kcc_research.pipeline.standing import Standing
from kcc_research.pipeline.store import MANIFEST, Store
from kcc_research.pipeline.unchanged import Kept, Memory
from kcc_research.pipeline.withdrawal import renew_notices
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study

# Class of output → which files are of it. What is of none is not released.
_CLASSES = {
    "report": r"report\.(html|pdf)",
    "profile": r"profiles/[a-z0-9-]+\.html",
    "notebook": r"report\.ipynb",
    "table": r"tables/[a-z0-9_-]+\.(csv|xlsx)",
    "figure": r"figures/[a-z0-9-]+\.(svg|png)",
    "provenance": r"inputs\.json|manifest\.json",
    "page": r"index\.html|toegankelijkheid\.html",
    "description": r"CITATION\.cff|datapackage\.json",
}


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who made a release and who checked it: names, administrative only."""

    maker: str
    checker: str


def output_class(name: str) -> str:
    """The class of a published file; empty when it is of none.

    >>> output_class("tables/estimates.csv"), output_class("rows.parquet")
    ('table', '')
    """
    matches = (kind for kind, form in _CLASSES.items() if re.fullmatch(form, name))
    return next(matches, "")


def release(store: Store, key: str, to: Path, signed: Signatures, today: date) -> Path:
    """Write the next release of ``key`` below ``to`` and remember it.

    Returns its folder, ``to/<owner>/<slug>/<number>``. Raises :class:`DisclosureError`
    with everything that stands in the way.
    """
    workspace = store.workspace
    with store.hold(key, writing=False) as held:
        study = load_study(workspace.root, key)
        number = study.measurement.version
        target = to.resolve() / key / str(number)
        folder = workspace.output(key)
        known = {each.number for each in releases(workspace, key)}
        half = None if number in known else _left_without_note(target, folder, number)
        if half is not None and Signatures(half.maker, half.checker) == signed:
            held.note_release(workspace.releases(key) / f"{number}.json", half.content)
            renew_notices(held, target.parent)
            return target
        refused = list(_refusals(workspace, study, signed, target, today))
        if refused:
            raise DisclosureError(refused)
        files = {name: (folder / name).read_bytes() for name in files_in(folder)}
        manifest = sha256_of(files[MANIFEST])
        noted = Release(
            key, number, today.isoformat(), signed.maker, signed.checker, manifest
        )
        held.release(target, _bundle(study, noted, files, today))
        held.note_release(workspace.releases(key) / f"{number}.json", noted.content)
        renew_notices(held, target.parent)
    return target


def _left_without_note(target: Path, folder: Path, number: int) -> Release | None:
    """The release of this very report that a killed command wrote and did not note."""
    try:
        told = json.loads((target / NOTE).read_bytes())
        found = read_release(told)
        same = found.manifest == sha256_of((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_it = same and found.number == number and not found.is_withdrawn
    return found if is_it else None


def _refusals(
    workspace: Workspace,
    study: Study,
    signed: Signatures,
    target: Path,
    today: date,
) -> Iterator[Problem]:
    key, declared = study.key, study.measurement
    file = f"studies/{key}/measurement.toml"
    yield from _two_pairs_of_eyes(study, signed, file)
    yield from _not_the_next(workspace, study, file, today)
    if declared.status != "definitief":
        yield problem("KCC-S016b", file=file, value=declared.status)
    if declared.report.license is None:
        yield problem("KCC-S016c", file=file)
    if target.exists() or target.is_relative_to(workspace.root.resolve()):
        yield problem("KCC-S016d", value=target.name)
    # What is released was read: here nothing is taken from memory.
    standing = Standing(workspace, Memory(workspace, Kept()))
    stale = [each.step.id for each in standing.steps(key) if not each.is_fresh]
    if stale:
        yield problem("KCC-S016e", file=file, value=", ".join(stale), key=key)
    folder = workspace.output(key)
    shown = workspace.relative(folder)
    yield from faults(key, folder, shown)
    manifest = read_manifest(folder) or {"files": {}}
    for name in manifest["files"]:
        if not output_class(name):
            yield problem("KCC-S016f", file=f"{shown}/{name}")


def _not_the_next(
    workspace: Workspace, study: Study, file: str, today: date
) -> Iterator[Problem]:
    """A version that is out already, or that is dated after today."""
    version, key = study.measurement.version, study.key
    known = [each.number for each in releases(workspace, key)]
    if known and version <= known[-1]:
        following = known[-1] + 1
        yield problem("KCC-S016g", file=file, value=version, next=following, key=key)
    corrections = study.measurement.correction
    if corrections and corrections[-1].date > today:
        day = f"{corrections[-1].date:%d-%m-%Y}"
        yield problem("KCC-S016l", file=file, value=day, key=key)


def _two_pairs_of_eyes(
    study: Study, signed: Signatures, file: str
) -> Iterator[Problem]:
    maker, checker = (" ".join(e.split()).casefold() for e in asdict(signed).values())
    if not maker or not checker or maker == checker:
        yield problem("KCC-S016", value=signed.maker)
    for each in study.measurement.disclosure.exception:
        if " ".join(each.name.split()).casefold() == checker:
            yield problem("KCC-S016a", file=file, value=signed.checker)


def _bundle(
    study: Study, noted: Release, files: Mapping[str, bytes], today: date
) -> dict[str, bytes]:
    """The files, what they are, and their descriptions for people and machines."""
    from kcc_research.pipeline import release_package as package
    from kcc_research.pipeline.release_pages import described

    account = read_account(files[ACCOUNT_FILE])
    license_name = study.measurement.report.license or ""
    facts = package.Facts(study, account, noted.number, today, license_name)
    tabular = {**files, package.DATA_PACKAGE: package.data_package(facts, files)}
    whole = described(facts, tabular)
    manifest = json.loads(files[MANIFEST])
    note = {
        **asdict(noted),
        "title": facts.title,
        "status": study.measurement.status,
        "disclosure": manifest["disclosure"],
        "exceptions": [
            each.model_dump(mode="json")
            for each in study.measurement.disclosure.exception
        ],
        "files": {
            name: {"class": output_class(name), "sha256": sha256_of(content)}
            for name, content in sorted(whole.items())
        },
    }
    complete = {**whole, NOTE: canonical_json(note)}
    return {**complete, package.CRATE: package.crate(facts, complete)}
