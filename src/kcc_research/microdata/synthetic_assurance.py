"""The invented answers of 84 municipalities about quality assurance.

Built to the figures that were published (DOMAIN §1.2, G4–G12): how many of the 84 have
a vision (26), steer on qualitative norms (28), train structurally (19), and so on; the
one blank without which 41% would be impossible (34 of 83); and the mean number of
problems, 3,4 without vision and norms against 2,4 with both. All else is an invented
assumption (*verzonnen aanname*), and so is every municipality.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from kcc_research.microdata.synthetic import Draws, by_rank
from kcc_research.microdata.synthetic_sheet import Cell, Row, Sheet
from kcc_research.study.municipality import Municipality, municipalities

KEY = "nl/2023-kwaliteitsborging"
FILE = "gemeenten.xlsx"
SHEET = "Antwoorden"
SEED = 20230084
START, END = date(2023, 3, 6), date(2023, 4, 14)

# Participants per size class of CBS (1–8): larger municipalities came forward more.
_PARTICIPANTS = {1: 1, 2: 1, 3: 11, 4: 40, 5: 18, 6: 5, 7: 5, 8: 3}

# With a vision (ja) and with norms (ja): both, the first only, the second only,
# neither; and how many problems each group reports together.
_BOTH, _VISION, _NORMS, _NEITHER = "beide", "visie", "normen", "geen"
_GROUPS = {_BOTH: 15, _VISION: 11, _NORMS: 13, _NEITHER: 45}
_PROBLEMS = {_BOTH: 36, _VISION: 32, _NORMS: 38, _NEITHER: 153}
_PARTLY = {"visie_kwaliteit": 21, "normen_kwalitatief": 17}

# Answers from the least to the most developed municipality. None is a blank.
_CHOICES: dict[str, dict[Cell, int]] = {
    "visie_bekend": {"nee": 31, "weet niet": 5, "deels": 27, "ja": 20, None: 1},
    "klachten_benut": {"nee": 18, "weet niet": 2, "deels": 33, "ja": 31},
    "normen_kwantitatief": {"nee": 11, "deels": 12, "ja": 61},
    "uitkomsten_besproken": {"nee": 24, "weet niet": 3, "deels": 24, "ja": 33},
    "training_structureel": {"nee": 35, "deels": 30, "ja": 19},
    "coaching_gesprekken": {"nee": 26, None: 1, "deels": 22, "ja": 35},
    "inwerkprogramma": {"nee": 9, "weet niet": 1, "deels": 19, "ja": 55},
}
_STATEMENTS: dict[str, dict[Cell, int]] = {
    "stelling_samenwerking": {1: 1, 2: 1, 3: 3, 4: 38, 5: 41},
    "stelling_uitwisseling": {1: 2, 2: 6, 3: 12, 4: 37, 5: 27},
    "stelling_ruimte": {None: 1, 1: 6, 2: 17, 3: 22, 4: 28, 5: 10},
    "stelling_leiding": {None: 2, 1: 8, 2: 19, 3: 20, 4: 25, 5: 10},
}
# Obstacles: not ticked, ticked; who is least developed ticks most.
_OBSTACLES: dict[str, dict[Cell, int]] = {
    "bel_cultuur": {1: 34, 0: 49, None: 1},
    "bel_middelen": {1: 40, 0: 44},
    "bel_bureaucratie": {1: 47, 0: 37},
    "bel_feedback": {1: 45, 0: 39},
    "bel_personeel": {1: 54, 0: 30},
}
# How common a problem is next to the others.
_PROBLEM_WEIGHTS = {
    "probleem_terugbellen": 1.6,
    "probleem_doorverbinden": 1.2,
    "probleem_kennis": 1.1,
    "probleem_systemen": 1.5,
    "probleem_wachttijd": 1.3,
    "probleem_verloop": 1.2,
    "probleem_verwachtingen": 0.8,
    "probleem_sturing": 0.9,
}
_FUNCTIONS = (
    "teammanager KCC",
    "kwaliteitscoördinator",
    "beleidsadviseur dienstverlening",
    "andere functie",
)
# How people write the name of their municipality.
_SPELLINGS = ("Gemeente {}", "{} ", "gemeente {}", "{}")


@dataclass(slots=True)
class _Participant:
    """A municipality on the way to becoming a row."""

    municipality: Municipality
    group: str
    maturity: float
    problems: int = 0


def demo_workbooks() -> dict[str, Sheet]:
    """The raw workbook: path below ``data/raw`` → its only sheet."""
    return {f"{KEY}/{FILE}": Sheet(SHEET, tuple(assurance_rows()))}


def assurance_rows() -> list[Row]:
    """One row per answer: 84 municipalities, two of which answered twice."""
    draws = Draws(SEED)
    participants = _participants(draws)
    _give_problems(draws, participants)
    rows = [_identity(draws, each) for each in participants]
    for name, answers in _answers(draws, participants).items():
        for row, answer in zip(rows, answers, strict=True):
            row[name] = answer
    for row, each in zip(rows, participants, strict=True):
        row.update(_problem_boxes(draws, each.problems))
    return _as_delivered(rows)


def _participants(draws: Draws) -> list[_Participant]:
    chosen: list[Municipality] = []
    register = municipalities(START, invented=True)
    for size, count in _PARTICIPANTS.items():
        group = [each for each in register if each.size_class == size]
        chosen += draws.shuffled(group)[:count]
    groups = draws.dealt(_GROUPS)
    lift = {_BOTH: 1.1, _VISION: 0.4, _NORMS: 0.3, _NEITHER: -0.5}
    return [
        _Participant(each, group, draws.normal() + lift[group])
        for each, group in zip(draws.shuffled(chosen), groups, strict=True)
    ]


def _give_problems(draws: Draws, participants: Sequence[_Participant]) -> None:
    """Problems per participant, spread at random around the mean of the group."""
    for group, together in _PROBLEMS.items():
        members = [each for each in participants if each.group == group]
        for at, each in enumerate(members):
            each.problems = (together + at) // len(members)
        for _ in range(2 * len(members)):
            giver, taker = draws.pick(members), draws.pick(members)
            if giver.problems > 0 and taker.problems < len(_PROBLEM_WEIGHTS):
                giver.problems -= 1
                taker.problems += 1


def _identity(draws: Draws, each: _Participant) -> Row:
    return {
        "antwoordnr": "",
        "datum": draws.day(START, END),
        "gemeentecode": each.municipality.gm,
        "gemeente": each.municipality.name,
        "inwonerklasse": each.municipality.size_class,
        "functie": draws.pick(_FUNCTIONS),
    }


def _answers(
    draws: Draws, participants: Sequence[_Participant]
) -> dict[str, list[Cell]]:
    """Column → answers, the vision and the norms first."""
    found: dict[str, list[Cell]] = {}
    for name, with_it in (
        ("visie_kwaliteit", (_BOTH, _VISION)),
        ("normen_kwalitatief", (_BOTH, _NORMS)),
    ):
        yes = [each.group in with_it for each in participants]
        found[name] = _yes_or(draws, participants, yes, _PARTLY[name])
    ranked = {**_CHOICES, **_STATEMENTS, **_OBSTACLES}
    for name, counts in ranked.items():
        latent = [each.maturity + 1.1 * draws.normal() for each in participants]
        found[name] = list(by_rank(latent, counts))
    return found


def _yes_or(
    draws: Draws, participants: Sequence[_Participant], yes: Sequence[bool], partly: int
) -> list[Cell]:
    """*Ja* for whom it is fixed; of the others the most developed say *deels*."""
    others = [at for at, is_yes in enumerate(yes) if not is_yes]
    latent = [participants[at].maturity + draws.normal() for at in others]
    given = by_rank(latent, {"nee": len(others) - partly, "deels": partly})
    answers: list[Cell] = ["ja"] * len(participants)
    for at, answer in zip(others, given, strict=True):
        answers[at] = answer
    return answers


def _problem_boxes(draws: Draws, count: int) -> Row:
    """``count`` different problems, common ones more often than rare ones."""
    left = dict(_PROBLEM_WEIGHTS)
    ticked = {_drawn(draws, left) for _ in range(count)}
    return {name: int(name in ticked) for name in _PROBLEM_WEIGHTS}


def _drawn(draws: Draws, left: dict[str, float]) -> str:
    place = draws.uniform() * sum(left.values())
    passed = accumulate(left.values())
    name = next(name for name, end in zip(left, passed, strict=True) if place <= end)
    del left[name]
    return name


def _as_delivered(rows: list[Row]) -> list[Row]:
    """What an export has: names in many spellings, codes left out, double answers."""
    for at, row in enumerate(rows):
        if at % 9 == 4:
            row["gemeentecode"] = None
        if at % 7 == 2:
            row["gemeente"] = _SPELLINGS[at // 7 % 4].format(row["gemeente"])
    rows[11]["inwonerklasse"] = 4 if rows[11]["inwonerklasse"] != 4 else 3
    rows[30]["inwonerklasse"] = None
    rows = [_first_try(rows[20]), _first_try(rows[57]), *rows]
    rows.sort(key=lambda row: str(row["datum"]))
    for number, row in enumerate(rows, start=1):
        row["antwoordnr"] = f"K{number:03d}"
    return rows


def _first_try(row: Mapping[str, Cell]) -> Row:
    """An earlier answer of the same municipality, broken off half way."""
    day = row["datum"]
    assert isinstance(day, date)
    earlier = max(START, day - timedelta(days=6))
    given = dict(row) | {"datum": earlier, "functie": _FUNCTIONS[3]}
    names = list(given)
    unanswered = names[names.index("uitkomsten_besproken") :]
    return given | dict.fromkeys(unanswered)
