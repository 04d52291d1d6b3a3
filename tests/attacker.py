"""An attacker on published tables. It shares no code with what protects them.

It knows what a reader knows: the published rows, and the definitions (questions,
filters, routing, who answered what kind of question). It does not think in tables but
in kinds of persons: every combination of answers a person can give. A published number
is a number of persons of some kinds; what the attacker wants to know is how many there
are of others. ``span`` answers with linear programming, ``can_be`` by trying whole
numbers of persons one after the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

Person = Mapping[str, object]
Kind = Callable[[Person], bool]

SAFE_BOTTOM, SAFE_TOP = 1, 9


@dataclass(frozen=True)
class Knowledge:
    """The definitions, as an outsider reads them in the report.

    ``answers``: per question what can be answered; None is no answer, ``"-"`` not
    asked. ``asked_if``: question → (other question, answers). ``filters``: name →
    (question, answers). ``shares``: indicator → {category: answers}; a share has the
    category "". ``question_of``: indicator → its questions. ``sensitive``: questions.
    """

    answers: Mapping[str, tuple[object, ...]]
    filters: Mapping[str, tuple[str, frozenset[object]]]
    shares: Mapping[str, Mapping[str, Kind]]
    question_of: Mapping[str, tuple[str, ...]]
    sensitive: frozenset[str]
    asked_if: Mapping[str, tuple[str, frozenset[object]]] = field(default_factory=dict)
    waves: tuple[str, ...] = ("nu",)

    def persons(self) -> list[Person]:
        """Every kind of person there can be."""
        names = [*self.answers, "wave"]
        values = [*self.answers.values(), self.waves]
        found = [
            dict(zip(names, each, strict=True)) for each in itertools.product(*values)
        ]
        return [each for each in found if self._follows_routing(each)]

    def _follows_routing(self, person: Person) -> bool:
        for question, (other, wanted) in self.asked_if.items():
            if (person[question] == "-") != (person[other] not in wanted):
                return False
        return True

    def member(self, by: str, group: str) -> Kind | None:
        """Who is in a published group."""
        if by in ("totaal", "weging"):
            return lambda person: True
        if by == "domein":
            question, wanted = self.filters[group]
            return lambda person: person[question] in wanted
        if group == "onbekend":
            return lambda person: person[by] is None
        if group == "niet gevraagd":
            return lambda person: person[by] == "-"
        return lambda person: person[by] == group

    def answered(self, indicator: str) -> Kind:
        names = self.question_of[indicator]
        return lambda person: all(person[x] not in (None, "-") for x in names)


def harmless(knowledge: Knowledge, rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows say without any sensitive answer: ordinary rows, and bases.

    How many people answered is no answer; in a group by a sensitive question it is.
    """
    about = [
        bool(knowledge.sensitive & set(knowledge.question_of.get(indicator, ())))
        for indicator in rows["indicator"]
    ]
    kept = rows.assign(count=rows["count"].mask(about))
    return kept[[by not in knowledge.sensitive for by in kept["by"]]]


@dataclass(frozen=True)
class Prey:
    """Persons somebody wants to count: who they are, and how many there truly are."""

    name: str
    kinds: tuple[int, ...]
    truth: int


