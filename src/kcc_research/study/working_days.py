"""Working days in the Netherlands: what a norm of "binnen twee werkdagen" counts.

Two rules, because they differ on two days. ``public``: the days on which a town hall
is closed everywhere: New Year, Easter, King's Day, Ascension, Whitsun, Christmas and,
once in five years, 5 May. ``termijnenwet``: the *Algemene termijnenwet* (art. 3), by
which a legal term runs: also Good Friday, and 5 May in every year. What a municipality
closes besides stands in ``closed``. The dates come from the library ``holidays``,
which calls Good Friday public; it is not a general day off.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import Field

from kcc_research.study.model import Definition

HolidayRule = Literal["public", "termijnenwet"]

SATURDAY = 5


class WorkCalendar(Definition):
    """Which days count as working days: Monday to Friday, less holidays."""

    rule: HolidayRule = "public"
    closed: tuple[date, ...] = Field(default=(), strict=False)

    def is_working_day(self, day: date) -> bool:
        """
        >>> WorkCalendar().is_working_day(date(2024, 4, 1))
        False
        """
        return day.weekday() < SATURDAY and not self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        """Whether the doors are closed all day, weekend or not."""
        return day in self.closed or day in holidays_of(day.year, self.rule)


@lru_cache(maxsize=256)
def holidays_of(year: int, rule: HolidayRule = "public") -> frozenset[date]:
    """Dutch holidays of a year, weekends included."""
    import holidays

    legal = rule == "termijnenwet"
    found = holidays.country_holidays(
        "NL",
        years=year,
        categories=("public", "optional") if legal else ("public",),
        language="en_US",
    )
    dropped = [] if legal else found.get_named("Good Friday")
    return frozenset(found) - frozenset(dropped)


class WorkingDays:
    """The working days from ``first`` to ``last``, counted.

    The day of receipt is day 0: a term of one working day that starts on a Friday, a
    Saturday or a Sunday ends on Monday.
    """

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        self.calendar, self.first, self.last = calendar, first, last

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every working day of the period, in order."""
        length = (self.last - self.first).days + 1
        every = (self.first + timedelta(days=each) for each in range(length))
        return tuple(day for day in every if self.calendar.is_working_day(day))

    def ordinal(self, day: date) -> int:
        """Number of working days from ``first`` up to and including ``day``."""
        self._within(day)
        return bisect_right(self.days, day)

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``."""
        return self.ordinal(end) - self.ordinal(start)

    def after(self, day: date, count: int) -> date:
        """The last day of a term of ``count`` working days that starts on ``day``."""
        at = self.ordinal(day) + count - 1
        if not 0 < count or at >= len(self.days):
            raise ValueError(f"no {count} working days after {day} in this period")
        return self.days[at]

    def missing(self, present: frozenset[date]) -> tuple[tuple[date, date, int], ...]:
        """Working days without any of ``present``, joined: first, last, how many."""
        gaps: list[list[date]] = []
        absent = [day for day in self.days if day not in present]
        for day in absent:
            follows = gaps and bisect_left(self.days, day) == 1 + bisect_left(
                self.days, gaps[-1][-1]
            )
            if follows:
                gaps[-1].append(day)
            else:
                gaps.append([day])
        return tuple((gap[0], gap[-1], len(gap)) for gap in gaps)

    def _within(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise ValueError(f"{day} lies outside {self.first} to {self.last}")
