"""Remarks that were promised confidentiality: counted whole, or not at all (§8.1).

Counts of few people stand beside their totals, by source and by theme, and a person may
be in many of them: what one number hides another gives. So one small number withholds
every row of its indicator, in all breakdowns.
"""

from __future__ import annotations

import pandas as pd

from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.primary import too_few
from kcc_research.study.measurement import Study


def confidential_rows(
    study: Study, estimates: pd.DataFrame, policy: DisclosurePolicy
) -> pd.Series[bool]:
    """Rows of confidential remarks of which any number, or its rest, is small."""
    sources = [x for x in study.schemes if study.measurement.sources[x].confidential]
    if not sources:
        return pd.Series(False, index=estimates.index)
    promised = estimates["source"].isin(sources)
    rest = estimates["n"] - estimates["count"]
    small = too_few(estimates["n"], policy)
    for cell in (estimates["count"], rest.where(rest > 0)):
        small |= (cell < policy.minimum_cell).fillna(False).astype(bool)
    place = [estimates["source"], estimates["indicator"]]
    return promised & small.groupby(place).transform("any")
