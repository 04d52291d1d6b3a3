"""The continuous demonstration measurement, read once; and variants of it for tests."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pandas as pd

from kcc_research.disclosure import protect
from kcc_research.estimation.chart_results import chart_periods
from kcc_research.estimation.contact_response import estimate_contact_response
from kcc_research.estimation.contact_series import ContactSeries, contact_series
from kcc_research.estimation.continuous import compare_quarters, estimate_periods
from kcc_research.estimation.group_comparison import compare_breakdowns
from kcc_research.estimation.tables import combine
from kcc_research.estimation.target import judge_norms
from kcc_research.microdata.survey import load_survey
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study
from tests.workspaces import CONTINUOUS, REPOSITORY

ANSWERS, VOLUMES = "antwoorden", "uitnodigingen"

Responses = dict[str, pd.DataFrame]


class Published(NamedTuple):
    """The protected tables of a series."""

    study: Study
    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    verdicts: pd.DataFrame


@cache
def study() -> Study:
    return load_study(REPOSITORY, CONTINUOUS)


@cache
def _checked(source: str) -> pd.DataFrame:
    folder = REPOSITORY / "data" / "raw" / CONTINUOUS
    declared = study().measurement.sources[source]
    path = folder / declared.file if declared.file else folder
    return load_survey(path, declared, study().questionnaires[source]).responses


def responses() -> Responses:
    """The checked answers and counts; copies, so that a test may change them."""
    return {source: _checked(source).copy() for source in (ANSWERS, VOLUMES)}


@cache
def demo_series() -> ContactSeries:
    return contact_series(study(), responses())


def publish(series: ContactSeries) -> Published:
    """What the analysis notebook saves of a series."""
    found = estimate_periods(series)
    charts = chart_periods(series, found)
    estimates = combine([found, estimate_contact_response(series), charts.estimates])
    groups = compare_breakdowns(
        series.study, series.source.id, series.design, against="rest"
    )
    quarters = compare_quarters(series, found)
    comparisons = combine([charts.comparisons, quarters, groups])
    verdicts = judge_norms(series.study, estimates)
    safe = protect(series.study, estimates, comparisons, verdicts)
    return Published(series.study, safe.estimates, safe.comparisons, safe.verdicts)


@cache
def demo() -> Published:
    """The demonstration as published; do not change its tables."""
    return publish(demo_series())


def variant(**chart: object) -> Study:
    """The same study with another ``[chart]``."""
    measurement = study().measurement
    plan = measurement.chart.model_copy(update=chart)
    changed = measurement.model_copy(update={"chart": plan})
    return study().model_copy(update={"measurement": changed})


def without_volumes() -> Study:
    """The same study, of which nobody counted the contacts."""
    measurement = study().measurement
    sources = tuple(
        each.model_copy(update={"volumes": None}) for each in measurement.source
    )
    changed = measurement.model_copy(update={"source": sources})
    return study().model_copy(update={"measurement": changed})


def thinned(rows: Responses, keep: int) -> Responses:
    """Every ``keep``-th answer of every month and channel."""
    answers = rows[ANSWERS]
    month = answers["uitnodiging_datum"].dt.month
    place = answers.groupby([month, answers["kanaal"]]).cumcount()
    return rows | {ANSWERS: answers[place % keep == 0].reset_index(drop=True)}
