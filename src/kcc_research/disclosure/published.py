"""From rows of estimates to the linear system of what they publish (TRUST-D5, D6).

An unknown is a number of people: in a group, with an answer. The groups of a breakdown,
those without a group included, add up to the total; a group inside another and the
people between them add up to the larger. Every row then is a sum of unknowns.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kcc_research.disclosure.answer_space import AnswerSpace, Atoms, Place
from kcc_research.disclosure.linear import Line, Parts, System, Target
from kcc_research.disclosure.registry import Group, Nested
from kcc_research.estimation.tables import (
    DOMAIN,
    NOT_ASKED_GROUP,
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
    unknowns = _Unknowns(space, blocks)
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


@dataclass(frozen=True, slots=True)
class Rest:
    """People of a group who are in none of the groups of a breakdown within it."""

    group: Group
    by: str


_Where = Group | Nested | Rest


@dataclass
class _Unknowns:
    """Numbers the unknowns of groups and blocks as they are first asked for."""

    space: AnswerSpace
    blocks: frozenset[str]
    numbers: dict[tuple[Group | Nested | Rest, str, int], int] = field(
        default_factory=dict
    )

    @property
    def size(self) -> int:
        return len(self.numbers)

    def parts(self, where: _Where, block: str, atoms: Atoms) -> Parts:
        return tuple(self._number(where, block, each) for each in sorted(atoms))

    def _number(self, where: _Where, block: str, atom: int) -> int:
        return self.numbers.setdefault((where, block, atom), len(self.numbers))

    def _atoms(self) -> Iterator[tuple[str, Atoms]]:
        for block in sorted(self.blocks):
            for atom in range(self.space.sizes[block]):
                yield block, (atom,)

    def breakdowns(
        self, groups: Sequence[Group], adding_up: Container[tuple[str, str]]
    ) -> Iterator[tuple[Parts, Parts]]:
        """Groups, *onbekend* and *niet gevraagd* add up to the total.

        The last two have a row where there is anybody in them.
        """
        totals = {each.wave: each for each in groups if each.by == TOTAL}
        kinds = dict.fromkeys((each.wave, each.by) for each in groups)
        for wave, by in kinds:
            whole = totals.get(wave)
            own = [each for each in groups if (each.wave, each.by) == (wave, by)]
            if whole is None or by in (TOTAL, DOMAIN):
                continue
            if not _is_breakdown(own) and (wave, by) not in adding_up:
                continue
            for block, atom in self._atoms():
                yield (
                    _joined(self.parts(each, block, atom) for each in own),
                    self.parts(whole, block, atom),
                )

    def crossed(self, groups: Iterable[Group]) -> Iterator[tuple[Parts, Parts]]:
        """Both sides of a cross table are the shares it was made of."""
        links = [each for each in self.space.links if each.block in self.blocks]
        for each in groups:
            for link in links:
                yield (
                    self.parts(each, link.block, link.parts),
                    self.parts(each, link.other, link.whole),
                )

    def nested(self, pairs: Iterable[Nested]) -> Iterator[tuple[Parts, Parts]]:
        """The smaller group and the people between are the larger one."""
        for pair in pairs:
            for block, atom in self._atoms():
                if pair.same:
                    yield (
                        self.parts(pair.inner, block, atom),
                        self.parts(pair.outer, block, atom),
                    )
                else:
                    yield (
                        self.parts(pair.inner, block, atom)
                        + self.parts(pair, block, atom),
                        self.parts(pair.outer, block, atom),
                    )

    def unions(
        self, groups: Sequence[Group], pairs: Iterable[Nested]
    ) -> Iterator[tuple[Parts, Parts]]:
        """All groups of one breakdown that lie within a group, and its other people.

        A filter that names some answers of the breakdown holds nobody else.
        """
        inside: dict[tuple[Group, str], list[Group]] = {}
        for pair in pairs:
            if pair.inner.by != DOMAIN and pair.inner.wave == pair.outer.wave:
                if pair.inner in groups and pair.outer in groups:
                    inside.setdefault((pair.outer, pair.inner.by), []).append(
                        pair.inner
                    )
        for (whole, by), parts in inside.items():
            for block, atom in self._atoms():
                people = tuple(
                    x for each in parts for x in self.parts(each, block, atom)
                )
                if not _is_union(whole, by, parts):
                    people += self.parts(Rest(whole, by), block, atom)
                yield people, self.parts(whole, block, atom)

    def own_answers(self, groups: Sequence[Group]) -> Iterator[tuple[Parts, Parts]]:
        """Groups by a question that is itself in the system, or in a cross table."""
        for each in groups:
            atom = self.space.answers.get((each.by, each.group))
            if atom is not None and each.by in self.blocks:
                others = [x for x in range(self.space.sizes[each.by]) if x != atom]
                yield self.parts(each, each.by, tuple(others)), ()
        totals = {each.wave: each for each in groups if each.by == TOTAL}
        for table, sides in self.space.crossed.items():
            for side, other in (sides, sides[::-1]):
                if table in self.blocks and self.space.places[side, ""].cell:
                    for wave, whole in totals.items():
                        own = [x for x in groups if x.wave == wave]
                        yield from self._sides(table, side, other, whole, own)

    def _sides(
        self, table: str, side: str, other: str, whole: Group, groups: Sequence[Group]
    ) -> Iterator[tuple[Parts, Parts]]:
        """A cross table of the total is a breakdown by one of its sides."""
        by, across = self.space.places[side, ""], self.space.places[other, ""]
        own = [x for x in groups if (by.block, x.group) in self.space.answers]
        own = [x for x in own if x.by == by.block]
        is_row = self.space.crossed[table][0] == side
        for inside in (True, False) if own else ():
            among = [
                x
                for x in own
                if (self.space.answers[by.block, x.group] in (by.cell or ())) is inside
            ]
            for reached in (True, False):
                atoms = tuple(
                    x for x in across.base if (x in (across.cell or ())) is reached
                )
                row, column = (inside, reached) if is_row else (reached, inside)
                cell = (0 if row else 3) + (0 if column else 1)
                yield (
                    _joined(self.parts(x, across.block, atoms) for x in among),
                    self.parts(whole, table, (cell,)),
                )

    def sizes(self, groups: Iterable[Group]) -> Iterator[tuple[Parts, Parts]]:
        """Whatever is asked of a group, it is as large: no answer is counted too."""
        whole = sorted(x for x in self.blocks if self.space.sizes[x] > 1)
        for each in groups:
            sizes = [
                self.parts(each, x, tuple(range(self.space.sizes[x]))) for x in whole
            ]
            yield from itertools.pairwise(sizes)


def _joined(several: Iterable[Parts]) -> Parts:
    return tuple(number for parts in several for number in parts)


def _is_union(whole: Group, by: str, parts: Iterable[Group]) -> bool:
    """Whether a filter holds the groups of ``parts`` and nobody else."""
    if whole.limits is None:
        return False
    named = {answers for name, answers in whole.limits if name == by}
    named_groups = frozenset(each.group for each in parts)
    limits = [each.limits or frozenset() for each in parts]
    common = frozenset.intersection(*limits)
    others = {each for each in whole.limits if each[0] != by}
    return named == {named_groups} and others == common


def _is_breakdown(groups: Iterable[Group]) -> bool:
    """Groups by the answers to a question: all of them declared."""
    named = [x for x in groups if x.group not in (UNKNOWN_GROUP, NOT_ASKED_GROUP)]
    return all(x.limits is not None and (x.by, x.group) in _answers(x) for x in named)


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


def _answers(group: Group) -> set[tuple[str, str]]:
    return {(name, one) for name, many in group.limits or () for one in many}


def _line(unknowns: _Unknowns, row: Row, place: Place) -> Line:
    base = unknowns.parts(row.group, place.block, place.base)
    cost: float | None = _TOTAL_COST if row.group.by == TOTAL else 1.0
    if row.number is None or not row.sensitive or "D5" in row.excepted:
        cost = None
    if place.cell is None or row.count is None or row.statistic == "count":
        return Line(base, row.n, cost=cost)
    cell = unknowns.parts(row.group, place.block, place.cell)
    return Line(base, row.n, cell, row.count, cost)


def _targets(
    unknowns: _Unknowns, row: Row, place: Place, policy: DisclosurePolicy
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
    unknowns: _Unknowns,
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
    unknowns: _Unknowns,
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


def _perhaps_few(unknowns: _Unknowns, pair: Nested, place: Place) -> Iterator[Target]:
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
