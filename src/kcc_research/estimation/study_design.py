"""From the definition of a source to the design of its answers.

What the measurement declares decides: margins mean that we weight, a weight column
that somebody else did, strata and clusters how people were drawn. Two rules of the
handbook hold here. Weighting aims at the people the answers speak for (STAT-N10): all
respondents, screened-out ones included, are weighted and the target is estimated as a
domain. And a finite-population correction belongs to random samples of more than 5%
of the population only (STAT-N9, DOMAIN-D28).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from kcc_research.errors import DataError
from kcc_research.estimation.design import SurveyDesign, survey_design
from kcc_research.estimation.domains import outside_target
from kcc_research.estimation.fieldwork import WEIGHTING
from kcc_research.estimation.grouping import FloatArray
from kcc_research.estimation.weighting import Margins, calibrate
from kcc_research.study.measurement import EVERYONE, Source, Study
from kcc_research.study.questionnaire import Question, Questionnaire

WeightingState = Literal["weighted", "delivered", "no margins", "composition unknown"]

LARGE_FRACTION = 0.05
"""Below this sampling fraction the correction is negligible and left out."""


def study_design(study: Study, source_id: str, responses: pd.DataFrame) -> SurveyDesign:
    """The survey design of one source, weighted as declared.

    ``responses`` holds one row per respondent, those outside the target included.
    Without them, or without margins, the design is unweighted. Raises ``DataError``
    for weights, strata or margins that the file contradicts.
    """
    source = study.measurement.sources[source_id]
    design = survey_design(
        responses,
        weights=source.weight,
        strata=source.strata,
        cluster=source.cluster,
        population=_population(study, source, responses),
    )
    margins = study.margins.get(source_id)
    if not margins or lost_screened_out(
        source, study.questionnaires[source_id], responses
    ):
        return design
    try:
        return calibrate(design, margins)
    except DataError as error:
        file = f"studies/{study.key}/{source.margins}"
        raise DataError(replace(each, file=file) for each in error.problems) from None


def lost_screened_out(
    source: Source, questionnaire: Questionnaire, responses: pd.DataFrame
) -> bool:
    """Whether a target was screened for and nobody outside it is in the file.

    The composition of those who remain is then known from no register.
    """
    outside = outside_target(source, questionnaire, responses)
    return source.target != EVERYONE and not outside.any()


def weighting_state(
    study: Study, source_id: str, estimates: pd.DataFrame
) -> WeightingState:
    """How the numbers of a source came to be weighted, or why they are not.

    ``estimates`` is its table as computed or as published. *delivered*: with weights
    of the file. *no margins*: nothing was declared to weight to. *composition
    unknown*: margins were declared, but nobody outside the target is in the file.
    """
    source = study.measurement.sources[source_id]
    if source.weight is not None:
        return "delivered"
    if source.margins is None and source.volumes is None:
        return "no margins"
    rows = estimates[estimates["source"] == source_id]
    calibrated = (rows["by"] == WEIGHTING).any()
    return "weighted" if calibrated else "composition unknown"


def channel_without_volumes(study: Study, source_id: str) -> Question | None:
    """The channel question of a contact sample whose volumes nobody declared.

    No number of such a source may span channels (STAT-N10): how many contacts each
    drew is an accident of the sampling. The sample is of contacts when the source
    says so (``unit``), when it was drawn per channel, or when its breakdown by channel
    was asked of everybody. Residents are routed to that question: only who had contact
    had a channel, and their total stands.
    """
    source = study.measurement.sources[source_id]
    channel = _channel(study.questionnaires[source_id])
    if channel is None or not _draws_contacts(source, channel):
        return None
    known = channel.id in study.margins.get(source_id, {})
    counted = known or source.weight is not None or source.volumes is not None
    return None if counted else channel


def _channel(questionnaire: Questionnaire) -> Question | None:
    with_role = (each for each in questionnaire.question if each.role == "channel")
    return next(with_role, None)


def _draws_contacts(source: Source, channel: Question) -> bool:
    if source.unit is not None:
        return source.unit == "contact"
    asked_of_everybody = not channel.asked_if
    return source.strata == channel.id or (
        asked_of_everybody and channel.id in source.breakdowns
    )


def _population(
    study: Study, source: Source, responses: pd.DataFrame
) -> FloatArray | None:
    """Population size of each row's stratum, where a correction is due."""
    drawn = len(responses)
    if (
        study.measurement.fieldwork.recruitment != "random-sample"
        or source.population is None
        or source.cluster is not None
        or drawn <= LARGE_FRACTION * source.population
    ):
        return None
    if source.strata is None:
        return np.full(drawn, float(source.population))
    return _per_stratum(
        responses[source.strata], source.population, study.margins.get(source.id, {})
    )


def _per_stratum(strata: pd.Series, population: int, margins: Margins) -> FloatArray:
    """Sizes from the margins of the strata; without those, proportional."""
    name = str(strata.name)
    if name in margins:
        return strata.map(dict(margins[name])).to_numpy(dtype=float)
    drawn = strata.map(strata.value_counts()).to_numpy(dtype=float)
    return drawn * population / len(strata)
