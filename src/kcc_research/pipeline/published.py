"""Reading what is published for the catalogue: facts, and the headline's numbers.

Only files of the publication itself are read, so that the page says the same wherever
the folder is copied. Tables are searched, not loaded: there may be a thousand of them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from kcc_research.dutch import SUPPRESSED
from kcc_research.errors import Problem, UserError, problem
from kcc_research.pipeline.account import measurement_facts
from kcc_research.pipeline.catalogue_standing import Stand, standings
from kcc_research.pipeline.manifest import BESIDE, read_manifest
from kcc_research.pipeline.store import MANIFEST, Store
from kcc_research.pipeline.workspace import Workspace, is_key
from kcc_research.reporting import benchmark_page, catalogue
from kcc_research.reporting.benchmark_page import Benchmark, Beside, Municipal
from kcc_research.reporting.catalogue_entry import Entry, Outcome
from kcc_research.study.loading import load_study
from kcc_research.study.municipality import register

ESTIMATES, COMPARISONS, VERDICTS = (
    f"tables/{name}.csv" for name in ("estimates", "comparisons", "verdicts")
)
TOTAL = "totaal"
"""As in :mod:`estimation.tables`, which would bring pandas to every command."""

_MUNICIPALITY = "gemeente"
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
    listed = {each.key: each for each in entries(workspace, unlisted)}
    for key, stand in (stands or {}).items():
        entry = listed.get(key) or _without_report(workspace, key)
        if entry is not None:
            listed[key] = replace(entry, standing=stand.word, why=stand.why)
    found = list(listed.values())
    linked = benchmark_page.FILE if any(map(is_benchmark, found)) else ""
    return catalogue.render(found, benchmark=linked).encode()


def bring_up_to_date(store: Store, unlisted: list[Problem]) -> bool:
    """Write outputs/index.html; False when it already said what is so."""

    def render() -> bytes:
        unlisted.clear()
        return catalogue_page(store.workspace, unlisted, standings(store.workspace))

    return store.write_catalogue(render)


def bring_benchmark_up_to_date(store: Store) -> None:
    """Write outputs/benchmark.html of the newest benchmark, or take it away."""
    page = store.workspace.outputs / benchmark_page.FILE
    if page.exists() or benchmark(store.workspace):
        store.write_catalogue(lambda: benchmark(store.workspace), page.name)


def _without_report(workspace: Workspace, key: str) -> Entry | None:
    """What its definitions say of a measurement; None while they are refused."""
    try:
        facts = measurement_facts(load_study(workspace.root, key))
    except UserError:
        return None
    return replace(entry_of(key, Path(), frozenset(), facts), files=())


def entries(
    workspace: Workspace, unlisted: list[Problem], study: str = ""
) -> Iterator[Entry]:
    """Every complete publication, or those of one kind of study.

    What cannot be read is told in ``unlisted``.
    """
    for inputs in sorted(workspace.outputs.glob("[!.]*/[!.]*/inputs.json")):
        folder = inputs.parent
        key = folder.relative_to(workspace.outputs).as_posix()
        manifest = read_manifest(folder)
        if manifest is None or not is_key(key):
            continue
        try:
            facts = json.loads(inputs.read_bytes())["measurement"]
            if study and facts.get("study") != study:
                continue
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
        for row in (_rows(folder / VERDICTS, f"{key},") if VERDICTS in names else ())
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
        norm = next(_rows(folder / VERDICTS, start), {})
    if COMPARISONS in names:
        start = f"{about}{total['statistic']},{TOTAL},{TOTAL},"
        every = _rows(folder / COMPARISONS, start)
        change = next((row for row in every if is_key(row["reference"])), {})
    return replace(
        _measured(headline, total),
        norm=_number(norm.get("norm", "")),
        verdict=norm.get("verdict", ""),
        reason=norm.get("reason", ""),
        change=change.get("verdict", ""),
    )


def _measured(headline: Mapping[str, str], row: Mapping[str, str]) -> Outcome:
    """The headline over the people of one row of the estimates."""
    return Outcome(
        indicator=headline["indicator"],
        label=headline["label"],
        statistic=row["statistic"],
        status=row["status"],
        estimate=_number(row["estimate"]),
        low=_number(row["ci_low"]),
        high=_number(row["ci_high"]),
        n=_count(row["n"]),
    )


def _total(path: Path, about: str) -> dict[str, str] | None:
    """The one number over everybody: no class of a distribution."""
    for row in _rows(path, about):
        if row["by"] == row["group"] == TOTAL and not row["category"]:
            return row
    return None


def _rows(path: Path, start: str) -> Iterator[dict[str, str]]:
    """Rows that begin with ``start``; keys and identifiers are never quoted."""
    first, _, rest = path.read_bytes().partition(b"\n")
    wanted = start.encode()
    lines = [each for each in rest.split(b"\n") if each.startswith(wanted)]
    text = b"\n".join([first, *lines]).decode()
    yield from csv.DictReader(io.StringIO(text, newline=""))


def _number(text: str) -> float | None:
    return None if text in ("", SUPPRESSED) else float(text)


def _count(text: str) -> int | None:
    return None if text in ("", SUPPRESSED) else int(text)


# --- the benchmark --------------------------------------------------------------------


def benchmark(workspace: Workspace) -> bytes:
    """outputs/benchmark.html of the newest published benchmark; empty without one."""
    every = entries(workspace, [], "benchmark")
    return benchmark_of(workspace.outputs, every)


def benchmark_of(top: Path, every: Iterable[Entry]) -> bytes:
    """The page of the newest benchmark of ``every``, whose paths begin at ``top``."""
    found = [each for each in every if is_benchmark(each)]
    if not found:
        return b""
    newest = max(found, key=lambda each: (each.published, each.key))
    return benchmark_page.render(_benchmark(top / newest.path, newest)).encode()


def is_benchmark(entry: Entry) -> bool:
    return entry.study == "benchmark" and entry.outcome is not None


def _benchmark(folder: Path, entry: Entry) -> Benchmark:
    facts = json.loads((folder / "inputs.json").read_bytes())["measurement"]
    headline = facts["headline"]
    about = f"{entry.key},{headline['source']},{headline['indicator']},"
    beside: dict[str, list[Beside]] = {}
    for row in _rows(folder / COMPARISONS, about):
        if row["by"] == _MUNICIPALITY and not row["category"]:
            beside.setdefault(row["group"], []).append(
                Beside(row["reference"], row["verdict"], row["reason"])
            )
    rows = [row for row in _rows(folder / ESTIMATES, about) if not row["category"]]
    means = {
        f"{row['by']} {row['group']}": float(row["estimate"])
        for row in rows
        if row["by"] != _MUNICIPALITY and _number(row["estimate"]) is not None
    }
    known = {each.gm: each for each in register()}
    return Benchmark(
        entry=entry,
        label=headline["label"],
        municipalities=tuple(
            Municipal(
                name=known[row["group"]].name,
                size_class=known[row["group"]].size_class,
                outcome=_measured(headline, row),
                beside=tuple(
                    sorted(
                        beside.get(row["group"], ()),
                        key=lambda each: each.group not in means,
                    )
                ),
            )
            for row in rows
            if row["by"] == _MUNICIPALITY and row["group"] in known
        ),
        means=means,
    )
