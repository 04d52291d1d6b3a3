"""Many tests at once: adjusted p-values, and intervals that say the same (STAT-M18).

Holm (1979) serves a planned family, Benjamini & Hochberg (1995) exploratory tables.
The family is always named where the p-values are printed.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from kcc_research.estimation.grouping import FloatArray

Adjustment = Literal["holm", "hochberg", "bonferroni", "BH", "BY"]


def adjusted(p: FloatArray, method: Adjustment = "holm") -> FloatArray:
    """Adjusted p-values, in the order given. NaN, a test not done, is no member.

    >>> adjusted(np.array([0.04, 0.01, 0.03])).tolist()
    [0.06, 0.03, 0.06]
    """
    tested = ~np.isnan(p)
    result = np.full(p.shape, np.nan)
    order = np.argsort(p[tested], kind="stable")
    stepped = _stepped(p[tested][order], method)
    result[np.flatnonzero(tested)[order]] = np.minimum(stepped, 1)
    return result


def _stepped(ascending: FloatArray, method: Adjustment) -> FloatArray:
    m = len(ascending)
    rank = np.arange(1, m + 1)
    if method == "bonferroni":
        return m * ascending
    if method == "holm":
        return np.maximum.accumulate((m - rank + 1) * ascending)
    factors = {
        "hochberg": m - rank + 1,
        "BH": m / rank,
        "BY": m / rank * np.sum(1 / rank),
    }
    return np.minimum.accumulate((factors[method] * ascending)[::-1])[::-1]


def holm_levels(p: FloatArray, level: float = 0.95) -> FloatArray:
    """Level of each interval, so that it excludes 0 exactly where Holm rejects.

    Step-down: a difference that is shown at step j of m gets 1 − α/(m − j + 1), the
    threshold it was held to; the r that remain all get 1 − α/r. Every interval lies
    between the plain one and Bonferroni's. Holm's guarantee is about signs: with
    probability ``level`` no difference of the family is called higher or lower
    wrongly. No two-sided intervals exist whose *limits* have that guarantee and which
    agree with Holm; for limits use Bonferroni, 1 − α/m.
    """
    alpha = 1 - level
    tested = ~np.isnan(p)
    m = int(tested.sum())
    shown = np.nan_to_num(adjusted(p), nan=1.0) < alpha
    step = np.argsort(np.argsort(np.where(tested, p, np.inf), kind="stable"))
    held_to = np.where(shown, m - step, max(m - int(shown.sum()), 1))
    return 1 - alpha / held_to


def planning_level(p: FloatArray, level: float = 0.95) -> float:
    """Level at which each of m tests is held to before any outcome is known.

    Bonferroni's 1 − α/m, the first step of Holm: what a family of this size is sure
    to show. Later steps of Holm show smaller differences as well.

    >>> round(planning_level(np.array([0.04, 0.01, np.nan])), 3)
    0.975
    """
    return 1 - (1 - level) / max(int((~np.isnan(p)).sum()), 1)
