"""Rows in groups, factorised once, so that any matrix is summed per group at once.

A survey asks for sums per day, per district, per channel of every indicator. Sorting
the rows by group is the costly part and depends on the design only: it is done when
the design is made, and each later sum is one pass of :func:`numpy.add.reduceat`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


def floats(values: object) -> FloatArray:
    """Any numbers, truths included, as an array of floats."""
    return np.asarray(values, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Grouping:
    """``code`` holds the group of each row; every group has at least one row.

    ``order`` is ``None`` when the rows stand sorted by group already.
    """

    code: IntArray
    size: IntArray
    order: IntArray | None

    @classmethod
    def of(cls, code: IntArray) -> Grouping:
        """Group rows by codes 0, 1, …, each of which occurs."""
        is_sorted = bool(np.all(code[:-1] <= code[1:]))
        order = None if is_sorted else np.argsort(code, kind="stable")
        return cls(code, np.bincount(code), order)

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.size)

    def sum(self, values: FloatArray) -> FloatArray:
        """Sums per group (groups × k) of ``values`` (rows × k)."""
        if self.count == len(self.code) and self.order is None:
            return values
        ordered = values if self.order is None else values[self.order]
        starts = np.concatenate(([0], np.cumsum(self.size)[:-1]))
        return np.add.reduceat(ordered, starts, axis=0)

    def spread(self, per_group: FloatArray) -> FloatArray:
        """Give every row the value of its group."""
        return per_group[self.code]
