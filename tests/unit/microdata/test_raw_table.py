"""Where things stand, and what may be said of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kcc_research.microdata.raw_table import (
    FileFacts,
    RawTable,
    concatenated,
    row_list,
    shown_names,
    shown_path,
)


def table(name: str, rows: list[int], **columns: list[str]) -> RawTable:
    return RawTable(
        cells=pd.DataFrame(columns, dtype="str"),
        rows=np.array(rows, dtype=np.int64),
        excel_rows=np.arange(2, len(rows) + 2, dtype=np.int64),
        part=np.zeros(len(rows), dtype=np.int64),
        facts=(FileFacts(name, ".csv", "0" * 64, 1, len(rows)),),
    )


def test_files_of_a_series_keep_their_own_rows():
    first = table("data/raw/a/1.csv", [2, 3], a=["x", "y"], b=["1", "2"])
    second = table("data/raw/a/2.csv", [2, 4], b=["3", "4"], c=["5", "6"])
    both = concatenated([first, second])
    assert both.cells.to_dict("list") == {"b": ["1", "2", "3", "4"]}
    assert both.file_at(2) == "data/raw/a/2.csv"
    assert both.log_row(3) == "2.csv:4"
    assert both.row_at(3) == "4 (in Excel 3)"
    assert both.files == "data/raw/a/1.csv en nog 1"
    assert first.log_row(1) == "3"


@pytest.mark.parametrize(
    ("first", "count", "expected"),
    [
        (["2"], 1, "2"),
        (["2", "4"], 2, "2 en 4"),
        (["2", "4", "9"], 3, "2, 4 en 9"),
        (["2", "4", "9"], 4, "2, 4, 9 en nog 1 rij"),
        (["2", "4", "9"], 10, "2, 4, 9 en nog 7 rijen"),
    ],
)
def test_rows_in_words(first, count, expected):
    assert row_list(first, count) == expected


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/piet/kcc/data/raw/gm1/x/a.csv", "data/raw/gm1/x/a.csv"),
        ("/home/piet/a.csv", "a.csv"),
        ("data/raw/gm1/a.csv", "data/raw/gm1/a.csv"),
    ],
)
def test_a_path_says_nothing_of_the_machine(path, shown):
    assert shown_path(Path(path)) == shown


def test_names_that_may_be_answers_are_masked():
    assert shown_names(["v12", "Hoe oud?", ""]) == "v12, Hoe oud?, (zonder naam)"
    assert "jan@" not in shown_names(["jan@voorbeeld.nl", "v1"])
    assert shown_names(["x" * 70]) == "[afgeschermd: tekst, 70 tekens]"
    assert shown_names([f"v{n}" for n in range(40)]).endswith("v29 en nog 10")
    assert shown_names([]) == "geen"
