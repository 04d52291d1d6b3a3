"""Invented contact records of a customer contact centre, as KISS exports them.

Half a year of an invented municipality: quiet on Friday, busy on Monday and around ten
o'clock, clocks in UTC as the export has them, and one week in March without records
(*storing*, invented) that a report must show as a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kcc_research.microdata.synthetic import Draws, csv_text
from kcc_research.study.working_days import WorkCalendar, WorkingDays

KEY = "gm9001-voorbeeldgemeente-001/2023-contacten"
FILE = f"{KEY}/contactmomenten.csv.gz"
SEED = 20230103

FIRST, LAST = date(2023, 1, 2), date(2023, 6, 30)
OUT_OF_ORDER = (date(2023, 3, 13), date(2023, 3, 17))
"""First and last day of the week without records."""


@dataclass(frozen=True)
class Registration:
    """A centre, and the days of which its records are exported.

    ``busy`` multiplies the contacts of a day; ``transfers`` is the weight of being put
    through, out of about a hundred; ``staff`` the end of the addresses of employees.
    """

    seed: int
    first: date
    last: date
    out_of_order: tuple[date, date] | None = None
    busy: float = 1.0
    transfers: float = 13.0
    staff: str = "voorbeeldgemeente.nl"

    def is_open(self, day: date) -> bool:
        """Whether records of ``day`` were kept."""
        gap = self.out_of_order
        return gap is None or not gap[0] <= day <= gap[1]


_A_DAY = (36, 30, 28, 29, 22)  # contacts on Monday to Friday
_HOURS = {8: 3.0, 9: 5.5, 10: 6.5, 11: 5.0, 12: 2.5, 13: 4.0, 14: 4.0, 15: 3.0, 16: 2.0}
_CHANNELS = {"telefoon": 62.0, "balie": 18.0, "e-mail": 12.0, "livechat": 8.0}
_DEPARTMENTS = {
    "Burgerzaken": 38.0,
    "Afval en openbare ruimte": 27.0,
    "Belastingen": 17.0,
    "Werk en inkomen": 12.0,
    "Vergunningen": 6.0,
}
_PUT_THROUGH = "Doorverbonden naar afdeling"
_RESULTS = {
    "Zelfstandig afgehandeld": 62.0,
    "Afgehandeld na ruggespraak": 12.0,
    _PUT_THROUGH: 0.0,
    "Klant neemt opnieuw contact op": 6.0,
    "Verwezen naar ander instantie": 4.0,
    "Verbinding verbroken": 3.0,
}
_HARDER = {"Werk en inkomen": 16.0, "Vergunningen": 20.0}
"""Departments to which more is put through."""

_MINUTES = {"telefoon": 4.5, "balie": 8.0, "e-mail": 11.0, "livechat": 7.0}


def demo_packed() -> dict[str, str]:
    """Path under ``data/raw`` → text of the file that is stored compressed."""
    demonstration = Registration(SEED, FIRST, LAST, OUT_OF_ORDER)
    return {FILE: csv_text(list(contact_rows(demonstration)))}


def contact_rows(centre: Registration) -> Iterator[dict[str, str]]:
    """The records of ``centre``, as they are exported: column → text."""
    draws = Draws(centre.seed)
    number = 0
    for day in WorkingDays(WorkCalendar(), centre.first, centre.last).days:
        if not centre.is_open(day):
            continue
        usual = _A_DAY[day.weekday()] * centre.busy
        moments = sorted(_moment(draws, day) for _ in range(_around(draws, usual)))
        for moment in moments:
            number += 1
            yield _contact(draws, centre, number, moment)


def _around(draws: Draws, usual: float) -> int:
    return max(1, round(usual * (1 + 0.18 * draws.normal())))


def _moment(draws: Draws, day: date) -> datetime:
    hour = draws.weighted(_HOURS)
    seconds = int(3_600 * draws.uniform())
    local = datetime.combine(day, time(hour), ZoneInfo("Europe/Amsterdam"))
    return (local + timedelta(seconds=seconds)).astimezone(UTC)


def _contact(
    draws: Draws, centre: Registration, number: int, start: datetime
) -> dict[str, str]:
    channel, department = draws.weighted(_CHANNELS), draws.weighted(_DEPARTMENTS)
    put_through = centre.transfers + _HARDER.get(department, 0)
    results = {**_RESULTS, _PUT_THROUGH: put_through}
    length = _MINUTES[channel] * 60 * 2.0 ** (0.7 * draws.normal())
    end = start + timedelta(seconds=max(15, int(length)))
    return {
        "id": f"CM{number:06d}",
        "startdatum": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "einddatum": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "kanaal": channel,
        "verantwoordelijkeAfdeling": department,
        "gespreksresultaat": draws.weighted(results),
        "emailadresKcm": f"kcm{int(12 * draws.uniform()) + 1:02d}@{centre.staff}",
    }
