"""What a column is taken for, and what is put to a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.microdata.column_guess import Doubt, guess


def seen(column, values, labels=None, wording="", decimal=""):
    return guess(column, wording, [str(each) for each in values], labels or {}, decimal)


def test_a_grade_with_a_code_that_nothing_explains():
    found = seen("cijfer", [5, 6, 7, 8, 9, 99] * 8)
    assert (found.type, found.range) == ("grade", (1.0, 10.0))
    assert found.missing == {"99": "no_answer"}
    assert found.doubts == (Doubt("special", "99"),)


def test_eleven_after_a_grade_is_weet_niet_and_is_asked():
    found = seen("cijfer", [5, 6, 7, 8, 11] * 8)
    assert found.missing == {"11": "dont_know"}
    assert found.doubts == (Doubt("special", "11"),)


def test_ten_is_a_grade_and_no_special_code():
    found = seen("cijfer", [*range(1, 11)] * 4)
    assert (found.type, found.missing, found.doubts) == ("grade", {}, ())


def test_numbers_to_ten_that_nothing_calls_a_grade_are_asked():
    found = seen("v1", [*range(1, 11)] * 4)
    assert (found.type, found.missing) == ("grade", {})
    assert found.doubts == (Doubt("grade", "getallen tot en met 10"),)


def test_a_scale_takes_its_direction_from_its_labels():
    labels = {"1": "helemaal eens", "2": "eens", "3": "neutraal", "4": "oneens"}
    labels |= {"5": "helemaal oneens", "6": "weet niet"}
    found = seen("v1", [1, 2, 3, 4, 5, 6] * 5, labels)
    assert (found.type, found.range) == ("scale", (1.0, 5.0))
    assert found.direction == "lower_is_better"
    assert found.missing == {"6": "dont_know"}
    assert [each.kind for each in found.doubts] == ["direction"]


def test_labels_that_are_no_scale_are_a_choice():
    labels = {"1": "telefoon", "2": "balie", "6": "overig"}
    found = seen("v1", [1, 2, 6] * 10, labels)
    assert (found.type, dict(found.codes)) == ("choice", labels)


def test_a_code_without_a_label_is_asked():
    found = seen("v1", [1, 2, 3] * 10, {"1": "ja", "2": "nee"})
    assert found.codes["3"] == "code 3"
    assert found.doubts == (Doubt("labels", "3"),)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("e-mail", [f"a{n}@voorbeeld.nl" for n in range(9)]),
        ("v7", [f"a{n}@voorbeeld.nl" for n in range(9)]),
        ("pc", ["2202 AB", "2203 CD", "2202 AB"] * 5),
        ("telefoonnummer", [f"061234567{n}" for n in range(9)]),
        ("IPAddress", [f"192.0.2.{n}" for n in range(9)]),
    ],
)
def test_columns_about_persons_are_left_out(column, values):
    assert seen(column, values).left_out == "personal"


def test_an_open_answer_is_left_out_and_no_category():
    found = seen("opm", ["geen", "prima", "Jansen was aardig", "te lang"] * 2)
    assert found.left_out == "open"
    assert not found.codes


def test_dates_that_read_two_ways_are_asked():
    found = seen("dag", ["03-04-2024", "05-06-2024"])
    assert [each.kind for each in found.doubts] == ["date"]
    assert seen("dag", ["23-04-2024"]).date_format == "%d-%m-%Y"
    assert seen("dag", ["23-04-2024"]).doubts == ()


def test_a_decimal_comma():
    found = seen("duur", ["2,5", "13,9", "7,0"], decimal=",")
    assert (found.type, found.range) == ("number", (2.5, 13.9))


def test_an_identifier_is_unique_and_called_so():
    assert seen("respondentnr", range(1, 30)).type == "identifier"
    assert seen("respondentnr", [1, 1, 2]).type != "identifier"


@given(st.lists(st.text(max_size=12), max_size=30))
def test_a_category_was_given_by_at_least_three_people(values):
    found = guess("v1", "", values, {}, "")
    if found.type == "choice" and not any(d.kind == "labels" for d in found.doubts):
        assert all(values.count(code) >= 3 for code in found.codes)
