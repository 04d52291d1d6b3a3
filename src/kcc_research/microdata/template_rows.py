"""Checked answers in the columns and codes of an official template.

Only what the questionnaire declares and the template knows goes along; an identifier,
an open answer and a date never do. Answers off the route were removed by checking. A
code is taken as it stands when the template has it, and by its label otherwise; what
fits neither is refused, with all others at once: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kcc_research.errors import DataError, Problem, problem
from kcc_research.microdata.answers import Answer, normalised, written
from kcc_research.microdata.checking import Checked
from kcc_research.microdata.columns import ColumnReading, Objects
from kcc_research.microdata.numbers import as_code
from kcc_research.microdata.question_answers import QuestionAnswers
from kcc_research.microdata.sav_template import SavTemplate
from kcc_research.microdata.shown import shown
from kcc_research.study.questionnaire import Question

_NEVER = ("identifier", "text", "date")
_NOWHERE = object()


@dataclass(frozen=True)
class TemplateRows:
    """Rows as the template wants them, and what of the questionnaire stayed behind.

    ``measured``: variable → question text of what the file holds answers to.
    ``left_out``: column of the questionnaire → why it is not in the file.
    ``reworded``: codes of which the questionnaire has another label: variable, what,
    label of the template, label of the questionnaire.
    """

    rows: pd.DataFrame = field(repr=False)
    measured: Mapping[str, str]
    left_out: Mapping[str, str]
    reworded: tuple[tuple[str, str, str, str], ...] = ()


def template_rows(checked: Checked, template: SavTemplate) -> TemplateRows:
    """The answers as a frame with the columns of ``template``, in its order.

    Raises :class:`DataError` with every answer that has no code in the template
    (D046d), or one (D046e) when nothing of the questionnaire is in the template.
    """
    names = {each.casefold(): each for each in template.names}
    columns: dict[str, Objects] = {}
    measured: dict[str, str] = {}
    left_out: dict[str, str] = {}
    refused: list[Problem] = []
    reworded: list[tuple[str, str, str, str]] = []
    for answers in checked.answers.values():
        question = answers.question
        for reading in answers.columns:
            name = names.get(reading.column.casefold())
            why = _why_not(question, name)
            if why or name is None:
                left_out[reading.column] = why
                continue
            found, faults = _coded(answers, reading, template, name)
            columns[name], measured[name] = found, question.text
            refused += faults
            reworded += _reworded(question, template, name)
    if not columns:
        refused.append(problem("KCC-D046e", file=template.file))
    if refused:
        raise DataError(refused)
    count = len(checked.raw.cells)
    rows = _frame(template, columns, count)
    return TemplateRows(rows, measured, left_out, tuple(reworded))


def _reworded(
    question: Question, template: SavTemplate, name: str
) -> Iterator[tuple[str, str, str, str]]:
    labels = {_text(code): each for code, each in template.value_labels(name).items()}
    taken = {normalised(each) for each in labels.values()}
    for code, ours in question.codes.items():
        wanted = labels.get(code)
        if wanted and normalised(ours) not in taken and not question.columns:
            yield name, f"antwoord {code} anders", wanted, ours


def _text(code: object) -> str:
    return as_code(code) if isinstance(code, float | int) else str(code)


def _why_not(question: Question, name: str | None) -> str:
    if question.type in _NEVER or question.separator:
        kinds = {"identifier": "nummer van een persoon", "date": "datum"}
        return kinds.get(question.type, "open antwoord")
    return "staat niet in het sjabloon" if name is None else ""


def _frame(
    template: SavTemplate, columns: Mapping[str, Objects], rows: int
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: _stored(columns.get(name), rows, is_text=template.is_text(name))
            for name in template.names
        }
    )


def _stored(values: Objects | None, rows: int, *, is_text: bool) -> pd.Series:
    if is_text:
        found = np.full(rows, "", dtype=object) if values is None else values
        return pd.Series(np.where(pd.isna(found), "", found), dtype=object)
    nothing = np.full(rows, np.nan)
    return pd.Series(nothing if values is None else values.astype(np.float64))


def _coded(
    answers: QuestionAnswers, reading: ColumnReading, template: SavTemplate, name: str
) -> tuple[Objects, list[Problem]]:
    """The code in every row; blank where nothing was answered or asked."""
    question = answers.question
    codes = [
        _code(cell, answer, template, name)
        for cell, answer in zip(reading.cells, reading.readings, strict=True)
    ]
    faults = [
        _no_code(question, reading, template, at)
        for at, code in enumerate(codes)
        if code is _NOWHERE and (reading.at[~answers.off_route] == at).any()
    ]
    table = np.array([None if c is _NOWHERE else c for c in codes], dtype=object)
    found = table[reading.at]
    found[answers.off_route] = None
    return found, faults


def _code(cell: object, answer: object, template: SavTemplate, name: str) -> object:
    """The code of the template for one distinct cell; None for a blank one."""
    if cell is None or not isinstance(answer, Answer) or answer.rule == "out_of_range":
        return None
    labels = template.value_labels(name)
    text = written(cell).strip()
    if template.is_text(name):
        return text if not labels or text in labels else _by_label(labels, answer, text)
    by_label = _by_label(labels, answer, text)
    number = _number(cell, answer)
    if by_label is not _NOWHERE and isinstance(answer.value, str):
        return by_label
    if number is not None and _has_place(number, answer, template, name):
        return number
    # Who gave no answer may be blank; who did not know said something.
    is_nothing = answer.reason in ("no_answer", "not_asked", "refused")
    return None if is_nothing and by_label is _NOWHERE else by_label


def _has_place(number: float, answer: Answer, template: SavTemplate, name: str) -> bool:
    """Whether the template knows a number; of a scale it may label the ends only."""
    codes = [each for each in template.value_labels(name) if not isinstance(each, str)]
    if not codes or number in codes or template.declares_missing(name, number):
        return True
    return isinstance(answer.value, float) and 0 <= number <= max(codes)


def _number(cell: object, answer: Answer) -> float | None:
    """The number that stands in the file, before any scale is turned round."""
    if isinstance(answer.value, float):
        return answer.value
    try:
        return float(written(cell).replace(",", "."))
    except ValueError:
        return None


def _by_label(labels: Mapping[object, str], answer: Answer, text: str) -> object:
    wanted = [normalised(each) for each in _words(answer, text)]
    for code, label in labels.items():
        if normalised(label) in wanted:
            return code
    return _NOWHERE


def _words(answer: Answer, text: str) -> Iterator[str]:
    if isinstance(answer.value, str):
        yield answer.value
    yield text


def _no_code(
    question: Question, reading: ColumnReading, template: SavTemplate, at: int
) -> Problem:
    return problem(
        "KCC-D046d",
        file=template.file,
        column=reading.column,
        value=shown(question, reading.cells[at]),
        count=int((reading.at == at).sum()),
    )
