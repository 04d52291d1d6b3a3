"""Checked answers → the responses frame and the cleaning log.

The raw file is never changed; every change on the way to ``data/processed`` is a line
of the log: row, column, from, to, rule. Answers to open and sensitive questions,
identifiers, undeclared columns and whatever in a closed column is no code appear there
by type and length only, as in messages (TRUST §2); no text can run as a formula (F68).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from kcc_research import dutch
from kcc_research.errors import DataError, Problem
from kcc_research.microdata.answers import Answer
from kcc_research.microdata.checking import Checked
from kcc_research.microdata.numbers import as_code
from kcc_research.microdata.pseudonyms import pseudonymiser
from kcc_research.microdata.question_answers import QuestionAnswers, is_reversed
from kcc_research.microdata.raw_table import FileFacts, RawTable, shown_names
from kcc_research.microdata.schema import MISSING_SUFFIX, validate
from kcc_research.microdata.shown import formula_safe, shown
from kcc_research.study.questionnaire import Question, Questionnaire

_WHOLE_COLUMN = "[afgeschermd: hele kolom]"
LOG_COLUMNS = ("row", "column", "from", "to", "rule")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log; ``row`` is empty where a whole column changed."""

    row: str
    column: str
    before: str
    after: str
    rule: str


@dataclass(frozen=True)
class CleaningLog:
    """Every change between the raw file and the responses, in reading order."""

    changes: tuple[Change, ...] = field(default=(), repr=False)

    @property
    def frame(self) -> pd.DataFrame:
        """Text columns ``row, column, from, to, rule``, safe in a spreadsheet."""
        lines = [
            tuple(map(formula_safe, (c.row, c.column, c.before, c.after, c.rule)))
            for c in self.changes
        ]
        return pd.DataFrame(lines, columns=list(LOG_COLUMNS), dtype="str")

    def count(self, rule: str) -> int:
        return sum(each.rule == rule for each in self.changes)


@dataclass(frozen=True, repr=False)
class Cleaned:
    """One row per respondent, the log, and the warnings and notices of the file.

    A notebook shows it by its counts: an executed notebook may be passed on.
    """

    responses: pd.DataFrame
    log: CleaningLog
    problems: tuple[Problem, ...] = ()
    facts: tuple[FileFacts, ...] = field(default=())

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}={count}" for name, count in self._counts.items())
        return f"Cleaned({counts})"

    def _repr_markdown_(self) -> str:
        """What JupyterLab shows below a cell."""
        rows, columns, problems, changes = map(dutch.number, self._counts.values())
        return (
            f"**Opgeschoond**: {rows} rijen, {columns} kolommen, {problems} meldingen, "
            f"{changes} wijzigingen in het logboek."
        )

    @property
    def _counts(self) -> dict[str, int]:
        return {
            "rows": len(self.responses),
            "columns": len(self.responses.columns),
            "problems": len(self.problems),
            "changes": len(self.log.changes),
        }


def clean(
    checked: Checked,
    questionnaire: Questionnaire,
    secret: Callable[[], bytes] | None = None,
) -> Cleaned:
    """Make the responses frame; raises :class:`DataError` when errors were found.

    Scales with ``lower_is_better`` are reversed here, once (DOMAIN-D9). ``secret``
    gives the key of the series; it is asked for when a question has ``link``, and a
    :class:`PrivacyError` (P002) says that there is none.
    """
    if checked.errors:
        raise DataError(checked.problems)
    columns: dict[str, Any] = {}
    for answers in checked.answers.values():
        if answers.question.type != "identifier":
            columns |= _columns(answers)
        elif answers.question.link:
            columns |= _pseudonyms(answers, secret() if secret else b"")
    responses = pd.DataFrame(columns, index=pd.RangeIndex(len(checked.raw.cells)))
    validate(responses, questionnaire)
    log = CleaningLog(tuple(_changes(checked)))
    return Cleaned(responses, log, checked.problems, checked.raw.facts)


