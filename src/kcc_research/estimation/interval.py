"""Intervals: of means, of shares in a design, and of counts without a design.

Every function takes a level and works on arrays of one shape. A share never gets an
interval of zero width: where the sample shows no variance (nobody, or everybody), an
effective number of answers stands in (:func:`certain_n`). With fewer than two degrees
of freedom there is no interval at all (STAT-N3): both limits are NaN, and the table
says why. Sources: Wilson 1927; Clopper & Pearson 1934; Korn & Graubard 1998; Newcombe
1998; Brown, Cai & DasGupta 2001; Dean & Pagano 2015.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy import special

from kcc_research.estimation.grouping import FloatArray

Interval = tuple[FloatArray, FloatArray]
ShareMethod = Literal[
    "beta", "wilson_neff", "wilson_neff_df", "logit", "xlogit", "asin", "mean"
]

FEWEST_DF = 2.0
"""Below this many degrees of freedom: *te weinig om iets over te zeggen*."""

ICC_WITHOUT_EVENTS = 0.05
"""Intraclass correlation assumed where a clustered sample cannot show any."""

EXACT_BELOW_N = 40
EXACT_BELOW_EVENTS = 5

# A share this close to 0 or 1 differs from it by rounding of the weighted sum only.
_ROUNDING = 1e-12


def t_quantile(df: FloatArray | float, level: FloatArray | float = 0.95) -> FloatArray:
    """Two-sided quantile of Student's t; NaN below :data:`FEWEST_DF`.

    >>> round(float(t_quantile(10)), 3)
    2.228
    """
    enough = np.asarray(df, dtype=float) >= FEWEST_DF
    return np.where(enough, special.stdtrit(df, 0.5 + level / 2), np.nan)


def z_quantile(level: float = 0.95) -> float:
    """Two-sided quantile of the normal distribution."""
    return float(special.ndtri(0.5 + level / 2))


def t_interval(
    value: FloatArray, std_error: FloatArray, df: FloatArray, level: float = 0.95
) -> Interval:
    """Value ± t · SE (STAT-M2); NaN where there is no variance (STAT-N7)."""
    half = np.where(std_error > 0, t_quantile(df, level) * std_error, np.nan)
    return value - half, value + half


def wilson(
    x: FloatArray, n: FloatArray, level: float = 0.95, *, continuity: bool = False
) -> Interval:
    """Score interval of x of n; Newcombe's method 4 with ``continuity``."""
    z, p = z_quantile(level), x / n
    shift = 1.0 if continuity else 0.0
    # The correction moves both limits half an event outwards.
    low_root = z**2 - shift * (2 + 1 / n) + 4 * p * (n * (1 - p) + shift)
    high_root = z**2 + shift * (2 - 1 / n) + 4 * p * (n * (1 - p) - shift)
    low = 2 * x + z**2 - shift - z * np.sqrt(np.maximum(low_root, 0))
    high = 2 * x + z**2 + shift + z * np.sqrt(np.maximum(high_root, 0))
    return _pinned(x, n, low / (2 * (n + z**2)), high / (2 * (n + z**2)))


def clopper_pearson(x: FloatArray, n: FloatArray, level: float = 0.95) -> Interval:
    """Exact interval of x of n; x and n need not be whole."""
    tail = (1 - level) / 2
    low = special.betaincinv(np.maximum(x, _ROUNDING), n - x + 1, tail)
    high = special.betaincinv(x + 1, np.maximum(n - x, _ROUNDING), 1 - tail)
    return _pinned(x, n, low, high)


def jeffreys(x: FloatArray, n: FloatArray, level: float = 0.95) -> Interval:
    """Equal-tailed Jeffreys interval of x of n, pinned to 0 and 1 (STAT-L3)."""
    tail = (1 - level) / 2
    low = special.betaincinv(x + 0.5, n - x + 0.5, tail)
    high = special.betaincinv(x + 0.5, n - x + 0.5, 1 - tail)
    return _pinned(x, n, low, high)


