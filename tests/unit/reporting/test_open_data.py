"""Published tables: what a reader, and a spreadsheet, gets to see."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting import open_data


def table(**columns):
    return pd.DataFrame(columns)


def rows(frame, *, synthetic=False):
    text = open_data.to_csv(frame, synthetic=synthetic).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_file_is_utf8_with_commas_points_and_plain_line_ends():
    frame = table(group=["één, twee"], estimate=[6.55])
    assert open_data.to_csv(frame, synthetic=False) == (
        'group,estimate,origin\n"één, twee",6.55,observed\n'.encode()
    )


@pytest.mark.parametrize(
    ("synthetic", "origin"), [(True, "synthetic"), (False, "observed")]
)
def test_every_row_says_where_it_comes_from(synthetic, origin):
    found = rows(table(n=[1, 2]), synthetic=synthetic)
    assert [row["origin"] for row in found] == [origin, origin]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1 / 3, "0.3333333333"),
        (2 / 3, "0.6666666667"),
        (6.5, "6.5"),
        (353.0, "353"),
        (-0.0, "0"),
        (-1.25, "-1.25"),
        (1e-12, "1e-12"),
        (75412.0, "75412"),
    ],
)
def test_numbers_have_ten_significant_digits(value, shown):
    assert open_data.number(value) == shown


@given(st.floats(min_value=-1e300, max_value=1e300))
def test_ten_digits_are_right(value):
    assert float(open_data.number(value)) == pytest.approx(value, rel=1e-9, abs=1e-300)


def test_a_number_that_does_not_exist_is_empty():
    frame = table(
        estimate=[float("nan")],
        n=pd.array([pd.NA], dtype="Int64"),
        reason=[None],
        status=["published"],
    )
    [row] = rows(frame)
    assert (row["estimate"], row["n"], row["reason"]) == ("", "", "")


def test_every_number_of_a_suppressed_row_is_an_x_whatever_it_holds():
    frame = table(
        group=["jong", "oud"],
        estimate=[6.123, 7.0],
        n=pd.array([pd.NA, 40], dtype="Int64"),
        weighted=[True, True],
        status=["suppressed", "published"],
    )
    hidden, shown = rows(frame)
    assert (hidden["estimate"], hidden["n"]) == ("x", "x")
    assert (hidden["group"], hidden["weighted"]) == ("jong", "true")
    assert (shown["estimate"], shown["n"]) == ("7", "40")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0"])
def test_text_never_becomes_a_formula(start):
    cell = f"{start}HYPERLINK(1)"
    frame = pd.DataFrame({cell: [cell]})
    text = open_data.to_csv(frame, synthetic=False).decode()
    fields = [
        field for line in csv.reader(io.StringIO(text, newline="")) for field in line
    ]
    assert not [each for each in fields if each.startswith(start)]
    assert fields.count(f"'{cell}".replace("\r", "\n")) == 2


def test_a_negative_number_stays_a_number():
    [row] = rows(table(difference=[-0.25]))
    assert float(row["difference"]) == -0.25


def test_flags_are_words():
    assert [row["weighted"] for row in rows(table(weighted=[True, False]))] == [
        "true",
        "false",
    ]


def test_a_table_without_rows_keeps_its_columns():
    assert open_data.to_csv(table(a=[], b=[]), synthetic=False) == b"a,b,origin\n"
