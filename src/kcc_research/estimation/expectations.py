"""Declared gaps of one source: expectation, experience, and the difference per person.

The two means beside a gap are those of the same respondents, so that a figure can
draw them and their difference is the gap (STAT-M20, :mod:`.gap`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kcc_research.estimation.breakdown import Label, estimate_breakdowns
from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.domains import people, target_mask
from kcc_research.estimation.gap import METHOD, Pairs, compare_gaps, estimate_gaps
from kcc_research.estimation.grouping import BoolArray, FloatArray
from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    ESTIMATE_COLUMNS,
    combine,
    empty_comparisons,
    empty_estimates,
    tidy,
)
from kcc_research.study.measurement import Study

EXPECTED, EXPERIENCED = "verwachting", "ervaring"
"""``category`` of the means beside a gap."""

FEWEST_CLUSTERS = 6
"""With fewer day-parts, or other clusters, no gap is tested (STAT-T10)."""


def estimate_expectations(
    study: Study, source_id: str, design: SurveyDesign
) -> pd.DataFrame:
    """An ``estimates`` table: per declared gap its value and the means on both sides.

    ``indicator`` is the id of the gap; ``statistic`` is *gap* for the mean of
    experience minus expectation, and *mean* with category *verwachting* or *ervaring*
    for the two means. All three rest on respondents who answered both.
    """
    pairs = _pairs(study, source_id)
    if not pairs:
        return empty_estimates()
    inside = _target(study, source_id, design)
    sampled = study.measurement.has_sampling_error
    gaps = estimate_gaps(design, pairs, domain=inside, has_sampling_error=sampled)
    labels = [
        Label(name, "mean", "gemiddelde van wie beide noemde", category)
        for name in pairs
        for category in (EXPECTED, EXPERIENCED)
    ]
    source = study.measurement.sources[source_id]
    base = people(study.questionnaires[source_id], source.target, [])
    base = f"{base}, met antwoord op beide vragen"
    means = estimate_breakdowns(
        design,
        _sides(design, pairs),
        labels,
        base=base,
        domain=inside,
        has_sampling_error=sampled,
    )
    rows = combine([gaps.assign(base=base, method=METHOD), means])
    order = {name: at for at, name in enumerate(pairs)}
    rows = rows.sort_values(
        "indicator", key=lambda each: each.map(order), kind="stable"
    )
    rows = rows.assign(measurement=study.key, source=source_id)
    return tidy(rows, ESTIMATE_COLUMNS)


def compare_expectations(
    study: Study, source_id: str, design: SurveyDesign
) -> pd.DataFrame:
    """A ``comparisons`` table: is each declared gap shown to differ from 0?

    Holm over the gaps of the source. Without sampling error, or with fewer than six
    clusters, nothing is tested.
    """
    pairs = _pairs(study, source_id)
    cluster = study.measurement.sources[source_id].cluster
    few = cluster is not None and design.data[cluster].nunique() < FEWEST_CLUSTERS
    if not pairs or few or not study.measurement.has_sampling_error:
        return empty_comparisons()
    inside = _target(study, source_id, design)
    rows = compare_gaps(design, pairs, domain=inside)
    rows = rows.assign(measurement=study.key, source=source_id)
    return tidy(rows, COMPARISON_COLUMNS)


def _pairs(study: Study, source_id: str) -> Pairs:
    """Gap → (experience, expectation), the order in which they are subtracted."""
    declared = study.questionnaires[source_id].gap
    return {each.id: (each.experience, each.expectation) for each in declared}


def _target(study: Study, source_id: str, design: SurveyDesign) -> BoolArray:
    source = study.measurement.sources[source_id]
    return target_mask(source, study.questionnaires[source_id], design.data)


def _sides(design: SurveyDesign, pairs: Pairs) -> FloatArray:
    """Expectation and experience of who answered both, side by side per gap."""
    columns = []
    for experience, expectation in pairs.values():
        felt, expected = design.values(experience), design.values(expectation)
        both = ~np.isnan(felt) & ~np.isnan(expected)
        columns += [np.where(both, each, np.nan) for each in (expected, felt)]
    return np.column_stack(columns)
