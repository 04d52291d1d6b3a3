"""Claims: figures quoted from elsewhere, and what is needed to test them."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator

from kcc_research.study.model import Definition, Identifier, Text


class Claim(Definition):
    """A quoted figure. Without ``n`` it cannot be tested (DESIGN §8.7).

    ``value`` is written as published, with decimal point: ``"6.4"``, ``"41"``; its
    number of decimals says how far it was rounded.
    """

    text: Text
    source: Text
    kind: Literal["mean", "percentage", "count"]
    value: Text
    n: int | None = Field(default=None, gt=0)
    weighted: bool = False
    indicator: Identifier | None = None

    @field_validator("value")
    @classmethod
    def _is_a_number(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
            raise ValueError('value is een getal met een punt, zoals "6.4"')
        return value


class Claims(Definition):
    """The file ``claims.toml`` of a measurement."""

    claim: tuple[Claim, ...] = Field(default=(), strict=False)
