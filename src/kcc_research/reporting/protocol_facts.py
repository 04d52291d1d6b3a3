"""What the requirements of a protocol look at: definitions and protected numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kcc_research.estimation.fieldwork import (
    BEFORE,
    COMPLETED,
    POPULATION,
    RESPONSE,
    SCREENED_OUT,
    WEIGHT,
    WEIGHTING,
    WEIGHTING_PREFIX,
)
from kcc_research.reporting.result import find, find_all
from kcc_research.study.measurement import Source, Study
from kcc_research.study.protocol import Protocol
from kcc_research.study.questionnaire import Questionnaire


@dataclass(frozen=True)
class ProtocolFacts:
    """What a requirement may look at; ``estimates`` is None before a first run."""

    study: Study
    protocol: Protocol
    source: Source
    estimates: pd.DataFrame | None

    @property
    def questionnaire(self) -> Questionnaire:
        return self.study.questionnaires[self.source.id]

    @cached_property
    def net(self) -> int | None:
        """Everybody who answered, also those outside the target."""
        steps = (self._step(COMPLETED), self._step(SCREENED_OUT))
        counted = [each for each in steps if each is not None]
        return sum(counted) if steps[0] is not None else None

    def _step(self, step: str) -> int | None:
        if self.estimates is None:
            return None
        where = {"source": self.source.id, "indicator": RESPONSE, "category": step}
        found = find(self.estimates, **where)
        return None if found is None else found.count

    @cached_property
    def rate(self) -> float | None:
        if self.estimates is None:
            return None
        found = find(self.estimates, source=self.source.id, indicator=RESPONSE)
        return None if found is None else found.estimate

    @cached_property
    def weights(self) -> dict[str, float]:
        """``kleinste`` and ``grootste``, relative to the mean; empty if unweighted."""
        if self.estimates is None:
            return {}
        rows = find_all(self.estimates, source=self.source.id, indicator=WEIGHT)
        return {e.category: e.estimate for e in rows if e.estimate is not None}

    @cached_property
    def weighted_to(self) -> tuple[str, ...]:
        """What was weighted to: questions of the margins, or what was declared."""
        margins = tuple(self.study.margins.get(self.source.id, {}))
        return margins or self.protocol.weighted_by or ()

    @cached_property
    def strata(self) -> dict[str, tuple[int, float | None]]:
        """Per stratum: answers, and share of the population where that is known."""
        name = self.source.strata
        if self.estimates is None or name is None:
            return {}
        rows = find_all(
            self.estimates,
            source=self.source.id,
            indicator=f"{WEIGHTING_PREFIX}{name}",
            by=WEIGHTING,
        )
        shares = {e.category: e.estimate for e in rows if e.group == POPULATION}
        return {
            each.category: (each.count, shares.get(each.category))
            for each in rows
            if each.group == BEFORE and each.count is not None
        }