def _columns(answers: QuestionAnswers) -> dict[str, Any]:
    """The columns of one question; the reason column when anyone lacks an answer."""
    question = answers.question
    columns: dict[str, Any] = {}
    if question.type == "multiple":
        for at, category in enumerate(question.categories):
            columns[f"{question.id}: {category}"] = answers.numbers[:, at]
    elif question.is_numeric:
        columns[question.id] = answers.turned
    elif question.type == "date":
        columns[question.id] = answers.values
    else:
        columns[question.id] = pd.Series(answers.values, dtype="str")
    if pd.notna(answers.reasons).any():
        columns[question.id + MISSING_SUFFIX] = pd.Series(answers.reasons, dtype="str")
    return columns


def _pseudonyms(answers: QuestionAnswers, key: bytes) -> dict[str, Any]:
    """One pseudonym per row; who has no number gets none, and the reason."""
    question, reading = answers.question, answers.columns[0]
    name = pseudonymiser(key)
    found = reading.spread(
        lambda answer: name(answer.value) if isinstance(answer.value, str) else None,
        object,
    )
    columns: dict[str, Any] = {question.id: pd.Series(found, dtype="str")}
    if pd.notna(answers.reasons).any():
        columns[question.id + MISSING_SUFFIX] = pd.Series(answers.reasons, dtype="str")
    return columns


def _changes(checked: Checked) -> Iterator[Change]:
    raw = checked.raw
    for name in raw.undeclared:
        yield Change("", shown_names([name]), _WHOLE_COLUMN, "", "undeclared_column")
    for row in raw.empty_rows:
        yield Change(row, "", "", "", "empty_row")
    for row in raw.removed_rows:
        yield Change(row, "", "", "", "removed_on_request")
    for answers in checked.answers.values():
        question = answers.question
        if question.type == "identifier":
            rule = "pseudonym" if question.link else "identifier"
            yield Change("", question.column, _WHOLE_COLUMN, "", rule)
            continue
        if is_reversed(question):
            yield _reversal(question)
        yield from _by_rule(answers, raw)
        yield from _removals(answers, raw)


def _reversal(question: Question) -> Change:
    low, high = (as_code(each) for each in question.range or (0.0, 0.0))
    return Change(
        "", question.column, f"{low} tot {high}", f"{high} tot {low}", "reversed"
    )


def _by_rule(answers: QuestionAnswers, raw: RawTable) -> Iterator[Change]:
    """Normalised, excluded and masked answers, one line per row."""
    for reading in answers.columns:
        for rule in ("normalised", "out_of_range", "control_characters"):
            for cell, answer, rows in reading.answers_by(rule):
                before = shown(answers.question, cell)
                after = _after(answers.question, answer)
                for row in rows:
                    yield Change(
                        raw.log_row(int(row)), reading.column, before, after, rule
                    )
        for _, answer, rows in reading.answers_by("personal_data"):
            for row in rows:
                for kind in answer.kinds:
                    yield Change(
                        raw.log_row(int(row)),
                        reading.column,
                        f"[afgeschermd: {kind}]",
                        "[afgeschermd]",
                        "personal_data",
                    )


def _removals(answers: QuestionAnswers, raw: RawTable) -> Iterator[Change]:
    for reading in answers.columns:
        rows = np.flatnonzero(answers.removed & ~reading.blank)
        before = {
            number: shown(answers.question, reading.cells[number])
            for number in np.unique(reading.at[rows])
        }
        for row in rows:
            yield Change(
                raw.log_row(int(row)),
                reading.column,
                before[reading.at[row]],
                "not_asked",
                "off_route",
            )


def _after(question: Question, answer: Answer) -> str:
    if answer.reason is not None:
        return answer.reason
    if isinstance(answer.value, frozenset):
        labels = [each for each in question.categories if each in answer.value]
        return shown(question, question.separator.join(labels))
    return shown(question, answer.value)
