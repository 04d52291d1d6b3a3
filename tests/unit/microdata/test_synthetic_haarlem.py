"""The committed files of the counter study: what the generator makes today."""

import csv
import gzip
from collections import Counter
from datetime import date, datetime
from functools import cache

import openpyxl

from kcc_research.microdata.synthetic_haarlem import (
    DAY_PARTS,
    FORMS,
    KEY,
    OBSERVED,
    demo_packed,
    demo_sheets,
    demo_texts,
)
from kcc_research.microdata.synthetic_haarlem_tickets import (
    DOUBLED,
    HELPED,
    LEFT,
    NO_SHOWS,
    OUTAGE,
    helped_per_product,
)
from tests.workspaces import REPOSITORY

RAW = REPOSITORY / "data" / "raw"


@cache
def tickets():
    (text,) = demo_packed().values()
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


@cache
def rows(name):
    (text,) = (each for path, each in demo_texts().items() if path.endswith(name))
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def forms():
    return demo_sheets()[f"{KEY}/balie.xlsx"].rows


def test_the_committed_texts_are_what_the_generator_makes():
    for name, text in demo_texts().items():
        assert (RAW / name).read_text(encoding="utf-8") == text
    for name, text in demo_packed().items():
        packed = (RAW / name).read_bytes()
        assert gzip.decompress(packed).decode() == text
        assert len(packed) <= 2_000_000
        assert packed[4:8] == b"\0\0\0\0"  # no time of writing


def test_the_committed_cells_are_what_the_generator_makes():
    for name, sheet in demo_sheets().items():
        book = openpyxl.load_workbook(RAW / name)
        assert book.sheetnames == [sheet.name]
        header, *found = book[sheet.name].iter_rows(values_only=True)
        assert header == sheet.columns
        plain = [
            tuple(each.date() if isinstance(each, datetime) else each for each in row)
            for row in found
        ]
        assert plain == [tuple(row.values()) for row in sheet.rows]


def test_no_file_is_left_behind():
    names = {path.relative_to(RAW).as_posix() for path in (RAW / KEY).iterdir()}
    assert names == {*demo_texts(), *demo_packed(), *demo_sheets()}


def test_tickets_hold_the_published_number_and_the_faults_of_a_real_export():
    once = {tuple(row.values()) for row in tickets()}
    assert len(tickets()) - len(once) == DOUBLED
    statuses = Counter(row[-1] for row in once)
    assert statuses == {"geholpen": HELPED, "no-show": NO_SHOWS, "vertrokken": LEFT}
    assert 75_000 < HELPED <= 76_500
    days = {datetime.strptime(row["datum"], "%d-%m-%Y").date() for row in tickets()}
    assert not [day for day in days if OUTAGE[0] <= day <= OUTAGE[1]]
    assert any(row["oproeptijd"] < row["aanmeldtijd"] for row in _helped())
    assert any(row["eindtijd"].startswith("00:") for row in _helped())


def _helped():
    return [row for row in tickets() if row["status"] == "geholpen"]


def test_the_volumes_to_weight_to_are_those_of_the_tickets():
    once = {tuple(row.values()) for row in tickets()}
    counted = Counter(row[4] for row in once if row[-1] == "geholpen")
    assert counted == helped_per_product()
    file = REPOSITORY / "studies" / KEY / "bezoeken.csv"
    declared = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert {each["category"]: int(each["count"]) for each in declared} == counted


def test_a_ticket_number_comes_once_a_day_and_place():
    once = {tuple(row.values()) for row in tickets()}
    assert len({(row[0], row[1], row[2]) for row in once}) == len(once)


def test_forms_come_from_every_day_part_and_name_the_four_themes_most():
    assert len(forms()) == FORMS
    assert {row["dagdeel"] for row in forms()} == set(range(1, DAY_PARTS + 1))
    named = Counter(
        theme
        for row in forms()
        if row["toelichting_themas"]
        for theme in str(row["toelichting_themas"]).split(";")
    )
    assert {theme for theme, _ in named.most_common(4)} == {
        "duidelijkheid",
        "snelheid",
        "klantgerichtheid",
        "deskundigheid",
    }
    assert named.most_common(5)[4][1] < named.most_common(4)[3][1]


def test_more_visitors_are_satisfied_and_more_contacts_tailored_than_not():
    grades = [row["cijfer"] for row in forms() if int(str(row["cijfer"])) <= 10]
    satisfied = sum(int(str(each)) >= 7 for each in grades)
    dissatisfied = sum(int(str(each)) <= 5 for each in grades)
    assert satisfied > dissatisfied
    tailored = Counter(row["maatwerk"] for row in rows("observaties.csv"))
    assert tailored["j"] > tailored["n"] > 0
    assert tailored.total() == OBSERVED


def test_the_fieldwork_falls_on_working_days():
    days = {row["datum"] for row in forms()}
    assert all(isinstance(day, date) and day.weekday() < 5 for day in days)


def test_part_of_the_fragments_was_coded_twice():
    coded = Counter(row["fragment_id"] for row in rows("gesprekken.csv"))
    assert set(coded.values()) == {1, 2}
    assert sum(count == 2 for count in coded.values()) >= 40
