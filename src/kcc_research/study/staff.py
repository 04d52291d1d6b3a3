"""Staff are people too (TRUST-D12, P7): nothing per employee, a team only of five.

Whether a column is about staff is never guessed. One whose name says so has to declare
what it is: ``staff = "team"`` with the number of employees per team, or ``"nobody"``.
Whoever helped somebody is left out of the questionnaire, or is an *identifier*.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kcc_research.errors import Problem
from kcc_research.study.definition_file import DefinitionFile
from kcc_research.study.measurement import Measurement
from kcc_research.study.questionnaire import Question, Questionnaire
from kcc_research.study.record_layout import GROUPINGS, RecordField, RecordLayout

STAFF_WORDS = frozenset(
    {
        *("medewerker", "medewerkernaam", "medewerkernummer", "medewerkercode"),
        *("baliemedewerker", "klantadviseur", "adviseur", "behandelaar", "collega"),
        *("agent", "agentnaam", "agentid", "operator", "employee", "personeelsnummer"),
        *("team", "teamnaam", "loket", "loketnummer", "balienummer", "werkplek"),
    }
)
_GROUPS = frozenset({"choice", "multiple", "number"})
_WORD = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True)
class _Grouping:
    """What results may be split by: a question, or a column of a registration."""

    name: str
    columns: tuple[str, ...]
    staff: Literal["team", "nobody"] | None
    employees: Mapping[str, int]
    categories: Collection[str]


def staff_problems(
    measurement: Measurement,
    file: DefinitionFile,
    questionnaires: Mapping[str, Questionnaire],
    layouts: Mapping[str, RecordLayout],
) -> Iterator[Problem]:
    """Groupings by employee, or by a team of fewer than the policy asks (S012)."""
    least = measurement.disclosure.minimum_team
    for index, source in enumerate(measurement.source):
        at = ("source", index, "id")
        for each in _groupings(questionnaires.get(source.id), layouts.get(source.id)):
            if each.staff is None and looks_like_staff(each.name, *each.columns):
                yield file.problem("KCC-S012", at, value=each.name, source=source.id)
            elif each.staff == "team":
                for team, people in _small_teams(each, least):
                    yield file.problem(
                        "KCC-S012a",
                        at,
                        value=team,
                        name=each.name,
                        people="niet ingevuld" if people is None else people,
                        least=least,
                    )


def looks_like_staff(*names: str) -> bool:
    """Whether a name says that it is about who works there.

    >>> looks_like_staff("Naam medewerker"), looks_like_staff("aantal_medewerkers")
    (True, False)
    """
    words = (word for name in names for word in _WORD.split(name.casefold()))
    return not STAFF_WORDS.isdisjoint(words)


def _small_teams(grouping: _Grouping, least: int) -> Iterable[tuple[str, int | None]]:
    """Teams with too few employees; None where it was not said how many."""
    for team in grouping.categories or ("",):
        people = grouping.employees.get(team)
        if people is None or people < least:
            yield team or grouping.name, people


def _groupings(
    questionnaire: Questionnaire | None, layout: RecordLayout | None
) -> Iterator[_Grouping]:
    for question in questionnaire.question if questionnaire else ():
        if question.type in _GROUPS:
            yield _of_question(question)
    for role in GROUPINGS if layout else ():
        field = layout.field.get(role) if layout else None
        if field is not None:
            yield _of_field(field)


def _of_question(question: Question) -> _Grouping:
    columns = (question.column, *question.columns.values())
    return _Grouping(
        question.id, columns, question.staff, question.employees, question.categories
    )


def _of_field(field: RecordField) -> _Grouping:
    names = tuple(dict.fromkeys(field.codes.values())) or (field.value,)
    return _Grouping(field.column, (), field.staff, field.employees, names)
