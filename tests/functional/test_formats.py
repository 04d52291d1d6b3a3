"""One survey delivered in every format: the command line gives the same figures.

The raw file of the 2021 measurement stands four times in one measurement: as it is, in
Excel, compressed and in SPSS.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from tests.ready_command import ready_kcc
from tests.workspaces import (
    DEMONSTRATION,
    fresh_copy,
)

KEY = f"{DEMONSTRATION}/2021-klantbeleving"
FORMATS = {"algemeen": "csv", "excel": "xlsx", "gepakt": "csv.gz", "spss": "sav"}


def typed(text: str) -> float | dt.date | str | None:
    """A cell as a spreadsheet or statistics program would hold it."""
    for kind in (
        lambda cell: float(cell.replace(",", ".")),
        lambda cell: dt.datetime.strptime(cell, "%d-%m-%Y").date(),
    ):
        try:
            return kind(text)
        except ValueError:
            continue
    return text or None


def as_xlsx(rows: list[list[str]], path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Data"
    book.active.append(rows[0])
    for row in rows[1:]:
        book.active.append([typed(cell) for cell in row])
    book.save(path)


def as_sav(rows: list[list[str]], path: Path) -> None:
    cells = [[typed(cell) for cell in row] for row in rows[1:]]
    pyreadstat.write_sav(pd.DataFrame(cells, columns=rows[0]), str(path))


def deliver(raw: Path) -> None:
    """Write the file of the folder in the other formats."""
    original = raw / "algemeen.csv"
    with original.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    as_xlsx(rows, raw / "excel.xlsx")
    as_sav(rows, raw / "spss.sav")
    (raw / "gepakt.csv.gz").write_bytes(gzip.compress(original.read_bytes()))


def declare(measurement: Path) -> None:
    """A source per format, each a copy of the first."""
    start, table, source = measurement.read_text("utf-8").partition("[[source]]")
    copies = [
        table
        + source.replace('id = "algemeen"', f'id = "{name}"').replace(
            'file = "algemeen.csv"', f'file = "{name}.{ending}"'
        )
        for name, ending in FORMATS.items()
    ]
    measurement.write_text(start + "\n".join(copies), encoding="utf-8")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    root = fresh_copy(tmp_path_factory.mktemp("formaten"))
    for folder in ("studies", "data/raw"):
        for other in ("2022-klantbeleving", "2023-klantbeleving"):
            shutil.rmtree(root / folder / DEMONSTRATION / other)
    deliver(root / "data/raw" / KEY)
    declare(root / "studies" / KEY / "measurement.toml")
    done = ready_kcc(root, "run", KEY)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "outputs" / KEY


def test_every_format_gives_the_same_figures(outputs):
    rows = pd.read_csv(outputs / "tables" / "estimates.csv", dtype=str)
    columns = [each for each in rows if each != "source"]
    first, *others = (
        rows.loc[rows["source"] == name, columns].reset_index(drop=True)
        for name in FORMATS
    )
    assert len(first) > 100
    for other in others:
        pd.testing.assert_frame_equal(other, first)


def test_the_report_accounts_for_every_file_by_its_own_name(outputs):
    account = json.loads((outputs / "inputs.json").read_text("utf-8"))
    names = [file["name"] for each in account["sources"] for file in each["files"]]
    assert names == [f"{name}.{ending}" for name, ending in FORMATS.items()]
