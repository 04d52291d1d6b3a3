"""The invented mystery contacts and desk scan of 342 municipalities.

One thing was published (DOMAIN §1.3, G13): most *witte vlekken* lie in the dimension
*dienstverlening*. All else is an invented assumption (*verzonnen aanname*). True
differences between municipalities are small next to the chance of about 30 contacts,
as they are in practice (STAT-S7): a report that puts municipalities in order here
would mostly put chance in order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import NormalDist

from kcc_research.microdata.synthetic import Draws, csv_text, decimal_comma
from kcc_research.study.municipality import Municipality, municipalities

KEY = "nl/burgerbenchmark"
CONTACTS, FRAME = "contacten.csv.gz", "servicekader.csv"
SEED = 20240342
START, END = date(2024, 2, 5), date(2024, 5, 17)

Row = dict[str, str]

_NORMAL = NormalDist()
PHONE, MAIL, COUNTER = "telefoon", "e-mail", "balie"
_SCENARIOS = (
    "paspoort aanvragen",
    "verhuizing doorgeven",
    "parkeervergunning",
    "grofvuil laten ophalen",
    "omgevingsvergunning",
    "bijzondere bijstand",
)
_LATENT = ("bereikbaarheid", "informatievoorziening", "dienstverlening")

# Chance of *ja* for the average municipality, on the scale of a normal deviate, and
# how far municipalities lie apart on it. Larger municipalities are harder to reach.
_SPREAD = 0.13
_REACHED = {PHONE: 0.95, MAIL: 0.85, COUNTER: 1.6}
_BY_SIZE = 0.04
_RIGHT, _COMPLETE = (0.62, 1.35), (0.15, 0.95)  # fully right; at least partly right
_MANNER = {"duidelijk": 0.45, "vriendelijk": 0.85, "meedenken": 0.1}
_GRADE, _GRADE_SD = 6.75, 1.55

# Of 342 municipalities: how many published a norm, and how many of those measure it.
_NORMS: dict[str, tuple[int, int, tuple[float, ...]]] = {
    "bereikt": (171, 96, (85, 90, 90, 95)),
    "telefoon_snel": (258, 187, (70, 75, 80, 80, 85)),
    "email_snel": (289, 120, (80, 90, 90, 95, 100)),
    "juist": (148, 70, (90, 95)),
    "volledig": (117, 48, (85, 90, 95)),
    "duidelijk": (162, 74, (75, 80, 80, 90)),
    "vriendelijk": (96, 31, (80, 85, 90)),
    "meedenken": (44, 9, (70, 75)),
    "in_een_keer": (155, 61, (70, 75, 80)),
    "waardering": (133, 68, (7, 7.5, 7.5, 8)),
}
# How people write the name of a municipality, once in a while.
_SPELLINGS = ("Gemeente {}", "{} ", "gemeente {}")


@dataclass(frozen=True, slots=True)
class _Place:
    """A municipality with its invented true quality in each dimension."""

    municipality: Municipality
    quality: Mapping[str, float]


def demo_packed() -> dict[str, str]:
    """Raw files that are stored compressed: path below ``data/raw`` → text."""
    return {f"{KEY}/{CONTACTS}": csv_text(contact_rows())}


def demo_texts() -> dict[str, str]:
    """Raw files as they are: path below ``data/raw`` → text."""
    return {f"{KEY}/{FRAME}": csv_text(frame_rows())}


# --- contacts -------------------------------------------------------------------------


def contact_rows() -> list[Row]:
    """One row per mystery contact, in the order in which they were made."""
    draws = Draws(SEED)
    places = [_place(draws, each) for each in municipalities(START, invented=True)]
    made = [row for place in places for row in _contacts(draws, place)]
    made.sort(key=lambda row: row["datumtijd"])
    for number, row in enumerate(made, start=1):
        row["contactnr"] = f"M{number:05d}"
        if number % 97 == 5:
            spelling = _SPELLINGS[number // 97 % len(_SPELLINGS)]
            row["gemeente"] = spelling.format(row["gemeente"])
    return made


def _place(draws: Draws, municipality: Municipality) -> _Place:
    general = draws.normal()
    quality = {
        name: _SPREAD * (0.6 * general + 0.8 * draws.normal()) for name in _LATENT
    }
    quality["bereikbaarheid"] -= _BY_SIZE * (municipality.size_class - 4)
    return _Place(municipality, quality)


def _contacts(draws: Draws, place: _Place) -> Iterator[Row]:
    small = place.municipality.size_class < 4
    numbers = {
        PHONE: 12,
        MAIL: 10,
        COUNTER: 3 + int(3 * draws.uniform())
        if small
        else 6 + int(3 * draws.uniform()),
    }
    for channel, count in numbers.items():
        for at in range(count):
            yield _contact(draws, place, channel, _SCENARIOS[at % len(_SCENARIOS)])


def _contact(draws: Draws, place: _Place, channel: str, scenario: str) -> Row:
    reachable = place.quality["bereikbaarheid"]
    reached = draws.chance(_NORMAL.cdf(_REACHED[channel] + reachable))
    row = {
        "contactnr": "",
        "gemeente": place.municipality.name,
        "kanaal": channel,
        "scenario": scenario,
        "datumtijd": _moment(draws),
        "bereikt": "j" if reached else "n",
        "wachttijd_s": "",
        "n_doorverbonden": "",
        "antwoordtijd_werkuren": "",
        "juistheid": "",
        "volledigheid": "",
        "bejegening_duidelijk": "",
        "bejegening_vriendelijk": "",
        "bejegening_meedenken": "",
        "waardering": "",
    }
    if reached:
        row |= _times(draws, channel, reachable) | _quality(draws, place, channel)
    return row


def _moment(draws: Draws) -> str:
    """A quarter of an hour within office hours."""
    days = [START + timedelta(days=n) for n in range((END - START).days + 1)]
    day = draws.pick([each for each in days if each.weekday() < 5])
    minutes = 9 * 60 + 15 * int(30 * draws.uniform())
    moment = datetime.combine(day, time(minutes // 60, minutes % 60))
    return moment.strftime("%Y-%m-%d %H:%M")


def _times(draws: Draws, channel: str, reachable: float) -> Row:
    """Seconds on the telephone, working hours to a reply; neither at a counter."""
    if channel == PHONE:
        seconds = math.exp(3.55 - 0.8 * reachable + 0.75 * draws.normal())
        return {"wachttijd_s": str(max(3, min(900, round(seconds))))}
    if channel == MAIL:
        hours = math.exp(2.05 - 0.8 * reachable + 0.8 * draws.normal())
        return {"antwoordtijd_werkuren": decimal_comma(max(0.2, min(80.0, hours)))}
    return {}


def _quality(draws: Draws, place: _Place, channel: str) -> Row:
    """What the answer was worth; good and bad answers hang together in a contact."""
    informs, serves = (place.quality[name] for name in _LATENT[1:])
    contact = draws.normal()
    noise = 0.5 * contact
    row = {
        "juistheid": _of_two(draws, informs + noise, *_RIGHT),
        "volledigheid": _of_two(draws, informs + noise, *_COMPLETE),
    }
    for name, place_on_scale in _MANNER.items():
        latent = (informs if name == "duidelijk" else serves) + noise
        row[f"bejegening_{name}"] = _of_five(draws, latent + place_on_scale)
    grade = _GRADE + _GRADE_SD * (0.75 * contact + 0.66 * draws.normal())
    row["waardering"] = str(max(1, min(10, round(grade + 1.25 * serves))))
    if channel != MAIL:
        moved = 0 if draws.chance(_NORMAL.cdf(0.45 + serves)) else 1
        row["n_doorverbonden"] = str(moved and moved + int(2.2 * draws.uniform() ** 2))
    return row


def _of_two(draws: Draws, latent: float, fully: float, partly: float) -> str:
    level = latent + draws.normal() * 0.87
    return str(int(level > -fully) + int(level > -partly))


def _of_five(draws: Draws, latent: float) -> str:
    """1 to 5; four or more where the latent opinion is above 0."""
    level = latent + draws.normal() * 0.87
    return str(1 + sum(level > bound for bound in (-1.6, -0.8, 0.0, 0.9)))


# --- desk scan ------------------------------------------------------------------------


def frame_rows() -> list[Row]:
    """One row per municipality and norm: published, at which level, measured."""
    draws = Draws(SEED + 1)
    places = municipalities(START, invented=True)
    active = {each.gm: draws.normal() + 0.25 * each.size_class for each in places}
    found: dict[tuple[str, str], Row] = {}
    for name, (published, measured, levels) in _NORMS.items():
        ranked = sorted(
            places, key=lambda each: -(active[each.gm] + 1.2 * draws.normal())
        )
        with_norm = ranked[:published]
        steering = sorted(
            with_norm, key=lambda each: -(active[each.gm] + 1.2 * draws.normal())
        )[:measured]
        for each in places:
            found[each.gm, name] = {
                "gemeente": each.name,
                "norm": name,
                "norm_gepubliceerd": "j" if each in with_norm else "n",
                "norm_waarde": _level(draws, levels) if each in with_norm else "",
                "norm_gemeten": _measured(each in with_norm, each in steering),
            }
    return [found[each.gm, name] for each in places for name in _NORMS]


def _level(draws: Draws, levels: tuple[float, ...]) -> str:
    level = draws.pick(levels)
    return decimal_comma(level) if level % 1 else str(int(level))


def _measured(published: bool, measured: bool) -> str:
    if not published:
        return ""
    return "j" if measured else "n"
