"""Which outcomes and groups a report on telephony shows, from what a study declares.

No notebook names an indicator of one study. The questionnaire says which outcome is
the satisfaction, which is an aspect beside it, and which outcome of the registration
(``registered``) belongs beside what callers say.
"""

from __future__ import annotations

from itertools import islice

import pandas as pd

from kcc_research.estimation.tables import DOMAIN
from kcc_research.reporting.result import Result, find, with_role
from kcc_research.study.condition import parse_condition
from kcc_research.study.contact_indicator import contact_indicators
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Source, Study

SERVICE_LEVEL = "servicelevel"
BESIDE = (SERVICE_LEVEL, "in_een_keer", "doorverbonden", "terugbel_nagekomen")
"""Outcomes of a registration that are told beside the survey, paired or not."""

_MOST_PANELS = 2
_MOST_GROUPS = 4
"""Of more groups the highest and the lowest would differ by chance alone."""


def list_caller_shares(study: Study) -> list[str]:
    """Satisfaction, and the first aspect beside it: what groups are compared by."""
    found = next(with_role(study, "satisfaction"), None)
    if found is None:
        return []
    aspects = (
        each.id
        for source, each in with_role(study, "aspect")
        if source.id == found[0].id and each.statistic == "share"
    )
    return [found[1].id, *islice(aspects, _MOST_PANELS - 1)]


def list_caller_groups(study: Study) -> list[str]:
    """Questions that the survey is broken down by, but for what the call was about."""
    services = list_caller_services(study)
    return [each for each in _breakdowns(study) if each not in services]


def list_caller_services(study: Study) -> list[str]:
    """The question what a call was about, where the survey is broken down by it."""
    return [
        question
        for source in study.surveys
        for question in source.breakdowns
        if study.questionnaires[source.id].questions[question].role == "service"
    ]


def _breakdowns(study: Study) -> list[str]:
    found = next(with_role(study, "satisfaction"), None)
    return [] if found is None else list(found[0].breakdowns)


def list_caller_filters(study: Study) -> list[str]:
    """Groups that the survey declares, but for those made from the outcome itself."""
    found = next(with_role(study, "satisfaction"), None)
    if found is None:
        return []
    source, indicator = found
    return [
        each.id
        for each in study.questionnaires[source.id].filter
        if indicator.question not in parse_condition(each.condition).questions
    ]


def list_contrast(study: Study, estimates: pd.DataFrame) -> list[str]:
    """The declared groups with the lowest and the highest satisfaction, in that order.

    Empty where there are fewer than two groups, or more than four.
    """
    found = next(with_role(study, "satisfaction"), None)
    groups = list_caller_filters(study)
    if found is None or len(groups) > _MOST_GROUPS:
        return []
    results = {each: _of_group(estimates, *found, each) for each in groups}
    values = {
        name: result.estimate
        for name, result in results.items()
        if result is not None and result.is_shown and result.estimate is not None
    }
    ranked = sorted(values, key=lambda name: values[name])
    return [ranked[0], ranked[-1]] if len(ranked) > 1 else []


def _of_group(
    estimates: pd.DataFrame, source: Source, indicator: Indicator, group: str
) -> Result | None:
    return find(
        estimates, source=source.id, indicator=indicator.id, by=DOMAIN, group=group
    )


def list_caller_figures(study: Study) -> list[str]:
    """Tiles beside the goals: the first outcome with a counterpart, and service level.

    The satisfaction is a tile by itself.
    """
    satisfied = {each.id for _, each in with_role(study, "satisfaction")}
    said = [
        each.id
        for each in _outcomes(study)
        if each.registered and each.id not in satisfied
    ]
    known = (contact_indicators(layout) for layout in study.layouts.values())
    counted = any(SERVICE_LEVEL in each for each in known)
    return [*said[:1], *([SERVICE_LEVEL] if counted else [])]


def list_pairs(study: Study) -> dict[str, tuple[str, str]]:
    """Subject → what callers say of it, and what was registered; either may be empty.

    First outcomes with a counterpart, then aspects without one, then what only the
    registration knows.
    """
    outcomes = _outcomes(study)
    paired = [each for each in outcomes if each.registered]
    alone = [each for each in outcomes if each.role == "aspect" and not each.registered]
    known = {
        each.id: each.label
        for layout in study.layouts.values()
        for each in contact_indicators(layout).values()
    }
    used = {each.registered for each in paired}
    counted = [each for each in BESIDE if each in known and each not in used]
    return {
        **{_subject(study, each): (each.id, each.registered) for each in paired},
        **{_subject(study, each): (each.id, "") for each in alone},
        **{known[each]: ("", each) for each in counted},
    }


def _outcomes(study: Study) -> list[Indicator]:
    return [
        each
        for source in study.surveys
        for each in study.questionnaires[source.id].indicator
        if each.statistic == "share"
    ]


def _subject(study: Study, indicator: Indicator) -> str:
    """What a question is called; of two outcomes of one question, the outcome."""
    for source in study.surveys:
        questionnaire = study.questionnaires[source.id]
        if indicator.id in questionnaire.indicators:
            return questionnaire.questions[indicator.question].short
    return indicator.label
