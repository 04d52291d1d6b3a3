"""What a processed file may hold."""

import numpy as np
import pandas as pd
import pytest

from kcc_research.errors import DataError
from kcc_research.microdata.schema import TableSpec, validate


@pytest.fixture
def asked(question, questionnaire):
    return questionnaire(
        question("nr", "identifier"),
        question("kanaal", "choice", codes={"2": "web", "1": "balie", "3": "web"}),
        question("cijfer", "grade"),
        question("m", "multiple", columns={"b": "m1", "a": "m2"}),
        question("dag", "date"),
        question("open", "text"),
        question("w", "weight"),
    )


@pytest.fixture
def responses() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kanaal": pd.Series(["web", "balie"], dtype="str"),
            "cijfer": [7.5, np.nan],
            "cijfer__missing": pd.Series([None, "refused"], dtype="str"),
            "m: b": [1.0, 0.0],
            "m: a": [0.0, 0.0],
            "dag": pd.to_datetime(["2023-01-01", "2023-01-02"]),
            "open": pd.Series(["a", "b"], dtype="str"),
            "w": [1.0, 0.5],
        }
    )


def codes(frame: pd.DataFrame, asked) -> set[tuple[str, str]]:
    return {(each.code, each.column) for each in TableSpec.of(asked).problems(frame)}


def test_categories_keep_their_declared_order(asked):
    spec = {each.name: each for each in TableSpec.of(asked).columns}
    assert spec["kanaal"].categories == ("web", "balie")
    assert list(spec) == [
        "kanaal",
        "kanaal__missing",
        "cijfer",
        "cijfer__missing",
        "m: b",
        "m: a",
        "m__missing",
        "dag",
        "dag__missing",
        "open",
        "open__missing",
        "w",
        "w__missing",
    ]


def test_a_good_frame(responses, asked):
    assert validate(responses, asked) is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda f: f.assign(nr=["1", "2"]), ("KCC-D044c", "nr")),
        (lambda f: f.drop(columns="w"), ("KCC-D044d", "w")),
        (lambda f: f[f.columns[::-1]], ("KCC-D044e", "")),
        (lambda f: f.set_axis([4, 5]), ("KCC-D044e", "")),
        (lambda f: f.assign(cijfer=[7.0, 8.0]), ("KCC-D044f", "cijfer")),
        (lambda f: f.drop(columns="cijfer__missing"), ("KCC-D044f", "cijfer")),
        (lambda f: f.assign(w=[1, 2]), ("KCC-D044g", "w")),
        (lambda f: f.assign(dag="2023-01-01"), ("KCC-D044g", "dag")),
        (lambda f: f.assign(open=f["open"].astype("category")), ("KCC-D044g", "open")),
        (lambda f: f.assign(cijfer=[11.0, np.nan]), ("KCC-D044h", "cijfer")),
        (lambda f: f.assign(w=[np.inf, 1.0]), ("KCC-D044h", "w")),
        (
            lambda f: f.assign(kanaal=pd.Series(["post", "web"], dtype="str")),
            ("KCC-D044h", "kanaal"),
        ),
        (lambda f: f.assign(**{"m: a": [2.0, 0.0]}), ("KCC-D044h", "m: a")),
        (
            lambda f: f.assign(cijfer__missing=pd.Series([None, "x"], dtype="str")),
            ("KCC-D044h", "cijfer__missing"),
        ),
    ],
)
def test_a_frame_that_departs(responses, asked, change, expected):
    changed = change(responses)
    assert codes(changed, asked) == {expected}
    with pytest.raises(DataError):
        validate(changed, asked)
