"""The differencing registry: which published groups lie inside which (TRUST-D6).

Two groups of which one is inside the other by a declared filter give away the people
between them. The registry is made anew for every measurement, from its own groups and
those of its [[earlier]] measurements: no shared file, so the order of runs changes
nothing (DESIGN §8.19). An earlier measurement counts where its answers can be among
these: same place, same source, and a period of fieldwork within the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from kcc_research.estimation.fieldwork import BEFORE, WEIGHTING
from kcc_research.estimation.tables import DOMAIN, TOTAL, UNKNOWN_GROUP
from kcc_research.study.condition import Clause
from kcc_research.study.measurement import EVERYONE, Measurement, Study
from kcc_research.study.questionnaire import Questionnaire

Constraint = tuple[str, frozenset[str]]
"""A question, and the answers to it that a group is limited to."""


_NO_ANSWER = frozenset({""})


@dataclass(frozen=True, slots=True)
class Group:
    """A published group: ``wave`` is empty for this measurement, else the earlier.

    ``limits`` None: what defines the group is not declared anywhere.
    """

    wave: str
    by: str
    group: str
    limits: frozenset[Constraint] | None


@dataclass(frozen=True, slots=True)
class Nested:
    """``inner`` lies within ``outer``; ``same`` groups hold the same people."""

    inner: Group
    outer: Group
    same: bool = False


@dataclass(frozen=True, slots=True)
class EarlierTables:
    """What an earlier measurement defined, and the estimates it published."""

    study: Study
    estimates: pd.DataFrame


def group(study: Study, source: str, by: str, name: str, *, wave: str = "") -> Group:
    """A group of the result tables with what limits it."""
    return Group(wave, by, name, _limits(study, source, by, name))


def nested(
    groups: Iterable[Group], periods: Mapping[str, str] | None = None
) -> Iterator[Nested]:
    """Pairs of groups, one inside the other by what is declared.

    The groups of a breakdown and its total are not among them: they add up. ``periods``
    maps an earlier wave to *inside* or *around*: how its people lie to those of this
    measurement; of waves without a word nothing is known.
    """
    known = [each for each in groups if each.limits is not None]
    for place, one in enumerate(known):
        for other in known[place + 1 :]:
            pair = _pair(one, other, periods or {})
            if pair is not None and not _adds_up(pair):
                yield pair


def period(now: Measurement, then: Measurement) -> str:
    """How the earlier fieldwork lies to this one; empty where it is another one."""
    if (now.municipality, now.place) != (then.municipality, then.place):
        return ""
    a, b = now.fieldwork, then.fieldwork
    if (a.start, a.end) == (b.start, b.end):
        return "same"
    if a.start <= b.start and b.end <= a.end:
        return "inside"
    return "around" if b.start <= a.start and a.end <= b.end else ""


def _pair(one: Group, other: Group, periods: Mapping[str, str]) -> Nested | None:
    lies = _time(one, other, periods)
    if lies is None or one.limits is None or other.limits is None:
        return None
    within, around = (
        _implies(one.limits, other.limits),
        _implies(other.limits, one.limits),
    )
    if within and around and lies == "same":
        return Nested(one, other, same=True)
    if within and lies in ("same", "inside"):
        return Nested(one, other)
    if around and lies in ("same", "around"):
        return Nested(other, one)
    return None


def _time(one: Group, other: Group, periods: Mapping[str, str]) -> str | None:
    """How the people of ``one`` lie in time to those of ``other``."""
    if one.wave == other.wave:
        return "same"
    if one.wave and other.wave:
        return None
    lies = periods.get(one.wave or other.wave)
    if not lies or one.wave:
        return lies or None
    return {"inside": "around", "around": "inside"}.get(lies, lies)


def _adds_up(pair: Nested) -> bool:
    """Groups of a breakdown within the total, and of one breakdown, add up anyway."""
    if pair.inner.wave != pair.outer.wave:
        return False
    return (pair.outer.by == TOTAL and pair.inner.by not in (DOMAIN, WEIGHTING)) or (
        pair.inner.by == pair.outer.by != DOMAIN
    )


def _implies(one: frozenset[Constraint], other: frozenset[Constraint]) -> bool:
    """Whether who fulfils ``one`` fulfils ``other`` too."""
    return all(
        any(name == asked and answers <= wider for name, answers in one)
        for asked, wider in other
    )


def _limits(
    study: Study, source: str, by: str, name: str
) -> frozenset[Constraint] | None:
    questionnaire = study.questionnaires[source]
    target = _filter(questionnaire, study.measurement.sources[source].target)
    if by == TOTAL:
        return target
    if by == DOMAIN:
        known = name in questionnaire.filters
        return _filter(questionnaire, name) if known else None
    if by == WEIGHTING:
        return frozenset() if name == BEFORE else None
    question = questionnaire.questions.get(by)
    if question is None:
        return None
    if name == UNKNOWN_GROUP:
        routing = question.routing.clauses if question.routing else ()
        asked = _constraints(questionnaire, routing)
        return _with_routing(questionnaire, {*target, *asked, (by, _NO_ANSWER)})
    if name not in question.categories:
        return None
    return _with_routing(questionnaire, {*target, (by, frozenset({name}))})


def _filter(questionnaire: Questionnaire, name: str) -> frozenset[Constraint]:
    if name == EVERYONE:
        return frozenset()
    clauses = questionnaire.filters[name].parsed.clauses
    return _with_routing(questionnaire, _constraints(questionnaire, clauses))


def _constraints(
    questionnaire: Questionnaire, clauses: Iterable[Clause]
) -> set[Constraint]:
    found = set()
    for clause in clauses:
        question = questionnaire.questions[clause.question]
        answers = frozenset(clause.categories)
        if clause.operator == "not in" and question.type == "multiple":
            answers = frozenset(f"not {each}" for each in answers)
        elif clause.operator == "not in":
            answers = frozenset(question.categories) - answers
        found.add((clause.question, answers))
    return found


def _with_routing(
    questionnaire: Questionnaire, limits: Iterable[Constraint]
) -> frozenset[Constraint]:
    """Who answered a question was asked it: its routing limits the group as well."""
    found = set(limits)
    ahead = {name for name, _ in found}
    while ahead:
        routing = questionnaire.questions[ahead.pop()].routing
        more = _constraints(questionnaire, routing.clauses) if routing else set()
        ahead |= {name for name, _ in more - found}
        found |= more
    return frozenset(found)
