"""What a processed file may hold, derived from its questionnaire (STYLE-S5).

One source for types, categories and ranges: cleaning validates what it made before
anything is written. A processed file is not validated again when it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from kcc_research.errors import DataError, Problem, problem
from kcc_research.microdata.pseudonyms import PATTERN
from kcc_research.study.questionnaire import Question, Questionnaire

ColumnKind = Literal[
    "number", "category", "tick", "date", "text", "reason", "pseudonym"
]

REASONS = ("dont_know", "no_answer", "not_asked", "refused")
MISSING_SUFFIX = "__missing"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of the responses frame.

    ``categories`` in their declared order; ``low`` and ``high`` both included;
    ``optional`` columns are absent when nobody lacks an answer.
    """

    name: str
    question: str
    kind: ColumnKind
    categories: tuple[str, ...] = ()
    low: float = -np.inf
    high: float = np.inf
    optional: bool = False

    def accepts_type(self, column: pd.Series[Any]) -> bool:
        if self.kind in ("number", "tick"):
            return column.dtype == np.float64
        if self.kind == "date":
            return column.dtype.kind == "M"
        return isinstance(column.dtype, pd.StringDtype)

    def outside(self, column: pd.Series[Any]) -> pd.Series[bool]:
        """Marks values that the questionnaire does not allow; missing is allowed."""
        if self.kind == "number":
            inside = column.between(self.low, self.high) & np.isfinite(column)
        elif self.kind == "tick":
            inside = column.isin([0.0, 1.0])
        elif self.kind in ("category", "reason"):
            inside = column.isin(self.categories)
        elif self.kind == "pseudonym":
            inside = column.str.fullmatch(PATTERN.pattern).fillna(False).astype(bool)
        else:
            return pd.Series(False, index=column.index)
        outside: pd.Series[bool] = column.notna() & ~inside
        return outside


@dataclass(frozen=True)
class TableSpec:
    """All columns of the responses frame, in order."""

    columns: tuple[ColumnSpec, ...]

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> TableSpec:
        """Derive the specification; identifiers are no part of it, linked ones as
        pseudonyms only (TRUST-P1).
        """
        return cls(
            tuple(
                spec
                for question in questionnaire.question
                if question.is_kept
                for spec in _specs(question)
            )
        )

    def problems(self, responses: pd.DataFrame) -> list[Problem]:
        """Every way in which a frame departs from the specification."""
        return [
            *self._shape(responses),
            *(found for spec in self.columns for found in _content(spec, responses)),
            *self._reasons(responses),
        ]

    def _shape(self, responses: pd.DataFrame) -> Iterator[Problem]:
        known = [spec.name for spec in self.columns]
        for name in responses.columns:
            if name not in known:
                yield problem("KCC-D044c", column=str(name))
        for spec in self.columns:
            if not spec.optional and spec.name not in responses:
                yield problem("KCC-D044d", column=spec.name)
        expected = [name for name in known if name in responses]
        found = [name for name in responses.columns if name in known]
        index = responses.index
        plain = isinstance(index, pd.RangeIndex) and (index.start, index.step) == (0, 1)
        if found != expected or not plain:
            yield problem("KCC-D044e")

    def _reasons(self, responses: pd.DataFrame) -> Iterator[Problem]:
        """No value without, and no value with, a reason why it is missing."""
        by_question: dict[str, list[str]] = {}
        for spec in self.columns:
            if spec.kind != "reason" and spec.name in responses:
                by_question.setdefault(spec.question, []).append(spec.name)
        for question, names in by_question.items():
            missing = responses[names].isna().any(axis=1)
            reason = question + MISSING_SUFFIX
            given = (
                responses[reason].notna() if reason in responses else ~missing & False
            )
            if (missing != given).any():
                rows = np.flatnonzero(missing != given)
                yield problem("KCC-D044f", column=question, row=int(rows[0]) + 1)


def _specs(question: Question) -> Iterator[ColumnSpec]:
    if question.type == "multiple":
        for category in question.categories:
            yield ColumnSpec(f"{question.id}: {category}", question.id, "tick")
    elif question.type == "choice":
        yield ColumnSpec(question.id, question.id, "category", question.categories)
    elif question.type == "identifier":
        yield ColumnSpec(question.id, question.id, "pseudonym")
    elif question.type in ("date", "text"):
        kind: ColumnKind = "date" if question.type == "date" else "text"
        yield ColumnSpec(question.id, question.id, kind)
    else:
        low, high = question.range or (-np.inf, np.inf)
        yield ColumnSpec(question.id, question.id, "number", low=low, high=high)
    reason = question.id + MISSING_SUFFIX
    yield ColumnSpec(reason, question.id, "reason", REASONS, optional=True)


def _content(spec: ColumnSpec, responses: pd.DataFrame) -> Iterator[Problem]:
    if spec.name not in responses:
        return
    column = responses[spec.name]
    if not spec.accepts_type(column):
        yield problem(
            "KCC-D044g", column=spec.name, value=column.dtype, expected=spec.kind
        )
        return
    outside = np.flatnonzero(spec.outside(column))
    if len(outside):
        yield problem(
            "KCC-D044h", column=spec.name, row=int(outside[0]) + 1, count=len(outside)
        )


def validate(responses: pd.DataFrame, questionnaire: Questionnaire) -> None:
    """Raise :class:`DataError` with every departure from the questionnaire.

    Rows in these messages count the respondents of the processed file from 1.
    """
    found = TableSpec.of(questionnaire).problems(responses)
    if found:
        raise DataError(found)
