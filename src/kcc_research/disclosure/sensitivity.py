"""Which results say something about a sensitive answer.

Sensitivity belongs to a question, not to the name of a result: the share *weet niet*,
the composition before weighting and a breakdown *by* the question tell as much about
it as the indicator does. Of a confidential source every question is sensitive.
"""

from __future__ import annotations

import pandas as pd

from kcc_research.estimation.answers import DONT_KNOW_SUFFIX
from kcc_research.estimation.fieldwork import WEIGHTING_PREFIX
from kcc_research.study.measurement import Study
from kcc_research.study.questionnaire import Questionnaire


def sensitive_rows(study: Study, rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows of ``estimates`` or ``comparisons`` about, or by, a sensitive question.

    Sensitive is what the questionnaire says, and what the policy of the measurement
    adds.
    """
    places = list(
        rows[["source", "indicator", "by"]].itertuples(index=False, name=None)
    )
    known = {place: _is_sensitive(study, *place) for place in set(places)}
    return pd.Series([known[place] for place in places], index=rows.index, dtype=bool)


def has_sensitive(study: Study) -> bool:
    """Whether anything in a measurement is sensitive at all."""
    added = study.measurement.disclosure.sensitive
    return any(
        study.measurement.sources[source].confidential
        or any(each.sensitive or each.id in added for each in questionnaire.question)
        for source, questionnaire in study.questionnaires.items()
    )


def _is_sensitive(study: Study, source: str, indicator: str, by: str) -> bool:
    questionnaire = study.questionnaires.get(source)
    if questionnaire is None:
        of_people = source in study.schemes
        return of_people and study.measurement.sources[source].confidential
    about = {*questions_of(questionnaire, indicator), by}
    asked = about & questionnaire.questions.keys()
    if study.measurement.sources[source].confidential:
        return bool(asked)
    added = study.measurement.disclosure.sensitive
    return any(
        questionnaire.questions[name].sensitive or name in added for name in asked
    )


def questions_of(questionnaire: Questionnaire, name: str) -> set[str]:
    """The questions a result is about: a cross table and a gap have two."""
    indicators = [name]
    for table in questionnaire.cross:
        if table.id == name:
            indicators = [table.rows, table.columns]
    for ratio in questionnaire.ratio:
        if ratio.id == name:
            indicators = [ratio.indicator]
    for gap in questionnaire.gap:
        if gap.id == name:
            return {gap.expectation, gap.experience}
    return {question_of(questionnaire, each) for each in indicators}


def question_of(questionnaire: Questionnaire, indicator: str) -> str:
    """The question a result is about: its own, or the one its name was made from."""
    if indicator in questionnaire.indicators:
        return questionnaire.indicators[indicator].question
    return indicator.removesuffix(DONT_KNOW_SUFFIX).removeprefix(WEIGHTING_PREFIX)
