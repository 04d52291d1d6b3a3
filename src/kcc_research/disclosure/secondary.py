"""Secondary suppression: what else must go, so that what is hidden stays hidden.

A hidden cell beside true margins can be worked out. Further cells are taken out until
linear programming over everything that is still published finds for each target a
lower bound of at most 1 and an upper bound of at least the spread of the system
(TRUST-D5). Where a bound fails, one more program asks which published numbers would
have to be unknown for the bound to hold, at the least cost (after Kelly, Golden & Assad
1992); its weights are renewed a few times, so that few cells change rather than many a
little. At the end each cell is put back that turns out not to be needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from kcc_research.disclosure.linear import (
    EXACT,
    LOWEST_TOP,
    ContradictionError,
    Equations,
    Line,
    Parts,
    System,
    Target,
    Values,
    equations,
    optimum,
    total,
)

_ROUNDS = 3
_SETTLED = 0.5
_TIE = 1e-5
_MOST_PROGRAMS = 5000


@dataclass(frozen=True, slots=True)
class Suppression:
    """Numbers of the lines that are not published.

    ``unsolved``: lines whose numbers stay within narrower bounds whatever is hidden,
    because of numbers that are published in any case. Their tables are for merging
    categories, or are withheld.
    """

    hidden: frozenset[int]
    unsolved: frozenset[int] = frozenset()


def suppress(system: System, primary: frozenset[int]) -> Suppression:
    """Lines to keep back beside ``primary``, until every target is protected.

    >>> row = tuple(Line((0, 1, 2), 60, (i,), n) for i, n in enumerate((3, 27, 30)))
    >>> few = Target((0,), 3, line=0)
    >>> found = suppress(System(3, row, (), (few,), spread=9), frozenset({0}))
    >>> sorted(found.hidden), sorted(found.unsolved)
    ([0, 1], [])
    """
    search = _Search(system, primary)
    try:
        hidden = search.solution()
        return Suppression(search.without_needless(hidden), frozenset(search.unsolved))
    except _TooLargeError:
        lines = frozenset(target.line for target in system.targets)
        return Suppression(primary | _may_go(system), lines)


def is_protected(system: System, hidden: frozenset[int]) -> bool:
    """Whether every target has the range it must have, with ``hidden`` kept back."""
    return next(_Search(system, hidden).failing(hidden), None) is None


def _may_go(system: System) -> frozenset[int]:
    return frozenset(i for i, x in enumerate(system.lines) if x.cost is not None)


class _TooLargeError(Exception):
    """So many programs that the table had better be withheld."""


@dataclass
class _Search:
    """Programs over one system. ``witnesses`` are tables that fit what is published.

    A table that fits once fits whatever more is hidden, and one table may show for
    many targets how small or how large they can be. ``bounds`` are those of targets
    that cannot have the range they should: with everything hidden they have this.
    """

    system: System
    primary: frozenset[int]
    witnesses: list[Values] = field(default_factory=list)
    bounds: dict[tuple[Parts, bool], float] = field(default_factory=dict)
    unsolved: set[int] = field(default_factory=set)
    programs: int = 0

    def solution(self) -> frozenset[int]:
        """Lines that protect every target as far as it can be."""
        hidden = self.primary
        while (failed := next(self.failing(hidden), None)) is not None:
            more = self.repair(hidden, *failed)
            if more:
                hidden |= more
            else:
                self._settle_for_less(*failed)
        return hidden

    def _settle_for_less(self, target: Target, upward: bool) -> None:
        """What the bound of a target is when all that may go is hidden."""
        shown = self.system.shown(self.primary | _may_go(self.system))
        found = self._extreme(target, upward, equations(self.system, shown))
        self.bounds[target.parts, upward] = total(found, target.parts)
        self.unsolved.add(target.line)

    def failing(self, hidden: frozenset[int]) -> Iterator[tuple[Target, bool]]:
        """Targets whose lower (False) or upper (True) bound gives them away."""
        shown = self.system.shown(hidden)
        found = equations(self.system, shown)
        sums = {x.base: x.n for x in shown}
        sums |= {x.cell: x.count for x in shown if x.cell is not None}
        fitting = [each for each in self.witnesses if _fits(each, sums)]
        for target in self.system.targets:
            for upward in (False, True):
                if self._seen(target, upward, fitting):
                    continue
                extreme = self._extreme(target, upward, found)
                fitting.append(extreme)
                if not self._reaches(extreme, target, upward):
                    yield target, upward

    def _seen(self, target: Target, upward: bool, fitting: list[Values]) -> bool:
        wanted = self._wanted(target, upward)
        truly = target.value >= wanted if upward else target.value <= wanted
        return truly or any(self._reaches(each, target, upward) for each in fitting)

    def _wanted(self, target: Target, upward: bool) -> float:
        usual = self.system.spread if upward else LOWEST_TOP
        return self.bounds.get((target.parts, upward), float(usual))

    def _reaches(self, unknowns: Values, target: Target, upward: bool) -> bool:
        value, wanted = total(unknowns, target.parts), self._wanted(target, upward)
        return value >= wanted - EXACT if upward else value <= wanted + EXACT

    def _extreme(self, target: Target, upward: bool, found: Equations) -> Values:
        """The table in which a target is least or largest."""
        self._count()
        cost = np.zeros(self.system.size)
        cost[list(target.parts)] = -1.0 if upward else 1.0
        extreme = optimum(cost, found)
        self.witnesses.append(extreme)
        return extreme

    def _count(self) -> None:
        self.programs += 1
        if self.programs > _MOST_PROGRAMS:
            raise _TooLargeError

    def repair(
        self, hidden: frozenset[int], target: Target, upward: bool
    ) -> frozenset[int]:
        """Lines to hide so that ``target`` can be as small or as large as it must."""
        elastic = _Elastic(self.system, hidden, target, self._wanted(target, upward))
        best: frozenset[int] = frozenset()
        for _ in range(_ROUNDS):
            self._count()
            moved = elastic.least_moved()
            if not moved:
                break
            if not best or self._cost(moved) < self._cost(best):
                best = moved
        return best

    def _cost(self, lines: frozenset[int]) -> float:
        return sum(self.system.lines[i].cost or 0.0 for i in lines)

    def without_needless(self, hidden: frozenset[int]) -> frozenset[int]:
        """``hidden`` less the lines that all targets stay protected without."""
        extra = sorted(
            hidden - self.primary,
            key=lambda i: (self.system.lines[i].cost or 0.0, _size(self.system, i)),
            reverse=True,
        )
        for each in extra:
            fewer = hidden - {each}
            if next(self.failing(fewer), None) is None:
                hidden = fewer
        return hidden


def _size(system: System, number: int) -> int:
    line = system.lines[number]
    return line.n if line.cell is None else line.count


def _fits(unknowns: Values, sums: dict[Parts, int]) -> bool:
    """Whether a table agrees with every published sum."""
    return all(
        abs(total(unknowns, parts) - value) < EXACT for parts, value in sums.items()
    )


class _Elastic:
    """A program in which published numbers may give way, each at its own cost."""

    def __init__(
        self, system: System, hidden: frozenset[int], target: Target, wanted: float
    ) -> None:
        self._system = system
        shown = {i: x for i, x in enumerate(system.lines) if i not in hidden}
        fixed = [each for each in shown.values() if each.cost is None]
        self._found = equations(system, fixed)
        self._found.add(target.parts, wanted)
        known = {x.base for x in fixed} | {x.cell for x in fixed}
        self._bends: list[tuple[frozenset[int], float]] = []
        for parts, (value, lines) in _published(shown).items():
            if parts not in known:
                self._bend(parts, value, lines)
        self._weights = np.array([cost for _, cost in self._bends])

    def _bend(self, parts: Parts, value: int, lines: frozenset[int]) -> None:
        number = self._found.add(parts, float(value))
        place = self._system.size + 2 * len(self._bends)
        self._found.rows.extend((number, number))
        self._found.columns.extend((place, place + 1))
        self._found.signs.extend((1.0, -1.0))
        cost = sum(self._system.lines[i].cost or 0.0 for i in lines)
        cost += _TIE * value  # of equals the smaller number goes
        self._bends.append((lines, cost))

    def least_moved(self) -> frozenset[int]:
        """Lines whose number had to give way; the next call prefers few of them."""
        if not self._bends:
            return frozenset()
        cost = np.concatenate([np.zeros(self._system.size), self._weights.repeat(2)])
        try:
            found = optimum(cost, self._found)
        except ContradictionError:
            return frozenset()  # what may not give way stands in between
        moved = found[self._system.size :].reshape(-1, 2).sum(axis=1)
        costs = np.array([each for _, each in self._bends])
        self._weights = costs / (moved + _SETTLED)
        gone = [
            lines
            for (lines, _), far in zip(self._bends, moved, strict=True)
            if far > EXACT
        ]
        return frozenset().union(*gone) if gone else frozenset()


def _published(shown: dict[int, Line]) -> dict[Parts, tuple[int, frozenset[int]]]:
    """Every published sum, its value, and the lines that must go to hide it."""
    found: dict[Parts, tuple[int, frozenset[int]]] = {}
    for number, line in shown.items():
        sums = [(line.base, line.n)]
        if line.cell is not None:
            sums.append((line.cell, line.count))
        for parts, value in sums:
            _, lines = found.get(parts, (value, frozenset()))
            found[parts] = value, lines | {number}
    return found
