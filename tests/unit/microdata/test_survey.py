"""Whole files: public ones when they are at hand, and damaged ones."""

import datetime as dt
import gzip
import hashlib
import io
import os
import random
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc_research.errors import DataError
from kcc_research.microdata.schema import validate
from kcc_research.microdata.survey import load_survey, problems
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Question, Questionnaire

SHARED = Path(os.environ.get("KCC_SHARED", Path(__file__).parents[4] / "shared"))
DATA = SHARED / "data"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public data sets are not here (set KCC_SHARED)"
)


def errors(told) -> list[tuple[str, str]]:
    return [(each.code, each.column) for each in told if each.severity == "error"]


# --- Public files ---------------------------------------------------------------------

BOXES = ["q22_01", "q22_02"]
NA_IS_BLANK = {"9": "dont_know", "NA": "no_answer"}


@needs_data
@pytest.mark.parametrize(
    ("file", "rows", "means", "counts"),
    [
        (
            "FY2022_RS_Cleaned_safe.csv",
            1033,
            [3.709, 3.627, 3.837, 3.519],
            [772, 652, 750, 775],
        ),
        (
            "kcmo_mar_2022_safe.csv",
            984,
            [3.768, 3.653, 3.912, 3.591],
            [717, 625, 694, 718],
        ),
    ],
)
def test_kansas_city(question, questionnaire, source, file, rows, means, counts):
    names = [f"q17_0{n}" for n in range(1, 5)]
    asked = questionnaire(
        question("id", "identifier"),
        question("method", "choice", codes=["Web", "Mail", "Phone"]),
        *(question(name, "scale", missing=NA_IS_BLANK) for name in names),
        question("gezien", "multiple", columns=BOXES, codes={"Y": "1", "NA": "0"}),
    )
    path = DATA / "kcmo_resident_survey" / file
    cleaned = load_survey(path, source(file=file, rows=rows), asked)
    assert len(cleaned.responses) == rows
    found = cleaned.responses[names]
    assert found.mean().round(3).tolist() == means
    assert found.count().tolist() == counts
    ticked = cleaned.responses[[f"gezien: {name}" for name in BOXES]].sum()
    lines = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    expected = [sum(row[lines[0].index(n)] == "Y" for row in lines[1:]) for n in BOXES]
    assert ticked.tolist() == expected
    assert [each.code for each in cleaned.problems] == ["KCC-P001"]


@needs_data
def test_juarez_undeclared_codes_are_refused_then_decided(
    question, questionnaire, source
):
    path = DATA / "juarez" / "juarez_percepcion_2019.sav"
    number = question("folio", "identifier", column="FOLIO")
    happy = question("feliz", "grade", column="Feliz")
    told = problems(path, source(file=path.name), questionnaire(number, happy))
    assert errors(told) == [("KCC-D028", "Feliz")]
    assert told[-1].value == '"0"'
    decided = happy.model_copy(update={"missing": {"0": "dont_know"}})
    asked = questionnaire(number, decided)
    cleaned = load_survey(path, source(file=path.name, rows=1522), asked)
    assert round(cleaned.responses["feliz"].mean(), 4) == 8.4268
    assert cleaned.responses["feliz"].count() == 1509
    assert cleaned.responses["feliz__missing"].dropna().tolist() == ["dont_know"] * 13


@needs_data
def test_juarez_excel_equals_spss(question, questionnaire, source):
    folder = DATA / "juarez"
    asked = questionnaire(
        question("folio", "identifier", column="FOLIO"),
        question("agua", "grade", column="Agua", out_of_range="exclude"),
    )
    spss = load_survey(
        folder / "juarez_percepcion_2016.sav", source(file="a.sav", rows=1526), asked
    )
    place = {"sheet": "Base", "header_row": 6}
    excel = load_survey(
        folder / "juarez_percepcion_2016.xlsx",
        source(file="a.xlsx", rows=1526, format=place),
        asked,
    )
    for cleaned in (spss, excel):
        assert round(cleaned.responses["agua"].mean(), 4) == 8.3010
        assert cleaned.responses["agua"].count() == 1515
    undeclared = problems(
        folder / "juarez_percepcion_2016.xlsx", source(file="a.xlsx"), asked
    )
    assert [code for code, _ in errors(undeclared)] == ["KCC-D032"]


@needs_data
def test_burgerpeiling_demands_a_decision_on_weet_niet(question, questionnaire, source):
    path = DATA / "vng_burgerpeiling" / "Burgerpeling-dataformat-2022.sav"
    asked = questionnaire(
        question("respondent", "identifier"),
        question("dv01", "grade"),
        question("dv06", "grade", missing={"11": "dont_know"}),
        question("dv05_0", "scale", direction="lower_is_better"),
    )
    told = problems(path, source(file=path.name), asked)
    assert errors(told) == [("KCC-D028a", "dv01"), ("KCC-D028a", "dv05_0")]


