"""How many contacts and invitations there were, per period and channel.

The counts come from the registration of contacts, not from those who answered. They
are what the answers of a channel are weighted to, and what its response is a part of
(STAT-N10, M11). Counts that cannot be true are refused, all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from kcc_research.errors import DataError, Problem, problem
from kcc_research.study.measurement import Source, Study
from kcc_research.study.period import Length, period_of
from kcc_research.study.questionnaire import Question, Questionnaire, QuestionRole

Cell = tuple[str, str]
"""A period and a channel."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Contacts, invitations, and invitations that did not arrive."""

    contacts: int = 0
    invited: int = 0
    undeliverable: int = 0

    @property
    def reached(self) -> int:
        return self.invited - self.undeliverable

    def plus(self, other: Counts) -> Counts:
        return Counts(
            self.contacts + other.contacts,
            self.invited + other.invited,
            self.undeliverable + other.undeliverable,
        )


Volumes = Mapping[Cell, Counts]


def question_for(questionnaire: Questionnaire, role: QuestionRole) -> Question:
    """The question with a role that the definitions were checked to have (C004s)."""
    found = questionnaire.with_role(role)
    if found is None:
        raise LookupError(f"no question has the role {role!r}")
    return found


def contact_volumes(
    questionnaire: Questionnaire, rows: pd.DataFrame, length: Length
) -> Volumes:
    """Counts summed per period and channel; an absent count is zero.

    ``rows``: one per day (or week, or month) and channel, as checked.
    """
    day = pd.to_datetime(rows[question_for(questionnaire, "contact_date").id])
    channel = rows[question_for(questionnaire, "channel").id].astype(str)
    roles: tuple[QuestionRole, ...] = ("contacts", "invited", "undeliverable")
    numbers = []
    for role in roles:
        question = questionnaire.with_role(role)
        filled = [0] * len(rows) if question is None else rows[question.id].fillna(0)
        numbers.append([int(each) for each in filled])
    found: dict[Cell, Counts] = {}
    for when, where, *counts in zip(day, channel, *numbers, strict=True):
        cell = (period_of(when, length), str(where))
        found[cell] = found.get(cell, Counts()).plus(Counts(*counts))
    return found


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of several cells."""
    found = Counts()
    for each in counts:
        found = found.plus(each)
    return found


def refuse_impossible(
    study: Study, source: Source, answers: Mapping[Cell, int], volumes: Volumes
) -> None:
    """Raise ``DataError`` for answers without contacts, and for counts too small.

    ``answers`` are the answers of ``source`` per period and channel.
    """
    file = study.measurement.sources[source.volumes or ""].pattern
    found = [*_without_contacts(source, file, answers, volumes)]
    found += [
        problem("KCC-D052e", file=file, volumes=file, value=_words(cell))
        for cell, counts in volumes.items()
        if counts.invited > counts.contacts or counts.reached < 0
    ]
    if found:
        raise DataError(found)


def _without_contacts(
    source: Source, file: str, answers: Mapping[Cell, int], volumes: Volumes
) -> Iterator[Problem]:
    for cell, n in answers.items():
        counts = volumes.get(cell, Counts())
        where = {"file": source.pattern, "volumes": file, "value": _words(cell)}
        if not counts.contacts:
            yield problem("KCC-D052c", count=n, **where)
        elif n > counts.reached:
            yield problem("KCC-D052d", count=n, reached=counts.reached, **where)


def _words(cell: Cell) -> str:
    return f"{cell[0]}, {cell[1]}"
