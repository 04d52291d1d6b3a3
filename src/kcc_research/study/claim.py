"""Claims: figures quoted from elsewhere, and what is needed to test them."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from kcc_research.study.model import Definition, Identifier, Text


class Claim(Definition):
    """A quoted figure. Without ``n`` it cannot be tested (DESIGN §8.7).

    ``value`` is written as published, with decimal point: ``"6.4"``, ``"41"``; its
    number of decimals says how far it was rounded. ``others`` is how many of the n the
    same source puts on the other side: with 210 of 750 dissatisfied, 540 are left.
    ``word`` is how a count was quoted: *ruim 75.000* is not 75.000. ``category`` names
    the class of a distribution that is counted.
    """

    text: Text
    source: Text
    kind: Literal["mean", "percentage", "count"]
    value: Text
    n: int | None = Field(default=None, gt=0)
    others: int | None = Field(default=None, ge=0)
    weighted: bool = False
    indicator: Identifier | None = None
    category: str = ""
    word: Literal["ruim", "bijna", "circa"] | None = None

    @model_validator(mode="after")
    def _word_of_a_count(self) -> Self:
        if self.word is not None and (self.kind != "count" or self.indicator is None):
            raise ValueError('word hoort bij kind = "count" met een indicator')
        if self.category and self.word is None:
            raise ValueError("category hoort bij een aantal met word")
        return self

    @field_validator("value")
    @classmethod
    def _is_a_number(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
            raise ValueError('value is een getal met een punt, zoals "6.4"')
        return value

    @model_validator(mode="after")
    def _others_are_among_them(self) -> Self:
        if self.others is None:
            return self
        if self.kind != "percentage" or self.n is None or self.others > self.n:
            raise ValueError("others hoort bij een percentage met n, en is hoogstens n")
        return self


class Claims(Definition):
    """The file ``claims.toml`` of a measurement."""

    claim: tuple[Claim, ...] = Field(default=(), strict=False)
