"""Months and quarters: how a period is called in tables, and which there are.

``2024-03`` is a month and ``2024-K1`` a quarter (*kwartaal*); as text they sort in the
order of time.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from kcc_research import dutch

Length = Literal["month", "quarter"]

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-K([1-4])")


def period_of(day: date, length: Length) -> str:
    """The period that holds ``day``.

    >>> period_of(date(2024, 5, 31), "month"), period_of(date(2024, 5, 31), "quarter")
    ('2024-05', '2024-K2')
    """
    if length == "month":
        return f"{day.year:04d}-{day.month:02d}"
    return f"{day.year:04d}-K{(day.month + 2) // 3}"


def periods_between(start: date, end: date, length: Length) -> tuple[str, ...]:
    """Every period with a day from ``start`` to ``end``, in order.

    >>> periods_between(date(2024, 11, 15), date(2025, 1, 1), "month")
    ('2024-11', '2024-12', '2025-01')
    """
    days = (
        date.fromordinal(at) for at in range(start.toordinal(), end.toordinal() + 1)
    )
    return tuple(dict.fromkeys(period_of(day, length) for day in days))


def bounds(period: str) -> tuple[date, date]:
    """First and last day of a period.

    Raises ``ValueError`` for what is no month or quarter.
    """
    if found := _MONTH.fullmatch(period):
        year, first, months = int(found[1]), int(found[2]), 1
    elif found := _QUARTER.fullmatch(period):
        year, first, months = int(found[1]), 3 * int(found[2]) - 2, 3
    else:
        raise ValueError(f"{period!r} is no month or quarter")
    after = first + months
    end = date(year + (after > 12), after - 12 if after > 12 else after, 1)
    return date(year, first, 1), end - timedelta(days=1)


def is_quarter(period: str) -> bool:
    return _QUARTER.fullmatch(period) is not None


def in_words(period: str) -> str:
    """``maart 2024`` or ``het eerste kwartaal van 2024``."""
    start, _ = bounds(period)
    if is_quarter(period):
        ordinal = ("eerste", "tweede", "derde", "vierde")[(start.month - 1) // 3]
        return f"het {ordinal} kwartaal van {start.year}"
    return f"{dutch.MONTHS[start.month - 1]} {start.year}"


def short(period: str) -> str:
    """``mrt`` or ``1e kw.``, for an axis that names the year elsewhere."""
    start, _ = bounds(period)
    if is_quarter(period):
        return f"{(start.month + 2) // 3}e kw."
    return "jan feb mrt apr mei jun jul aug sep okt nov dec".split()[start.month - 1]
