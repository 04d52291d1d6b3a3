"""Estimates: weighted means, totals, ratios and shares with their uncertainty.

An estimate is a value and its *scores* (see :mod:`.design`); everything else follows
from those two: standard error, covariance, design effect, degrees of freedom, and the
estimate of any difference. All functions take one variable or k side by side
(rows × k) and treat missing answers as a domain of those who did answer (STAT-N1).
Sources: Särndal, Swensson & Wretman 1992, ch. 5; Lumley 2010, ch. 2.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from kcc_research.estimation.design import DegreesOfFreedom, SurveyDesign
from kcc_research.estimation.grouping import BoolArray, FloatArray, floats

Variable = str | FloatArray | pd.Series


@dataclass(frozen=True, eq=False)
class Estimate:
    """k statistics of one design.

    ``value`` (k,); ``scores`` (rows × k), the influence of each respondent per unit
    of weight; ``answered`` (rows × k), the answers each statistic rests on.
    """

    design: SurveyDesign
    value: FloatArray
    scores: FloatArray
    answered: BoolArray

    @cached_property
    def _deviations(self) -> tuple[FloatArray, ...]:
        return self.design.deviations(self.scores)

    @property
    def n(self) -> FloatArray:
        """Unweighted number of answers (k,)."""
        return floats(self.answered.sum(axis=0))

    @cached_property
    def variance(self) -> FloatArray:
        """Sampling variance (k,). A spread that is only rounding noise is 0."""
        squares = (np.einsum("ij,ij->j", each, each) for each in self._deviations)
        variance = sum(squares, np.zeros(1))
        noise = (1e-9 * self.value) ** 2
        return np.where(variance > noise, variance, 0.0)

    @property
    def std_error(self) -> FloatArray:
        return np.sqrt(self.variance)

    @cached_property
    def covariance(self) -> FloatArray:
        """Covariance matrix of the k statistics (k × k)."""
        products = (each.T @ each for each in self._deviations)
        return sum(products, np.zeros((1, 1)))

    def df(self, kind: DegreesOfFreedom = "satterthwaite") -> FloatArray:
        """Degrees of freedom (k,); :meth:`SurveyDesign.degrees_of_freedom`."""
        return self.design.degrees_of_freedom(self.answered, self._deviations, kind)

    @property
    def without_fpc(self) -> Estimate:
        """The same estimate without finite-population correction (STAT-N9)."""
        if not self.design.has_fpc:
            return self
        return dataclasses.replace(self, design=self.design.without_fpc)

    def contrast(self, coefficients: FloatArray) -> Estimate:
        """Linear combinations of the statistics, covariance kept.

        ``coefficients`` (g × m): column j holds the factors of combination j. Of more
        than g statistics every block of g is combined alike. A combination rests on
        the answers of every statistic with a factor.
        """
        width = len(coefficients)
        used = (coefficients != 0).astype(float)

        def combined(columns: FloatArray, factors: FloatArray) -> FloatArray:
            blocks = columns.reshape(*columns.shape[:-1], -1, width) @ factors
            return blocks.reshape(*columns.shape[:-1], -1)

        return Estimate(
            self.design,
            combined(self.value, coefficients),
            combined(self.scores, coefficients),
            combined(self.answered.astype(float), used) > 0,
        )

    @cached_property
    def kish_design_effect(self) -> FloatArray:
        """Price of unequal weights among the answers: n · Σw² / (Σw)² (Kish 1965)."""
        weights, squares = self._weight_sums
        return np.divide(
            self.n * squares,
            weights**2,
            out=np.full_like(weights, np.nan),
            where=weights > 0,
        )

    @property
    def kish_n(self) -> FloatArray:
        """Effective number of answers after unequal weights: (Σw)² / Σw²."""
        return self.n / self.kish_design_effect

    @property
    def answers_per_unit(self) -> FloatArray:
        """Mean number of answers per sampling unit that has any (k,)."""
        per_unit = self.design.primary.units.sum(self.answered.astype(float))
        return floats(self.n / np.maximum((per_unit > 0).sum(axis=0), 1))

    @cached_property
    def _weight_sums(self) -> tuple[FloatArray, FloatArray]:
        weights, answered = self.design.weights, self.answered.astype(float)
        return weights @ answered, weights**2 @ answered

    def design_effect(self, *, replacement: bool = True) -> FloatArray:
        """Variance of k means relative to a simple random sample of as many answers.

        That sample has variance s²/n, times 1 − n/Σw without replacement, with s²
        the weighted mean square times n/(n − 1) (STAT-M1). NaN where all answers are
        equal. A domain, like missing answers, counts the answers in it only.
        """
        population = self._weight_sums[0]
        # A score of a mean is (y − ȳ)/Σw, so that s² follows from the scores.
        square = population * (self.design.weights @ self.scores**2)
        simple = square / np.maximum(self.n - 1, 1)
        if not replacement:
            simple = simple * (1 - self.n / population)
        usable = (self.n > 1) & (self.variance > 0)
        return np.divide(
            self.variance, simple, out=np.full_like(simple, np.nan), where=usable
        )

    @property
    def n_effective(self) -> FloatArray:
        """Size of the simple random sample that is as precise, at most n (STAT-T8)."""
        effect = self.without_fpc.design_effect()
        effective = np.where(np.isnan(effect), self.kish_n, self.n / effect)
        return np.minimum(effective, self.n)


def mean(
    design: SurveyDesign, y: Variable, *, domain: BoolArray | None = None
) -> Estimate:
    """Weighted mean of the answers: Σwy / Σw; of 0/1 answers, the share.

    ``domain`` (rows,) restricts the answers; NaN is returned where there are none.

    >>> frame = pd.DataFrame({"cijfer": [6.0, 8.0, np.nan], "w": [1.0, 3.0, 2.0]})
    >>> from kcc_research.estimation.design import survey_design
    >>> mean(survey_design(frame, weights="w"), "cijfer").value
    array([7.5])
    """
    values, answered = _answers(design, y, domain)
    below = design.weights @ answered.astype(float)
    value = np.divide(
        design.weights @ values, below, out=np.full_like(below, np.nan), where=below > 0
    )
    scores = np.where(answered, values - value, 0.0)
    scores /= np.where(below > 0, below, 1.0)
    return Estimate(design, value, scores, answered)


def mean_within(design: SurveyDesign, y: Variable, domain: BoolArray) -> Estimate:
    """Weighted mean in a domain, for the work of the rows in it.

    Equals :func:`mean` with that ``domain``, but its rows are those of the domain
    only, so that it cannot be combined with other estimates. Weights that agree with
    margins need all rows after all (:meth:`SurveyDesign.within`).
    """
    if design.calibration is not None:
        return mean(design, y, domain=domain)
    return mean(design.within(domain), design.values(y)[domain])


def share(
    design: SurveyDesign, fulfils: Variable, *, domain: BoolArray | None = None
) -> Estimate:
    """Weighted share of answers that are 1 among those that are 0 or 1."""
    return mean(design, fulfils, domain=domain)


def total(
    design: SurveyDesign, y: Variable, *, domain: BoolArray | None = None
) -> Estimate:
    """Weighted total Σwy; a missing answer adds nothing."""
    values, answered = _answers(design, y, domain)
    return Estimate(design, design.weights @ values, values, answered)


def ratio(
    design: SurveyDesign,
    numerator: Variable,
    denominator: Variable,
    *,
    domain: BoolArray | None = None,
) -> Estimate:
    """Ratio of two weighted totals, over rows where both are known.

    Its scores are (y − r·x) / Σwx, the first-order Taylor expansion.
    """
    top, has_top = _answers(design, numerator, domain)
    bottom, has_bottom = _answers(design, denominator, domain)
    answered = has_top & has_bottom
    top, bottom = np.where(answered, top, 0), np.where(answered, bottom, 0)
    below = design.weights @ bottom
    value = np.divide(
        design.weights @ top, below, out=np.full_like(below, np.nan), where=below != 0
    )
    scores = np.divide(
        top - bottom * value, below, out=np.zeros_like(top), where=answered
    )
    return Estimate(design, value, scores, answered)


def domain_means(
    design: SurveyDesign, y: Variable, groups: str | pd.Series
) -> tuple[tuple[str, ...], Estimate]:
    """Means of one variable in every group, with the covariance between them.

    Returns the groups in alphabetical order and one estimate with a column per group.
    """
    labels, masks = group_masks(design, groups)
    values = np.where(masks, design.values(y)[:, None], np.nan)
    return labels, mean(design, values)


def group_masks(
    design: SurveyDesign, groups: str | pd.Series
) -> tuple[tuple[str, ...], BoolArray]:
    """Groups in alphabetical order, and who is in them (rows × groups).

    Alphabetical as a reader sorts, capitals no different; numbers by size. Rows
    without a group belong to none.
    """
    column = design.data[groups] if isinstance(groups, str) else groups
    found = column.dropna().unique().tolist()
    ordered = sorted(found, key=_alphabetical)
    masks = [(column == each).fillna(False).to_numpy(dtype=bool) for each in ordered]
    return tuple(str(each) for each in ordered), np.column_stack(masks)


def _alphabetical(label: Any) -> Any:
    return (label.casefold(), label) if isinstance(label, str) else label


def _answers(
    design: SurveyDesign, y: Variable, domain: BoolArray | None
) -> tuple[FloatArray, BoolArray]:
    """Values with 0 for missing, and where there is an answer; both rows × k."""
    values = design.values(y)
    columns = values[:, None] if values.ndim == 1 else values
    answered = ~np.isnan(columns)
    if domain is not None:
        answered &= domain[:, None]
    return np.where(answered, columns, 0.0), answered
