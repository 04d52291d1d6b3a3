"""Messy raw files of different kinds, as researchers get them; all invented.

Each is written with a fixed seed. Who has no contact is not asked about it; some codes
mean no answer and nothing in the file says so; some columns name persons; some hold
open answers, of which ``SECRETS`` may never turn up in a definition.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyreadstat
from openpyxl import Workbook

ROWS = 240
SECRETS = ("mevrouw Pietersen", "Dorpsstraat 12", "lange wachttijd bij de balie")

_OPEN = (*SECRETS, "geen", "prima geholpen", "")
_CHANNELS = ("telefoon", "balie", "e-mail", "website")
_AGREE = ("Helemaal oneens", "Oneens", "Neutraal", "Eens", "Helemaal eens")
_SATISFIED = (
    "zeer ontevreden",
    "ontevreden",
    "neutraal",
    "tevreden",
    "zeer tevreden",
    "weet niet",
)


def people(seed: int) -> list[dict[str, object]]:
    """Invented respondents: contact, channel, grade, statements, age, words."""
    draw = random.Random(seed)  # noqa: S311
    people: list[dict[str, object]] = []
    for number in range(1, ROWS + 1):
        contact = draw.random() < 0.7
        people.append(
            {
                "nr": number,
                "contact": contact,
                "kanaal": draw.randrange(4) if contact else None,
                "cijfer": draw.choice((5, 6, 6, 7, 7, 7, 8, 8, 9, 10, 4, 3, 1, 2)),
                "stelling": [draw.choice((1, 2, 3, 4, 4, 5)) for _ in range(3)],
                "tevreden": draw.choice((1, 2, 3, 4, 4, 5, 5, 6)),
                "leeftijd": draw.randrange(4),
                "minuten": round(draw.uniform(2, 14), 1),
                "open": draw.choice(_OPEN) + (f" ({number})" if number % 2 else ""),
                "dag": f"{draw.randrange(1, 29):02d}-03-2024",
            }
        )
    return people


def windows_csv(path: Path) -> Path:
    """CSV in windows-1252 with semicolons and a decimal comma; 99 is no answer."""
    rows = [
        [
            p["nr"],
            f"bewoner{p['nr']}@voorbeeld.nl",
            p["dag"],
            "ja" if p["contact"] else "nee",
            _CHANNELS[p["kanaal"]] if p["contact"] else "",
            (99 if p["nr"] % 20 == 0 else p["cijfer"]) if p["contact"] else "",
            *(p["stelling"] if p["contact"] else ["", "", ""]),
            str(p["minuten"]).replace(".", ","),
            ("18–29", "30–44", "45–64", "65+")[p["leeftijd"]],
            p["open"],
        ]
        for p in people(1)
    ]
    header = (
        "respondentnr;e-mail;datum;contact;kanaal;cijfer;stelling_1;stelling_2;"
        "stelling_3;invulduur;leeftijd;toelichting vóór ons"
    )
    text = _csv(rows, ";")
    path.write_bytes(f"{header}\r\n{text}".encode("cp1252"))
    return path


def titled_xlsx(path: Path) -> Path:
    """XLSX: a merged title, names on row 3, texts on row 4; a sheet of codes beside it.

    Minutes are text with a decimal comma, as a Dutch Excel keeps what was pasted.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = "Antwoorden"
    sheet.append(["Export bewonersonderzoek maart"])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(["nr", "v1", "v2", "v3", "v4", "v5", "v6", "v7"])
    sheet.append(
        [
            "Volgnummer van deze respondent",
            "Had u contact met de gemeente?",
            "Hoe had u contact? (kanaal)",
            "Welk rapportcijfer geeft u onze dienstverlening?",
            "De medewerker was vriendelijk",
            "De medewerker was deskundig",
            "Wilt u nog iets kwijt?",
            "Hoeveel minuten duurde het invullen?",
        ]
    )
    for p in people(2):
        asked = p["contact"]
        sheet.append(
            [
                p["nr"],
                1 if asked else 2,
                _CHANNELS[p["kanaal"]] if asked else None,
                (11 if p["nr"] % 15 == 0 else p["cijfer"]) if asked else None,
                p["stelling"][0] if asked else None,
                p["stelling"][1] if asked else None,
                p["open"] or None,
                str(p["minuten"]).replace(".", ","),
            ]
        )
    codes = book.create_sheet("Codeboek")
    codes.append(["vraag", "code", "betekenis"])
    codes.append(["v1", 1, "ja"])
    book.save(path)
    return path


