"""Gaps: what people expected, and what the same people then experienced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from kcc_research.study.model import Definition, Fault, Identifier, Text


class Asked(Protocol):
    """What a gap needs to know of a question."""

    @property
    def range(self) -> tuple[float, float] | None: ...
    @property
    def direction(self) -> str | None: ...
    @property
    def is_numeric(self) -> bool: ...


class ExpectationGap(Definition):
    """Experience minus expectation of one aspect (*verwachting–ervaring*).

    ``expectation`` and ``experience`` name questions on one scale. Only who answered
    both counts: a gap is never a difference of two group means (STAT-M20).
    """

    id: Identifier
    label: Text
    expectation: Identifier
    experience: Identifier


def gap_faults(
    gaps: Iterable[ExpectationGap],
    questions: Mapping[str, Asked],
    taken: Iterable[str],
) -> Iterator[Fault]:
    """Gaps between questions that cannot be subtracted, and names given twice."""
    names = list(taken)
    for index, each in enumerate(gaps):
        if each.id in names:
            text = f"de naam '{each.id}' is al van een andere uitkomst"
            yield ("gap", index, "id"), text
        names.append(each.id)
        sides = {
            key: questions.get(getattr(each, key))
            for key in ("expectation", "experience")
        }
        for key, question in sides.items():
            name = getattr(each, key)
            if question is None:
                yield ("gap", index, key), f"vraag '{name}' bestaat niet"
            elif not question.is_numeric or question.range is None:
                yield ("gap", index, key), f"'{name}' heeft geen schaal met een range"
        expected, found = sides["expectation"], sides["experience"]
        if each.expectation == each.experience:
            yield ("gap", index, "experience"), "dit is twee keer dezelfde vraag"
        elif expected is not None and found is not None:
            same = (expected.range, expected.direction) == (
                found.range,
                found.direction,
            )
            if not same:
                text = "de twee vragen hebben niet dezelfde range en direction"
                yield ("gap", index, "experience"), text
