"""Counts without a design: two shares compared, and cross tables (STAT-M16, M17).

For unweighted files only; :func:`~.association.independence_test` is the test in a
design. As R ``prop.test``, ``fisher.test`` and ``chisq.test``; the interval of a
difference is Newcombe's (1998, method 10), built from the two Wilson intervals, so
that it never leaves −1 to 1 and never has zero width.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from kcc_research.estimation.grouping import FloatArray, floats
from kcc_research.estimation.interval import wilson, z_quantile

FEWEST_EXPECTED = 5.0
"""With fewer expected in a cell χ² is not to be trusted: Fisher's exact test."""


@dataclass(frozen=True)
class CrossTable:
    """Counts of two classifications (rows × columns), none of them empty."""

    counts: FloatArray

    @cached_property
    def n(self) -> float:
        return float(self.counts.sum())

    @cached_property
    def expected(self) -> FloatArray:
        """Counts if the classifications had nothing to do with each other."""
        return np.outer(self.counts.sum(axis=1), self.counts.sum(axis=0)) / self.n

    @property
    def chi_square(self) -> float:
        """Pearson's X², without continuity correction."""
        return float(((self.counts - self.expected) ** 2 / self.expected).sum())

    @property
    def df(self) -> int:
        rows, columns = self.counts.shape
        return int((rows - 1) * (columns - 1))

    @property
    def p_chi_square(self) -> float:
        return float(special.chdtrc(self.df, self.chi_square))

    @property
    def p_fisher(self) -> float:
        """Exact p of a table of two by two, two-sided; NaN of a larger one."""
        if self.df > 1:
            return float("nan")
        return float(stats.fisher_exact(self.counts)[1])

    @property
    def is_sparse(self) -> bool:
        """Whether some cell has fewer than 5 expected."""
        return bool(self.expected.min() < FEWEST_EXPECTED)

    @property
    def p_value(self) -> float:
        """χ², but Fisher's where the table is sparse: NaN if larger than two by two.

        Such a table is for merging categories, not for a test.
        """
        return self.p_fisher if self.is_sparse else self.p_chi_square

    @property
    def residuals(self) -> FloatArray:
        """Standardised residuals: in how many standard errors each cell departs."""
        rows = 1 - self.counts.sum(axis=1) / self.n
        columns = 1 - self.counts.sum(axis=0) / self.n
        error = np.sqrt(self.expected * np.outer(rows, columns))
        return floats((self.counts - self.expected) / error)

    @property
    def cramers_v(self) -> float:
        """√(X² / n / (k − 1)), k the smaller of rows and columns: biased upwards."""
        return float(np.sqrt(self.chi_square / self.n / (min(self.counts.shape) - 1)))

    @property
    def corrected_v(self) -> float:
        """Cramér's V without its bias (Bergsma 2013): 0 where chance explains it."""
        excess = max(self.chi_square / self.n - self.df / (self.n - 1), 0.0)
        sides = [size - (size - 1) ** 2 / (self.n - 1) for size in self.counts.shape]
        return float(np.sqrt(excess / (min(sides) - 1)))


def cross_table(counts: ArrayLike) -> CrossTable:
    """Check a table of counts: whole, with two rows and columns, none of them empty.

    >>> round(cross_table([[30, 20], [12, 18]]).chi_square, 3)
    3.008
    """
    table = floats(counts)
    if table.ndim != 2 or min(table.shape) < 2:
        raise ValueError("a cross table needs two rows and two columns")
    if (table < 0).any() or (table != np.round(table)).any():
        raise ValueError("a cross table holds counts: whole and not negative")
    if not (table.sum(axis=0).all() and table.sum(axis=1).all()):
        raise ValueError("a row or column without anyone is no category: leave it out")
    return CrossTable(table)


@dataclass(frozen=True)
class ShareDifference:
    """x of n in one group against another; difference, first minus second."""

    x: tuple[int, int]
    n: tuple[int, int]

    @property
    def shares(self) -> tuple[float, float]:
        return self.x[0] / self.n[0], self.x[1] / self.n[1]

    @property
    def difference(self) -> float:
        return self.shares[0] - self.shares[1]

    @property
    def chi_square(self) -> float:
        """Pearson's X² on one degree of freedom; NaN where all or none fulfil."""
        return self._table.chi_square if self._varies else float("nan")

    @property
    def p_chi_square(self) -> float:
        return self._table.p_chi_square if self._varies else float("nan")

    @property
    def p_fisher(self) -> float:
        return self._table.p_fisher if self._varies else 1.0

    @property
    def p_value(self) -> float:
        """χ², or Fisher's exact where fewer than 5 are expected in a cell."""
        return self._table.p_value if self._varies else 1.0

    @property
    def cohens_h(self) -> float:
        """2 arcsin √p₁ − 2 arcsin √p₂ (Cohen 1988, ch. 6)."""
        angles = 2 * np.arcsin(np.sqrt(self.shares))
        return float(angles[0] - angles[1])

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Newcombe's interval of the difference, from the two Wilson intervals."""
        low, high = wilson(floats(self.x), floats(self.n), level)
        p = floats(self.shares)
        below = np.hypot(p[0] - low[0], high[1] - p[1])
        above = np.hypot(high[0] - p[0], p[1] - low[1])
        return float(self.difference - below), float(self.difference + above)

    def wald_interval(self, level: float = 0.95) -> tuple[float, float]:
        """Wald's, to reproduce others: it fails for few answers (STAT-N7)."""
        p, n = floats(self.shares), floats(self.n)
        half = z_quantile(level) * float(np.sqrt((p * (1 - p) / n).sum()))
        return max(self.difference - half, -1.0), min(self.difference + half, 1.0)

    @property
    def _varies(self) -> bool:
        return 0 < sum(self.x) < sum(self.n)

    @property
    def _table(self) -> CrossTable:
        return CrossTable(floats([self.x, np.subtract(self.n, self.x)]).T)


def share_difference(x1: int, n1: int, x2: int, n2: int) -> ShareDifference:
    """Compare x1 of n1 with x2 of n2 unweighted answers.

    >>> low, high = share_difference(525, 750, 540, 750).interval()
    >>> round(low, 3), round(high, 3)
    (-0.066, 0.026)
    """
    if not (0 <= x1 <= n1 and 0 <= x2 <= n2 and n1 > 0 and n2 > 0):
        raise ValueError("counts must lie between 0 and their base, which is not 0")
    return ShareDifference((x1, x2), (n1, n2))
