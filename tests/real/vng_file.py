"""Invented answers in the national data format of the Burgerpeiling.

The empty file of the format is the mould: names, labels, formats and declared missings
are taken from it while a test runs, and none of them is kept here. The answers are
drawn with a fixed seed; every trap of the format is among them.
"""

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

ROWS = 520
GRADES = ("dv01", "dv06", "dv10")
GENERAL = ("dv08_0", "dv09_0")
ABOUT_CONTACT = (
    "dv05_0",
    *(f"dv07_{number}" for number in range(4)),
    *(f"mm01_{number}" for number in range(5)),
    "mm02_0",
)
V13_CHANNELS = tuple(f"dv03_{number}" for number in range(8))


def write(mould: Path, target: Path, *, year: int, seed: int = 2022) -> pd.DataFrame:
    """Write ``target`` in the format of ``mould``; gives the codes as written."""
    _, meta = pyreadstat.read_sav(mould, user_missing=True)
    answers = _answers(random.Random(seed), year)  # noqa: S311
    columns = {
        name: answers[name]
        if name in answers
        else _nothing(meta.original_variable_types[name])
        for name in meta.column_names
    }
    frame = pd.DataFrame(columns)
    pyreadstat.write_sav(
        frame,
        target,
        column_labels=meta.column_names_to_labels,
        variable_value_labels=meta.variable_value_labels,
        missing_ranges=meta.missing_ranges,
        variable_format=meta.original_variable_types,
        variable_measure=meta.variable_measure,
    )
    return frame


def _nothing(spss_format: str) -> list[object]:
    return [""] * ROWS if spss_format.startswith("A") else [np.nan] * ROWS


def _answers(draw: random.Random, year: int) -> dict[str, list[float]]:
    rows = [_person(draw, number, year) for number in range(1, ROWS + 1)]
    # One answer off the route, as paper questionnaires have: removed and counted.
    stray = next(row for row in rows if row["dv02"] == 2)
    stray |= {"dv12": 5.0, "dv00": 5.0, "dv05_0": 1.0} if year == 2022 else {}
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name, np.nan) for row in rows] for name in names}


def _person(draw: random.Random, number: int, year: int) -> dict[str, float]:
    contact = _coded(draw, [1] * 13 + [2] * 7)
    row = {
        "respondent": float(number),
        "gemnr": 9001.0,
        "jr": float(year),
        "kw": 3.0,
        "veldwerkmodus": float(draw.choice([1, 1, 2])),
        "org": 50.0,
        "weging": round(0.3 + 2.4 * draw.random(), 3),
        "dv02": contact,
    }
    row |= {name: _grade(draw) for name in GRADES}
    row |= {name: _statement(draw) for name in GENERAL}
    if contact == 1:
        row |= _contact(draw, year)
    return row


def _contact(draw: random.Random, year: int) -> dict[str, float]:
    """What is asked about the contact; in 2022 only with consent (``dv13``)."""
    consent = _coded(draw, [1] * 9 + [2])
    found = {"dv13": consent} if year == 2022 else {}
    if year == 2022 and consent != 1:
        return found
    # Nobody names 7 to 9, so 6 (telephone) is the highest code in the file.
    found["dv00"] = _coded(draw, range(1, 10 if year == 2022 else 8))
    found["dv04"] = _coded(draw, [1, 1, 1, 2, 2, 3, 4, 5, 6])
    if year == 2022:
        found["dv12"] = _coded(draw, [1, 1, 1, 2, 2, 3, 4, 5, 5, 6, 6, 6])
        found |= {name: _statement(draw) for name in ABOUT_CONTACT}
    else:
        found |= {name: 1.0 for name in V13_CHANNELS if draw.random() < 0.3}
        old = [name for name in ABOUT_CONTACT if name.startswith("dv")]
        found |= {name: _statement(draw) for name in old}
    return found


def _grade(draw: random.Random) -> float:
    grades = [3, 4, 5, 5, 6, 6, 6, 7, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 9, 10]
    return _coded(draw, [*grades, *grades, 11, 11])


def _statement(draw: random.Random) -> float:
    return _coded(draw, [1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6])


def _coded(draw: random.Random, codes) -> float:
    """One of ``codes``; now and then one of those that the format declares missing."""
    if draw.random() < 0.02:
        return float(draw.choice([-1, 88, 99]))
    return float(draw.choice(list(codes)))
