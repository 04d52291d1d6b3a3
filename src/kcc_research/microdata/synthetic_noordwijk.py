"""The invented answers of the three Noordwijk measurements.

Built to the figures that were published (DOMAIN §1.4, G15–G18): 353 residents with
contact give a 6,6, 332 answered about a contact; the previous grade was a 6,4; clear
communication and keeping people informed improved, flexibility and listening lag. All
else, the 88 residents without contact and the sizes of the earlier waves (412 and 398)
included, is an invented assumption (*verzonnen aanname*).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kcc_research.microdata.synthetic import (
    Draws,
    apportioned,
    by_rank,
    csv_text,
    decimal_comma,
)
from kcc_research.microdata.synthetic_remarks import PERSONAL_ENDINGS, remark

OWNER = "gm0575-noordwijk"

Shares = tuple[float, float, float, float, float]
Row = dict[str, str]

# How often 1, 2, 3, 4 and 5 were chosen on a statement, in per cent.
_STATEMENTS_2023: dict[str, Shares] = {
    "duidelijke_communicatie": (4, 11, 21, 47, 17),
    "op_de_hoogte_houden": (6, 13, 24, 42, 15),
    "flexibel": (11, 22, 31, 28, 8),
    "luisteren_meedenken": (12, 21, 29, 29, 9),
    "vriendelijk": (2, 6, 17, 49, 26),
    "deskundig": (3, 9, 22, 48, 18),
    "snel": (7, 16, 24, 39, 14),
    "bereikbaar": (5, 14, 22, 43, 16),
}
_STATEMENTS_2022: dict[str, Shares] = {
    "duidelijke_communicatie": (8, 20, 27, 34, 11),
    "op_de_hoogte_houden": (10, 22, 29, 30, 9),
    "flexibel": (12, 22, 31, 27, 8),
    "luisteren_meedenken": (12, 22, 29, 28, 9),
    "vriendelijk": (3, 7, 19, 48, 23),
    "deskundig": (4, 10, 24, 46, 16),
    "snel": (8, 17, 25, 37, 13),
    "bereikbaar": (6, 15, 23, 41, 15),
}
_STATEMENTS_2021: dict[str, Shares] = {
    "duidelijke_communicatie": (9, 21, 27, 33, 10),
    "op_de_hoogte_houden": (11, 23, 29, 29, 8),
    "flexibel": (11, 22, 31, 28, 8),
    "luisteren_meedenken": (12, 22, 29, 28, 9),
    "vriendelijk": (3, 8, 20, 47, 22),
    "deskundig": (4, 11, 25, 45, 15),
    "snel": (9, 18, 25, 36, 12),
    "bereikbaar": (7, 16, 23, 40, 14),
}
_STATEMENTS_CONTACT: dict[str, Shares] = {
    "duidelijke_communicatie": (4, 10, 18, 46, 22),
    "op_de_hoogte_houden": (7, 13, 22, 40, 18),
    "flexibel": (9, 18, 31, 31, 11),
    "luisteren_meedenken": (9, 17, 28, 33, 13),
    "snel": (6, 13, 20, 42, 19),
}

# What a channel or service adds to the latent opinion, in standard deviations.
_CHANNELS = {
    "telefoon": 0.0,
    "balie": 0.45,
    "e-mail": -0.4,
    "fixi": 0.1,
    "website": -0.15,
}
_SERVICES = {
    "1": 0.4,
    "2": 0.3,
    "3": -0.6,
    "4": -0.75,
    "5": 0.0,
    "6": 0.1,
    "7": -0.1,
}
_REPORT_ISSUE = "5"
_AGES = {"1": -0.05, "2": -0.02, "3": 0.0, "4": 0.05}

DONT_KNOW_GRADE, NO_GRADE = "11", "99"
DONT_KNOW_STATEMENT, NO_STATEMENT = "6", "9"


@dataclass(frozen=True, slots=True)
class GeneralWave:
    """What fixes one wave of the general questionnaire.

    Counts are of respondents; ``grades`` counts each grade 1…10 among all who were
    asked for one: everybody, or only who had contact when ``filtered``.
    """

    slug: str
    number: int
    seed: int
    start: date
    end: date
    ages: Mapping[str, int]
    contact_by_age: Mapping[str, int]
    towns: Mapping[str, int]
    channels: Mapping[str, int]
    services: Mapping[str, int]
    grades: tuple[int, ...]
    statements: Mapping[str, Shares]
    filtered: bool

    @property
    def size(self) -> int:
        return sum(self.ages.values())


WAVE_2023 = GeneralWave(
    slug="2023-klantbeleving",
    number=2,
    seed=20230576,
    start=date(2023, 10, 2),
    end=date(2023, 11, 19),
    ages={"1": 45, "2": 85, "3": 165, "4": 146},
    contact_by_age={"1": 38, "2": 72, "3": 134, "4": 109},
    towns={"Noordwijk": 246, "Noordwijkerhout": 162, "De Zilk": 33},
    channels={"telefoon": 118, "balie": 92, "e-mail": 55, "fixi": 38, "website": 50},
    services={"1": 92, "2": 44, "3": 36, "4": 30, "5": 62, "6": 54, "7": 35},
    grades=(3, 4, 9, 17, 36, 70, 115, 75, 19, 5),
    statements=_STATEMENTS_2023,
    filtered=True,
)
WAVE_2022 = GeneralWave(
    slug="2022-klantbeleving",
    number=1,
    seed=20220575,
    start=date(2022, 10, 3),
    end=date(2022, 11, 20),
    ages={"1": 44, "2": 80, "3": 153, "4": 135},
    contact_by_age={"1": 35, "2": 64, "3": 117, "4": 95},
    towns={"Noordwijk": 232, "Noordwijkerhout": 149, "De Zilk": 31},
    channels={"telefoon": 112, "balie": 78, "e-mail": 45, "fixi": 28, "website": 48},
    services={"1": 80, "2": 38, "3": 33, "4": 28, "5": 52, "6": 48, "7": 32},
    grades=(4, 6, 14, 25, 50, 88, 124, 76, 20, 5),
    statements=_STATEMENTS_2022,
    filtered=False,
)
WAVE_2021 = GeneralWave(
    slug="2021-klantbeleving",
    number=0,
    seed=20210575,
    start=date(2021, 10, 4),
    end=date(2021, 11, 21),
    ages={"1": 43, "2": 77, "3": 148, "4": 130},
    contact_by_age={"1": 33, "2": 61, "3": 111, "4": 92},
    towns={"Noordwijk": 224, "Noordwijkerhout": 144, "De Zilk": 30},
    channels={"telefoon": 115, "balie": 66, "e-mail": 46, "fixi": 26, "website": 44},
    services={"1": 76, "2": 36, "3": 32, "4": 28, "5": 48, "6": 46, "7": 31},
    grades=(5, 7, 15, 28, 51, 86, 114, 69, 18, 5),
    statements=_STATEMENTS_2021,
    filtered=False,
)
CONTACT_SEED = 3320575
CONTACT_CHANNELS = {
    "telefoon": 92,
    "balie": 75,
    "e-mail": 52,
    "fixi": 57,
    "website": 56,
}
CONTACT_SERVICES = {"1": 78, "2": 40, "3": 28, "4": 24, "5": 76, "6": 54, "7": 32}
CONTACT_GRADES = (4, 4, 8, 15, 28, 55, 101, 81, 27, 9)


def demo_files() -> dict[str, str]:
    """All raw files: path below ``data/raw`` → text, to be written as UTF-8."""
    return {
        f"{OWNER}/{WAVE_2021.slug}/algemeen.csv": csv_text(general_rows(WAVE_2021)),
        f"{OWNER}/{WAVE_2022.slug}/algemeen.csv": csv_text(general_rows(WAVE_2022)),
        f"{OWNER}/{WAVE_2023.slug}/algemeen.csv": csv_text(general_rows(WAVE_2023)),
        f"{OWNER}/{WAVE_2023.slug}/contactmoment.csv": csv_text(contact_rows()),
    }


@dataclass(slots=True)
class _Person:
    """Someone on the way to becoming a row."""

    age: str = ""
    town: str = ""
    had_contact: bool = True
    channel: str = ""
    service: str = ""
    opinion: float = 0.0


def general_rows(wave: GeneralWave) -> list[Row]:
    """Rows of the general questionnaire, as the survey agency delivers them."""
    draws = Draws(wave.seed)
    people = _residents(wave, draws)
    asked = [each for each in people if each.had_contact or not wave.filtered]
    answers = _opinions(draws, asked, wave.grades, wave.statements)
    by_person = dict(zip(map(id, asked), answers, strict=True))
    nothing = dict.fromkeys(answers[0], "")
    rows = []
    for number, person in enumerate(people, start=1):
        start = {
            "respondent": f"N{wave.number}{number:04d}",
            "meting": str(wave.number),
            "datum": f"{draws.day(wave.start, wave.end):%d-%m-%Y}",
            "invultijd_min": _minutes(draws, person),
            "leeftijd": person.age,
            "kern": person.town,
            "had_contact": "j" if person.had_contact else "n",
            "kanaal": person.channel,
            "product": person.service,
        }
        rows.append(start | by_person.get(id(person), nothing))
    return _as_delivered(rows)


def _residents(wave: GeneralWave, draws: Draws) -> list[_Person]:
    ages = draws.dealt(wave.ages)
    towns = draws.dealt(wave.towns)
    people = [_Person(age, town) for age, town in zip(ages, towns, strict=True)]
    for age, contacts in wave.contact_by_age.items():
        group = draws.shuffled(each for each in people if each.age == age)
        for person in group[contacts:]:
            person.had_contact = False
    callers = [each for each in people if each.had_contact]
    _give_contact(draws, callers, wave.channels, wave.services)
    for person in people:
        person.opinion = draws.normal() + _AGES[person.age]
    return people


def _give_contact(
    draws: Draws,
    people: Sequence[_Person],
    channels: Mapping[str, int],
    services: Mapping[str, int],
) -> None:
    """Channels and services; Fixi is the app for reporting issues and nothing else."""
    left = dict(services)
    left[_REPORT_ISSUE] -= channels["fixi"]
    others = iter(draws.dealt(left))
    for person, channel in zip(people, draws.dealt(channels), strict=True):
        person.channel = channel
        person.service = _REPORT_ISSUE if channel == "fixi" else next(others)


def _opinions(
    draws: Draws,
    people: Sequence[_Person],
    grades: Sequence[int],
    statements: Mapping[str, Shares],
) -> list[Row]:
    """Grades, statements and remarks of everyone who was asked for them."""
    latent = [
        each.opinion
        + _CHANNELS.get(each.channel, 0.0)
        + 0.8 * _SERVICES.get(each.service, 0.0)
        for each in people
    ]
    given = by_rank(latent, dict(enumerate(grades, start=1)))
    rows: list[Row] = [{"cijfer": str(grade)} for grade in given]
    if all(each.service for each in people):
        for row, person, opinion in zip(rows, people, latent, strict=True):
            row["cijfer_product"] = _service_grade(draws, person, opinion)
    for name, shares in statements.items():
        answers = _statement(draws, people, latent, shares)
        for row, answer in zip(rows, answers, strict=True):
            row[f"stelling_{name}"] = answer
    for row, person, opinion in zip(rows, people, latent, strict=True):
        row["open_toelichting"], row["thema"] = _remark(draws, person, opinion)
    return rows


def _service_grade(draws: Draws, person: _Person, opinion: float) -> str:
    if draws.chance(0.03):
        return DONT_KNOW_GRADE if draws.chance(0.7) else NO_GRADE
    level = 6.75 + 1.3 * _SERVICES[person.service]
    grade = level + 0.9 * opinion + 0.9 * draws.normal()
    return str(min(10, max(1, int(grade + 0.5))))


def _statement(
    draws: Draws, people: Sequence[_Person], latent: Sequence[float], shares: Shares
) -> list[str]:
    """Answers 1…5 by rank; without contact, *don't know* is common."""
    answers = [""] * len(people)
    open_to_rank = []
    for index, person in enumerate(people):
        if draws.chance(0.04 if person.had_contact else 0.35):
            answers[index] = DONT_KNOW_STATEMENT
        elif draws.chance(0.015):
            answers[index] = NO_STATEMENT
        else:
            open_to_rank.append(index)
    scores = [0.65 * latent[index] + 0.75 * draws.normal() for index in open_to_rank]
    counts = apportioned(dict(enumerate(shares, start=1)), len(open_to_rank))
    for index, answer in zip(open_to_rank, by_rank(scores, counts), strict=True):
        answers[index] = str(answer)
    return answers


