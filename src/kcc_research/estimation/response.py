"""Response: one rule, printed with its counts (STAT-M11).

Completed ÷ (invited − undeliverable − known ineligible). Persons who were screened
out are ineligible, not refusers; where nobody knows how many they were, nothing is
subtracted, and the text says *uitgescreend onbekend*.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kcc_research.estimation.domains import outside_target, target_mask
from kcc_research.study.measurement import EVERYONE, Study


@dataclass(frozen=True)
class Response:
    """``None`` for a number that is not known."""

    completed: int
    invited: int | None
    undeliverable: int = 0
    ineligible: int | None = 0

    @property
    def eligible(self) -> int | None:
        """Persons who could have answered: the denominator."""
        if self.invited is None:
            return None
        return self.invited - self.undeliverable - (self.ineligible or 0)

    @property
    def rate(self) -> float | None:
        """Share of the eligible who answered.

        >>> rate = Response(353, invited=2000, undeliverable=12, ineligible=88).rate
        >>> round(rate, 3)
        0.186
        """
        return self.completed / self.eligible if self.eligible else None


def response(study: Study, source_id: str, responses: pd.DataFrame) -> Response:
    """Count the response of a source from its definition and its file."""
    source = study.measurement.sources[source_id]
    questionnaire = study.questionnaires[source_id]
    screened_out = int(outside_target(source, questionnaire, responses).sum())
    # A file with a target and nobody outside it has lost those who were screened out.
    known = source.target == EVERYONE or screened_out > 0
    return Response(
        completed=int(target_mask(source, questionnaire, responses).sum()),
        invited=source.invited,
        undeliverable=source.undeliverable,
        ineligible=screened_out if known else None,
    )
