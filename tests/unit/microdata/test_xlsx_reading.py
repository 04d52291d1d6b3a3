"""Excel: stored values, and what Excel hides."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from kcc_research.errors import DataError
from kcc_research.microdata.raw_table import FileFacts
from kcc_research.microdata.stored import CellError, Percentage
from kcc_research.microdata.xlsx_package import SheetScan, unpack
from kcc_research.microdata.xlsx_reading import read_xlsx

FACTS = FileFacts("proef.xlsx", ".xlsx", "0" * 64, 1)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def read(question, questionnaire, source):
    asked = questionnaire(question("a", "text"), question("b", "number"))

    def reading(data: bytes, **more: object):
        return read_xlsx(data, FACTS, source(**more), asked)

    return reading


def test_stored_types_and_places(read):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    rows = [
        ("x", "b", "a"),
        (None, 7, "zes"),
        ("z", 7.5, True),
        (None, dt.datetime(2023, 5, 1, 9, 30), dt.time(9, 30)),
        (1, 0.66, " "),
    ]
    for row in rows:
        sheet.append(row)
    sheet["B5"].number_format = "0.0%"
    sheet["A3"].value, sheet["A3"].data_type = "#DIV/0!", "e"
    table = read(saved(book))
    assert table.cells["a"].tolist() == ["zes", "TRUE", dt.time(9, 30), " "]
    assert table.cells["b"].tolist() == [
        7.0,
        7.5,
        dt.datetime(2023, 5, 1, 9, 30),
        Percentage(0.66),
    ]
    assert table.rows.tolist() == [2, 3, 4, 5]
    assert table.column_name("a") == "a (kolom C)"
    assert (table.facts[0].file, table.facts[0].sheet) == ("proef.xlsx", "Data")
    assert table.files == table.file_at(0) == "proef.xlsx, blad 'Data'"


def test_errors_become_a_kind_of_their_own(read):
    book = openpyxl.Workbook()
    for row in [("a", "b"), ("x", 1), ("y", 2)]:
        book.active.append(row)
    book.active["B3"].value, book.active["B3"].data_type = "#N/A", "e"
    assert read(saved(book)).cells["b"].tolist() == [1.0, CellError("#N/A")]


def test_a_table_that_starts_lower_and_further(read):
    book = openpyxl.Workbook()
    for at, row in enumerate([("a", "b"), ("x", 1), (None, None), ("y", 2)], start=3):
        for column, cell in enumerate(row, start=2):
            book.active.cell(at, column, cell)
    table = read(saved(book), format={"header_row": 3})
    assert table.cells["b"].tolist() == [1.0, 2.0]
    assert table.rows.tolist() == [4, 6]
    assert table.empty_rows == ("5",)
    assert table.letters == {"a": "B", "b": "C"}


def test_a_hidden_column_that_nobody_asked_for(read):
    book = openpyxl.Workbook()
    for row in [("a", "b", "c"), ("x", 1, 2)]:
        book.active.append(row)
    book.active.column_dimensions["C"].hidden = True
    assert [each.code for each in read(saved(book)).problems] == ["KCC-P001"]


def test_buttons_of_a_filter_hide_nothing(read):
    book = openpyxl.Workbook()
    for row in [("a", "b"), ("x", 1)]:
        book.active.append(row)
    book.active.auto_filter.ref = "A1:B2"
    assert read(saved(book)).problems == ()


def rebuilt(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The same workbook with one part changed."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for each in before.namelist():
            content = before.read(each)
            assert each != name or old in content
            after.writestr(each, content.replace(old, new) if each == name else content)
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def plain() -> bytes:
    book = openpyxl.Workbook()
    for row in [("a", "b"), ("x", 1), ("y", 2)]:
        book.active.append(row)
    return saved(book)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SHEET, b"</sheetData>", b""),
        (SHEET, b"<worksheet", b"<!DOCTYPE x [<!ENTITY e 'e'>]><worksheet"),
        ("xl/workbook.xml", b"<sheets>", b"<sheet>"),
        ("xl/styles.xml", b"<cellXfs", b"<cellXf"),
    ],
)
def test_torn_xml_is_refused(read, plain, name, old, new):
    with pytest.raises(DataError) as refusal:
        read(rebuilt(plain, name, old, new))
    assert refusal.value.problems[0].code == "KCC-D037a"


def test_too_many_rows(read, plain, monkeypatch):
    monkeypatch.setattr("kcc_research.microdata.xlsx_reading.MOST_ROWS", 2)
    with pytest.raises(DataError) as refusal:
        read(plain)
    assert refusal.value.problems[0].code == "KCC-D037"


def test_unpacked_too_large(plain, monkeypatch):
    monkeypatch.setattr("kcc_research.microdata.xlsx_package.MOST_BYTES", 100)
    with pytest.raises(DataError) as refusal:
        unpack(plain, "proef.xlsx")
    assert refusal.value.problems[0].code == "KCC-D037"


PREFIXED = b"""<x:worksheet xmlns:x="m"><x:cols><x:col min="2" max='3' hidden="true"/>
</x:cols><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>
<x:row hidden='1' r="2"><x:c r="A2" t="e"><x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c>
<x:c r="B2" s="4"><x:f t="shared" si="0"/></x:c><x:c r="C2" t="str"><x:f>""</x:f>
<x:v></x:v></x:c><x:c r="D2"><x:f>A1</x:f><x:v/></x:c></x:row>
<x:row r="3"><x:c r="A3" s="4"/></x:row>
</x:sheetData></x:worksheet>"""


def test_a_scan_minds_prefixes_and_either_quote():
    scan = SheetScan(PREFIXED)
    assert scan.is_sheet
    assert scan.hidden_rows == (2,)
    assert scan.hidden_columns == {2, 3}
    assert [(str(place), text) for place, text in scan.errors()] == [("A2", "#DIV/0!")]
    assert [str(each) for each in scan.empty_formulas()] == ["B2", "D2"]
    assert [str(each) for each in scan.with_style(frozenset({4}))] == ["B2", "A3"]
    assert scan.filled_rows == (1, 2)
    assert not scan.has_filter


@pytest.mark.parametrize(
    ("cells", "stray"),
    [
        (["A1", "A2", "A22"], ""),
        (["A1", "A2", "A23"], "A23"),
        (["A1", "U1"], ""),
        (["A1", "W1"], "W1"),
        ([], ""),
    ],
)
def test_a_cell_beyond_a_wide_gap(cells, stray):
    book = openpyxl.Workbook()
    for each in cells:
        book.active[each] = 1
    package = unpack(saved(book), "proef.xlsx")
    assert SheetScan(package.sheets["Sheet"]).stray() == stray