def _remark(draws: Draws, person: _Person, opinion: float) -> tuple[str, str]:
    if not person.had_contact or not draws.chance(0.62):
        return "", ""
    return remark(draws, opinion, person.service, person.channel)


def _minutes(draws: Draws, person: _Person) -> str:
    if draws.chance(0.02):
        return ""
    middle = 6.5 if person.had_contact else 2.5
    return decimal_comma(max(0.8, middle + 0.35 * middle * draws.normal()))


def contact_rows() -> list[Row]:
    """Rows of the questionnaire about one contact."""
    draws = Draws(CONTACT_SEED)
    people = [_Person() for _ in range(sum(CONTACT_CHANNELS.values()))]
    _give_contact(draws, people, CONTACT_CHANNELS, CONTACT_SERVICES)
    for person in people:
        person.opinion = draws.normal()
    answers = _opinions(draws, people, CONTACT_GRADES, _STATEMENTS_CONTACT)
    rows = []
    for number, (person, answer) in enumerate(
        zip(people, answers, strict=True), start=1
    ):
        day = draws.day(WAVE_2023.start, WAVE_2023.end)
        answer.pop("cijfer_product")
        grade = answer.pop("cijfer")
        start = {
            "respondent": f"C2{number:04d}",
            "meting": str(WAVE_2023.number),
            "datum": f"{day:%d-%m-%Y}",
            "kanaal": person.channel,
            "product": person.service,
            "cijfer": grade,
            "in_een_keer": _at_once(draws, int(grade)),
        }
        rows.append(start | answer)
    return _as_delivered(_some_unanswered(rows))


def _some_unanswered(rows: list[Row]) -> list[Row]:
    """Three people skip a question that no table is broken down by."""
    for row in [row for row in rows if row["product"] == "7"][:3]:
        row["product"] = ""
    return rows


def _at_once(draws: Draws, grade: int) -> str:
    if draws.chance(0.02):
        return "w"
    return "j" if draws.chance(0.12 + 0.085 * grade) else "n"


def _as_delivered(rows: list[Row]) -> list[Row]:
    """What real deliveries have: stray blanks, gaps, and someone's phone number."""
    remarks = [row for row in rows if row["open_toelichting"]]
    step = len(remarks) // len(PERSONAL_ENDINGS)
    for index, ending in enumerate(PERSONAL_ENDINGS):
        remarks[index * step]["open_toelichting"] += ending
    at_counter = [row for row in rows if row["kanaal"] == "balie"]
    by_mail = [row for row in rows if row["kanaal"] == "e-mail"]
    at_counter[2]["kanaal"] = "Balie "
    by_mail[1]["kanaal"] = "e-mail\u00a0"
    return rows