def count_interval(x: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of x of n answers without a design: Wilson, exact when small (STAT-M4).

    >>> low, high = count_interval(525, 750)
    >>> round(low, 3), round(high, 3)
    (0.666, 0.732)
    """
    small = n < EXACT_BELOW_N or min(x, n - x) < EXACT_BELOW_EVENTS
    method = clopper_pearson if small else wilson
    low, high = method(np.asarray(float(x)), np.asarray(float(n)), level)
    return float(low), float(high)


def certain_n(
    n: FloatArray,
    df: FloatArray,
    kish_design_effect: FloatArray,
    answers_per_unit: FloatArray,
    *,
    clustered: bool,
    level: float = 0.95,
) -> FloatArray:
    """Effective answers behind a share of 0 or 1, which shows no variance.

    Unclustered: Kish's effective n, so that unweighted data get Clopper–Pearson. In
    clusters, no event in a few of them says little (STAT-T10): Kish's effective n
    over 1 + (m̄ − 1) · 0.05, with m̄ answers per cluster, times :func:`few_units`.
    """
    kish = n / kish_design_effect
    if not clustered:
        return kish
    within = 1 + (answers_per_unit - 1) * ICC_WITHOUT_EVENTS
    return kish / within * few_units(n, df, level)


def few_units(n: FloatArray, df: FloatArray, level: float = 0.95) -> FloatArray:
    """(t[n − 1] / t[df])²: the price of few sampling units (Korn & Graubard 1998)."""
    return (t_quantile(n - 1, level) / t_quantile(df, level)) ** 2


def share_interval(
    share: FloatArray,
    variance: FloatArray,
    n: FloatArray,
    df: FloatArray,
    *,
    n_if_certain: FloatArray,
    cap: bool = True,
    method: ShareMethod = "beta",
    level: float = 0.95,
) -> Interval:
    """Interval of a share in a design (STAT-M3).

    ``beta`` (Korn–Graubard, the default) is the exact interval on the number of
    answers that would give the design's variance, p(1 − p)/v, times
    :func:`few_units`; ``cap`` holds it at n, as is right unless a finite-population
    correction applies (STAT-T8). ``n_if_certain`` stands in where p is 0 or 1 or the
    weighting leaves no variance. ``wilson_neff`` serves charts. The rest is there for
    comparison and gives way to ``beta`` where it has no answer.
    """
    p = np.where(share < _ROUNDING, 0.0, np.where(share > 1 - _ROUNDING, 1.0, share))
    spread = p * (1 - p)
    certain = (spread == 0) | (variance <= 0)
    effective = np.divide(
        spread, variance, out=np.array(n_if_certain, dtype=float), where=~certain
    )
    priced = np.where(certain, effective, effective * few_units(n, df, level))
    if cap:
        effective, priced = np.minimum(effective, n), np.minimum(priced, n)
    if method == "wilson_neff":
        return wilson(p * effective, effective, level)
    if method == "wilson_neff_df":
        return wilson(p * priced, priced, level)
    beta = clopper_pearson(p * priced, priced, level)
    if method == "beta":
        return _if_enough(df, beta)
    half = t_quantile(df, level) * np.sqrt(variance)
    low, high = _transformed(method, np.where(certain, 0.5, p), half)
    return np.where(certain, beta[0], low), np.where(certain, beta[1], high)


def _if_enough(df: FloatArray, interval: Interval) -> Interval:
    enough = df >= FEWEST_DF
    return np.where(enough, interval[0], np.nan), np.where(enough, interval[1], np.nan)


def _arcsine(p: FloatArray) -> FloatArray:
    return np.asarray(np.arcsin(np.sqrt(p)))


def _sine_squared(angle: FloatArray) -> FloatArray:
    return np.asarray(np.sin(np.clip(angle, 0, np.pi / 2)) ** 2)


Transform = Callable[[FloatArray], FloatArray]
_TRANSFORMS: dict[str, tuple[Transform, Transform, Transform]] = {
    # method: the scale on which the interval is symmetric, its slope, the way back
    "mean": (np.asarray, np.ones_like, np.asarray),
    "logit": (special.logit, lambda p: 1 / (p * (1 - p)), special.expit),
    "asin": (_arcsine, lambda p: 0.5 / np.sqrt(p * (1 - p)), _sine_squared),
}


def _transformed(method: str, p: FloatArray, half: FloatArray) -> Interval:
    """p ± t · SE on another scale; ``xlogit`` is ``logit``, fitted in R by a model."""
    there, slope, back = _TRANSFORMS[method.removeprefix("x")]
    middle, width = there(p), half * slope(p)
    return back(middle - width), back(middle + width)


def _pinned(
    x: FloatArray, n: FloatArray, low: FloatArray, high: FloatArray
) -> Interval:
    """Nobody: from exactly 0; everybody: up to exactly 1."""
    return np.where(x <= 0, 0.0, low), np.where(n - x <= 0, 1.0, high)
