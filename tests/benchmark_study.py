"""The demonstration benchmark, read and estimated once for tests."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pandas as pd

from kcc_research.disclosure import protect
from kcc_research.disclosure.protection import Protected
from kcc_research.estimation.municipal_estimates import (
    compare_municipalities,
    estimate_country,
    estimate_funnels,
    estimate_municipalities,
)
from kcc_research.estimation.municipal_values import (
    count_contacts,
    measure_municipalities,
)
from kcc_research.estimation.norm_coverage import (
    estimate_coverage,
    estimate_realisation,
    judge_service_norms,
)
from kcc_research.estimation.tables import combine
from kcc_research.microdata.cleaning import Cleaned
from kcc_research.microdata.municipalities import load_municipalities
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study
from tests.workspaces import BENCHMARK, REPOSITORY


class BenchmarkStudy(NamedTuple):
    study: Study
    cleaned: dict[str, Cleaned]
    measured: pd.DataFrame
    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    verdicts: pd.DataFrame

    @property
    def responses(self) -> dict[str, pd.DataFrame]:
        return {name: each.responses for name, each in self.cleaned.items()}


@cache
def benchmark_study() -> BenchmarkStudy:
    """Definitions, checked rows and unprotected results; do not change them."""
    study = load_study(REPOSITORY, BENCHMARK)
    cleaned = {
        source.id: load_municipalities(
            REPOSITORY / "data" / "raw" / BENCHMARK,
            source,
            study.questionnaires[source.id],
            on=study.measurement.fieldwork.start,
            invented=True,
        )
        for source in study.measurement.source
    }
    responses = {name: each.responses for name, each in cleaned.items()}
    measured = measure_municipalities(study, responses)
    each = estimate_municipalities(study, measured)
    verdicts = judge_service_norms(study, each, responses)
    estimates = combine(
        [
            count_contacts(study, responses),
            estimate_country(study, measured),
            each,
            estimate_funnels(study, measured),
            estimate_coverage(study, verdicts),
            estimate_realisation(study, each, verdicts),
        ]
    )
    comparisons = compare_municipalities(study, measured)
    return BenchmarkStudy(study, cleaned, measured, estimates, comparisons, verdicts)


@cache
def published_benchmark() -> Protected:
    """The same results as they may be published."""
    found = benchmark_study()
    return protect(found.study, found.estimates, found.comparisons, found.verdicts)
