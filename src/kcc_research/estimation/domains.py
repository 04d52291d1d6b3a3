"""Who a number is about: filters, the target population, the groups of a breakdown.

Everything is a mask over all respondents, never a smaller table (STAT-N1). Whether a
respondent fulfils a condition is known only when the question was answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.grouping import BoolArray
from kcc_research.estimation.tables import DOMAIN, TOTAL
from kcc_research.study.condition import Clause, Condition
from kcc_research.study.measurement import EVERYONE, Source
from kcc_research.study.questionnaire import Filter, Question, Questionnaire


@dataclass(frozen=True, eq=False)
class Domain:
    """A part of the respondents with its place in the tables."""

    by: str
    group: str
    mask: BoolArray


def domains(
    source: Source, questionnaire: Questionnaire, responses: pd.DataFrame
) -> list[Domain]:
    """The total, the groups of every breakdown within it, and every filter.

    The total is the target of the source. Filters are taken over all respondents,
    those outside the target included. Groups stand in the order of the question's
    categories; a group that nobody belongs to is present too.
    """
    target = target_mask(source, questionnaire, responses)
    found = [Domain(TOTAL, TOTAL, target)]
    for name in source.breakdowns:
        question = questionnaire.questions[name]
        groups = [
            Domain(name, category, _has(question, category, responses) & target)
            for category in question.categories
        ]
        unknown = unknown_group(name, questionnaire, responses) & target
        _refuse_lost(name, [each.mask for each in groups] + [unknown], target)
        found += groups
    for each in questionnaire.filter:
        found.append(
            Domain(DOMAIN, each.id, holds(each.parsed, questionnaire, responses))
        )
    return found


def _refuse_lost(name: str, parts: list[BoolArray], target: BoolArray) -> None:
    """Groups and *onbekend* must add up to the total (TRUST-F49)."""
    if not np.array_equal(np.sum(parts, axis=0), target.astype(int)):
        raise ValueError(f"the groups of {name!r} do not add up to the total")


def unknown_group(
    name: str, questionnaire: Questionnaire, responses: pd.DataFrame
) -> BoolArray:
    """Respondents without an answer to the question of a breakdown."""
    return ~_is_answered(questionnaire.questions[name], responses)


def not_asked(name: str, responses: pd.DataFrame) -> BoolArray:
    """Respondents to whom a question was not put, according to its routing."""
    reasons = f"{name}__missing"
    if reasons not in responses:
        return np.zeros(len(responses), dtype=bool)
    return (responses[reasons] == "not_asked").fillna(False).to_numpy(dtype=bool)


def people(
    questionnaire: Questionnaire, name: str, asked: Iterable[Question] = ()
) -> str:
    """Who a filter, or ``all``, holds of those who were asked some questions.

    Routing is told in the words of the filter that says the same, else by the name of
    the question; what the filter says already is not repeated.
    """
    words, told = questionnaire.population, set[Clause]()
    if name != EVERYONE:
        words, told = _label(questionnaire, name), _clauses(questionnaire.filters[name])
    named = []
    for question in asked:
        routing = set(question.routing.clauses) if question.routing else set()
        if routing <= told:
            continue
        same = [each.id for each in questionnaire.filter if routing == _clauses(each)]
        if same and not told:
            words = _label(questionnaire, same[0])
        else:
            named.append(f"'{question.short}'")
        told |= routing
    if not named:
        return words
    verb = "is" if len(named) == 1 else "zijn"
    return f"{words} aan wie {dutch.listing(named)} {verb} gevraagd"


def _label(questionnaire: Questionnaire, name: str) -> str:
    label = questionnaire.filters[name].label
    return f"{questionnaire.population} {label}" if label.startswith("die ") else label


def _clauses(each: Filter) -> set[Clause]:
    return set(each.parsed.clauses)


def target_mask(
    source: Source, questionnaire: Questionnaire, responses: pd.DataFrame
) -> BoolArray:
    """Respondents the source speaks for."""
    if source.target == EVERYONE:
        return np.ones(len(responses), dtype=bool)
    return holds(questionnaire.filters[source.target].parsed, questionnaire, responses)


def outside_target(
    source: Source, questionnaire: Questionnaire, responses: pd.DataFrame
) -> BoolArray:
    """Respondents known not to belong to the target: screened out."""
    if source.target == EVERYONE:
        return np.zeros(len(responses), dtype=bool)
    condition = questionnaire.filters[source.target].parsed
    known = np.ones(len(responses), dtype=bool)
    for name in condition.questions:
        known &= _is_answered(questionnaire.questions[name], responses)
    return known & ~holds(condition, questionnaire, responses)


def holds(
    condition: Condition, questionnaire: Questionnaire, responses: pd.DataFrame
) -> BoolArray:
    """Where every clause holds; an unanswered question fulfils nothing."""
    fulfilled = np.ones(len(responses), dtype=bool)
    for clause in condition.clauses:
        question = questionnaire.questions[clause.question]
        fulfilled &= _fulfils(clause, question, responses)
    return fulfilled


def _fulfils(clause: Clause, question: Question, responses: pd.DataFrame) -> BoolArray:
    named = np.zeros(len(responses), dtype=bool)
    for category in clause.categories:
        named |= _has(question, category, responses)
    if clause.operator == "in":
        return named
    return _is_answered(question, responses) & ~named


def _has(question: Question, category: str, responses: pd.DataFrame) -> BoolArray:
    if question.type == "multiple":
        return (responses[multiple_column(question, category)] == 1).to_numpy(
            dtype=bool
        )
    wanted: object = category
    if question.is_numeric:
        wanted = category_values(question)[category]
    return (responses[question.id] == wanted).fillna(False).to_numpy(dtype=bool)


def _is_answered(question: Question, responses: pd.DataFrame) -> BoolArray:
    name = question.id
    if question.type == "multiple":
        name = multiple_column(question, question.categories[0])
    return responses[name].notna().to_numpy(dtype=bool)


def multiple_column(question: Question, category: str) -> str:
    """Column of the responses that holds one category of a *multiple* question."""
    return f"{question.id}: {category}"


def category_values(question: Question) -> dict[str, float]:
    """Category → number in the responses, of a grade or scale, lowest first.

    A scale with ``codes`` shows their labels, another question its numbers. A scale
    on which lower is better was turned round when the file was cleaned, so its
    labels are too.
    """
    low, high = question.range or (0.0, -1.0)
    steps = {f"{step:g}": float(step) for step in np.arange(low, high + 1)}
    labelled = {
        label: float(code) for code, label in question.codes.items() if _is_number(code)
    }
    values = labelled or steps
    if question.type == "scale" and question.direction == "lower_is_better":
        values = {label: low + high - value for label, value in values.items()}
    return dict(sorted(values.items(), key=lambda item: item[1]))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
