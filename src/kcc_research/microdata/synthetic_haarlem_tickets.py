"""The invented tickets of the counters in Haarlem, one year of a queue system.

Built to what was published (DOMAIN §1.1, G1): *ruim 75.000* visits a year, here 75.412
visitors helped. All else is an invented assumption (*verzonnen aanname*): the two
places, the products, the opening hours, every time. On purpose the export has what real
exports have: clocks that disagree, counters that were not closed, tickets that the
system closed at midnight, tickets sent twice, and a week without any registration.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kcc_research.microdata.synthetic import Draws, apportioned

SEED = 20220392
FIRST, LAST = date(2022, 1, 3), date(2022, 12, 30)
OUTAGE = (date(2022, 11, 14), date(2022, 11, 18))
"""The week in which the system registered nothing; visitors were helped as ever."""

HELPED, NO_SHOWS, LEFT, DOUBLED = 75_412, 2_356, 1_318, 37
"""How many tickets there are of each kind, and how many of them came twice."""

PRODUCTS: Mapping[str, float] = {
    "paspoort of identiteitskaart": 0.30,
    "document ophalen": 0.25,
    "rijbewijs": 0.17,
    "verhuizing": 0.07,
    "uittreksel of verklaring": 0.08,
    "geboorte, huwelijk of overlijden": 0.05,
    "iets anders": 0.08,
}
# Minutes at the counter (median), and how often with an appointment.
_HANDLING = {
    "paspoort of identiteitskaart": 8.5,
    "document ophalen": 3.2,
    "rijbewijs": 7.5,
    "verhuizing": 11.0,
    "uittreksel of verklaring": 6.0,
    "geboorte, huwelijk of overlijden": 19.0,
    "iets anders": 9.0,
}
_WITH_APPOINTMENT = {
    "paspoort of identiteitskaart": 0.83,
    "document ophalen": 0.34,
    "rijbewijs": 0.78,
    "verhuizing": 0.62,
    "uittreksel of verklaring": 0.41,
    "geboorte, huwelijk of overlijden": 0.88,
    "iets anders": 0.30,
}
_PLACES = {"Publiekshal centrum": 0.78, "Loket oost": 0.22}
_COUNTERS = {"Publiekshal centrum": 12, "Loket oost": 4}

_MONTHS = (0.92, 0.94, 1.04, 1.05, 1.22, 1.26, 1.03, 0.86, 0.95, 0.97, 0.98, 0.78)
_WEEKDAYS = (1.12, 0.94, 0.98, 1.16, 0.90)
_HOURS = {9: 1.0, 10: 1.25, 11: 1.3, 12: 0.95, 13: 0.9, 14: 1.1, 15: 1.0, 16: 0.75}
_EVENING = {17: 0.6, 18: 0.75, 19: 0.5}  # on Thursdays
_THURSDAY = 3
_HOLIDAYS = frozenset(
    {
        date(2022, 4, 18),
        date(2022, 4, 27),
        date(2022, 5, 26),
        date(2022, 6, 6),
        date(2022, 12, 26),
    }
)
_SLOT = 300  # seconds between two appointments
_MIDNIGHT = 24 * 3600

_HEADER = (
    "ticketnr;datum;locatie;balie;product;afspraak;afspraaktijd;aanmeldtijd;"
    "oproeptijd;starttijd;eindtijd;status"
)


@dataclass(slots=True)
class _Ticket:
    """One visit; times in seconds since midnight, ``None`` where none was written."""

    day: date
    place: str
    product: str
    status: str
    appointment: int | None = None
    arrived: int | None = None
    called: int | None = None
    started: int | None = None
    ended: int | None = None
    counter: str = ""

    @property
    def sort_key(self) -> tuple[date, int]:
        first = self.arrived if self.arrived is not None else self.appointment
        return self.day, first or 0


def ticket_text() -> str:
    """The export as a text: a header and one line per ticket, in order of arrival."""
    draws = Draws(SEED)
    tickets = list(_tickets(draws))
    _spoil(tickets)
    tickets.sort(key=lambda each: each.sort_key)
    lines = list(_lines(tickets))
    step = len(lines) // DOUBLED
    for number in reversed(range(DOUBLED)):
        place = number * step + 700
        lines.insert(place + 1, lines[place])
    return "\n".join([_HEADER, *lines]) + "\n"


def open_days() -> list[date]:
    """Days on which the counters were open, those of the outage included."""
    span = (LAST - FIRST).days + 1
    days = (FIRST + timedelta(days=number) for number in range(span))
    return [each for each in days if each.weekday() < 5 and each not in _HOLIDAYS]


def helped_per_product() -> dict[str, int]:
    """How many visitors were helped with each product: the volumes to weight to."""
    return apportioned(PRODUCTS, HELPED)


def _tickets(draws: Draws) -> Iterator[_Ticket]:
    products = draws.dealt(helped_per_product())
    kinds = [("geholpen", each) for each in products]
    others = {"no-show": NO_SHOWS, "vertrokken": LEFT}
    for status, count in others.items():
        kinds += [(status, each) for each in draws.dealt(apportioned(PRODUCTS, count))]
    days = iter(_days(draws, len(kinds)))
    for status, product in draws.shuffled(kinds):
        yield _visit(draws, next(days), status, product)


def _days(draws: Draws, total: int) -> list[date]:
    """A day for every ticket, by how busy that month and weekday are."""
    first, last = OUTAGE
    weights = {
        day: _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] * (0.92 + 0.16 * luck)
        for day in open_days()
        if not first <= day <= last
        for luck in (draws.uniform(),)
    }
    return draws.dealt(apportioned(weights, total))


def _visit(draws: Draws, day: date, status: str, product: str) -> _Ticket:
    place = draws.weighted(_PLACES)
    hours = _HOURS | (_EVENING if day.weekday() == _THURSDAY else {})
    moment = 3600 * draws.weighted(hours) + int(3600 * draws.uniform())
    ticket = _Ticket(day, place, product, status)
    with_appointment = status == "no-show" or draws.chance(_WITH_APPOINTMENT[product])
    if with_appointment:
        ticket.appointment = moment // _SLOT * _SLOT
    if status == "no-show":
        return ticket
    ticket.arrived = moment
    if ticket.appointment is not None:
        early = int(60 * (6 + 6 * draws.normal()))
        ticket.arrived = max(8 * 3600 + 2700, ticket.appointment - early)
    wait = _wait(draws, ticket, hours[moment // 3600])
    if status == "vertrokken":
        return ticket
    _be_helped(draws, ticket, wait)
    return ticket


def _wait(draws: Draws, ticket: _Ticket, load: float) -> int:
    """Seconds after the appointment or the arrival, longer when it is busy."""
    busy = load * _MONTHS[ticket.day.month - 1] * _WEEKDAYS[ticket.day.weekday()]
    usual = 150 if ticket.appointment is not None else 330
    spread = 0.85 if ticket.appointment is not None else 0.78
    return min(5400, int(usual * busy**1.3 * math.exp(spread * draws.normal())))


def _be_helped(draws: Draws, ticket: _Ticket, wait: int) -> None:
    arrived = ticket.arrived or 0
    due = max(arrived, ticket.appointment or 0)
    ticket.called = due + wait
    if ticket.appointment is not None and due > arrived and draws.chance(0.2):
        ticket.called = arrived + int((due - arrived) * draws.uniform())
    ticket.started = ticket.called + 10 + int(35 * draws.uniform())
    minutes = _HANDLING[ticket.product] * math.exp(0.5 * draws.normal())
    ticket.ended = ticket.started + max(20, int(60 * minutes))
    counters = _COUNTERS[ticket.place]
    ticket.counter = f"{1 + int(counters * draws.uniform())}"


def _spoil(tickets: list[_Ticket]) -> None:
    """Faults that every such export has, at fixed places."""
    helped = [each for each in tickets if each.status == "geholpen"]
    walk_ins = [each for each in helped if each.appointment is None]
    evening = [each for each in helped if each.day.weekday() == _THURSDAY]
    late = [each for each in evening if (each.started or 0) >= 19 * 3600]
    for ticket in walk_ins[100::900]:  # the clock of the counter ran behind
        ticket.called = (ticket.arrived or 0) - 45
    for ticket in helped[50::1900]:  # a counter that was closed hours later
        ticket.ended = (ticket.started or 0) + 5 * 3600 + 1234
    for ticket in late[5::110]:  # closed by the system, after midnight
        ticket.ended = _MIDNIGHT + 300


def _lines(tickets: list[_Ticket]) -> Iterator[str]:
    """One line per ticket; numbers start again every day and in every place."""
    numbers: dict[tuple[date, str], int] = {}
    for each in tickets:
        series = (each.day, each.place)
        numbers[series] = numbers.get(series, 0) + 1
        cells = (
            f"{each.place[0]}{numbers[series]:03d}",
            f"{each.day:%d-%m-%Y}",
            each.place,
            each.counter,
            each.product,
            "n" if each.appointment is None else "j",
            _clock(each.appointment),
            _clock(each.arrived),
            _clock(each.called),
            _clock(each.started),
            _clock(each.ended),
            each.status,
        )
        yield ";".join(cells)


def _clock(seconds: int | None) -> str:
    if seconds is None:
        return ""
    hours, rest = divmod(seconds % _MIDNIGHT, 3600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
