"""Bad files of records: every fault is named, with file, row, column and remedy."""

import gzip

import pytest

from kcc_research.microdata.contacts import contact_problems
from kcc_research.pipeline.check import check
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.measurement import Source
from kcc_research.study.record_layout import RecordLayout

LAYOUT = {
    "title": "Proef",
    "kind": "contacts",
    "key": ["id"],
    "drop": ["medewerker"],
    "field": {
        "arrived": {"column": "tijd"},
        "waiting": {"column": "wacht"},
        "product": {"column": "product"},
        "outcome": {
            "column": "status",
            "codes": {"Beantwoord": "helped", "Opgehangen": "abandoned"},
        },
    },
}
HEADER = "id;tijd;wacht;product;status"
GOOD = "1;2024-03-04 09:00;12;Paspoort;beantwoord"


@pytest.fixture
def problems(tmp_path):
    """Problems of a file of these bytes or lines: code → problem."""

    def run(*content, name="data.csv", **given):
        path = tmp_path / name
        text = content[0] if isinstance(content[0], bytes) else "\n".join(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        source = Source.model_validate(
            {"id": "b", "kind": "contacts", "layout": "x.toml", "file": name} | given
        )
        layout = RecordLayout.model_validate(LAYOUT)
        return {each.code: each for each in contact_problems(path, source, layout)}

    return run


def row(**changes):
    cells = dict(zip(HEADER.split(";"), GOOD.split(";"), strict=True)) | changes
    return ";".join(cells.values())


def test_a_good_file_has_no_problems(problems):
    assert problems(HEADER, GOOD) == {}


@pytest.mark.parametrize(
    ("lines", "code", "place", "column"),
    [
        ((HEADER, GOOD, row(id="2", tijd="4 maart")), "KCC-D035a", "3", "tijd"),
        ((HEADER, row(tijd="2024-02-30 09:00")), "KCC-D035a", "2", "tijd"),
        ((HEADER, row(tijd="0024-03-04 09:00")), "KCC-D035a", "2", "tijd"),
        ((HEADER, row(tijd="infinity")), "KCC-D035a", "2", "tijd"),
        ((HEADER, row(wacht="twaalf")), "KCC-D035b", "2", "wacht"),
        ((HEADER, row(wacht="nan")), "KCC-D035b", "2", "wacht"),
        ((HEADER, row(wacht="1e3")), "KCC-D035b", "2", "wacht"),
        ((HEADER, row(wacht="٦")), "KCC-D035b", "2", "wacht"),
        ((HEADER, row(wacht="-5")), "KCC-D036", "2", "wacht"),
        ((HEADER, row(wacht="14401")), "KCC-D036a", "2", "wacht"),
        ((HEADER, row(tijd="")), "KCC-D035c", "2", ""),
        ((HEADER, row(status="beantword")), "KCC-D044m", "2", "status"),
        ((HEADER, GOOD, row(wacht="13")), "KCC-D041i", "3", "id"),
        ((HEADER, GOOD, "2;2024-03-04 09:00;1"), "KCC-D024a", "3", ""),
        ((HEADER, GOOD, row(id="2") + ";x"), "KCC-D023a", "3", ""),
        ((HEADER, GOOD, '2;2024-03-04;"a"b;c;d'), "KCC-D026e", "3", ""),
        ((HEADER, GOOD, '2;2024-03-04;"a;b', "c"), "KCC-D026e", "3", ""),
        ((HEADER.replace("wacht", "Wacht"), GOOD), "KCC-D014c", "1", "wacht"),
        ((HEADER + ";wacht", GOOD + ";1"), "KCC-D030", "1", "wacht"),
        (("Export van maart", HEADER, GOOD), "KCC-D031", "1", ""),
        ((HEADER,), "KCC-D039", "", ""),
        (("",), "KCC-D039", "", ""),
    ],
)
def test_each_fault_has_its_place(problems, lines, code, place, column):
    found = problems(*lines)

    assert code in found, list(found)
    assert (found[code].row, found[code].column) == (place, column)
    assert found[code].file == "data.csv"
    assert found[code].remedy


def test_all_problems_are_told_at_once(problems):
    found = problems(
        HEADER, row(tijd="x"), row(id="2", wacht="y"), row(id="3", status="z")
    )

    assert set(found) == {"KCC-D035a", "KCC-D035b", "KCC-D044m"}


def test_an_unknown_value_has_a_suggestion_and_the_choices(problems):
    found = problems(HEADER, row(status="beantword"), row(id="2", status="beantword"))

    assert found["KCC-D044m"].value == "beantword"
    assert "lijkt op 'Beantwoord' (2 keer)" in found["KCC-D044m"].title
    assert "helped, abandoned" in found["KCC-D044m"].remedy


def test_many_unknown_values_are_counted(problems):
    rows = [row(id=str(each), status=f"s{each}") for each in range(25)]

    found = problems(HEADER, *rows)

    assert "Nog 5 andere waarden" in found["KCC-D044n"].title


def test_a_column_of_staff_is_named_and_left(problems):
    found = problems(HEADER + ";medewerker;notitie", GOOD + ";j.jansen;belde boos")

    assert found["KCC-P001a"].column == "medewerker"
    assert found["KCC-P001b"].column == "notitie"


def test_a_breakdown_is_no_free_text(problems):
    rows = [row(id=str(each), product=f"zin {each}") for each in range(501)]

    assert problems(HEADER, *rows)["KCC-D044o"].column == "product"


def test_a_breakdown_holds_no_personal_data(problems):
    found = problems(HEADER, row(product="bel 06-12345678"))["KCC-D044p"]

    assert "06-12345678" not in str(found)
    assert found.row == "2"


def test_a_value_that_may_be_personal_is_not_shown(problems):
    found = problems(HEADER, row(status="j.jansen@voorbeeld.nl"))["KCC-D044m"]

    assert "jansen" not in str(found)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"niet ingepakt", "data.csv.gz", "KCC-D040d"),
        (gzip.compress(HEADER.encode(), mtime=0)[:-4], "data.csv.gz", "KCC-D040d"),
        (b"{", "data.json", "KCC-D040d"),
        (b'{"aantal": 3}', "data.json", "KCC-D040g"),
        (b"[1, 2]", "data.json", "KCC-D040g"),
        (b"x", "data.xls", "KCC-D040f"),
        (b"id;tijd\n\x81;\x9d\n", "data.csv", "KCC-D019"),
    ],
)
def test_what_is_no_table_at_all(problems, content, name, code):
    assert list(problems(content, name=name)) == [code]


