"""Two groups of unweighted answers: tests, and how large the difference is.

For files without weights, strata or clusters only (STAT-M16): in a design,
:mod:`.association` and :func:`~.difference.compare_groups` take their place. The raw
difference comes first, by Welch's test; beside it Mann–Whitney's for grades that pile
up, with Cliff's delta, and Hedges' g for comparison with other studies. As R
``t.test`` and ``wilcox.test``; effect sizes by their formulas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from kcc_research.estimation.difference import Difference, independent_difference
from kcc_research.estimation.grouping import FloatArray, floats
from kcc_research.estimation.interval import wilson, z_quantile

Sample = FloatArray | pd.Series


@dataclass(frozen=True)
class EffectSize:
    """A difference on a scale that does not depend on the unit, with its interval."""

    value: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class RankComparison:
    """Pairs of answers, one from each sample, and which of the two is higher.

    ``pairs_won`` counts those in which x is higher, ties for half: R's W.
    ``superiority`` is their share, ``cliffs_delta`` twice it less one.
    """

    pairs_won: float
    p_value: float
    superiority: EffectSize
    cliffs_delta: EffectSize


def welch(x: Sample, y: Sample) -> Difference:
    """Mean of x minus mean of y, with their own variances (Welch 1947): the default."""
    first, second = _known(x), _known(y)
    sides = [
        (floats([each.mean()]), floats([stats.sem(each)]), floats([len(each) - 1]))
        for each in (first, second)
    ]
    return independent_difference(*sides[0], *sides[1])


def student(x: Sample, y: Sample) -> Difference:
    """The same with one pooled variance, to reproduce others; never the default."""
    first, second = _known(x), _known(y)
    df = len(first) + len(second) - 2
    error = _pooled_sd(first, second) * np.sqrt(1 / len(first) + 1 / len(second))
    return Difference(
        floats([first.mean() - second.mean()]), floats([error]), floats([df])
    )


def mann_whitney(
    x: Sample, y: Sample, *, continuity: bool = True, level: float = 0.95
) -> RankComparison:
    """Wilcoxon–Mann–Whitney test with Cliff's delta (1993) and its interval.

    p is exact for small samples without ties and normal otherwise, corrected for ties
    and, unless ``continuity`` is off, for continuity.
    """
    first, second = _known(x), _known(y)
    found = stats.mannwhitneyu(first, second, use_continuity=continuity, method="auto")
    delta = _cliffs_delta(first, second, level)
    superiority = EffectSize(
        *((each + 1) / 2 for each in (delta.value, delta.ci_low, delta.ci_high))
    )
    return RankComparison(
        pairs_won=float(found.statistic),
        p_value=float(found.pvalue),
        superiority=superiority,
        cliffs_delta=delta,
    )


def cohens_d(x: Sample, y: Sample) -> float:
    """Difference of means in pooled standard deviations."""
    first, second = _known(x), _known(y)
    return float((first.mean() - second.mean()) / _pooled_sd(first, second))


def hedges_g(x: Sample, y: Sample, level: float = 0.95) -> EffectSize:
    """Cohen's d without its bias in small samples (Hedges 1981).

    g = J · d with J = Γ(m/2) / (√(m/2) Γ((m − 1)/2)), m = n₁ + n₂ − 2. The interval
    holds the values of δ for which t is not improbable: t is noncentral with
    δ · √(n₁n₂ / (n₁ + n₂)).
    """
    first, second = _known(x), _known(y)
    df = len(first) + len(second) - 2
    log_j = special.gammaln(df / 2) - special.gammaln((df - 1) / 2)
    correction = np.exp(log_j) / np.sqrt(df / 2)
    size = np.sqrt(len(first) * len(second) / (len(first) + len(second)))
    d = cohens_d(first, second)
    tail = (1 - level) / 2
    low, high = (special.nctdtrinc(df, p, d * size) / size for p in (1 - tail, tail))
    return EffectSize(float(correction * d), float(low), float(high))


def _cliffs_delta(x: FloatArray, y: FloatArray, level: float) -> EffectSize:
    """P(x > y) − P(x < y), with Cliff's asymmetric interval (1996, ch. 5).

    Where one sample lies wholly above the other the estimated variance is 0; the
    limit is then Wilson's, of as many successes as the smaller sample holds.
    """
    of_x, of_y = _dominance(x, y), -_dominance(y, x)
    delta = float(of_x.mean())
    z = z_quantile(level)
    if abs(delta) == 1:
        n = floats([min(len(x), len(y))])
        near = 2 * float(wilson(n, n, level)[0][0]) - 1
        return EffectSize(delta, *((near, 1.0) if delta > 0 else (-1.0, -near)))
    squared = z**2 * _delta_variance(x, y, of_x, of_y, delta)
    room = 1 - delta**2
    half = np.sqrt(squared * (room**2 + squared))
    low, high = ((delta * room + sign * half) / (room + squared) for sign in (-1, 1))
    return EffectSize(delta, float(low), float(high))


def _delta_variance(
    x: FloatArray, y: FloatArray, of_x: FloatArray, of_y: FloatArray, delta: float
) -> float:
    """Unbiased variance of delta (Cliff 1993, equation 8), at least its least value."""
    n, m = len(x), len(y)
    sizes = pd.Series(y).value_counts()
    ties = float(pd.Series(x).map(sizes).fillna(0).sum())
    within = n * m - ties - n * m * delta**2
    between = m**2 * ((of_x - delta) ** 2).sum() + n**2 * ((of_y - delta) ** 2).sum()
    unbiased = (between - within) / (n * m * (n - 1) * (m - 1))
    return max(float(unbiased), (1 - delta**2) / (n * m - 1))


def _dominance(x: FloatArray, y: FloatArray) -> FloatArray:
    """Per answer of x: share of y below it minus share of y above it."""
    ordered = np.sort(y)
    below = np.searchsorted(ordered, x, side="left")
    above = len(y) - np.searchsorted(ordered, x, side="right")
    return floats((below - above) / len(y))


def _known(sample: Sample) -> FloatArray:
    values = floats(sample)
    known = values[~np.isnan(values)]
    if len(known) < 2:
        raise ValueError("a sample needs two answers at least")
    return known


def _pooled_sd(x: FloatArray, y: FloatArray) -> float:
    squares = ((x - x.mean()) ** 2).sum() + ((y - y.mean()) ** 2).sum()
    return float(np.sqrt(squares / (len(x) + len(y) - 2)))
