"""Means and shares of any columns, as a table: the total and every breakdown.

For numbers that are computed from answers but are no indicator of a questionnaire:
the gap between expectation and experience, NPS, effort, scale scores. All columns of a
group are estimated in one pass, and every row has its uncertainty and its n.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.estimate import Estimate, group_masks, mean_within
from kcc_research.estimation.grouping import BoolArray, FloatArray, floats
from kcc_research.estimation.interval import (
    FEWEST_DF,
    Interval,
    certain_n,
    share_interval,
    t_interval,
)
from kcc_research.estimation.tables import ESTIMATE_COLUMNS, TOTAL, tidy

TOO_LITTLE = "te weinig om iets over te zeggen"
ALL_EQUAL = "alle antwoorden gelijk; geen marge te berekenen"
NOBODY = "geen antwoorden"


@dataclass(frozen=True)
class Label:
    """What a table says of one column: its names, and how it was computed."""

    indicator: str
    statistic: str
    method: str
    category: str = ""

    @property
    def is_share(self) -> bool:
        return self.statistic == "share"


def estimate_breakdowns(
    design: SurveyDesign,
    values: FloatArray,
    labels: Sequence[Label],
    *,
    base: str,
    by: Sequence[str] = (),
    domain: BoolArray | None = None,
    has_sampling_error: bool = True,
    level: float = 0.95,
) -> pd.DataFrame:
    """An ``estimates`` table of the weighted means of ``values`` (rows × k).

    ``labels`` describes the k columns, ``base`` says who answered. ``by`` names
    columns of the design's data; ``domain`` (rows,) restricts everything. Means get a
    t interval, shares Korn–Graubard's; without sampling error there is neither, nor
    degrees of freedom (STAT-N8).
    """
    blocks = [
        _block(design, values, mask, labels, has_sampling_error, level)
        | {"by": name, "group": group}
        for name, group, mask in _parts(design, by, domain)
    ]
    rows = pd.concat([pd.DataFrame(each) for each in blocks], ignore_index=True)
    rows = rows.assign(
        base=base,
        weighted=design.is_weighted,
        uncertainty="sampling" if has_sampling_error else "none",
    )
    return tidy(rows, ESTIMATE_COLUMNS)


def _parts(
    design: SurveyDesign, by: Sequence[str], domain: BoolArray | None
) -> Iterator[tuple[str, str, BoolArray]]:
    everyone = np.ones(len(design), dtype=bool) if domain is None else domain
    yield TOTAL, TOTAL, everyone
    for name in by:
        groups, masks = group_masks(design, name)
        for group, mask in zip(groups, masks.T, strict=True):
            yield name, group, mask & everyone


def _block(
    design: SurveyDesign,
    values: FloatArray,
    mask: BoolArray,
    labels: Sequence[Label],
    has_sampling_error: bool,
    level: float,
) -> dict[str, object]:
    """All columns of one group."""
    found = mean_within(design, values, mask)
    some = found.n > 0
    is_share = np.array([each.is_share for each in labels])
    fulfil = (values[mask] == 1).sum(axis=0)
    method = np.array([each.method for each in labels], dtype=object)
    block: dict[str, object] = {
        "indicator": [each.indicator for each in labels],
        "statistic": [each.statistic for each in labels],
        "category": [each.category for each in labels],
        "estimate": found.value,
        "count": np.where(is_share & some, fulfil, np.nan),
        "n": found.n,
        "method": np.where(some, method, NOBODY),
        "status": np.where(some, "published", "not_measured"),
    }
    if not has_sampling_error:
        return block
    return {**block, **_margins(found, is_share, method, level)}


def _margins(
    found: Estimate, is_share: BoolArray, method: NDArray[Any], level: float
) -> Mapping[str, object]:
    some, df = found.n > 0, found.df()
    low, high = intervals(found, df, is_share, level)
    open_sample = found.without_fpc
    numbers = {
        "std_error": found.std_error,
        "ci_low": low,
        "ci_high": high,
        "df": df,
        "n_effective": found.n_effective,
        "design_effect": open_sample.design_effect(),
        "std_error_without_fpc": open_sample.std_error,
    }
    equal = some & ~is_share & (found.std_error == 0)
    words = np.where(some, np.where(equal, ALL_EQUAL, method), NOBODY)
    words = np.where(some & (df < FEWEST_DF), TOO_LITTLE, words)
    return {name: np.where(some, each, np.nan) for name, each in numbers.items()} | {
        "method": words
    }


def intervals(
    found: Estimate, df: FloatArray, is_share: BoolArray, level: float = 0.95
) -> Interval:
    """Student's t for means, Korn–Graubard for shares (STAT-M2, M3)."""
    low, high = t_interval(found.value, found.std_error, df, level)
    n = floats(found.n)[is_share]
    certain = certain_n(
        n,
        df[is_share],
        found.kish_design_effect[is_share],
        found.answers_per_unit[is_share],
        clustered=found.design.is_clustered,
        level=level,
    )
    low[is_share], high[is_share] = share_interval(
        found.value[is_share],
        found.variance[is_share],
        n,
        df[is_share],
        n_if_certain=certain,
        cap=not found.design.has_fpc,
        level=level,
    )
    return low, high
