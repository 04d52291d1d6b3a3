"""The invented telephony export of the quick scan in The Hague: one row per call.

Everything in it is an invented assumption (*verzonnen aanname*): no layout and no
figure of the real switchboard was published. It has what a real export has: hours and
weekdays that differ, calls outside opening hours, callers who hang up at once or later,
calls that overflow, requests to be called back, callers who come back within a week,
a day on which nothing was registered, and some impossible durations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from kcc_research.microdata.synthetic import Draws

SEED = 20130518
FIRST, LAST = date(2013, 4, 8), date(2013, 5, 31)
NO_RECORDS = date(2013, 5, 15)
CLOSED = frozenset({date(2013, 4, 30), date(2013, 5, 9), date(2013, 5, 20)})
"""Koninginnedag, Ascension Day and Whit Monday."""

Row = dict[str, str]

_CALLS_A_DAY = 800
_WEEKDAYS = (1.28, 1.06, 0.94, 0.92, 0.80)
_HOURS = {8: 0.45, 9: 1.3, 10: 1.35, 11: 1.15, 12: 0.75, 13: 1.1, 14: 1.05, 15: 0.9}
_HOURS |= {16: 0.7}
_MENU = {
    "1 paspoort, rijbewijs, verhuizen": 27,
    "2 belastingen": 16,
    "3 parkeren": 13,
    "4 werk en inkomen": 13,
    "5 afval en straat": 12,
    "6 bouwen en vergunningen": 7,
    "7 zorg en ondersteuning": 6,
    "8 andere vraag": 6,
}
_QUEUES = {"2": "belastingen", "4": "werk en inkomen"}
_OTHER_QUEUE = "algemeen"
_BACK_OFFICES = ("vakafdeling", "tweede lijn")

_PATIENCE = 420.0  # seconds a caller waits on average before hanging up
_OVERFLOW_AFTER = 300
_SHORT = 5
_STAMP = "%d-%m-%Y %H:%M:%S"


def call_rows() -> list[Row]:
    """All calls in the order in which they came in."""
    draws = Draws(SEED)
    callers = _Callers(draws)
    rows: list[Row] = []
    for day in _days():
        for moment in _moments(draws, day):
            number = f"G{len(rows) + 1:06d}"
            rows.append({"call_id": number} | _call(draws, callers, moment))
    return _as_delivered(rows)


def _days() -> Iterator[date]:
    for place in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=place)
        if day.weekday() < 5 and day not in CLOSED and day != NO_RECORDS:
            yield day


def _moments(draws: Draws, day: date) -> list[datetime]:
    """When people call; one in seventy before opening time (08:30)."""
    busy = _WEEKDAYS[day.weekday()] * (0.93 + 0.14 * draws.uniform())
    if day - timedelta(days=1) in CLOSED:
        busy *= 1.15
    found = []
    for hour, weight in _HOURS.items():
        first = 30 if hour == 8 else 0
        for _ in range(round(_CALLS_A_DAY * busy * weight / sum(_HOURS.values()))):
            second = int((60 - first) * 60 * draws.uniform())
            found.append(_at(day, hour, first * 60 + second))
    for _ in range(round(_CALLS_A_DAY * busy / 70)):
        found.append(_at(day, 8, int(30 * 60 * draws.uniform())))
    return sorted(found)


def _at(day: date, hour: int, second: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour) + timedelta(seconds=second)


class _Callers:
    """Pseudonyms: most calls are by somebody new, some by who called before."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._unhelped: list[tuple[datetime, str]] = []
        self._known = 0

    def next(self, moment: datetime) -> str:
        recent = moment - timedelta(days=9)
        while self._unhelped and self._unhelped[0][0] < recent:
            self._unhelped.pop(0)
        if self._unhelped and self._draws.chance(0.11):
            place = int(len(self._unhelped) * self._draws.uniform())
            return self._unhelped.pop(place)[1]
        self._known += 1
        return f"b{self._known:05d}"

    def may_return(self, moment: datetime, name: str, chance: float) -> None:
        if self._draws.chance(chance):
            self._unhelped.append((moment, name))


