"""Routing that shows in a file: a column blank exactly where another has one answer.

Seen, not proven: people may also have skipped a question. Every route found is put to
a person as a decision (``kcc new``); a run then removes and counts what is off route.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]

FEWEST = 10
"""Blanks, and answers, below which nothing is said about routing."""

_FILLED_ON_ROUTE = 0.9
_PLAIN = re.compile(r"[^|=!]+")


@dataclass(frozen=True, slots=True)
class Gate:
    """A choice question that may route: its answers as categories, blank as empty."""

    id: str
    categories: tuple[str, ...]
    answers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Route:
    """``condition`` as a questionnaire writes it, and what was seen of it.

    ``asked`` rows fulfil it, of which ``filled`` hold an answer; nobody else answered.
    """

    condition: str
    asked: int
    filled: int


def find_route(filled: Mask, gates: Sequence[Gate]) -> Route | None:
    """The condition that best explains where a column is blank, if one does.

    ``filled``: whether each row has an answer; ``gates``: earlier questions. The gate
    that leaves the fewest blanks on its route wins, then the earliest.
    """
    blanks, answers = int((~filled).sum()), int(filled.sum())
    if min(blanks, answers) < FEWEST:
        return None
    found = [route for gate in gates if (route := _through(filled, gate)) is not None]
    return max(found, key=lambda each: each.filled / each.asked, default=None)


def _through(filled: Mask, gate: Gate) -> Route | None:
    answers = np.array(gate.answers, dtype=object)
    open_to = [c for c in gate.categories if filled[answers == c].any()]
    closed = [
        c
        for c in gate.categories
        if c not in open_to and (answers == c).sum() >= FEWEST / 2
    ]
    if not open_to or not closed or not all(map(_is_plain, gate.categories)):
        return None
    asked = np.isin(answers, open_to)
    if filled[~asked].any() or filled[asked].mean() < _FILLED_ON_ROUTE:
        return None
    condition = _condition(gate, open_to)
    return Route(condition, int(asked.sum()), int((filled & asked).sum()))


def _is_plain(category: str) -> bool:
    """Whether a condition can name it: no sign or word of its grammar in it."""
    joins = re.search(r"\band\b", category)
    return bool(_PLAIN.fullmatch(category)) and not joins


def _condition(gate: Gate, open_to: Sequence[str]) -> str:
    if len(open_to) == 1:
        return f"{gate.id} = {open_to[0]}"
    others = [each for each in gate.categories if each not in open_to]
    if len(others) == 1:
        return f"{gate.id} != {others[0]}"
    return f"{gate.id} in {' | '.join(open_to)}"
