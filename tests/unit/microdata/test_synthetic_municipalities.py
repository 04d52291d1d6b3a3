"""Invented municipalities: the same every time, each its own size and quality."""

import csv
import io

import pytest

from kcc_research.microdata import synthetic_municipalities as made


def rows(number):
    return list(csv.DictReader(io.StringIO(made.answers(number)), delimiter=";"))


@pytest.mark.parametrize("number", [1, 57, 342])
def test_a_file_has_the_size_and_the_quality_of_its_municipality(number):
    found = rows(number)
    assert len(found) == made.sample_size(number)
    grades = [int(row["cijfer"]) for row in found]
    assert sum(grades) / len(grades) == pytest.approx(made.quality(number), abs=0.1)
    assert {row["kern"] for row in found} == set(made.TOWNS.values())


def test_sizes_and_qualities_differ_as_they_would():
    sizes = [made.sample_size(number) for number in range(1, 343)]
    qualities = [made.quality(number) for number in range(1, 343)]
    assert made.FEWEST <= min(sizes) < 200
    assert 850 < max(sizes) <= made.MOST
    assert 5 < min(qualities) < 6
    assert 7.2 < max(qualities) < 8.5


def test_a_file_is_the_same_every_time():
    assert made.answers(7) == made.answers(7)
    assert made.answers(7) != made.answers(8)


def test_a_handful_of_faults_is_planted_each_once():
    assert sorted(made.planted(342).values()) == sorted(made.FAULTY)
    assert max(made.planted(342)) <= 342
    assert made.planted(5) == {}


def test_each_fault_changes_the_file_and_nothing_else():
    text = made.answers(1)
    lines = text.splitlines()
    for fault in ("grade", "column", "row"):
        damaged = made.with_fault(text, fault).splitlines()
        changed = [a != b for a, b in zip(lines, damaged, strict=True)]
        assert sum(changed) == 1
    assert made.with_fault(text, "empty").splitlines() == lines[:1]
    assert made.with_fault(text, "definition") == text
