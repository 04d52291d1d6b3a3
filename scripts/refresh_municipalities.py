# ruff: noqa: INP001 (a script, not a package)
"""Rewrite the municipality register from the files of CBS; review the diff.

    python scripts/refresh_municipalities.py FOLDER

FOLDER holds ``cbs_85067NED/data.csv`` and ``RegioS.csv`` (CBS table 85067NED, *Gebieden
in Nederland 2022*) and ``gemeenten_342.csv`` (present municipalities). Changes after
1-1-2022 and the names people use in speech are not in those files; they stand below.
"""

from __future__ import annotations

import csv
import re
import sys
from datetime import date
from pathlib import Path

from kcc_research.study.municipality import size_class

TARGET = Path(__file__).parents[1] / "src/kcc_research/data/municipalities.csv"
VINTAGE = "2022-01-01"
COLUMNS = (
    "gm,name,aliases,province,corop,population,population_date,size_class,"
    "valid_from,valid_to,successor"
).split(",")

# Former code → (successor, first day of the new situation). The date of Weesp is an
# assumption (DOMAIN-D44).
MERGERS = {
    "GM0457": ("GM0363", "2022-03-24"),
    "GM0501": ("GM1992", "2023-01-01"),
    "GM0530": ("GM1992", "2023-01-01"),
    "GM0614": ("GM1992", "2023-01-01"),
}
SPOKEN = {
    "GM0518": ("Den Haag",),
    "GM0796": ("Den Bosch",),
    "GM0373": ("Bergen (Noord-Holland)",),
    "GM0893": ("Bergen (Limburg)",),
    "GM1900": ("Súdwest Fryslân",),
    "GM1970": ("Noardeast Fryslân",),
}


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV of CBS, whose fields are padded with blanks."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [{key: value.strip() for key, value in row.items()} for row in rows]


def since(description: str) -> str:
    """First day under this code by the history of CBS; empty where it is not told."""
    match = re.search(
        r"(?:Ontstaan per|Begindatum) (\d\d)-(\d\d)-(\d{4})",
        description,
    )
    return (
        date(int(match[3]), int(match[2]), int(match[1])).isoformat() if match else ""
    )


def row(
    gm: str,
    names: tuple[str, ...],
    area: dict[str, str],
    population: int,
    **period: str,
) -> dict[str, str]:
    """One row of the register."""
    aliases = dict.fromkeys((*names[1:], *SPOKEN.get(gm, ())))
    aliases.pop(names[0], None)
    return {
        "gm": gm,
        "name": names[0],
        "aliases": "|".join(aliases),
        "province": area["province"],
        "corop": area["corop"],
        "population": str(population),
        "population_date": VINTAGE,
        "size_class": str(size_class(population)),
        "valid_from": period.get("valid_from", ""),
        "valid_to": period.get("valid_to", ""),
        "successor": period.get("successor", ""),
    }


def rows(folder: Path) -> list[dict[str, str]]:
    """All rows, by code and period."""
    history = {
        each["Key"]: each["Description"]
        for each in read(folder / "cbs_85067NED" / "RegioS.csv")
    }
    present = {each["gm_code"]: each for each in read(folder / "gemeenten_342.csv")}
    found = []
    for then in read(folder / "cbs_85067NED" / "data.csv"):
        gm = then["RegioS"]
        now = present.get(gm)
        names = (now["gemeente"], then["Naam_2"]) if now else (then["Naam_2"],)
        area = {"province": then["Naam_27"], "corop": then["Naam_9"]}
        start = since(history[gm])
        before = int(then["Inwonertal_54"])
        if now is None:
            successor, day = MERGERS[gm]
            period = {"valid_to": day, "successor": successor}
            found.append(row(gm, names, area, before, valid_from=start, **period))
            continue
        after = int(now["inwoners_2022"])
        grown = {new: day for new, day in MERGERS.values()}.get(gm, "")
        found.append(row(gm, names, area, before, valid_from=start, valid_to=grown))
        if grown:
            found.append(row(gm, names, area, after, valid_from=grown))
    for gm in present.keys() - {each["gm"] for each in found}:
        now = present[gm]
        day = next(day for new, day in MERGERS.values() if new == gm)
        area = {"province": now["provincie"], "corop": now["corop"]}
        population = int(now["inwoners_2022"])
        found.append(row(gm, (now["gemeente"],), area, population, valid_from=day))
    return sorted(found, key=lambda each: (each["gm"], each["valid_from"]))


def main() -> None:
    """Write the register."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
