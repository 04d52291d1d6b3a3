"""Reading what is published for the catalogue: facts, and the headline's numbers.

Only files of the publication itself are read, so that the page says the same wherever
the folder is copied. Tables are searched, not loaded: there may be a thousand of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from kcc_research.errors import Problem, UserError, problem
from kcc_research.pipeline.account import measurement_facts
from kcc_research.pipeline.catalogue_standing import Stand, standings
from kcc_research.pipeline.manifest import BESIDE, read_manifest
from kcc_research.pipeline.published_tables import (
    COMPARISONS,
    ESTIMATES,
    TOTAL,
    VERDICTS,
    measured,
    number,
    rows_of,
)
from kcc_research.pipeline.side_by_side import is_of, made_of, page_of
from kcc_research.pipeline.store import MANIFEST, Store
from kcc_research.pipeline.workspace import Workspace, is_key
from kcc_research.reporting import benchmark_page, catalogue
from kcc_research.reporting.catalogue_entry import Entry, Outcome
from kcc_research.study.loading import load_study

_JUDGED = ("met", "not_met", "not_yet", "undecided")


def catalogue_page(
    workspace: Workspace,
    unlisted: list[Problem],
    stands: Mapping[str, Stand] | None = None,
) -> bytes:
    """outputs/index.html from what is published now, and how that stands.

    What cannot be listed is added to ``unlisted`` (R062f). What failed before there
    was a report is listed too, without one.
    """
    beside = workspace.outputs / benchmark_page.FILE
    linked = beside.name if beside.exists() else ""
    found = listed(workspace, unlisted, stands or {})
    return catalogue.render(found, benchmark=linked).encode()


def listed(
    workspace: Workspace, unlisted: list[Problem], stands: Mapping[str, Stand]
) -> list[Entry]:
    """Every publication, with how it stands; and what has none but a standing."""
    found = {each.key: each for each in entries(workspace, unlisted)}
    for key, stand in stands.items():
        entry = found.get(key) or _without_report(workspace, key)
        if entry is not None:
            found[key] = replace(entry, standing=stand.word, why=stand.why)
    return list(found.values())


def bring_up_to_date(store: Store, unlisted: list[Problem]) -> bool:
    """Write outputs/index.html; False when it already said what is so.

    Before it goes outputs/benchmark.html, which it links if there is one.
    """
    _side_by_side(store)

    def render() -> bytes:
        unlisted.clear()
        return catalogue_page(store.workspace, unlisted, standings(store.workspace))

    return store.write_catalogue(render)


def _side_by_side(store: Store) -> None:
    """Write outputs/benchmark.html, or take it away where nothing is comparable."""
    workspace = store.workspace
    page = workspace.outputs / benchmark_page.FILE
    made = b""

    def render() -> bytes:
        nonlocal made
        now = _publications(workspace)
        for known in (made, page.read_bytes() if page.exists() else b""):
            if is_of(known, now):
                return known
        every = listed(workspace, [], standings(workspace))
        made = page_of(workspace.outputs, every, now)
        return made

    if page.exists() or render():
        store.write_catalogue(render, page.name)


def _publications(workspace: Workspace) -> str:
    """By which the page is known that is of what is published now."""
    notes = (workspace.outputs / ".releases").glob("*/*/*.json")
    return made_of([*workspace.outputs.glob(f"[!.]*/[!.]*/{MANIFEST}"), *notes])


def _without_report(workspace: Workspace, key: str) -> Entry | None:
    """What its definitions say of a measurement; None while they are refused."""
    try:
        facts = measurement_facts(load_study(workspace.root, key))
    except UserError:
        return None
    return replace(entry_of(key, Path(), frozenset(), facts), files=())


def entries(workspace: Workspace, unlisted: list[Problem]) -> Iterator[Entry]:
    """Every complete publication; what cannot be read is told in ``unlisted``."""
    for inputs in sorted(workspace.outputs.glob("[!.]*/[!.]*/inputs.json")):
        folder = inputs.parent
        key = folder.relative_to(workspace.outputs).as_posix()
        manifest = read_manifest(folder)
        if manifest is None or not is_key(key):
            continue
        try:
            facts = json.loads(inputs.read_bytes())["measurement"]
            entry = entry_of(key, folder, frozenset(manifest["files"]), facts)
            beside = (name for name in BESIDE if (folder / name).is_file())
            yield replace(entry, files=(*entry.files, *beside))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            shown = workspace.relative(inputs)
            unlisted.append(problem("KCC-R062f", file=shown, key=key))


def entry_of(
    key: str, folder: Path, names: frozenset[str], facts: Mapping[str, Any]
) -> Entry:
    """The entry of the publication in ``folder``, whose files are ``names``.

    Raises KeyError, ValueError or TypeError where its facts cannot be read.
    """
    published = date.fromisoformat(facts["published"])
    judged = [
        row["verdict"]
        for row in (rows_of(folder / VERDICTS, f"{key},") if VERDICTS in names else ())
        if row["by"] == TOTAL and row["verdict"] in _JUDGED
    ]
    return Entry(
        key=key,
        title=str(facts["title"]),
        place=str(facts["place"]),
        published=published,
        status=str(facts["status"]),
        synthetic=bool(facts["synthetic"]),
        files=tuple(sorted({*names, MANIFEST})),
        study=str(facts.get("study", "")),
        year=date.fromisoformat(facts.get("until", facts["published"])).year,
        province=str(facts.get("province", "")),
        size_class=int(facts.get("size_class", 0)),
        outcome=_outcome(key, folder, names, facts.get("headline")),
        norms_met=judged.count("met"),
        norms_judged=len(judged),
        norms_undecided=judged.count("undecided"),
        version=int(facts.get("version", 1)),
    )


def _outcome(
    key: str, folder: Path, names: frozenset[str], headline: Mapping[str, str] | None
) -> Outcome | None:
    """The headline over everybody; None where a report has none."""
    if not headline or ESTIMATES not in names:
        return None
    about = f"{key},{headline['source']},{headline['indicator']},"
    total = _total(folder / ESTIMATES, about)
    if total is None:
        return None
    norm, change = {}, {}
    if VERDICTS in names:
        start = f"{key},{headline['indicator']},{TOTAL},{TOTAL},"
        norm = next(rows_of(folder / VERDICTS, start), {})
    if COMPARISONS in names:
        start = f"{about}{total['statistic']},{TOTAL},{TOTAL},"
        every = rows_of(folder / COMPARISONS, start)
        change = next((row for row in every if is_key(row["reference"])), {})
    return replace(
        measured(headline, total),
        norm=number(norm.get("norm", "")),
        verdict=norm.get("verdict", ""),
        reason=norm.get("reason", ""),
        change=change.get("verdict", ""),
    )


def _total(path: Path, about: str) -> dict[str, str] | None:
    """The one number over everybody: no class of a distribution."""
    for row in rows_of(path, about):
        if row["by"] == row["group"] == TOTAL and not row["category"]:
            return row
    return None
