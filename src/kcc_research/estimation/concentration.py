"""How much of a sum is of one or two people: what dominance is judged by (TRUST-D10).

A mean of magnitudes, such as minutes of a call, is a sum by another name: where two
people make up nearly all of it, it tells what each of them took. Both measures are
ratios of unweighted values, so that no largest answer leaves this function; they go
with the estimates as far as the protection, and no further.
"""

from __future__ import annotations

import numpy as np

from kcc_research.estimation.grouping import FloatArray, floats


def concentration(
    total: FloatArray, first: FloatArray, second: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """``(top_two, rest_of_largest)`` of sums (k,) with their two largest parts (k,).

    ``top_two`` is the share of the two largest in the sum; ``rest_of_largest`` what is
    left when these two are known, relative to the largest: it bounds how near the
    second can guess the first (Hundepool et al. 2012, §4.2: (2, k) and p%). NaN for a
    sum of nothing.

    >>> top_two, rest = concentration([100.0], [60.0], [30.0])
    >>> float(top_two[0]), round(float(rest[0]), 3)
    (0.9, 0.167)
    """
    total, first, second = floats(total), floats(first), floats(second)
    some = (total > 0) & (first > 0)
    top = np.where(some, (first + second) / np.where(some, total, 1), np.nan)
    rest = (total - first - second) / np.where(some, first, 1)
    return top, np.where(some, rest, np.nan)


def concentration_of(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same of answers (rows × k), those that are missing left out."""
    sizes = np.sort(np.nan_to_num(np.abs(values), nan=0.0), axis=0)
    padded = np.vstack([np.zeros((2, values.shape[1])), sizes])
    return concentration(sizes.sum(axis=0), padded[-1], padded[-2])
