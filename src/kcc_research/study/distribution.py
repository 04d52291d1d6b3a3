"""Where each answer has its place in a distribution (TRUST-F49).

Grades and other numbers may have decimals: 6,5 is a grade like any other. A
distribution has to hold every answer all the same, or its shares do not add up to its
own base. So two things are asked. The categories, or the declared ``classes``, hold
every *whole* answer the question allows; that is judged here, from the definition
alone. And every answer that was *given* lies in one of them; that is judged when a file
is checked, with the row, and once more when the shares are computed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kcc_research.study.indicator import Indicator
    from kcc_research.study.questionnaire import Question

Place = tuple[float, float]
"""Lowest and highest answer, both included."""


def places(indicator: Indicator, question: Question) -> tuple[Place, ...]:
    """The classes or single values of a distribution of numbers, lowest first.

    They speak of answers as they are processed: a scale on which lower is better has
    been turned round by then.
    """
    if indicator.classes:
        return tuple(sorted((each.low, each.high) for each in indicator.classes))
    single = _points(question) or tuple(_steps(question))
    return tuple((each, each) for each in sorted(single))


def without_place(indicator: Indicator, question: Question) -> float | None:
    """The first possible whole answer that no class holds; None when all have one."""
    held = places(indicator, question)
    if question.type == "scale" and question.codes:
        possible = sorted(_points(question))
        return next((each for each in possible if not is_held(each, held)), None)
    low, high = question.range or (held[0][0], held[-1][1])
    at = math.ceil(low)
    for lowest, highest in held:
        if at < lowest:
            break
        at = max(at, math.floor(highest) + 1)
    return float(at) if at <= high else None


def is_held(answer: float, held: Iterable[Place]) -> bool:
    """Whether one of the places holds ``answer``."""
    return any(low <= answer <= high for low, high in held)


def _points(question: Question) -> tuple[float, ...]:
    """The coded answers as numbers, turned round where lower is better."""
    low, high = question.range or (0.0, 0.0)
    turned = question.type == "scale" and question.direction == "lower_is_better"
    codes = [float(code) for code in question.codes]
    return tuple(low + high - code if turned else code for code in codes)


def _steps(question: Question) -> Iterator[float]:
    """Every whole step from the lowest answer on."""
    low, high = question.range or (0.0, -1.0)
    for step in range(math.floor(high - low) + 1):
        yield low + step
