import pandas as pd
import pytest

from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    ESTIMATE_COLUMNS,
    VERDICT_COLUMNS,
    combine,
    empty_comparisons,
    empty_estimates,
    empty_verdicts,
    tidy,
)


@pytest.mark.parametrize(
    ("empty", "columns"),
    [
        (empty_estimates, ESTIMATE_COLUMNS),
        (empty_comparisons, COMPARISON_COLUMNS),
        (empty_verdicts, VERDICT_COLUMNS),
    ],
)
def test_an_empty_table_has_all_columns_in_order(empty, columns):
    assert tuple(empty().columns) == columns
    assert len(empty()) == 0


def test_every_column_has_one_type():
    rows = pd.DataFrame(
        {"n": [12.0, None], "estimate": [1, 2], "weighted": [True, None]}
    )
    types = tidy(rows, ESTIMATE_COLUMNS).dtypes.astype(str)
    assert types["n"] == types["count"] == "Int64"
    assert types["estimate"] == types["std_error_without_fpc"] == "float64"
    assert types["weighted"] == "bool"
    assert types["indicator"] == types["method"] == "str"


def test_a_full_and_an_empty_table_have_the_same_types():
    full = tidy(pd.DataFrame({"n": [3], "verdict": ["higher"]}), COMPARISON_COLUMNS)
    assert full.dtypes.tolist() == empty_comparisons().dtypes.tolist()


def test_what_is_missing_stays_missing_and_text_becomes_empty():
    row = tidy(pd.DataFrame({"indicator": ["a"]}), ESTIMATE_COLUMNS).iloc[0]
    assert pd.isna(row["n"]) and pd.isna(row["estimate"])
    assert row["method"] == ""
    assert row["weighted"] is False or not row["weighted"]


def test_rows_are_numbered_and_the_argument_is_left_alone():
    rows = pd.DataFrame({"indicator": ["a", "b"]}, index=[7, 7])
    assert tidy(rows, ESTIMATE_COLUMNS).index.tolist() == [0, 1]
    assert rows.columns.tolist() == ["indicator"]


def test_a_column_of_no_table_is_a_mistake():
    with pytest.raises(ValueError, match="indicater"):
        tidy(pd.DataFrame({"indicater": ["a"]}), ESTIMATE_COLUMNS)


def test_tables_below_each_other_keep_their_types():
    one = tidy(pd.DataFrame({"n": [3], "indicator": ["a"]}), ESTIMATE_COLUMNS)
    two = tidy(pd.DataFrame({"n": [None], "indicator": ["b"]}), ESTIMATE_COLUMNS)
    both = combine([one, empty_estimates(), two])
    assert both["indicator"].tolist() == ["a", "b"]
    assert both.index.tolist() == [0, 1]
    assert both.dtypes.tolist() == one.dtypes.tolist()
    assert len(combine([empty_estimates()])) == 0
    assert tuple(combine([]).columns) == COMPARISON_COLUMNS
