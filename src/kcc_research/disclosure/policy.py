"""The disclosure policy: one rule for everything that is published (DESIGN §8.1)."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from kcc_research.study.model import Definition

MINIMUM_BASE = 10
INDICATIVE_BELOW = 30


class DisclosurePolicy(Definition):
    """Thresholds on unweighted numbers of respondents. They can be raised only.

    ``minimum_base``: fewer respondents behind a number, and it is not published
    (TRUST-D1). ``indicative_below``: fewer, and it is published as an example only
    (TRUST-D3). ``minimum_cell``: for sensitive questions, fewer respondents in a
    category, in its complement, in a group or in its rest, and the whole table is
    withheld (TRUST-D2).
    """

    minimum_base: int = Field(default=MINIMUM_BASE, ge=MINIMUM_BASE)
    indicative_below: int = Field(default=INDICATIVE_BELOW, ge=INDICATIVE_BELOW)
    minimum_cell: int = Field(default=MINIMUM_BASE, ge=MINIMUM_BASE)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.indicative_below < self.minimum_base:
            raise ValueError("indicative_below may not lie below minimum_base")
        return self
