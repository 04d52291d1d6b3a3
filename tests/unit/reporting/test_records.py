"""Records: read back as written, refused when they would not make a good report."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting.records import (
    Picture,
    Prose,
    Quote,
    Table,
    Title,
    faults,
    from_metadata,
    to_metadata,
)

TABLE = Table("t", "Bijschrift", ("Kanaal", "Cijfer"), (("balie", "7,1"),), "Noot.")
PICTURE = Picture("f", "Bijschrift", "Een staafdiagram van drie kanalen.", TABLE)
QUOTE = Quote("q", "Prima geholpen.", "inwoner, 65 jaar of ouder")
TITLE = Title(
    "Rapport", "Onder", (("Status", "Definitief"),), "definitief", "2024-03-29"
)
ALL = (TABLE, PICTURE, QUOTE, TITLE, Prose())


@pytest.mark.parametrize("record", ALL, ids=lambda each: type(each).__name__)
def test_a_record_reads_back_as_it_was_written(record) -> None:
    assert from_metadata(to_metadata(record)) == record


@pytest.mark.parametrize("record", ALL, ids=lambda each: type(each).__name__)
def test_a_good_record_has_no_faults(record) -> None:
    assert faults(record) == []


def test_metadata_is_plain_json_with_the_kind_first() -> None:
    stored = to_metadata(PICTURE)
    assert next(iter(stored)) == "kind"
    assert stored["kind"] == "figure"
    assert stored["data"]["rows"] == [["balie", "7,1"]]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "kaart"},
        {"kind": None},
        {"extra": 1},
        {"rows": [["balie", 7.1]]},
        {"caption": None},
        {"layout": "matrix"},
    ],
)
def test_a_damaged_record_is_refused(change: dict) -> None:
    with pytest.raises(ValueError):
        from_metadata(to_metadata(TABLE) | change)


def test_a_record_without_a_field_is_refused() -> None:
    stored = to_metadata(TABLE)
    del stored["columns"]
    with pytest.raises(ValueError):
        from_metadata(stored)


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (replace(TABLE, caption=" "), "KCC-O067h"),
        (replace(TABLE, id="1x"), "KCC-O067i"),
        (replace(TABLE, id="met spatie"), "KCC-O067i"),
        (replace(TABLE, id="Groei"), "KCC-O067i"),
        (replace(TABLE, id="nul"), "KCC-O067i"),
        (replace(TABLE, id="kcc-main"), "KCC-O067i"),
        (replace(TABLE, id=""), "KCC-O067i"),
        (replace(TABLE, rows=()), "KCC-O067j"),
        (replace(TABLE, rows=(("balie",),)), "KCC-O067j"),
        (replace(TABLE, align=("left",)), "KCC-O067j"),
        (replace(TABLE, columns=("", "Cijfer")), "KCC-O067k"),
        (replace(TABLE, rows=((" ", "7,1"),)), "KCC-O067k"),
        (replace(TABLE, rows=(("balie", "nan"),)), "KCC-O067m"),
        (replace(TABLE, rows=(("balie", "<NA>"),)), "KCC-O067m"),
        (replace(PICTURE, alt="te kort"), "KCC-O067g"),
        (replace(PICTURE, data=replace(TABLE, caption="")), "KCC-O067h"),
        (replace(QUOTE, speaker=" "), "KCC-O067l"),
        (replace(QUOTE, text=""), "KCC-O067l"),
    ],
)
def test_a_fault_has_its_code(record, code: str) -> None:
    assert [each.code for each in faults(record)] == [code]


def test_key_figures_have_two_or_three_columns() -> None:
    four = ("a", "b", "c", "d")
    wide = replace(TABLE, layout="key_figures", columns=four, rows=(four,))
    assert [each.code for each in faults(wide)] == ["KCC-O067n"]


def test_all_faults_are_found_at_once() -> None:
    bad = Picture("1", "", "kort", Table("ü", "", ("", "b"), (("", "None"),)))
    found = [each.code for each in faults(bad)]
    assert sorted(set(found)) == [
        "KCC-O067g",
        "KCC-O067h",
        "KCC-O067i",
        "KCC-O067k",
        "KCC-O067m",
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("6,8", "x", "7,0"), "right"),
        (("70%", "1.234", "\u22123,1"), "right"),
        (("6,4–6,8", "n.b."), "right"),
        (("<5", "+2"), "right"),
        (("ja", "7"), "left"),
        (("xylofoon",), "left"),
        (("", ""), "left"),
    ],
)
def test_a_column_of_numbers_is_set_right(
    cells: tuple[str, ...], expected: str
) -> None:
    rows = tuple((f"rij {n}", cell) for n, cell in enumerate(cells))
    assert replace(TABLE, rows=rows).alignment == ("left", expected)


def test_the_first_column_is_a_header_even_when_it_holds_numbers() -> None:
    grades = replace(TABLE, rows=(("1", "4"), ("2", "3")))
    assert grades.alignment == ("left", "right")
    assert replace(grades, align=("right", "left")).alignment == ("right", "left")


@pytest.mark.parametrize(
    ("status", "draft", "watermark"),
    [
        ("definitief", False, ""),
        ("concept", False, "CONCEPT"),
        ("wederhoor", False, "CONCEPT VOOR WEDERHOOR"),
        ("definitief", True, "CONCEPT"),
        ("wederhoor", True, "CONCEPT"),
    ],
)
def test_watermark_follows_status_and_draft(
    status, draft: bool, watermark: str
) -> None:
    title = replace(TITLE, status=status)
    title = title.as_draft() if draft else title
    assert title.watermark == watermark


def test_a_draft_says_concept_on_its_title_page_too() -> None:
    assert dict(TITLE.as_draft().fields)["Status"] == "Concept"


def test_colophon_leaves_no_gap_for_an_absent_maker() -> None:
    fields = (("Opdrachtgever", "Gemeente Noordwijk"), ("Uitvoerder", "Bureau X"))
    both = replace(TITLE, fields=fields)
    assert both.colophon == (
        "Gemaakt door Bureau X in opdracht van Gemeente Noordwijk, 29\u00a0maart 2024."
    )
    assert replace(TITLE, fields=fields[:1]).colophon == (
        "Gemaakt in opdracht van Gemeente Noordwijk, 29\u00a0maart 2024."
    )


@given(
    st.lists(
        st.lists(st.text(), min_size=3, max_size=3).map(tuple), min_size=1, max_size=5
    ).map(tuple)
)
def test_any_text_in_a_table_survives_the_notebook(rows) -> None:
    table = replace(TABLE, columns=("a", "b", "c"), rows=rows)
    try:
        stored = to_metadata(table)
        str(stored).encode()
    except UnicodeEncodeError:  # a lone surrogate is no text
        return
    assert from_metadata(stored) == table
