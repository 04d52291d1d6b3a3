"""Invented contact records for any number of invented municipalities.

For trials and load tests, beside the answers of ``synthetic_municipalities``: half a
year of a centre as large as its municipality, with a habit of its own of putting
people through.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kcc_research.microdata.synthetic import Draws, csv_text
from kcc_research.microdata.synthetic_contacts import Registration, contact_rows
from kcc_research.microdata.synthetic_municipalities import FEWEST, MOST, sample_size

FIRST, LAST = date(2024, 1, 2), date(2024, 6, 28)
FAULTY = ("time", "result", "empty")
"""Faults that are planted, each in one municipality."""

_SEED = 20241000


def contacts(number: int) -> str:
    """The raw file of Voorbeeldgemeente ``number``, as text."""
    draws = Draws(_SEED + 5000 + number)
    centre = Registration(
        seed=_SEED + number,
        first=FIRST,
        last=LAST,
        busy=0.5 + sample_size(number) / (FEWEST + MOST),
        transfers=13.0 * 2.0 ** (0.5 * draws.normal()),
    )
    return csv_text(list(contact_rows(centre)))


def planted_contacts(count: int) -> Mapping[int, str]:
    """Number of a municipality → the fault in its records; none where there are few.

    They are others than those with a fault in their answers.
    """
    step = count // 5
    if step < 2:
        return {}
    return {step * (at + 1) - 1: fault for at, fault in enumerate(FAULTY)}


def with_fault(text: str, fault: str) -> str:
    """The raw file with one fault, in its third record unless it is ``empty``."""
    lines = text.splitlines(keepends=True)
    wrong = {"time": ("startdatum", "gisteren"), "result": ("gespreksresultaat", "??")}
    if fault in wrong:
        column, value = wrong[fault]
        at = lines[0].rstrip("\n").split(";").index(column)
        cells = lines[3].rstrip("\n").split(";")
        changed = ";".join([*cells[:at], value, *cells[at + 1 :]])
        return "".join([*lines[:3], f"{changed}\n", *lines[4:]])
    return lines[0] if fault == "empty" else text
