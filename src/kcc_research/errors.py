"""Every refusal of the package, and the one form in which a user meets it.

The tree, with the family of its codes (TRUST §2):

- ``KccError``: anything this package raises on purpose.
    - ``UserError``: the remedy lies with the user; shown without a traceback.
        - ``DefinitionError`` (C): a measurement or questionnaire file is wrong.
        - ``DataError`` (D): a raw file does not hold what its questionnaire declares.
        - ``DisclosureError`` (S): a number may not be published.
        - ``PrivacyError`` (P, Q): personal data would go where they may not.
        - ``RunError`` (R): a notebook or a step of a run failed.
            - ``CallError`` (R053): the call itself is wrong.
            - ``LockedError`` (R058): another run holds the measurement.
        - ``OutputError`` (O): a report does not meet the law or our own rules.

A refusal carries *problems*, all of them at once. The wording of a problem is not
in the code: it stands in ``data/messages/<family>.toml``, keyed by code.
"""

from __future__ import annotations

import functools
import string
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Literal

Severity = Literal["error", "warning", "notice"]

_NBSP = "\u00a0"
_DUTCH_FAMILIES = frozenset("CDSPQ")
_WORDS = {
    "nl": {
        "error": "fout",
        "warning": "waarschuwing",
        "notice": "melding",
        "file": "bestand",
        "row": "rij",
        "column": "kolom",
        "value": "waarde",
        "remedy": "herstel",
    },
    "en": {word: word for word in ("error", "warning", "notice")}
    | {word: word for word in ("file", "row", "column", "value", "remedy")},
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it stands, and what to do about it.

    ``row`` is the row as an editor or Excel shows it: the header is row 1. ``value``
    is literal for closed columns only; for open text, identifiers and undeclared
    columns use :func:`masked`. Make problems with :func:`problem`, which takes title
    and remedy from the message catalogue.
    """

    code: str
    title: str
    remedy: str
    severity: Severity = "error"
    file: str = ""
    row: str = ""
    column: str = ""
    value: str = ""
    details: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def language(self) -> Literal["nl", "en"]:
        return "nl" if self.code[4] in _DUTCH_FAMILIES else "en"

    def __str__(self) -> str:
        words = _WORDS[self.language]
        lines = [f"{self.code}  {words[self.severity]}  {visible(self.title)}"]
        for name in ("file", "row", "column", "value", "remedy"):
            text = getattr(self, name)
            if text:
                lines.append(f"  {words[name]:<8} {visible(text)}")
        return "\n".join(lines)


@functools.cache
def _catalogue(family: str) -> dict[str, dict[str, str]]:
    source = files("kcc_research") / "data" / "messages" / f"{family}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def catalogue(family: str) -> dict[str, dict[str, str]]:
    """All messages of one family: code → title, remedy and perhaps severity."""
    return _catalogue(family)


def problem(
    code: str,
    *,
    file: str = "",
    row: int | str = "",
    column: str = "",
    value: object = "",
    **details: object,
) -> Problem:
    """Make the problem ``code`` from the catalogue.

    ``details`` fill the placeholders of title and remedy, as do the other fields.

    >>> problem("KCC-R058", pid=12, host="a", since="09:00").severity
    'error'
    """
    entry = _catalogue(code[4])[code]
    shown = {"file": file, "row": str(row), "column": column, "value": str(value)}
    fields = shown | {name: str(detail) for name, detail in details.items()}
    return Problem(
        code=code,
        title=entry["title"].format_map(_Strict(fields)),
        remedy=entry["remedy"].format_map(_Strict(fields)),
        severity=entry.get("severity", "error"),  # type: ignore[arg-type]
        details=tuple((name, str(detail)) for name, detail in details.items()),
        **shown,
    )


class _Strict(dict[str, str]):
    def __missing__(self, key: str) -> str:
        raise KeyError(f"the message needs {key!r}")


def placeholders(template: str) -> set[str]:
    """Names a message template must be given."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def visible(text: str) -> str:
    r"""A text in which nothing steers a terminal or looks like another line of ours.

    >>> print(visible("7\x1b[2J"))
    7\x1b[2J
    """
    return "".join(
        each if each.isprintable() or each == _NBSP else repr(each)[1:-1]
        for each in text
    )


def masked(value: object, kind: str = "tekst") -> str:
    """What may be shown of a value that could be personal: its type and length.

    >>> masked("mevrouw Jansen")
    '[afgeschermd: tekst, 14 tekens]'
    """
    return f"[afgeschermd: {kind}, {len(str(value))} tekens]"


class KccError(Exception):
    """Anything this package raises on purpose."""


class UserError(KccError):
    """The remedy lies with the user: shown without a traceback."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems: tuple[Problem, ...] = found
        super().__init__("\n".join(str(each) for each in found))

    def _render_traceback_(self) -> list[str]:
        """What JupyterLab shows below a cell: the problems, not our source code."""
        return [str(self)]

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.problems,)


class DefinitionError(UserError):
    """A measurement or questionnaire file is wrong."""


class DataError(UserError):
    """A raw file does not hold what its questionnaire declares."""


class DisclosureError(UserError):
    """A number may not be published."""


class PrivacyError(UserError):
    """Personal data would go where they may not."""


class RunError(UserError):
    """A notebook or a step of a run failed."""


class CallError(RunError):
    """The call itself is wrong: a verb, an option, a key that does not exist."""

    exit_code = 2


class LockedError(RunError):
    """Another run holds the measurement."""

    exit_code = 75


class OutputError(UserError):
    """A report does not meet the law or our own rules."""
