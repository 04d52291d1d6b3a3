"""Municipalities side by side: from what is published to outputs/benchmark.html.

Read are the published tables and what each report says of how it measured, nothing
else: what is suppressed there has no number here. What may stand together is decided in
:mod:`kcc_research.reporting.side_by_side`. The page names what it was made from, so it
is only made again when a publication, a withdrawal or our own code changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import kcc_research
from kcc_research.pipeline.kernel_names import ACCOUNT_FILE
from kcc_research.pipeline.published_tables import (
    COMPARISONS,
    ESTIMATES,
    TOTAL,
    count,
    measured,
    number,
    rows_of,
    rows_where,
)
from kcc_research.reporting import benchmark_page
from kcc_research.reporting.catalogue_entry import Entry
from kcc_research.reporting.side_by_side import (
    Beside,
    Municipal,
    Number,
    Panel,
    Report,
    fitting,
    judged,
    panels,
)
from kcc_research.study.benchmark import BENCHMARK, profile_page
from kcc_research.study.municipality import Municipality, register

WITHDRAWN = "ingetrokken"
_MUNICIPALITY = "gemeente"
_PACKAGE = Path(kcc_research.__file__).parent
_CODE = (
    "pipeline/side_by_side.py",
    "pipeline/published_tables.py",
    "reporting/side_by_side.py",
    "reporting/benchmark_page.py",
    "reporting/page.py",
    "estimation/benchmark.py",
    "data/templates/kcc_catalogue/catalogue.css",
    "data/templates/kcc_catalogue/catalogue.js",
)


def page_of(top: Path, every: Iterable[Entry], made_of: str) -> bytes:
    """The page over ``every``, whose paths begin at ``top``; empty without numbers."""
    entries = [each for each in every if _counts(each)]
    found = [*panels(_reports(top, entries)), *_benchmarks(top, entries)]
    if not found:
        return b""
    kept, left_out = fitting(found)
    shown = [judged(each) for each in kept]
    return benchmark_page.render(shown, left_out=left_out, stamp=made_of).encode()


def _counts(entry: Entry) -> bool:
    return (
        ESTIMATES in entry.files
        and WITHDRAWN not in (entry.standing, entry.status)
        and (entry.study == BENCHMARK or entry.size_class > 0)
    )


def made_of(files: Iterable[Path]) -> str:
    """What a page is made from: ``files`` of publications, and our own code.

    16 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    for name in _CODE:
        digest.update((_PACKAGE / name).read_bytes())
    return digest.hexdigest()[:16]


def is_of(page: bytes, made_of: str) -> bool:
    """Whether a page is made from just that."""
    return f'{benchmark_page.STAMP}"{made_of}"'.encode() in page


def _facts(top: Path, entry: Entry) -> Mapping[str, Any]:
    account = json.loads((top / entry.path / ACCOUNT_FILE).read_bytes())
    facts: Mapping[str, Any] = account["measurement"]
    return facts


# --- reports of one municipality each -------------------------------------------------


def _reports(top: Path, entries: Iterable[Entry]) -> Iterator[Report]:
    """What cannot be read has no numbers: it is named among who is left out."""
    for entry in entries:
        if entry.study != BENCHMARK:
            try:
                declared = _facts(top, entry).get("comparable", [])
                totals = _totals(top / entry.path / ESTIMATES)
                numbers = tuple(_numbers(declared, totals))
            except (OSError, ValueError, KeyError, TypeError):
                numbers = ()
            yield Report(entry, numbers)


def _numbers(
    declared: Sequence[Mapping[str, str]], totals: Mapping[tuple[str, ...], Any]
) -> Iterator[Number]:
    for told in declared:
        row = totals.get((told["source"], told["indicator"], told["statistic"]))
        if row is not None:
            error = row.get("std_error_without_fpc") or row["std_error"]
            yield Number(told, measured(told, row), number(error))


def _totals(path: Path) -> dict[tuple[str, ...], dict[str, str]]:
    """Numbers over everybody, without classes of a distribution."""
    about = f",{TOTAL},{TOTAL},,".encode()
    return {
        (row["source"], row["indicator"], row["statistic"]): row
        for row in rows_where(path, lambda line: about in line)
        if row["by"] == row["group"] == TOTAL and not row["category"]
    }


# --- benchmarks: one report over many municipalities ----------------------------------


def _benchmarks(top: Path, entries: Iterable[Entry]) -> Iterator[Panel]:
    for entry in entries:
        if entry.study == BENCHMARK and entry.outcome is not None:
            panel = _benchmark(top, entry)
            if panel.municipalities:
                yield panel


def _benchmark(top: Path, entry: Entry) -> Panel:
    """The headline of every municipality, beside the groups its report has."""
    folder, facts = top / entry.path, _facts(top, entry)
    headline = facts["headline"]
    about = f"{entry.key},{headline['source']},{headline['indicator']},"
    rows = [row for row in rows_of(folder / ESTIMATES, about) if not row["category"]]
    sized = {f"{each['by']} {each['group']}" for each in rows}
    beside: dict[str, list[Mapping[str, str]]] = {}
    for row in rows_of(folder / COMPARISONS, about):
        if row["by"] == _MUNICIPALITY and not row["category"]:
            beside.setdefault(row["group"], []).append(row)
    for groups in beside.values():  # its own size first
        groups.sort(key=lambda each: each["reference"] not in sized)
    known = {each.gm: each for each in register()}
    return Panel(
        label=headline["label"],
        study=entry.study_words,
        year=entry.when,
        synthetic=entry.synthetic,
        municipalities=tuple(
            _municipal(
                entry,
                known[row["group"]],
                headline,
                row,
                beside.get(row["group"], ()),
            )
            for row in rows
            if row["by"] == _MUNICIPALITY and row["group"] in known
        ),
        told=next(
            (
                each
                for each in facts.get("comparable", ())
                if each["indicator"] == headline["indicator"]
            ),
            {},
        ),
        source=(entry.title, f"{entry.path}/report.html"),
    )


def _municipal(
    entry: Entry,
    municipality: Municipality,
    headline: Mapping[str, str],
    row: Mapping[str, str],
    groups: Iterable[Mapping[str, str]],
) -> Municipal:
    outcome, profile = measured(headline, row), profile_page(municipality)
    return Municipal(
        name=municipality.name,
        size_class=municipality.size_class,
        province=municipality.province,
        outcome=outcome,
        beside=tuple(_beside(each, outcome.estimate) for each in groups),
        profile=f"{entry.path}/{profile}" if profile in entry.files else "",
    )


def _beside(row: Mapping[str, str], own: float | None) -> Beside:
    difference = number(row["difference"])
    known = own is not None and difference is not None
    return Beside(
        group=row["reference"],
        verdict=row["verdict"],
        reason=row["reason"],
        others=count(row["n_reference"]),
        mean=(own or 0.0) - (difference or 0.0) if known else None,
        low=number(row["ci_low"]),
        high=number(row["ci_high"]),
    )
