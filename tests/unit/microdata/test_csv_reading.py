"""CSV: splitting, and the rows that stand out."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.errors import DataError
from kcc_research.microdata import survey
from kcc_research.microdata.csv_reading import (
    find_delimiter,
    read_csv,
    split,
)
from kcc_research.microdata.raw_table import FileFacts


def facts(data: bytes) -> FileFacts:
    return FileFacts("proef.csv", ".csv", "0" * 64, len(data))


@pytest.fixture
def read(question, questionnaire, source):
    asked = questionnaire(question("a", "text"), question("b", "text"))

    def reading(text: str, **more: object):
        data = text.encode()
        return read_csv(data, facts(data), source(**more), asked)

    return reading


def test_cells_are_text_in_the_order_of_the_questionnaire(read):
    table = read("x;b;a\n1;007;NA\n2;;null\n")
    assert table.cells.to_dict("list") == {"a": ["NA", "null"], "b": ["007", ""]}
    assert table.cells.dtypes.astype(str).tolist() == ["str", "str"]
    assert table.undeclared == ("x",)
    assert (table.facts[0].rows, table.facts[0].delimiter) == (2, "puntkomma")


def test_rows_are_lines_of_an_editor_and_rows_of_excel(read):
    table = read('a;b\r\n1;"x\r\ny"\r\n\r\n2;z\r\n')
    assert table.rows.tolist() == [2, 5]
    assert table.excel_rows.tolist() == [2, 4]
    assert table.row_at(1) == "5 (in Excel 4)"


def test_a_comma_in_a_name(read):
    table = read('a,b\n"Nuenen, Gerwen en Nederwetten",1\n')
    assert table.cells["a"].tolist() == ["Nuenen, Gerwen en Nederwetten"]


def test_doubled_quotes_and_a_quote_inside_a_plain_field(read):
    table = read('a;b\n"zei ""ja""";5" lang\n')
    assert table.cells.iloc[0].tolist() == ['zei "ja"', '5" lang']


def test_empty_rows_are_left_out_and_told(read):
    table = read("a;b\n1;x\n;\n2;y\n\n")
    assert table.cells["a"].tolist() == ["1", "2"]
    assert [(each.code, each.row) for each in table.problems] == [("KCC-D039b", "3")]
    assert table.empty_rows == ("3",)


def test_a_column_without_a_name_is_dropped(read):
    table = read("a;b;\n1;x;\n")
    assert table.undeclared == ("",)
    assert table.problems[0].column == "(zonder naam)"


def test_a_name_in_another_unicode_form(question, questionnaire, source):
    asked = questionnaire(question("q", "text", column="re\u0301gio"))
    data = "r\u00e9gio\nnoord\n".encode()
    table = read_csv(data, facts(data), source(), asked)
    assert table.cells.to_dict("list") == {"re\u0301gio": ["noord"]}


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(question, questionnaire, source, sign):
    asked = questionnaire(question("a", "text"), question("b", "text"))
    text = f"a{sign}b\n1{sign}2\n"
    assert find_delimiter(text, source(), asked, "proef.csv") == sign


def test_a_declared_delimiter_is_believed(question, questionnaire, source):
    asked = questionnaire(question("a", "text"))
    declared = source(format={"delimiter": "|"})
    assert find_delimiter("a;b\n", declared, asked, "proef.csv") == "|"


@given(
    st.lists(
        st.lists(
            st.text(
                st.characters(exclude_characters="\x00", exclude_categories=["Cs"]),
                max_size=9,
            ),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_the_csv_module_writes_is_split_as_it_was(rows, sign):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=sign, quoting=csv.QUOTE_ALL).writerows(rows)
    records, told = split(buffer.getvalue(), sign, "proef.csv")
    assert told == []
    assert [each.fields for each in records] == rows
    assert [each.line for each in records] == sorted({each.line for each in records})


def test_rows_broken_in_three(read):
    table = read("a;b;c\n1;x;u\n2;een\n\ntwee;v\n3;z;v\n")
    assert table.cells["a"].tolist() == ["1", "3"]
    torn = [
        (each.code, each.row) for each in table.problems if each.severity == "error"
    ]
    assert torn == [("KCC-D025", "3, 4 en 5")]


def test_the_same_fault_many_times_is_counted(read):
    table = read("a;b\n" + "1;2;3\n" * 50)
    told = [each for each in table.problems if each.code == "KCC-D023"]
    assert len(told) == 20
    assert told[-1].row == "21 en nog 30 van deze fouten verderop"


def test_a_torn_header_shows_no_other_delimiter(read):
    with pytest.raises(DataError) as refusal:
        read('"x"y;z\n1;2\n')
    assert [each.code for each in refusal.value.problems] == ["KCC-D014"]


def test_a_sensitive_number_is_not_shown_where_a_comma_splits_it(
    tmp_path, source, questionnaire, question
):
    path = tmp_path / "proef.csv"
    path.write_text("nr,q\n1,6,6\n2,7\n", encoding="utf-8")
    asked = questionnaire(
        question("nr", "identifier"), question("q", "grade", sensitive=True)
    )
    told = survey.problems(path, source(), asked)
    (found,) = [each for each in told if each.severity == "error"]

    assert found.code == "KCC-D023"
    assert "6,6" not in str(found)
