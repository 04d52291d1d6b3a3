"""Answers that are allowed but odd: listed for the researcher, never removed.

Equal rows and straight lines (TRUST-F42), scales that look wrong (F46). Speeding
cannot be seen without times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kcc_research.errors import Problem, problem
from kcc_research.microdata.numbers import as_code
from kcc_research.microdata.question_answers import Numbers, QuestionAnswers
from kcc_research.microdata.raw_table import RawTable

SMALLEST_DUPLICATE = 10
"""Filled-in cells from which two equal rows are no coincidence."""

SHORTEST_BATTERY = 5
"""Questions with one range and theme from which equal answers are a straight line."""

ENOUGH = 30
"""Answers from which a pattern says something about the scale (F46)."""

_SPAN_TO_DOUBT = 6.0
_OPPOSITE = -0.3
_FEWEST_ITEMS = 3

Answered = Mapping[str, QuestionAnswers]


def suspicions(answers: Answered, raw: RawTable) -> Iterator[Problem]:
    """Equal rows, straight lines, scales half used and scales the wrong way round."""
    yield from _equal_rows(answers, raw)
    yield from _straight_lines(answers, raw)
    yield from _half_used(answers, raw)
    yield from _against_the_grain(answers, raw)


def _listed(
    code: str, raw: RawTable, rows: npt.NDArray[Any], **details: Any
) -> Problem:
    return problem(
        code,
        file=raw.file_at(int(rows[0])),
        row=raw.rows_of(rows, most=10),
        count=len(rows),
        **details,
    )


def _equal_rows(answers: Answered, raw: RawTable) -> Iterator[Problem]:
    columns = [
        reading
        for each in answers.values()
        if each.question.type not in ("identifier", "weight", "date")
        for reading in each.columns
    ]
    if len(columns) < SMALLEST_DUPLICATE:
        return
    cells = pd.DataFrame({at: each.at for at, each in enumerate(columns)})
    filled = np.sum([~each.blank for each in columns], axis=0)
    equal = cells.duplicated(keep=False).to_numpy() & (filled >= SMALLEST_DUPLICATE)
    if equal.any():
        yield _listed("KCC-D042", raw, np.flatnonzero(equal))


def _straight_lines(answers: Answered, raw: RawTable) -> Iterator[Problem]:
    for battery in _batteries(answers):
        values = np.column_stack([each.numbers for each in battery])
        straight = (values == values[:, :1]).all(axis=1)
        if straight.any():
            names = ", ".join(each.question.id for each in battery)
            rows = np.flatnonzero(straight)
            yield _listed("KCC-D042a", raw, rows, column=names)


def _batteries(answers: Answered) -> Iterator[Sequence[QuestionAnswers]]:
    groups: dict[object, list[QuestionAnswers]] = {}
    for each in answers.values():
        if each.question.type in ("scale", "grade"):
            key = (each.question.type, each.question.range, each.question.theme)
            groups.setdefault(key, []).append(each)
    return (each for each in groups.values() if len(each) >= SHORTEST_BATTERY)


def _scored(answers: Answered) -> list[QuestionAnswers]:
    return [each for each in answers.values() if each.question.direction is not None]


def _half_used(answers: Answered, raw: RawTable) -> Iterator[Problem]:
    """Answers 1–5 where 1–10 is declared: perhaps another scale was printed."""
    for each in _scored(answers):
        low, high = each.question.range or (0.0, 0.0)
        found = each.numbers[np.isfinite(each.numbers)]
        wide = high - low >= _SPAN_TO_DOUBT
        if wide and len(found) >= ENOUGH and found.max() <= high / 2:
            highest = f'"{as_code(float(found.max()))}" is het hoogste antwoord'
            yield problem(
                "KCC-D046a",
                file=raw.files,
                column=raw.column_name(each.columns[0].column),
                value="" if each.question.sensitive else highest,
                low=as_code(low),
                high=as_code(high),
                count=len(found),
            )


def _against_the_grain(answers: Answered, raw: RawTable) -> Iterator[Problem]:
    """A score that falls where most others rise: perhaps its direction is wrong."""
    scored = _scored(answers)
    if len(scored) < _FEWEST_ITEMS:
        return
    turned = pd.DataFrame({at: _turned(each) for at, each in enumerate(scored)})
    correlations = turned.corr(min_periods=ENOUGH).to_numpy().copy()
    np.fill_diagonal(correlations, np.nan)
    for each, row in zip(scored, correlations, strict=True):
        known = row[np.isfinite(row)]
        if len(known) >= _FEWEST_ITEMS - 1 and np.median(known) < _OPPOSITE:
            yield problem(
                "KCC-D046b",
                file=raw.files,
                column=raw.column_name(each.columns[0].column),
                direction=each.question.direction,
            )


def _turned(answers: QuestionAnswers) -> Numbers:
    low, high = answers.question.range or (0.0, 1.0)
    share = (answers.numbers - low) / (high - low if high > low else 1.0)
    return 1 - share if answers.question.direction == "lower_is_better" else share
