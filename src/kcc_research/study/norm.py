"""Service norms: a level an indicator should reach, with the date it is due."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import model_validator

from kcc_research.study.model import Definition, Identifier, Text


class ServiceNorm(Definition):
    """A *servicenorm*: a share (0–1) or a mean, due at ``target_date`` if given."""

    indicator: Identifier
    source: Text
    share: float | None = None
    mean: float | None = None
    target_date: date | None = None

    @model_validator(mode="after")
    def _one_level(self) -> Self:
        if (self.share is None) == (self.mean is None):
            raise ValueError("een norm heeft share (0 tot 1) of mean, een van beide")
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError("share ligt tussen 0 en 1: schrijf 0.90 voor 90%")
        return self
