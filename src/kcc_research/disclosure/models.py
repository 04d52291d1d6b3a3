"""Model output with too few people to spare (TRUST-D11).

A regression that uses nearly all its degrees of freedom fits the respondents one by
one. The only model of which results are published is that of the priority matrix: the
importance of aspects, their correlations and what they explain together.
"""

from __future__ import annotations

import pandas as pd

from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.primary import excepted
from kcc_research.estimation.priority import (
    CORRELATION,
    EXPLAINED,
    IMPORTANCE,
    MEAN_IMPORTANCE,
    TANGLED_PREFIX,
)

MODELLED = (IMPORTANCE, CORRELATION, EXPLAINED, MEAN_IMPORTANCE)


def thin_models(rows: pd.DataFrame, policy: DisclosurePolicy) -> pd.Series[bool]:
    """Rows of ``estimates`` or ``comparisons`` from a model with too few left over."""
    modelled = is_modelled(rows)
    important = rows[modelled & (rows["category"] == IMPORTANCE)]
    drivers = important.groupby("source")["indicator"].nunique()
    used = rows["source"].map(drivers).fillna(0).astype("int64") + 1
    few = (rows["n"] - used < policy.model_df).fillna(False).astype(bool)
    answered = (rows["n"] > 0).fillna(False).astype(bool)
    return modelled & answered & few & ~excepted(rows, policy, "D11")


def is_modelled(rows: pd.DataFrame) -> pd.Series[bool]:
    """Results of a model, by what the priority matrix calls them."""
    named = rows["category"].isin(MODELLED)
    named |= rows["category"].str.startswith(TANGLED_PREFIX)
    return named & (rows["statistic"] == "ratio")
