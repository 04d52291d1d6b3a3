"""The committed files of The Hague: what the generator makes today, to the figures."""

import csv
import gzip
import io
import json
from collections import Counter, defaultdict

import pytest

from kcc_research.microdata.synthetic_den_haag import (
    KEY,
    demo_packed,
    demo_texts,
    interview_rows,
    survey_rows,
)
from kcc_research.microdata.synthetic_den_haag_calls import (
    CLOSED,
    NO_RECORDS,
    call_rows,
)
from tests.workspaces import PHONE, REPOSITORY

FILES = {**demo_texts(), **demo_packed()}
RAW = REPOSITORY / "data" / "raw"


@pytest.mark.parametrize("name", FILES)
def test_a_committed_file_is_what_the_generator_makes(name):
    content = (RAW / name).read_bytes()
    plain = gzip.decompress(content) if name.endswith(".gz") else content
    assert plain.decode("utf-8") == FILES[name]


def test_no_other_file_is_there_and_they_are_small():
    assert KEY == PHONE
    found = {each.relative_to(RAW).as_posix() for each in (RAW / KEY).iterdir()}
    assert found == set(FILES)
    assert (RAW / KEY / "telefonie.csv.gz").stat().st_size < 1_200_000


def test_750_callers_by_grade():
    grades = Counter(row["cijfer"] for row in survey_rows())
    assert sum(grades.values()) == 750
    assert sum(grades[str(grade)] for grade in range(7, 11)) == 525
    assert sum(grades[str(grade)] for grade in range(1, 7)) == 210
    assert grades["99"] == 15


def test_only_who_gave_a_six_or_lower_is_asked_for_barriers():
    for row in survey_rows():
        assert bool(row["belemmering"]) == (int(row["cijfer"]) <= 6)
        assert bool(row["belemmering_open"]) == bool(row["belemmering"])
        codes = row["belemmering"].split("|")
        assert len(codes) == len(set(codes))
        assert codes == ["X"] or "X" not in codes


def test_the_two_barriers_named_most():
    rows = survey_rows()
    named = Counter(
        code for row in rows for code in row["belemmering"].split("|") if code
    )
    assert [code for code, _ in named.most_common(2)] == ["N", "K"]
    assert sum(named.values()) > 210


def test_fifteen_interviews_some_coded_twice():
    rows = interview_rows()
    assert len({row["interview"] for row in rows}) == 15
    coders = defaultdict(set)
    for row in rows:
        coders[row["fragment_id"]].add(row["codeur"])
    assert all("a" in each for each in coders.values())
    assert 10 <= sum(len(each) == 2 for each in coders.values()) < len(coders)
    assert len({tuple(row.items()) for row in rows}) == len(rows)


def test_the_codes_are_those_of_the_study():
    scheme = (REPOSITORY / "studies" / KEY / "themas.toml").read_text("utf-8")
    for theme in {row["thema"] for row in interview_rows()}:
        assert f'id = "{theme}"' in scheme


def test_nobody_calls_on_a_closed_day_and_one_day_was_not_registered():
    days = {row["datumtijd"][:10] for row in call_rows()}
    for day in (*CLOSED, NO_RECORDS):
        assert f"{day:%d-%m-%Y}" not in days
    assert len(days) == 36


def test_a_call_that_nobody_took_has_no_result():
    for row in call_rows():
        taken = row["status"] == "beantwoord"
        assert bool(row["resultaat"]) == taken
        assert bool(row["gesprekstijd_s"]) == taken
        assert bool(row["doorverbonden_naar"]) == (row["resultaat"] == "doorverbonden")


def test_the_export_has_what_real_exports_have():
    rows = call_rows()
    numbers = Counter(row["call_id"] for row in rows)
    assert sum(n > 1 for n in numbers.values()) == 3
    waits = [int(row["wachttijd_s"]) for row in rows]
    assert sum(wait < 0 for wait in waits) == 2
    assert {row["status"] for row in rows} == {
        "beantwoord",
        "opgehangen",
        "overloop",
        "terugbel",
    }
    assert any(
        wait < 5 and row["status"] == "opgehangen"
        for wait, row in zip(waits, rows, strict=True)
    )


def test_the_text_is_read_as_it_was_written():
    text = FILES[f"{KEY}/enquete.csv"]
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert json.dumps(rows) == json.dumps(survey_rows())
