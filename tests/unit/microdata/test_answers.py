"""One cell as an answer to one question."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.microdata.answers import (
    Answer,
    AnswerReader,
    Codes,
    Fault,
    is_blank,
    normalised,
    written,
)
from kcc_research.microdata.numbers import NumberFormat
from kcc_research.microdata.stored import CellError, Percentage
from kcc_research.study.questionnaire import Question

COMMA = NumberFormat(",")


def test_blank_cells(question):
    for cell in (None, math.nan, "", "  ", "\u00a0", "\t"):
        assert is_blank(cell)
        assert AnswerReader(question("q", "choice"))(cell) == Answer(reason="no_answer")
    assert not is_blank("0")
    assert not is_blank(0.0)


def test_a_blank_may_be_declared(question):
    asked = question("q", "choice", missing={"": "not_asked"})
    assert AnswerReader(asked)("") == Answer(reason="not_asked")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (7.0, "7"),
        (7.5, "7.5"),
        (7, "7"),
        ("a ", "a "),
        (True, "TRUE"),
        (Percentage(0.66), "66%"),
        (CellError("#N/B"), "#N/B"),
        (dt.datetime(2023, 12, 17), "2023-12-17"),
        (dt.datetime(2023, 12, 17, 9, 30), "2023-12-17 09:30:00"),
    ],
)
def test_written(cell, text):
    assert written(cell) == text


def test_codes_prefer_the_exact_one():
    codes = Codes({"A": "groot", "a": "klein", "b": "be"})
    assert codes.find("a") == ("klein", False)
    assert codes.find("B ") == ("be", True)
    assert codes.find(" a") == (None, True)


@given(st.text(max_size=10))
def test_normalising_twice_changes_nothing(text):
    assert normalised(normalised(text)) == normalised(text) or not text.isascii()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("7,5", Answer(7.5)),
        (7.5, Answer(7.5)),
        (10, Answer(10.0)),
        ("11", Answer(reason="dont_know")),
        ("11,0", Answer(reason="dont_know")),
        (11.0, Answer(reason="dont_know")),
        ("Weet  NIET", Answer(reason="dont_know", rule="normalised")),
        ("0", Fault("KCC-D028", {"low": "1", "high": "10"})),
        (10.5, Fault("KCC-D028", {"low": "1", "high": "10"})),
        ("zes", Fault("KCC-D015", {"readings": ""})),
        (math.inf, Fault("KCC-D015")),
        (True, Fault("KCC-D015")),
        (1e16, Fault("KCC-D029")),
        (CellError("#N/B"), Fault("KCC-D033a")),
        (Percentage(0.7), Fault("KCC-D034c")),
        (dt.time(7, 30), Fault("KCC-D034d")),
        (dt.timedelta(hours=30), Fault("KCC-D034d")),
        (dt.date(2023, 7, 6), Fault("KCC-D034e")),
    ],
)
def test_a_grade(question, cell, expected):
    missing = {"11": "dont_know", "weet niet": "dont_know"}
    assert (
        AnswerReader(question("q", "grade", missing=missing), COMMA)(cell) == expected
    )


def test_a_missing_code_with_decimals_in_the_definition(question):
    asked = question("q", "number", missing={"99.5": "refused"})
    assert AnswerReader(asked, COMMA)("99,5") == Answer(reason="refused")


def test_a_scale_takes_its_codes_only(question):
    codes = {"1": "oneens", "3": "neutraal", "5": "eens"}
    reader = AnswerReader(question("q", "scale", codes=codes))
    assert reader("3") == Answer(3.0)
    assert reader("2") == Fault("KCC-D028", {"low": "1", "high": "5"})


@pytest.mark.parametrize("cell", [0.0, -2.0, "0", None, "", math.nan])
def test_a_weight_is_positive(question, cell):
    assert AnswerReader(question("q", "weight"))(cell) == Fault("KCC-D052")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1", Answer("ja")),
        (1.0, Answer("ja")),
        ("2 ", Answer("nee", rule="normalised")),
        ("9", Answer(reason="refused")),
        ("3", Fault("KCC-D044", {"known": "'1', '2'"})),
        (dt.date(2023, 2, 1), Fault("KCC-D034a", {"typed": "1-2"})),
        (dt.time(1, 0), Fault("KCC-D034d")),
        (Percentage(0.5), Fault("KCC-D034c")),
    ],
)
def test_a_choice(question, cell, expected):
    asked = question(
        "q", "choice", codes={"1": "ja", "2": "nee"}, missing={"9": "refused"}
    )
    assert AnswerReader(asked)(cell) == expected


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12-17", dt.date(2023, 12, 17)),
        ("12-17", dt.date(2017, 12, 1)),
        ("1-3", dt.date(2024, 3, 1)),
        ("03-04", dt.date(2024, 4, 3)),
        ("1/2", dt.date(2024, 1, 2)),
    ],
)
def test_what_was_typed_before_excel_made_a_date_of_it(question, typed, day):
    asked = question("q", "choice", codes=[typed, "anders"])
    assert AnswerReader(asked)(day) == Fault("KCC-D034a", {"typed": typed})


def test_excluding_is_for_codes_not_for_what_is_no_answer_at_all(question):
    chosen = question("q", "choice", out_of_range="exclude")
    graded = question("q", "grade", out_of_range="exclude")
    left_out = Answer(reason="no_answer", rule="out_of_range")
    assert AnswerReader(chosen)("misschien") == left_out
    assert AnswerReader(graded)(99.0) == left_out
    assert AnswerReader(graded)("zes") == Fault("KCC-D015", {"readings": ""})


def test_several_answers_in_one_cell(question):
    codes = {"B": "balie", "T": "telefoon"}
    reader = AnswerReader(question("q", "multiple", separator=",", codes=codes))
    assert reader("B") == Answer(frozenset({"balie"}))
    assert reader("T, B") == Answer(frozenset({"balie", "telefoon"}))
    assert reader("t") == Answer(frozenset({"telefoon"}), rule="normalised")
    assert reader("B,X") == Fault("KCC-D044", {"known": "'B', 'T'"})
    assert reader("") == Answer(reason="no_answer")


def test_ticked_boxes(question):
    plain = AnswerReader(question("q", "multiple", columns={"balie": "m1"}))
    assert [plain("1"), plain(0.0)] == [Answer(1.0), Answer(0.0)]
    assert plain("") == Answer(reason="no_answer")
    assert isinstance(plain("ja"), Fault)
    codes = {"Y": "1", "NA": "0", "": "0"}
    declared = AnswerReader(question("q", "multiple", columns=["m1"], codes=codes))
    assert [declared("Y"), declared("NA"), declared(None)] == [
        Answer(1.0),
        Answer(0.0),
        Answer(0.0),
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("17-12-2023", Answer(dt.datetime(2023, 12, 17))),
        (dt.date(2023, 12, 17), Answer(dt.datetime(2023, 12, 17))),
        (dt.datetime(2023, 12, 17, 9), Answer(dt.datetime(2023, 12, 17, 9))),
        ("12-17-2023", Fault("KCC-D035", {"format": "dd-mm-jjjj"})),
        ("17-12-2٠23", Fault("KCC-D035", {"format": "dd-mm-jjjj"})),
        ("2023-12-17", Fault("KCC-D035", {"format": "dd-mm-jjjj"})),
        (45277.0, Fault("KCC-D034b")),
        (dt.time(9), Fault("KCC-D034d")),
        ("99", Answer(reason="refused")),
    ],
)
def test_a_date(question, cell, expected):
    asked = question("q", "date", date_format="%d-%m-%Y", missing={"99": "refused"})
    assert AnswerReader(asked)(cell) == expected


def test_an_open_answer(question):
    reader = AnswerReader(question("q", "text", missing={"nvt": "not_asked"}))
    assert reader("goed\nhoor") == Answer("goed\nhoor")
    assert reader("N.v.t.") == Answer("N.v.t.")
    assert reader("NVT") == Answer(reason="not_asked", rule="normalised")
    assert reader("a\x07b") == Answer("ab", rule="control_characters")
    assert reader("bel 0612345678") == Answer(
        "bel [afgeschermd]", rule="personal_data", kinds=("telefoonnummer",)
    )


CELLS = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.builds(Percentage, st.floats(allow_nan=False, allow_infinity=False)),
    st.builds(CellError, st.text(max_size=6)),
)
KINDS = {
    "grade": {"range": [1, 10], "direction": "higher_is_better"},
    "choice": {"codes": ["ja", "nee", "1-2"]},
    "number": {},
    "weight": {},
    "date": {},
    "text": {},
    "multiple": {"separator": ";", "codes": ["ja", "nee"]},
}


@given(CELLS, st.sampled_from(sorted(KINDS)))
def test_every_cell_is_a_value_a_reason_or_a_fault(cell, kind):
    given_ = {"id": "q", "column": "q", "text": "q", "type": kind, "sensitive": False}
    asked = Question.model_validate(given_ | KINDS[kind])
    found = AnswerReader(asked, COMMA)(cell)
    if isinstance(found, Answer):
        assert (found.value is None) != (found.reason is None)
    else:
        assert found.code.startswith("KCC-D0")
