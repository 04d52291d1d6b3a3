"""Importance: how much of what moves an outcome goes with each driver (STAT-M21).

The explained variance R² of a regression is divided over its drivers. LMG (Lindeman,
Merenda & Gold 1980; Grömping 2006) averages what a driver adds over all orders in which
they can enter, and is the Shapley value of R²; relative weights (Johnson 2000) reach
nearly the same through uncorrelated stand-ins, and serve where 2^p subsets are too
many. Both add up to R². They describe association, never cause. Everything here works
on moments of b samples at once, so that a bootstrap costs little more than its weights.
There is no package in R to check against; the formulas in ``lib.R`` agree to 1e-8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from kcc_research.estimation.grouping import FloatArray, IntArray, floats

Method = Literal["lmg", "relative_weights"]

MOST_FOR_LMG = 10
"""With more drivers the subsets become too many: relative weights instead."""

_NOTHING_LEFT = 1e-10


@dataclass(frozen=True, eq=False)
class Association:
    """Correlations of p drivers and an outcome in b samples.

    ``matrix`` (b × (p + 1) × (p + 1)), the outcome last. A variable that does not vary
    in a sample is correlated 0 with everything in it.
    """

    matrix: FloatArray

    @property
    def drivers(self) -> int:
        return int(self.matrix.shape[1]) - 1

    @property
    def among_drivers(self) -> FloatArray:
        """Correlations between drivers (b × p × p)."""
        return self.matrix[:, :-1, :-1]

    @property
    def with_outcome(self) -> FloatArray:
        """Correlation of each driver with the outcome (b × p)."""
        return self.matrix[:, :-1, -1]

    @property
    def coefficients(self) -> FloatArray:
        """Standardised regression coefficients (b × p); of copies, equal parts."""
        inverse = np.linalg.pinv(self.among_drivers, rcond=_NOTHING_LEFT)
        return floats((inverse @ self.with_outcome[:, :, None])[:, :, 0])

    @cached_property
    def explained(self) -> FloatArray:
        """R² of every subset of drivers (b × 2^p); bit j of the column is driver j."""
        found = np.zeros((len(self.matrix), 2**self.drivers))
        self._explain(found, self.matrix, subset=0, first=0)
        return found

    def _explain(
        self, found: FloatArray, matrix: FloatArray, subset: int, first: int
    ) -> None:
        """Take further drivers out of ``matrix``, what the subset leaves over.

        One driver at a time: the Schur complement on its own element. A driver of
        which nothing is left, a copy of the others, takes nothing out.
        """
        found[:, subset] = 1 - matrix[:, -1, -1]
        for driver in range(first, self.drivers):
            rest = _taken_out(matrix, driver)
            self._explain(found, rest, subset | 1 << driver, driver + 1)

    @property
    def r_squared(self) -> FloatArray:
        """R² of all drivers together (b,)."""
        return floats((self.coefficients * self.with_outcome).sum(axis=1))

    def importance(self, method: Method) -> FloatArray:
        """Parts of R², one per driver (b × p)."""
        return self.lmg if method == "lmg" else self.relative_weights

    @property
    def lmg(self) -> FloatArray:
        """Mean gain in R² over all orders of entry (b × p).

        Σ over subsets S without j of |S|! (p − |S| − 1)! / p! · (R²[S + j] − R²[S]).
        Raises ``ValueError`` with more than :data:`MOST_FOR_LMG` drivers.
        """
        p = self.drivers
        if p > MOST_FOR_LMG:
            raise ValueError(f"LMG of {p} drivers has {2**p} regressions")
        subsets = np.arange(2**p)
        weight = _order_weights(p)[np.bitwise_count(subsets)]
        gains = []
        for driver in range(p):
            without: IntArray = subsets[subsets & 1 << driver == 0]
            gain = self.explained[:, without | 1 << driver] - self.explained[:, without]
            gains.append(gain @ weight[without])
        return np.stack(gains, axis=1)

    @property
    def relative_weights(self) -> FloatArray:
        """Johnson's weights (b × p): Λ² β², with R = Λ² and β = Λ⁻¹ r.

        Λ holds the correlations of the drivers with the closest uncorrelated
        variables, β the regression of the outcome on these.
        """
        values, vectors = np.linalg.eigh(self.among_drivers)
        root = np.sqrt(values.clip(min=0))[:, None, :]
        inverse = np.divide(1, root, out=np.zeros_like(root), where=root > 1e-6)
        turned = vectors.transpose(0, 2, 1)
        loadings = (vectors * root) @ turned
        beta = ((vectors * inverse) @ turned) @ self.with_outcome[:, :, None]
        return floats((loadings**2 @ beta**2)[:, :, 0])


def _taken_out(matrix: FloatArray, driver: int) -> FloatArray:
    column = matrix[:, :, driver]
    left = column[:, driver]
    factor = np.divide(1, left, out=np.zeros_like(left), where=left > _NOTHING_LEFT)
    return floats(
        matrix - factor[:, None, None] * column[:, :, None] * column[:, None, :]
    )


def _order_weights(p: int) -> FloatArray:
    """Share of the orders in which exactly these k drivers come before one other."""
    share = [1 / (p * math.comb(p - 1, k)) for k in range(p)]
    return np.array([*share, 0.0])


def association(
    drivers: FloatArray, outcome: FloatArray, weights: FloatArray
) -> Association:
    """Weighted correlations of complete rows.

    ``drivers`` (n × p), ``outcome`` (n,), ``weights`` (n,) or b sets of them (b × n).

    >>> x = np.array([[1.0, 0], [2, 1], [3, 0], [4, 1]])
    >>> association(x, x.sum(axis=1), np.ones(4)).r_squared.round(6)
    array([1.])
    """
    values = np.column_stack([drivers, outcome])
    weights = np.atleast_2d(weights)
    # Centred first: moments of large numbers lose digits.
    values = values - np.average(values, axis=0, weights=weights.mean(axis=0))
    sums = weights.sum(axis=1)
    means = weights @ values / sums[:, None]
    width = values.shape[1]
    products = (values[:, :, None] * values[:, None, :]).reshape(-1, width**2)
    square = (weights @ products / sums[:, None]).reshape(-1, width, width)
    covariance = square - means[:, :, None] * means[:, None, :]
    return Association(_standardised(covariance, np.abs(values).max(axis=0)))


def _standardised(covariance: FloatArray, size: FloatArray) -> FloatArray:
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    varies = variance > _NOTHING_LEFT * size**2
    scale = np.divide(1, np.sqrt(variance.clip(min=0)), where=varies, out=0 * variance)
    matrix = covariance * scale[:, :, None] * scale[:, None, :]
    # An outcome that does not vary has nothing to explain, and keeps all of it.
    matrix[:, -1, -1] = 1.0
    return floats(matrix)
