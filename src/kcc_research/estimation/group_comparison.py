"""Which groups of a breakdown differ, for every indicator of a source (STAT-C10).

Groups are ordered in a report only where the interval of their difference excludes 0.
One indicator over one breakdown is one family of tests.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kcc_research.estimation.answers import indicator_answers
from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.difference import HOLM_WORDS, Against, compare_groups
from kcc_research.estimation.domains import target_mask
from kcc_research.estimation.study_design import channel_without_volumes
from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    empty_comparisons,
    tidy,
)
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Study

GROUPS = "groups"
"""First word of the ``family`` of every comparison between groups."""

METHOD = f"t met covariantie, zonder correctie voor een eindige populatie; {HOLM_WORDS}"


def compare_breakdowns(
    study: Study,
    source_id: str,
    design: SurveyDesign,
    *,
    against: Against = "pairs",
) -> pd.DataFrame:
    """A ``comparisons`` table of all groups within the target of a source.

    Of every mean and share, not of distributions. ``reference`` is the other group,
    or *overige groepen*. Empty where answers have no sampling error. Of contacts
    without volumes per channel only single channels are compared, in pairs: any other
    group mixes channels (STAT-N10).
    """
    if not study.measurement.has_sampling_error:
        return empty_comparisons()
    source = study.measurement.sources[source_id]
    questionnaire = study.questionnaires[source_id]
    single = [each for each in questionnaire.indicator if _is_single(each)]
    if not single or not source.breakdowns:
        return empty_comparisons()
    values = np.column_stack(
        [
            each.values
            for indicator in single
            for each in indicator_answers(indicator, questionnaire, design.data)
        ]
    )
    target = target_mask(source, questionnaire, design.data)
    channel = channel_without_volumes(study, source_id)
    frames = [
        _described(
            compare_groups(
                design,
                values,
                by,
                against=against if channel is None else "pairs",
                domain=target,
            ),
            single,
            source_id,
            by,
        )
        for by in source.breakdowns
        if channel is None or by == channel.id
    ]
    if not frames:
        return empty_comparisons()
    rows = pd.concat(frames, ignore_index=True)
    shared = {"measurement": study.key, "source": source_id, "category": ""}
    return tidy(
        rows.assign(**shared, method=METHOD, status="published"), COMPARISON_COLUMNS
    )


def _is_single(indicator: Indicator) -> bool:
    return indicator.statistic != "distribution"


def _described(
    frame: pd.DataFrame, indicators: Sequence[Indicator], source_id: str, by: str
) -> pd.DataFrame:
    found = [indicators[column] for column in frame["column"]]
    return frame.drop(columns="column").assign(
        indicator=[each.id for each in found],
        statistic=[each.statistic for each in found],
        by=by,
        family=[f"{GROUPS}: {source_id}, {each.id} naar {by}" for each in found],
    )
