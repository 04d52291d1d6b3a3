"""From rows of estimates to the linear system of what they publish (TRUST-D5, D6).

An unknown is a number of people: in a group, with an answer. The groups of a breakdown,
those without a group included, add up to the total; a group inside another and the
people between them add up to the larger. Every row then is a sum of unknowns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kcc_research.disclosure.answer_space import AnswerSpace, Place
from kcc_research.disclosure.linear import Line, Parts, System, Target
from kcc_research.disclosure.registry import Group, Nested
from kcc_research.disclosure.unknowns import Unknowns
from kcc_research.estimation.tables import (
    TOTAL,
    UNKNOWN_GROUP,
)
from kcc_research.study.policy import DisclosurePolicy

_TOTAL_COST = 25.0
"""Margins stay: a row of the total goes only where nothing else helps."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of estimates as far as it counts people.

    ``number`` is its place in the table; None of an earlier measurement, published
    already. ``count`` is None where no people are counted, as of a mean.
    """

    number: int | None
    indicator: str
    statistic: str
    group: Group
    category: str
    n: int
    count: int | None
    sensitive: bool
    excepted: frozenset[str] = frozenset()

    @property
    def table(self) -> tuple[str, str]:
        return self.indicator, self.group.by

    @property
    def counts_people(self) -> bool:
        return self.statistic in ("share", "mean", "count")


@dataclass(frozen=True)
class Model:
    """A system, and which rows its lines are."""

    system: System
    rows: tuple[Row, ...]


def blocks_together(space: AnswerSpace) -> list[frozenset[str]]:
    """Blocks that say something about each other, through cross tables."""
    parts = {name: frozenset({name}) for name in space.sizes}
    for link in space.links:
        together = parts[link.block] | parts[link.other]
        parts |= dict.fromkeys(together, together)
    return list(dict.fromkeys(parts.values()))


def model(
    space: AnswerSpace,
    blocks: frozenset[str],
    rows: Iterable[Row],
    nestings: Sequence[Nested],
    policy: DisclosurePolicy,
    silent: Iterable[Group] = (),
) -> Model:
    """The system of all ``rows`` about ``blocks``.

    ``silent`` groups have people and no published number.
    """
    own = [
        (row, place)
        for row in rows
        if (place := _place(space, row)) is not None and place.block in blocks
    ]
    unknowns = Unknowns(space, blocks)
    lines = [_line(unknowns, row, place) for row, place in own]
    nobody = [
        Line(line.base, 0, cost=None) for line in dict.fromkeys(lines) if line.n == 0
    ]
    groups = list(dict.fromkeys([*(row.group for row, _ in own), *silent]))
    links = [
        *unknowns.breakdowns(groups, _adding_up(row for row, _ in own)),
        *unknowns.crossed(groups),
        *unknowns.nested([x for x in nestings if _both(x, groups)]),
        *unknowns.unions(groups, nestings),
        *unknowns.own_answers(groups),
        *unknowns.sizes(groups),
    ]
    targets = [
        *(
            replace(each, line=number)
            for number, (row, place) in enumerate(own)
            for each in _targets(unknowns, row, place, policy)
        ),
        *_between(unknowns, own, nestings, policy),
    ]
    system = System(
        unknowns.size,
        (*lines, *nobody),
        tuple(links),
        tuple(dict.fromkeys(targets)),
        spread=policy.minimum_cell - 1,
    )
    return Model(system, tuple(row for row, _ in own))


def _both(pair: Nested, groups: Iterable[Group]) -> bool:
    known = set(groups)
    return pair.inner in known and pair.outer in known


def _place(space: AnswerSpace, row: Row) -> Place | None:
    """Where a row stands; a count of who has no group counts any answer."""
    if not row.counts_people:
        return None
    if row.statistic != "count":
        return space.places.get((row.indicator, row.category))
    named = (x for (name, _), x in space.places.items() if name == row.indicator)
    found = next(named, None)
    return None if found is None else Place(found.block, found.base, None)


def _adding_up(rows: Iterable[Row]) -> set[tuple[str, str]]:
    """Undeclared breakdowns whose groups add up to the total all the same."""
    sizes: dict[tuple[str, str], dict[tuple[str, ...], int]] = {}
    for row in rows:
        if row.statistic != "count":
            name = (row.indicator, row.statistic, row.category)
            of_breakdown = sizes.setdefault((row.group.wave, row.group.by), {})
            of_breakdown[name] = of_breakdown.get(name, 0) + row.n
    return {
        (wave, by)
        for (wave, by), own in sizes.items()
        if by != TOTAL and own.items() & sizes.get((wave, TOTAL), {}).items()
    }


def _line(unknowns: Unknowns, row: Row, place: Place) -> Line:
    base = unknowns.parts(row.group, place.block, place.base)
    cost: float | None = _TOTAL_COST if row.group.by == TOTAL else 1.0
    if row.number is None or not row.sensitive or "D5" in row.excepted:
        cost = None
    if place.cell is None or row.count is None or row.statistic == "count":
        return Line(base, row.n, cost=cost)
    cell = unknowns.parts(row.group, place.block, place.cell)
    return Line(base, row.n, cell, row.count, cost)


def _targets(
    unknowns: Unknowns, row: Row, place: Place, policy: DisclosurePolicy
) -> Iterator[Target]:
    """Small numbers of a published group: its size, its cell, the rest of it."""
    if not row.sensitive or row.number is None or row.n == 0:
        return
    if row.excepted & {"D2", "D5"}:
        return
    if row.group.group == UNKNOWN_GROUP:
        return  # no answer is no filter: nobody can tell who they are
    line = _line(unknowns, row, place)
    yield from _small(line.base, line.n, policy)
    if line.cell is not None:
        rest = tuple(each for each in line.base if each not in line.cell)
        yield from _small(line.cell, line.count, policy)
        yield from _small(rest, line.n - line.count, policy)


def _small(parts: Parts, value: int, policy: DisclosurePolicy) -> Iterator[Target]:
    if value < policy.minimum_cell:
        yield Target(parts, value, line=0)


def _between(
    unknowns: Unknowns,
    own: Sequence[tuple[Row, Place]],
    nestings: Iterable[Nested],
    policy: DisclosurePolicy,
) -> Iterator[Target]:
    """Small numbers of the people between a group and one around it (D6)."""
    by_group: dict[Group, dict[tuple[str, str, str], int]] = {}
    for number, (row, _) in enumerate(own):
        name = (row.indicator, row.statistic, row.category)
        by_group.setdefault(row.group, {})[name] = number
    for pair in nestings:
        inner, outer = (by_group.get(each, {}) for each in (pair.inner, pair.outer))
        for name in (each for each in inner if each in outer):
            (one, place), (other, _) = own[inner[name]], own[outer[name]]
            if not (one.sensitive and other.sensitive):
                continue
            if "D6" not in one.excepted | other.excepted:
                number = inner[name] if one.number is not None else outer[name]
                found = _people_between(unknowns, pair, one, other, place, policy)
                yield from (replace(each, line=number) for each in found)
        if pair.inner.wave != pair.outer.wave:
            for name in sorted(inner.keys() ^ outer.keys()):
                number = {**inner, **outer}[name]
                row, place = own[number]
                if row.sensitive and row.number is not None:
                    found = _perhaps_few(unknowns, pair, place)
                    yield from (replace(each, line=number) for each in found)


def _people_between(
    unknowns: Unknowns,
    pair: Nested,
    inner: Row,
    outer: Row,
    place: Place,
    policy: DisclosurePolicy,
) -> Iterator[Target]:
    between = outer.n - inner.n
    if between <= 0:
        return
    base = unknowns.parts(pair, place.block, place.base)
    yield from _small(base, between, policy)
    if place.cell is None or inner.count is None or outer.count is None:
        return
    cell = unknowns.parts(pair, place.block, place.cell)
    rest = tuple(each for each in base if each not in cell)
    count = outer.count - inner.count
    yield from _small(cell, count, policy)
    yield from _small(rest, between - count, policy)


def _perhaps_few(unknowns: Unknowns, pair: Nested, place: Place) -> Iterator[Target]:
    """People between two waves of which one kept its number back: it may be small.

    Only an upper bound can give such a number away, so it counts as 0.
    """
    base = unknowns.parts(pair, place.block, place.base)
    cell = unknowns.parts(pair, place.block, place.cell or place.base)
    rest = tuple(each for each in base if each not in cell)
    for parts in (cell, rest):
        if parts:
            yield Target(parts, 0, line=0)


def by_table(rows: Iterable[Row]) -> Mapping[tuple[str, str], list[Row]]:
    """Rows of each table: one indicator by one breakdown."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault(row.table, []).append(row)
    return found


def numbers(rows: Iterable[Row]) -> frozenset[int]:
    """The places of ``rows`` in the table, those of earlier measurements left out."""
    return frozenset(row.number for row in rows if row.number is not None)
