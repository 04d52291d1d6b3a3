"""manifest.json: the hash of every published file, and what the report is made from.

The manifest is the record of the report step, so that one exchange of folders publishes
the report and the proof that it is complete. Nothing in it depends on time, host or an
earlier run (TRUST-M1, X7).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kcc_research.errors import Problem, problem
from kcc_research.pipeline.record import (
    SCHEMA_VERSION,
    Record,
    are_texts,
    canonical_json,
    sha256_of,
    sha256_of_file,
)
from kcc_research.pipeline.store import MANIFEST, Files

REPORT_STEP = "report"

BESIDE = ("changes.html", "changes.csv")
"""Stand beside a report, made of it and of an earlier one: no part of it."""


def with_manifest(
    key: str,
    files: Files,
    parts: Mapping[str, str],
    disclosure: Mapping[str, Any],
) -> dict[str, bytes]:
    """``files`` and their manifest; ``disclosure`` is the record of protecting them."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "measurement": key,
        "parts": dict(parts),
        "disclosure": dict(disclosure),
        "files": {name: sha256_of(files[name]) for name in sorted(files)},
    }
    return {**files, MANIFEST: canonical_json(content)}


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest in ``folder``; None when missing or unreadable."""
    try:
        read: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(read, dict) or read.get("schema_version") != SCHEMA_VERSION:
        return None
    complete = are_texts(read.get("files")) and are_texts(read.get("parts"))
    return read if complete else None


def report_record(folder: Path) -> Record | None:
    """The manifest as the record of the report step."""
    read = read_manifest(folder)
    if read is None:
        return None
    return Record(REPORT_STEP, "run", read["parts"], read["files"])


def faults(key: str, folder: Path, shown: str) -> Iterator[Problem]:
    """Every published file that is altered, missing or extra (R062).

    ``shown`` is how messages name ``folder``.
    """
    if not (folder / MANIFEST).exists():
        yield problem("KCC-R062c", file=shown, key=key)
        return
    manifest = read_manifest(folder)
    if manifest is None:
        yield problem("KCC-R062d", file=f"{shown}/{MANIFEST}", key=key)
        return
    expected: dict[str, str] = manifest["files"]
    present = set(files_in(folder)) - {MANIFEST}
    for name in sorted(expected.keys() | present):
        if name not in present:
            yield problem("KCC-R062a", file=f"{shown}/{name}", key=key)
        elif name not in expected:
            yield problem("KCC-R062b", file=f"{shown}/{name}", key=key)
        elif sha256_of_file(folder / name) != expected[name]:
            yield problem("KCC-R062", file=f"{shown}/{name}", key=key)


def files_in(folder: Path) -> list[str]:
    """Names of all files of the publication in ``folder``, with forward slashes."""
    found = (path for path in folder.rglob("*") if not path.is_dir())
    names = {path.relative_to(folder).as_posix() for path in found}
    return sorted(names.difference(BESIDE))
