"""The demonstration study among municipalities, read and estimated once for tests."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pandas as pd

from kcc_research.disclosure import protect
from kcc_research.estimation.group_ratio import estimate_ratios
from kcc_research.estimation.indicators import estimate_indicators
from kcc_research.estimation.participation import estimate_participation
from kcc_research.estimation.study_design import study_design
from kcc_research.estimation.tables import (
    combine,
    empty_comparisons,
    empty_verdicts,
)
from kcc_research.microdata.cleaning import Cleaned
from kcc_research.microdata.municipalities import load_municipalities
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study
from tests.workspaces import ASSURANCE, REPOSITORY

SOURCE = "gemeenten"


class AssuranceStudy(NamedTuple):
    study: Study
    cleaned: Cleaned
    estimates: pd.DataFrame


@cache
def assurance_study() -> AssuranceStudy:
    """Definitions, checked answers and protected estimates; do not change them."""
    study = load_study(REPOSITORY, ASSURANCE)
    cleaned = load_municipalities(
        REPOSITORY / "data" / "raw" / ASSURANCE,
        study.measurement.sources[SOURCE],
        study.questionnaires[SOURCE],
        on=study.measurement.fieldwork.start,
        invented=True,
    )
    rows = cleaned.responses
    design = study_design(study, SOURCE, rows)
    estimates = combine(
        [
            estimate_indicators(study, SOURCE, design),
            estimate_ratios(study, SOURCE, design),
            estimate_participation(study, SOURCE, rows),
        ]
    )
    safe = protect(study, estimates, empty_comparisons(), empty_verdicts())
    return AssuranceStudy(study, cleaned, safe.estimates)
