"""A Burgerpeiling in miniature: template, answers and definitions, all invented.

Names of variables and their codes are those of the national format (facts); every
label text is our own.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

KEY = "gm9001-voorbeeldgemeente-001/2023-burgerpeiling"
NAME = "BP-2023-1-Voorbeeldgemeente-001"
ROWS = 60
SECRET = "mevrouw Pietersen"
VALUES = {
    "dv02": {1.0: "ja", 2.0: "nee"},
    "dv12": {1.0: "website", 5.0: "balie", 6.0: "telefoon"},
    "dv05_0": {1.0: "geheel eens", 5.0: "geheel oneens", 6.0: "weet niet"},
    "dv01": {11.0: "weet niet"},
    "ch02": {1.0: "jong", 2.0: "oud"},
}
FORMATS = {
    "respondent": "F8.0",
    "gemnr": "F4.0",
    "jr": "F4.0",
    "kw": "F1.0",
    "veldwerkmodus": "F1.0",
    "weging": "F4.3",
    "wijknr": "A12",
    "dv01": "F2.0",
    "dv02": "F1.0",
    "dv12": "F1.0",
    "dv05_0": "F1.0",
    "dv06": "F2.0",
    "ch02": "F1.0",
}
LABELS = {name: f"Onze tekst bij {name}" for name in FORMATS}
MISSING = {
    name: [{"lo": 88.0, "hi": 88.0}, {"lo": 99.0, "hi": 99.0}] for name in VALUES
}

MEASUREMENT = """\
title = "Burgerpeiling"
study = "experience"
municipality = "GM9001"
synthetic = true
published = 2023-12-20
retain_until = 2030-12-31
commissioner = "Voorbeeldgemeente 001"
status = "concept"
[fieldwork]
start = 2023-09-01
end = 2023-10-01
mode = "web"
recruitment = "random-sample"
[[source]]
id = "bp"
kind = "survey"
file = "bp.csv"
format = {{ delimiter = ";", decimal = ",", encoding = "utf-8" }}
questionnaire = "bp.toml"
invited = 2500
margins = "bevolking.csv"
{protocol}"""

PROTOCOL = """\
[protocol]
name = "vng-burgerpeiling"
frame = "brp"
ages = [18, 85]
resident_months = 12
one_per_household = true
login_codes = true
open_link = false
reminder = true
delivered = 2023-11-15
dropped = ["dv00"]
"""

QUESTIONNAIRE = """\
title = "Burgerpeiling"
population = "inwoners"
[[question]]
id = "nummer"
column = "respondent"
text = "Nummer"
type = "identifier"
sensitive = false
[[question]]
id = "cijfer"
column = "dv01"
text = "Onze tekst bij dv01"
type = "grade"
range = [1, 10]
direction = "higher_is_better"
missing = { 11 = "dont_know", 99 = "no_answer" }
sensitive = false
[[question]]
id = "contact"
column = "dv02"
text = "Had u contact?"
type = "choice"
codes = { 1 = "ja", 2 = "nee" }
sensitive = false
[[question]]
id = "kanaal"
column = "dv12"
text = "Onze tekst bij dv12"
type = "choice"
codes = { web = "website", bal = "Balie", 6 = "per telefoon" }
asked_if = "contact = ja"
sensitive = false
[[question]]
id = "gemak"
column = "dv05_0"
text = "Onze tekst bij dv05_0"
type = "scale"
range = [1, 5]
direction = "lower_is_better"
missing = { 6 = "dont_know" }
asked_if = "contact = ja"
sensitive = false
[[question]]
id = "leeftijd"
column = "ch02"
text = "Leeftijd"
type = "choice"
codes = { 1 = "jong", 2 = "oud" }
sensitive = false
[[question]]
id = "opmerking"
column = "open"
text = "Opmerking"
type = "text"
sensitive = true
[[indicator]]
id = "rapportcijfer"
question = "cijfer"
label = "Rapportcijfer"
statistic = "mean"
role = "headline"
"""


def template(path: Path) -> Path:
    """The empty file of a format, with one row without answers."""
    empty = {n: [""] if f.startswith("A") else [np.nan] for n, f in FORMATS.items()}
    pyreadstat.write_sav(
        pd.DataFrame(empty),
        path,
        column_labels=LABELS,
        variable_value_labels=VALUES,
        missing_ranges=MISSING,
        variable_format=FORMATS,
        variable_measure=dict.fromkeys(FORMATS, "nominal"),
        variable_display_width=dict.fromkeys(FORMATS, 9),
    )
    return path


def answers() -> list[dict[str, str]]:
    """Raw rows: the channel in the municipality's own codes, one off the route."""
    draw = random.Random(7)  # noqa: S311
    rows = []
    for number in range(1, ROWS + 1):
        contact = draw.random() < 0.6 or number <= 3
        rows.append(
            {
                "respondent": f"R{number:04d}",
                "dv01": draw.choice(("5", "6", "7", "8", "11")),
                "dv02": "1" if contact else "2",
                "dv12": draw.choice(("web", "bal", "6")) if contact else "",
                "dv05_0": draw.choice(("1", "2", "4", "5", "6")) if contact else "",
                "ch02": "1" if number % 3 else "2",
                "open": SECRET if number == 2 else "",
                "bsn": "123456782",
            }
        )
    rows[0]["dv01"] = "99"
    stray = next(row for row in rows if row["dv02"] == "2")
    stray["dv05_0"] = "1"
    return rows


def workspace(root: Path, protocol: str = PROTOCOL) -> Path:
    """Definitions and raw answers of the measurement, nothing computed."""
    study, raw = root / "studies" / KEY, root / "data" / "raw" / KEY
    study.mkdir(parents=True)
    raw.mkdir(parents=True)
    text = MEASUREMENT.format(protocol=protocol)
    (study / "measurement.toml").write_text(text, encoding="utf-8")
    (study / "bp.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (study / "bevolking.csv").write_text(
        "variable,category,count\nleeftijd,jong,5000\nleeftijd,oud,5000\n"
    )
    rows = answers()
    lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
    (raw / "bp.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root
