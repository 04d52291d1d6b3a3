"""Recommendations: who does what by when, and what came of earlier ones."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from kcc_research.study.model import Definition, Text

RecommendationStatus = Literal["open", "bezig", "gereed", "vervallen"]
RecommendationKind = Literal["aanbeveling", "speerpunt"]


class Recommendation(Definition):
    """One line of the table of recommendations (*aanbevelingen*, *speerpunten*).

    ``follow_up_of`` says where an earlier recommendation was made ("Onderzoek
    publieksdienst 2018, aanbeveling 2"); ``result`` what was done with it since. An
    earlier recommendation that is done or dropped says how, or why.
    """

    text: Text
    owner: Text
    status: RecommendationStatus
    kind: RecommendationKind = "aanbeveling"
    deadline: date | None = None
    follow_up_of: Text | None = None
    result: Text | None = None

    @property
    def is_follow_up(self) -> bool:
        return self.follow_up_of is not None

    def is_late(self, on: date) -> bool:
        """Whether its date has passed on day ``on`` while work remains."""
        left = self.status in ("open", "bezig")
        return left and self.deadline is not None and self.deadline < on

    @model_validator(mode="after")
    def _says_what_came_of_it(self) -> Self:
        if self.status in ("gereed", "vervallen") and self.result is None:
            raise ValueError(
                f'bij status = "{self.status}" hoort result: wat is ermee gedaan, '
                "of waarom niet?"
            )
        return self


class Recommendations(Definition):
    """The file ``aanbevelingen.toml`` of a measurement."""

    recommendation: tuple[Recommendation, ...] = Field(default=(), strict=False)
