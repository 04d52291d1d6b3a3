"""Where measurements are run: here one after another; other ways can take its place.

An executor is given measurements in an order in which each comes after those it builds
on, and one function that runs one of them and never raises for a user's fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from kcc_research.pipeline.outcome import Outcome

# Runs one measurement, given the outcomes of those it builds on.
Work = Callable[[str, Mapping[str, Outcome]], Outcome]


class Executor(Protocol):
    """Runs every key once, each after its predecessors."""

    def run(
        self,
        keys: Sequence[str],
        predecessors: Callable[[str], Sequence[str]],
        work: Work,
    ) -> Iterator[Outcome]:
        """Outcomes as they come."""


class OneAfterAnother:
    """The simplest executor, in this very thread."""

    def run(
        self,
        keys: Sequence[str],
        predecessors: Callable[[str], Sequence[str]],
        work: Work,
    ) -> Iterator[Outcome]:
        done: dict[str, Outcome] = {}
        for key in keys:
            # In a circle not every predecessor comes first; all of it is refused.
            before = {each: done[each] for each in predecessors(key) if each in done}
            done[key] = work(key, before)
            yield done[key]