def labelled_sav(path: Path) -> Path:
    """SPSS with labels, where 99 is neither labelled nor declared missing.

    Of another question 98 is declared missing by the user, without a label.
    """
    rows = people(3)
    nothing = float("nan")
    frame = pd.DataFrame(
        {
            "respnr": [float(p["nr"]) for p in rows],
            "contact": [1.0 if p["contact"] else 2.0 for p in rows],
            "cijfer": [
                (99.0 if p["nr"] % 12 == 0 else float(p["cijfer"]))
                if p["contact"]
                else nothing
                for p in rows
            ],
            "tevreden": [
                float(p["tevreden"]) if p["contact"] else nothing for p in rows
            ],
            "moeite": [
                float(6 - p["stelling"][0]) if p["contact"] else nothing for p in rows
            ],
            "lft": [float(p["leeftijd"] + 1) for p in rows],
            "uitleg": [
                98.0 if p["nr"] % 10 == 0 else float(p["stelling"][1]) for p in rows
            ],
            "opm": [p["open"] for p in rows],
        }
    )
    pyreadstat.write_sav(
        frame,
        path,
        column_labels=[
            "Respondentnummer",
            "Had u contact met de gemeente?",
            "Welk rapportcijfer geeft u?",
            "Hoe tevreden bent u over de afhandeling?",
            "Het was makkelijk om mijn vraag te stellen",
            "Wat is uw leeftijd?",
            "De uitleg was duidelijk",
            "Toelichting",
        ],
        variable_value_labels={
            "contact": {1.0: "ja", 2.0: "nee"},
            "tevreden": {n: t for n, t in enumerate(_SATISFIED, start=1)},
            "moeite": {n: t.lower() for n, t in enumerate(reversed(_AGREE), start=1)},
            "lft": {1.0: "18-29", 2.0: "30-44", 3.0: "45-64", 4.0: "65 en ouder"},
            "uitleg": {n: t for n, t in enumerate(_AGREE, start=1)},
        },
        missing_ranges={"uitleg": [{"lo": 98.0, "hi": 98.0}]},
    )
    return path


def limesurvey_csv(path: Path) -> Path:
    """LimeSurvey: codes and question texts in two header rows, a tick per column."""
    names = [
        "id",
        "submitdate",
        "lastpage",
        "startlanguage",
        "seed",
        "token",
        "contact",
        "kanaal[SQ001]",
        "kanaal[SQ002]",
        "cijfer",
        "oordeel[SQ001]",
        "oordeel[SQ002]",
        "slot",
    ]
    texts = [
        "Antwoord-ID",
        "Datum ingevuld",
        "Laatste pagina",
        "Starttaal",
        "Seed",
        "Toegangscode",
        "<p>Had u contact?</p>",
        "Waarmee had u contact? [Telefoon]",
        "Waarmee had u contact? [Balie]",
        "Welk cijfer geeft u ons?",
        "Oordeel [De medewerker luisterde goed naar mij]",
        "Oordeel [Ik werd snel geholpen bij mijn vraag]",
        "Heeft u nog een opmerking?",
    ]
    rows = []
    for p in people(4):
        asked = p["contact"]
        rows.append(
            [
                p["nr"],
                f"2024-03-{p['nr'] % 28 + 1:02d} 10:00:00",
                3,
                "nl",
                1000 + p["nr"],
                f"tok{p['nr']:05d}x",
                "Y" if asked else "N",
                ("Y" if p["kanaal"] in (0, 2) else "") if asked else "",
                ("Y" if p["kanaal"] in (1, 2, 3) else "") if asked else "",
                p["cijfer"] if asked else "",
                *(p["stelling"][:2] if asked else ["", ""]),
                p["open"],
            ]
        )
    quoted = io.StringIO()
    writer = csv.writer(quoted, quoting=csv.QUOTE_ALL)
    writer.writerows([names, texts, *rows])
    path.write_text(quoted.getvalue(), encoding="utf-8-sig")
    return path


