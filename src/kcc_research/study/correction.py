"""Corrections: what a later version of a report says differently, and why.

They stand in the definitions, so that a successor makes the same second version, and on
page one of it, so that whoever read the first knows what to read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pydantic import Field

from kcc_research.study.model import Definition, Fault, Text

FIRST_VERSION = 1


class Correction(Definition):
    """One thing that ``version`` of a report mends (*verbetering*).

    ``what`` is what a reader finds changed, ``reason`` why it was wrong; ``date`` is
    the day the version came out.
    """

    version: int = Field(gt=FIRST_VERSION)
    date: date
    what: Text
    reason: Text


def version_of(corrections: Sequence[Correction]) -> int:
    """The version of a report with these corrections: 1 without any."""
    return max((each.version for each in corrections), default=FIRST_VERSION)


def correction_faults(
    corrections: Sequence[Correction], published: date
) -> Iterator[Fault]:
    """Versions that skip a number or go back, and dates that do."""
    version, day = FIRST_VERSION, published
    for index, each in enumerate(corrections):
        if each.version not in (version, version + 1):
            known = "" if version == FIRST_VERSION else f"{version} of "
            expected = f"{known}{version + 1}"
            text = f"versie {each.version} volgt niet op de vorige: verwacht {expected}"
            yield ("correction", index, "version"), text
        if each.date < day:
            text = "deze datum ligt voor published of voor de vorige verbetering"
            yield ("correction", index, "date"), text
        version, day = each.version, each.date
