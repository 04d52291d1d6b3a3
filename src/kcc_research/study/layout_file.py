"""Record layouts from file: the shipped ones, and a municipality's own.

A file of a municipality may say ``extends = "kiss"`` and then only what differs:
tables are joined key by key, any other value takes the place of the shipped one.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kcc_research.errors import DefinitionError, Problem
from kcc_research.study.definition_file import (
    DefinitionFile,
    read_definition,
    unknown_name,
)
from kcc_research.study.record_layout import RecordLayout
from kcc_research.study.refusal import validation_problems

SHIPPED = "een meegeleverde indeling"
_EXTENDS = "extends"


@cache
def shipped_layouts() -> dict[str, RecordLayout]:
    """The layouts that come with the package, by name, sorted."""
    return {
        name: RecordLayout.model_validate(values)
        for name, values in _shipped_values().items()
    }


@cache
def _shipped_values() -> dict[str, dict[str, Any]]:
    folder = files("kcc_research") / "data" / "layouts"
    found = sorted(each.name for each in folder.iterdir())
    return {
        name.removesuffix(".toml"): tomllib.loads(
            (folder / name).read_text(encoding="utf-8")
        )
        for name in found
        if name.endswith(".toml")
    }


def load_layout(path: Path, name: str = "") -> RecordLayout:
    """The layout in a file. ``name`` is how messages call it.

    Raises :class:`DefinitionError` with every problem of the file.
    """
    layout, problems = read_layout(path, name or path.name)
    if layout is None:
        raise DefinitionError(problems)
    return layout


def read_layout(path: Path, name: str) -> tuple[RecordLayout | None, list[Problem]]:
    """Like :func:`load_layout`, with the problems instead of the refusal."""
    file, problems = read_definition(path, name)
    if problems:
        return None, problems
    base = file.values.get(_EXTENDS)
    own = {key: value for key, value in file.values.items() if key != _EXTENDS}
    if base is not None:
        if base not in _shipped_values():
            known = _shipped_values()
            return None, [unknown_name(file, (_EXTENDS,), str(base), known, SHIPPED)]
        own = joined(_shipped_values()[base], own)
    try:
        return RecordLayout.model_validate(own), []
    except ValidationError as error:
        whole = DefinitionFile(file.name, own, file.lines)
        return None, validation_problems(whole, error, RecordLayout)


def joined(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """``base`` with what ``own`` says: tables key by key, other values as a whole.

    >>> joined({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}})
    {'a': {'b': 1, 'c': 3}}
    """
    both = dict(base)
    for key, value in own.items():
        before = both.get(key)
        is_table = isinstance(before, dict) and isinstance(value, dict)
        both[key] = joined(base[key], value) if is_table else value
    return both
