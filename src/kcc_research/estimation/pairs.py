"""The same people twice: tests on complete pairs of unweighted answers (STAT-M14).

For files without weights only; a weighted panel is estimated as a mean of the
differences with the person as sampling unit. Pairs of which one is missing are left
out. As R ``t.test(paired=TRUE)``, ``wilcox.test(paired=TRUE)`` and ``mcnemar.test``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special, stats

from kcc_research.estimation.difference import Difference
from kcc_research.estimation.grouping import FloatArray, floats

Sample = FloatArray | pd.Series

EXACT_BELOW = 25
"""With fewer discordant pairs McNemar's test is exact."""


@dataclass(frozen=True)
class SignedRanks:
    """``positive`` is the sum of the ranks of the pairs that went up: R's V."""

    positive: float
    p_value: float


@dataclass(frozen=True)
class Change:
    """Pairs that changed from 0 to 1 (``gained``) and from 1 to 0 (``lost``)."""

    gained: int
    lost: int

    @property
    def discordant(self) -> int:
        return self.gained + self.lost

    @property
    def chi_square(self) -> float:
        """McNemar's (1947) statistic on one degree of freedom; NaN without change."""
        if self.discordant == 0:
            return float("nan")
        return (self.gained - self.lost) ** 2 / self.discordant

    @property
    def p_chi_square(self) -> float:
        return float(special.chdtrc(1, self.chi_square))

    @property
    def p_exact(self) -> float:
        """Binomial: were gains and losses equally likely? 1 without change."""
        if self.discordant == 0:
            return 1.0
        return float(stats.binomtest(self.gained, self.discordant).pvalue)

    @property
    def p_value(self) -> float:
        """Exact below :data:`EXACT_BELOW` discordant pairs, χ² from there."""
        return self.p_exact if self.discordant < EXACT_BELOW else self.p_chi_square


def paired_difference(before: Sample, after: Sample) -> Difference:
    """Mean of after minus before, by the paired t test."""
    change = _changes(before, after)
    error = change.std(ddof=1) / np.sqrt(len(change))
    return Difference(
        floats([change.mean()]), floats([error]), floats([len(change) - 1])
    )


def standardised_change(before: Sample, after: Sample) -> float:
    """Cohen's d_z: mean change in standard deviations of the change."""
    change = _changes(before, after)
    return float(change.mean() / change.std(ddof=1))


def signed_ranks(before: Sample, after: Sample) -> SignedRanks:
    """Wilcoxon's signed-rank test; pairs without change are left out.

    p is exact for at most 50 pairs without ties, and otherwise normal, corrected for
    ties and continuity. Without any change p is 1.
    """
    change = _changes(before, after)
    moved = change[change != 0]
    if len(moved) == 0:
        return SignedRanks(0.0, 1.0)
    ranks = stats.rankdata(np.abs(moved))
    exact = len(moved) <= 50 and len(np.unique(ranks)) == len(moved)
    method: Literal["exact", "approx"] = "exact" if exact else "approx"
    found = stats.wilcoxon(moved, correction=True, method=method)
    return SignedRanks(float(ranks[moved > 0].sum()), float(found.pvalue))


def mcnemar(before: Sample, after: Sample) -> Change:
    """Change of an answer that is 0 or 1."""
    change = _changes(before, after)
    if not np.isin(change, (-1, 0, 1)).all():
        raise ValueError("answers other than 0 and 1")
    return Change(gained=int((change > 0).sum()), lost=int((change < 0).sum()))


def _changes(before: Sample, after: Sample) -> FloatArray:
    change = floats(after) - floats(before)
    known = change[~np.isnan(change)]
    if len(known) < 2:
        raise ValueError("a comparison needs two complete pairs at least")
    return known
