"""Regression in a survey design, and the Wald F test of some of its coefficients.

Which groups differ once age and channel are held equal? Coefficients solve the
weighted estimating equations Σ w x (y − μ) = 0, with μ linear or logistic in x, and
their standard errors are Taylor's: with A = Σ w x v xᵀ, where v = 1 or μ(1 − μ), each
respondent's score is A⁻¹ x (y − μ), and the variance is that of their weighted total
(Binder 1983; Lumley 2010, ch. 5). The result is an :class:`~.estimate.Estimate`, so
that strata, clusters, calibration and degrees of freedom are those of any other
number. As R ``survey::svyglm``, with gaussian and quasibinomial family.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from kcc_research.errors import DataError, problem
from kcc_research.estimation.design import DegreesOfFreedom, SurveyDesign
from kcc_research.estimation.difference import Difference
from kcc_research.estimation.estimate import Estimate
from kcc_research.estimation.grouping import BoolArray, FloatArray
from kcc_research.estimation.interval import FEWEST_DF

Family = Literal["gaussian", "quasibinomial"]

_ROUNDS = 50
_CONVERGED = 1e-10


class Term(NamedTuple):
    """A column of the model: a number, or membership of one category.

    ``category`` is empty for a number; both are empty for the intercept.
    """

    variable: str = ""
    category: str = ""


INTERCEPT = Term()


@dataclass(frozen=True)
class FTest:
    """An F statistic. NaN, with its p-value, where the sample carries no test."""

    statistic: float
    df: float
    df_error: float

    @property
    def chi_square(self) -> float:
        """The statistic on the scale of χ² with ``df`` degrees of freedom."""
        return self.statistic * self.df

    @property
    def p_value(self) -> float:
        """Probability of a larger F; NaN with fewer than 2 error degrees of freedom."""
        if not self.df_error >= FEWEST_DF:
            return float("nan")
        return float(special.fdtrc(self.df, self.df_error, self.statistic))

    @property
    def p_chi_square(self) -> float:
        """The same, as if the variance were known."""
        return float(special.chdtrc(self.df, self.chi_square))


def wald_test(estimate: Estimate, df_error: float) -> FTest:
    """Wald F that all k statistics of an estimate are 0: bᵀ V⁻¹ b / k.

    NaN where V has a lower rank than k: too few sampling units to tell k apart.
    """
    value, covariance = estimate.value, estimate.covariance
    if np.linalg.matrix_rank(covariance) < len(value):
        return FTest(float("nan"), len(value), df_error)
    statistic = float(value @ np.linalg.solve(covariance, value))
    return FTest(statistic / len(value), len(value), df_error)


@dataclass(frozen=True, eq=False)
class Regression:
    """Coefficients by term; of a logistic model they are log odds ratios."""

    terms: tuple[Term, ...]
    estimate: Estimate

    def df(self, kind: DegreesOfFreedom = "satterthwaite") -> FloatArray:
        """Degrees of freedom per coefficient: those of the answers, less the slopes."""
        return self.estimate.df(kind) - (len(self.terms) - 1)

    def test(self, variable: str, *, df: DegreesOfFreedom = "satterthwaite") -> FTest:
        """Wald F that a variable, with all its categories, makes no difference."""
        chosen = [at for at, term in enumerate(self.terms) if term.variable == variable]
        if not chosen:
            raise ValueError(f"the model has no variable {variable!r}")
        picked = self.estimate.contrast(np.eye(len(self.terms))[:, chosen])
        return wald_test(picked, float(self.df(df)[chosen].min()))

    def table(
        self, *, df: DegreesOfFreedom = "satterthwaite", level: float = 0.95
    ) -> pd.DataFrame:
        """A row per term: coefficient, standard error, t interval, df and p."""
        found = Difference(self.estimate.value, self.estimate.std_error, self.df(df))
        low, high = found.interval(level)
        return pd.DataFrame(
            {
                "variable": [term.variable for term in self.terms],
                "category": [term.category for term in self.terms],
                "coefficient": found.value,
                "std_error": found.std_error,
                "ci_low": low,
                "ci_high": high,
                "df": found.df,
                "p_value": found.p_value,
                "n": self.estimate.n.astype(int),
            }
        )


def regression(
    design: SurveyDesign,
    y: str,
    predictors: Sequence[str],
    *,
    family: Family = "gaussian",
    domain: BoolArray | None = None,
    fpc: bool = False,
) -> Regression:
    """Regress ``y`` on columns of the design's data (STAT-M15).

    A column of text is a factor: one term per category but the alphabetically first,
    which is the reference. Respondents with a missing value in any of the columns
    form, with those outside ``domain``, the rest of the design. ``quasibinomial``
    wants answers of 0 and 1. The finite-population correction is off (STAT-N9).
    Raises ``DataError`` when the model cannot be estimated: predictors that follow
    from each other, or that separate the zeros from the ones.
    """
    used = design if fpc else design.without_fpc
    values = used.values(y)
    known = used.data[list(predictors)].notna().all(axis=1).to_numpy(dtype=bool)
    inside = True if domain is None else domain
    complete = known & ~np.isnan(values) & inside
    if family == "quasibinomial" and not np.isin(values[complete], (0, 1)).all():
        raise ValueError(f"{y!r} holds answers other than 0 and 1")
    terms, matrix = _model_matrix(used.data, predictors, complete)
    # In units of its largest value, so that no column drowns the others.
    size = np.abs(matrix).max(axis=0)
    scaled = matrix / np.where(size > 0, size, 1)
    _refuse_dependent(scaled, y)
    weights = np.where(complete, used.weights, 0.0)
    outcome = np.where(complete, values, 0.0)
    value, scores = _fitted(scaled, outcome, weights, family, y)
    answered = np.repeat(complete[:, None], len(terms), axis=1)
    scores = np.where(answered, scores / size, 0.0)
    return Regression(terms, Estimate(used, value / size, scores, answered))


def _model_matrix(
    data: pd.DataFrame, predictors: Sequence[str], complete: BoolArray
) -> tuple[tuple[Term, ...], FloatArray]:
    """Treatment coding; rows that are not complete are zero."""
    columns = {INTERCEPT: np.ones(len(data))}
    for name in predictors:
        column = data[name]
        if pd.api.types.is_numeric_dtype(column):
            columns[Term(name)] = column.to_numpy(dtype=float, na_value=np.nan)
            continue
        for category in sorted(column[complete].unique(), key=_alphabetical)[1:]:
            is_member = (column == category).fillna(False)
            columns[Term(name, str(category))] = is_member.to_numpy(dtype=float)
    matrix = np.column_stack(list(columns.values()))
    return tuple(columns), np.where(complete[:, None], matrix, 0.0)


def _alphabetical(label: object) -> tuple[str, str]:
    return str(label).casefold(), str(label)


def _refuse_dependent(matrix: FloatArray, y: str) -> None:
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        reason = "verklarende variabelen volgen uit elkaar of verschillen niet"
        raise DataError(problem("KCC-D052w", column=y, reason=reason))


def _fitted(
    matrix: FloatArray,
    outcome: FloatArray,
    weights: FloatArray,
    family: Family,
    y: str,
) -> tuple[FloatArray, FloatArray]:
    """Coefficients (k,) by Newton's method, and their scores (rows × k).

    A linear model is there after one step.
    """
    value: FloatArray = np.zeros(matrix.shape[1])
    for _ in range(_ROUNDS):
        predicted, slope = _mean_and_slope(matrix @ value, family)
        information = matrix.T @ ((weights * slope)[:, None] * matrix)
        gradient = matrix.T @ (weights * (outcome - predicted))
        # Where zeros and ones can be separated the best fit lies at infinity: the
        # information dwindles, and the steps do not.
        if np.linalg.cond(information) > 1 / np.finfo(float).eps:
            break
        step = np.linalg.solve(information, gradient)
        value = value + step
        if np.all(np.abs(step) <= _CONVERGED * (1 + np.abs(value))):
            residual = outcome - _mean_and_slope(matrix @ value, family)[0]
            scores = np.linalg.solve(information, (residual[:, None] * matrix).T).T
            return value, scores
    reason = "de verklarende variabelen voorspellen sommige antwoorden volledig"
    raise DataError(problem("KCC-D052w", column=y, reason=reason))


def _mean_and_slope(
    predictor: FloatArray, family: Family
) -> tuple[FloatArray, FloatArray]:
    if family == "gaussian":
        return predictor, np.ones_like(predictor)
    expected = special.expit(predictor)
    return expected, expected * (1 - expected)