def test_a_small_file_that_unpacks_to_much_is_refused(problems):
    bomb = gzip.compress(HEADER.encode() + b"\n" * (400 * 2**20))

    assert list(problems(bomb, name="data.csv.gz")) == ["KCC-D037"]


@pytest.mark.parametrize(
    ("given", "code"),
    [({"rows": 2}, "KCC-D026d"), ({"sha256": "0" * 64}, "KCC-D040a")],
)
def test_it_must_be_the_file_that_was_declared(problems, given, code):
    assert list(problems(HEADER, GOOD, **given)) == [code]


def test_a_page_that_lacks_a_column(problems):
    found = problems(b'[{"id": 1, "tijd": "2024-03-04"}]', name="data.json")

    assert "KCC-D014c" in found


MEASUREMENT = """
title = "Telefonie"
study = "phone"
municipality = "GM9001"
synthetic = true
published = 2024-03-29
retain_until = 2026-12-31
commissioner = "Voorbeeldgemeente"
status = "concept"
[fieldwork]
start = 2024-01-01
end = 2024-02-01
mode = "phone"
recruitment = "registration"
[[source]]
id = "telefonie"
kind = "contacts"
files = "2024-*.csv"
layout = "telefonie"
"""


def test_kcc_check_lists_the_problems_of_registrations(tmp_path):
    key = "gm9001-voorbeeld/2024-telefonie"
    studies, raw = tmp_path / "studies" / key, tmp_path / "data" / "raw" / key
    for folder in (studies, raw):
        folder.mkdir(parents=True)
    (studies / "measurement.toml").write_text(MEASUREMENT)
    header = (
        "call_id;datumtijd;wachtrij;keuzemenu;wachttijd_s;gesprekstijd_s;hold_s;"
        "nawerk_s;status;doorverbonden_naar\n"
    )
    line = "1;2024-03-04T09:00:00;a;b;12;100;20;30;beantwoord;\n"
    (raw / "2024-01.csv").write_text(header + line)
    (raw / "2024-02.csv").write_text(header + line.replace("beantwoord", "weg"))

    found = check(Workspace(tmp_path), key)

    shown = {(each.code, each.file, each.row) for each in found}
    folder = f"data/raw/{key}"
    assert ("KCC-D044m", f"{folder}/2024-02.csv", "2") in shown
    # The same call in two files, once with another status.
    assert ("KCC-D041i", f"{folder}/2024-02.csv", "2") in shown


def test_one_second_of_the_day_for_many_records_is_a_date(problems):
    dates = [
        row(id=str(each), tijd=f"2024-03-{each % 28 + 1:02d}") for each in range(60)
    ]

    found = problems(HEADER, *dates)["KCC-D036e"]

    assert "60 records hebben hetzelfde tijdstip, 00:00:00" in found.title
    assert found.severity == "warning"
    assert "clock = false" in found.remedy


def test_times_that_differ_are_times(problems):
    times = [row(id=str(each), tijd=f"2024-03-04 09:{each:02d}") for each in range(60)]

    assert "KCC-D036e" not in problems(HEADER, *times)


@pytest.mark.parametrize(("wrong", "refused"), [(2, False), (3, True)])
def test_more_than_a_few_impossible_durations_are_no_slip(problems, wrong, refused):
    """One in twenty: below it they are left out, above it nobody knows which hold."""
    rows = [
        row(
            id=str(each),
            tijd=f"2024-03-04 09:{each:02d}",
            wacht="-5" if each < wrong else "30",
        )
        for each in range(40)
    ]

    found = problems(HEADER, *rows)

    assert found["KCC-D036"].severity == "warning"
    assert ("KCC-D036f" in found) == refused
    if refused:
        told = found["KCC-D036f"]
        assert (told.severity, told.row, told.column) == ("error", "2, 3 en 4", "wacht")
        assert "Van 40 tijden kunnen er 3 niet kloppen" in told.title
