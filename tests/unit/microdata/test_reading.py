"""Finding, reading and joining the files of a source."""

import gzip

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from kcc_research.errors import DataError
from kcc_research.microdata.numbers import NumberFormat
from kcc_research.microdata.reading import read_source, source_files

CSV = "nr;q\n1;7,5\n2;8\n"


@pytest.fixture
def asked(question, questionnaire):
    return questionnaire(question("nr", "identifier"), question("q", "grade"))


def codes(refusal: pytest.ExceptionInfo[DataError]) -> list[tuple[str, str]]:
    return [(each.code, each.file) for each in refusal.value.problems]


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "CSV", "xlsx", "sav", "zsav"])
def test_one_table_whatever_the_format(tmp_path, source, asked, kind):
    path = tmp_path / f"proef.{kind}"
    frame = pd.DataFrame({"nr": [1.0, 2.0], "q": [7.5, 8.0]})
    if kind.startswith(("csv", "CSV")):
        data = CSV.encode()
        path.write_bytes(gzip.compress(data) if kind.endswith("gz") else data)
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        for row in [list(frame), *frame.to_numpy().tolist()]:
            book.active.append(row)
        book.save(path)
    else:
        pyreadstat.write_sav(frame, path, compress=kind == "zsav")
    before = path.read_bytes()
    table = read_source(path, source(file=path.name), asked)
    assert table.problems == ()
    assert len(table.cells) == 2
    if not kind.lower().startswith("csv"):
        assert table.cells["q"].tolist() == [7.5, 8.0]
    assert path.read_bytes() == before


def test_a_folder_a_file_or_files(tmp_path, source):
    for name in ("2024-02.csv", "2024-01.csv", "2023-12.csv"):
        (tmp_path / name).write_text(CSV, encoding="utf-8")
    (tmp_path / "2024-03.csv").mkdir()
    series = source(files="2024-*.csv")
    names = [each.name for each in source_files(tmp_path, series)]
    assert names == ["2024-01.csv", "2024-02.csv"]
    one = tmp_path / "2023-12.csv"
    assert source_files(one, series) == (one,)
    assert source_files([one], series) == (one,)


def test_nothing_to_read(tmp_path, source):
    for paths in (tmp_path, tmp_path / "proef.csv", []):
        with pytest.raises(DataError) as refusal:
            source_files(paths, source())
        assert codes(refusal) == [("KCC-D040b", "proef.csv")]


def test_problems_of_all_files_of_a_series_together(tmp_path, source, asked):
    (tmp_path / "a1.csv").write_text("", encoding="utf-8")
    (tmp_path / "a2.csv").write_text(CSV + "3\n", encoding="utf-8")
    (tmp_path / "a3.csv").write_bytes(b"nr;q\n\x81;7\n")
    with pytest.raises(DataError) as refusal:
        read_source(tmp_path, source(files="a*.csv"), asked)
    assert codes(refusal) == [
        ("KCC-D039", "a1.csv"),
        ("KCC-D019", "a3.csv"),
        ("KCC-D025", "a2.csv"),
    ]


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ({}, NumberFormat(",")),
        ({"thousands": "."}, NumberFormat(",", ".")),
        ({"decimal": "."}, NumberFormat(".", "", declared=True)),
        ({"decimal": ",", "thousands": "."}, NumberFormat(",", ".", declared=True)),
    ],
)
def test_the_number_format_is_declared_or_found(
    tmp_path, source, asked, signs, expected
):
    (tmp_path / "proef.csv").write_text(CSV, encoding="utf-8")
    table = read_source(tmp_path, source(format=signs), asked)
    assert table.numbers == expected


def test_rows_without_even_an_identifier_are_nobody(tmp_path, source, asked):
    content = "nr;q;x\n1;7;\n;;totaal\n2;;\n;8;\n"
    (tmp_path / "proef.csv").write_text(content, encoding="utf-8")
    table = read_source(tmp_path, source(), asked)
    assert table.rows.tolist() == [2, 4, 5]
    assert [(each.code, each.row) for each in table.problems] == [
        ("KCC-P001", "1"),
        ("KCC-D039b", "3"),
    ]
    assert table.empty_rows == ("3",)


def test_without_identifiers_an_empty_answer_is_somebody(
    tmp_path, source, question, questionnaire
):
    (tmp_path / "proef.csv").write_text("q;x\n7;a\n;b\n", encoding="utf-8")
    table = read_source(tmp_path, source(), questionnaire(question("q", "grade")))
    assert len(table.cells) == 2


def test_the_declared_hash(tmp_path, source, asked):
    (tmp_path / "proef.csv").write_text(CSV, encoding="utf-8")
    digest = read_source(tmp_path, source(), asked).facts[0].sha256
    read_source(tmp_path, source(sha256=digest), asked)
    (tmp_path / "proef.csv").write_text(CSV.replace("8", "9"), encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        read_source(tmp_path, source(sha256=digest), asked)
    assert codes(refusal) == [("KCC-D040a", "proef.csv")]


def test_a_file_that_may_not_be_read(tmp_path, source, asked, monkeypatch):
    (tmp_path / "proef.csv").write_text(CSV, encoding="utf-8")

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(DataError) as refusal:
        read_source(tmp_path, source(), asked)
    assert codes(refusal) == [("KCC-D040c", "proef.csv")]
