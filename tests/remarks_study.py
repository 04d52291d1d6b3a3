"""A small study of interviews: thirteen people, two coders, three quotations.

The raw file is written as a researcher would deliver it: one row per fragment, coder
and theme. Nobody said any of this.
"""

from __future__ import annotations

from pathlib import Path

from kcc_research.study.quote_decision import fingerprint

KEY = "xx-teststad/2024-gesprekken"
SOURCE = "gesprekken"
PHONE = "Bel mij op 06-12345678, dan leg ik het uit."
WAITED = "Ik stond zo lang te wachten dat mijn bus weg was."
HELPED = "Ze dacht echt met mij mee."

MEASUREMENT = """\
title = "Gesprekken in de hal"
study = "experience"
place = "Teststad"
synthetic = true
published = 2024-03-29
retain_until = 2030-12-31
commissioner = "Gemeente Teststad"
status = "definitief"
[fieldwork]
start = 2024-01-08
end = 2024-02-04
mode = "face-to-face"
recruitment = "intercept"
[[source]]
id = "gesprekken"
kind = "remarks"
file = "gesprekken.csv"
format = { delimiter = ";", encoding = "utf-8" }
coding = "themas.toml"
"""

SCHEME = """\
title = "Gesprekken"
person = "gesprekspartner"
persons = "gesprekspartners"
[column]
fragment = "fragment_id"
person = "gesprek"
source = "bron"
role = "rol"
coder = "codeur"
theme = "thema"
subtheme = "subcode"
valence = "valentie"
quotation = "citaat"
[sources]
hal = "gesprekken in de hal"
panel = "inwonerspanel"
[roles]
b = "bezoeker"
r = "raadslid"
[coders]
a = "eerste codeur"
b = "tweede codeur"
[[theme]]
id = "snelheid"
label = "snelheid"
definition = "Hoe lang het duurt voordat iemand geholpen is."
codes = ["SNEL"]
[[theme.subtheme]]
id = "wachten"
label = "wachten in de hal"
codes = ["w"]
[[theme]]
id = "maatwerk"
label = "maatwerk"
definition = "Meedenken als een situatie anders is dan anders."
codes = ["MAAT"]
[[theme]]
id = "duidelijkheid"
label = "duidelijkheid"
definition = "Weten waar u aan toe bent."
codes = ["DUID"]
"""

HEADER = "fragment_id;gesprek;bron;rol;codeur;thema;subcode;valentie;citaat"


def line(
    fragment: str,
    person: str,
    theme: str,
    *,
    bron: str = "hal",
    rol: str = "b",
    coder: str = "a",
    subcode: str = "",
    valence: str = "0",
    said: str = "",
) -> str:
    """A row of the raw file."""
    cells = (fragment, person, bron, rol, coder, theme, subcode, valence, said)
    return ";".join(cells)


def rows() -> list[str]:
    """Eleven visitors in the hall and two councillors in the panel.

    Everybody speaks of *snelheid* but the councillors, who speak of *duidelijkheid*;
    the first four visitors speak of *maatwerk* as well. The second coder coded the
    first twelve fragments, and saw *duidelijkheid* where the first saw *maatwerk* in
    one of them.
    """
    found = []
    for number in range(1, 12):
        words = {1: WAITED, 2: PHONE}.get(number, "")
        found.append(
            line(
                f"F{number:02d}",
                f"g{number}",
                "SNEL",
                subcode="w" if number <= 3 else "",
                valence="-" if number <= 5 else "+",
                said=words,
            )
        )
    for number in range(1, 5):
        words = HELPED if number == 1 else ""
        found.append(
            line(f"F{20 + number}", f"g{number}", "MAAT", valence="+", said=words)
        )
    for number in (12, 13):
        found.append(line(f"F{number}", f"g{number}", "DUID", bron="panel", rol="r"))
    for number in range(1, 12):
        found.append(line(f"F{number:02d}", f"g{number}", "SNEL", coder="b"))
    found.append(line("F21", "g1", "DUID", coder="b"))
    return found


def quote(fragment: str, said: str, speaker: str = '["bezoeker"]') -> str:
    """A decision in quotes.toml about words that were read as ``said``."""
    return (
        f'[[quote]]\nsource = "{SOURCE}"\nfragment = "{fragment}"\n'
        f'fingerprint = "{fingerprint(said)}"\napproved_by = "onderzoeker"\n'
        f"date = 2024-02-20\nspeaker = {speaker}\n"
    )


def write_study(
    root: Path,
    lines: list[str] | None = None,
    *,
    scheme: str = SCHEME,
    measurement: str = MEASUREMENT,
    quotes: str = "",
) -> Path:
    """The definitions and the raw file below ``root``; gives ``root`` back."""
    study, raw = root / "studies" / KEY, root / "data" / "raw" / KEY
    study.mkdir(parents=True, exist_ok=True)
    raw.mkdir(parents=True, exist_ok=True)
    (study / "measurement.toml").write_text(measurement, encoding="utf-8")
    (study / "themas.toml").write_text(scheme, encoding="utf-8")
    if quotes:
        (study / "quotes.toml").write_text(quotes, encoding="utf-8")
    content = "\n".join([HEADER, *(rows() if lines is None else lines)])
    (raw / "gesprekken.csv").write_text(f"{content}\n", encoding="utf-8")
    return root
