"""The demonstration study of The Hague, read and estimated once for tests."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pandas as pd

from kcc_research.disclosure import protect
from kcc_research.estimation.contact_kpis import estimate_contacts
from kcc_research.estimation.group_comparison import compare_breakdowns
from kcc_research.estimation.indicators import estimate_indicators
from kcc_research.estimation.study_design import study_design
from kcc_research.estimation.tables import combine
from kcc_research.estimation.target import judge_norms
from kcc_research.microdata.cleaning import Cleaned
from kcc_research.microdata.contacts import read_contacts
from kcc_research.microdata.survey import load_survey
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study
from tests.workspaces import PHONE, REPOSITORY


class DenHaag(NamedTuple):
    study: Study
    cleaned: Cleaned
    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    verdicts: pd.DataFrame


@cache
def den_haag() -> DenHaag:
    """Definitions, checked answers and protected results; do not change them."""
    study = load_study(REPOSITORY, PHONE)
    raw, sources = REPOSITORY / "data" / "raw" / PHONE, study.measurement.sources
    cleaned = load_survey(raw, sources["enquete"], study.questionnaires["enquete"])
    calls = read_contacts(raw, sources["telefonie"], study.layouts["telefonie"])
    design = study_design(study, "enquete", cleaned.responses)
    estimates = combine(
        [
            estimate_indicators(study, "enquete", design),
            estimate_contacts(study, "telefonie", calls.path),
        ]
    )
    compared = compare_breakdowns(study, "enquete", design, against="rest")
    safe = protect(study, estimates, compared, judge_norms(study, estimates))
    return DenHaag(study, cleaned, safe.estimates, safe.comparisons, safe.verdicts)
