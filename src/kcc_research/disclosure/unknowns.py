"""The unknowns behind published numbers, and what is equal among them (TRUST-D5, D6).

An unknown is a number of people: in a group, with an answer. The groups of a breakdown,
those without a group included, add up to the total; a group inside another and the
people between them add up to the larger; a group is as large whatever was asked of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kcc_research.disclosure.answer_space import AnswerSpace, Atoms
from kcc_research.disclosure.linear import Parts
from kcc_research.disclosure.registry import Group, Nested
from kcc_research.estimation.tables import (
    DOMAIN,
    NOT_ASKED_GROUP,
    TOTAL,
    UNKNOWN_GROUP,
)


@dataclass(frozen=True, slots=True)
class Rest:
    """People of a group who are in none of the groups of a breakdown within it."""

    group: Group
    by: str


_Where = Group | Nested | Rest


@dataclass
class Unknowns:
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
                    joined(self.parts(each, block, atom) for each in own),
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

        A filter that names some answers of the breakdown holds nobody else, nor does
        one that says to whom the question was put.
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
                if not _is_union(whole, by, parts, groups):
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
                    joined(self.parts(x, across.block, atoms) for x in among),
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


def joined(several: Iterable[Parts]) -> Parts:
    return tuple(number for parts in several for number in parts)


def _is_union(
    whole: Group, by: str, parts: Sequence[Group], groups: Iterable[Group]
) -> bool:
    """Whether a filter holds the groups of ``parts`` and nobody else."""
    if whole.limits is None:
        return False
    common = frozenset.intersection(*(each.limits or frozenset() for each in parts))
    asked = {
        each
        for each in groups
        if (each.wave, each.by) == (whole.wave, by) and each.group != NOT_ASKED_GROUP
    }
    if asked == set(parts) and whole.limits == common:
        return True
    named = {answers for name, answers in whole.limits if name == by}
    others = {each for each in whole.limits if each[0] != by}
    return named == {frozenset(each.group for each in parts)} and others == common


def _is_breakdown(groups: Iterable[Group]) -> bool:
    """Groups by the answers to a question: all of them declared."""
    named = [x for x in groups if x.group not in (UNKNOWN_GROUP, NOT_ASKED_GROUP)]
    return all(x.limits is not None and (x.by, x.group) in _answers(x) for x in named)


def _answers(group: Group) -> set[tuple[str, str]]:
    return {(name, one) for name, many in group.limits or () for one in many}
