"""How the last run of a measurement went: for ``kcc status`` and ``--failed``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from kcc_research.pipeline.outcome import Outcome
from kcc_research.pipeline.record import canonical_json


@dataclass(frozen=True, slots=True)
class LastRun:
    """``step`` is the one being done, or the one at which the run stopped.

    ``problems`` are its errors. A ``draft`` published nothing, so it is no proof that
    all is well.
    """

    run: str
    state: Literal["running", "failed", "good", "draft"]
    step: str = ""
    problems: tuple[str, ...] = ()

    @classmethod
    def of(cls, outcome: Outcome, run: str) -> LastRun:
        if outcome.is_good:
            return cls(run, "draft" if outcome.state == "draft" else "good")
        errors = [each for each in outcome.problems if each.severity == "error"]
        told = tuple(map(str, errors or outcome.problems))
        return cls(run, "failed", outcome.reached, told)

    def to_json(self) -> bytes:
        return canonical_json(asdict(self))


def read_last_run(path: Path) -> LastRun | None:
    """The note at ``path``; None when there is none."""
    try:
        read = json.loads(path.read_bytes())
        return LastRun(**{**read, "problems": tuple(read["problems"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
