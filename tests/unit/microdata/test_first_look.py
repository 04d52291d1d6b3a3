"""Where the names, the texts and the answers of a messy file stand."""

import gzip
import hashlib

import pytest

from kcc_research.errors import DataError
from kcc_research.microdata import first_look
from kcc_research.microdata.first_look import look, plain
from tests import messy_files


@pytest.fixture
def write(tmp_path):
    return lambda name: messy_files.FILES[name](tmp_path / name)


def test_windows_csv(write):
    found = look(write("bewoners.csv"))
    form = found.format
    assert (form.delimiter, form.encoding) == (";", "windows-1252")
    assert (form.header_row, form.first_row) == (1, None)
    assert "toelichting vóór ons" in found.names
    assert len(found.table.cells) == messy_files.ROWS


def test_title_and_texts_in_a_workbook(write):
    found = look(write("Export maart.xlsx"))
    assert found.format.sheet == "Antwoorden"
    assert (found.format.header_row, found.format.first_row) == (3, 5)
    assert found.wording["v4"] == "De medewerker was vriendelijk"
    assert len(found.table.cells) == messy_files.ROWS


def test_spss(write):
    found = look(write("klant.sav"))
    assert found.wording["cijfer"] == "Welk rapportcijfer geeft u?"
    assert found.table.labels["contact"] == {"1": "ja", "2": "nee"}


def test_limesurvey(write):
    found = look(write("limesurvey.csv"))
    assert (found.format.delimiter, found.format.first_row) == (",", 3)
    assert found.wording["contact"] == "Had u contact?"
    assert found.values("id")[0] == "1"


def test_qualtrics_has_a_text_over_two_lines(write):
    found = look(write("qualtrics.csv"))
    assert found.format.first_row == 5
    assert found.wording["Q3_1"] == "Wat vindt u? - De gemeente is goed bereikbaar"
    assert found.values("ResponseId")[0] == "R_0001abcdef"


def test_names_below_a_row_of_types(tmp_path):
    """As in a workbook of types, question texts and names above each other."""
    path = tmp_path / "a.csv"
    rows = [";".join(str(1 + (n + k) % 5) for k in range(8)) for n in range(20)]
    types = ";".join(["cijfer", "schaal"] * 4)
    texts = ";".join(f"Wat vindt u van onderdeel {k}?" for k in range(8))
    names = ";".join(f"v{k}" for k in range(8))
    path.write_text("\n".join([types, texts, names, *rows]))
    found = look(path)
    assert (found.format.header_row, found.names[:2]) == (3, ("v0", "v1"))
    assert len(found.table.cells) == 20


def test_a_name_that_stands_there_twice_cannot_be_declared(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b;a\n1;2;3\n")
    found = look(path)
    assert (found.names, found.twice) == (("b",), ("a",))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "KCC-D039"),
        ("a.txt", b"x", "KCC-D040e"),
        ("a.sav", b"no spss", "KCC-D040d"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        look(path)
    assert [each.code for each in caught.value.problems] == [code]
    with pytest.raises(DataError):
        look(tmp_path / "absent.csv")


def test_mark_up_and_control_characters_leave_a_wording():
    assert plain("<p>Had u&nbsp;contact\x0b?</p>\n") == "Had u contact ?"


@pytest.mark.parametrize("packed", [False, True], ids=["csv", "gz"])
def test_of_a_large_file_the_first_whole_rows_are_looked_at(
    write, tmp_path, monkeypatch, packed
):
    path = write("bewoners.csv")
    data = path.read_bytes()
    if packed:
        path = tmp_path / "bewoners.csv.gz"
        path.write_bytes(gzip.compress(data, mtime=0))
    monkeypatch.setattr(first_look, "MOST_LOOKED", 5_000)
    found = look(path)
    rows = data[:5_001].count(b"\n") - 1  # lines that end there, but for the header
    assert found.is_part and 20 < rows == len(found.table.cells)
    assert f"alleen de eerste {rows} rijen zijn bekeken" in found.evidence[0]
    [facts] = found.table.facts
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts.size == path.stat().st_size


def test_utf16_is_read_whole_however_large(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes("cijfer;kanaal\n7;balie\n8;web\n".encode("utf-16"))
    monkeypatch.setattr(first_look, "MOST_LOOKED", 10)
    assert not look(path).is_part
    assert len(look(path).table.cells) == 2


@pytest.mark.parametrize(
    "content",
    [b"geen gz", gzip.compress(b"a;b\n1;2\n", mtime=0)[:-9]],
    ids=("text", "torn"),
)
def test_a_torn_gz_is_refused(tmp_path, content):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(content)
    with pytest.raises(DataError) as refused:
        look(path)
    assert refused.value.problems[0].code == "KCC-D040d"
