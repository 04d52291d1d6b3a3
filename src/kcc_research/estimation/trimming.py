"""Trimming of weights, only to reproduce how others weighted (STAT-M9).

Weights outside the bounds are set to them, and what was taken off is spread equally
over the rest, so that the sum of the weights stays. Margins then no longer hold, and
raking again breaks the bounds again, each time a little less. The package's own way,
:func:`~.weighting.calibrate`, keeps margins and bounds at once. As R
``survey::trimWeights(strict=TRUE)``.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from kcc_research import dutch
from kcc_research.errors import DataError, problem
from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.grouping import BoolArray, FloatArray
from kcc_research.estimation.weighting import Bounds, Margins, rake

TRIM_BOUNDS: Bounds = (0.3, 3.0)
"""Least and most that a weight may be, in mean weights."""

_ROUNDS = 200
_ROUNDING = 1e-12


def trim_weights(design: SurveyDesign, bounds: Bounds = TRIM_BOUNDS) -> SurveyDesign:
    """Hold every weight between ``bounds`` times the mean weight, the sum unchanged.

    The result is no longer weighted to margins, so its standard errors take the
    weights as fixed (STAT-N4).
    """
    low, high = bounds
    if not low <= 1 <= high:
        raise ValueError("bounds are in mean weights, so one on each side of 1")
    mean = design.weights.mean()
    trimmed = _trimmed(design.weights, low * mean, high * mean)
    return dataclasses.replace(design, weights=trimmed, calibration=None)


def trim_and_rake(
    design: SurveyDesign,
    margins: Margins,
    bounds: Bounds = TRIM_BOUNDS,
    *,
    tolerance: float = 0.01,
) -> SurveyDesign:
    """Rake, trim and rake again until no weight is more than ``tolerance`` outside.

    Margins hold exactly, the bounds to within that share of themselves. Standard
    errors are those of residuals from the regression with the weights before raking
    (STAT-M10). Raises ``DataError`` when raking and trimming keep undoing each other.
    """
    raked = rake(design, margins)
    base = raked.calibration
    assert base is not None
    for _ in range(_ROUNDS):
        if not _outside(raked.weights, bounds, tolerance).any():
            return raked.reweighted(raked.weights, base)
        raked = rake(trim_weights(raked, bounds), margins)
    low, high = (dutch.number(limit, 1) for limit in bounds)
    named = dutch.listing(margins)
    raise DataError(problem("KCC-D052t", low=low, high=high, value=named))


def _outside(weights: FloatArray, bounds: Bounds, tolerance: float) -> BoolArray:
    relative = weights / weights.mean()
    low, high = bounds[0] * (1 - tolerance), bounds[1] * (1 + tolerance)
    return np.asarray((relative < low) | (relative > high))


def _trimmed(weights: FloatArray, low: float, high: float) -> FloatArray:
    """Set to the bounds, spread the excess, and again until all lie inside.

    Each round but the last takes one more weight to a bound, so there is an end.
    """
    while True:
        held = np.clip(weights, low, high)
        excess = float((weights - held).sum())
        if abs(excess) <= _ROUNDING * float(held.sum()):
            return held
        room = (held < high) if excess > 0 else (held > low)
        untouched = room & (held == weights)
        takes = untouched if untouched.any() else room
        weights = held + excess / takes.sum() * takes
