"""What a check says, and what it never shows."""

import pytest

from kcc_research.microdata.checking import check, shown_value
from kcc_research.microdata.reading import read_source


@pytest.fixture
def checked(tmp_path, source, questionnaire):
    def run(content: str, *questions):
        path = tmp_path / "proef.csv"
        path.write_text(content, encoding="utf-8")
        asked = questionnaire(*questions)
        return check(read_source(path, source(), asked), asked)

    return run


def test_a_good_file_has_no_problems(checked, question):
    result = checked(
        "nr;q\n1;ja\n2;nee\n", question("nr", "identifier"), question("q", "choice")
    )
    assert result.problems == ()
    assert result.answers["q"].values.tolist() == ["ja", "nee"]


def test_errors_are_the_problems_that_refuse(checked, question):
    result = checked("q;x\nja;1\nJA;2\nmisschien;3\n", question("q", "choice"))
    assert [each.code for each in result.problems] == [
        "KCC-P001",
        "KCC-D044",
        "KCC-D043a",
    ]
    assert [each.code for each in result.errors] == ["KCC-D044"]


@pytest.mark.parametrize(
    ("kind", "cell", "shown"),
    [
        ("choice", "misschien", '"misschien"'),
        ("choice", "", "(leeg)"),
        ("choice", "x" * 41, "[afgeschermd: tekst, 41 tekens]"),
        ("choice", "0612345678", "[afgeschermd: tekst, 10 tekens]"),
        ("grade", 99.0, '"99"'),
        ("text", "goed", "[afgeschermd: tekst, 4 tekens]"),
        ("identifier", "A12", "[afgeschermd: tekst, 3 tekens]"),
    ],
)
def test_values_are_literal_in_closed_columns_only(question, kind, cell, shown):
    assert shown_value(question("q", kind), cell, {}) == shown


def test_required_is_not_required_off_route(checked, question):
    result = checked(
        "c;q\nja;7\nnee;\nja;\n",
        question("c", "choice"),
        question("q", "grade", required=True, asked_if="c = ja"),
    )
    assert [(each.code, each.row) for each in result.problems] == [("KCC-D027", "4")]


def test_identifiers_without_value_and_second_identifiers(checked, question):
    result = checked(
        "nr;naam;q\n1;Jan;ja\n;Jan;nee\n2;Els;ja\n",
        question("nr", "identifier"),
        question("naam", "identifier"),
        question("q", "choice"),
    )
    assert [(each.code, each.severity, each.row) for each in result.problems] == [
        ("KCC-D041a", "warning", "3"),
        ("KCC-D041b", "notice", "2 en 3"),
    ]


def test_many_duplicates_are_summed_up(checked, question):
    rows = "".join(f"{n // 2};ja\n" for n in range(60))
    result = checked(
        "nr;q\n" + rows, question("nr", "identifier"), question("q", "choice")
    )
    codes = [each.code for each in result.problems]
    assert codes == ["KCC-D041"] * 20 + ["KCC-D041c"]


def test_personal_data_and_suspicion_by_row_column_and_kind(checked, question):
    result = checked(
        "open\nbel 0612345678\ngoed\nmail a@b.nl of 0612345678\nnummer 111222333\n",
        question("open", "text"),
    )
    told = [
        (each.code, each.severity, each.row, each.column) for each in result.problems
    ]
    assert told == [
        ("KCC-Q001", "warning", "2 en 4", "open"),
        ("KCC-Q001", "warning", "4", "open"),
        ("KCC-Q003", "warning", "5", "open"),
    ]
    assert "telefoonnummer" in result.problems[0].title
    assert "e-mailadres" in result.problems[1].title
    assert "0612345678" not in str(result.problems)


def test_control_characters_are_counted(checked, question):
    result = checked("open\na\x07b\nc\n", question("open", "text"))
    assert [(each.code, each.row) for each in result.problems] == [("KCC-D027b", "2")]


@pytest.mark.parametrize("hidden", ["ja\x1b[31m", "ja\x1f", "j\x00a", "ja\x7f"])
def test_a_control_character_in_a_code_is_told_and_not_shown(checked, question, hidden):
    result = checked(f"q;x\nja;1\n{hidden};2\n", question("q", "choice"))
    found = result.errors[0]

    assert (found.code, found.row, found.column) == ("KCC-D044i", "3", "q")
    assert found.value.startswith("[afgeschermd")
    assert not any(ord(sign) < 32 and sign != "\n" for sign in str(found))


def test_a_control_character_in_a_number_is_told_too(checked, question):
    result = checked(
        "q;x\n7;1\n7\x1f;2\n", question("q", "grade", out_of_range="exclude")
    )
    assert [each.code for each in result.errors] == ["KCC-D044i"]


def test_white_space_around_a_code_is_no_control_character(checked, question):
    result = checked('q;x\n"ja\t";1\n"ja\n";2\n', question("q", "choice"))
    assert result.errors == ()


def test_a_sensitive_answer_is_masked_and_compared_with_nothing(checked, question):
    result = checked("q;x\njaa;1\n", question("q", "choice", sensitive=True))
    (found,) = result.errors

    assert found.code == "KCC-D044"
    assert found.value == "[afgeschermd: tekst, 3 tekens]"
    assert "jaa" not in str(found)


@pytest.mark.parametrize(
    ("more", "codes", "values"),
    [
        ({}, ["KCC-D027a"], [[1.0, None]]),
        ({"missing": {"": "no_answer"}}, [], [[1.0, None]]),
        ({"codes": {"1": "1", "0": "0", "": "0"}}, [], [[1.0, 0.0]]),
    ],
)
def test_a_blank_beside_a_ticked_box_means_what_was_declared(
    checked, question, more, codes, values
):
    boxes = {"a": "a", "b": "b"}
    result = checked("a;b\n1;\n", question("q", "multiple", columns=boxes, **more))
    assert [each.code for each in result.problems] == codes
    found = result.answers["q"].numbers.tolist()
    assert [[None if x != x else x for x in row] for row in found] == values
