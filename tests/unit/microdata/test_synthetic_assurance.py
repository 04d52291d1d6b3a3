"""The committed workbook of the municipalities: what the generator makes today."""

from collections import Counter
from datetime import date, datetime
from functools import cache

import openpyxl
import pytest

from kcc_research.microdata.synthetic_assurance import (
    KEY,
    SHEET,
    assurance_rows,
    demo_workbooks,
)
from tests.workspaces import REPOSITORY

PROBLEMS = [name for name in assurance_rows()[0] if name.startswith("probleem_")]


@cache
def participants():
    """The last answer of every municipality, by the number in its name."""
    kept = {}
    for row in assurance_rows():
        kept[str(row["gemeente"]).strip()[-3:]] = row
    return list(kept.values())


def count(column, answer):
    return sum(row[column] == answer for row in participants())


def test_the_committed_cells_are_what_the_generator_makes():
    ((name, sheet),) = demo_workbooks().items()
    book = openpyxl.load_workbook(REPOSITORY / "data" / "raw" / name)
    assert book.sheetnames == [SHEET]
    header, *rows = book[SHEET].iter_rows(values_only=True)
    assert header == sheet.columns
    plain = [
        tuple(each.date() if isinstance(each, datetime) else each for each in row)
        for row in rows
    ]
    assert plain == [tuple(row.values()) for row in sheet.rows]


def test_no_file_is_left_behind_and_it_is_small():
    folder = REPOSITORY / "data" / "raw" / KEY
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(REPOSITORY / "data/raw").as_posix() for path in files}
    assert names == set(demo_workbooks())
    assert sum(path.stat().st_size for path in files) < 50_000


def test_84_municipalities_gave_86_answers():
    assert len(assurance_rows()) == 86
    assert len(participants()) == 84


def test_no_real_municipality_is_named():
    for row in assurance_rows():
        assert "Voorbeeldgemeente" in str(row["gemeente"])
        assert row["gemeentecode"] is None or str(row["gemeentecode"]) > "GM9000"


@pytest.mark.parametrize(
    ("column", "answer", "expected"),
    [
        ("visie_kwaliteit", "ja", 26),  # G4
        ("normen_kwalitatief", "ja", 28),  # G5
        ("bel_cultuur", 1, 34),  # G6
        ("bel_cultuur", None, 1),  # G6: without this blank 41% cannot be
        ("bel_personeel", 1, 54),  # G9
        ("training_structureel", "ja", 19),  # G10
    ],
)
def test_a_published_count(column, answer, expected):
    assert count(column, answer) == expected


def test_g7_g8_who_agrees():
    for column, expected in (
        ("stelling_samenwerking", 79),
        ("stelling_uitwisseling", 64),
    ):
        assert count(column, 4) + count(column, 5) == expected


def test_g11_obstacles_lie_in_their_bands():
    assert 38 <= count("bel_middelen", 1) <= 41
    assert count("bel_bureaucratie", 1) >= 43
    assert count("bel_feedback", 1) >= 43


def test_g12_the_ratio_of_the_mean_numbers_of_problems():
    totals, sizes = Counter(), Counter()
    for row in participants():
        group = (row["visie_kwaliteit"] == "ja", row["normen_kwalitatief"] == "ja")
        totals[group] += sum(int(row[name]) for name in PROBLEMS)
        sizes[group] += 1
    means = {group: totals[group] / sizes[group] for group in sizes}
    assert 0.40 < means[False, False] / means[True, True] - 1 <= 0.42
    assert min(sizes.values()) >= 10  # every group may be published


def test_answers_fall_within_the_fieldwork():
    days = [row["datum"] for row in assurance_rows()]
    assert min(days) >= date(2023, 3, 6)
    assert max(days) <= date(2023, 4, 14)
