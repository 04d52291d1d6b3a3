"""The invented files of the counter study in Haarlem, tickets not included.

Built to what was published (DOMAIN §1.1): residents value *duidelijkheid, snelheid,
klantgerichtheid, deskundigheid* (G2), they are *zeer positief* and *maatwerk* is
delivered (G3). No percentage was published; every number here is an invented assumption
(*verzonnen aanname*). Visitors were approached on chosen day-parts, so the answers of
one day-part resemble each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from kcc_research.microdata.synthetic import (
    Draws,
    apportioned,
    by_rank,
    csv_text,
)
from kcc_research.microdata.synthetic_haarlem_tickets import PRODUCTS, ticket_text
from kcc_research.microdata.synthetic_haarlem_words import (
    ANSWERS,
    FRAGMENTS,
    NORMS,
    OBSERVERS_NOTES,
    PERSONAL,
)
from kcc_research.microdata.synthetic_sheet import Cell, Row, Sheet

KEY = "gm0392-haarlem/2023-balie"
SEED = 20230392
FIRST_DAY = date(2023, 3, 6)
DAY_PARTS, FORMS, APPROACHED = 24, 486, 804
OBSERVED_PARTS, OBSERVED = 12, 132

# How often each grade 1–10 is given to what people expected and to what they got.
_EXPECTED: Mapping[str, tuple[int, ...]] = {
    "duidelijkheid": (0, 1, 2, 4, 10, 34, 112, 196, 92, 27),
    "snelheid": (1, 2, 5, 10, 22, 58, 124, 162, 73, 21),
    "klantgerichtheid": (0, 2, 3, 8, 20, 61, 142, 168, 60, 14),
    "deskundigheid": (0, 1, 1, 4, 11, 30, 108, 199, 98, 26),
    "ontvangst": (1, 2, 4, 10, 28, 78, 152, 140, 46, 11),
    "privacy": (0, 1, 2, 5, 14, 38, 106, 176, 98, 32),
}
_EXPERIENCED: Mapping[str, tuple[int, ...]] = {
    "duidelijkheid": (0, 1, 2, 5, 10, 25, 86, 190, 118, 43),
    "snelheid": (4, 6, 10, 18, 32, 60, 118, 142, 66, 22),
    "klantgerichtheid": (0, 1, 2, 4, 8, 20, 72, 186, 134, 53),
    "deskundigheid": (0, 1, 1, 4, 9, 26, 96, 196, 112, 33),
    "ontvangst": (1, 2, 5, 11, 26, 70, 148, 148, 50, 12),
    "privacy": (6, 10, 18, 34, 54, 88, 112, 96, 36, 14),
}
_GRADES = (1, 2, 4, 7, 14, 30, 92, 196, 108, 32)
_NO_ANSWER, _DONT_KNOW = 99, 88
# Persons who mention a theme in their explanation (G2: the first four).
_THEMES = {
    "klantgerichtheid": 118,
    "duidelijkheid": 107,
    "snelheid": 96,
    "deskundigheid": 83,
    "ontvangst in de hal": 38,
    "privacy": 31,
    "openingstijden": 24,
    "online regelen": 17,
}
# Who only collects something is gone soon; who was helped at length takes the time.
_WILLING = {"document ophalen": 0.7, "geboorte, huwelijk of overlijden": 1.6}
_AGES = {"18 tot en met 34": 0.28, "35 tot en met 64": 0.47, "65 of ouder": 0.25}
_REASONS = {
    "aanvragen": 0.47,
    "ophalen": 0.24,
    "doorgeven of aangeven": 0.15,
    "informatie": 0.08,
    "anders": 0.06,
}
_VISITS = {"voor het eerst": 0.46, "2 of 3 keer": 0.42, "4 keer of vaker": 0.12}
# Observed contacts: theme seen, not seen, did not apply.
_SEEN: Mapping[str, tuple[int, int, int]] = {
    "duidelijkheid": (108, 20, 4),
    "snelheid": (96, 36, 0),
    "klantgerichtheid": (113, 19, 0),
    "deskundigheid": (104, 16, 12),
    "ontvangst": (61, 27, 44),
    "privacy": (58, 71, 3),
}
_TAILORED = {"j": 83, "n": 34, "": 15}
# Conversations: persons per role, and themes a person of that role speaks about.
_SPEAKERS = {
    ("hal", "bezoeker"): (26, "H", 3),
    ("panel", "panellid"): (11, "P", 5),
    ("gemeente", "raadslid"): (6, "R", 4),
    ("gemeente", "leidinggevende"): (5, "M", 5),
}
_SPOKEN = {
    "duidelijkheid": 1.9,
    "snelheid": 2.1,
    "klantgerichtheid": 2.3,
    "deskundigheid": 1.6,
    "ontvangst in de hal": 0.6,
    "privacy": 0.8,
    "openingstijden": 0.5,
    "online regelen": 0.5,
}
_DOUBLE_CODED = 48


def demo_packed() -> dict[str, str]:
    """Texts that are delivered compressed: path below ``data/raw`` → content."""
    return {f"{KEY}/tickets.csv.gz": ticket_text()}


def demo_texts() -> dict[str, str]:
    """Texts as an export writes them: path below ``data/raw`` → content."""
    return {
        f"{KEY}/observaties.csv": csv_text(_observations()),
        f"{KEY}/gesprekken.csv": csv_text(_fragments()),
    }


def demo_sheets() -> dict[str, Sheet]:
    """Workbooks: path below ``data/raw`` → the only sheet."""
    return {
        f"{KEY}/balie.xlsx": Sheet("Formulieren", tuple(_forms())),
        f"{KEY}/normenkader.xlsx": Sheet("Normenkader", tuple(_norms())),
    }


# --- the questionnaire at the counter -------------------------------------------------


def _forms() -> list[Row]:
    """One row per form, in the order in which they were typed in."""
    draws = Draws(SEED)
    parts = _day_parts(draws)
    mood = [0.32 * draws.normal() for _ in range(DAY_PARTS)]
    content = [mood[part - 1] + draws.normal() for part in parts]
    willing = {each: share * _WILLING.get(each, 1) for each, share in PRODUCTS.items()}
    products = draws.dealt(apportioned(willing, FORMS))
    rows = [
        _visitor(draws, part, product)
        for part, product in zip(parts, products, strict=True)
    ]
    _give(rows, "cijfer", by_rank(content, _counted(_GRADES)))
    for aspect in _EXPECTED:
        hope = [0.35 * each + draws.normal() for each in content]
        felt = [
            0.9 * each + 0.5 * wish + 0.6 * draws.normal()
            for each, wish in zip(content, hope, strict=True)
        ]
        for kind, latent, counts in (
            ("verwachting", hope, _EXPECTED),
            ("ervaring", felt, _EXPERIENCED),
        ):
            graded = by_rank(latent, _counted(counts[aspect]))
            _give(rows, f"{kind}_{aspect}", graded)
    _explain(draws, rows)
    _leave_out(draws, rows)
    return rows


def _day_parts(draws: Draws) -> list[int]:
    """The day-part of every form; the busy ones gave more."""
    weights = {part: 0.7 + 0.6 * draws.uniform() for part in range(1, DAY_PARTS + 1)}
    counts = apportioned(weights, FORMS)
    return [part for part, count in counts.items() for _ in range(count)]


def _visitor(draws: Draws, part: int, product: str) -> Row:
    appointment = draws.chance(0.66)
    usual = 3.5 if appointment else 8.0
    waited = round(usual * math.exp(0.75 * draws.normal()))
    return {
        "formuliernr": "",
        "datum": _day_of(part),
        "dagdeel": part,
        "afspraak": "j" if appointment else "n",
        "product": product,
        "reden_bezoek": draws.weighted(_REASONS),
        "bezoeken_jaar": draws.weighted(_VISITS),
        "leeftijd": draws.weighted(_AGES),
        "wachttijd_ervaren": waited,
    }


def _day_of(part: int) -> date:
    """Two day-parts a day, on working days, from the first day of fieldwork."""
    weeks, weekday = divmod((part - 1) // 2, 5)
    return FIRST_DAY + timedelta(days=7 * weeks + weekday)


def _counted(weights: Sequence[int]) -> dict[Cell, int]:
    """How many of the forms have each grade, from 1 up."""
    shares: dict[Cell, float] = dict(enumerate(weights, start=1))
    return apportioned(shares, FORMS)


def _give(rows: Sequence[Row], name: str, answers: Sequence[Cell]) -> None:
    for row, answer in zip(rows, answers, strict=True):
        row[name] = answer


def _explain(draws: Draws, rows: list[Row]) -> None:
    """An explanation for about two in three, coded by theme."""
    writers = draws.shuffled(range(len(rows)))[:312]
    themes: dict[int, list[str]] = {each: [] for each in writers}
    for theme, count in _THEMES.items():
        fewest = sorted(writers, key=lambda each: (len(themes[each]), draws.uniform()))
        for each in fewest[:count]:
            themes[each].append(theme)
    for number, row in enumerate(rows, start=1):
        chosen = themes.get(number - 1, [])
        sentences = [draws.pick(ANSWERS[each]) for each in chosen]
        row["toelichting"] = " ".join(sentences) or None
        row["toelichting_themas"] = ";".join(chosen) or None
        row["formuliernr"] = f"B{number:03d}"
    for ending, at in zip(PERSONAL, (40, 200), strict=True):
        written = [row for row in rows if row["toelichting"]]
        written[at]["toelichting"] = f"{written[at]['toelichting']}{ending}"


def _leave_out(draws: Draws, rows: list[Row]) -> None:
    """Boxes that stayed empty on paper, typed in as 88 or 99."""
    for name in rows[0]:
        if not name.startswith(("verwachting_", "ervaring_", "cijfer")):
            continue
        rate = 0.012 if name == "cijfer" else 0.045
        for row in rows:
            if draws.chance(rate):
                row[name] = draws.pick((_DONT_KNOW, _NO_ANSWER, _NO_ANSWER))
    for row in rows[17::97]:
        row["wachttijd_ervaren"] = None


# --- observations ---------------------------------------------------------------------


def _observations() -> list[dict[str, str]]:
    """One row per observed contact; two observers took turns."""
    draws = Draws(SEED + 1)
    skill = [draws.normal() for _ in range(OBSERVED)]
    parts = [1 + at * OBSERVED_PARTS // OBSERVED for at in range(OBSERVED)]
    rows = [
        {
            "contact_id": f"C{at + 1:03d}",
            "observator": "AB"[part % 2],
            "datum": f"{_day_of(part * 2):%d-%m-%Y}",
            "dagdeel": f"{part}",
            "tijdstip": f"{9 + at % 7:02d}:{int(60 * draws.uniform()):02d}",
            "product": draws.weighted(PRODUCTS),
            "duur": f"{max(2, round(8 + 4 * draws.normal()))}",
        }
        for at, part in enumerate(parts)
    ]
    for theme, (seen, missed, skipped) in _SEEN.items():
        latent = [each + draws.normal() for each in skill]
        given = by_rank(latent, {"0": missed, "n.v.t.": skipped, "1": seen})
        for row, answer in zip(rows, given, strict=True):
            row[theme] = answer
    latent = [each + draws.normal() for each in skill]
    tailored = by_rank(
        latent, {"n": _TAILORED["n"], "": _TAILORED[""], "j": _TAILORED["j"]}
    )
    for row, answer in zip(rows, tailored, strict=True):
        row["maatwerk"] = answer or "n.v.t."
        row["notitie"] = draws.pick(OBSERVERS_NOTES)
    return rows


# --- conversations and panel ----------------------------------------------------------


def _fragments() -> list[dict[str, str]]:
    """One row per coded fragment; the last ones were coded by two coders."""
    draws = Draws(SEED + 2)
    rows: list[dict[str, str]] = []
    for (source, role), (persons, letter, most) in _SPEAKERS.items():
        for person in range(1, persons + 1):
            left = dict(_SPOKEN)
            for _ in range(1 + int(most * draws.uniform())):
                theme = draws.weighted(left)
                del left[theme]
                subcode, valence, words = draws.pick(FRAGMENTS[theme])
                rows.append(
                    {
                        "fragment_id": f"F{len(rows) + 1:03d}",
                        "persoon": f"{letter}{person:02d}",
                        "bron": source,
                        "rol": role,
                        "codeur": "A",
                        "thema": theme,
                        "subcode": subcode,
                        "valentie": valence,
                        "citaat": words,
                    }
                )
    return rows + [_second_coding(draws, row) for row in rows[:: _step(len(rows))]]


def _step(total: int) -> int:
    return max(1, total // _DOUBLE_CODED)


def _second_coding(draws: Draws, row: Mapping[str, str]) -> dict[str, str]:
    """What coder B made of the same fragment: now and then something else."""
    theme = row["thema"]
    if draws.chance(0.12):
        theme = draws.pick([each for each in _SPOKEN if each != theme])
    subcode = row["subcode"] if theme == row["thema"] else FRAGMENTS[theme][0][0]
    return {**row, "codeur": "B", "thema": theme, "subcode": subcode}


# --- documents ------------------------------------------------------------------------


def _norms() -> list[Row]:
    """The review of documents: one row per norm."""
    names = ("onderdeel", "norm", "bron", "oordeel", "toelichting")
    return [
        {"nr": number, **dict(zip(names, norm, strict=True))}
        for number, norm in enumerate(NORMS, start=1)
    ]
