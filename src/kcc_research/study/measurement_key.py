"""The key of a measurement, ``<owner>/<slug>``, and which keys a workspace holds.

Apart from the definitions themselves, so that to ask takes no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
    named = (
        key for key in _named(root / STUDIES, DEFINITIONS) if not key_problems(key)
    )
    return tuple(sorted(key for key in named if not key_problems(key)))


def strange_folders(root: Path) -> Iterator[Problem]:
    """A warning for each folder with a measurement that can have no key (R053p)."""
    for key in sorted(_named(root / STUDIES, (MEASUREMENT_FILE,))):
        if key_problems(key):
            yield problem("KCC-R053p", file=f"{STUDIES}/{key}")


def _named(studies: Path, definitions: Iterable[str]) -> Iterator[str]:
    """The two names of each folder that holds one of ``definitions``."""
    for folder in (slug for owner in _folders(studies) for slug in _folders(owner)):
        if any((folder / name).exists() for name in definitions):
            yield f"{folder.parent.name}/{folder.name}"


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
