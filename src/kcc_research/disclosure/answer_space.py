"""Answers to a question, cut into the smallest pieces that results tell apart.

A distribution, a share *7 of hoger* and a share *weet niet* of one question count the
same people in different ways. Each is a sum of *atoms*: answers that no published
number tells apart. Without the answers themselves, the definitions say which.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kcc_research.estimation.answers import DONT_KNOW, DONT_KNOW_SUFFIX
from kcc_research.estimation.domains import category_values
from kcc_research.estimation.fieldwork import WEIGHTING_PREFIX
from kcc_research.study.indicator import Indicator
from kcc_research.study.questionnaire import Question, Questionnaire

Atoms = tuple[int, ...]

_UNKNOWN, _NO_ANSWER, _NOT_ASKED = "dont_know", "no_answer", "not_asked"


@dataclass(frozen=True, slots=True)
class Place:
    """What a result counts: atoms of one block, in its base and in its cell."""

    block: str
    base: Atoms
    cell: Atoms | None


@dataclass(frozen=True, slots=True)
class BlockLink:
    """Atoms of one block that hold the same people as atoms of another."""

    block: str
    parts: Atoms
    other: str
    whole: Atoms


@dataclass(frozen=True)
class AnswerSpace:
    """Blocks of atoms, where every result stands in them, and what links blocks.

    ``places`` is keyed by indicator and category; ``questions`` maps a block to the
    questions it is about; ``answers`` a question and its category to the atom it is in;
    ``crossed`` a cross table to the indicators of its sides.
    """

    sizes: Mapping[str, int]
    places: Mapping[tuple[str, str], Place]
    links: tuple[BlockLink, ...]
    questions: Mapping[str, frozenset[str]]
    answers: Mapping[tuple[str, str], int]
    crossed: Mapping[str, tuple[str, str]]


def answer_space(questionnaire: Questionnaire) -> AnswerSpace:
    """The blocks of a questionnaire: one per question, box to tick and cross table."""
    found = _Maker(questionnaire)
    for question in questionnaire.question:
        if question.type == "multiple":
            found.boxes(question)
        elif question.type == "choice" or question.is_numeric:
            found.question(question)
    found.cross_tables()
    return AnswerSpace(
        found.sizes,
        found.places,
        tuple(found.links),
        found.questions,
        found.answers,
        {each.id: (each.rows, each.columns) for each in questionnaire.cross},
    )


@dataclass
class _Maker:
    questionnaire: Questionnaire
    sizes: dict[str, int] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    links: list[BlockLink] = field(default_factory=list)
    questions: dict[str, frozenset[str]] = field(default_factory=dict)
    answers: dict[tuple[str, str], int] = field(default_factory=dict)

    def question(self, question: Question) -> None:
        """One block: answers by what they fulfil, and the reasons for none."""
        shares = list(_shares(question, self._indicators(question)))
        answers = _told_apart(_points(question, shares), shares)
        valued = tuple(range(len(answers)))
        missing = {
            reason: len(answers) + place
            for place, reason in enumerate((_UNKNOWN, _NO_ANSWER, _NOT_ASKED))
        }
        self._block(question.id, len(answers) + len(missing), question)
        asked = (*valued, missing[_UNKNOWN], missing[_NO_ANSWER])
        bases = {"valid": valued, "asked": asked}
        bases["all"] = (*asked, missing[_NOT_ASKED])
        for place, (indicator, category, _) in enumerate(shares):
            cell = tuple(i for i in valued if answers[i][place])
            base = bases[indicator.base]
            self.places[indicator.id, category] = Place(question.id, base, cell)
        for indicator in self._indicators(question):
            if indicator.statistic == "mean":
                self.places[indicator.id, ""] = Place(question.id, valued, None)
        unknown = Place(question.id, asked, (missing[_UNKNOWN],))
        self.places[question.id + DONT_KNOW_SUFFIX, DONT_KNOW] = unknown
        if question.type == "choice":
            self._composition(question, shares, answers, bases["all"])

    def _composition(
        self,
        question: Question,
        shares: list[_Share],
        answers: list[tuple[bool, ...]],
        base: Atoms,
    ) -> None:
        """The composition before weighting counts the same answers."""
        told = {
            category: tuple(fulfils(category) for _, _, fulfils in shares)
            for category in question.categories
        }
        for category, own in told.items():
            self.answers[question.id, category] = answers.index(own)
            if list(told.values()).count(own) == 1:
                name = WEIGHTING_PREFIX + question.id
                place = Place(question.id, base, (answers.index(own),))
                self.places[name, category] = place

    def boxes(self, question: Question) -> None:
        """A block per box: ticked, not ticked, not known. Boxes overlap freely."""
        for indicator in self._indicators(question):
            chosen = indicator.categories or question.categories
            if indicator.statistic == "mean":
                block = f"{question.id} #"
                self._block(block, 1, question)
                self.places[indicator.id, ""] = Place(block, (0,), None)
            elif indicator.statistic == "share":
                self._box(question, indicator, "", chosen)
            else:
                for category in question.categories:
                    self._box(question, indicator, category, (category,))

    def _box(
        self,
        question: Question,
        indicator: Indicator,
        category: str,
        chosen: Iterable[str],
    ) -> None:
        block = f"{question.id} {'|'.join(sorted(chosen))}"
        self._block(block, 3, question)
        base = (0, 1) if indicator.base == "valid" else (0, 1, 2)
        self.places[indicator.id, category] = Place(block, base, (0,))

    def cross_tables(self) -> None:
        """A block of nine: yes, no or nothing on one side, by the same on the other."""
        for table in self.questionnaire.cross:
            sides = [self.places[name, ""] for name in (table.rows, table.columns)]
            self.sizes[table.id] = 9
            self.questions[table.id] = frozenset().union(
                *(self.questions[each.block] for each in sides)
            )
            for cell, number in zip(table.cells, (0, 1, 3, 4), strict=True):
                self.places[table.id, cell] = Place(table.id, (0, 1, 3, 4), (number,))
            by_side = (((0, 1, 2), (3, 4, 5)), ((0, 3, 6), (1, 4, 7)))
            for side, (yes, no) in zip(sides, by_side, strict=True):
                cell_atoms = side.cell or ()
                rest = tuple(i for i in side.base if i not in cell_atoms)
                self.links += [
                    BlockLink(table.id, yes, side.block, cell_atoms),
                    BlockLink(table.id, no, side.block, rest),
                ]

    def _indicators(self, question: Question) -> list[Indicator]:
        known = self.questionnaire.indicator
        return [each for each in known if each.question == question.id]

    def _block(self, name: str, size: int, question: Question) -> None:
        self.sizes[name] = size
        self.questions[name] = frozenset({question.id})


_Answer = str | float
_Share = tuple[Indicator, str, Callable[[_Answer], bool]]


def _shares(question: Question, indicators: Iterable[Indicator]) -> Iterator[_Share]:
    """Every share of a question: its indicator, its category and who fulfils it."""
    values = category_values(question) if question.is_numeric else {}
    for indicator in indicators:
        if indicator.statistic == "share":
            yield indicator, "", _reaches(indicator, values)
        elif indicator.classes:
            for band in indicator.classes:
                yield indicator, band.label, _between(band.low, band.high)
        elif indicator.statistic == "distribution":
            for category in values or question.categories:
                yield indicator, category, _equals(values.get(category, category))


def _reaches(
    indicator: Indicator, values: Mapping[str, float]
) -> Callable[[_Answer], bool]:
    if indicator.categories:
        wanted = {values.get(each, each) for each in indicator.categories}
        return lambda answer: answer in wanted
    low = -math.inf if indicator.at_least is None else indicator.at_least
    high = math.inf if indicator.at_most is None else indicator.at_most
    return _between(low, high)


def _between(low: float, high: float) -> Callable[[_Answer], bool]:
    return lambda answer: not isinstance(answer, str) and low <= answer <= high


def _equals(wanted: _Answer) -> Callable[[_Answer], bool]:
    return lambda answer: answer == wanted


def _points(question: Question, shares: list[_Share]) -> list[_Answer]:
    """Answers that stand for all: each category, or a number on every stretch."""
    if not question.is_numeric:
        return list(question.categories)
    bounds = {
        bound
        for indicator, *_ in shares
        for bound in (
            indicator.at_least,
            indicator.at_most,
            *(end for band in indicator.classes for end in (band.low, band.high)),
        )
        if bound is not None
    }
    steps = category_values(question).values()
    ends = sorted({*bounds, *steps, *(question.range or ())})
    if not ends:
        return [0.0]
    middles = [(low + high) / 2 for low, high in zip(ends, ends[1:], strict=False)]
    return [*ends, *middles, ends[0] - 1, ends[-1] + 1]


def _told_apart(points: list[_Answer], shares: list[_Share]) -> list[tuple[bool, ...]]:
    """The different ways to fulfil the shares; every answer has a class."""
    found = dict.fromkeys(
        tuple(fulfils(point) for _, _, fulfils in shares) for point in points
    )
    for name in {i.id for i, *_ in shares if i.statistic == "distribution"}:
        own = [place for place, (i, *_) in enumerate(shares) if i.id == name]
        found = {told: None for told in found if any(told[place] for place in own)}
    return list(found) or [()]
