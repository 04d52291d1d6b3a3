"""The invented raw files of the telephone quick scan in The Hague, 2013.

Built to the figures that were published (DOMAIN §1.5, G19–G22): 750 callers, of whom
525 gave a 7 or higher, 210 a 6 or lower and 15 no grade; the two barriers named most by
those 210; and 15 interviews with dissatisfied callers. All else is an invented
assumption (*verzonnen aanname*): the telephony export, the services, every sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kcc_research.microdata.synthetic import Draws, by_rank, csv_text
from kcc_research.microdata.synthetic_den_haag_calls import call_rows
from kcc_research.microdata.synthetic_den_haag_words import (
    BARRIER_SENTENCES,
    FRAGMENTS,
    NO_BARRIER,
    PERSONAL_ENDINGS,
)

KEY = "gm0518-s-gravenhage/2013-telefoon"
SEED = 20130750
START, END = date(2013, 4, 8), date(2013, 5, 31)

Row = dict[str, str]

# Callers per grade, 1 to 10; the rest of the 750 gave no grade.
_GRADES = (9, 8, 13, 25, 52, 103, 268, 196, 45, 16)
_NO_GRADE = 15
_GRADE_MISSING = "99"
_LAST_DISSATISFIED = 6

# (kind of question, services involved) → callers, and how it went for them.
_QUESTIONS: dict[tuple[str, str], int] = {
    ("enkelvoudig", "1"): 430,
    ("enkelvoudig", "2"): 76,
    ("enkelvoudig", "3"): 14,
    ("complex", "1"): 115,
    ("complex", "2"): 72,
    ("complex", "3"): 43,
}
_EFFECTS: dict[tuple[str, str], float] = {
    ("enkelvoudig", "1"): 0.3,
    ("enkelvoudig", "2"): 0.0,
    ("enkelvoudig", "3"): -0.2,
    ("complex", "1"): -0.3,
    ("complex", "2"): -0.9,
    ("complex", "3"): -1.2,
}
_SERVICES: dict[str, int] = {
    "1": 200,
    "2": 118,
    "3": 96,
    "4": 92,
    "5": 84,
    "6": 58,
    "7": 46,
    "8": 22,
    "9": 34,
}
_SERVICE_EFFECTS = {"1": 0.25, "4": -0.3, "6": -0.25, "7": -0.3, "8": -0.5}
_TYPES = {"burger": 655, "bedrijf": 95}

# Answers from the least to the most content caller.
_ANSWERS: dict[str, dict[str, int]] = {
    "in_een_keer": {"n": 247, "9": 14, "j": 489},
    "juiste_informatie": {"n": 139, "9": 41, "j": 570},
    "deskundigheid": {"1": 31, "2": 78, "3": 141, "6": 12, "4": 326, "5": 162},
    "doorverbonden": {"2": 58, "1": 131, "0": 561},
}
# How much an answer follows the opinion; the rest is chance.
_NOISE = {
    "in_een_keer": 1.0,
    "juiste_informatie": 0.9,
    "deskundigheid": 0.8,
    "doorverbonden": 1.2,
}

# Barriers as coded, and by how many of the 210 each is named.
_BARRIERS = {"N": 92, "K": 81, "D": 47, "T": 39, "W": 34, "U": 28, "B": 22}
_NONE_NAMED = 12


@dataclass(slots=True)
class _Caller:
    """A caller on the way to becoming a row."""

    question: tuple[str, str]
    service: str
    type: str
    opinion: float = 0.0


def demo_texts() -> dict[str, str]:
    """Raw files: path below ``data/raw`` → text, to be written as UTF-8."""
    return {
        f"{KEY}/enquete.csv": csv_text(survey_rows()),
        f"{KEY}/interviews.csv": csv_text(interview_rows()),
    }


def demo_packed() -> dict[str, str]:
    """Raw files that are to be compressed: path → text."""
    return {f"{KEY}/telefonie.csv.gz": csv_text(call_rows())}


def survey_rows() -> list[Row]:
    """The 750 callers who were called back, in the order of the calls."""
    draws = Draws(SEED)
    callers = _callers(draws)
    grades = _grades(callers)
    days = sorted(draws.day(START, END) for _ in callers)
    rows = [
        {
            "respondent": f"T{number:04d}",
            "datum": f"{day:%d-%m-%Y}",
            "type": each.type,
            "dienst": each.service,
            "complexiteit": each.question[0],
            "aantal_diensten": each.question[1],
            "cijfer": grade,
        }
        for number, (each, grade, day) in enumerate(
            zip(callers, grades, days, strict=True), start=1
        )
    ]
    for name, counts in _ANSWERS.items():
        latent = [each.opinion + _NOISE[name] * draws.normal() for each in callers]
        for row, answer in zip(rows, by_rank(latent, counts), strict=True):
            row[name] = answer
    return _with_barriers(draws, rows)


def _callers(draws: Draws) -> list[_Caller]:
    questions = draws.dealt(_QUESTIONS)
    services = draws.dealt(_SERVICES)
    types = draws.dealt(_TYPES)
    callers = [_Caller(*each) for each in zip(questions, services, types, strict=True)]
    for each in callers:
        effect = _EFFECTS[each.question] + _SERVICE_EFFECTS.get(each.service, 0.0)
        each.opinion = draws.normal() + effect
    return callers


def _grades(callers: Sequence[_Caller]) -> list[str]:
    """Grades by rank; who gave none is taken evenly from the whole range."""
    order = sorted(range(len(callers)), key=lambda at: callers[at].opinion)
    step = len(callers) // _NO_GRADE
    silent = set(order[step // 2 :: step][:_NO_GRADE])
    others = [at for at in range(len(callers)) if at not in silent]
    counts = {str(grade): n for grade, n in enumerate(_GRADES, start=1)}
    given = by_rank([callers[at].opinion for at in others], counts)
    grades = dict(zip(others, given, strict=True))
    return [grades.get(at, _GRADE_MISSING) for at in range(len(callers))]


def _with_barriers(draws: Draws, rows: list[Row]) -> list[Row]:
    """What the dissatisfied ran into, in their own words and as coded."""
    unhappy = [row for row in rows if int(row["cijfer"]) <= _LAST_DISSATISFIED]
    for row in rows:
        row |= {"belemmering_open": "", "belemmering": ""}
    silent = draws.shuffled(unhappy)[:_NONE_NAMED]
    codes: dict[str, list[str]] = {row["respondent"]: [] for row in unhappy}
    speaking = [row for row in unhappy if row not in silent]
    for code, wanted in _BARRIERS.items():
        for row in _who_names(draws, code, speaking, wanted, codes):
            codes[row["respondent"]].append(code)
    for row in unhappy:
        found = codes[row["respondent"]] or [NO_BARRIER]
        row["belemmering"] = "|".join(found)
        row["belemmering_open"] = _in_words(draws, found)
    return rows


def _who_names(
    draws: Draws,
    code: str,
    rows: Sequence[Row],
    wanted: int,
    codes: Mapping[str, Sequence[str]],
) -> list[Row]:
    """Who names a barrier: it fits the answers, and nobody stays without one."""

    def urge(row: Row) -> float:
        said = codes[row["respondent"]]
        fits = {
            "N": row["in_een_keer"] == "n",
            "K": row["deskundigheid"] in ("1", "2"),
            "D": row["doorverbonden"] != "0",
        }.get(code, False)
        return (1.5 if fits else 0.0) - 1.1 * len(said) + draws.normal()

    ranked = sorted(((urge(row), at) for at, row in enumerate(rows)), reverse=True)
    if code == list(_BARRIERS)[-1]:  # the last one: whoever has said nothing so far
        ranked.sort(key=lambda each: len(codes[rows[each[1]]["respondent"]]) > 0)
    return [rows[at] for _, at in ranked[:wanted]]


def _in_words(draws: Draws, codes: Sequence[str]) -> str:
    sentences = " ".join(draws.pick(BARRIER_SENTENCES[code]) for code in codes)
    ending = draws.pick(PERSONAL_ENDINGS) if draws.chance(0.03) else ""
    return sentences + ending


def interview_rows() -> list[Row]:
    """Fragments of 15 interviews with dissatisfied callers, coded by two people.

    One row per fragment, coder and theme; the second coder left out the last five.
    """
    rows = []
    for interview, (role, fragments) in enumerate(FRAGMENTS, start=1):
        for place, each in enumerate(fragments, start=1):
            shared = {
                "fragment_id": f"I{interview:02d}-{place}",
                "interview": f"I{interview:02d}",
                "rol": role,
            }
            said = {"valentie": each.valence, "citaat": each.text}
            codes = {"a": each.themes}
            if interview <= 10:
                codes["b"] = each.second or each.themes
            rows += [
                shared | {"codeur": coder, "thema": theme} | said
                for coder, themes in codes.items()
                for theme in themes
            ]
    return rows
