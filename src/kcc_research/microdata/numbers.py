"""The one grammar of numbers written as text (TRUST-F15, F17, F18).

A number is written with the digits 0–9, one decimal sign and, when declared, a sign
between thousands. ``1e5``, ``inf``, ``٦`` and ``66%`` are no numbers; ``6.600`` is two
numbers until somebody says which sign means what. Nothing is coerced: what is not
read comes back as a :class:`NumberFault` with the readings that are possible.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

# A dot or comma before exactly three digits, or more such groups: 75.000 and 1.234,5
# may be a decimal sign or a sign between thousands. 0.873 can only be a decimal.
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?:[.,][0-9]{3})+(?:[.,][0-9]+)?")
_ONE_SIGN = re.compile(r"-?[0-9]+[.,][0-9]+")
_THREE = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")

MOST_DIGITS = 15
"""Digits before the decimal sign that a float holds exactly."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Decimal sign and sign between thousands; ``declared`` by the measurement.

    An empty ``decimal`` allows whole numbers only. Found rather than declared, the
    decimal sign does not settle what ``6.600`` means.
    """

    decimal: str = ""
    thousands: str = ""
    declared: bool = False


@dataclass(frozen=True, slots=True)
class NumberFault:
    """Why a text is not a number, and what it might have meant."""

    code: str
    readings: tuple[str, ...] = ()


@functools.lru_cache(maxsize=64)
def _grammar(decimal: str, thousands: str) -> re.Pattern[str]:
    whole = rf"[0-9]{{1,{MOST_DIGITS}}}"
    if thousands:
        sign = r"[ \u00a0\u202f]" if thousands == " " else re.escape(thousands)
        whole = rf"(?:[1-9][0-9]{{0,2}}(?:{sign}[0-9]{{3}}){{1,4}}|{whole})"
    if not decimal:
        return re.compile(rf"-?{whole}")
    fraction = rf"{re.escape(decimal)}[0-9]+"
    return re.compile(rf"-?(?:{whole}(?:{fraction})?|{fraction})")


def parse_number(text: str, signs: NumberFormat) -> float | NumberFault:
    """The number that ``text`` writes with ``signs``, white space around it ignored.

    >>> parse_number("6,6", NumberFormat(","))
    6.6
    >>> parse_number("6.6", NumberFormat(","))
    NumberFault(code='KCC-D018', readings=('6,6', '66'))
    >>> parse_number("75.000", NumberFormat(",", ".", declared=True))
    75000.0
    """
    written = text.strip()
    if _grammar(signs.decimal, signs.thousands).fullmatch(written):
        if not signs.declared and _THREE.fullmatch(written):
            return NumberFault("KCC-D017", _readings(written))
        return _value(written, signs)
    if _GROUPED.fullmatch(written):
        return NumberFault("KCC-D017", _readings(written))
    if _ONE_SIGN.fullmatch(written):
        return NumberFault("KCC-D018", _readings(written))
    return NumberFault("KCC-D015")


def _value(written: str, signs: NumberFormat) -> float:
    whole, sign, fraction = (
        written.partition(signs.decimal) if signs.decimal else (written, "", "")
    )
    return float(re.sub(r"[^0-9-]", "", whole) + ("." if sign else "") + fraction)


def _readings(written: str) -> tuple[str, ...]:
    """With the last sign as decimal sign, and with every sign between thousands."""
    whole, fraction = re.split(r"[.,](?=[0-9]+$)", written)
    together = re.sub(r"[.,]", "", whole)
    return (f"{together},{fraction}", f"{together}{fraction}")


def find_decimal(texts: Iterable[str], thousands: str = "") -> str:
    """The decimal sign that most texts use beyond doubt; empty when none does.

    The sign between ``thousands``, when declared, is no decimal sign.

    The others will then be refused one by one (F18): finding is no guessing.
    """
    counts = {sign: 0 for sign in ",." if sign != thousands}
    for text in texts:
        written = text.strip()
        if _ONE_SIGN.fullmatch(written) and not _THREE.fullmatch(written):
            sign = "," if "," in written else "."
            if sign in counts:
                counts[sign] += 1
    if not any(counts.values()):
        return ""
    return max(counts, key=lambda sign: counts[sign])


def as_code(number: float) -> str:
    """A stored number as the code a questionnaire writes: ``7.0`` is ``7``."""
    return f"{number:.15g}"
