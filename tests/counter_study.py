"""The demonstration study of the counter, read and estimated once for tests."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pandas as pd

from kcc_research.disclosure import protect
from kcc_research.estimation.contact_kpis import estimate_contacts
from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.expectations import (
    compare_expectations,
    estimate_expectations,
)
from kcc_research.estimation.indicators import estimate_indicators
from kcc_research.estimation.remark_counts import estimate_remarks
from kcc_research.estimation.review import review_norms
from kcc_research.estimation.study_design import study_design
from kcc_research.estimation.tables import combine
from kcc_research.estimation.target import judge_norms
from kcc_research.microdata.contacts import read_contacts
from kcc_research.microdata.remarks import load_remarks
from kcc_research.microdata.survey import load_survey
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study
from tests.workspaces import COUNTER, REPOSITORY

RAW = REPOSITORY / "data" / "raw" / COUNTER


class CounterStudy(NamedTuple):
    """Definitions, answers by source, designs and the protected tables."""

    study: Study
    responses: dict[str, pd.DataFrame]
    designs: dict[str, SurveyDesign]
    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    verdicts: pd.DataFrame


@cache
def counter_study() -> CounterStudy:
    """Do not change what it gives."""
    study = load_study(REPOSITORY, COUNTER)
    sources = study.measurement.sources
    responses = {
        name: load_survey(RAW / str(sources[name].file), sources[name], each).responses
        for name, each in study.questionnaires.items()
    }
    designs = {
        each.id: study_design(study, each.id, responses[each.id])
        for each in study.surveys
    }
    talks = load_remarks(
        RAW / "gesprekken.csv", sources["gesprekken"], study.schemes["gesprekken"]
    )
    records = read_contacts(
        RAW / "tickets.csv.gz", sources["tickets"], study.layouts["tickets"]
    )
    estimates = combine(
        [
            estimate_contacts(study, "tickets", records.path, by=["afspraak"]),
            *(estimate_indicators(study, name, each) for name, each in designs.items()),
            *(
                estimate_expectations(study, name, each)
                for name, each in designs.items()
            ),
            estimate_remarks(study, "gesprekken", talks.responses, seed=1),
        ]
    )
    comparisons = combine(
        compare_expectations(study, name, each) for name, each in designs.items()
    )
    verdicts = combine(
        [
            judge_norms(study, estimates, by=["afspraak"]),
            review_norms(study, "normenkader", responses["normenkader"]),
        ]
    )
    safe = protect(study, estimates, comparisons, verdicts)
    return CounterStudy(
        study, responses, designs, safe.estimates, safe.comparisons, safe.verdicts
    )
