"""From an indicator's definition to the numbers that are averaged.

Every indicator becomes one or more columns of values over all respondents, NaN where
a respondent is not in the base; its estimate is the weighted mean of the column. What
the base is, and what it is called, is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from kcc_research.errors import DataError, problem
from kcc_research.estimation.domains import category_values, multiple_column
from kcc_research.estimation.grouping import FloatArray, floats
from kcc_research.study.cross_table import CrossTable
from kcc_research.study.indicator import AnswerClass, Base, Indicator
from kcc_research.study.questionnaire import Question, Questionnaire
from kcc_research.study.reserved import NO_ANSWER

DONT_KNOW_SUFFIX = "_weet_niet"
"""``<question>_weet_niet`` is the share who answered *weet niet*, of those asked."""

DONT_KNOW = "weet niet"

_MOST_ANSWERS = 5

BASE_WORDS: dict[Base, str] = {
    "valid": "met een geldig antwoord",
    "all": "ook zonder antwoord",
    "asked": "aan wie de vraag is gesteld",
}


@dataclass(frozen=True, eq=False)
class Answers:
    """Values of one indicator, or of one of its categories, per respondent."""

    indicator: str
    statistic: Literal["mean", "share"]
    category: str
    base: Base
    values: FloatArray
    question: str


def all_answers(questionnaire: Questionnaire, responses: pd.DataFrame) -> list[Answers]:
    """Every indicator in declared order, cross tables, then *weet niet*.

    A question gets a *weet niet* share when its missing codes hold one and an
    indicator is computed from it.
    """
    found = [
        each
        for indicator in questionnaire.indicator
        for each in indicator_answers(indicator, questionnaire, responses)
    ]
    for table in questionnaire.cross:
        found += cross_answers(table, questionnaire, responses)
    used = {each.question for each in questionnaire.indicator}
    for question in questionnaire.question:
        if question.id in used and "dont_know" in question.missing.values():
            found.append(_dont_know(question, responses))
    return found


def indicator_answers(
    indicator: Indicator, questionnaire: Questionnaire, responses: pd.DataFrame
) -> Iterator[Answers]:
    """One column for a mean or share, one per category or band of a distribution.

    A distribution with a wider base than the valid answers has a class for who gave
    none: without it the shares would not add up to that base (DOMAIN §1.5, G20).
    Raises :class:`DataError` when an answer has no place in a distribution: it would
    be in n and in no share (TRUST-F49).
    """
    question = questionnaire.questions[indicator.question]
    base = indicator.base
    if indicator.statistic == "mean":
        values = _numbers(question, responses)
        yield Answers(indicator.id, "mean", "", "valid", values, question.id)
    elif indicator.statistic == "share":
        values = _on_base(
            _reaches(indicator, question, responses), base, question, responses
        )
        yield Answers(indicator.id, "share", "", base, values, question.id)
    else:
        columns = list(_categories(indicator, question, responses))
        _refuse_lost(indicator, question, [each for _, each in columns], responses)
        for category, chosen in columns:
            values = _on_base(chosen, base, question, responses)
            yield Answers(indicator.id, "share", category, base, values, question.id)
        if base != "valid":
            silent = np.isnan([each for _, each in columns]).all(axis=0).astype(float)
            values = _on_base(silent, base, question, responses)
            yield Answers(indicator.id, "share", NO_ANSWER, base, values, question.id)


def cross_answers(
    table: CrossTable, questionnaire: Questionnaire, responses: pd.DataFrame
) -> Iterator[Answers]:
    """One column per cell of a cross table: both, the first, the second, neither.

    Who left either question unanswered is in no cell, and not in the base.
    """
    sides, asked = [], []
    for name in (table.rows, table.columns):
        indicator = questionnaire.indicators[name]
        (found,) = indicator_answers(indicator, questionnaire, responses)
        sides.append(found.values)
        asked.append(questionnaire.questions[found.question])
    about = next((each for each in asked if each.asked_if), asked[0])
    known = ~np.isnan(sides[0]) & ~np.isnan(sides[1])
    places = [(row, column) for row in (1, 0) for column in (1, 0)]
    for cell, (row, column) in zip(table.cells, places, strict=True):
        within = (sides[0] == row) & (sides[1] == column)
        values = np.where(known, within.astype(float), np.nan)
        yield Answers(table.id, "share", cell, "valid", values, about.id)


def _numbers(question: Question, responses: pd.DataFrame) -> FloatArray:
    """The answers as numbers; of a *multiple* question, how many were ticked.

    Who left one box unanswered has no number: it may be one more.
    """
    if question.type != "multiple":
        return floats(responses[question.id])
    columns = [multiple_column(question, each) for each in question.categories]
    return floats(responses[columns].sum(axis=1, skipna=False))


def _dont_know(question: Question, responses: pd.DataFrame) -> Answers:
    reasons = missing_reasons(question, responses)
    values = floats(reasons == "dont_know")
    values[(reasons == "not_asked").to_numpy()] = np.nan
    return Answers(
        question.id + DONT_KNOW_SUFFIX,
        "share",
        DONT_KNOW,
        "asked",
        values,
        question.id,
    )


def missing_reasons(question: Question, responses: pd.DataFrame) -> pd.Series:
    """Why an answer is missing, empty text where it is not."""
    name = f"{question.id}__missing"
    if name not in responses.columns:
        return pd.Series("", index=responses.index, dtype="str")
    return responses[name].fillna("").astype("str")


def _on_base(
    chosen: FloatArray, base: Base, question: Question, responses: pd.DataFrame
) -> FloatArray:
    """Widen the base: a missing answer does not fulfil, unless it was not asked."""
    if base == "valid":
        return chosen
    widened = np.where(np.isnan(chosen), 0.0, chosen)
    if base == "asked":
        not_asked = (missing_reasons(question, responses) == "not_asked").to_numpy()
        widened[not_asked] = np.nan
    return widened


def _reaches(
    indicator: Indicator, question: Question, responses: pd.DataFrame
) -> FloatArray:
    """1 where the answer reaches the threshold, 0 where not, NaN where missing."""
    if question.type == "multiple":
        return _any_of(indicator.categories, question, responses)
    answers = responses[question.id]
    if indicator.categories:
        wanted = _coded(indicator.categories, question)
        return _one_zero(answers.isin(wanted), answers)
    low = -np.inf if indicator.at_least is None else indicator.at_least
    high = np.inf if indicator.at_most is None else indicator.at_most
    return _one_zero(answers.between(low, high), answers)


def _any_of(
    categories: tuple[str, ...], question: Question, responses: pd.DataFrame
) -> FloatArray:
    columns = [multiple_column(question, each) for each in categories]
    return floats(responses[columns].max(axis=1))


def _coded(categories: tuple[str, ...], question: Question) -> list[object]:
    if not question.is_numeric:
        return list(categories)
    values = category_values(question)
    return [values[each] for each in categories]


def _one_zero(fulfils: pd.Series, answers: pd.Series) -> FloatArray:
    return np.where(answers.isna(), np.nan, floats(fulfils.fillna(False)))


def _categories(
    indicator: Indicator, question: Question, responses: pd.DataFrame
) -> Iterator[tuple[str, FloatArray]]:
    """Category and 0/1 column, in the order in which a report shows them."""
    if question.type == "multiple":
        for category in question.categories:
            column = multiple_column(question, category)
            yield category, floats(responses[column])
        return
    answers = responses[question.id]
    for band in indicator.classes:
        yield band.label, _one_zero(_within(band, answers), answers)
    if indicator.classes:
        return
    for category in _shown(question):
        wanted = _coded((category,), question)
        yield category, _one_zero(answers.isin(wanted), answers)


def _refuse_lost(
    indicator: Indicator,
    question: Question,
    columns: list[FloatArray],
    responses: pd.DataFrame,
) -> None:
    """Categories must add up to the answers; several themes may be one answer."""
    if question.type == "multiple":
        return
    answers = responses[question.id]
    lost = (answers.notna() & (np.sum(columns, axis=0) != 1)).to_numpy(dtype=bool)
    if lost.any():
        raise DataError(
            problem(
                "KCC-D049",
                column=question.id,
                value=_shown_answers(question, answers[lost]),
                count=int(lost.sum()),
                indicator=indicator.id,
            )
        )


def _shown_answers(question: Question, answers: pd.Series) -> str:
    """The numbers that have no place; nothing of what may not be known."""
    if question.sensitive or not question.is_numeric:
        return ""
    distinct = np.unique(floats(answers))
    shown = [f'"{each:g}"' for each in distinct]
    more = len(distinct) - _MOST_ANSWERS
    return ", ".join(shown[:_MOST_ANSWERS]) + (f" en nog {more}" if more > 0 else "")


def _within(band: AnswerClass, answers: pd.Series) -> pd.Series:
    return answers.between(band.low, band.high)


def _shown(question: Question) -> tuple[str, ...]:
    return (
        tuple(category_values(question)) if question.is_numeric else question.categories
    )