def qualtrics_csv(path: Path) -> Path:
    """Qualtrics: names, question texts and import codes; answers as words."""
    names = [
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Duration (in seconds)",
        "Finished",
        "ResponseId",
        "RecipientEmail",
        "Q1",
        "Q2",
        "Q3_1",
        "Q3_2",
        "Q4",
    ]
    texts = [
        "Start Date",
        "End Date",
        "Response Type",
        "IP Address",
        "Progress",
        "Duration (in seconds)",
        "Finished",
        "Response ID",
        "Recipient Email",
        "Had u contact met de gemeente?",
        "Welk rapportcijfer geeft u de gemeente?",
        "Wat vindt u? - De gemeente\nis goed bereikbaar",
        "Wat vindt u? - De brief was duidelijk",
        "Wilt u nog iets kwijt?",
    ]
    codes = [json.dumps({"ImportId": f"QID{n}"}) for n in range(len(names))]
    rows = []
    for p in people(5):
        asked = p["contact"]
        words = [_AGREE[n - 1] for n in p["stelling"][:2]]
        rows.append(
            [
                f"2024-03-{p['nr'] % 28 + 1:02d} 09:00:00",
                f"2024-03-{p['nr'] % 28 + 1:02d} 09:12:00",
                "IP Address",
                f"192.0.2.{p['nr'] % 250}",
                100,
                int(p["minuten"] * 60),
                "True",
                f"R_{p['nr']:04d}abcdef",
                "",
                "Ja" if asked else "Nee",
                p["cijfer"] if asked else "",
                *(words if asked else ["", ""]),
                p["open"],
            ]
        )
    path.write_text(_csv([names, texts, codes, *rows], ","), encoding="utf-8")
    return path


def telephone_csv(path: Path) -> Path:
    """Calls of an exchange: codes of its own, times of day, names of employees."""
    header = (
        "call_id;datumtijd;wachtrij;keuzemenu;wachttijd_s;gesprekstijd_s;status;"
        "doorverbonden_naar;medewerker;notitie"
    )
    rows = []
    for p in people(6):
        hour, minute = 8 + p["nr"] % 9, p["nr"] % 60
        answered = p["nr"] % 9 != 0
        status = ("voicemail", "Opgehangen")[p["nr"] % 2]
        rows.append(
            [
                f"G{p['nr']:05d}",
                f"{p['dag']} {hour:02d}:{minute:02d}",
                "algemeen",
                _CHANNELS[p["kanaal"] or 0],
                p["nr"] % 90,
                int(p["minuten"] * 30) if answered else "",
                "Beantwoord" if answered else status,
                "team Burgerzaken" if p["nr"] % 7 == 0 and answered else "",
                f"Pietje Puk {p['nr'] % 5}",
                p["open"],
            ]
        )
    path.write_bytes(f"{header}\r\n{_csv(rows, ';')}".encode("cp1252"))
    return path


def coded_csv(path: Path) -> Path:
    """Coded interviews: two coders, plus and minus in words, words of people."""
    themes = ("Snelheid", "Vriendelijk", "Website", "")
    rows = [
        [
            f"F{p['nr']:03d}",
            f"P{p['nr'] % 20}",
            "AB"[p["nr"] % 2],
            themes[p["leeftijd"]],
            ("positief", "neutraal", "negatief")[p["nr"] % 3],
            p["open"],
        ]
        for p in people(7)
    ]
    names = [["fragment_id", "persoon", "codeur", "thema", "sentiment", "citaat"]]
    path.write_text(_csv([*names, *rows], ";"), encoding="utf-8")
    return path


FILES = {
    "bewoners.csv": windows_csv,
    "Export maart.xlsx": titled_xlsx,
    "klant.sav": labelled_sav,
    "limesurvey.csv": limesurvey_csv,
    "qualtrics.csv": qualtrics_csv,
    "telefonie.csv": telephone_csv,
    "gesprekken.csv": coded_csv,
}
SURVEYS = tuple(name for name in FILES if FILES[name] not in (telephone_csv, coded_csv))


def _csv(rows: Sequence[Sequence[object]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()
