"""Funnel plot: which shares fall outside what chance alone would give.

Around one target the exact binomial limits narrow as n grows (Spiegelhalter 2005,
Statistics in Medicine 24: 1185), interpolated between whole counts as in its appendix
A.1.1. Municipalities differ by more than chance as a rule: *phi* is that
overdispersion, from 10% winsorised z-scores, and becomes an additive variance tau²
between them (Spiegelhalter et al. 2012). There is no package in R to check against; the
formulas in ``lib.R`` agree to 1e-8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from kcc_research.estimation.grouping import FloatArray, floats

ALPHAS = (0.001, 0.025, 0.975, 0.999)
"""Lower tail of each limit: the 99.8% and the 95% funnel."""

WINSORISED = 0.1


@dataclass(frozen=True, eq=False)
class Funnel:
    """k shares against one target.

    ``limits`` (k × alphas) are shares; ``z`` and ``z_adjusted`` (k,) are distances from
    the target in standard errors, without and with overdispersion.
    """

    target: float
    limits: FloatArray
    z: FloatArray
    phi: float
    tau2: float
    z_adjusted: FloatArray


def funnel(
    events: FloatArray,
    n: FloatArray,
    *,
    target: float | None = None,
    alphas: Sequence[float] = ALPHAS,
) -> Funnel:
    """Limits and z-scores of x of n in k municipalities.

    ``target`` is the overall share unless given. Raises ``ValueError`` for a target of
    0 or 1, around which there is no funnel.

    >>> found = funnel(np.array([30.0, 80, 60]), np.array([50.0, 100, 100]))
    >>> round(found.target, 2), found.limits.shape
    (0.68, (3, 4))
    """
    events, n = floats(events), floats(n)
    middle = float(events.sum() / n.sum()) if target is None else target
    if not 0 < middle < 1:
        raise ValueError(f"no funnel around a target of {middle:g}")
    error = np.sqrt(middle * (1 - middle) / n)
    distance = events / n - middle
    z = distance / error
    phi = float((_winsorised(z) ** 2).mean())
    tau2 = _additive_variance(phi, error)
    return Funnel(
        target=middle,
        limits=np.column_stack([exact_limit(n, middle, each) for each in alphas]),
        z=z,
        phi=phi,
        tau2=tau2,
        z_adjusted=distance / np.sqrt(error**2 + tau2),
    )


def exact_limit(n: FloatArray, target: float, alpha: float) -> FloatArray:
    """Share below which a tail ``alpha`` of the binomial lies, interpolated (k,)."""
    count = stats.binom.ppf(alpha, n, target)
    above = stats.binom.cdf(count, n, target) - alpha
    step = stats.binom.pmf(count, n, target)
    return floats((count - above / step) / n)


def _winsorised(z: FloatArray) -> FloatArray:
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    return floats(np.clip(z, low, high))


def _additive_variance(phi: float, error: FloatArray) -> float:
    """(k·phi − (k − 1)) / (Σw − Σw²/Σw), with w = 1/se²; never below 0."""
    k, weight = len(error), 1 / error**2
    if k < 2:
        return 0.0
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, float((k * phi - (k - 1)) / scale))
