"""Numbers, dates and lists as a Dutch reader expects them, and the only rounding.

Every rounded number in text, table, figure and spreadsheet comes from
:func:`rounded`: half-up on the decimal value, never from a format string, so that
one quantity never shows two values in one report (TRUST-G6, DOMAIN-D36, D37).
Nothing here depends on the locale of the machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from numbers import Rational

NBSP = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"
SUPPRESSED = "x"
NOT_AVAILABLE = "n.b."

# A float carries about 15 significant digits, the last of which are noise of the
# sums it came from: 6.55 may arrive as 6.549999999999999. Twelve are trusted.
_SIGNIFICANT = 12

MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)

Number = int | float | Decimal | Fraction


def _exact(value: Number) -> Decimal:
    if not math.isfinite(value):
        raise ValueError(f"only a finite number can be printed, not {value}")
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Rational):  # int, Fraction and the integers of numpy
        return Decimal(int(value.numerator)) / Decimal(int(value.denominator))
    return Decimal(f"{float(value):.{_SIGNIFICANT}g}")


def rounded(value: Number, decimals: int = 0) -> Decimal:
    """Round half-up (away from zero) on the decimal value.

    >>> rounded(6.55, 1), rounded(0.5985 * 100, 1), rounded(-2.5)
    (Decimal('6.6'), Decimal('59.9'), Decimal('-3'))
    """
    result = _exact(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def number(value: Number, decimals: int = 0) -> str:
    """``1234.5`` with one decimal is ``1.234,5``; a real minus for negatives."""
    whole, _, fraction = f"{abs(rounded(value, decimals)):,f}".partition(".")
    sign = MINUS if rounded(value, decimals) < 0 else ""
    text = whole.replace(",", ".")
    return f"{sign}{text},{fraction}" if fraction else f"{sign}{text}"


def grade(value: Number) -> str:
    """A grade or mean with one decimal: ``6,6``."""
    return number(value, 1)


def percentage(share: Number, decimals: int = 0) -> str:
    """A share between 0 and 1 as ``70%``."""
    return f"{number(_exact(share) * 100, decimals)}%"


def points(difference: Number, decimals: int = 0) -> str:
    """A difference of shares as ``20 procentpunt``."""
    return f"{number(_exact(difference) * 100, decimals)}{NBSP}procentpunt"


def clock(seconds: Number) -> str:
    """A duration as ``6:42`` (minutes and seconds), from an hour on ``1:02:15``.

    >>> clock(402.5), clock(7), clock(3735)
    ('6:43', '0:07', '1:02:15')
    """
    whole = int(abs(rounded(seconds)))
    sign = MINUS if seconds < 0 and whole else ""
    minutes, rest = divmod(whole, 60)
    hours, part = divmod(minutes, 60)
    text = f"{hours}:{part:02d}:{rest:02d}" if hours else f"{part}:{rest:02d}"
    return sign + text


def base(n: int) -> str:
    """``n = 353``, kept on one line."""
    return f"n{NBSP}={NBSP}{number(n)}"


def interval(low: Number, high: Number, decimals: int = 1) -> str:
    """``6,4–6,8``; with the word *tot* where a minus would meet the dash."""
    dash = EN_DASH if low >= 0 else " tot "
    return f"{number(low, decimals)}{dash}{number(high, decimals)}"


def share_interval(low: Number, high: Number) -> str:
    """``67–73%``."""
    return f"{interval(_exact(low) * 100, _exact(high) * 100, 0)}%"


def long_date(day: date) -> str:
    """``29 maart 2024``."""
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """``29-03-2024``."""
    return f"{day.day:02d}-{day.month:02d}-{day.year:04d}"


def listing(items: Iterable[str], last: str = "en") -> str:
    """``telefoon, balie en e-mail``."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(n: int, singular: str, plural: str) -> str:
    """``1 inwoner``, ``353 inwoners``."""
    return f"{number(n)} {singular if n == 1 else plural}"


def capitalised(text: str) -> str:
    """First letter upper case, the rest untouched: *e-mail* → *E-mail*."""
    return text[:1].upper() + text[1:]
