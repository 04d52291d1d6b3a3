"""Values for the parameters of notebooks: from the measurement, and from --set.

Names and types are checked against the parameters cells before a kernel starts
(TRUST-F2 to F5). Each notebook is given the values it declares and no others.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kcc_research.errors import CallError, DefinitionError, Problem, problem
from kcc_research.pipeline.notebook_file import (
    LIST_OF_INT,
    MEASUREMENT,
    MUNICIPALITY,
    SOURCE,
    NotebookFile,
    Parameter,
    Value,
    literal,
)
from kcc_research.study.definition_file import DefinitionFile

_TABLE = "parameters"
_OWN = (MEASUREMENT, SOURCE, MUNICIPALITY)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORDS = {
    "str": "tekst tussen aanhalingstekens",
    "int": "een heel getal",
    "float": "een getal met een punt, zoals 10.0",
    "bool": "true of false",
    LIST_OF_INT: "een lijst van hele getallen",
}
_HINTS = {
    "int": "Write a whole number, such as 7.",
    "float": "Write a number with a decimal point, such as 0.9.",
    "bool": "Write true or false.",
    LIST_OF_INT: "Write whole numbers between brackets, such as [1,2].",
}


def from_definition(
    values: Mapping[str, object],
    notebooks: Sequence[NotebookFile],
    file: DefinitionFile,
) -> None:
    """Check ``[parameters]``, the ``values``, of the measurement in ``file``.

    Raises :class:`DefinitionError` (C002-C005) with every fault and its line.
    """
    found = list(_definition_faults(values, notebooks, file))
    if found:
        raise DefinitionError(found)


def _definition_faults(
    values: Mapping[str, object],
    notebooks: Sequence[NotebookFile],
    file: DefinitionFile,
) -> Iterator[Problem]:
    for name, value in values.items():
        if not _NAME.fullmatch(name):
            yield file.problem("KCC-C002", (_TABLE, name))
            continue
        declared = _declared(name, notebooks)
        if not declared:
            yield _unknown(name, notebooks, file)
        for parameter in declared:
            if not parameter.accepts(value):
                yield _wrong_type(parameter, value, file)
                break


def _unknown(
    name: str, notebooks: Sequence[NotebookFile], file: DefinitionFile
) -> Problem:
    known = settable(notebooks)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return file.problem("KCC-C003", (_TABLE, name), name=name, nearest=close[0])
    allowed = ", ".join(known) or "niets: deze notebooks hebben geen parameters"
    return file.problem("KCC-C003a", (_TABLE, name), name=name, allowed=allowed)


def _wrong_type(parameter: Parameter, value: object, file: DefinitionFile) -> Problem:
    at = (_TABLE, parameter.name)
    if isinstance(value, datetime.date | datetime.time):
        return file.problem("KCC-C005", at, name=parameter.name, value=value)
    return file.problem(
        "KCC-C004",
        at,
        value=repr(value),
        expected=_WORDS[parameter.type],
        found=repr(value),
        hint=f"De waarde waar het notebook mee werkt is {parameter.default!r}.",
    )


def settable(notebooks: Sequence[NotebookFile]) -> list[str]:
    """Names that ``[parameters]`` or ``--set`` may use."""
    names = {name for each in notebooks for name in each.parameters}
    return sorted(names.difference(_OWN))


def require_settable(
    settings: Sequence[str], notebooks: Sequence[NotebookFile]
) -> None:
    """Check every ``--set name=value`` against the notebooks of the whole call.

    Raises :class:`CallError` (R053l, m, n, q) with every fault.
    """
    found = [*setting_faults(settings, notebooks)]
    if found:
        raise CallError(found)


def setting_faults(
    settings: Sequence[str], notebooks: Sequence[NotebookFile]
) -> Iterator[Problem]:
    """What is wrong with the settings of a call; each name may be set once."""
    times = Counter(text.partition("=")[0] for text in settings)
    for name, count in times.items():
        if count > 1:
            yield problem("KCC-R053q", column=name, value=count)
    for text in settings:
        yield from _setting_faults(text, notebooks)


def from_call(settings: Sequence[str], notebook: NotebookFile) -> dict[str, Value]:
    """Values of the settings that ``notebook`` declares, read as its own types."""
    values: dict[str, Value] = {}
    for setting in settings:
        name, _, text = setting.partition("=")
        for parameter in _declared(name, [notebook]):
            value = _read(text, parameter)
            if value is not None:
                values[name] = value
    return values


def _setting_faults(
    setting: str, notebooks: Sequence[NotebookFile]
) -> Iterator[Problem]:
    name, equals, text = setting.partition("=")
    if not equals or not _NAME.fullmatch(name):
        yield problem("KCC-R053n", value=setting)
        return
    declared = _declared(name, notebooks)
    if not declared:
        yield _not_settable(name, notebooks)
        return
    unreadable = [each for each in declared if _read(text, each) is None]
    if unreadable:
        yield _unreadable(name, text, unreadable[0])


def _declared(name: str, notebooks: Sequence[NotebookFile]) -> list[Parameter]:
    if name in _OWN:
        return []
    return [each.parameters[name] for each in notebooks if name in each.parameters]


def _not_settable(name: str, notebooks: Sequence[NotebookFile]) -> Problem:
    known = settable(notebooks)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    listed = f"These can be set: {', '.join(known) or 'none'}."
    hint = f"Did you mean '{close[0]}'?" if close else listed
    return problem("KCC-R053l", value=name, hint=hint)


def _unreadable(name: str, text: str, parameter: Parameter) -> Problem:
    hint = _HINTS[parameter.type]
    return problem(
        "KCC-R053m", column=name, value=text, expected=parameter.type, hint=hint
    )


def _read(text: str, parameter: Parameter) -> Value | None:
    if parameter.type == "str":
        return text
    if parameter.type == "bool":
        return {"true": True, "false": False}.get(text)
    value: Value | None = literal(text)
    return value if parameter.accepts(value) else None


def resolved(
    notebook: NotebookFile,
    key: str,
    source: str,
    values: Mapping[str, Value],
) -> dict[str, Value]:
    """What ``notebook`` is run with: its own names only, defaults left alone."""
    own: dict[str, Value] = {MEASUREMENT: key}
    if source:
        own[SOURCE] = source
    declared = notebook.parameters
    return own | {name: values[name] for name in values if name in declared}
