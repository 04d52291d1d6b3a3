"""A raw table against its questionnaire: every problem of the file at once.

The result holds the answers as read, with answers off route taken out, so that
cleaning only has to write them down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from kcc_research.errors import Problem, masked, problem
from kcc_research.microdata.answers import (
    Answer,
    Fault,
    written,
)
from kcc_research.microdata.columns import ColumnReading
from kcc_research.microdata.personal_data import (
    has_possible_bsn,
    identifying_kind,
)
from kcc_research.microdata.question_answers import QuestionAnswers, question_answers
from kcc_research.microdata.raw_table import RawTable
from kcc_research.microdata.recogniser import is_available
from kcc_research.microdata.routing import routed
from kcc_research.microdata.sav_labels import label_problems
from kcc_research.microdata.shown import may_be_shown
from kcc_research.microdata.suspicion import suspicions
from kcc_research.microdata.unplaced import unplaced
from kcc_research.study.questionnaire import Question, Questionnaire

MOST_VALUES = 20
"""Distinct wrong values of one column that are named; the rest is counted."""

EVENTS = 3.0
"""Rows per repeated identifier, on average, from which it is no respondent's."""

_HUGE_WEIGHT = 10.0
# One respondent may leave an address in an open answer; that is masked there.
_FEWEST_ADDRESSES = 3


@dataclass(frozen=True)
class Checked:
    """Answers per question, and everything that was found on the way."""

    raw: RawTable
    questionnaire: Questionnaire
    answers: Mapping[str, QuestionAnswers] = field(repr=False)
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(each for each in self.problems if each.severity == "error")


def check(raw: RawTable, questionnaire: Questionnaire) -> Checked:
    """Read every answer and collect all problems; raises nothing.

    Problems of the reading itself come first, then those of each question in the
    order of the questionnaire, then those of respondents as a whole.
    """
    read = {
        question.id: question_answers(question, raw)
        for question in questionnaire.question
        if all(name in raw.cells for name in question.raw_columns)
    }
    answers = routed(read, questionnaire)
    problems = [
        *raw.problems,
        *_without_recogniser(questionnaire, raw),
        *label_problems(raw, questionnaire),
        *(found for each in answers.values() for found in _problems(each, raw)),
        *unplaced(answers, questionnaire, raw),
        *suspicions(answers, raw),
    ]
    return Checked(raw, questionnaire, answers, tuple(problems))


def _without_recogniser(
    questionnaire: Questionnaire, raw: RawTable
) -> Iterator[Problem]:
    """Names are to be found, and nothing here can find them (Q4)."""
    asked = [each.column for each in questionnaire.question if each.names]
    if asked and not is_available():
        yield problem("KCC-Q004a", file=raw.files, column=", ".join(asked))


def _problems(answers: QuestionAnswers, raw: RawTable) -> Iterator[Problem]:
    for reading in answers.columns:
        yield from _faults(answers.question, reading, raw)
        yield from _changes(answers.question, reading, raw)
    yield from _unticked(answers, raw)
    yield from _required(answers, raw)
    yield from _off_route(answers, raw)
    if answers.question.type == "identifier" and answers.question.role != "person":
        yield from _duplicates(answers, raw)
    if answers.question.type == "text":
        yield from _personal(answers, raw)
    if answers.question.type in ("text", "choice"):
        yield from _identifying(answers, raw)
    if answers.question.type == "weight":
        yield from _huge_weights(answers, raw)


def _located(
    code: str, raw: RawTable, column: str, rows: npt.NDArray[Any], **details: object
) -> Problem:
    return problem(
        code,
        file=raw.file_at(int(rows[0])),
        row=raw.rows_of(rows),
        column=raw.column_name(column),
        count=len(rows),
        **details,
    )


def shown_value(question: Question, cell: object, details: Mapping[str, str]) -> str:
    """A wrong value for a message: literal where it can be a code, else masked."""
    text = written(cell)
    if not text.strip():
        return "(leeg)"
    if not may_be_shown(question, text):
        return masked(text)
    readings = details.get("readings")
    return f'"{text}"  (kan {readings} betekenen)' if readings else f'"{text}"'


def _faults(
    question: Question, reading: ColumnReading, raw: RawTable
) -> Iterator[Problem]:
    by_code: dict[str, list[tuple[object, Fault, Any]]] = {}
    for cell, fault, rows in reading.faults:
        by_code.setdefault(fault.code, []).append((cell, fault, rows))
    for code, found in by_code.items():
        for cell, fault, rows in found[:MOST_VALUES]:
            yield _located(
                code,
                raw,
                reading.column,
                rows,
                value=shown_value(question, cell, fault.details),
                **{"readings": "", **fault.details},
            )
        if len(found) > MOST_VALUES:
            yield _remaining(reading.column, found[MOST_VALUES:], raw)


def _remaining(
    column: str, found: Sequence[tuple[object, Fault, Any]], raw: RawTable
) -> Problem:
    rows = np.sort(np.concatenate([rows for _, _, rows in found]))
    return _located("KCC-D044a", raw, column, rows, values=len(found))


def _changes(
    question: Question, reading: ColumnReading, raw: RawTable
) -> Iterator[Problem]:
    """Normalised and excluded answers: counted here, listed in the cleaning log."""
    for code, rule in (("KCC-D043a", "normalised"), ("KCC-D028c", "out_of_range")):
        for cell, _, rows in reading.answers_by(rule):
            value = shown_value(question, cell, {})
            yield _located(code, raw, reading.column, rows, value=value)
    changed = list(reading.answers_by("control_characters"))
    if changed:
        rows = np.sort(np.concatenate([rows for _, _, rows in changed]))
        yield _located("KCC-D027b", raw, reading.column, rows)


