"""SPSS: stored values, labels and missing declarations, dates from 1582."""

import datetime as dt
import math

import pandas as pd
import pyreadstat
import pytest

from kcc_research.errors import DataError
from kcc_research.microdata.raw_table import FileFacts
from kcc_research.microdata.sav_reading import read_sav

FACTS = FileFacts("proef.sav", ".sav", "0" * 64, 1)


@pytest.fixture
def written(tmp_path):
    def write(frame: pd.DataFrame, **declared: object) -> bytes:
        pyreadstat.write_sav(frame, tmp_path / "proef.sav", **declared)
        return (tmp_path / "proef.sav").read_bytes()

    return write


def test_stored_values_and_declarations(written, question, questionnaire, source):
    frame = pd.DataFrame(
        {"dv01": [7.0, 11.0, math.nan], "wijk": ["W1", "", "W2"], "naam": ["x"] * 3}
    )
    data = written(
        frame,
        variable_value_labels={"dv01": {1: "slecht", 11: "weet niet"}},
        missing_ranges={"dv01": [{"lo": -9, "hi": -1}, 99]},
    )
    asked = questionnaire(question("dv01", "grade"), question("wijk", "text"))
    table = read_sav(data, FACTS, source(), asked)
    assert table.cells["dv01"].tolist()[:2] == [7.0, 11.0]
    assert table.cells["wijk"].tolist() == ["W1", "", "W2"]
    assert table.labels == {"dv01": {"1": "slecht", "11": "weet niet"}}
    assert set(table.user_missing["dv01"]) == {(-9.0, -1.0), (99.0, 99.0)}
    assert table.undeclared == ("naam",)
    assert table.rows.tolist() == [1, 2, 3]


def test_dates(written, question, questionnaire, source):
    days = [dt.date(2023, 12, 17), dt.date(1582, 10, 15), None]
    data = written(pd.DataFrame({"dag": days, "x": [1.0, 2.0, 3.0]}))
    asked = questionnaire(question("dag", "date"))
    table = read_sav(data, FACTS, source(), asked)
    assert table.cells["dag"].tolist() == [
        dt.datetime(2023, 12, 17),
        dt.datetime(1582, 10, 15),
        None,
    ]


@pytest.mark.parametrize("cut", [0, 3, 200, 400])
def test_a_torn_file(written, question, questionnaire, source, cut):
    data = written(pd.DataFrame({"q": [1.0] * 50}))[:cut]
    with pytest.raises(DataError) as refusal:
        read_sav(data, FACTS, source(), questionnaire(question("q", "number")))
    assert [each.code for each in refusal.value.problems] == ["KCC-D040d"]


def test_no_declared_column_at_all(written, question, questionnaire, source):
    data = written(pd.DataFrame({"q": [1.0]}))
    with pytest.raises(DataError) as refusal:
        read_sav(data, FACTS, source(), questionnaire(question("r", "number")))
    assert [each.code for each in refusal.value.problems] == ["KCC-D014"]
