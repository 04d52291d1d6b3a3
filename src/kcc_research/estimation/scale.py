"""Scale scores (*schaalscores*): several items read as one, and how well that holds.

A respondent's score is the mean of the items answered, if at least half are. How far
the items measure one thing is said by Cronbach's alpha (1951) with the interval of
Feldt, Woodruff & Salih (1987), and by McDonald's omega (1999) of one common factor.
Reliability concerns the items and not the population: complete answers, unweighted.
Checked against R ``psych::alpha`` (1e-6), ``psych::fa(fm = "minres")`` and
``factanal`` (1e-3, iterative).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import optimize, special

from kcc_research.estimation.grouping import FloatArray, floats
from kcc_research.estimation.tables import ESTIMATE_COLUMNS, TOTAL, tidy

ALPHA, OMEGA = "alfa", "omega"
"""``category`` of the reliability of a scale; ``statistic`` is *ratio*."""

SMALLEST_UNIQUENESS = 0.005
"""No item is explained wholly by the factor: a Heywood case stops here."""

Factoring = Literal["minres", "ml"]
Misfit = Callable[[FloatArray], tuple[float, FloatArray]]


def scale_scores(
    items: pd.DataFrame, scale_range: tuple[float, float] | None = None
) -> pd.Series:
    """Mean of the items answered, NaN where fewer than half were.

    ``items`` (respondents × items) are turned so that higher is better. With
    ``scale_range``, the ends of the answer scale, the score runs from 0 to 100.

    >>> scale_scores(pd.DataFrame({"a": [4.0, 4], "b": [2, None], "c": [3, None]}))
    0    3.0
    1    NaN
    dtype: float64
    """
    enough = 2 * items.notna().sum(axis=1) >= items.shape[1]
    score = items.mean(axis=1).where(enough)
    if scale_range is None:
        return score
    low, high = scale_range
    return (score - low) / (high - low) * 100


@dataclass(frozen=True, eq=False)
class Reliability:
    """Cronbach's alpha of k items over n complete answers, and what each item does.

    ``item_rest`` is the correlation of an item with the sum of the others,
    ``alpha_if_dropped`` the alpha without it, both in the order of the items.
    ``standardised`` is the alpha of items of equal variance.
    """

    n: int
    k: int
    alpha: float
    standardised: float
    mean_correlation: float
    item_rest: FloatArray
    alpha_if_dropped: FloatArray

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """1 − (1 − α) · F, with F of n − 1 and (n − 1)(k − 1) degrees of freedom."""
        tail, df = (1 - level) / 2, self.n - 1
        wide, narrow = special.fdtri(df, df * (self.k - 1), [1 - tail, tail])
        return float(1 - (1 - self.alpha) * wide), float(1 - (1 - self.alpha) * narrow)


def cronbach_alpha(items: pd.DataFrame) -> Reliability:
    """Alpha = k/(k − 1) · (1 − Σ item variances / variance of the sum).

    Of rows without a missing item. An item that never varies makes its correlations
    NaN; with no variance at all alpha is NaN. Raises ``ValueError`` for fewer than
    two items or three complete rows.
    """
    complete = floats(items.dropna())
    n, k = complete.shape
    if k < 2 or n < 3:
        raise ValueError(f"no alpha of {k} items over {n} complete answers")
    covariance = floats(np.cov(complete, rowvar=False))
    correlation = _correlation(covariance)
    mean_r = float(correlation[np.triu_indices(k, 1)].mean())
    return Reliability(
        n=n,
        k=k,
        alpha=_alpha(covariance),
        standardised=k * mean_r / (1 + (k - 1) * mean_r),
        mean_correlation=mean_r,
        item_rest=_item_rest(covariance),
        alpha_if_dropped=floats([_alpha(_without(covariance, j)) for j in range(k)]),
    )


def _alpha(covariance: FloatArray) -> float:
    k, total = len(covariance), covariance.sum()
    if k < 2 or total <= 0:
        return float("nan")
    return float(k / (k - 1) * (1 - np.trace(covariance) / total))


def _without(covariance: FloatArray, item: int) -> FloatArray:
    return np.delete(np.delete(covariance, item, axis=0), item, axis=1)


def _correlation(covariance: FloatArray) -> FloatArray:
    deviation = np.sqrt(np.diag(covariance))
    return _divided(covariance, np.outer(deviation, deviation))


def _item_rest(covariance: FloatArray) -> FloatArray:
    """Covariance with the rest over both deviations, without making the rest."""
    own, with_all = np.diag(covariance), covariance.sum(axis=1)
    rest = covariance.sum() - 2 * with_all + own
    return _divided(with_all - own, np.sqrt(own * rest))


def _divided(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


@dataclass(frozen=True, eq=False)
class OneFactor:
    """Loadings of standardised items on one factor; their sum is positive."""

    loadings: FloatArray

    @property
    def omega(self) -> float:
        """Omega total: (Σλ)² / ((Σλ)² + Σ(1 − λ²))."""
        common = self.loadings.sum() ** 2
        return float(common / (common + (1 - self.loadings**2).sum()))


def one_factor(items: pd.DataFrame, method: Factoring = "minres") -> OneFactor:
    """One common factor of the correlations of complete rows.

    ``minres`` makes the squared residual correlations as small as they get (Harman &
    Jones 1966); ``ml`` is Jöreskog's (1967) maximum likelihood. Raises ``ValueError``
    for fewer than three items, whose loadings are not determined, or an item that
    never varies.

    >>> a = [1.0, 2, 3, 4, 5, 4]; b = [2.0, 1, 4, 3, 5, 5]; c = [1.0, 2, 4, 3, 4, 5]
    >>> round(one_factor(pd.DataFrame({"a": a, "b": b, "c": c})).omega, 3)
    0.939
    """
    complete = floats(items.dropna())
    if complete.shape[1] < 3:
        raise ValueError("one factor needs at least three items")
    if (np.ptp(complete, axis=0) == 0).any():
        raise ValueError("an item that never varies loads on nothing")
    correlation = floats(np.corrcoef(complete, rowvar=False))
    solve = _minres if method == "minres" else _maximum_likelihood
    loadings = solve(correlation)
    return OneFactor(loadings if loadings.sum() >= 0 else -loadings)


def _minres(correlation: FloatArray) -> FloatArray:
    """Minimise ½ Σ (r_ij − λ_i λ_j)² off the diagonal."""

    def misfit(loadings: FloatArray) -> tuple[float, FloatArray]:
        residual = correlation - np.outer(loadings, loadings)
        np.fill_diagonal(residual, 0)
        return float((residual**2).sum() / 4), -residual @ loadings

    most = float(np.sqrt(1 - SMALLEST_UNIQUENESS))
    return _minimised(misfit, _first_component(correlation) * 0.9, (-most, most))


def _first_component(correlation: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh(correlation)
    return floats(vectors[:, -1] * np.sqrt(values[-1]))


def _maximum_likelihood(correlation: FloatArray) -> FloatArray:
    """Minimise −Σ(log e − e) over all but the largest eigenvalue of Ψ^-½ R Ψ^-½.

    Given the uniquenesses ψ the best loadings are √ψ · v · √(e₁ − 1).
    """

    def scaled(psi: FloatArray) -> tuple[FloatArray, FloatArray]:
        root = np.sqrt(psi)
        values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
        return values, vectors

    def loadings(psi: FloatArray) -> FloatArray:
        values, vectors = scaled(psi)
        common = np.sqrt(max(values[-1] - 1, 0))
        return floats(np.sqrt(psi) * vectors[:, -1] * common)

    def misfit(psi: FloatArray) -> tuple[float, FloatArray]:
        rest = scaled(psi)[0][:-1].clip(min=1e-12)
        implied = loadings(psi) ** 2 + psi
        slope = (implied - np.diag(correlation)) / psi**2
        return float(-(np.log(rest) - rest).sum() - len(psi) + 1), floats(slope)

    start = (1 - 0.5 / len(correlation)) / np.diag(np.linalg.pinv(correlation))
    psi = _minimised(misfit, start, (SMALLEST_UNIQUENESS, 1.0))
    return loadings(psi)


def _minimised(
    misfit: Misfit, start: FloatArray, bounds: tuple[float, float]
) -> FloatArray:
    found = optimize.minimize(
        misfit,
        np.clip(start, *bounds),
        jac=True,
        method="L-BFGS-B",
        bounds=[bounds] * len(start),
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1000},
    )
    return floats(found.x)


def estimate_reliability(
    responses: pd.DataFrame,
    scales: Mapping[str, Sequence[str]],
    *,
    has_sampling_error: bool = True,
    level: float = 0.95,
) -> pd.DataFrame:
    """An ``estimates`` table with alpha and omega of every scale.

    ``scales`` maps the name of a scale to its item columns. Omega, which needs three
    items, has no interval. Where answers have no sampling error neither has alpha.
    """
    rows = [
        row | {"indicator": name}
        for name, columns in scales.items()
        for row in _reliability_rows(responses[list(columns)], level)
    ]
    frame = pd.DataFrame(rows)
    if not has_sampling_error:
        frame = frame.assign(uncertainty="none", ci_low=np.nan, ci_high=np.nan)
    return tidy(frame, ESTIMATE_COLUMNS)


def _reliability_rows(items: pd.DataFrame, level: float) -> Iterator[dict[str, object]]:
    found = cronbach_alpha(items)
    low, high = found.interval(level)
    shared: dict[str, object] = {
        "statistic": "ratio",
        "by": TOTAL,
        "group": TOTAL,
        "n": found.n,
        "base": "respondenten met een antwoord op elk onderdeel",
        "status": "published",
    }
    yield shared | {
        "category": ALPHA,
        "estimate": found.alpha,
        "ci_low": low,
        "ci_high": high,
        "uncertainty": "sampling",
        "method": f"Cronbachs alfa van {found.k} onderdelen; interval van Feldt",
    }
    if found.k >= 3:
        yield shared | {
            "category": OMEGA,
            "estimate": one_factor(items).omega,
            "uncertainty": "none",
            "method": "McDonalds omega totaal, één factor (minres); zonder interval",
        }
