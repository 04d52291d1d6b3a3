"""The committed deliveries are what the generator makes, with what was built in."""

import csv
import io
from collections import Counter
from datetime import datetime
from functools import cache

from kcc_research.microdata.synthetic_doorlopend import KEY, demo_series
from tests.workspaces import REPOSITORY


@cache
def files():
    return {
        name.removeprefix(f"{KEY}/"): list(
            csv.DictReader(io.StringIO(text), delimiter=";")
        )
        for name, text in demo_series().items()
    }


def answers():
    return [row for name in sorted(files()) if name[0] == "2" for row in files()[name]]


def day(row, column):
    return datetime.strptime(row[column], "%d-%m-%Y").date()


def test_the_committed_files_are_what_the_generator_makes():
    folder = REPOSITORY / "data" / "raw"
    made = demo_series()
    for name, text in made.items():
        assert (folder / name).read_text("utf-8") == text, name
    committed = {each.name for each in (folder / KEY).iterdir()}
    assert committed == {name.rpartition("/")[2] for name in made}


def test_they_are_small():
    assert sum(len(text.encode()) for text in demo_series().values()) < 300_000


def test_july_was_not_delivered_and_nobody_was_asked():
    assert "2024-07.csv" not in files()
    july = [r for r in files()["uitnodigingen.csv"] if r["datum"][3:5] == "07"]
    assert {row["uitgenodigd"] for row in july} == {"0"}
    assert all(int(row["contacten"]) > 0 for row in july)
    assert all(day(row, "uitnodiging_datum").month != 7 for row in answers())


def test_contacts_are_unique_and_files_hold_the_answers_of_their_month():
    assert max(Counter(row["contact_id"] for row in answers()).values()) == 1
    for name, rows in files().items():
        if name[0] == "2":
            assert {day(row, "datum").strftime("%Y-%m.csv") for row in rows} == {name}


def test_some_persons_were_invited_again_within_ninety_days():
    by_person = {}
    for row in answers():
        by_person.setdefault(row["persoon"], []).append(day(row, "uitnodiging_datum"))
    soon = [
        days
        for days in map(sorted, by_person.values())
        if any((b - a).days < 90 for a, b in zip(days, days[1:], strict=False))
    ]
    assert len(soon) == 5
