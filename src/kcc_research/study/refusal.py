"""What the models refuse, said in Dutch at the line where it stands.

Pydantic tells what is wrong in English and by position in the values; a researcher
needs the line in the file, the word to change and what to change it into.
"""

from __future__ import annotations

import re
import tomllib
import types
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kcc_research.errors import Problem
from kcc_research.study.definition_file import (
    LONGEST_VALUE_SHOWN,
    DefinitionFile,
    listed,
    nearest,
    shortened,
    shown_path,
)
from kcc_research.study.model import FaultsError
from kcc_research.study.municipality import code_hint
from kcc_research.study.toml_lines import KeyPath

_EXPECTED = {
    "string": "tekst tussen aanhalingstekens",
    "int": "een heel getal",
    "float": "een getal",
    "bool": "true of false",
    "date": "een datum zoals 2024-03-29, zonder aanhalingstekens",
    "dict": "een tabel zoals { a = 1 }",
    "tuple": "een lijst tussen [ en ]",
    "model": "een tabel met een eigen kop",
    "parameter": "tekst, een getal, of true of false",
}
_FOUND = (
    (bool, "true of false"),
    (str, "tekst"),
    (int, "een heel getal"),
    (float, "een getal met decimalen"),
    (datetime, "een datum met tijd"),
    (date, "een datum"),
    (time, "een tijd"),
    (list, "een lijst"),
    (dict, "een tabel"),
)
_FORMS = {
    "id": "Een id begint met een kleine letter; daarna a-z, 0-9 en _ (60 tekens).",
    "file": "Een bestandsnaam zonder map: letters, cijfers, punt, streepje en _.",
    "measurement": "Schrijf de meting als eigenaar/naam van haar map.",
    "sha256": "Een sha256 heeft 64 tekens: 0-9 en a-f.",
    "table": "Schrijf de tabel als bron/uitkomst/uitsplitsing.",
}
# What a Dutch researcher may type where the key is English.
_DUTCH_KEYS = {
    "aantal": "rows",
    "antwoorden": "codes",
    "bestand": "file",
    "bron": "source",
    "eerder": "earlier",
    "eind": "end",
    "eenheid": "unit",
    "gemeente": "municipality",
    "kolom": "column",
    "kolommen": "columns",
    "norm": "norm",
    "opdrachtgever": "commissioner",
    "plaats": "place",
    "reden": "reason",
    "richting": "direction",
    "soort": "type",
    "tekst": "text",
    "titel": "title",
    "uitsplitsingen": "breakdowns",
    "veldwerk": "fieldwork",
    "vraag": "question",
    "vragenlijst": "questionnaire",
}
_FILE_KEYS = frozenset({"file", "files", "questionnaire", "margins", "logo"})
_LIMITS = {"greater_than_equal": "ge", "less_than_equal": "le"}
_PLAIN: Mapping[str, str] = {
    "greater_than": "de waarde moet groter zijn dan {gt}",
    "greater_than_equal": "de waarde moet minstens {ge} zijn",
    "less_than": "de waarde moet kleiner zijn dan {lt}",
    "less_than_equal": "de waarde mag hoogstens {le} zijn",
    "finite_number": "nan en inf zijn hier geen getal",
    "string_too_short": "de tekst is leeg",
    "string_too_long": "de tekst is langer dan {max_length} tekens",
    "too_short": "er moet minstens {min_length} staan",
    "too_long": "er staan er te veel; hoogstens {max_length}",
}


def validation_problems(
    file: DefinitionFile, error: ValidationError, model: type[BaseModel]
) -> list[Problem]:
    """What pydantic found, as problems with line and remedy, each only once."""
    problems: dict[tuple[object, ...], Problem] = {}
    details = error.errors(include_url=False)
    for detail in details:
        if _follows_from_another(detail, details):
            continue
        for found in _translated(file, detail, model):
            problems.setdefault((found.row, found.column, found.title), found)
    return list(problems.values())


