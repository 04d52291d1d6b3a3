"""How it went with one measurement, and what that means for the exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kcc_research.errors import LockedError, Problem, UserError, problem, visible

_FACTS = ("code", "severity", "title", "file", "row", "column", "value", "remedy")

State = Literal[
    "done", "unchanged", "failed", "locked", "would run", "draft", "purged", "released"
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``steps`` are those that were run, or would be; ``lines`` is what to tell.

    ``reached`` is the step at which a failed measurement stopped.
    """

    key: str
    state: State
    problems: tuple[Problem, ...] = ()
    steps: tuple[str, ...] = ()
    reached: str = ""
    lines: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return self.state not in ("failed", "locked")


def refused(key: str, error: UserError, reached: str = "") -> Outcome:
    """The outcome of a measurement that stopped with ``error``."""
    state: State = "locked" if isinstance(error, LockedError) else "failed"
    return Outcome(key, state, error.problems, reached=reached)


def waiting(key: str, bad: Sequence[Outcome]) -> Outcome:
    """The outcome of ``key``, which builds on measurements that are not good.

    It is locked only if nothing but a lock keeps it waiting.
    """
    locked = all(each.state == "locked" for each in bad)
    problems = tuple(_builds_on(key, each) for each in bad)
    return Outcome(key, "locked" if locked else "failed", problems, reached="earlier")


def _builds_on(key: str, bad: Outcome) -> Problem:
    if bad.state == "locked":
        return problem("KCC-R053o", value=key, earlier=bad.key)
    first = bad.problems[0].title if bad.problems else bad.state
    return problem("KCC-R053a", value=key, earlier=bad.key, reason=first)


def summary(outcomes: Sequence[Outcome]) -> list[str]:
    """Of many measurements: which failed, where and why, a line each; the first lines.

    Empty when all are good. Everything about each was told before.
    """
    bad = [each for each in outcomes if not each.is_good]
    if not bad:
        return []
    rows = [(each.key, each.reached, *_first(each)) for each in bad]
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:3]]
    said = (
        f"{len(bad)} of {len(outcomes)} measurements failed; what was published of "
        "them stays as it was."
    )
    table = (
        "  ".join(
            [*(text.ljust(n) for text, n in zip(row, widths, strict=False)), row[-1]]
        )
        for row in rows
    )
    return [said, *(f"  {line}" for line in table), "When mended: kcc run --failed"]


def _first(outcome: Outcome) -> tuple[str, str]:
    """Where the first error of an outcome is, such as *cell 7*, and what it is."""
    errors = [each for each in outcome.problems if each.severity == "error"]
    for each in errors or outcome.problems:
        name = each.file.rpartition("/")[2]
        if name.endswith(".ipynb") and each.row:
            return f"cell {each.row}", each.title
        return f"{name} row {each.row}" if each.row else name, each.title
    return "", outcome.state


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """0 all good, 1 something failed, 75 nothing failed but something was locked."""
    states = {each.state for each in outcomes}
    if "failed" in states:
        return 1
    return LockedError.exit_code if "locked" in states else 0


def as_facts(found: Problem) -> dict[str, str]:
    """A problem for scripts: what a message shows of it, and nothing more."""
    return {name: visible(getattr(found, name)) for name in _FACTS}
