"""What a workspace remembers of its releases: one small file each, never removed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from kcc_research.pipeline.record import canonical_json
from kcc_research.pipeline.workspace import Workspace

NOTE = "release.json"
"""The same facts in the release itself, with what they say of its files."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release: who made and checked it, and the hash of the manifest it went with.

    ``withdrawn`` is the day on which it was taken back, by ``by`` for ``reason``; empty
    while it stands.
    """

    measurement: str
    number: int
    released: str
    maker: str
    checker: str
    manifest: str
    withdrawn: str = ""
    reason: str = ""
    by: str = ""

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.withdrawn)

    @property
    def content(self) -> bytes:
        """The note itself."""
        return canonical_json(asdict(self))


def read_release(told: Mapping[str, Any]) -> Release:
    """The release that a note tells of; raises KeyError or TypeError for another."""
    known = {
        each.name: told[each.name] for each in fields(Release) if each.name in told
    }
    return Release(**known)


def releases(workspace: Workspace, key: str) -> tuple[Release, ...]:
    """Every release of ``key``, oldest first."""
    folder = workspace.releases(key)
    found = [
        read_release(json.loads(path.read_bytes())) for path in folder.glob("*.json")
    ]
    return tuple(sorted(found, key=lambda each: each.number))
