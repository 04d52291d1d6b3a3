"""Published numbers as linear equations over what nobody published (TRUST-D5).

Who answered what, in which group, are the *unknowns*: whole and never negative. Every
published count, base and margin is a sum of them. What can be worked out about a
hidden number is then the range that linear programming finds for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Parts = tuple[int, ...]
"""Which unknowns add up to a number."""

Values = NDArray[np.float64]

LOWEST_TOP = 1
"""A hidden cell may be as small as this, for all that is published."""

_ENOUGH = 1000.0
EXACT = 1e-6
"""Numbers of people are whole: what lies nearer to them than this is equal."""


@dataclass(frozen=True, slots=True)
class Line:
    """One result: ``count`` people in ``cell`` out of ``n`` in ``base``.

    Without a cell only the base is a number of people, as of a mean. ``cost`` is what
    keeping it back costs; None is a line that is published whatever happens.
    """

    base: Parts
    n: int
    cell: Parts | None = None
    count: int = 0
    cost: float | None = 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """A number of people that may not be worked out; ``value`` is what it is.

    ``line``: number of the result that it belongs to.
    """

    parts: Parts
    value: int
    line: int


@dataclass(frozen=True)
class System:
    """All that is, or may be, published about some unknowns.

    ``links`` are sums that are equal whatever they are, such as the groups of a
    breakdown and the total. ``spread``: a protected target may be as large as this,
    for all that is published, and as small as :data:`LOWEST_TOP`.
    """

    size: int
    lines: tuple[Line, ...]
    links: tuple[tuple[Parts, Parts], ...]
    targets: tuple[Target, ...]
    spread: int

    def shown(self, hidden: Iterable[int]) -> list[Line]:
        """Lines that are published when those numbered ``hidden`` are not."""
        gone = set(hidden)
        return [each for i, each in enumerate(self.lines) if i not in gone]


@dataclass(frozen=True)
class Equations:
    """Sums of unknowns and their values: ``matrix`` (equations × unknowns) as triplets.

    Triplets keep large systems small; :meth:`sparse` makes the matrix of them.
    """

    size: int
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    signs: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, parts: Parts, value: float, less: Parts = ()) -> int:
        """``parts`` minus ``less`` add up to ``value``; returns the number of it."""
        number = len(self.values)
        self.rows.extend([number] * (len(parts) + len(less)))
        self.columns.extend((*parts, *less))
        self.signs.extend([1.0] * len(parts) + [-1.0] * len(less))
        self.values.append(value)
        return number


def equations(system: System, shown: Iterable[Line]) -> Equations:
    """What ``shown`` lines and the links say of the unknowns, each only once."""
    found = Equations(system.size)
    for parts, whole in system.links:
        found.add(parts, 0.0, whole)
    known: dict[Parts, int] = {}
    for line in shown:
        known[line.base] = line.n
        if line.cell is not None:
            known[line.cell] = line.count
    for parts, value in known.items():
        found.add(parts, float(value))
    return found


class ContradictionError(ArithmeticError):
    """Numbers that cannot all be true: something is not as it was declared."""


def optimum(cost: Values, found: Equations) -> Values:
    """The unknowns at the least ``cost``, none below 0 and none without end.

    Raises :class:`ContradictionError` where no unknowns fulfil the equations.
    """
    from scipy.optimize import linprog  # scipy.optimize costs 0.2 s to load
    from scipy.sparse import csr_array

    size = len(cost)
    matrix = csr_array(
        (found.signs, (found.rows, found.columns)), shape=(len(found.values), size)
    )
    most = 10 * max((abs(each) for each in found.values), default=0.0) + _ENOUGH
    answer = linprog(  # the stubs know of no sparse matrix
        cost,
        A_eq=matrix,  # type: ignore[call-overload]
        b_eq=found.values,
        bounds=(0.0, most),
        method="highs",
    )
    if answer.x is None:
        raise ContradictionError(answer.message)
    return np.asarray(answer.x, dtype=np.float64)


def total(unknowns: Values, parts: Parts) -> float:
    """What the unknowns of ``parts`` add up to."""
    return float(unknowns[list(parts)].sum())