def _unticked(answers: QuestionAnswers, raw: RawTable) -> Iterator[Problem]:
    """Blank beside a ticked box: is it *not ticked* or *not answered*? (D20)

    The questionnaire may say: by ``codes`` that it is not ticked, by ``missing`` that
    it is not answered.
    """
    if not answers.question.columns or "" in answers.question.missing:
        return
    some = ~np.isnan(answers.numbers).all(axis=1) & ~answers.off_route
    for reading in answers.columns:
        undecided = reading.where(_is_undeclared_blank) & reading.blank & some
        rows = np.flatnonzero(undecided)
        if len(rows):
            yield _located(
                "KCC-D027a", raw, reading.column, rows, question=answers.question.id
            )


def _is_undeclared_blank(reading: Answer | Fault) -> bool:
    return isinstance(reading, Answer) and reading.reason == "no_answer"


def _required(answers: QuestionAnswers, raw: RawTable) -> Iterator[Problem]:
    if not answers.question.required:
        return
    rows = np.flatnonzero(answers.blank & ~answers.off_route)
    if len(rows) and answers.question.type != "weight":
        yield _located("KCC-D027", raw, answers.columns[0].column, rows)


def _off_route(answers: QuestionAnswers, raw: RawTable) -> Iterator[Problem]:
    rows = np.flatnonzero(answers.removed)
    if len(rows):
        yield _located(
            "KCC-D048",
            raw,
            answers.columns[0].column,
            rows,
            condition=answers.question.asked_if,
        )


def _is_per_event(counts: npt.NDArray[np.int64]) -> bool:
    """Whether the same identifier comes back again and again, in most of the rows."""
    repeated = counts[counts > 1]
    if len(repeated) < 2:
        return False
    return bool(repeated.sum() > counts.sum() / 2 and repeated.mean() >= EVENTS)


def _duplicates(answers: QuestionAnswers, raw: RawTable) -> Iterator[Problem]:
    """Equal identifiers (F41); values are never shown."""
    reading = answers.columns[0]
    counts = np.bincount(reading.at, minlength=len(reading.cells))
    counts[-1] = 0
    twice = np.flatnonzero(counts > 1)
    if answers.is_key and _is_per_event(counts):
        rows = np.flatnonzero(np.isin(reading.at, twice))
        yield _located("KCC-D041n", raw, reading.column, rows, values=len(twice))
        return
    code = "KCC-D041" if answers.is_key else "KCC-D041b"
    for number in twice[:MOST_VALUES]:
        rows = np.flatnonzero(reading.at == number)
        value = masked(written(reading.cells[number]))
        yield _located(code, raw, reading.column, rows, value=value)
    if len(twice) > MOST_VALUES:
        rows = np.flatnonzero(np.isin(reading.at, twice[MOST_VALUES:]))
        yield _located("KCC-D041c", raw, reading.column, rows, values=len(twice))
    blank = np.flatnonzero(reading.blank)
    if len(blank) and answers.is_key:
        yield _located("KCC-D041a", raw, reading.column, blank)


def _personal(answers: QuestionAnswers, raw: RawTable) -> Iterator[Problem]:
    reading = answers.columns[0]
    by_kind: dict[str, list[Any]] = {}
    for _, answer, rows in reading.answers_by("personal_data"):
        for kind in dict.fromkeys(answer.kinds):
            by_kind.setdefault(kind, []).append(rows)
    for kind, found in by_kind.items():
        rows = np.sort(np.concatenate(found))
        yield _located("KCC-Q001", raw, reading.column, rows, kind=kind)
    doubtful = reading.where(_has_doubtful_number) & ~answers.off_route
    rows = np.flatnonzero(doubtful)
    if len(rows):
        yield _located("KCC-Q003", raw, reading.column, rows)


def _identifying(answers: QuestionAnswers, raw: RawTable) -> Iterator[Problem]:
    """A column that is mostly addresses: no question of ours may ask them (D13)."""
    reading = answers.columns[0]
    kinds = [identifying_kind(written(each)) for each in reading.cells[:-1]]
    filled = int((~reading.blank).sum())
    for kind in sorted({each for each in kinds if each}):
        marked = np.array([*(each == kind for each in kinds), False], dtype=bool)
        rows = np.flatnonzero(marked[reading.at])
        if len(rows) >= _FEWEST_ADDRESSES and 2 * len(rows) > filled:
            yield _located("KCC-P001d", raw, reading.column, rows, kind=kind)


def _has_doubtful_number(reading: Answer | Fault) -> bool:
    return (
        isinstance(reading, Answer)
        and isinstance(reading.value, str)
        and has_possible_bsn(reading.value)
    )


def _huge_weights(answers: QuestionAnswers, raw: RawTable) -> Iterator[Problem]:
    weights = answers.numbers
    sound = np.isfinite(weights)
    if not sound.any():
        return
    mean = float(weights[sound].mean())
    rows = np.flatnonzero(sound & (weights > _HUGE_WEIGHT * mean))
    if len(rows):
        largest = f'"{written(float(weights.max(where=sound, initial=0.0)))}"'
        yield _located(
            "KCC-D052a",
            raw,
            answers.columns[0].column,
            rows,
            value=largest,
            times=int(_HUGE_WEIGHT),
        )