@needs_data
def test_santa_monica_windows_1252_and_label_drift(question, questionnaire, source):
    path = DATA / "santamonica_open_answers" / "open-ended-responses.csv"
    theme = ["Transport", "Personal", "Development", "Housing", "City Council"]
    asked = questionnaire(
        question("antwoord", "text", column="Fullstring"),
        question(
            "thema", "choice", column="Category 1", codes=theme, out_of_range="exclude"
        ),
    )
    declared = source(file=path.name, rows=1837, format={"encoding": "windows-1252"})
    cleaned = load_survey(path, declared, asked)
    counts = cleaned.responses["thema"].value_counts()
    assert counts[theme[:4]].tolist() == [367, 348, 251, 171]
    assert cleaned.responses["antwoord"].str.len().max() == 4537
    assert cleaned.facts[0].encoding == "windows-1252"
    assert "KCC-D043a" in {each.code for each in cleaned.problems}


@needs_data
@pytest.mark.parametrize("path", sorted((DATA / "file_formats").rglob("*.[cs][as]v")))
def test_odd_files_give_a_message_or_a_table(path, question, questionnaire, source):
    asked = questionnaire(
        question("mynum", "number"),
        question("mydate", "date"),
        question("date", "date"),
    )
    assert problems(path, source(file=path.name), asked)


@needs_data
def test_missing_ranges_of_spss_are_compared(question, questionnaire, source):
    path = DATA / "file_formats" / "spss" / "pyreadstat_sample_missing.sav"
    told = problems(
        path, source(file=path.name), questionnaire(question("mynum", "number"))
    )
    values = [each.value for each in told if each.code == "KCC-D028b"]
    assert values == ['"-1"', '"2500"']


# --- Random damage --------------------------------------------------------------------


def _question(name: str, kind: str, **more: object) -> Question:
    given_ = {"id": name, "column": name, "text": name, "sensitive": False}
    return Question.model_validate(given_ | {"type": kind} | more)


ASKED = Questionnaire(
    title="Proef",
    question=(
        _question("nr", "identifier"),
        _question("kanaal", "choice", codes=["balie", "telefoon"]),
        _question(
            "cijfer",
            "grade",
            range=[1, 10],
            direction="higher_is_better",
            missing={"11": "dont_know"},
            asked_if="kanaal = balie",
        ),
        _question("gewicht", "weight"),
        _question("open", "text"),
        _question("dag", "date"),
    ),
)
ROWS = 12


def _rows() -> list[list[object]]:
    chance = random.Random(1)
    return [
        [
            number,
            chance.choice(["balie", "telefoon"]),
            chance.choice([6, 7.5, 8, 11]),
            round(chance.uniform(0.5, 2), 4),
            chance.choice(["goed; hoor", 'tja "x"', "één\ntwee", ""]),
            dt.datetime(2023, 10, number + 1),
        ]
        for number in range(ROWS)
    ]


def _csv() -> bytes:
    buffer = io.StringIO()
    frame = pd.DataFrame(_rows(), columns=list(ASKED.questions))
    frame.to_csv(buffer, sep=";", decimal=",", index=False, lineterminator="\r\n")
    return buffer.getvalue().encode()


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in [list(ASKED.questions), *_rows()]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _sav(path: Path) -> bytes:
    frame = pd.DataFrame(_rows(), columns=list(ASKED.questions))
    pyreadstat.write_sav(frame.assign(dag=frame["dag"].dt.date), path)
    return path.read_bytes()


EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 40),
        st.one_of(
            st.binary(max_size=3),
            st.sampled_from([b'"', b";", b"\n", b",", b"<", b">", b"9", b"\x00"]),
        ),
    ),
    min_size=1,
    max_size=8,
)


def damaged(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + length :]
    return data


def refused_or_sound(path: Path, data: bytes) -> None:
    """Never a traceback: a refusal that says why, or a frame that passes the check."""
    path.write_bytes(data)
    chosen = Source(id="p", kind="survey", questionnaire="p.toml", file=path.name)
    try:
        cleaned = load_survey(path, chosen, ASKED)
    except DataError as refusal:
        assert any(each.severity == "error" for each in refusal.problems)
        assert all(str(each) for each in refusal.problems)
    else:
        validate(cleaned.responses, ASKED)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("damaged")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "sav"])
def test_the_undamaged_file_is_good(folder, kind):
    made = {"csv": _csv, "xlsx": _xlsx, "sav": lambda: _sav(folder / "x.sav")}
    path = folder / f"goed.{kind}"
    path.write_bytes(made[kind]())
    chosen = Source(id="p", kind="survey", questionnaire="p.toml", file=path.name)
    assert len(load_survey(path, chosen, ASKED).responses) == ROWS


@settings(max_examples=200)
@given(EDITS)
def test_damaged_csv(folder, edits):
    refused_or_sound(folder / "stuk.csv", damaged(_csv(), edits))


@settings(max_examples=60)
@given(EDITS)
def test_damaged_xlsx(folder, edits):
    refused_or_sound(folder / "stuk.xlsx", damaged(_xlsx(), edits))


