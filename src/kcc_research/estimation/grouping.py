"""Rows in groups, factorised once, so that any matrix is summed per group at once.

A survey asks for sums per day, per district, per channel of every indicator. Sorting
the rows by group is the costly part and depends on the design only: it is done when
the design is made, and each later sum is one pass of :func:`numpy.add.reduceat`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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
    """``code`` holds the group of each row; a group may have no rows.

    ``order`` is ``None`` when the rows stand sorted by group already.
    """

    code: IntArray
    size: IntArray
    order: IntArray | None

    @classmethod
    def of(cls, code: IntArray, count: int = 0) -> Grouping:
        """Group rows by codes 0, 1, …, of which there are at least ``count``."""
        is_sorted = bool(np.all(code[:-1] <= code[1:]))
        order = None if is_sorted else np.argsort(code, kind="stable")
        return cls(code, np.bincount(code, minlength=count), order)

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.size)

    @cached_property
    def _each_row_alone(self) -> bool:
        """Whether groups are the rows themselves, in their order."""
        alone = self.count == len(self.code) and bool(self.size.all())
        return alone and self.order is None

    def sum(self, values: FloatArray) -> FloatArray:
        """Sums per group (groups × k) of ``values`` (rows × k)."""
        if self._each_row_alone:
            return values
        sums: FloatArray = np.zeros((self.count, values.shape[1]))
        occurs = self.size > 0
        if occurs.any():
            ordered = values if self.order is None else values[self.order]
            starts = (np.cumsum(self.size) - self.size)[occurs]
            sums[occurs] = np.add.reduceat(ordered, starts, axis=0)
        return sums

    def spread(self, per_group: FloatArray) -> FloatArray:
        """Give every row the value of its group."""
        return per_group[self.code]
