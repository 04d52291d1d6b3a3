"""Rows with question texts under the column names: skipped as declared, or told."""

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcc_research.errors import DataError
from kcc_research.microdata.reading import read_source
from kcc_research.microdata.survey import load_survey, problems

NAMES = ("respondent", "kanaal", "cijfer", "tevreden")
TEXTS = ("Nummer", "Via welk kanaal?", "Welk cijfer geeft u?", "Bent u tevreden?")
ANSWERS = [("1", "balie", 7, "ja"), ("2", "telefoon", 6, "nee")]


@pytest.fixture
def asked(question, questionnaire):
    return questionnaire(
        question("respondent", "identifier"),
        question("kanaal", "choice", codes=["balie", "telefoon"]),
        question("cijfer", "grade"),
        question("tevreden", "choice"),
    )


def as_csv(rows) -> bytes:
    return "".join(";".join(map(str, row)) + "\n" for row in rows).encode()


def as_xlsx(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture(params=[("proef.csv", as_csv), ("proef.xlsx", as_xlsx)])
def written(request, tmp_path):
    """Writes rows in one of the formats; gives the path."""
    name, content = request.param

    def write(rows):
        path = tmp_path / name
        path.write_bytes(content(rows))
        return path

    return write


def errors(told):
    return [(each.code, each.row) for each in told if each.severity == "error"]


def test_the_rows_between_are_skipped_counted_and_told(written, asked, source):
    imports = ('{"ImportId":"id"}', '{"ImportId":"q1"}', "x", "")
    path = written([NAMES, TEXTS, imports, *ANSWERS])
    read = source(file=path.name, rows=2, format={"first_row": 4})

    cleaned = load_survey(path, read, asked)

    assert cleaned.responses["cijfer"].tolist() == [7.0, 6.0]
    assert [(each.rows, each.skipped) for each in cleaned.facts] == [(2, 2)]
    (notice,) = cleaned.problems
    assert (notice.code, notice.severity, notice.row) == (
        "KCC-D031a",
        "notice",
        "2 en 3",
    )
    table = read_source(path, read, asked)
    assert table.rows.tolist() == [4, 5]


def test_an_answer_among_the_skipped_rows_is_refused(written, asked, source):
    path = written([NAMES, TEXTS, *ANSWERS])
    told = problems(path, source(file=path.name, format={"first_row": 4}), asked)

    assert errors(told) == [("KCC-D031b", "3")]


def test_undeclared_texts_are_recognised_with_the_row_to_begin_at(
    written, asked, source
):
    path = written([NAMES, TEXTS, *ANSWERS])
    told = problems(path, source(file=path.name), asked)

    assert told[0].code == "KCC-D031d"
    assert told[0].row == "2"
    assert "first_row = 3" in told[0].remedy
    assert len(errors(told)) == 1
    declared = source(file=path.name, format={"first_row": 3})
    assert errors(problems(path, declared, asked)) == []


def test_a_row_of_wrong_answers_is_not_taken_for_texts(written, asked, source):
    wrong = ("3", "fax", 77, "misschien")
    path = written([NAMES, wrong, wrong, wrong, wrong, wrong])
    told = problems(path, source(file=path.name), asked)

    assert "KCC-D031d" not in [each.code for each in told]
    assert len(errors(told)) >= 3


def test_a_text_over_two_lines_cannot_be_cut_in_two(tmp_path, asked, source):
    texts = 'Nummer;"Via welk\nkanaal?";Cijfer?;Tevreden?\n'
    path = tmp_path / "proef.csv"
    path.write_bytes(as_csv([NAMES]) + texts.encode() + as_csv(ANSWERS))

    with pytest.raises(DataError) as refused:
        load_survey(path, source(format={"first_row": 3}), asked)
    (told,) = refused.value.problems
    assert (told.code, told.row) == ("KCC-D031c", "2 tot en met 3")
    assert "first_row = 4" in told.remedy
    assert len(load_survey(path, source(format={"first_row": 4}), asked).responses) == 2


def test_nothing_below_is_an_empty_file(written, asked, source):
    path = written([NAMES, TEXTS])
    told = problems(path, source(file=path.name, format={"first_row": 9}), asked)

    assert [code for code, _ in errors(told)] == ["KCC-D039"]


# The fixtures only make models: nothing of one example is left for the next.
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    titles=st.lists(st.text(alphabet="abc ?", min_size=1), max_size=4),
    answers=st.integers(min_value=1, max_value=5),
)
def test_every_row_is_read_skipped_or_empty(
    tmp_path_factory, question, questionnaire, source, titles, answers
):
    path = tmp_path_factory.mktemp("t") / "proef.csv"
    asked = questionnaire(question("a", "identifier"), question("b", "grade"))
    rows = [("a", "b"), *((text, text) for text in titles)]
    rows += [(f"r{each}", 7) for each in range(answers)]
    path.write_bytes(as_csv(rows))

    first = len(titles) + 2
    table = read_source(path, source(format={"first_row": first}), asked)

    assert table.rows.tolist() == list(range(first, first + answers))
    assert table.facts[0].skipped == sum(bool(each.strip()) for each in titles)
