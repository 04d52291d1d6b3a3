"""Agreement of coders: can the coding of open answers be trusted? (STAT-M24)

Krippendorff's alpha (2011, "Computing Krippendorff's Alpha-Reliability") takes any
number of coders and missing codes; Cohen's kappa takes two, with the standard error of
Fleiss, Cohen & Everitt (1969) for any weights. Checked against Krippendorff's worked
example (1e-8) and R ``psych::cohen.kappa`` (1e-6).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kcc_research.estimation.grouping import FloatArray, floats
from kcc_research.estimation.interval import z_quantile

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
Weighting = Literal["none", "linear", "quadratic"]
KappaVariance = Literal["fleiss", "psych"]

ALPHA, KAPPA = "Krippendorffs alfa", "Cohens kappa"

_BLOCK = 200


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha with its interval; NaN where nothing varies."""

    value: float
    low: float
    high: float
    units: int


def krippendorff_alpha(codings: pd.DataFrame, metric: Metric = "nominal") -> float:
    """Alpha = 1 − observed over expected disagreement, of units × coders.

    Units coded once say nothing about agreement and do not count. 1 is perfect, 0 is
    what chance gives; NaN when all codes are equal. Any labels will do for *nominal*,
    the other metrics need numbers (``ValueError``).

    >>> codings = pd.DataFrame({"a": [1, 2, 3, 3], "b": [1, 2, 3, 2]})
    >>> round(krippendorff_alpha(codings), 3)
    0.667
    """
    values, units = _coincidences(codings, metric)
    return float(_alpha(units.sum(axis=0)[None], values, metric)[0])


def alpha_interval(
    codings: pd.DataFrame,
    metric: Metric = "nominal",
    *,
    seed: int,
    replicates: int = 2000,
    level: float = 0.95,
) -> Agreement:
    """Alpha with a percentile interval over resampled units.

    The units are drawn anew with replacement, codes of one unit together (Zapf,
    Castell, Morawietz & Karch 2016, BMC Medical Research Methodology 16:93, who found
    that this keeps its level). Draws in which nothing varies have no alpha and are
    left out.
    """
    values, units = _coincidences(codings, metric)
    count = len(units)
    flat = units.reshape(count, -1)
    draw = np.random.default_rng(seed)
    alphas = []
    for start in range(0, replicates, _BLOCK):
        size = min(_BLOCK, replicates - start)
        times = draw.multinomial(count, np.full(count, 1 / max(count, 1)), size=size)
        drawn = (times @ flat).reshape(size, len(values), len(values))
        alphas.append(_alpha(drawn, values, metric))
    tail = (1 - level) / 2
    found = np.concatenate(alphas)
    found = found[~np.isnan(found)]
    low, high = np.quantile(found, [tail, 1 - tail]) if len(found) else (np.nan,) * 2
    estimate = float(_alpha(units.sum(axis=0)[None], values, metric)[0])
    return Agreement(estimate, float(low), float(high), count)


def _coincidences(
    codings: pd.DataFrame, metric: Metric
) -> tuple[NDArray[Any], FloatArray]:
    """Values, and per unit the matrix of pairs of codes, each pair over m − 1.

    (units × values × values), of the units with at least two codes.
    """
    if metric != "nominal" and not all(
        pd.api.types.is_numeric_dtype(each) for each in codings.dtypes
    ):
        raise ValueError(f"the metric {metric!r} needs numbers")
    flat = codings.to_numpy(dtype=object).ravel()
    codes, values = pd.factorize(flat, sort=True)
    rows = np.repeat(np.arange(len(codings)), codings.shape[1])
    given = codes >= 0
    counts = np.zeros((len(codings), len(values)))
    np.add.at(counts, (rows[given], codes[given]), 1)
    coded = counts.sum(axis=1)
    counts = counts[coded > 1]
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, range(len(values)), range(len(values))] -= counts
    return np.asarray(values), pairs / (coded[coded > 1] - 1)[:, None, None]