@settings(max_examples=120)
@given(EDITS, st.sampled_from(["sheet1.xml", "workbook.xml", "styles.xml", ".rels"]))
def test_damaged_xml_in_a_sound_zip(folder, edits, part):
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_xlsx())) as before,
        zipfile.ZipFile(buffer, "w") as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            hit = name.endswith(part)
            after.writestr(name, damaged(content, edits) if hit else content)
    refused_or_sound(folder / "stuk.xlsx", buffer.getvalue())


@settings(max_examples=150)
@given(EDITS)
def test_damaged_sav(folder, edits):
    good = folder / "goed.sav"
    data = good.read_bytes() if good.exists() else _sav(good)
    refused_or_sound(folder / "stuk.sav", damaged(data, edits))


def declared(folder: Path, kind: str) -> tuple[Path, bytes, dict[str, object]]:
    """A good file of its own, its bytes, and a source that declares it."""
    made = {"csv": _csv, "xlsx": _xlsx, "sav": lambda: _sav(folder / "vast.sav")}
    path = folder / f"vast.{kind}"
    data = made[kind]()
    given_ = {"id": "p", "kind": "survey", "questionnaire": "p.toml"}
    return path, data, given_ | {"file": path.name}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "sav"])
def test_with_a_hash_declared_every_changed_byte_is_refused(folder, kind):
    path, data, given_ = declared(folder, kind)
    chosen = Source(**given_, sha256=hashlib.sha256(data).hexdigest())

    @settings(max_examples=60)
    @given(st.integers(0, len(data) - 1), st.integers(1, 255))
    def every_byte(at: int, flipped: int) -> None:
        changed = bytes([data[at] ^ flipped])
        path.write_bytes(data[:at] + changed + data[at + 1 :])
        told = problems(path, chosen, ASKED)
        assert [code for code, _ in errors(told)] == ["KCC-D040a"]

    every_byte()
    path.write_bytes(data)
    assert not errors(problems(path, chosen, ASKED))


NUMBERS = st.lists(st.integers(0, ROWS - 1), max_size=2 * ROWS).filter(
    lambda chosen: len(chosen) != ROWS
)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "sav"])
def test_with_rows_declared_every_lost_or_added_row_is_refused(folder, kind):
    path, _, given_ = declared(folder, kind)
    chosen = Source(**given_, rows=ROWS)
    whole = pd.DataFrame(_rows(), columns=list(ASKED.questions))

    @settings(max_examples=40)
    @given(NUMBERS)
    def other_rows(kept: list[int]) -> None:
        frame = whole.iloc[kept].assign(respondent=range(len(kept)))
        if kind == "csv":
            frame.to_csv(path, sep=";", decimal=",", index=False)
        elif kind == "xlsx":
            frame.to_excel(path, index=False)
        else:
            pyreadstat.write_sav(frame.assign(dag=frame["dag"].dt.date), path)
        codes = [code for code, _ in errors(problems(path, chosen, ASKED))]
        assert ("KCC-D026d" if kept else "KCC-D039") in codes

    other_rows()


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "xlsx", "sav"])
def test_a_file_cut_off_anywhere_is_refused_or_whole(folder, kind):
    """No partial read: with its rows declared, a shorter file never passes."""
    _, data, given_ = declared(folder, kind.partition(".")[0])
    data = gzip.compress(data, mtime=0) if kind == "csv.gz" else data
    path = folder / f"kort.{kind}"
    chosen = Source(**(given_ | {"file": path.name}), rows=ROWS)

    @settings(max_examples=60)
    @given(st.integers(0, len(data) - 1))
    def cut_off(length: int) -> None:
        path.write_bytes(data[:length])
        try:
            cleaned = load_survey(path, chosen, ASKED)
        except DataError as refusal:
            assert all(each.remedy for each in refusal.problems)
        else:
            assert len(cleaned.responses) == ROWS
            validate(cleaned.responses, ASKED)

    cut_off()


@settings(max_examples=60)
@given(EDITS)
def test_damaged_gz(folder, edits):
    packed = gzip.compress(_csv(), mtime=0)
    refused_or_sound(folder / "stuk.csv.gz", damaged(packed, edits))


def test_with_rows_and_hash_declared_every_change_is_refused(folder):
    """A flipped digit can turn a valid grade into another; a hash shows it."""
    path = folder / "vast.csv"
    path.write_bytes(_csv())
    plain = {"id": "p", "kind": "survey", "questionnaire": "p.toml", "file": path.name}
    digest = load_survey(path, Source(**plain), ASKED).facts[0].sha256
    path.write_bytes(_csv().replace(b";8,0;", b";9,0;", 1))
    assert not errors(problems(path, Source(**plain), ASKED))
    told = problems(path, Source(**plain, sha256=digest), ASKED)
    assert [code for code, _ in errors(told)] == ["KCC-D040a"]
