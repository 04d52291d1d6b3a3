"""Who was asked what."""

import numpy as np
import pandas as pd
import pytest

from kcc_research.microdata.question_answers import question_answers
from kcc_research.microdata.raw_table import FileFacts, RawTable
from kcc_research.microdata.routing import fulfilled, routed
from kcc_research.study.condition import parse_condition


@pytest.fixture
def answered(questionnaire):
    """Answers to questions, routed, from columns of text."""

    def answer(questions, **columns):
        rows = np.arange(2, len(next(iter(columns.values()))) + 2, dtype=np.int64)
        facts = FileFacts("proef.csv", ".csv", "0" * 64, 1)
        cells = pd.DataFrame(columns, dtype="str")
        raw = RawTable(cells, rows, rows, rows * 0, (facts,))
        read = {each.id: question_answers(each, raw) for each in questions}
        return routed(read, questionnaire(*questions))

    return answer


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("contact = ja", [True, False, False, False]),
        ("contact != ja", [False, True, False, False]),
        ("contact in ja | nee", [True, True, False, False]),
        ("kanaal = balie", [True, False, True, False]),
        ("kanaal != balie", [False, True, False, False]),
        ("oordeel = eens", [False, True, False, False]),
        ("contact = ja and kanaal = balie", [True, False, False, False]),
    ],
)
def test_conditions(answered, question, condition, expected):
    questions = [
        question("contact", "choice"),
        question("kanaal", "multiple", separator=",", codes=["balie", "web"]),
        question("oordeel", "scale", codes={"1": "oneens", "5": "eens"}),
    ]
    answers = answered(
        questions,
        contact=["ja", "nee", "", ""],
        kanaal=["balie", "web", "web,balie", ""],
        oordeel=["1", "5", "", ""],
    )
    assert fulfilled(parse_condition(condition), answers).tolist() == expected


def test_who_is_not_asked_one_question_is_not_asked_the_next(answered, question):
    questions = [
        question("cijfer", "grade", asked_if="kanaal = ja"),
        question("kanaal", "choice", asked_if="contact = ja"),
        question("contact", "choice"),
    ]
    answers = answered(
        questions,
        cijfer=["7", "8", "9", ""],
        kanaal=["ja", "ja", "nee", ""],
        contact=["ja", "nee", "ja", "nee"],
    )
    assert list(answers) == ["cijfer", "kanaal", "contact"]
    assert answers["cijfer"].off_route.tolist() == [False, True, True, True]
    assert answers["cijfer"].removed.tolist() == [False, True, True, False]
    np.testing.assert_array_equal(
        answers["cijfer"].numbers, [7, np.nan, np.nan, np.nan]
    )
    assert answers["kanaal"].values.tolist() == ["ja", None, "nee", None]
    assert answers["cijfer"].reasons.tolist() == [None] + ["not_asked"] * 3


def test_boxes_off_route_are_no_zeros(answered, question):
    boxes = {"balie": "m1", "web": "m2"}
    zeros = {"1": "1", "": "0"}
    questions = [
        question("contact", "choice"),
        question("m", "multiple", columns=boxes, codes=zeros, asked_if="contact = ja"),
    ]
    answers = answered(questions, contact=["ja", "nee"], m1=["1", ""], m2=["", ""])
    np.testing.assert_array_equal(answers["m"].numbers, [[1, 0], [np.nan, np.nan]])
    assert answers["m"].reasons.tolist() == [None, "not_asked"]
    assert not answers["m"].removed.any()


def test_dates_and_declared_not_asked(answered, question):
    questions = [
        question("contact", "choice"),
        question("dag", "date", asked_if="contact = ja", missing={"9": "not_asked"}),
    ]
    answers = answered(
        questions, contact=["ja", "nee", "nee"], dag=["2023-01-02", "2023-01-02", "9"]
    )
    assert np.isnat(answers["dag"].values).tolist() == [False, True, True]
    assert answers["dag"].removed.tolist() == [False, True, False]


def test_the_first_identifier_is_the_key(answered, question):
    questions = [question("nr", "identifier"), question("naam", "identifier")]
    answers = answered(questions, nr=["1"], naam=["x"])
    assert [each.is_key for each in answers.values()] == [True, False]
