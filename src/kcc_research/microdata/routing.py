"""Who was asked a question: ``asked_if`` applied to the answers (DOMAIN-D20, D21).

The base of a routed question is who was routed in. Answers off route are removed and
counted; a blank there is *not_asked*, never *no_answer* and never 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from kcc_research.microdata.columns import Mask, every
from kcc_research.microdata.question_answers import QuestionAnswers
from kcc_research.study.condition import Clause, Condition
from kcc_research.study.questionnaire import Questionnaire

NOT_ASKED = "not_asked"


def routed(
    read: Mapping[str, QuestionAnswers], questionnaire: Questionnaire
) -> dict[str, QuestionAnswers]:
    """The same answers with those off route removed, in the order of ``read``.

    A question is routed after the questions its condition names, so that who was not
    asked those is not asked this one either.
    """
    done: dict[str, QuestionAnswers] = {}
    for question in _in_routing_order(questionnaire):
        if question in read:
            done[question] = _routed(read[question], done)
    key = next((i for i in read if read[i].question.type == "identifier"), "")
    return {each: replace(done[each], is_key=each == key) for each in read}


def _in_routing_order(questionnaire: Questionnaire) -> Iterator[str]:
    questions = questionnaire.questions
    seen: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name in seen:
            return
        seen.add(name)
        routing = questions[name].routing
        for earlier in routing.questions if routing else ():
            yield from visit(earlier)
        yield name

    for name in questions:
        yield from visit(name)


def _routed(
    answers: QuestionAnswers, done: Mapping[str, QuestionAnswers]
) -> QuestionAnswers:
    routing = answers.question.routing
    if routing is None or not all(each in done for each in routing.questions):
        return answers
    off = ~fulfilled(routing, done)
    values = answers.values.copy()
    values[off] = _nothing(answers)
    return replace(
        answers,
        values=values,
        reasons=np.where(off, NOT_ASKED, answers.reasons),
        off_route=off,
        removed=off & ~answers.blank & (answers.reasons != NOT_ASKED),
    )


def _nothing(answers: QuestionAnswers) -> object:
    if answers.values.dtype.kind == "f":
        return np.nan
    return np.datetime64("NaT") if answers.values.dtype.kind == "M" else None


def fulfilled(condition: Condition, answers: Mapping[str, QuestionAnswers]) -> Mask:
    """Rows in which every clause holds. No answer fulfils nothing, ``!=`` neither."""
    each = [_holds(clause, answers[clause.question]) for clause in condition.clauses]
    return every(each)


def _holds(clause: Clause, answers: QuestionAnswers) -> Mask:
    question = answers.question
    if question.type == "multiple":
        chosen = np.isin(question.categories, clause.categories)
        among = (answers.values[:, chosen] == 1).any(axis=1)
        answered = ~np.isnan(answers.numbers).any(axis=1)
    elif question.is_numeric:
        labels = question.codes.items()
        codes = [float(code) for code, label in labels if label in clause.categories]
        among = np.isin(answers.numbers, codes)
        answered = ~np.isnan(answers.numbers)
    else:
        among = pd.Series(answers.values).isin(clause.categories).to_numpy()
        answered = pd.notna(answers.values)
    return np.asarray(among if clause.operator == "in" else answered & ~among)
