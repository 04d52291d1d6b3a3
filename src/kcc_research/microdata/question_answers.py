"""The answers to one question: values and reasons, one element per respondent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kcc_research.microdata.answers import Answer, AnswerReader
from kcc_research.microdata.columns import (
    ColumnReading,
    Mask,
    Objects,
    every,
    read_column,
)
from kcc_research.microdata.raw_table import RawTable
from kcc_research.study.questionnaire import Question

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class QuestionAnswers:
    """Answers to ``question`` by the rows of the raw table.

    ``values`` has one column, or for a *multiple* one per category (1, 0, NaN). A row
    without a value has a reason in ``reasons``. ``off_route`` marks who was not asked,
    ``removed`` who had answered all the same.
    """

    question: Question
    columns: tuple[ColumnReading, ...]
    values: npt.NDArray[Any]
    reasons: Objects
    off_route: Mask
    removed: Mask
    is_key: bool = False

    @property
    def numbers(self) -> Numbers:
        """The values of a numeric or multiple question as floats."""
        return np.asarray(self.values, dtype=np.float64)

    @property
    def turned(self) -> Numbers:
        """The numbers, with a scale on which lower is better reversed (DOMAIN-D9)."""
        if not is_reversed(self.question) or self.question.range is None:
            return self.numbers
        low, high = self.question.range
        return low + high - self.numbers

    @property
    def blank(self) -> Mask:
        """Rows in which nothing at all was filled in."""
        return every([each.blank for each in self.columns])


def is_reversed(question: Question) -> bool:
    """Whether cleaning turns the answers round, so that higher is better."""
    return question.type == "scale" and question.direction == "lower_is_better"


def question_answers(question: Question, raw: RawTable) -> QuestionAnswers:
    """Read the column(s) of a question; routing comes later."""
    reader = AnswerReader(question, raw.numbers)
    columns = tuple(
        read_column(raw.cells[name], reader) for name in question.raw_columns
    )
    nobody = np.zeros(len(raw.cells), dtype=bool)
    return QuestionAnswers(
        question=question,
        columns=columns,
        values=_values(question, columns),
        reasons=_reasons(columns),
        off_route=nobody,
        removed=nobody,
    )


def _values(question: Question, columns: tuple[ColumnReading, ...]) -> npt.NDArray[Any]:
    first = columns[0]
    if question.columns:
        return np.column_stack([each.spread(_number, np.float64) for each in columns])
    if question.separator:
        return np.column_stack(
            [first.spread(_holds(label), np.float64) for label in question.categories]
        )
    if question.is_numeric:
        return first.spread(_number, np.float64)
    if question.type == "date":
        return first.spread(_moment, "datetime64[us]")
    if question.type == "identifier":
        return np.full(len(first.at), None, dtype=object)
    return first.spread(lambda answer: answer.value, object)


def _number(answer: Answer) -> float:
    return answer.value if isinstance(answer.value, float) else np.nan


def _moment(answer: Answer) -> np.datetime64:
    moment = answer.value if isinstance(answer.value, datetime) else None
    return np.datetime64(moment, "us")


def _holds(label: str) -> Any:
    def number(answer: Answer) -> float:
        if not isinstance(answer.value, frozenset):
            return np.nan
        return float(label in answer.value)

    return number


def _reasons(columns: tuple[ColumnReading, ...]) -> Objects:
    """The first reason in a row, over the columns of the question."""
    found = columns[0].spread(lambda answer: answer.reason, object)
    for each in columns[1:]:
        more = each.spread(lambda answer: answer.reason, object)
        found = np.where(pd.isna(found), more, found)
    return found
