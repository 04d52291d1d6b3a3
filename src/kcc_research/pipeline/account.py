"""What the *verantwoording* prints: inputs, code, versions, frozen before the report.

``inputs.json`` is made from the records of the steps before the report and from what
cleaning told of each source. The report reads it, so it never has to hold its own hash
(TRUST-M1, M2). Nothing in it depends on time, place or an earlier run.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata
from typing import Any

from kcc_research.pipeline.record import SCHEMA_VERSION, canonical_json
from kcc_research.study.measurement import Measurement, Study
from kcc_research.study.municipality import municipality
from kcc_research.study.role import headline

PACKAGE = "kcc-research"
# What makes numbers, pictures and pages; the lock names everything else.
SOFTWARE = (
    "kcc-research",
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pikepdf",
    "pyarrow",
    "scipy",
    "seaborn",
    "typst",
)


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file as received: its name, sha256, size in bytes and number of records."""

    name: str
    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """What cleaning did with one source.

    ``changes`` counts lines of the cleaning log by rule. ``warnings`` are titles of
    problems that did not stop the run and belong in the report; in which rows they
    are is for the *controlerapport*, not for a file that is published.
    """

    id: str
    files: tuple[RawFile, ...]
    rows: int
    columns: int
    changes: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Everything a report may tell about how it came to be.

    ``definitions`` and ``notebooks`` map a file to its sha256, ``parameters`` a
    notebook to the values it was given, ``earlier`` a measurement key to the hash of
    its results, ``software`` a package to its version. ``warnings`` are titles of
    what is doubtful in the definitions.
    """

    measurement: Mapping[str, Any]
    sources: tuple[SourceAccount, ...]
    definitions: Mapping[str, str]
    notebooks: Mapping[str, str]
    parameters: Mapping[str, Mapping[str, Any]]
    earlier: Mapping[str, str]
    software: Mapping[str, str]
    package_sha256: str
    lock_sha256: str
    warnings: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        return canonical_json({"schema_version": SCHEMA_VERSION, **asdict(self)})

    def as_read(self) -> Account:
        """As it comes back from ``inputs.json``: what a report lists, in that order."""
        return read_account(self.to_json())


def read_account(content: bytes) -> Account:
    """The account in ``inputs.json``."""
    read = json.loads(content)
    read.pop("schema_version")
    read["sources"] = tuple(source_account(each) for each in read["sources"])
    read["warnings"] = tuple(read["warnings"])
    return Account(**read)


def source_account(read: Mapping[str, Any]) -> SourceAccount:
    """One source, from what its cleaning step saved."""
    files = tuple(RawFile(**each) for each in read["files"])
    rest = {"files": files, "warnings": tuple(read["warnings"])}
    return SourceAccount(**{**read, **rest})


def software_versions() -> dict[str, str]:
    """Python, operating system, and the packages that make a report, in one order."""
    found = {"Python": platform.python_version(), "system": platform.system()}
    for name in SOFTWARE:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return dict(sorted(found.items()))


def measurement_facts(study: Study) -> dict[str, Any]:
    """What the catalogue and the first page say of a measurement."""
    declared = study.measurement
    return {
        "key": study.key,
        "title": declared.title,
        "place": study.place_name,
        "study": declared.study,
        "wave": declared.wave,
        "status": declared.status,
        "version": declared.version,
        "published": declared.published.isoformat(),
        "synthetic": declared.synthetic,
        "until": declared.fieldwork.end.isoformat(),
        **_municipality_facts(declared),
        **_headline_facts(study),
    }


def _municipality_facts(declared: Measurement) -> dict[str, Any]:
    """Where and how large; nothing for a report about more municipalities."""
    if declared.municipality is None:
        return {}
    found = municipality(declared.municipality, declared.fieldwork.end)
    return {"province": found.province, "size_class": found.size_class}


def _headline_facts(study: Study) -> dict[str, Any]:
    """Which number a report opens with; nothing where it opens with none."""
    found = headline(study)
    if found is None:
        return {}
    source, indicator = found
    named = {"indicator": indicator.id, "label": indicator.label}
    return {"headline": {"source": source.id, **named}}
