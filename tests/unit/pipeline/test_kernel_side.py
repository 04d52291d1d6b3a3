import io
import json

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook

from kcc_research.errors import DataError, RunError, problem
from kcc_research.pipeline.kernel_side import failure
from kcc_research.pipeline.safety_net import faults_told

SECRET = "Mevr. Jansen 06-12345678"


def raised(error):
    try:
        raise error
    except Exception as caught:  # noqa: BLE001 - whatever the test raises
        return failure(caught, caught.__traceback__, lambda name: name == __file__)


def test_a_refusal_travels_with_all_its_problems():
    found = [problem("KCC-D039"), problem("KCC-D040", file="a.csv", row=3)]
    told = raised(DataError(found))
    assert told["kind"] == "DataError"
    assert [each["code"] for each in told["problems"]] == ["KCC-D039", "KCC-D040"]
    assert told["problems"][1]["row"] == "3"
    assert told["text"] == "\n".join(map(str, found))


def test_the_text_of_a_foreign_exception_is_not_told():
    told = raised(ValueError(f"could not convert string to float: '{SECRET}'"))
    assert told["kind"] == "ValueError"
    assert told["problems"] == []
    assert "Jansen" not in str(told)
    assert f"{len(SECRET) + 37} tekens" in told["title"]


def test_where_it_went_wrong_is_told():
    told = raised(ValueError("x"))
    assert told["where"] == [each for each in told["where"] if "of the cell" in each]
    assert told["where"]


def test_files_of_the_package_are_named_and_others_are_not():
    from kcc_research.dutch import rounded

    with pytest.raises(ValueError, match="finite") as caught:
        rounded(float("nan"))
    told = failure(caught.value, caught.value.__traceback__, lambda name: False)
    assert all("kcc_research/dutch.py" in each for each in told["where"])
    assert len(told["where"]) == 2


# --- libraries that put a cell in the text of their exception -----------------------


def _pandas_number():
    pd.to_numeric(pd.Series([SECRET]))


def _pandas_date():
    pd.to_datetime(pd.Series([SECRET]), format="%d-%m-%Y")


def _pandas_key():
    pd.DataFrame({"a": [1]})[SECRET]


def _pandas_label():
    pd.Series([1], index=["a"]).loc[SECRET]


def _pandas_type():
    pd.Series([SECRET], dtype=object).astype(float)


def _pyarrow():
    pa.array([SECRET]).cast(pa.float64())


def _pyarrow_csv():
    types = pa_csv.ConvertOptions(column_types={"a": pa.float64()})
    pa_csv.read_csv(io.BytesIO(f"a\n{SECRET}\n".encode()), convert_options=types)


def _duckdb():
    duckdb.sql(f"select '{SECRET}'::integer").fetchall()


def _calamine():
    CalamineWorkbook.from_filelike(_a_book()).get_sheet_by_name(SECRET)


def _openpyxl():
    openpyxl.load_workbook(_a_book())[SECRET]


def _pyreadstat():
    pyreadstat.read_sav(f"/nergens/{SECRET}.sav")


def _number():
    float(SECRET)


def _dictionary():
    {"a": 1}[SECRET]


def _assertion():
    pd.testing.assert_series_equal(pd.Series([SECRET]), pd.Series(["b"]))


def _behind_another():
    try:
        float(SECRET)
    except ValueError as error:
        raise RuntimeError(SECRET) from error


def _a_book():
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize(
    "failing",
    [
        _pandas_number,
        _pandas_date,
        _pandas_key,
        _pandas_label,
        _pandas_type,
        _pyarrow,
        _pyarrow_csv,
        _duckdb,
        _calamine,
        _openpyxl,
        _pyreadstat,
        _number,
        _dictionary,
        _assertion,
        _behind_another,
    ],
    ids=lambda each: each.__name__,
)
def test_no_library_tells_what_was_in_a_cell(failing):
    with pytest.raises(Exception) as caught:  # noqa: PT011, B017
        failing()
    error = caught.value
    assert "Jansen" in str(error)  # it would have
    told = failure(error, error.__traceback__, lambda name: name == __file__)
    assert "Jansen" not in json.dumps(told)
    assert told["kind"] == type(error).__name__

    traces = []

    def keep(trace):
        traces.append(trace)
        return "runs/1"

    with pytest.raises(RunError) as refused, faults_told("xx/y", keep):
        raise error
    assert "Jansen" not in str(refused.value)
    assert b"afgeschermd" in traces[0] and b"Jansen" not in traces[0]
