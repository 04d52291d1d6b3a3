"""The invented mystery contacts and desk scan: what the generator makes today."""

import gzip
from collections import Counter
from functools import cache

from kcc_research.microdata.synthetic_benchmark import (
    KEY,
    contact_rows,
    demo_packed,
    demo_texts,
    frame_rows,
)
from tests.workspaces import REPOSITORY

RAW = REPOSITORY / "data" / "raw"


@cache
def contacts():
    return contact_rows()


@cache
def norms():
    return frame_rows()


def test_the_committed_files_are_what_the_generator_makes():
    for name, text in demo_texts().items():
        assert (RAW / name).read_text(encoding="utf-8") == text
    for name, text in demo_packed().items():
        assert gzip.decompress((RAW / name).read_bytes()).decode() == text


def test_no_file_is_left_behind_and_all_together_are_small():
    files = [each for each in (RAW / KEY).rglob("*") if each.is_file()]
    names = {each.relative_to(RAW).as_posix() for each in files}
    assert names == {*demo_texts(), *demo_packed()}
    assert sum(each.stat().st_size for each in files) < 1_500_000


def test_every_municipality_has_at_most_thirty_contacts():
    names = [row["gemeente"].strip().removeprefix("Gemeente ") for row in contacts()]
    names = [each.removeprefix("gemeente ") for each in names]
    counts = Counter(names)
    assert len(counts) == 342
    assert max(counts.values()) <= 30
    # Ten is the least that may be published: on every way of contact by telephone.
    by_way = Counter((row["gemeente"][-3:], row["kanaal"]) for row in contacts())
    assert min(by_way.values()) >= 1


def test_who_reached_nobody_stays_and_has_no_answer():
    lost = [row for row in contacts() if row["bereikt"] == "n"]
    assert 0.1 < len(lost) / len(contacts()) < 0.25
    filled = ("wachttijd_s", "antwoordtijd_werkuren", "juistheid", "waardering")
    assert all(row[name] == "" for row in lost for name in filled)


def test_names_are_written_in_several_ways():
    spellings = {row["gemeente"] for row in contacts()}
    assert len(spellings) > 342
    assert any(each.startswith("Gemeente ") for each in spellings)


def test_every_norm_of_every_municipality_stands_once():
    places = Counter((row["gemeente"], row["norm"]) for row in norms())
    assert len(places) == 342 * 10
    assert set(places.values()) == {1}


def test_a_norm_that_is_not_there_has_no_level():
    for row in norms():
        is_there = row["norm_gepubliceerd"] == "j"
        assert is_there == bool(row["norm_waarde"]) == bool(row["norm_gemeten"])


def test_most_white_spots_are_in_the_dimension_of_the_article():
    def white(*names):
        rows = [row for row in norms() if row["norm"] in names]
        return sum(row["norm_gemeten"] != "j" for row in rows) / len(rows)

    service = white("vriendelijk", "meedenken", "in_een_keer", "waardering")
    assert service > white("bereikt", "telefoon_snel", "email_snel")
    assert service > white("juist", "volledig", "duidelijk")
