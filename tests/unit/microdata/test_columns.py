"""A column read by its distinct cells equals a column read cell by cell."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.microdata.answers import Answer, AnswerReader, Fault
from kcc_research.microdata.columns import every, read_column
from kcc_research.study.questionnaire import Question

GRADE = Question.model_validate(
    {
        "id": "q",
        "column": "q",
        "text": "q",
        "type": "grade",
        "sensitive": False,
        "range": [1, 10],
        "direction": "higher_is_better",
        "missing": {"11": "dont_know", "": "refused"},
    }
)
CELLS = st.lists(st.sampled_from(["7", "11", "", " ", "\u00a0", "99", "x", "Weet"]))


@given(CELLS, st.sampled_from(["str", "object"]))
def test_by_distinct_cell_or_one_by_one(cells, dtype):
    reader = AnswerReader(GRADE)
    reading = read_column(pd.Series(cells, dtype=dtype, name="q"), reader)
    assert [reading.readings[at] for at in reading.at] == [reader(c) for c in cells]
    assert reading.blank.tolist() == [not c.strip() for c in cells]
    faults = {str(c): rows.tolist() for c, _, rows in reading.faults}
    assert faults == {
        wrong: [at for at, c in enumerate(cells) if c == wrong]
        for wrong in ("99", "x", "Weet")
        if wrong in cells
    }


def test_spread_and_where():
    cells = pd.Series([7.0, np.nan, 99.0, 7.0, None], dtype="object", name="q")
    reading = read_column(cells, AnswerReader(GRADE))
    values = reading.spread(lambda answer: answer.value, object)
    assert values.tolist() == [7.0, None, None, 7.0, None]
    faulty = reading.where(lambda each: isinstance(each, Fault))
    assert faulty.tolist() == [False, False, True, False, False]
    blank = reading.where(lambda e: e == Answer(reason="refused"))
    assert blank.tolist() == [False, True, False, False, True]


def test_every():
    masks = [np.array([True, True, False]), np.array([True, False, False])]
    assert every(masks).tolist() == [True, False, False]
