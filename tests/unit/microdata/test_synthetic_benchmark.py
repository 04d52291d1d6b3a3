"""The invented mystery contacts and desk scan: what the generator makes today."""

import gzip
from collections import Counter
from functools import cache

import pytest

from kcc_research.microdata.synthetic_benchmark import (
    KEY,
    contact_rows,
    demo_benchmark,
    frame_rows,
)
from tests.workspaces import REPOSITORY


@cache
def contacts():
    return contact_rows()


@cache
def norms():
    return frame_rows()


def plain(content):
    """Content without the packing, which may differ per version of zlib."""
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


@pytest.mark.parametrize("name", ["contacten.csv.gz", "servicekader.csv"])
def test_the_committed_files_are_what_the_generator_makes(name):
    committed = (REPOSITORY / "data" / "raw" / KEY / name).read_bytes()
    assert plain(committed) == plain(demo_benchmark()[f"{KEY}/{name}"])


def test_the_files_stay_small():
    assert sum(len(each) for each in demo_benchmark().values()) < 1_500_000


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
