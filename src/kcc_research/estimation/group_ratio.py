"""Ratios of group means: how many times as much one group has as another.

The interval is that of the logarithm of the ratio, by linearisation with the
covariance of the two groups kept (Särndal, Swensson & Wretman 1992, ch. 5), and t
quantiles with the degrees of freedom of the design; it is not symmetric. A ratio is an
association, never a cause, and 1.4 is 40% more, not 40 *procentpunt* (STAT-C12).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.answers import indicator_answers
from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.domains import holds
from kcc_research.estimation.estimate import Estimate, mean
from kcc_research.estimation.interval import FEWEST_DF, t_interval
from kcc_research.estimation.tables import (
    DOMAIN,
    ESTIMATE_COLUMNS,
    empty_estimates,
    tidy,
)
from kcc_research.study.group_ratio import GroupRatio
from kcc_research.study.measurement import Study

METHOD = "verhouding van twee gemiddelden"
WITH_INTERVAL = f"{METHOD}, met t-interval voor de logaritme"
AS_IF_RANDOM = "alleen als deelname toeval was"
"""Heading of a margin that was asked for where respondents chose themselves."""


def estimate_ratios(
    study: Study, source_id: str, design: SurveyDesign, *, as_if_random: bool = False
) -> pd.DataFrame:
    """An ``estimates`` table with one row per declared ratio.

    ``indicator`` is the id of the ratio, ``group`` the filter, ``n`` the answers of
    the smaller group, so that what is too small for either is published for neither.
    There is an interval where the answers have sampling error; for respondents who
    chose themselves only when ``as_if_random`` asks for it, and ``method`` then says
    what it is worth (DESIGN §8.3). Standard error on the scale of the ratio.
    """
    ratios = study.questionnaires[source_id].ratio
    rows = [
        row
        for ratio in ratios
        for row in _row(study, source_id, design, ratio, as_if_random=as_if_random)
    ]
    if not rows:
        return empty_estimates()
    shared: dict[str, Any] = {
        "measurement": study.key,
        "source": source_id,
        "statistic": "ratio",
        "by": DOMAIN,
        "weighted": design.is_weighted,
    }
    return tidy(pd.DataFrame(rows).assign(**shared), ESTIMATE_COLUMNS)


def _row(
    study: Study,
    source_id: str,
    design: SurveyDesign,
    ratio: GroupRatio,
    *,
    as_if_random: bool,
) -> Iterator[dict[str, object]]:
    questionnaire = study.questionnaires[source_id]
    means = _group_means(study, source_id, design, ratio)
    filters = questionnaire.filters
    group, reference = filters[ratio.group].label, filters[ratio.reference].label
    sampled = study.measurement.has_sampling_error or as_if_random
    row: dict[str, object] = {
        "indicator": ratio.id,
        "group": ratio.group,
        "category": "",
        "n": int(means.n.min()),
        "base": (
            f"{group} ({dutch.base(int(means.n[0]))}), vergeleken met "
            f"{reference} ({dutch.base(int(means.n[1]))})"
        ),
        "uncertainty": "sampling" if sampled else "none",
        "method": METHOD,
        "status": "not_measured",
    }
    if means.n.min() > 0 and means.value[1] != 0:
        row |= {"estimate": means.value[0] / means.value[1], "status": "published"}
        row |= _margin(means) if sampled and (means.value > 0).all() else {}
    if as_if_random and not study.measurement.has_sampling_error:
        row["method"] = f"{row['method']}; {AS_IF_RANDOM}"
    yield row


def _group_means(
    study: Study, source_id: str, design: SurveyDesign, ratio: GroupRatio
) -> Estimate:
    """The means of group and reference, side by side in one design."""
    questionnaire = study.questionnaires[source_id]
    indicator = questionnaire.indicators[ratio.indicator]
    (answers,) = indicator_answers(indicator, questionnaire, design.data)
    columns = [
        np.where(
            holds(questionnaire.filters[name].parsed, questionnaire, design.data),
            answers.values,
            np.nan,
        )
        for name in (ratio.group, ratio.reference)
    ]
    return mean(design, np.column_stack(columns)).without_fpc


def _margin(means: Estimate) -> dict[str, object]:
    """Interval of the ratio through that of its logarithm."""
    logarithm = means.contrast(np.array([[1 / means.value[0]], [-1 / means.value[1]]]))
    ratio = means.value[0] / means.value[1]
    df = logarithm.df()
    if df[0] < FEWEST_DF:
        return {}
    low, high = t_interval(np.log([ratio]), logarithm.std_error, df)
    return {
        "std_error": ratio * logarithm.std_error[0],
        "ci_low": float(np.exp(low[0])),
        "ci_high": float(np.exp(high[0])),
        "df": df[0],
        "method": WITH_INTERVAL,
    }
