"""A protocol that a measurement says it follows, and the facts that only people know.

The *Burgerpeiling* of VNG (protocol of 11 August 2022, DOMAIN-D14) asks for things
that stand in no file: from which register was drawn, whether everybody had a code of
their own. What is not declared here is not known, and a verdict says so; nothing is
taken for granted because it was usual. Names of variables and their codes are facts of
the national data format; its label texts are not ours and stand nowhere here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from kcc_research.study.model import Definition, Fault, Identifier, Text

if TYPE_CHECKING:
    from kcc_research.study.measurement import Measurement

ProtocolName = Literal["vng-burgerpeiling"]
Frame = Literal["brp", "other"]

AGE_COLUMN = "ch02"
"""Variable of the format that holds the age (the protocol's ``ch07`` is gone)."""

NEVER_DROPPED = ("ch02", "dv02", "weging")
"""Routing and weighting: without these the rest cannot be read (DOMAIN-D14)."""

GRADES = ("dv01", "dv06", "dv10")
STATEMENTS = (
    "dv05_0",
    "dv07_0",
    "dv07_1",
    "dv07_2",
    "dv07_3",
    "dv08_0",
    "dv09_0",
    "mm01_0",
    "mm01_1",
    "mm01_2",
    "mm01_3",
    "mm01_4",
    "mm02_0",
)
"""Service block of format 2022: grades 1–10 with 11, statements 1–5 with 6."""


class Protocol(Definition):
    """Which protocol, for which source, and what no file can tell.

    ``number`` counts the *peilingen* of a year and stands in the name of the delivered
    file. ``frame`` is the register people were drawn from, ``ages`` youngest and
    oldest, ``resident_months`` how long they lived in the municipality. ``open_link``
    says that others could join by a public link. ``weighted_by`` names what ready-made
    weights were made from; ``dropped`` the closed questions that were left out (empty:
    none). ``reminder`` is true when those who did not answer were reminded.
    """

    name: ProtocolName
    source: Identifier | None = None
    number: int = Field(default=1, ge=1, le=9)
    frame: Frame | None = None
    ages: tuple[int, int] | None = Field(default=None, strict=False)
    resident_months: int | None = Field(default=None, ge=0)
    one_per_household: bool | None = None
    login_codes: bool | None = None
    open_link: bool | None = None
    reminder: bool | None = None
    delivered: date | None = None
    weighted_by: tuple[Text, ...] | None = Field(default=None, strict=False)
    dropped: tuple[Text, ...] | None = Field(default=None, strict=False)

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.ages is not None and not 0 < self.ages[0] < self.ages[1]:
            raise ValueError("ages is de jongste en de oudste, zoals [18, 85]")
        return self


def protocol_faults(measurement: Measurement) -> Iterator[Fault]:
    """A protocol is about one survey of a municipality."""
    protocol = measurement.protocol
    if protocol is None:
        return
    surveys = [each.id for each in measurement.source if each.kind == "survey"]
    if protocol.source is None and len(surveys) != 1:
        yield ("protocol",), "zeg bij source welke enquête het protocol volgt"
    elif protocol.source is not None and protocol.source not in surveys:
        at = ("protocol", "source")
        yield at, f"'{protocol.source}' is geen bron met kind = \"survey\""
    if measurement.municipality is None:
        yield ("protocol",), "dit protocol is er voor gemeenten: zet municipality"
