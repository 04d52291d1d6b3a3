"""Response: one rule, printed with its counts (STAT-M11).

Completed ÷ (invited − undeliverable − known ineligible). Persons who were screened
out are ineligible, not refusers; where nobody knows how many they were, nothing is
subtracted, and the text says *uitgescreend onbekend*; so it is with letters that came
back uncounted. More answers than people who could answer is a fault of the counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kcc_research.errors import DataError, problem
from kcc_research.estimation.domains import outside_target, target_mask
from kcc_research.study.measurement import EVERYONE, Source, Study


@dataclass(frozen=True)
class Response:
    """``None`` for a number that is not known."""

    completed: int
    invited: int | None
    undeliverable: int | None = None
    ineligible: int | None = 0

    @property
    def eligible(self) -> int | None:
        """Persons who could have answered: the denominator."""
        if self.invited is None:
            return None
        return self.invited - (self.undeliverable or 0) - (self.ineligible or 0)

    @property
    def rate(self) -> float | None:
        """Share of the eligible who answered.

        >>> rate = Response(353, invited=2000, undeliverable=12, ineligible=88).rate
        >>> round(rate, 3)
        0.186
        """
        return self.completed / self.eligible if self.eligible else None


def response(study: Study, source_id: str, responses: pd.DataFrame) -> Response:
    """Count the response of a source from its definition and its file.

    Raises ``DataError`` when more people answered than could have.
    """
    source = study.measurement.sources[source_id]
    questionnaire = study.questionnaires[source_id]
    screened_out = int(outside_target(source, questionnaire, responses).sum())
    # A file with a target and nobody outside it has lost those who were screened out.
    known = source.target == EVERYONE or screened_out > 0
    found = Response(
        completed=int(target_mask(source, questionnaire, responses).sum()),
        invited=source.invited,
        undeliverable=source.undeliverable,
        ineligible=screened_out if known else None,
    )
    _refuse_too_many(source, found)
    return found


def _refuse_too_many(source: Source, found: Response) -> None:
    """A response above 100% is no response."""
    if found.eligible is None or found.completed <= found.eligible:
        return
    raise DataError(
        problem(
            "KCC-D052x",
            file=source.pattern,
            value=found.completed + (found.ineligible or 0),
            reached=found.eligible + (found.ineligible or 0),
        )
    )
