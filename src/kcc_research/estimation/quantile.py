"""Quantiles: of weighted answers in a design, and of a plain sample of times.

A median says of a skewed quantity, such as a waiting time, what a mean cannot; the
90th percentile says how long the unlucky ones wait. In a design the interval is
Woodruff's (1952): the interval of the share of answers up to the quantile, read back
on the scale of the answers. It is centred on p, not on the share F(q̂) that was found:
on tied grades F(q̂) lies far above p, and R's interval moves a whole grade (STAT-T3).
Of a plain sample the limits are order statistics (David & Nagaraja 2003, §7.1).
Checked against R ``survey::svyquantile`` and ``stats::quantile``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from kcc_research.estimation.design import DegreesOfFreedom, SurveyDesign
from kcc_research.estimation.estimate import Estimate, Variable, share
from kcc_research.estimation.grouping import BoolArray, FloatArray, floats
from kcc_research.estimation.interval import FEWEST_DF, certain_n, t_quantile

Rule = Literal["math", "school", "hf7"]
Ties = Literal["shared", "file_order"]
Centre = Literal["p", "estimate"]
Uncertainty = Literal["sampling", "none"]

UNDETERMINED = "niet te bepalen"
ALL_EQUAL = "alle antwoorden gelijk; geen marge te berekenen"
TOO_LITTLE = "te weinig om iets over te zeggen"
NOBODY = "geen antwoorden"

QUARTILES = (0.25, 0.5, 0.75)
WAITING = (0.5, 0.8, 0.9, 0.95)

# Cumulative weights closer to p than this differ from it by rounding only.
_ROUNDING = 1e-12


def weighted_quantile(
    values: FloatArray,
    weights: FloatArray,
    probabilities: FloatArray,
    *,
    rule: Rule = "math",
    ties: Ties = "shared",
) -> FloatArray:
    """Quantiles of the weighted distribution, (probabilities,); no value is missing.

    ``math``: the smallest value with F(value) ≥ p. ``school``: the same, but half-way
    to the next value where F equals p, as the median is taught. ``hf7``: linear
    between values at position S[k − 1] / S[n − 1] of the cumulative weights, which
    without weights is type 7 of Hyndman & Fan (1996). Equal values share their weight
    equally, so that the order of rows never matters; R's ``hf7`` follows the order of
    the file (``ties="file_order"``).

    >>> weighted_quantile(np.array([6.0, 7, 8]), np.array([1.0, 1, 2]), np.array([0.5]))
    array([7.])
    """
    ordered, shares = _in_order(values, weights, ties)
    reached = np.cumsum(shares)
    if rule == "hf7":
        positions = (reached - shares) / max(reached[-1] - shares[-1], _ROUNDING)
        return floats(np.interp(probabilities, positions, ordered))
    wanted = probabilities * reached[-1]
    slack = _ROUNDING * reached[-1]
    at = np.minimum(np.searchsorted(reached, wanted - slack), len(ordered) - 1)
    if rule == "math":
        return floats(ordered[at])
    after = np.minimum(at + (np.abs(reached[at] - wanted) <= slack), len(ordered) - 1)
    return floats((ordered[at] + ordered[after]) / 2)


def _in_order(
    values: FloatArray, weights: FloatArray, ties: Ties
) -> tuple[FloatArray, FloatArray]:
    order = np.argsort(values, kind="stable")
    if ties == "file_order":
        return values[order], weights[order]
    _, group, size = np.unique(values, return_inverse=True, return_counts=True)
    shared = (np.bincount(group, weights) / size)[group]
    return values[order], shared[order]


def quantiles(
    design: SurveyDesign,
    y: Variable,
    probabilities: Sequence[float] = QUARTILES,
    *,
    domain: BoolArray | None = None,
    rule: Rule = "math",
    centre: Centre = "p",
    ties: Ties = "shared",
    df: DegreesOfFreedom = "satterthwaite",
    level: float = 0.95,
) -> pd.DataFrame:
    """Weighted quantiles of one variable with Woodruff intervals (STAT-M5).

    One row per probability: ``probability``, ``estimate``, ``std_error``, ``ci_low``,
    ``ci_high`` in the unit of ``y``, ``df``, ``n`` answers, and a ``note`` where there
    is no interval. The limits are the quantiles at p ± t · SE(F(q̂)); a limit that
    would lie below the lowest or above the highest answer is *niet te bepalen*. Where
    F(q̂) shows no variance, that of a share p of as many effective answers stands in
    (:func:`~.interval.certain_n`). ``std_error`` is the width over 2t. With
    ``centre="estimate"``, the limits lie round F(q̂) instead, as in R.
    """
    values = design.values(y)
    inside = ~np.isnan(values) & (True if domain is None else domain)
    p = floats(list(probabilities))
    if not inside.any():
        return _table(p, note=np.full(len(p), NOBODY, dtype=object))

    answers = values[inside], design.weights[inside], rule, ties
    estimate = _read_back(p, *answers)
    below = np.where(inside[:, None], values[:, None] <= estimate, np.nan)
    reached = share(design, below)
    degrees = reached.df(df)
    critical = t_quantile(degrees, level)
    half = critical * np.sqrt(_variance(reached, p, degrees, level))
    middle = p if centre == "p" else reached.value
    spread = bool(np.ptp(values[inside]) > 0)
    low, high = (
        np.where(spread, _read_back(limit, *answers), np.nan)
        for limit in (middle - half, middle + half)
    )
    return _table(
        p,
        estimate=estimate,
        std_error=(high - low) / (2 * critical),
        ci_low=low,
        ci_high=high,
        df=degrees,
        n=reached.n,
        note=_notes(spread, degrees >= FEWEST_DF, np.isnan(low) | np.isnan(high)),
    )


def _read_back(
    levels: FloatArray, values: FloatArray, weights: FloatArray, rule: Rule, ties: Ties
) -> FloatArray:
    """Answers at levels of F; NaN at levels that are not between 0 and 1."""
    possible = (levels > 0) & (levels < 1)
    usable = np.where(possible, levels, 0.5)
    found = weighted_quantile(values, weights, usable, rule=rule, ties=ties)
    return np.where(possible, found, np.nan)


def _variance(
    reached: Estimate, p: FloatArray, df: FloatArray, level: float
) -> FloatArray:
    """Variance of the share up to each quantile, never 0."""
    stand_in = certain_n(
        reached.n,
        df,
        reached.kish_design_effect,
        reached.answers_per_unit,
        clustered=reached.design.is_clustered,
        level=level,
    )
    return np.where(reached.variance > 0, reached.variance, p * (1 - p) / stand_in)


def _notes(spread: bool, enough: BoolArray, missing: BoolArray) -> FloatArray:
    why = np.where(missing, UNDETERMINED, "")
    why = np.where(enough, why, TOO_LITTLE)
    return np.where(spread, why, ALL_EQUAL).astype(object)


def percentiles(
    values: FloatArray | pd.Series,
    probabilities: Sequence[float] = WAITING,
    *,
    uncertainty: Uncertainty = "sampling",
    level: float = 0.95,
) -> pd.DataFrame:
    """Unweighted percentiles of times, by type 7, with limits that are observations.

    Rows and columns as of :func:`quantiles`, without ``std_error`` and ``df``. The
    limits are the observations of rank b(α/2) and b(1 − α/2) + 1, with b the quantile
    of the binomial distribution of n and p. A rank of 0 or above n is *niet te
    bepalen*: the 95th percentile needs more than 71 observations, the 90th more than
    35. A complete log is no sample: with ``uncertainty="none"`` there are no limits
    (STAT-N8). Missing values are left out.

    >>> percentiles(np.array([1.0, 2, 3, 4]), [0.5])["estimate"].tolist()
    [2.5]
    """
    given = floats(values)
    ordered, p = np.sort(given[~np.isnan(given)]), floats(list(probabilities))
    n = len(ordered)
    if n == 0:
        return _table(p, note=np.full(len(p), NOBODY, dtype=object))
    estimate = np.quantile(ordered, p)
    counted = np.full(len(p), n)
    if uncertainty == "none":
        return _table(p, estimate=estimate, n=counted)
    tail = (1 - level) / 2
    low = _observation(ordered, _binomial_quantile(tail, n, p))
    high = _observation(ordered, _binomial_quantile(1 - tail, n, p) + 1)
    note = np.where(np.isnan(low) | np.isnan(high), UNDETERMINED, "").astype(object)
    return _table(p, estimate=estimate, ci_low=low, ci_high=high, n=counted, note=note)


def _observation(ordered: FloatArray, rank: FloatArray) -> FloatArray:
    n = len(ordered)
    at = np.clip(rank, 1, n).astype(np.intp) - 1
    return np.where((rank >= 1) & (rank <= n), ordered[at], np.nan)


def _binomial_quantile(tail: float, n: int, p: FloatArray) -> FloatArray:
    """Smallest count that is reached with probability ``tail`` or more."""
    counts = np.arange(n + 1)
    return floats([np.searchsorted(special.bdtr(counts, n, each), tail) for each in p])


def _table(probabilities: FloatArray, **columns: FloatArray) -> pd.DataFrame:
    missing = np.full(len(probabilities), np.nan)
    names = ("estimate", "std_error", "ci_low", "ci_high", "df")
    table = {"probability": probabilities}
    table |= {name: columns.get(name, missing) for name in names}
    counts = columns.get("n", np.zeros(len(probabilities)))
    nothing = np.full(len(probabilities), "", dtype=object)
    return pd.DataFrame(table).assign(
        n=pd.array(counts.astype(np.int64), dtype="Int64"),
        note=pd.Series(columns.get("note", nothing), dtype="str"),
    )
