"""Values and reasons of one question."""

import numpy as np
import pandas as pd
import pytest

from kcc_research.microdata.question_answers import question_answers
from kcc_research.microdata.raw_table import FileFacts, RawTable


@pytest.fixture
def answers():
    def make(question, **columns):
        cells = pd.DataFrame(columns, dtype="object")
        rows = np.arange(2, len(cells) + 2, dtype=np.int64)
        facts = (FileFacts("proef.xlsx", ".xlsx", "0" * 64, 1),)
        return question_answers(question, RawTable(cells, rows, rows, rows * 0, facts))

    return make


def test_numbers_and_reasons(answers, question):
    found = answers(
        question("q", "grade", missing={"11": "dont_know"}), q=[7.0, 11.0, None]
    )
    np.testing.assert_array_equal(found.numbers, [7.0, np.nan, np.nan])
    assert found.reasons.tolist() == [None, "dont_know", "no_answer"]
    assert found.blank.tolist() == [False, False, True]


def test_identifiers_leave_no_value(answers, question):
    found = answers(question("nr", "identifier"), nr=[17.0, 18.0])
    assert found.values.tolist() == [None, None]
    assert found.reasons.tolist() == [None, None]


def test_a_reason_in_any_box_is_a_reason(answers, question):
    boxes = question("m", "multiple", columns=["a", "b"], missing={"9": "refused"})
    found = answers(boxes, a=[1.0, 0.0, None], b=[9.0, 1.0, None])
    np.testing.assert_array_equal(found.numbers, [[1, np.nan], [0, 1], [np.nan] * 2])
    assert found.reasons.tolist() == ["refused", None, "no_answer"]
    assert found.blank.tolist() == [False, False, True]