def _follows_from_another(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list is too short for pydantic when what stands in it is wrong."""
    at = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(each["loc"]) > len(at) and each["loc"][: len(at)] == at for each in details
    )


def _translated(
    file: DefinitionFile, detail: ErrorDetails, model: type[BaseModel]
) -> list[Problem]:
    path = _path_in_file(detail["loc"], file.values)
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, FaultsError):
        return [
            _refused(file, (*path, *inner), detail["input"], reason)
            for inner, reason in cause.faults
        ]
    return [_one_translated(file, path, detail, model)]


def _refused(
    file: DefinitionFile, path: KeyPath, value: object, reason: str
) -> Problem:
    shown = "" if isinstance(value, dict | list | BaseModel) else value
    where = _where(path, file.values)
    return file.problem("KCC-C004c", path, value=shown, reason=reason, where=where)


def _path_in_file(loc: KeyPath, values: object) -> KeyPath:
    """The part of a location that exists in the file, plus a key that is missing.

    Pydantic adds parts of its own, such as the branch of a union.
    """
    path: KeyPath = ()
    here = values
    for part in loc:
        path = (*path, part)
        if isinstance(here, dict) and part in here:
            here = here[str(part)]
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            return path if isinstance(here, dict) else path[:-1]
    return path


def _one_translated(
    file: DefinitionFile, path: KeyPath, detail: ErrorDetails, model: type[BaseModel]
) -> Problem:
    kind = detail["type"]
    name = str(path[-1]) if path else ""
    value = detail["input"]
    if "[key]" in detail["loc"]:
        return file.problem("KCC-C002", path, value=value)
    if kind == "extra_forbidden":
        return _unknown_key(file, path, model)
    if kind == "missing" and isinstance(detail["loc"][-1], int):
        return _refused(file, path, "", "deze lijst heeft te weinig waarden")
    if kind == "missing":
        return file.problem(
            "KCC-C004a", path, name=name, where=_where(path[:-1], file.values)
        )
    if kind == "literal_error":
        options = re.findall(r"'([^']*)'", str(detail["ctx"]["expected"]))
        return file.problem(
            "KCC-C004b", path, value=value, name=name, allowed=listed(options)
        )
    if path[:1] == ("disclosure",) and kind in _LIMITS:
        limit = detail["ctx"][_LIMITS[kind]]
        return file.problem("KCC-S001", path, value=value, name=name, limit=limit)
    if kind == "string_pattern_mismatch":
        return _wrong_form(file, path, name, str(value))
    if kind.endswith("_type") or kind.endswith("_parsing"):
        return _wrong_type(file, path, name, value, kind)
    return _refused(file, path, value, _reason(detail))


def _where(path: KeyPath, values: object) -> str:
    """The table a key belongs in, named by its id when it has one."""
    here: Any = values
    identifier = ""
    for part in path:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(here, dict):
            identifier = str(here.get("id", identifier))
    shown = shown_path(path)
    if not shown:
        return "het bestand, boven de eerste kop"
    return f"{shown} '{identifier}'" if identifier else shown


def _unknown_key(
    file: DefinitionFile, path: KeyPath, model: type[BaseModel]
) -> Problem:
    name = str(path[-1])
    allowed = sorted(_fields_at(model, path[:-1]))
    dutch = nearest(name, _DUTCH_KEYS)
    close = nearest(name, allowed) or _DUTCH_KEYS.get(dutch, "")
    if close in allowed:
        return file.problem("KCC-C003", path, name=name, nearest=close)
    return file.problem("KCC-C003a", path, name=name, allowed=listed(allowed))


def _fields_at(model: type[BaseModel], path: KeyPath) -> set[str]:
    """Names a user may write in the table at ``path``."""
    here = model
    for part in path:
        if isinstance(part, str) and part in here.model_fields:
            below = _model_in(here.model_fields[part].annotation)
            here = below if below is not None else here
    return set(here.model_fields) - set(getattr(here, "NOT_IN_FILE", ()))


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, dict, list, Union, Annotated, types.UnionType):
        for each in get_args(annotation):
            below = _model_in(each)
            if below is not None:
                return below
    return None


def _wrong_form(file: DefinitionFile, path: KeyPath, name: str, value: str) -> Problem:
    if name == "municipality":
        return file.problem("KCC-C006a", path, value=value, hint=code_hint(value))
    form = _FORMS.get("file" if name in _FILE_KEYS else name, _FORMS["id"])
    return file.problem("KCC-C004d", path, value=value, name=name, hint=form)


def _wrong_type(
    file: DefinitionFile, path: KeyPath, name: str, value: object, kind: str
) -> Problem:
    if path[:1] == ("parameters",):
        if isinstance(value, date | time):
            return file.problem("KCC-C005", path, value=value, name=name)
        kind = "parameter_type"
    expected = _EXPECTED.get(kind.partition("_")[0], "een andere waarde")
    shown = "" if isinstance(value, dict | list) else value
    return file.problem(
        "KCC-C004",
        path,
        value=shown,
        expected=expected,
        found=_found(value),
        hint=_type_hint(value, kind, name),
    )


def _found(value: object) -> str:
    return next(word for kind, word in _FOUND if isinstance(value, kind))


def _type_hint(value: object, kind: str, name: str) -> str:
    if isinstance(value, str) and _reads_bare(value):
        return f"Haal de aanhalingstekens weg: {name} = {shortened(value)}."
    if kind.startswith("string") and isinstance(value, int | float):
        return f'Zet er aanhalingstekens omheen: {name} = "{value}".'
    if kind.startswith("tuple"):
        return f'Schrijf ook één waarde als lijst: {name} = ["…"].'
    return "Verbeter de waarde."


def _reads_bare(text: str) -> bool:
    """Whether the text without quotes would be a number, a date or true or false."""
    if len(text) > LONGEST_VALUE_SHOWN:
        return False
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except ValueError:
        return False
    return not isinstance(value, str | list | dict)


def _reason(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "value_error":
        return str(context["error"])
    plain = _PLAIN.get(detail["type"])
    return plain.format(**context) if plain else "deze waarde kan hier niet"
