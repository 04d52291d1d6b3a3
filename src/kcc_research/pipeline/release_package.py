"""What a release says of itself to other machines: a data package and an RO-Crate.

``datapackage.json`` (Frictionless, https://datapackage.org) gives each table its fields
and types; ``ro-crate-metadata.json`` (RO-Crate 1.1, JSON-LD) lists every file with who
made it, from which inputs and with what software.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kcc_research import dutch
from kcc_research.dutch import SUPPRESSED
from kcc_research.estimation import tables
from kcc_research.pipeline.account import Account
from kcc_research.pipeline.record import canonical_json, sha256_of
from kcc_research.reporting import phrases
from kcc_research.reporting.citation import KEYWORDS, Citation
from kcc_research.reporting.document import SUBTITLES, title_text
from kcc_research.study.measurement import Study

DATA_PACKAGE = "datapackage.json"
CRATE = "ro-crate-metadata.json"

_MEDIA_TYPES = {
    "cff": "application/yaml",
    "csv": "text/csv",
    "html": "text/html",
    "ipynb": "application/x-ipynb+json",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


_TITLES = {
    "tables/estimates.csv": "Uitkomsten",
    "tables/comparisons.csv": "Vergelijkingen",
    "tables/verdicts.csv": "Oordelen bij normen",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What both descriptions say of the release as a whole."""

    study: Study
    account: Account
    number: int
    released: date
    license: str

    @property
    def title(self) -> str:
        """That of the report itself."""
        return title_text(self.study)

    @property
    def description(self) -> str:
        declared = self.study.measurement
        start = dutch.long_date(declared.fieldwork.start)
        end = dutch.long_date(declared.fieldwork.end)
        invented = f"{phrases.SYNTHETIC_SENTENCE} " if declared.synthetic else ""
        return (
            f"{invented}{SUBTITLES[declared.study]}. In opdracht van "
            f"{declared.commissioner}; gemeten van {start} tot en met {end}. "
            "Rapport met beschermde tabellen: zonder antwoorden van personen."
        )

    @property
    def author(self) -> str:
        """Who made the report; else who had it made."""
        declared = self.study.measurement
        return declared.report.author or declared.commissioner

    @property
    def dated(self) -> date:
        """The day of this version: that of its corrections, else of the report."""
        declared = self.study.measurement
        mended = [each.date for each in declared.correction]
        return max(mended, default=declared.published)

    @property
    def citation(self) -> Citation:
        return Citation(
            author=self.author,
            institution=self.study.measurement.commissioner,
            title=self.title,
            version=self.number,
            dated=self.dated,
            released=self.released,
            license=self.license,
        )

    @property
    def name(self) -> str:
        return f"{self.study.key.replace('/', '.')}-{self.number}"


def media_type(name: str) -> str:
    return _MEDIA_TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")


def data_package(facts: Facts, files: Mapping[str, bytes]) -> bytes:
    """The tables among ``files`` with their fields, as a tabular data package."""
    names = [name for name in sorted(files) if name.endswith(".csv")]
    content = {
        "profile": "tabular-data-package",
        "name": facts.name,
        "title": facts.title,
        "description": facts.description,
        "keywords": list(KEYWORDS),
        "version": str(facts.number),
        "created": f"{facts.released.isoformat()}T00:00:00Z",
        "licenses": [{"name": facts.license}],
        "contributors": [
            {"title": facts.author, "role": "author"},
            {"title": facts.study.measurement.commissioner, "role": "publisher"},
        ],
        "resources": [_resource(name, files[name]) for name in names],
    }
    return canonical_json(content)


def _resource(name: str, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name.rsplit("/", 1)[-1].removesuffix(".csv").lower(),
        "title": _TITLES.get(name, name),
        "path": name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256_of(content)}",
        "schema": {
            "fields": [{"name": n, "type": t} for n, t in _fields(content)],
            "missingValues": ["", SUPPRESSED],
        },
    }


def _fields(content: bytes) -> Iterator[tuple[str, str]]:
    """Name and type of each column; one that is not ours holds text."""
    header = next(csv.reader(io.StringIO(content.decode(), newline="")))
    types = tables.column_types()
    for name in header:
        yield name, types.get(name, "string")


def crate(facts: Facts, files: Mapping[str, bytes]) -> bytes:
    """The RO-Crate over ``files``, itself left out."""
    parts = [{"@id": name} for name in sorted(files)]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.title,
        "description": facts.description,
        "keywords": ", ".join(KEYWORDS),
        "inLanguage": "nl",
        "identifier": facts.name,
        "creditText": facts.citation.readable(),
        "author": {"@id": "#author"},
        "version": str(facts.number),
        "datePublished": facts.released.isoformat(),
        "license": {"@id": "#license"},
        "publisher": {"@id": "#commissioner"},
        "hasPart": parts,
        "mentions": [{"@id": "#run"}],
    }
    graph = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        },
        root,
        {"@id": "#license", "@type": "CreativeWork", "name": facts.license},
        {
            "@id": "#commissioner",
            "@type": "Organization",
            "name": facts.study.measurement.commissioner,
        },
        {"@id": "#author", "@type": "Organization", "name": facts.author},
        *_software(facts.account),
        *_inputs(facts.account),
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": "kcc run",
            "instrument": [{"@id": "#kcc-research"}],
            "object": [{"@id": each["@id"]} for each in _inputs(facts.account)],
            "result": parts,
        },
        *(_file(name, files[name]) for name in sorted(files)),
    ]
    context = "https://w3id.org/ro/crate/1.1/context"
    return canonical_json({"@context": context, "@graph": graph})


def _software(account: Account) -> Iterator[dict[str, Any]]:
    for name, version in account.software.items():
        if name != "system":
            yield {
                "@id": f"#{name}",
                "@type": "SoftwareApplication",
                "name": name,
                "softwareVersion": version,
            }


def _inputs(account: Account) -> list[dict[str, Any]]:
    """Raw files by name and size: they are not part of the release."""
    return [
        {
            "@id": f"#raw-{source.id}-{file.name}",
            "@type": "CreativeWork",
            "name": file.name,
            "identifier": f"sha256:{file.sha256}",
        }
        for source in account.sources
        for file in source.files
    ]


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "encodingFormat": media_type(name),
        "contentSize": str(len(content)),
        "sha256": sha256_of(content),
    }