def _alpha(
    coincidences: FloatArray, values: NDArray[Any], metric: Metric
) -> FloatArray:
    """1 − (n − 1) Σ o·δ² / Σ n_c n_k δ², of b matrices at once."""
    margins = coincidences.sum(axis=2)
    distance = _squared_distance(margins, values, metric)
    observed = (coincidences * distance).sum(axis=(1, 2))
    chance = margins[:, :, None] * margins[:, None, :]
    expected = (chance * distance).sum(axis=(1, 2))
    ratio = np.divide(
        (margins.sum(axis=1) - 1) * observed,
        expected,
        out=np.full(len(expected), np.nan),
        where=expected > 0,
    )
    return floats(1 - ratio)


def _squared_distance(
    margins: FloatArray, values: NDArray[Any], metric: Metric
) -> FloatArray:
    """How much worse one disagreement is than another (values × values)."""
    if metric == "nominal":
        return 1 - np.eye(len(values))
    if metric == "ordinal":
        # Codes between the two, the two themselves for half: the gap in mid-ranks.
        middle = np.cumsum(margins, axis=1) - margins / 2
        return floats((middle[:, :, None] - middle[:, None, :]) ** 2)
    number = floats(values)
    gap, both = number[:, None] - number, number[:, None] + number
    if metric == "interval":
        return floats(gap**2)
    return floats(np.divide(gap, both, out=np.zeros_like(gap), where=both != 0) ** 2)


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa of two coders over n units; NaN where chance explains all."""

    n: int
    agreement: float
    value: float
    std_error: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Kappa ± z · SE, held within −1 and 1."""
        half = z_quantile(level) * self.std_error
        low, high = np.clip([self.value - half, self.value + half], -1, 1)
        return float(low), float(high)


def cohen_kappa(
    first: pd.Series,
    second: pd.Series,
    *,
    weights: Weighting = "none",
    categories: Sequence[Hashable] | None = None,
    variance: KappaVariance = "fleiss",
) -> Kappa:
    """Agreement of two coders beyond chance, over units that both coded.

    ``weights`` gives near misses credit by their distance in ``categories``, whose
    order is that of the values when left out. Var κ = (Σ p (w(1 − pₑ) − (w̄ᵢ + w̄ⱼ)(1 −
    pₒ))² − (pₒpₑ − 2pₑ + pₒ)²) / (n (1 − pₑ)⁴), with w̄ the weights averaged over the
    other coder's margin (Fleiss, Cohen & Everitt 1969). ``variance="psych"`` exists
    for the fixtures alone: psych 2.2.9 sums the weights of a row without averaging,
    which is not that formula, and may leave a negative number (then NaN).

    >>> cohen_kappa(pd.Series(list("aabb")), pd.Series(list("aabb"))).value
    1.0
    """
    both = first.notna() & second.notna()
    order = list(categories or sorted({*first[both], *second[both]}))
    place = {category: at for at, category in enumerate(order)}
    table = np.zeros((len(order), len(order)))
    for one, other in zip(first[both], second[both], strict=True):
        table[place[one], place[other]] += 1
    n = int(both.sum())
    return _kappa(n, table / max(n, 1), _credit(len(order), weights), variance)


def _credit(size: int, weights: Weighting) -> FloatArray:
    """Agreement weights (size × size): 1 on the diagonal, 0 at the furthest."""
    if weights == "none":
        return np.eye(size)
    place = np.arange(size)
    distance = np.abs(place[:, None] - place) / max(size - 1, 1)
    return floats(1 - distance ** (1 if weights == "linear" else 2))


def _kappa(n: int, share: FloatArray, w: FloatArray, variance: KappaVariance) -> Kappa:
    row, column = share.sum(axis=1), share.sum(axis=0)
    observed = float((w * share).sum())
    expected = float((w * np.outer(row, column)).sum())
    agreement = float(np.trace(share)) if n else float("nan")
    if n == 0 or expected >= 1:
        return Kappa(n, agreement, float("nan"), float("nan"))
    over_column = w @ column
    over_row = w.T @ row if variance == "fleiss" else row * w.sum(axis=1)
    chance = over_column[:, None] + over_row
    spread = (share * (w * (1 - expected) - chance * (1 - observed)) ** 2).sum()
    spread -= (observed * expected - 2 * expected + observed) ** 2
    square = spread / (n * (1 - expected) ** 4)
    # Perfect agreement has no spread; rounding may leave a trace below zero.
    square = 0.0 if abs(square) < 1e-15 else square
    error = float(np.sqrt(square)) if square >= 0 else float("nan")
    return Kappa(n, agreement, (observed - expected) / (1 - expected), error)
