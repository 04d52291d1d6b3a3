"""Damaged survey files: each fault of TRUST §3.2 refused, or handled as told there.

Every file is made here, by hand or by code. A test names the code, the row as an editor
or Excel shows it, and the column.
"""

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from kcc_research.errors import DataError, Problem
from kcc_research.microdata.survey import load_survey, problems
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Questionnaire

IDENTIFIER = {"id": "respondent", "column": "id", "type": "identifier"}
CHANNEL = {
    "id": "kanaal",
    "column": "kanaal",
    "type": "choice",
    "codes": {"B": "balie", "T": "telefoon"},
}
GRADE = {
    "id": "cijfer",
    "column": "cijfer",
    "type": "grade",
    "range": [1, 10],
    "direction": "higher_is_better",
    "missing": {"11": "dont_know"},
}
REMARK = {"id": "toelichting", "column": "toelichting", "type": "text"}
WEIGHT = {"id": "gewicht", "column": "gewicht", "type": "weight"}
SECRET = "Mevrouw De Vries"


def asked(*questions: dict) -> Questionnaire:
    """A questionnaire of these questions; without any, the four above."""
    chosen = questions or (IDENTIFIER, CHANNEL, GRADE, REMARK)
    filled = [{"text": each["id"], "sensitive": False} | each for each in chosen]
    return Questionnaire.model_validate({"title": "Proef", "question": filled})


def source(name: str, **options: object) -> Source:
    given = {"file": name} if "files" not in options else {}
    return Source.model_validate(
        {"id": "proef", "kind": "survey", "questionnaire": "p.toml"} | given | options
    )


def found(
    folder: Path,
    content: str | bytes,
    *questions: dict,
    name: str = "antwoorden.csv",
    **options: object,
) -> tuple[Problem, ...]:
    """Everything that is said of a file with this content."""
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    return problems(folder / name, source(name, **options), asked(*questions))


def only_error(told: tuple[Problem, ...]) -> Problem:
    errors = [each for each in told if each.severity == "error"]
    assert len(errors) == 1, [str(each) for each in errors]
    return errors[0]


def one(told: tuple[Problem, ...], code: str) -> Problem:
    matching = [each for each in told if each.code == code]
    assert len(matching) == 1, [str(each) for each in told]
    return matching[0]


