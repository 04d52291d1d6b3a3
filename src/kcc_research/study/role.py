"""What indicators and questions are for in a report, as their definitions say."""

from __future__ import annotations

from collections.abc import Iterator

from kcc_research.study.indicator import Indicator, Role
from kcc_research.study.measurement import Source, Study
from kcc_research.study.questionnaire import Question


def theme_of(study: Study, source: str, indicator: str) -> str:
    """The theme of the question that an outcome is about; empty without one."""
    questionnaire = study.questionnaires[source]
    asked = questionnaire.indicators[indicator].question
    return questionnaire.questions[asked].theme


def with_role(study: Study, role: Role) -> Iterator[tuple[Source, Indicator]]:
    """Every indicator a report shows in this role, in declared order."""
    for source in study.surveys:
        for indicator in study.questionnaires[source.id].indicator:
            if indicator.role == role:
                yield source, indicator


def headline(study: Study) -> tuple[Source, Indicator] | None:
    """The indicator a report opens with: the first one declared as headline."""
    return next(with_role(study, "headline"), None)


def question_with_role(study: Study, role: str) -> tuple[Source, Question] | None:
    """The question that holds channels or services, where one is declared."""
    for source in study.surveys:
        for question in study.questionnaires[source.id].question:
            if question.role == role and question.id in source.breakdowns:
                return source, question
    return None
