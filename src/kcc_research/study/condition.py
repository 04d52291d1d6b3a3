"""Conditions on answers: ``contact = ja``, ``leeftijd in 18-29 | 30-44``.

One small grammar serves routing (``asked_if``) and filters. A condition names one
question and the categories that fulfil it, as the questionnaire labels them; several
conditions are joined by ``and``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_CLAUSE = re.compile(
    r"^\s*(?P<question>[a-z][a-z0-9_]*)\s*(?P<operator>!=|=|in)\s*(?P<rest>\S.*?)\s*$"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison: a question, equal or unequal, and categories."""

    question: str
    operator: Literal["in", "not in"]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Clauses that must all hold. Parse one with :func:`parse_condition`."""

    text: str
    clauses: tuple[Clause, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(clause.question for clause in self.clauses)


def parse_condition(text: str) -> Condition:
    """Read a condition; a ``ValueError`` says what is not understood.

    >>> parse_condition("contact = ja").clauses[0].categories
    ('ja',)
    """
    clauses = []
    for part in re.split(r"\band\b", text):
        match = _CLAUSE.match(part)
        if match is None:
            raise ValueError(
                f"'{part.strip()}' is geen voorwaarde; schrijf bijvoorbeeld "
                "'contact = ja' of 'kanaal in telefoon | balie'"
            )
        categories = tuple(each.strip() for each in match["rest"].split("|"))
        if match["operator"] != "in" and len(categories) > 1:
            raise ValueError(f"gebruik 'in' voor meer antwoorden: '{part.strip()}'")
        operator: Literal["in", "not in"] = (
            "not in" if match["operator"] == "!=" else "in"
        )
        clauses.append(Clause(match["question"], operator, categories))
    return Condition(text, tuple(clauses))
