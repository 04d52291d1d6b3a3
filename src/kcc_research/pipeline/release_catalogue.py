"""The public catalogue: a page over the releases in one folder, and over nothing else.

Read is what stands below that folder, so what is listed is what a reader can open. Of a
measurement the last release that stands is listed, with its earlier ones; of what was
withdrawn the notice. A release that is not what it was when it went out is left out and
told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from kcc_research import dutch
from kcc_research.errors import DisclosureError, Problem, problem
from kcc_research.pipeline.kernel_names import ACCOUNT_FILE
from kcc_research.pipeline.published import entry_of
from kcc_research.pipeline.record import sha256_of_file
from kcc_research.pipeline.release_note import NOTE
from kcc_research.pipeline.release_package import CRATE
from kcc_research.pipeline.side_by_side import made_of, page_of
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.withdrawal import read_note
from kcc_research.pipeline.workspace import is_key
from kcc_research.reporting import benchmark_page, catalogue, page
from kcc_research.reporting.catalogue_entry import Entry

PAGE = "index.html"

_Told = Mapping[str, Any]


def write(store: Store, to: Path) -> tuple[Path, list[Problem]]:
    """Write the page in ``to``; returns it, and why some releases are not on it.

    Raises :class:`DisclosureError` (S016o) when ``to`` lies in the workspace, or when
    a page of somebody else stands there.
    """
    top = to.resolve()
    target, beside = top / PAGE, top / benchmark_page.FILE
    root = store.workspace.root.resolve()
    if top.is_relative_to(root) or any(_is_of_others(e) for e in (target, beside)):
        raise DisclosureError(problem("KCC-S016o", file=PAGE))
    unlisted: list[Problem] = []
    found = list(entries(top, unlisted))
    notes = (top / each.path / NOTE for each in found)
    compared = page_of(top, found, made_of(notes))
    linked = beside.name if compared else ""
    store.write_page(target, catalogue.render(found, benchmark=linked).encode())
    if compared:
        store.write_page(beside, compared)
    elif beside.exists():
        store.operations.remove(beside)
    return target, unlisted


def renew(store: Store, to: Path) -> list[Problem]:
    """Bring the page in ``to`` up to date, if one of ours stands there."""
    target = to.resolve() / PAGE
    return write(store, to)[1] if target.exists() and not _is_of_others(target) else []


def _is_of_others(path: Path) -> bool:
    return path.exists() and page.MARK.encode() not in path.read_bytes()[:2000]


def entries(top: Path, unlisted: list[Problem]) -> Iterator[Entry]:
    """One entry per measurement that was released below ``top``."""
    for folder in sorted(path for path in top.glob("[!.]*/[!.]*") if path.is_dir()):
        key = folder.relative_to(top).as_posix()
        if is_key(key):
            found = dict(_releases(folder, key, unlisted))
            entry = _entry(top, key, found)
            if entry is not None:
                yield entry


def _releases(
    folder: Path, key: str, unlisted: list[Problem]
) -> Iterator[tuple[int, _Told]]:
    """Number and note of every release in ``folder`` that is what it was."""
    for place in folder.glob("[0-9]*"):
        file = f"{key}/{place.name}"
        told = read_note(place)
        if told is None or str(told["number"]) != place.name:
            unlisted.append(problem("KCC-S016n", file=file))
            continue
        wrong = () if told.get("withdrawn") else _wrong_files(place, told)
        if wrong:
            unlisted.append(problem("KCC-S016m", file=file, value=", ".join(wrong)))
        else:
            yield int(place.name), told


def _wrong_files(place: Path, told: _Told) -> tuple[str, ...]:
    """Names of files that are altered, missing or extra."""
    hashes = {name: each["sha256"] for name, each in told["files"].items()}
    present = {
        path.relative_to(place).as_posix()
        for path in place.rglob("*")
        if not path.is_dir()
    }
    odd = (present - {NOTE, CRATE}) ^ hashes.keys()
    altered = {
        name
        for name in hashes.keys() & present
        if sha256_of_file(place / name) != hashes[name]
    }
    return tuple(sorted(odd | altered))


def _entry(top: Path, key: str, found: Mapping[int, _Told]) -> Entry | None:
    """The last release that stands, or else the last notice."""
    if not found:
        return None
    standing = [n for n, told in found.items() if not told.get("withdrawn")]
    number = max(standing or found)
    told, place = found[number], f"{key}/{number}"
    entry = _standing(top, key, place, told) if standing else _notice(key, place, told)
    others = tuple(
        (_version_words(n, found[n]), f"{key}/{n}/report.html")
        for n in sorted(found, reverse=True)
        if n != number
    )
    return replace(entry, folder=place, version=number, others=others)


def _standing(top: Path, key: str, place: str, told: _Told) -> Entry:
    folder = top / place
    facts = json.loads((folder / ACCOUNT_FILE).read_bytes())["measurement"]
    return entry_of(key, folder, frozenset({*told["files"], NOTE}), facts)


def _notice(key: str, place: str, told: _Told) -> Entry:
    facts = told["about"]
    day = dutch.long_date(date.fromisoformat(told["withdrawn"]))
    return Entry(
        key=key,
        title=str(facts["title"]),
        place=str(facts["place"]),
        published=date.fromisoformat(facts["published"]),
        status=str(told["status"]),
        synthetic=bool(facts["synthetic"]),
        files=("report.pdf",),
        study=str(facts.get("study", "")),
        year=date.fromisoformat(facts.get("until", facts["published"])).year,
        province=str(facts.get("province", "")),
        size_class=int(facts.get("size_class", 0)),
        standing="ingetrokken",
        why=f"op {day}: {told['reason']}",
    )


def _version_words(number: int, told: _Told) -> str:
    gone = " (ingetrokken)" if told.get("withdrawn") else ""
    return f"Versie {number}{gone}"
