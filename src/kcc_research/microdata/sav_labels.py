"""What a .sav says of its codes against what the questionnaire says (DOMAIN-D8).

The file is never believed: a code whose label means *weet niet* or the like must be
declared in the questionnaire, and a code that the file calls missing may not be a
valid answer there without somebody having decided so.
"""

from __future__ import annotations

from collections.abc import Iterator

from kcc_research.errors import Problem, problem
from kcc_research.microdata.answers import Answer, AnswerReader, normalised
from kcc_research.microdata.numbers import as_code
from kcc_research.microdata.raw_table import RawTable
from kcc_research.study.no_answer import means_no_answer
from kcc_research.study.questionnaire import Question, Questionnaire


def label_problems(raw: RawTable, questionnaire: Questionnaire) -> Iterator[Problem]:
    """Codes that demand a decision, question by question."""
    for question in questionnaire.question:
        for column in question.raw_columns:
            if column in raw.cells:
                yield from _undecided(question, column, raw)
                yield from _contradicted(question, column, raw)
                yield from _swapped(question, column, raw)
                yield from _of_another_scale(question, column, raw)


def _undecided(question: Question, column: str, raw: RawTable) -> Iterator[Problem]:
    for code, label in raw.labels.get(column, {}).items():
        # A number is averaged: only as a missing code it is not (DOMAIN-D8).
        is_category = code in question.codes and not question.is_numeric
        decided = code in question.missing or is_category
        if means_no_answer(label) and not decided and question.is_closed:
            yield problem(
                "KCC-D028a",
                file=raw.files,
                column=raw.column_name(column),
                value=f'{code} = "{label}"',
                answer=code,
                count=_count(raw, column, code),
            )


def _count(raw: RawTable, column: str, code: str) -> int:
    return sum(
        as_code(each) == code if isinstance(each, float) else str(each) == code
        for each in raw.cells[column].dropna()
    )


def _contradicted(question: Question, column: str, raw: RawTable) -> Iterator[Problem]:
    """Values that the file declares missing and the questionnaire reads as answers."""
    ranges = raw.user_missing.get(column, ())
    if not ranges:
        return
    reader = AnswerReader(question, raw.numbers)
    for value in sorted(
        {v for v in raw.cells[column].dropna() if isinstance(v, float)}
    ):
        reading = reader(value)
        valid = isinstance(reading, Answer) and reading.value is not None
        if valid and any(low <= value <= high for low, high in ranges):
            code = as_code(value)
            yield problem(
                "KCC-D028b",
                file=raw.files,
                column=raw.column_name(column),
                value=f'"{code}"',
                answer=code,
                count=_count(raw, column, code),
            )


def _swapped(question: Question, column: str, raw: RawTable) -> Iterator[Problem]:
    """A label of the questionnaire that the file gives to another code (F46)."""
    in_file = {normalised(v): k for k, v in raw.labels.get(column, {}).items()}
    for code, label in question.codes.items():
        other = in_file.get(normalised(label), code)
        if other != code and other in question.codes and not question.columns:
            yield problem(
                "KCC-D046",
                file=raw.files,
                column=raw.column_name(column),
                value=f'"{other}"',
                label=label,
                answer=code,
                other=other,
            )


FEWEST_LABELS = 3
"""Labels of codes that follow on each other from which they describe a scale."""

ENOUGH_BEYOND = 30
"""Answers above the highest label that are no typing errors (TRUST-F46)."""


def _of_another_scale(
    question: Question, column: str, raw: RawTable
) -> Iterator[Problem]:
    """Labels that stop halfway the answers: perhaps those of a copy on a short scale.

    Labels at both ends of a scale only, and those of one code such as *weet niet*,
    are no scale of their own.
    """
    if question.range is None or question.type not in ("grade", "scale"):
        return
    low, high = question.range
    codes = {float(code) for code in raw.labels.get(column, {}) if _is_number(code)}
    run = 0
    while low + run in codes:
        run += 1
    highest = max(codes, default=high)
    if run < FEWEST_LABELS or highest >= high:
        return
    cells = raw.cells[column]
    beyond = sum(isinstance(each, float) and highest < each <= high for each in cells)
    if beyond >= ENOUGH_BEYOND:
        yield problem(
            "KCC-D046c",
            file=raw.files,
            column=raw.column_name(column),
            highest=as_code(highest),
            low=as_code(low),
            high=as_code(high),
            count=beyond,
        )


def _is_number(code: str) -> bool:
    return code.lstrip("-").replace(".", "", 1).isdigit()
