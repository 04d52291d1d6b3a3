"""Rao–Wu bootstrap: replicate weights for statistics without a formula (STAT-M21).

In each stratum n_h − 1 of its n_h sampling units are drawn with replacement; a unit
drawn r times weighs r · n_h / (n_h − 1) times as much, one not drawn weighs nothing
(Rao & Wu 1988; Rao, Wu & Yue 1992). The variance of a weighted total over all draws is
then exactly that of linearisation with replacement. Drawing n_h units instead would
give (n_h − 1)/n_h of it: half, with two units.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kcc_research.estimation.design import Stage, SurveyDesign
from kcc_research.estimation.grouping import FloatArray

_CELLS = 4_000_000


def rao_wu_weights(
    design: SurveyDesign, replicates: int, seed: int
) -> Iterator[FloatArray]:
    """Blocks of replicate weights (some replicates × rows), ``replicates`` in all.

    Calibrated weights are kept as they are, not calibrated anew: intervals come out
    somewhat wide. Without finite-population correction. A stratum with one unit keeps
    its weight; whether that may be is for the estimate beside it to say.
    """
    draw = np.random.default_rng(seed)
    stage = design.primary
    most = max(_CELLS // max(len(design), 1), 1)
    for start in range(0, replicates, most):
        times = _multipliers(stage, min(most, replicates - start), draw)
        yield times[:, stage.units.code] * design.weights


def _multipliers(stage: Stage, size: int, draw: np.random.Generator) -> FloatArray:
    """Factors (replicates × units) on the weights of every sampling unit."""
    factor = np.ones((size, stage.units.count))
    for stratum in range(stage.strata.count):
        units = np.flatnonzero(stage.strata.code == stratum)
        count = len(units)
        if count < 2:
            continue
        chosen = draw.integers(0, count, (size, count - 1))
        chosen += count * np.arange(size)[:, None]
        times = np.bincount(chosen.ravel(), minlength=size * count)
        factor[:, units] = times.reshape(size, count) * (count / (count - 1))
    return factor
