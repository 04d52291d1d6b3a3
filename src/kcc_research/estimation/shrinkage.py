"""Many municipalities at once: how much they differ, and how much of it is noise.

Each municipality has a value and its standard error. The spread between them beyond
sampling noise, tau², is estimated as in a random-effects meta-analysis, which is the
area model of Fay & Herriot (1979) without covariates: y_i = μ + u_i + e_i. A value is
then drawn towards the mean by what noise explains: λ y + (1 − λ) μ, with *reliability*
λ = tau² / (tau² + se²). Percentages have the beta-binomial model instead. The observed
value is always printed, the shrunken one never alone (STAT-M26). Checked against R
``metafor::rma`` and ``blup`` (1e-5) and a beta-binomial likelihood in R (1e-4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize, special

from kcc_research.estimation.grouping import FloatArray, floats

TauMethod = Literal["DL", "PM", "REML"]

_MOST_STEPS = 1000
_LARGEST_PRIOR = 1e6


def between_variance(
    value: FloatArray, std_error: FloatArray, method: TauMethod = "REML"
) -> float:
    """tau² of k values: the variance between them without sampling noise, 0 or more.

    ``REML`` restricted maximum likelihood, by Fisher scoring (Viechtbauer 2005); ``DL``
    DerSimonian & Laird 1986, in closed form; ``PM`` Paule & Mandel 1982, the tau² at
    which Q is k − 1. Raises ``ValueError`` for fewer than two values or a standard
    error that is not positive.

    >>> round(between_variance(np.array([6.0, 7, 8]), np.full(3, 0.1), "DL"), 9)
    0.99
    """
    if len(value) < 2 or not (std_error > 0).all():
        raise ValueError("tau² needs two values or more, each with a standard error")
    estimators = {"DL": _dersimonian_laird, "PM": _paule_mandel, "REML": _reml}
    return estimators[method](value, std_error**2)


def _heterogeneity(value: FloatArray, variance: FloatArray, tau2: float) -> float:
    """Q: squared distances to the pooled mean, in variances."""
    weight = 1 / (variance + tau2)
    return float((weight * (value - np.average(value, weights=weight)) ** 2).sum())


def _dersimonian_laird(value: FloatArray, variance: FloatArray) -> float:
    weight = 1 / variance
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    excess = _heterogeneity(value, variance, 0) - (len(value) - 1)
    return max(0.0, float(excess / scale))


def _paule_mandel(value: FloatArray, variance: FloatArray) -> float:
    def excess(tau2: float) -> float:
        return _heterogeneity(value, variance, tau2) - (len(value) - 1)

    if excess(0) <= 0:
        return 0.0
    # Q at tau² is at most Σ(y − ȳ)² / tau², so that the root lies below this.
    most = float(((value - value.mean()) ** 2).sum() / (len(value) - 1)) + 1e-12
    return float(optimize.brentq(excess, 0, most, xtol=1e-15, rtol=1e-14))


def _reml(value: FloatArray, variance: FloatArray) -> float:
    tau2 = _dersimonian_laird(value, variance)
    for _ in range(_MOST_STEPS):
        step = _reml_step(value, variance, tau2)
        tau2, before = max(0.0, tau2 + step), tau2
        if abs(tau2 - before) <= 1e-13 * max(tau2, float(variance.min())):
            break
    return tau2


def _reml_step(value: FloatArray, variance: FloatArray, tau2: float) -> float:
    """Slope of the restricted likelihood over its expected curvature."""
    w = 1 / (variance + tau2)
    first, second, third = w.sum(), (w**2).sum(), (w**3).sum()
    distance = value - np.average(value, weights=w)
    slope = (w**2 * distance**2).sum() - first + second / first
    curvature = second - 2 * third / first + (second / first) ** 2
    return float(slope / curvature)


@dataclass(frozen=True, eq=False)
class Shrunken:
    """k values drawn towards their mean by as much as noise explains.

    ``value`` and ``std_error`` (k,) are of the municipality given its own answers and
    those of the others; the uncertainty of tau² is not in it.
    """

    tau2: float
    mean: float
    mean_std_error: float
    heterogeneity: float
    i_squared: float
    value: FloatArray
    std_error: FloatArray
    reliability: FloatArray


def shrink(
    value: FloatArray, std_error: FloatArray, method: TauMethod = "REML"
) -> Shrunken:
    """Empirical Bayes (BLUP) of k values with known standard errors.

    Its variance is λ se² + (1 − λ)² se(μ)². ``i_squared`` is the percentage of the
    variance that is between values, at their typical sampling variance (Higgins &
    Thompson 2002).
    """
    tau2 = between_variance(value, std_error, method)
    variance = std_error**2
    weight = 1 / (variance + tau2)
    middle = float(np.average(value, weights=weight))
    middle_variance = float(1 / weight.sum())
    part = reliability(tau2, std_error)
    plain = 1 / variance
    typical = (len(value) - 1) * plain.sum() / (plain.sum() ** 2 - (plain**2).sum())
    return Shrunken(
        tau2=tau2,
        mean=middle,
        mean_std_error=float(np.sqrt(middle_variance)),
        heterogeneity=_heterogeneity(value, variance, 0),
        i_squared=float(100 * tau2 / (tau2 + typical)),
        value=part * value + (1 - part) * middle,
        std_error=np.sqrt(part * variance + (1 - part) ** 2 * middle_variance),
        reliability=part,
    )


def reliability(tau2: float, std_error: FloatArray) -> FloatArray:
    """tau² / (tau² + se²): what part of the differences is real; 0 without tau².

    >>> reliability(0.22**2, 1.7 / np.sqrt(np.array([200, 30]))).round(2)
    array([0.77, 0.33])
    """
    return floats(tau2 / (tau2 + std_error**2))


@dataclass(frozen=True, eq=False)
class ShrunkenShares:
    """k shares after a beta prior that all of them together imply."""

    alpha: float
    beta: float
    events: FloatArray
    n: FloatArray

    @property
    def prior_mean(self) -> float:
        return self.alpha / (self.alpha + self.beta)

    @property
    def value(self) -> FloatArray:
        """Posterior mean (x + α) / (n + α + β)."""
        return floats((self.events + self.alpha) / (self.n + self.alpha + self.beta))

    @property
    def reliability(self) -> FloatArray:
        """n / (n + α + β): the weight of a municipality's own answers."""
        return floats(self.n / (self.n + self.alpha + self.beta))

    def interval(self, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Equal-tailed limits of the posterior beta distribution."""
        tail = (1 - level) / 2
        shape = self.events + self.alpha, self.n - self.events + self.beta
        low = special.betaincinv(*shape, tail)
        return low, special.betaincinv(*shape, 1 - tail)


def shrink_shares(events: FloatArray, n: FloatArray) -> ShrunkenShares:
    """Beta prior by maximum likelihood of x of n in k municipalities.

    Where they differ no more than chance the prior becomes a point, held at a strength
    of a million answers. Raises ``ValueError`` where nobody, or everybody, is counted.
    """
    events, n = floats(events), floats(n)
    pooled = events.sum() / n.sum()
    if not 0 < pooled < 1:
        raise ValueError("shares of only 0 or only 1 imply no prior")

    def misfit(place: FloatArray) -> tuple[float, FloatArray]:
        return _beta_binomial_misfit(place, events, n)

    found = optimize.minimize(
        misfit,
        [special.logit(pooled), np.log(20)],
        jac=True,
        method="L-BFGS-B",
        bounds=[(-20, 20), (-5, np.log(_LARGEST_PRIOR))],
        options={"ftol": 1e-15, "gtol": 1e-8, "maxiter": _MOST_STEPS},
    )
    middle, strength = special.expit(found.x[0]), np.exp(found.x[1])
    return ShrunkenShares(
        float(middle * strength), float((1 - middle) * strength), events, n
    )


def _beta_binomial_misfit(
    place: FloatArray, x: FloatArray, n: FloatArray
) -> tuple[float, FloatArray]:
    """−log likelihood and its slope in (logit of the mean, log of the strength)."""
    middle, strength = special.expit(place[0]), np.exp(place[1])
    a, b = middle * strength, (1 - middle) * strength
    size = special.betaln(x + a, n - x + b) - special.betaln(a, b)
    common = special.digamma(n + strength) - special.digamma(strength)
    in_a = special.digamma(x + a) - special.digamma(a) - common
    in_b = special.digamma(n - x + b) - special.digamma(b) - common
    turn = strength * middle * (1 - middle) * (in_a - in_b).sum()
    grow = (a * in_a + b * in_b).sum()
    return -float(size.sum()), -np.array([turn, grow])
