"""Invented answers for any number of invented municipalities.

For trials and load tests: each Voorbeeldgemeente has a sample of its own size (150 to
900 residents) and a quality of its own, so that reports differ as real ones would. The
questionnaire is that of the first Noordwijk measurement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import NormalDist

from kcc_research.microdata.synthetic import Draws, apportioned, csv_text
from kcc_research.microdata.synthetic_noordwijk import (
    WAVE_2021,
    GeneralWave,
    Row,
    general_rows,
)

FEWEST, MOST = 150, 900
TOWNS = {
    "Noordwijkerhout": "Kern Noord",
    "De Zilk": "Kern Zuid",
    "Noordwijk": "Centrum",
}
"""Names of towns in the Noordwijk questionnaire → those of an invented place.

In this order: a name that holds another comes first.
"""

FAULTY = ("grade", "column", "row", "empty", "definition")
"""Faults that are planted, each in one of a handful of municipalities."""

_SEED = 20240000
_SPREAD = 0.45  # standard deviation of the mean grade between municipalities
_WITHIN = 1.55  # and of grades within one


def sample_size(number: int) -> int:
    """How many residents of Voorbeeldgemeente ``number`` answered."""
    draws = Draws(_SEED + number)
    return FEWEST + int((MOST - FEWEST + 1) * draws.uniform())


def quality(number: int) -> float:
    """The mean grade that its residents tend to give."""
    draws = Draws(_SEED + 5000 + number)
    return 6.6 + _SPREAD * draws.normal()


def answers(number: int) -> str:
    """The raw file of Voorbeeldgemeente ``number``, as text."""
    rows = general_rows(_wave(number))
    return csv_text([_moved(row) for row in rows])


def population(number: int) -> dict[str, dict[str, int]]:
    """Margins of its residents: variable → category code → count."""
    size = sample_size(number) * 60
    return {
        "leeftijd": apportioned({"1": 15, "2": 22, "3": 35, "4": 28}, size),
        "kern": apportioned(dict(zip(TOWNS.values(), (36, 8, 56), strict=True)), size),
    }


def planted(count: int) -> Mapping[int, str]:
    """Number of a municipality → the fault in it; none where there are too few."""
    step = count // len(FAULTY)
    if step < 2:
        return {}
    return {step * (at + 1): fault for at, fault in enumerate(FAULTY)}


def with_fault(text: str, fault: str) -> str:
    """The raw file with one fault; ``definition`` is one of another file."""
    lines = text.splitlines(keepends=True)
    if fault == "grade":
        column = lines[0].rstrip("\n").split(";").index("cijfer")
        cells = lines[3].split(";")
        return "".join(
            [
                *lines[:3],
                ";".join([*cells[:column], "12", *cells[column + 1 :]]),
                *lines[4:],
            ]
        )
    if fault == "column":
        return "".join([lines[0].replace("leeftijd", "leeftyd"), *lines[1:]])
    if fault == "row":
        return "".join([*lines[:9], lines[9].rpartition(";")[0] + "\n", *lines[10:]])
    return lines[0] if fault == "empty" else text


def _wave(number: int) -> GeneralWave:
    size = sample_size(number)
    ages = apportioned(WAVE_2021.ages, size)
    contacts = {
        age: min(ages[age], round(ages[age] * share))
        for age, share in _contact_shares().items()
    }
    channels = apportioned(WAVE_2021.channels, sum(contacts.values()))
    return GeneralWave(
        slug="2024-klantbeleving",
        number=0,
        seed=_SEED + number,
        start=WAVE_2021.start.replace(year=2024),
        end=WAVE_2021.end.replace(year=2024),
        ages=ages,
        contact_by_age=contacts,
        towns=apportioned(WAVE_2021.towns, size),
        channels=channels,
        services=apportioned(WAVE_2021.services, sum(channels.values())),
        grades=tuple(_grades(quality(number), size)),
        statements=WAVE_2021.statements,
        filtered=False,
    )


def _contact_shares() -> dict[str, float]:
    return {
        age: WAVE_2021.contact_by_age[age] / count
        for age, count in WAVE_2021.ages.items()
    }


def _grades(mean: float, size: int) -> Iterator[int]:
    """How often each grade 1…10 is given, around ``mean``."""
    normal = NormalDist(mean, _WITHIN)
    limits = [float("-inf"), *(grade + 0.5 for grade in range(1, 10)), float("inf")]
    places = [_below(normal, each) for each in limits]
    shares = {grade: places[grade] - places[grade - 1] for grade in range(1, 11)}
    yield from apportioned(shares, size).values()


def _below(normal: NormalDist, limit: float) -> float:
    if limit in (float("-inf"), float("inf")):
        return float(limit > 0)
    return normal.cdf(limit)


def _moved(row: Row) -> Row:
    return {**row, "kern": TOWNS[row["kern"]]}
