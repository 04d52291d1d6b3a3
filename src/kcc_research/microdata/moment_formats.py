"""In which way a column writes its dates and times: one format for the whole column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

_MOST_LOOKED_AT = 2000
_MOMENTS = (
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
)
_TIMES_OF_DAY = ("%H:%M:%S", "%H:%M")


@dataclass(frozen=True, slots=True)
class Moments:
    """How a column is written (``iso`` or a pattern), and its first and last day.

    ``is_doubtful``: day and month can be read either way in every value.
    """

    format: str
    days: tuple[str, str]
    date_format: str = ""
    is_doubtful: bool = False


def find_moments(values: Sequence[str]) -> Moments | None:
    """The format of a column of moments or days; None when it holds something else.

    >>> find_moments(["29-03-2024 09:30", "", "01-04-2024 10:00"]).format
    '%d-%m-%Y %H:%M'
    """
    given = _distinct(values)
    if not given:
        return None
    # A number such as 20240329 is ISO as well, and far more often a number.
    written = all("-" in each[:8] for each in given)
    moments = [_iso(each) for each in given] if written else [None]
    if all(moments):
        return Moments("iso", _days(each for each in moments if each))
    fitting = [form for form in _MOMENTS if _fits(given, form)]
    if not fitting:
        return None
    read = (datetime.strptime(each, fitting[0]) for each in given)  # noqa: DTZ007
    return Moments(fitting[0], _days(read), is_doubtful=len(fitting) > 1)


def find_times_of_day(values: Sequence[str], dates: Sequence[str]) -> Moments | None:
    """The format of a time of day beside a column of dates.

    >>> found = find_times_of_day(["09:30", ""], ["29-03-2024", "30-03-2024"])
    >>> found.format, found.date_format
    ('%H:%M', '%d-%m-%Y')
    """
    given = _distinct(values)
    day = find_moments(dates)
    fitting = [form for form in _TIMES_OF_DAY if _fits(given, form)]
    if not given or day is None or not fitting:
        return None
    form = "%Y-%m-%d" if day.format == "iso" else day.format
    return Moments(fitting[0], day.days, form, day.is_doubtful)


def _distinct(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(each for each in values if each))[:_MOST_LOOKED_AT]


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _fits(given: Iterable[str], form: str) -> bool:
    try:
        for each in given:
            datetime.strptime(each, form)  # noqa: DTZ007
    except ValueError:
        return False
    return True


def _days(moments: Iterable[datetime]) -> tuple[str, str]:
    days = sorted(each.date().isoformat() for each in moments)
    return days[0], days[-1]
