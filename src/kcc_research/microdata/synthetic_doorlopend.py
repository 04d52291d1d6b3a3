"""The invented answers of the continuous measurement of Noordwijk, month by month.

Nothing of it was published (DOMAIN §1.6): every number is an invented assumption
(*verzonnen aanname*). Built in are about 130 answers a month; a satisfied share that
falls from about 78% to about 68% in the last third of the year, most of all on the
telephone; a month in which nobody was invited and nothing was delivered; answers that
came in a month after the contact; a few persons who were invited twice within 90 days;
and channels that do not answer equally often, while the website takes a growing part
of the contacts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kcc_research.microdata.synthetic import Draws, csv_text
from kcc_research.microdata.synthetic_remarks import PERSONAL_ENDINGS, remark

KEY = "gm0575-noordwijk/2024-doorlopend"
YEAR = 2024
SEED = 20240017
NOTHING_DELIVERED = 7
"""The month without invitations and without a file."""

FALL_FROM = 9

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Channel:
    """What is assumed of one channel, per month."""

    contacts: int
    growth: float  # of the number of contacts, from January to December
    invited: float  # share of the contacts
    undeliverable: float  # share of the invitations
    answers: float  # share of those who were reached
    satisfied: float
    fall: float  # of the satisfied share, in the last third of the year


_CHANNELS: Mapping[str, _Channel] = {
    "telefoon": _Channel(1850, -0.06, 0.15, 0.02, 0.178, 0.79, 0.16),
    "balie": _Channel(1120, -0.04, 0.20, 0.03, 0.168, 0.88, 0.05),
    "e-mail": _Channel(590, 0.00, 0.16, 0.01, 0.255, 0.65, 0.08),
    "fixi": _Channel(540, 0.00, 0.15, 0.02, 0.175, 0.79, 0.05),
    "website": _Channel(740, 0.45, 0.12, 0.04, 0.120, 0.73, 0.06),
}
# Contacts per month beside the mean: less in summer, most in January and November.
_SEASON = (1.08, 0.98, 1.03, 1.0, 0.98, 1.0, 0.9, 0.86, 1.02, 1.04, 1.07, 1.0)

_SATISFIED = {"7": 0.37, "8": 0.45, "9": 0.14, "10": 0.04}
_NOT_SATISFIED = {"6": 0.47, "5": 0.27, "4": 0.13, "3": 0.07, "2": 0.04, "1": 0.02}
_DONT_KNOW, _NO_ANSWER = "11", "99"
_PRODUCTS = "1122345566777"
_REPORT_ISSUE = "5"
_DAYS = 28  # contacts are spread over the first days of a month, so that none is lost
_TWICE_TOO_SOON = 4


def demo_series() -> dict[str, str]:
    """All raw files: path below ``data/raw`` → text, to be written as UTF-8."""
    draws = Draws(SEED)
    counts = list(_invitations(draws))
    files = {f"{KEY}/uitnodigingen.csv": csv_text(counts)}
    rows = _answers(draws, counts)
    for month in range(1, 13):
        delivered = [row for row in rows if row["datum"][3:5] == f"{month:02d}"]
        if delivered and month != NOTHING_DELIVERED:
            delivered.sort(key=lambda row: (row["datum"][:2], row["contact_id"]))
            files[f"{KEY}/{YEAR}-{month:02d}.csv"] = csv_text(delivered)
    return files


def _invitations(draws: Draws) -> Iterator[Row]:
    """Contacts and invitations per channel; the row of a month is its first day."""
    for month in range(1, 13):
        for name, channel in _CHANNELS.items():
            season = _SEASON[month - 1] * (1 + channel.growth * (month - 1) / 11)
            contacts = round(channel.contacts * season * (1 + 0.02 * draws.normal()))
            asked = 0 if month == NOTHING_DELIVERED else channel.invited
            invited = round(contacts * asked)
            yield {
                "datum": f"01-{month:02d}-{YEAR}",
                "kanaal": name,
                "contacten": str(contacts),
                "uitgenodigd": str(invited),
                "onbestelbaar": str(round(invited * channel.undeliverable)),
            }


def _answers(draws: Draws, counts: list[Row]) -> list[Row]:
    rows: list[Row] = []
    for count in counts:
        channel = _CHANNELS[count["kanaal"]]
        reached = int(count["uitgenodigd"]) - int(count["onbestelbaar"])
        expected = reached * channel.answers
        number = round(expected + 0.7 * expected**0.5 * draws.normal())
        month = int(count["datum"][3:5])
        for _ in range(max(number, 4) if reached else 0):
            rows.append(_answer(draws, len(rows) + 1, month, count["kanaal"]))
    _invite_too_soon(rows)
    _add_personal_data(rows)
    return [row for row in rows if row["datum"].endswith(str(YEAR))]


def _answer(draws: Draws, number: int, month: int, name: str) -> Row:
    channel = _CHANNELS[name]
    fall = channel.fall if month >= FALL_FROM else 0.0
    satisfied = draws.chance(channel.satisfied - fall)
    invited = date(YEAR, month, 1 + int(_DAYS * draws.uniform()))
    answered = invited + timedelta(days=int(1 + 9 * draws.uniform() ** 2))
    product = _REPORT_ISSUE if name == "fixi" else draws.pick(_PRODUCTS)
    said = ""
    if draws.chance(0.12):
        said, _ = remark(draws, 0.9 if satisfied else -1.1, product, name)
    return {
        "contact_id": f"K24{number:05d}",
        "persoon": f"P{int(draws.uniform() * 36**4):07d}",
        "uitnodiging_datum": f"{invited:%d-%m-%Y}",
        "datum": f"{answered:%d-%m-%Y}",
        "kanaal": name,
        "product": product,
        "cijfer": _grade(draws, satisfied=satisfied),
        "in_een_keer": _yes(draws, 0.86 if satisfied else 0.48),
        "juiste_informatie": _yes(draws, 0.92 if satisfied else 0.58),
        "toelichting": said,
    }


def _grade(draws: Draws, *, satisfied: bool) -> str:
    if draws.chance(0.02):
        return _DONT_KNOW if draws.chance(0.7) else _NO_ANSWER
    left = draws.uniform()
    grades = _SATISFIED if satisfied else _NOT_SATISFIED
    for grade, share in grades.items():
        left -= share
        if left <= 0:
            return grade
    return grade


def _yes(draws: Draws, chance: float) -> str:
    if draws.chance(0.02):
        return "w"
    return "j" if draws.chance(chance) else "n"


def _invite_too_soon(rows: list[Row]) -> None:
    """Give a few contacts the person of a contact one month before."""
    by_month: dict[str, list[Row]] = {}
    for row in rows:
        by_month.setdefault(row["uitnodiging_datum"][3:5], []).append(row)
    for at in range(_TWICE_TOO_SOON):
        by_month["03"][10 + at]["persoon"] = by_month["02"][20 + at]["persoon"]


def _add_personal_data(rows: list[Row]) -> None:
    remarks = [row for row in rows if row["toelichting"]]
    step = len(remarks) // len(PERSONAL_ENDINGS)
    for index, ending in enumerate(PERSONAL_ENDINGS):
        remarks[index * step]["toelichting"] += ending
