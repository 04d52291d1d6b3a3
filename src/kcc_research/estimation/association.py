"""Do groups differ at all? Tests of association in a survey design (STAT-M15).

Three questions of one kind. Do the *means* of k groups differ: a Wald F of their
contrasts, which is the F of the regression on the groups. Do the *distributions* lie
higher or lower: the same on weighted mid-ranks (Lumley & Scott 2013). Do two
*classifications* go together: Pearson's X² with the Rao–Scott second-order correction
(1984). Answers come from complete cases; the finite-population correction is off
(STAT-N9); which groups differ is for :func:`~.difference.compare_groups` to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import linalg, special

from kcc_research.estimation.design import DegreesOfFreedom, SurveyDesign
from kcc_research.estimation.difference import Difference
from kcc_research.estimation.estimate import (
    Estimate,
    Variable,
    group_masks,
    mean,
    total,
)
from kcc_research.estimation.grouping import BoolArray, FloatArray
from kcc_research.estimation.regression import FTest, wald_test
from kcc_research.estimation.tables import FEWEST_FOR_A_TEST


@dataclass(frozen=True, eq=False)
class GroupTest:
    """Whether k groups differ.

    ``contrasts`` holds each group minus the first. ``left_out`` names the groups with
    too few answers to be tested.
    """

    groups: tuple[str, ...]
    left_out: tuple[str, ...]
    contrasts: Estimate
    test: FTest

    @property
    def difference(self) -> Difference:
        """Each group minus the first; of two groups F is the square of its t."""
        df = np.full_like(self.contrasts.value, self.test.df_error)
        return Difference(self.contrasts.value, self.contrasts.std_error, df)


def group_test(
    design: SurveyDesign,
    y: Variable,
    groups: str | pd.Series,
    *,
    domain: BoolArray | None = None,
    fewest: int = FEWEST_FOR_A_TEST,
    df: DegreesOfFreedom = "satterthwaite",
    fpc: bool = False,
) -> GroupTest:
    """Wald F that the means of ``y`` are equal in all groups.

    Groups with fewer than ``fewest`` answers are left out and named: a group of one
    has no variance of its own and would be called different. The error degrees of
    freedom are those of the least certain contrast, less k − 1. With fewer than two
    groups left every number of the test is NaN.
    """
    labels, masks = _groups(design, y, groups, domain)
    return _tested(design, design.values(y), labels, masks, fewest, df, fpc)


def rank_test(
    design: SurveyDesign,
    y: Variable,
    groups: str | pd.Series,
    *,
    domain: BoolArray | None = None,
    fewest: int = FEWEST_FOR_A_TEST,
    df: DegreesOfFreedom = "satterthwaite",
    fpc: bool = False,
) -> GroupTest:
    """The same of weighted mid-ranks: does any group lie higher or lower?

    Two groups: Wilcoxon–Mann–Whitney; more: Kruskal–Wallis. Ranks run from 0 to 1
    over the answers of all groups tested, and the difference of two mean ranks, plus
    ½, is the probability that an answer from the second group is the higher one. R's
    ``svyranktest`` breaks ties by the order of rows when weights differ; mid-ranks do
    not (STAT-T4).
    """
    labels, masks = _groups(design, y, groups, domain)
    enough = masks.sum(axis=0) >= fewest
    ranked = masks[:, enough].any(axis=1)
    ranks = np.full(len(design), np.nan)
    ranks[ranked] = mid_ranks(design.values(y)[ranked], design.weights[ranked])
    return _tested(design, ranks, labels, masks, fewest, df, fpc)


def mid_ranks(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Share of the weight below each value, plus half of the weight at it.

    >>> mid_ranks(np.array([7.0, 5, 7]), np.array([1.0, 2, 1]))
    array([0.75, 0.25, 0.75])
    """
    _, at = np.unique(values, return_inverse=True)
    mass = np.bincount(at, weights)
    middle: FloatArray = (np.cumsum(mass) - mass / 2) / mass.sum()
    return middle[at]


def _groups(
    design: SurveyDesign,
    y: Variable,
    groups: str | pd.Series,
    domain: BoolArray | None,
) -> tuple[tuple[str, ...], BoolArray]:
    """Groups, and who is in them with an answer, in the domain."""
    labels, masks = group_masks(design, groups)
    answered = ~np.isnan(design.values(y)) & (True if domain is None else domain)
    return labels, masks & answered[:, None]


def _tested(
    design: SurveyDesign,
    values: FloatArray,
    labels: tuple[str, ...],
    masks: BoolArray,
    fewest: int,
    df: DegreesOfFreedom,
    fpc: bool,
) -> GroupTest:
    enough = masks.sum(axis=0) >= max(fewest, 1)
    names = np.array(labels, dtype=object)
    inside = masks[:, enough]
    used = design if fpc else design.without_fpc
    means = mean(used, np.where(inside, values[:, None], np.nan))
    k = inside.shape[1]
    if k < 2:
        nothing = means.contrast(np.zeros((k, 0)))
        return GroupTest((), tuple(names), nothing, FTest(np.nan, 0, np.nan))
    pairs = _pairs(k)
    contrasts = means.contrast(pairs[:, : k - 1])
    # Over all pairs, so that it does not matter which group comes first.
    df_error = float(means.contrast(pairs).df(df).min()) - (k - 1)
    test = wald_test(contrasts, df_error)
    return GroupTest(tuple(names[enough]), tuple(names[~enough]), contrasts, test)