class Attack:
    """Everything published, as equations over kinds of persons."""

    def __init__(
        self, knowledge: Knowledge, published: Mapping[str, pd.DataFrame]
    ) -> None:
        """``published`` maps a wave to its estimates; the first holds everybody."""
        self.knowledge = knowledge
        self.persons = knowledge.persons()
        self.sums: dict[tuple[int, ...], float] = {}
        self.groups: set[tuple[str, str, str]] = set()
        self._spans: dict[tuple[int, ...], tuple[float, float]] = {}
        for wave, rows in published.items():
            for row in rows.to_dict("records"):
                self._learn(wave, row)

    def _kinds(self, *tests: Kind) -> tuple[int, ...]:
        return tuple(
            i
            for i, each in enumerate(self.persons)
            if all(test(each) for test in tests)
        )

    def _in_wave(self, wave: str) -> Kind:
        last = self.knowledge.waves[-1]
        return lambda person: wave == last or person["wave"] == wave

    def _learn(self, wave: str, row: Mapping[str, object]) -> None:
        indicator, by, group = (str(row[x]) for x in ("indicator", "by", "group"))
        if indicator not in self.knowledge.question_of:
            return
        if row["statistic"] != "count":
            self.groups.add((wave, by, group))
        if row["status"] == "suppressed" or pd.isna(row["n"]):
            return
        inside = self.knowledge.member(by, group), self._in_wave(wave)
        base = self._kinds(*inside, self.knowledge.answered(indicator))
        self.sums[base] = float(row["n"])
        cell = self.knowledge.shares.get(indicator, {}).get(str(row["category"]))
        if cell is not None and row["statistic"] == "share" and pd.notna(row["count"]):
            told = self.knowledge.answered(indicator)
            self.sums[self._kinds(*inside, told, cell)] = float(row["count"])

    def learns(self, prey: Prey, without: Attack) -> bool:
        """Whether the prey is pinned down, by what is published about it.

        ``without`` is the same attack on the :func:`harmless` part: what follows from
        that is no disclosure of sensitive answers.
        """
        low, high = self.span(prey.kinds)
        if low <= SAFE_BOTTOM + 1e-6 and high >= SAFE_TOP - 1e-6:
            return False
        least, most = without.span(prey.kinds)
        return low > max(least, SAFE_BOTTOM) + 1e-6 or high < min(most, SAFE_TOP) - 1e-6

    def narrows(self, prey: Prey, without: Attack) -> bool:
        """Whether the prey is known to within fewer persons than it should be.

        Of an earlier publication that kept its own number back nobody knows the truth
        any more; the range then has the right width, and may lie somewhat higher.
        """
        low, high = self.span(prey.kinds)
        return self.learns(prey, without) and high - low < SAFE_TOP - SAFE_BOTTOM

    def span(self, kinds: Sequence[int]) -> tuple[float, float]:
        """The fewest and the most persons of some kinds, for all that is published."""
        asked = tuple(kinds)
        if asked not in self._spans:
            self._spans[asked] = self._solved(asked)
        return self._spans[asked]

    def _solved(self, kinds: tuple[int, ...]) -> tuple[float, float]:
        cost = np.zeros(len(self.persons))
        cost[list(kinds)] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * cost,
                A_eq=self._equations if self.sums else None,
                b_eq=list(self.sums.values()) if self.sums else None,
                bounds=(0, 5000),
                method="highs",
            )
            assert found.x is not None, found.message
            ends.append(float(cost @ found.x))
        return ends[0], ends[1]

    @cached_property
    def _equations(self) -> csr_array:
        """A row for each published number, a column for each kind of person."""
        places = [each for each, wanted in enumerate(self.sums) for _ in wanted]
        kinds = list(itertools.chain(*self.sums))
        shape = len(self.sums), len(self.persons)
        return csr_array((np.ones(len(kinds)), (places, kinds)), shape=shape)

    def prey(self, truth: Callable[[Sequence[int]], int]) -> Iterator[Prey]:
        """Small numbers of sensitive answers: in groups, and in what lies between.

        Between: a group inside another one by a filter, never by a missing answer.
        """
        for indicator, shares in self.knowledge.shares.items():
            known = self.knowledge.answered(indicator)
            about = self.knowledge.sensitive & set(
                self.knowledge.question_of[indicator]
            )
            for name, inside in self._places(bool(about)):
                for category, cell in shares.items():
                    for label, test in (
                        (category, cell),
                        (f"niet {category}", _negated(cell)),
                    ):
                        kinds = self._kinds(inside, known, test)
                        n, count = truth(self._kinds(inside, known)), truth(kinds)
                        if kinds and n > 0 and count < 10:
                            yield Prey(f"{indicator} {name} {label}", kinds, count)

    def _places(self, about: bool) -> Iterator[tuple[str, Kind]]:
        """Groups with sensitive cells: all, or those by a sensitive question."""
        places = {
            key: (self.knowledge.member(*key[1:]), self._in_wave(key[0]))
            for key in sorted(self.groups)
            if about or key[1] in self.knowledge.sensitive
        }
        kinds = {key: set(self._kinds(*tests)) for key, tests in places.items()}
        for key, tests in places.items():
            yield "/".join(key), _all(tests)
        for one, other in itertools.permutations(places, 2):
            between = kinds[other] - kinds[one]
            if not (kinds[one] < kinds[other] and self._by_filter(one, other)):
                continue
            if any(self._has_answered(i, one, other) for i in between):
                yield f"{other} zonder {one}", _among(self.persons, between)

    def _has_answered(self, kind: int, one: tuple[str, ...], other: tuple[str, ...]):
        """A missing answer is no filter: nobody can tell who they are."""
        names = [
            self.knowledge.filters[group][0] if by == "domein" else by
            for _, by, group in (one, other)
        ]
        return all(self.persons[kind].get(each, "") is not None for each in names)

    def _by_filter(self, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        return one[0] != other[0] or "domein" in (one[1], other[1])


def _negated(test: Kind) -> Kind:
    return lambda person: not test(person)


def _all(tests: Iterable[Kind]) -> Kind:
    kept = tuple(tests)
    return lambda person: all(test(person) for test in kept)


def _among(persons: Sequence[Person], numbers: set[int]) -> Kind:
    wanted = {id(persons[i]) for i in numbers}
    return lambda person: id(person) in wanted


# --- whole numbers, one after the other -----------------------------------------------


@dataclass
class Trial:
    """Equations in whole unknowns, for tables small enough to try every number."""

    size: int
    sums: list[tuple[tuple[int, ...], int]]
    tried: int = 0
    most: int = 200_000

    def can_be(self, target: tuple[int, ...], values: Iterable[int]) -> bool | None:
        """Whether a sum can have one of the values; None when trying took too long."""
        for value in values:
            self.tried = 0
            found = self._fill([*self.sums, (target, value)], {})
            if found is not False:
                return found
        return False

    def _fill(
        self, sums: list[tuple[tuple[int, ...], int]], known: dict[int, int]
    ) -> bool | None:
        self.tried += 1
        if self.tried > self.most:
            return None
        known = dict(known)
        open_sums = self._settle(sums, known)
        if open_sums is None:
            return False
        if not open_sums:
            return True
        parts, left = min(open_sums, key=lambda each: (len(each[0]), each[1]))
        limit = min(rest for several, rest in open_sums if parts[0] in several)
        for value in range(limit + 1):
            found = self._fill(open_sums, {**known, parts[0]: value})
            if found is not False:
                return found
        return False

    @staticmethod
    def _settle(
        sums: list[tuple[tuple[int, ...], int]], known: dict[int, int]
    ) -> list[tuple[tuple[int, ...], int]] | None:
        """Fill in what follows; None where something cannot be."""
        while True:
            before, left = len(known), []
            for parts, total in sums:
                rest = total - sum(known.get(each, 0) for each in parts)
                unknown = tuple(each for each in parts if each not in known)
                if rest < 0 or (rest > 0 and not unknown):
                    return None
                if rest == 0:
                    known |= dict.fromkeys(unknown, 0)
                elif len(unknown) == 1:
                    known[unknown[0]] = rest
                else:
                    left.append((unknown, rest))
            if len(known) == before:
                return left
            sums = left