def _call(draws: Draws, callers: _Callers, moment: datetime) -> Row:
    menu = _weighted(draws, _MENU)
    caller = callers.next(moment)
    wait, status = _outcome(draws, moment)
    row = {
        "beller": caller,
        "datumtijd": f"{moment:{_STAMP}}",
        "wachtrij": _QUEUES.get(menu[0], _OTHER_QUEUE),
        "keuzemenu": menu,
        "wachttijd_s": str(wait),
        "gesprekstijd_s": "",
        "hold_s": "",
        "nawerk_s": "",
        "status": status,
        "doorverbonden_naar": "",
        "resultaat": "",
        "terugbel_gevraagd": "",
        "terugbel_gedaan": "",
    }
    if status == "beantwoord":
        row |= _conversation(draws, menu)
    returns = {"afgehandeld": 0.05}.get(row["resultaat"], 0.45)
    callers.may_return(moment, caller, returns)
    asked = row["resultaat"] == "wordt teruggebeld" or status == "terugbel"
    return row | (_callback(draws, moment) if asked else {})


def _outcome(draws: Draws, moment: datetime) -> tuple[int, str]:
    """Seconds waited and how it ended."""
    if not _is_open(moment):
        return int(25 * -math.log(draws.uniform())) + 2, "opgehangen"
    load = _HOURS[moment.hour] * _WEEKDAYS[moment.weekday()]
    wait = 0.0
    if draws.chance(min(0.9, 0.5 * load)):
        wait = 44 * load**1.5 * -math.log(draws.uniform())
    patience = _PATIENCE * -math.log(draws.uniform())
    if draws.chance(0.012):
        patience = _SHORT * draws.uniform()
    waited = int(wait + 3 + 9 * draws.uniform())
    if patience < waited:
        return int(patience), "opgehangen"
    if waited > _OVERFLOW_AFTER:
        return _OVERFLOW_AFTER, "overloop"
    if waited > 120 and draws.chance(0.3):
        return 120, "terugbel"
    return waited, "beantwoord"


def _is_open(moment: datetime) -> bool:
    return (8, 30) <= (moment.hour, moment.minute) and moment.hour < 17


_RESULTS = {
    "afgehandeld": 70,
    "doorverbonden": 15,
    "wordt teruggebeld": 6,
    "klant neemt opnieuw contact op": 5,
    "verwezen": 3,
    "verbroken": 1,
}
_HARD_RESULTS = _RESULTS | {"afgehandeld": 52, "doorverbonden": 28}


def _conversation(draws: Draws, menu: str) -> Row:
    is_hard = menu[0] in "467"
    result = _weighted(draws, _HARD_RESULTS if is_hard else _RESULTS)
    moved = result == "doorverbonden"
    talk = math.exp(5.05 + 0.3 * is_hard + 0.62 * draws.normal())
    hold = 45 * -math.log(draws.uniform()) if moved or draws.chance(0.2) else 0
    wrap_up = 28 * -math.log(draws.uniform())
    return {
        "gesprekstijd_s": str(int(talk) + 8),
        "hold_s": str(int(hold)),
        "nawerk_s": str(int(wrap_up)),
        "doorverbonden_naar": draws.pick(_BACK_OFFICES) if moved else "",
        "resultaat": result,
    }


def _callback(draws: Draws, moment: datetime) -> Row:
    """Asked during the call; most are called back within two working days."""
    row = {"terugbel_gevraagd": f"{moment:{_STAMP}}", "terugbel_gedaan": ""}
    if draws.chance(0.07):
        return row
    days = 0 if draws.chance(0.3) else 1 + int(-1.3 * math.log(draws.uniform()))
    done = moment.date()
    for _ in range(days):
        done = _next_working_day(done)
    if done == moment.date():
        second = moment.hour * 3600 + moment.minute * 60 + moment.second
        later = second + 600 + int((17 * 3600 - second) * draws.uniform())
    else:
        later = 9 * 3600 + int(7.5 * 3600 * draws.uniform())
    if done <= LAST:
        row["terugbel_gedaan"] = f"{_at(done, 0, later):{_STAMP}}"
    return row


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() > 4 or day in CLOSED:
        day += timedelta(days=1)
    return day


def _weighted(draws: Draws, weights: dict[str, int]) -> str:
    place = draws.uniform() * sum(weights.values())
    for name, weight in weights.items():
        place -= weight
        if place <= 0:
            return name
    return name


def _as_delivered(rows: list[Row]) -> list[Row]:
    """Some impossible values, and three calls that were exported twice."""
    answered = [row for row in rows if row["status"] == "beantwoord"]
    answered[2104]["wachttijd_s"] = "-3"
    answered[9876]["wachttijd_s"] = "-41"
    answered[15001]["gesprekstijd_s"] = "61234"
    repeated = {2500, 11800, 20333}
    return [
        each
        for place, row in enumerate(rows)
        for each in ([row, row] if place in repeated else [row])
    ]