def _pairs(k: int) -> FloatArray:
    """Contrasts later minus earlier (k × pairs), those with the first group first."""
    earlier, later = np.triu_indices(k, 1)
    return np.eye(k)[:, later] - np.eye(k)[:, earlier]


@dataclass(frozen=True, eq=False)
class IndependenceTest:
    """A weighted cross table of two classifications, tested for independence.

    ``cells`` holds the weighted shares (rows × columns, together 1) of ``n`` complete
    answers; ``effects`` the generalised design effects of the (r − 1)(c − 1)
    directions in which a table can depart from independence; ``df`` the degrees of
    freedom of the design.
    """

    cells: pd.DataFrame
    n: int
    effects: FloatArray
    departure: Estimate
    df: float

    @cached_property
    def pearson(self) -> float:
        """X² of the weighted shares, scaled to the number of answers."""
        shares = self.cells.to_numpy()
        expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
        return float(self.n * ((shares - expected) ** 2 / expected).sum())

    @property
    def test(self) -> FTest:
        """Rao–Scott F of the second order: X² / Σδ, on (Σδ)² / Σδ² and df times it.

        The default: it holds its level where design effects differ between cells.
        """
        total = float(self.effects.sum())
        directions = total**2 / float((self.effects**2).sum())
        return FTest(self.pearson / total, directions, directions * self.df)

    @property
    def p_first_order(self) -> float:
        """p of X² over the mean design effect, as χ² (Rao & Scott, first order)."""
        corrected = self.pearson / self.effects.mean()
        return float(special.chdtrc(len(self.effects), corrected))

    @property
    def wald(self) -> FTest:
        """Wald F of the departures p_ij − p_i · p_j (Koch, Freeman & Freeman 1975)."""
        return wald_test(self.departure, self.df)

    @property
    def adjusted_wald(self) -> FTest:
        """The same on df − k + 1, for designs of few sampling units."""
        plain = self.wald
        left = self.df - plain.df + 1
        return FTest(plain.statistic * left / self.df, plain.df, left)


def independence_test(
    design: SurveyDesign,
    row: str | pd.Series,
    column: str | pd.Series,
    *,
    domain: BoolArray | None = None,
    df: DegreesOfFreedom = "satterthwaite",
    fpc: bool = False,
) -> IndependenceTest:
    """Do two classifications go together? Rao & Scott (1984), as ``svychisq``.

    With D the diagonal of the cell shares p, V their covariance matrix and C a basis
    of the departures from independence, the generalised design effects are the
    eigenvalues of (Cᵀ D⁻¹ C / n)⁻¹ Cᵀ D⁻¹ V D⁻¹ C. Complete cases only: ``svychisq``
    scales X² by the number of all rows (STAT-T5). Raises ``ValueError`` when fewer
    than two rows or columns have answers.
    """
    used = design if fpc else design.without_fpc
    rows, columns = (_classes(used, each, domain) for each in (row, column))
    complete = (rows.any(axis=1) & columns.any(axis=1)).to_numpy()
    rows, columns = (each.loc[:, each[complete].any()] for each in (rows, columns))
    if min(rows.shape[1], columns.shape[1]) < 2:
        raise ValueError("a cross table needs two rows and two columns with answers")
    inside = (rows.to_numpy()[:, :, None] & columns.to_numpy()[:, None, :]).astype(
        float
    )
    values = np.where(complete[:, None], inside.reshape(len(used), -1), np.nan)
    cells = mean(used, values)
    shares = cells.value.reshape(inside.shape[1:])
    n = int(complete.sum())
    effects, directions = _generalised_effects(cells, shares.shape, n)
    return IndependenceTest(
        cells=pd.DataFrame(shares, index=rows.columns, columns=columns.columns),
        n=n,
        effects=effects,
        departure=_departure(used, rows.to_numpy(), columns.to_numpy(), complete),
        df=float(directions.df(df).min()),
    )


def _classes(
    design: SurveyDesign, variable: str | pd.Series, domain: BoolArray | None
) -> pd.DataFrame:
    """Who is in which class, in the domain; a column per class."""
    labels, masks = group_masks(design, variable)
    inside = masks if domain is None else masks & domain[:, None]
    return pd.DataFrame(inside, columns=list(labels))


def _generalised_effects(
    cells: Estimate, shape: tuple[int, ...], n: int
) -> tuple[FloatArray, Estimate]:
    """Design effects, and the departures they belong to, uncorrelated among another."""
    share = cells.value
    inverse = np.divide(1, share, out=np.zeros_like(share), where=share > 0)
    basis = inverse[:, None] * np.kron(*(_pairs(size)[:, : size - 1] for size in shape))
    simple = basis.T @ (share[:, None] * basis) / n
    covariance = cells.contrast(basis).covariance
    effects, directions = linalg.eigh(covariance, simple)
    return effects, cells.contrast(basis @ directions)


def _departure(
    design: SurveyDesign, rows: BoolArray, columns: BoolArray, complete: BoolArray
) -> Estimate:
    """p_ij − p_i · p_j, all but the last row and column, as totals.

    Each is the covariance of two memberships: Σ w (1_i − p_i)(1_j − p_j) / Σw. The
    shares in it are taken as known, as R does: to the first order they are.
    """
    weights = np.where(complete, design.weights, 0.0)
    centred = [
        each[:, :-1] - weights @ each[:, :-1] / weights.sum()
        for each in (rows, columns)
    ]
    products = (centred[0][:, :, None] * centred[1][:, None, :]) / weights.sum()
    inside = np.where(complete[:, None], products.reshape(len(design), -1), np.nan)
    return total(design, inside)
