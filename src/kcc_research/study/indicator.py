"""Indicators: what is computed from a question, with threshold, base and direction.

A threshold is stored with the indicator, never in code and never implied
(DOMAIN-D4): *tevreden* is a 7 or higher in one study and a 6 or higher in another.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from kcc_research.study.contact_indicator import CONTACT_INDICATORS
from kcc_research.study.model import Definition, Identifier, Text

Statistic = Literal["mean", "share", "distribution"]
Base = Literal["valid", "all", "asked"]
Role = Literal[
    "headline",
    "satisfaction",
    "dissatisfaction",
    "distribution",
    "aspect",
    "aspect_low",
    "service",
    "theme",
    "felt_wait",
]


class AnswerClass(Definition):
    """A band of a numeric answer, such as the grades 1–5. Bounds are inclusive.

    The classes of a question hold every whole answer; where half grades are given they
    meet as well, such as 1–5.4 and 5.5–10 (see :mod:`.distribution`).
    """

    label: Text
    low: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError("low is groter dan high")
        return self


class Indicator(Definition):
    """One number, or one distribution, per group.

    ``mean``: of the numeric answers, or of a *multiple* question the mean number of
    categories that somebody ticked. ``share``: of answers that reach ``at_least``,
    stay within ``at_most``, or are among ``categories``. ``distribution``: a share
    per category of the question, or per band of ``classes``; with a wider ``base`` than
    the valid answers there is a class *geen antwoord* too. ``role`` says where a
    report shows it: as its headline grade, as satisfaction or its opposite, as the
    distribution of the headline, as an aspect (with ``aspect_low`` the share that is
    dissatisfied with the same question), as what services are compared by, as a
    theme of the open answers, or as the wait that people think they had.
    ``registered``: the outcome of a registration that is told beside this one.
    """

    id: Identifier
    question: Identifier
    label: Text
    statistic: Statistic
    at_least: float | None = None
    at_most: float | None = None
    categories: tuple[Text, ...] = Field(default=(), strict=False)
    classes: tuple[AnswerClass, ...] = Field(default=(), strict=False)
    base: Base = "valid"
    definition: str = ""
    role: Role | None = None
    registered: str = ""

    @field_validator("registered")
    @classmethod
    def _is_registered(cls, name: str) -> str:
        known = [each.id for each in CONTACT_INDICATORS]
        if name and name not in known:
            raise ValueError(f"kies een uitkomst van een registratie: {known}")
        return name

    @property
    def has_threshold(self) -> bool:
        return (
            self.at_least is not None
            or self.at_most is not None
            or bool(self.categories)
        )

    @model_validator(mode="after")
    def _statistic_fits(self) -> Self:
        if self.statistic == "share" and not self.has_threshold:
            raise ValueError(
                "een aandeel heeft een grens nodig: at_least, at_most of categories"
            )
        if self.statistic != "share" and self.has_threshold:
            raise ValueError(
                'at_least, at_most en categories horen alleen bij statistic = "share"'
            )
        bands = sorted(self.classes, key=lambda band: band.low)
        for lower, upper in pairwise(bands):
            if lower.high >= upper.low:
                raise ValueError(f"'{lower.label}' en '{upper.label}' overlappen")
        if self.classes and self.statistic != "distribution":
            raise ValueError('classes horen alleen bij statistic = "distribution"')
        return self
