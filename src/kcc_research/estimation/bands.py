"""Bands instead of ranks, and only where the data can carry them (STAT-M26).

A band is a range of the true value. The bands hold equal parts of the distribution of
municipalities, N(μ, tau²), and there are as many, from five down to two, as leave the
municipalities reliably placed: their width follows from the data. A municipality gets a
band only when its reliability tau²/(tau² + se²) is at least 0.7 and the probability
that its true value lies in that band at least 0.8. With 30 calls per municipality that
is nobody (STAT-S7).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from kcc_research.estimation.grouping import BoolArray, FloatArray, IntArray, floats
from kcc_research.estimation.shrinkage import Shrunken

RELIABLE = 0.7
PROBABLE = 0.8
MOST_BANDS = 5


@dataclass(frozen=True, eq=False)
class Bands:
    """Bands of k municipalities, from low to high.

    ``edges`` are the limits between them, none when no bands can be told apart.
    ``band`` (k,) is the most probable band counted from 0, ``probability`` (k,) its
    probability, ``placed`` (k,) whether the municipality may be said to be in it.
    """

    edges: FloatArray
    band: IntArray
    probability: FloatArray
    placed: BoolArray

    @property
    def count(self) -> int:
        """Number of bands; 1 when there is nothing to divide."""
        return len(self.edges) + 1


def bands(found: Shrunken, most: int = MOST_BANDS) -> Bands:
    """The largest number of bands in which reliable municipalities are placed rightly.

    That is: in which the mean probability of their most probable band, which is the
    expected share placed rightly, is at least 0.8. Without such a division, or with
    fewer than two reliable municipalities, nobody is placed.
    """
    reliable = found.reliability >= RELIABLE
    for count in range(most, 1, -1):
        if reliable.sum() < 2:
            break
        edges = _edges(found, count)
        chances = band_probabilities(found, edges)
        probability = chances.max(axis=1)
        if probability[reliable].mean() >= PROBABLE:
            placed = reliable & (probability >= PROBABLE)
            return Bands(edges, chances.argmax(axis=1), probability, placed)
    nobody = np.zeros(len(found.value), dtype=bool)
    return Bands(
        np.array([]), nobody.astype(np.intp), np.ones(len(nobody)), placed=nobody
    )


def _edges(found: Shrunken, count: int) -> FloatArray:
    """Limits that divide N(μ, tau²) into equal parts."""
    parts = np.arange(1, count) / count
    return floats(found.mean + np.sqrt(found.tau2) * special.ndtri(parts))


def band_probabilities(found: Shrunken, edges: FloatArray) -> FloatArray:
    """Probability of each band for each municipality (k × bands); rows add up to 1."""
    below = special.ndtr((edges - found.value[:, None]) / found.std_error[:, None])
    k = len(found.value)
    return np.diff(np.hstack([np.zeros((k, 1)), below, np.ones((k, 1))]), axis=1)
