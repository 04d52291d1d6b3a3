"""The key of a measurement, ``<owner>/<slug>``, and which keys a workspace holds.

Apart from the definitions themselves, so that to ask takes no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kcc_research.errors import Problem, problem
from kcc_research.study.reserved import DEVICES

STUDIES = "studies"
MEASUREMENT_FILE = "measurement.toml"
DEFINITIONS = (MEASUREMENT_FILE, "measurement.yaml", "measurement.yml")
LONGEST_NAME = 60

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def list_keys(root: Path) -> tuple[str, ...]:
    """Keys of all measurements under ``root/studies``, sorted.

    A folder whose name is no key, such as a copy somebody keeps, is no measurement. One
    that is defined in YAML is, so that it is refused rather than passed over (F7).
    """
    return tuple(sorted(_keys(root / STUDIES)))


def _keys(studies: Path) -> Iterator[str]:
    for folder in (slug for owner in _folders(studies) for slug in _folders(owner)):
        key = f"{folder.parent.name}/{folder.name}"
        if not key_problems(key) and any((folder / n).exists() for n in DEFINITIONS):
            yield key


def _folders(parent: Path) -> list[Path]:
    """Folders that stand in ``parent``; none where it cannot be read."""
    try:
        return [each for each in parent.iterdir() if each.is_dir()]
    except OSError:
        return []


def key_problems(key: str) -> list[Problem]:
    """What is wrong with a key as such: its form, its length, reserved names."""
    parts = key.split("/")
    if len(parts) != 2:
        return [problem("KCC-C010", value=repr(key)[1:-1])]
    return [
        problem("KCC-C011", value=repr(part)[1:-1], reason=reason)
        for part in parts
        if (reason := _name_fault(part))
    ]


def _name_fault(name: str) -> str:
    if len(name) > LONGEST_NAME:
        return f"langer dan {LONGEST_NAME} tekens"
    if not _NAME.fullmatch(name):
        return "andere tekens dan a-z, 0-9 en het streepje"
    return "een gereserveerde naam in Windows" if name in DEVICES else ""