def place(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.row, problem.column


def loaded(folder: Path, content: str, *questions: dict, **options: object):
    (folder / "antwoorden.csv").write_bytes(content.encode())
    chosen = source("antwoorden.csv", **options)
    return load_survey(folder, chosen, asked(*questions))


def workbook(rows: list[list[object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


HEADER = ["id", "kanaal", "cijfer", "toelichting"]
GOOD = "id;kanaal;cijfer;toelichting\n1;B;7;goed\n2;T;6,5;lang gewacht\n"


def xlsx(folder: Path, data: bytes, *questions: dict, **options: object):
    return found(folder, data, *questions, name="antwoorden.xlsx", **options)


# --- F14–F18: delimiter, columns and numbers ------------------------------------------


def test_f14_wrong_delimiter(tmp_path):
    told = found(tmp_path, GOOD, format={"delimiter": ","})
    missing = one(told, "KCC-D014")
    assert missing.row == "1"
    assert missing.column == "id, kanaal, cijfer, toelichting"
    assert 'delimiter = ";"' in one(told, "KCC-D014a").remedy


def test_f14_declared_column_is_absent(tmp_path):
    told = found(tmp_path, GOOD.replace("cijfer", "Cijfers"))
    assert place(only_error(told)) == ("KCC-D014", "1", "cijfer")
    assert "Bedoelt de vragenlijst 'Cijfers'?" in only_error(told).remedy


def test_f14_undeclared_column_is_dropped_and_named(tmp_path):
    told = found(tmp_path, GOOD, IDENTIFIER, CHANNEL, GRADE)
    assert not [each for each in told if each.severity == "error"]
    assert one(told, "KCC-P001").column == "toelichting"


def test_f14_two_delimiters_fit(tmp_path):
    grade = GRADE | {"column": "a"}
    content = "a,b;a\n7,1;8\n"
    told = found(tmp_path, "a;x,a\n7;1,8\n", grade)
    assert only_error(told).code == "KCC-D014b"
    assert only_error(found(tmp_path, content, grade)).code == "KCC-D014b"


@pytest.mark.parametrize("value", ["1e5", "inf", "nan", "٦", "66%", "zes", "+7", "7,"])
def test_f15_no_number(tmp_path, value):
    told = found(tmp_path, f"id;cijfer\n1;7,5\n2;{value}\n", IDENTIFIER, GRADE)
    assert place(only_error(told)) == ("KCC-D015", "3", "cijfer")
    assert only_error(told).value == f'"{value}"'


def test_f15_decimal_comma_is_found(tmp_path):
    cleaned = loaded(tmp_path, "id;cijfer\n1;7,5\n2;8\n3;6,1\n", IDENTIFIER, GRADE)
    assert cleaned.responses["cijfer"].tolist() == [7.5, 8.0, 6.1]


def test_f16_unquoted_decimal_comma(tmp_path):
    told = found(tmp_path, "id,cijfer\n1,7\n1,6,6\n", IDENTIFIER, GRADE)
    assert place(only_error(told)) == ("KCC-D016", "3", "cijfer")
    assert only_error(told).value == '"6,6"'


def test_f16_two_numbers_between_semicolons_are_two_fields(tmp_path):
    """A row too long is no decimal comma where a comma separates nothing."""
    told = found(tmp_path, "id;cijfer\n1;7\n1;6;6\n", IDENTIFIER, GRADE)
    assert only_error(told).code == "KCC-D023"


@pytest.mark.parametrize(
    ("value", "readings"),
    [("75.000", "75,000 of 75000"), ("6.600", "6,600 of 6600")],
)
def test_f17_thousands_or_decimals(tmp_path, value, readings):
    contacts = {"id": "contacten", "column": "contacten", "type": "number"}
    told = found(tmp_path, f"id;contacten\n1;12\n2;{value}\n", IDENTIFIER, contacts)
    assert place(only_error(told)) == ("KCC-D017", "3", "contacten")
    assert only_error(told).value == f'"{value}"  (kan {readings} betekenen)'


def test_f17_declared_format_settles_it(tmp_path):
    contacts = {"id": "contacten", "column": "contacten", "type": "number"}
    content = "id;contacten\n1;75.000\n2;1.234,5\n"
    signs = {"decimal": ",", "thousands": "."}
    cleaned = loaded(tmp_path, content, IDENTIFIER, contacts, format=signs)
    assert cleaned.responses["contacten"].tolist() == [75000.0, 1234.5]


@pytest.mark.parametrize("thousands", [None, "."])
def test_f18_dot_in_a_comma_file(tmp_path, thousands):
    signs = {"decimal": ","} | ({"thousands": thousands} if thousands else {})
    content = "id;cijfer\n1;7,5\n2;6.6\n3;8\n4;6.6\n"
    told = found(tmp_path, content, IDENTIFIER, GRADE, format=signs)
    assert place(only_error(told)) == ("KCC-D018", "3 en 5", "cijfer")
    assert only_error(told).value == '"6.6"  (kan 6,6 of 66 betekenen)'


# --- F19–F22: encoding ----------------------------------------------------------------


def test_f19_windows_1252_is_read_and_reported(tmp_path):
    content = GOOD.replace("goed", "café – één").encode("cp1252")
    told = found(tmp_path, content)
    assert [each.code for each in told] == ["KCC-D019a"]
    assert told[0].row == "2"


def test_f19_declared_utf8_is_no_utf8(tmp_path):
    content = GOOD.replace("lang", "café").encode("cp1252")
    told = found(tmp_path, content, format={"encoding": "utf-8"})
    assert (only_error(told).code, only_error(told).row) == ("KCC-D019", "3")


def test_f19_neither_encoding_fits(tmp_path):
    content = GOOD.encode().replace(b"goed", b"caf\xe9 \x81")
    told = found(tmp_path, content)
    assert (only_error(told).code, only_error(told).row) == ("KCC-D019", "2")


def test_f20_utf8_read_as_windows_1252(tmp_path):
    content = GOOD.replace("lang", "café").encode()
    told = found(tmp_path, content, format={"encoding": "windows-1252"})
    assert (only_error(told).code, only_error(told).row) == ("KCC-D020", "3")
    assert only_error(told).value == '"Ã©"'


def test_f20_file_was_saved_mangled(tmp_path):
    mangled = GOOD.replace("lang", "“café”").encode().decode("cp1252", "ignore")
    told = found(tmp_path, mangled)
    assert (only_error(told).code, only_error(told).row) == ("KCC-D020", "3")


def test_f20_a_capital_a_with_tilde_is_a_letter(tmp_path):
    assert found(tmp_path, GOOD.replace("lang", "SÃO Â")) == ()


def test_f21_byte_order_mark_is_stripped_and_reported(tmp_path):
    told = found(tmp_path, b"\xef\xbb\xbf" + GOOD.encode())
    assert [each.code for each in told] == ["KCC-D021a"]


def test_f21_double_byte_order_mark(tmp_path):
    told = found(tmp_path, b"\xef\xbb\xbf" * 2 + GOOD.encode())
    assert (only_error(told).code, only_error(told).row) == ("KCC-D021", "1")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_f22_unicode_text_from_excel_is_read(tmp_path, encoding):
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    content = mark + GOOD.replace(";", "\t").encode(encoding)
    assert [each.code for each in found(tmp_path, content)] == ["KCC-D022a"]


def test_f22_utf16_against_the_declared_encoding(tmp_path):
    content = GOOD.encode("utf-16")
    told = found(tmp_path, content, format={"encoding": "utf-8"})
    assert only_error(told).code == "KCC-D022"


# --- F23–F26: rows that are no rows ---------------------------------------------------


def test_f23_row_too_long(tmp_path):
    told = found(tmp_path, GOOD + f"3;B;8;{SECRET};zei; dat\n")
    assert place(only_error(told)) == ("KCC-D023", "4", "toelichting")
    assert SECRET not in str(only_error(told))


def test_f24_row_too_short(tmp_path):
    told = found(tmp_path, GOOD + "3;B\n4;T;8;goed\n")
    assert place(only_error(told)) == ("KCC-D024", "4", "cijfer")


def test_f25_unquoted_line_break(tmp_path):
    told = found(tmp_path, GOOD + f"3;B;8;{SECRET}\nwas aardig\n4;T;8;goed\n")
    assert place(only_error(told)) == ("KCC-D025", "4 en 5", "toelichting")
    middle = GOOD.replace("toelichting", "toelichting;extra").replace("goed", "goed;")
    middle = middle.replace("gewacht", "gewacht;") + f"3;B;8;{SECRET}\nwas aardig;\n"
    told = found(tmp_path, middle)
    assert place(only_error(told)) == ("KCC-D025", "4 en 5", "toelichting")
    assert only_error(told).value == "[afgeschermd: tekst, 27 tekens]"


def test_f26_stray_quote_closed_later(tmp_path):
    content = GOOD + '3;B;8;"lang gewacht\n4;T;7;niets\n5;B;9;"heel" goed\n'
    told = found(tmp_path, content)
    assert (only_error(told).code, only_error(told).row) == (
        "KCC-D026",
        "4 tot en met 6",
    )


def test_f26_quote_never_closed(tmp_path):
    told = found(tmp_path, GOOD + '3;B;8;"lang\n4;T;7;niets\n')
    assert only_error(told).code == "KCC-D026a"
    assert only_error(told).row == "4 tot en met 5"


SWALLOWED = GOOD + '3;B;8;"lang gewacht\n4;T;7;niets\n5;B;9;"\n6;T;8;goed\n'


def test_f26_swallowed_rows_are_suspected(tmp_path):
    told = found(tmp_path, SWALLOWED)
    assert place(only_error(told)) == ("KCC-D026c", "4 tot en met 6", "toelichting")


def test_f26_declared_rows_settle_it(tmp_path):
    assert not found(tmp_path, SWALLOWED, rows=4)
    told = found(tmp_path, SWALLOWED, rows=6)
    codes = {each.code for each in told}
    assert codes == {"KCC-D026c", "KCC-D026d"}
    assert one(told, "KCC-D026d").value == "4"


def test_f26_cell_of_more_than_10000_characters(tmp_path):
    told = found(tmp_path, GOOD + f"3;B;8;{'a' * 10_001}\n")
    assert place(only_error(told)) == ("KCC-D026b", "4", "toelichting")


def test_f26_rows_expected(tmp_path):
    told = found(tmp_path, GOOD, rows=3)
    assert only_error(told).code == "KCC-D026d"
    assert not found(tmp_path, GOOD, rows=2)


# --- F27–F30: missing answers, codes, identifiers and names ---------------------------


@pytest.mark.parametrize("text", ["NA", "None", "null", "n/a", "nan"])
def test_f27_na_is_no_missing_answer_unless_declared(tmp_path, text):
    content = f"id;kanaal\n1;B\n2;{text}\n"
    told = found(tmp_path, content, IDENTIFIER, CHANNEL)
    assert only_error(told).code in ("KCC-D043", "KCC-D044")
    assert (only_error(told).row, only_error(told).column) == ("3", "kanaal")
    declared = CHANNEL | {"missing": {text: "refused"}}
    cleaned = loaded(tmp_path, content, IDENTIFIER, declared)
    assert cleaned.responses["kanaal__missing"].tolist()[1] == "refused"


def test_f27_na_in_an_open_answer_is_an_answer(tmp_path):
    cleaned = loaded(tmp_path, "id;toelichting\n1;NA\n2;\n", IDENTIFIER, REMARK)
    assert cleaned.responses["toelichting"].tolist()[0] == "NA"
    assert cleaned.responses["toelichting__missing"].tolist()[1] == "no_answer"


def test_f27_required_question_is_blank(tmp_path):
    content = "id;cijfer\n1;7\n2; \n3;11\n"
    told = found(tmp_path, content, IDENTIFIER, GRADE | {"required": True})
    assert place(only_error(told)) == ("KCC-D027", "3", "cijfer")


def test_f27_blank_box_beside_a_ticked_one(tmp_path):
    ticks = {
        "id": "gebruikt",
        "type": "multiple",
        "columns": {"balie": "m1", "telefoon": "m2"},
    }
    content = "id;m1;m2\n1;1;0\n2;1;\n3;;\n"
    told = found(tmp_path, content, IDENTIFIER, ticks)
    assert place(only_error(told)) == ("KCC-D027a", "3", "m2")
    declared = ticks | {"codes": {"1": "1", "0": "0", "": "0"}}
    cleaned = loaded(tmp_path, content, IDENTIFIER, declared)
    assert cleaned.responses["gebruikt: telefoon"].tolist() == [0.0, 0.0, 0.0]


def test_f28_undeclared_code_in_a_grade(tmp_path):
    told = found(tmp_path, "id;cijfer\n1;7\n2;99\n3;99\n", IDENTIFIER, GRADE)
    assert place(only_error(told)) == ("KCC-D028", "3 en 4", "cijfer")
    assert only_error(told).value == '"99"'


def test_f28_declared_exclusion_is_counted_and_logged(tmp_path):
    content = "id;cijfer\n1;7\n2;99\n3;8\n"
    lenient = GRADE | {"out_of_range": "exclude"}
    cleaned = loaded(tmp_path, content, IDENTIFIER, lenient)
    assert cleaned.responses["cijfer"].mean() == 7.5
    assert place(one(cleaned.problems, "KCC-D028c")) == ("KCC-D028c", "3", "cijfer")
    line = cleaned.log.frame.query("rule == 'out_of_range'")
    assert line[["row", "column", "from"]].to_numpy().tolist() == [
        ["3", "cijfer", "99"]
    ]


def test_f29_leading_zeros_are_kept(tmp_path):
    place_code = {"id": "plaats", "column": "p", "type": "choice", "codes": ["0363"]}
    cleaned = loaded(tmp_path, "id;p\n1;0363\n", IDENTIFIER, place_code)
    assert cleaned.responses["plaats"].tolist() == ["0363"]


def test_f29_long_number_in_excel(tmp_path):
    rows = [["id", "cijfer"], [12345678901234567, 7], [2, 8]]
    told = xlsx(tmp_path, saved(workbook(rows)), IDENTIFIER, GRADE)
    assert place(only_error(told)) == ("KCC-D029", "2", "id (kolom A)")
    assert "1234567890" not in str(only_error(told))


def test_f30_duplicate_column(tmp_path):
    told = found(tmp_path, "id;cijfer;x;cijfer\n1;7;a;8\n", IDENTIFIER, GRADE)
    assert place(only_error(told)) == ("KCC-D030", "1", "cijfer")
    assert "kolom 2 en 4" in only_error(told).title


# --- F31–F34: Excel -------------------------------------------------------------------


def test_f31_merged_title_row(tmp_path):
    book = workbook([["Meting 2023"], HEADER, [1, "B", 7, "goed"]])
    book.active.merge_cells("A1:D1")
    told = xlsx(tmp_path, saved(book))
    assert only_error(told).code == "KCC-D031"
    assert "header_row = 2" in only_error(told).remedy
    assert not xlsx(tmp_path, saved(book), format={"header_row": 2})


def test_f31_title_row_in_csv(tmp_path):
    told = found(tmp_path, "Meting 2023;;;\n" + GOOD)
    assert only_error(told).code == "KCC-D031"
    assert not found(tmp_path, "Meting 2023;;;\n" + GOOD, format={"header_row": 2})


def test_f32_two_sheets(tmp_path):
    book = workbook([HEADER, [1, "B", 7, "goed"]])
    book.create_sheet("Codeboek")["A1"] = "uitleg"
    told = xlsx(tmp_path, saved(book))
    assert only_error(told).code == "KCC-D032"
    assert "'Sheet', 'Codeboek'" in only_error(told).title
    assert not xlsx(tmp_path, saved(book), format={"sheet": "Sheet"})
    told = xlsx(tmp_path, saved(book), format={"sheet": "Blad9"})
    assert only_error(told).code == "KCC-D032a"


def test_f32_hidden_sheet(tmp_path):
    book = workbook([HEADER, [1, "B", 7, "goed"]])
    book.create_sheet("Oud").sheet_state = "hidden"
    told = xlsx(tmp_path, saved(book))
    assert only_error(told).code == "KCC-D032d"
    assert "'Oud'" in only_error(told).title


def test_f32_hidden_row_filter_and_column_all_at_once(tmp_path):
    book = workbook([HEADER, [1, "B", 7, "goed"], [2, "T", 8, "fijn"]])
    book.active.row_dimensions[3].hidden = True
    book.active.auto_filter.ref = "A1:D3"
    book.active.auto_filter.add_filter_column(1, ["B"])
    book.active.column_dimensions["C"].hidden = True
    told = xlsx(tmp_path, saved(book))
    assert {each.code for each in told} == {"KCC-D032b", "KCC-D032c", "KCC-D032e"}
    assert one(told, "KCC-D032b").row == "3"
    assert one(told, "KCC-D032e").column == "cijfer (kolom C)"


def test_f33_formula_without_result(tmp_path):
    rows = [HEADER, [1, "B", 7, "goed"], [2, "T", "=3+4", "fijn"]]
    told = xlsx(tmp_path, saved(workbook(rows)))
    assert place(only_error(told)) == ("KCC-D033", "3", "cijfer (kolom C)")


def test_f33_excel_error(tmp_path):
    book = workbook([HEADER, [1, "B", 7, "goed"]])
    book.active["C2"].value = "#N/A"
    book.active["C2"].data_type = "e"
    told = xlsx(tmp_path, saved(book))
    assert place(only_error(told)) == ("KCC-D033a", "2", "cijfer (kolom C)")
    assert only_error(told).value == '"#N/A"'


AGE = {
    "id": "leeftijd",
    "column": "leeftijd",
    "type": "choice",
    "codes": ["12-17", "18+"],
}


def test_f34_category_turned_into_a_date(tmp_path):
    rows = [["id", "leeftijd"], [1, "18+"], [2, dt.datetime(2023, 12, 17)]]
    told = xlsx(tmp_path, saved(workbook(rows)), IDENTIFIER, AGE)
    assert place(only_error(told)) == ("KCC-D034a", "3", "leeftijd (kolom B)")
    assert "Excel heeft '12-17' in een datum veranderd" in only_error(told).title


VISIT = {"id": "bezoek", "column": "bezoek", "type": "date"}


def test_f34_serial_number_among_dates(tmp_path):
    rows = [["id", "bezoek"], [1, dt.datetime(2023, 11, 1)], [2, 45231]]
    told = xlsx(tmp_path, saved(workbook(rows)), IDENTIFIER, VISIT)
    assert place(only_error(told)) == ("KCC-D034b", "3", "bezoek (kolom B)")
    assert only_error(told).value == '"45231"'


def test_f34_percentage_among_numbers(tmp_path):
    share = {"id": "aandeel", "column": "aandeel", "type": "number", "range": [0, 100]}
    book = workbook([["id", "aandeel"], [1, 66], [2, 0.66], [3, "66%"]])
    book.active["B3"].number_format = "0%"
    told = xlsx(tmp_path, saved(book), IDENTIFIER, share)
    assert place(one(told, "KCC-D034c")) == ("KCC-D034c", "3", "aandeel (kolom B)")
    assert one(told, "KCC-D034c").value == '"66%"'
    assert place(one(told, "KCC-D015")) == ("KCC-D015", "4", "aandeel (kolom B)")


def test_f34_time_and_date_among_numbers(tmp_path):
    rows = [HEADER, [1, "B", dt.time(7, 30), ""], [2, "T", dt.datetime(2023, 7, 6), ""]]
    told = xlsx(tmp_path, saved(workbook(rows)))
    assert place(one(told, "KCC-D034d")) == ("KCC-D034d", "2", "cijfer (kolom C)")
    assert place(one(told, "KCC-D034e")) == ("KCC-D034e", "3", "cijfer (kolom C)")


def test_f35_only_the_declared_date_format(tmp_path):
    content = "id;bezoek\n1;2023-04-03\n2;03-04-2023\n3;13-02-2023\n4;2023-04-٣\n"
    told = found(tmp_path, content, IDENTIFIER, VISIT)
    rows = [(each.code, each.row, each.column) for each in told]
    assert rows == [("KCC-D035", row, "bezoek") for row in ("3", "4", "5")]
    assert "jjjj-mm-dd" in told[0].title
    dutch = VISIT | {"date_format": "%d-%m-%Y"}
    cleaned = loaded(tmp_path, "id;bezoek\n1;03-04-2023\n", IDENTIFIER, dutch)
    assert cleaned.responses["bezoek"].tolist() == [pd.Timestamp(2023, 4, 3)]


# --- F37–F40: the file itself ---------------------------------------------------------


def test_f37_zip_bomb_is_refused_before_it_is_opened(tmp_path):
    buffer = io.BytesIO(saved(workbook([HEADER])))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.xml", b"0" * (5 * 2**20))
    told = xlsx(tmp_path, buffer.getvalue())
    assert only_error(told).code == "KCC-D037"


def test_f37_password_or_damage(tmp_path):
    told = xlsx(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert only_error(told).code == "KCC-D037a"


def test_f37_damaged_gz(tmp_path):
    packed = gzip.compress(GOOD.encode())
    told = found(tmp_path, packed[:-12], name="antwoorden.csv.gz")
    assert only_error(told).code == "KCC-D040d"
    assert not found(tmp_path, packed, name="antwoorden.csv.gz")


@pytest.mark.parametrize("cell", ["B3000", "BZ3"])
def test_f38_stray_cell(tmp_path, cell):
    book = workbook([HEADER, [1, "B", 7, "goed"], [2, "T", 8, "fijn"]])
    book.active[cell] = 1
    told = xlsx(tmp_path, saved(book))
    assert only_error(told).code == "KCC-D038"
    assert only_error(told).column == cell


@pytest.mark.parametrize("content", ["", "\n\n", "id;kanaal;cijfer;toelichting\n"])
def test_f39_nobody_answered(tmp_path, content):
    assert only_error(found(tmp_path, content)).code == "KCC-D039"


def test_f39_empty_sheet_and_header_only(tmp_path):
    assert only_error(xlsx(tmp_path, saved(workbook([])))).code == "KCC-D039"
    assert only_error(xlsx(tmp_path, saved(workbook([HEADER])))).code == "KCC-D039"


def test_f39_empty_sav(tmp_path):
    frame = pd.DataFrame({"id": [1.0], "cijfer": [7.0]}).iloc[:0]
    pyreadstat.write_sav(frame, tmp_path / "leeg.sav")
    told = problems(tmp_path / "leeg.sav", source("leeg.sav"), asked(IDENTIFIER, GRADE))
    assert only_error(told).code == "KCC-D039"


def test_f40_the_file_changes_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "antwoorden.csv"
    path.write_bytes(GOOD.encode())
    contents = iter([GOOD.encode(), GOOD.encode() + b"3;B;1;slecht\n"])
    monkeypatch.setattr(Path, "read_bytes", lambda self: next(contents))
    told = problems(path, source("antwoorden.csv"), asked())
    assert only_error(told).code == "KCC-D040"


def test_f40_another_file_than_declared(tmp_path):
    told = found(tmp_path, GOOD, sha256="0" * 64)
    assert only_error(told).code == "KCC-D040a"


def test_f40_no_file_and_an_unknown_kind_of_file(tmp_path):
    told = problems(tmp_path, source("antwoorden.csv"), asked())
    assert (only_error(told).code, only_error(told).file) == (
        "KCC-D040b",
        "antwoorden.csv",
    )
    assert only_error(found(tmp_path, GOOD, name="a.ods")).code == "KCC-D040e"


# --- F41–F49, F52: content ------------------------------------------------------------


def test_f41_duplicate_identifier(tmp_path):
    told = found(tmp_path, "id;cijfer\nA17;7\nA18;8\nA17;9\n", IDENTIFIER, GRADE)
    assert place(only_error(told)) == ("KCC-D041", "2 en 4", "id")
    assert "A17" not in str(only_error(told))


def many_grades(count: int) -> list[dict]:
    return [GRADE | {"id": f"g{n}", "column": f"g{n}"} for n in range(count)]


def test_f42_equal_rows_and_straight_lines_are_listed_not_removed(tmp_path):
    header = ";".join(["id", *(f"g{n}" for n in range(10))])
    mixed = ";7;8;7;6;5;7;8;9;7;6\n"
    content = f"{header}\n1{mixed}2{';8' * 10}\n3{mixed}4;1;2;3;4;5;6;7;8;9;10\n"
    cleaned = loaded(tmp_path, content, IDENTIFIER, *many_grades(10))
    assert len(cleaned.responses) == 4
    assert one(cleaned.problems, "KCC-D042").row == "2 en 4"
    assert one(cleaned.problems, "KCC-D042a").row == "3"


def test_f43_case_and_white_space_are_made_equal_and_logged(tmp_path):
    channel = CHANNEL | {"codes": ["Balie", "Telefoon"]}
    content = "id;kanaal\n1;Balie\n2;balie \n3;BALIE\u00a0\n4;telefoon\n"
    cleaned = loaded(tmp_path, content, IDENTIFIER, channel)
    assert cleaned.responses["kanaal"].tolist() == ["Balie"] * 3 + ["Telefoon"]
    log = cleaned.log.frame.query("rule == 'normalised'")
    assert log["row"].tolist() == ["3", "4", "5"]
    assert log["to"].tolist() == ["Balie", "Balie", "Telefoon"]


def test_f43_near_miss_names_the_candidate(tmp_path):
    channel = CHANNEL | {"codes": ["Balie", "Telefoon"]}
    told = found(tmp_path, "id;kanaal\n1;Balie\n2;Bali\n", IDENTIFIER, channel)
    assert place(only_error(told)) == ("KCC-D043", "3", "kanaal")
    assert "'Balie'" in only_error(told).title


def test_f44_unknown_code_is_counted_once_per_value(tmp_path):
    rows = "".join(f"{n};{'X' if n % 2 else 'B'}\n" for n in range(1, 21))
    told = found(tmp_path, "id;kanaal\n" + rows, IDENTIFIER, CHANNEL)
    assert place(only_error(told)) == ("KCC-D044", "2, 4, 6 en nog 7 rijen", "kanaal")
    assert "(10 keer)" in only_error(told).title


def test_f44_many_wrong_values_are_summed_up(tmp_path):
    rows = "".join(f"{n};{1000 + n}\n" for n in range(30))
    told = found(tmp_path, "id;cijfer\n" + rows, IDENTIFIER, GRADE)
    assert len(told) == 21
    assert place(told[-1]) == ("KCC-D044a", "22, 23, 24 en nog 7 rijen", "cijfer")


def test_f45_a_renamed_question_in_one_file_of_a_series(tmp_path):
    (tmp_path / "2024-1.csv").write_text(GOOD, encoding="utf-8")
    renamed = GOOD.replace("cijfer", "rapportcijfer")
    (tmp_path / "2024-2.csv").write_text(renamed, encoding="utf-8")
    chosen = source("", files="2024-*.csv")
    told = problems(tmp_path, chosen, asked(IDENTIFIER, GRADE))
    error = one(told, "KCC-D014")
    assert (error.file, error.row, error.column) == ("2024-2.csv", "1", "cijfer")


def test_f45_reordered_columns_are_matched_by_name(tmp_path):
    (tmp_path / "2024-1.csv").write_text("id;cijfer\n1;7\n", encoding="utf-8")
    (tmp_path / "2024-2.csv").write_text("cijfer;id\n8;2\n", encoding="utf-8")
    chosen = source("", files="2024-*.csv")
    cleaned = load_survey(tmp_path, chosen, asked(IDENTIFIER, GRADE))
    assert cleaned.responses["cijfer"].tolist() == [7.0, 8.0]


def test_f46_another_scale_than_declared(tmp_path):
    scale = GRADE | {"type": "scale", "range": [1, 5], "missing": {}}
    told = found(tmp_path, "id;cijfer\n1;4\n2;8\n", IDENTIFIER, scale)
    assert place(only_error(told)) == ("KCC-D028", "3", "cijfer")


@pytest.mark.parametrize(("count", "warned"), [(29, False), (30, True)])
def test_f46_half_of_the_scale(tmp_path, count, warned):
    rows = "".join(f"{n};{n % 5 + 1}\n" for n in range(count))
    told = found(tmp_path, "id;cijfer\n" + rows, IDENTIFIER, GRADE)
    assert [(each.code, each.severity, each.column) for each in told] == (
        [("KCC-D046a", "warning", "cijfer")] if warned else []
    )


def test_f46_scale_the_wrong_way_round(tmp_path):
    rows = "".join(
        f"{n};{n % 10 + 1};{(n + n % 2) % 10 + 1};{10 - n % 10}\n" for n in range(60)
    )
    told = found(tmp_path, "id;g0;g1;g2\n" + rows, IDENTIFIER, *many_grades(3))
    assert [(each.code, each.column) for each in told] == [("KCC-D046b", "g2")]


def sav(folder: Path, frame: pd.DataFrame, **declared: object) -> Path:
    pyreadstat.write_sav(frame, folder / "antwoorden.sav", **declared)
    return folder / "antwoorden.sav"


def test_f46_swapped_codes(tmp_path):
    frame = pd.DataFrame({"id": [1.0, 2.0], "kanaal": [1.0, 2.0]})
    labels = {"kanaal": {1: "telefoon", 2: "balie"}}
    path = sav(tmp_path, frame, variable_value_labels=labels)
    channel = CHANNEL | {"codes": {"1": "balie", "2": "telefoon"}}
    told = problems(path, source("antwoorden.sav"), asked(IDENTIFIER, channel))
    assert {(each.code, each.column) for each in told} == {("KCC-D046", "kanaal")}


def test_undeclared_weet_niet_in_a_sav_demands_a_decision(tmp_path):
    frame = pd.DataFrame({"id": [1.0, 2.0], "cijfer": [7.0, 12.0]})
    labels = {"cijfer": {10: "uitstekend", 12: "Weet ik niet / geen mening"}}
    path = sav(tmp_path, frame, variable_value_labels=labels)
    told = problems(path, source("antwoorden.sav"), asked(IDENTIFIER, GRADE))
    assert {each.code for each in told} == {"KCC-D028", "KCC-D028a"}
    assert one(told, "KCC-D028a").column == "cijfer"
    assert "(1 keer gebruikt)" in one(told, "KCC-D028a").title
    decided = GRADE | {"missing": {"12": "dont_know"}}
    cleaned = load_survey(path, source("antwoorden.sav"), asked(IDENTIFIER, decided))
    assert cleaned.responses["cijfer__missing"].tolist()[1] == "dont_know"


def test_missing_declared_by_spss_alone_is_not_believed(tmp_path):
    frame = pd.DataFrame({"id": [1.0, 2.0], "cijfer": [7.0, 9.0]})
    path = sav(tmp_path, frame, missing_ranges={"cijfer": [9]})
    told = problems(path, source("antwoorden.sav"), asked(IDENTIFIER, GRADE))
    assert (only_error(told).code, only_error(told).column) == ("KCC-D028b", "cijfer")
    assert only_error(told).value == '"9"'


CONTACT = {"id": "contact", "column": "c", "type": "choice", "codes": ["ja", "nee"]}


def test_f48_missing_is_never_counted_as_no(tmp_path):
    contact = CONTACT | {"missing": {"9": "dont_know"}}
    cleaned = loaded(tmp_path, "id;c\n1;ja\n2;9\n3;\n4;nee\n", IDENTIFIER, contact)
    answers = cleaned.responses["contact"]
    assert answers.dropna().tolist() == ["ja", "nee"]
    reasons = cleaned.responses["contact__missing"].dropna()
    assert reasons.tolist() == ["dont_know", "no_answer"]


def test_f48_answers_off_route_are_removed_and_counted(tmp_path):
    routed = GRADE | {"asked_if": "contact = ja"}
    content = "id;c;cijfer\n1;ja;7\n2;nee;8\n3;nee;\n4;;9\n5;ja;\n"
    cleaned = loaded(tmp_path, content, IDENTIFIER, CONTACT, routed)
    assert cleaned.responses["cijfer"].dropna().tolist() == [7.0]
    assert cleaned.responses["cijfer__missing"].dropna().tolist() == [
        "not_asked",
        "not_asked",
        "not_asked",
        "no_answer",
    ]
    assert place(one(cleaned.problems, "KCC-D048")) == ("KCC-D048", "3 en 5", "cijfer")
    log = cleaned.log.frame.query("rule == 'off_route'")
    assert log[["row", "from"]].to_numpy().tolist() == [["3", "8"], ["5", "9"]]


@pytest.mark.parametrize("value", ["0", "-1", "", "0,0"])
def test_f52_weight_missing_zero_or_negative(tmp_path, value):
    content = f"id;gewicht\n1;1,2\n2;{value}\n3;0,8\n"
    told = found(tmp_path, content, IDENTIFIER, WEIGHT)
    assert place(only_error(told)) == ("KCC-D052", "3", "gewicht")


def test_f52_huge_weight_is_a_warning(tmp_path):
    rows = "".join(f"{n};1,0\n" for n in range(30))
    told = found(tmp_path, f"id;gewicht\n{rows}99;400,0\n", IDENTIFIER, WEIGHT)
    warning = one(told, "KCC-D052a")
    assert (warning.severity, warning.row, warning.value) == ("warning", "32", '"400"')


# --- The message contract -------------------------------------------------------------


def test_all_problems_of_a_file_at_once(tmp_path):
    content = (
        "id;kanaal;cijfer;toelichting\n1;X;6.6;goed\n2;B;99;\n3;T;7,5\n1;T;zes;ja\n"
        "4;T;7,5;\n5;T;8,1;\n"
    )
    told = found(tmp_path, content)
    assert sorted(each.code for each in told if each.severity == "error") == [
        "KCC-D015",
        "KCC-D018",
        "KCC-D024",
        "KCC-D028",
        "KCC-D041",
        "KCC-D044",
    ]
    path = tmp_path / "antwoorden.csv"
    with pytest.raises(DataError) as refusal:
        load_survey(path, source(path.name), asked())
    assert refusal.value.problems == told


def test_no_message_shows_what_a_person_wrote(tmp_path):
    content = (
        f"id;kanaal;cijfer;toelichting;naam\n"
        f"GEHEIM1;{SECRET} 06-12345678;6.6;{SECRET};{SECRET}\n"
        f"GEHEIM1;B;7;{SECRET};{SECRET};{SECRET}\n"
        f"GEHEIM1;T;{SECRET} van de afdeling Burgerzaken en nog veel meer;x;{SECRET}\n"
    )
    told = found(tmp_path, content)
    assert len(told) > 4
    shown = "\n".join(f"{each} {each.details}" for each in told)
    assert "Vries" not in shown
    assert "GEHEIM1" not in shown


def test_a_file_without_header_does_not_show_its_first_row(tmp_path):
    told = found(tmp_path, "12;B;7;bel 06-12345678\n13;T;8;mail jan@voorbeeld.nl\n")
    shown = str(only_error(told))
    assert "06-12345678" not in shown


def test_row_in_editor_and_in_excel_when_they_differ(tmp_path):
    content = (
        'id;kanaal;cijfer;toelichting\n1;B;7;"eerste\ntweede"\n2;T;99;goed\n3;B;8;\n'
    )
    told = found(tmp_path, content)
    assert only_error(told).row == "4 (in Excel 3)"


def test_f17_a_thousands_sign_that_looks_like_a_decimal_is_refused_not_raised(tmp_path):
    told = found(
        tmp_path,
        "id;cijfer\n1;7.5\n2;8\n",
        IDENTIFIER,
        GRADE,
        format={"delimiter": ";", "thousands": "."},
    )
    assert place(only_error(told)) == ("KCC-D018", "2", "cijfer")


def test_f26_an_answer_longer_than_the_reader_splits_is_told_by_its_own_name(tmp_path):
    told = found(
        tmp_path, f"id;kanaal;cijfer;toelichting\n1;B;7;{'x' * 140_000}\n2;T;8;goed\n"
    )
    assert place(only_error(told)) == ("KCC-D026b", "2", "toelichting")


def test_f49_a_grade_between_the_classes_is_not_lost(tmp_path):
    classes = [
        {"label": "1–5", "low": 1.0, "high": 5.0},
        {"label": "6–10", "low": 6.0, "high": 10.0},
    ]
    questionnaire = Questionnaire.model_validate(
        {
            "title": "Proef",
            "question": [{"text": "Q?", "sensitive": False} | GRADE],
            "indicator": [
                {
                    "id": "klassen",
                    "question": "cijfer",
                    "label": "Klassen",
                    "statistic": "distribution",
                    "classes": classes,
                }
            ],
        }
    )
    path = tmp_path / "antwoorden.csv"
    path.write_text("cijfer;x\n5,5;1\n7;1\n", encoding="utf-8")
    told = problems(path, source("antwoorden.csv"), questionnaire)
    assert place(only_error(told)) == ("KCC-D049", "2", "cijfer")


def test_f69_an_escape_in_a_code_is_an_error(tmp_path):
    told = found(tmp_path, "id;kanaal\n1;B\x1b[2J\n2;T\n", IDENTIFIER, CHANNEL)
    error = only_error(told)
    assert place(error) == ("KCC-D044i", "2", "kanaal")
    assert "\x1b" not in str(error)


def test_f41_a_file_with_a_row_per_event_is_no_survey(tmp_path):
    rows = "".join(f"{number // 3};B;7;goed\n" for number in range(30))
    told = found(tmp_path, "id;kanaal;cijfer;toelichting\n" + rows)
    refused = only_error(told)
    assert refused.code == "KCC-D041n"
    assert "(10 nummers, 30 rijen)" in refused.title
    assert 'kind = "contacts"' in refused.remedy
