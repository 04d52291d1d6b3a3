"""Differences: between independent samples, and between groups of one sample.

Overlap of two intervals is no test (STAT-C10): a difference has its own standard
error, degrees of freedom and interval. The finite-population correction is off
(STAT-N9), because a difference is about more than the people who happened to be there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from kcc_research import dutch
from kcc_research.estimation.design import DegreesOfFreedom, SurveyDesign
from kcc_research.estimation.estimate import Variable, group_masks, mean
from kcc_research.estimation.grouping import BoolArray, FloatArray
from kcc_research.estimation.interval import FEWEST_DF, Interval, t_quantile
from kcc_research.estimation.multiplicity import (
    adjusted,
    holm_levels,
    planning_level,
)
from kcc_research.estimation.tables import FEWEST_FOR_A_TEST

REST = "overige groepen"
"""``reference`` of a group that is held against all others, itself left out."""

POWER = 0.80

HOLM_WORDS = "Holm binnen de familie; kleinst zichtbaar verschil op Bonferroni-niveau"
"""How a family of tests is judged, for ``method``."""

Against = Literal["pairs", "rest"]


@dataclass(frozen=True, eq=False)
class Difference:
    """k differences with what is needed to judge them."""

    value: FloatArray
    std_error: FloatArray
    df: FloatArray

    @property
    def t(self) -> FloatArray:
        usable = (self.std_error > 0) & (self.df >= FEWEST_DF)
        missing = np.full_like(self.value, np.nan)
        return np.divide(self.value, self.std_error, out=missing, where=usable)

    @property
    def p_value(self) -> FloatArray:
        """Two-sided p of no difference; NaN with fewer than 2 degrees of freedom."""
        return np.asarray(2 * special.stdtr(self.df, -np.abs(self.t)))

    def interval(self, level: FloatArray | float = 0.95) -> Interval:
        """t interval, each difference at its own level if levels are given."""
        half = np.where(np.isnan(self.t), np.nan, t_quantile(self.df, level))
        return self.value - half * self.std_error, self.value + half * self.std_error

    def detectable(self, level: FloatArray | float = 0.95) -> FloatArray:
        """Smallest true difference that this design would show with 80% power.

        (t[1 − α/2] + t[0.80]) · SE, two-sided. In a family of m tests give the level
        a difference is held to: :func:`~.multiplicity.planning_level`.
        """
        reach = t_quantile(self.df, level) + special.stdtrit(self.df, POWER)
        return np.where(np.isnan(self.t), np.nan, reach * self.std_error)


def independent_difference(
    now: FloatArray,
    std_error_now: FloatArray,
    df_now: FloatArray,
    then: FloatArray,
    std_error_then: FloatArray,
    df_then: FloatArray,
) -> Difference:
    """Now minus then, of samples without a person in common (STAT-M12).

    Variances add up; the degrees of freedom are Welch–Satterthwaite's. Give standard
    errors without finite-population correction.
    """
    first, second = std_error_now**2, std_error_then**2
    variance = first + second
    spread = first**2 / df_now + second**2 / df_then
    df = np.divide(
        variance**2, spread, out=np.full_like(variance, np.nan), where=spread > 0
    )
    return Difference(now - then, np.sqrt(variance), df)


def compare_groups(
    design: SurveyDesign,
    y: Variable,
    groups: str | pd.Series,
    *,
    against: Against = "pairs",
    domain: BoolArray | None = None,
    df: DegreesOfFreedom = "satterthwaite",
    fpc: bool = False,
    level: float = 0.95,
) -> pd.DataFrame:
    """All differences of means within one breakdown, the covariance kept.

    ``pairs``: the later group in alphabetical order minus the earlier. ``rest``: each
    group minus all others together, itself left out (DOMAIN-D31). Groups of fewer
    than 30 answers get a row that says so, and no test. Of several variables side by
    side, ``column`` says which. The family is all tests of one variable: p-values are
    Holm-adjusted, and an interval excludes 0 exactly where the adjusted p is below
    1 − ``level`` (:func:`~kcc_research.estimation.multiplicity.holm_levels`).
    """
    labels, masks = group_masks(design, groups)
    if domain is not None:
        masks = masks & domain[:, None]
    masks, rows = _sides(labels, masks, against)
    values = design.values(y).reshape(len(design), -1, 1)
    by_group = np.where(masks[:, None, :], values, np.nan)
    means = mean(design, by_group.reshape(len(design), -1))
    used = means if fpc else means.without_fpc
    contrasts = used.contrast(_signs(rows, masks.shape[1]))
    difference = Difference(contrasts.value, contrasts.std_error, contrasts.df(df))
    n = means.n.reshape(-1, masks.shape[1])
    frame = pd.DataFrame(
        {
            "column": np.repeat(np.arange(len(n)), len(rows)),
            "group": [row.group for row in rows] * len(n),
            "reference": [row.reference for row in rows] * len(n),
            "n": n[:, [row.plus for row in rows]].ravel(),
            "n_reference": n[:, [row.minus for row in rows]].ravel(),
        }
    )
    return judged(frame, difference, family=frame["column"], level=level)


@dataclass(frozen=True)
class _Sides:
    """Group and reference by name, and by the column of their mean."""

    group: str
    reference: str
    plus: int
    minus: int


def _sides(
    labels: tuple[str, ...], masks: BoolArray, against: Against
) -> tuple[BoolArray, list[_Sides]]:
    count = len(labels)
    if against == "pairs":
        return masks, [
            _Sides(labels[later], labels[earlier], later, earlier)
            for later in range(count)
            for earlier in range(later)
        ]
    others = np.asarray(masks.any(axis=1))[:, None] & ~masks
    rows = [_Sides(label, REST, i, count + i) for i, label in enumerate(labels)]
    return np.hstack([masks, others]), rows


def _signs(rows: list[_Sides], columns: int) -> FloatArray:
    signs = np.zeros((columns, len(rows)))
    for at, row in enumerate(rows):
        signs[row.plus, at], signs[row.minus, at] = 1, -1
    return signs


def judged(
    frame: pd.DataFrame,
    difference: Difference,
    *,
    family: pd.Series,
    level: float = 0.95,
) -> pd.DataFrame:
    """Add difference, test and verdict to rows with ``n`` and ``n_reference``.

    ``family`` says which tests belong together. Rows where either side is too small
    stay, without a number: *not_shown* and why. ``detectable`` holds for a family of
    this size, at Bonferroni's level.
    """
    smallest = frame[["n", "n_reference"]].min(axis=1).to_numpy()
    p = np.where(smallest < FEWEST_FOR_A_TEST, np.nan, difference.p_value)
    p_adjusted, levels = np.full_like(p, np.nan), np.full_like(p, level)
    planned = np.full_like(p, level)
    for rows in frame.groupby(family.to_numpy(), sort=False).indices.values():
        p_adjusted[rows] = adjusted(p[rows])
        levels[rows] = holm_levels(p[rows], level)
        planned[rows] = planning_level(p[rows], level)
    low, high = difference.interval(levels)
    tested = ~np.isnan(p)
    numbers = {
        "difference": difference.value,
        "std_error": difference.std_error,
        "ci_low": low,
        "ci_high": high,
        "df": difference.df,
        "p_value": p,
        "p_adjusted": p_adjusted,
        "detectable": difference.detectable(planned),
    }
    shown = np.nan_to_num(p_adjusted, nan=1.0) < 1 - level
    direction = np.where(difference.value > 0, "higher", "lower")
    return frame.assign(
        **{name: np.where(tested, each, np.nan) for name, each in numbers.items()},
        verdict=np.where(shown, direction, "not_shown"),
        reason=[_why_untested(*each) for each in zip(smallest, tested, strict=True)],
    )


def _why_untested(n: int, tested: bool) -> str:
    if tested:
        return ""
    if n < FEWEST_FOR_A_TEST:
        return f"te weinig antwoorden voor een toets ({dutch.base(int(n))})"
    return "geen spreiding om aan te toetsen"
