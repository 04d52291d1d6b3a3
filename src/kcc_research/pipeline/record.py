"""What a finished step leaves behind: from what it was made, and what it made.

A step counts as done only when its record is there, names what the step is made from
now, and every file it names still has the hash it says (TRUST-F53, F62). A step that
was run by hand has a record without parts, so the next ``kcc run`` does it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

SCHEMA_VERSION = 1
BY_HAND = "was run by hand"

# A file that several steps write has no hash of its own in a record.
SHARED = ""


@dataclass(frozen=True, slots=True)
class Record:
    """``parts`` names what went in, ``outputs`` each file with its sha256."""

    step: str
    made_by: Literal["run", "hand"]
    parts: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        return canonical_json(
            {
                "schema_version": SCHEMA_VERSION,
                "step": self.step,
                "made_by": self.made_by,
                "parts": dict(self.parts),
                "outputs": dict(self.outputs),
            }
        )

    @property
    def content(self) -> str:
        """One hash for everything the step made; what later steps build on."""
        return sha256_of(canonical_json(dict(self.outputs)))


def read_record(path: Path) -> Record | None:
    """The record at ``path``; None when it is missing or not readable."""
    try:
        read: dict[str, Any] = json.loads(path.read_bytes())
        known = read["schema_version"] == SCHEMA_VERSION
        if known and are_texts(read["parts"]) and are_texts(read["outputs"]):
            return Record(read["step"], read["made_by"], read["parts"], read["outputs"])
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None
    return None


def are_texts(read: object) -> bool:
    """Whether something read is a mapping of texts to texts, as hashes by name are."""
    if not isinstance(read, dict):
        return False
    return all(isinstance(each, str) for each in (*read, *read.values()))


def stale_outputs(record: Record, folder: Path) -> Iterator[str]:
    """Names of outputs that are gone or no longer what the step made."""
    for name, expected in sorted(record.outputs.items()):
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif expected != SHARED and sha256_of_file(path) != expected:
            yield f"{name} was changed"


def differences(record: Record, parts: Mapping[str, str]) -> list[str]:
    """Which parts are not what they were when the step was made, in words."""
    if record.made_by == "hand":
        return [BY_HAND]
    changed = [
        f"{n} changed"
        for n in parts
        if n in record.parts and record.parts[n] != parts[n]
    ]
    added = [f"{name} is new" for name in parts if name not in record.parts]
    removed = [f"{name} is gone" for name in record.parts if name not in parts]
    return changed + added + removed


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as handle:
        for block in iter(partial(handle.read, 1 << 20), b""):
            total.update(block)
    return total.hexdigest()


def canonical_json(content: object) -> bytes:
    """The same bytes for the same content: sorted, indented, LF, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()
