"""Real files with question texts under the column names, read as declared.

Ciudad Juárez wrote a row of question texts below the names in its Excel files, and
Qualtrics writes texts and import codes. The files are not in the repository: without
them the tests are skipped. Expected figures are those of the data card, and of the
.sav twins read with pyreadstat.
"""

import pyreadstat
import pytest

from kcc_research.microdata.first_look import look
from kcc_research.microdata.survey import load_survey, problems
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Questionnaire
from tests.workspaces import SHARED

DATA = SHARED / "data"
GRADE = {
    "type": "grade",
    "range": [1, 10],
    "direction": "higher_is_better",
    # Blank in the .xlsx, 0 and 99 in places: none is an answer.
    "missing": {"0": "dont_know", "99": "dont_know"},
    "out_of_range": "exclude",
}
EXCEL = {
    "2016": (1526, {"sheet": "Base", "header_row": 6}, 8.3010, 1515),
    "2018": (
        1569,
        {"sheet": "Base de datos", "header_row": 4, "first_row": 6},
        7.9750,
        1562,
    ),
    "2020": (
        1523,
        {"sheet": "Base de datos", "header_row": 2, "first_row": 4},
        8.2968,
        1516,
    ),
}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="no open data in ../shared/data: set KCC_SHARED"
)


def questionnaire(*questions):
    common = {"sensitive": False}
    return Questionnaire.model_validate(
        {
            "title": "Proef",
            "question": [
                common | {"text": each["id"], "column": each["id"]} | each
                for each in questions
            ],
        }
    )


def source(file, **more):
    given = {"id": "proef", "kind": "survey", "questionnaire": "p.toml", "file": file}
    return Source.model_validate(given | more)


def water(wave):
    """The grade for water; in 2020 even the respondent's number has another name."""
    number = "Folio" if wave == "2020" else "FOLIO"
    return questionnaire(
        {"id": "folio", "column": number, "type": "identifier"},
        {"id": "agua", "column": "Agua", **GRADE},
    )


@pytest.mark.parametrize("wave", EXCEL)
def test_an_excel_of_juarez_equals_its_spss_twin(wave):
    rows, place, mean, n = EXCEL[wave]
    file = f"juarez_percepcion_{wave}.xlsx"
    cleaned = load_survey(
        DATA / "juarez" / file, source(file, rows=rows, format=place), water(wave)
    )

    answers = cleaned.responses["agua"]
    assert answers.count() == n
    assert round(answers.mean(), 4) == mean
    assert cleaned.facts[0].skipped == (1 if "first_row" in place else 0)

    twin, _ = pyreadstat.read_sav(
        DATA / "juarez" / f"juarez_percepcion_{wave}.sav", usecols=["Agua"]
    )
    expected = twin["Agua"].where(twin["Agua"].between(1, 10))
    assert answers.dropna().sum() == pytest.approx(expected.sum())


def test_without_a_declaration_the_row_of_texts_is_refused():
    file = "juarez_percepcion_2020.xlsx"
    place = {"sheet": "Base de datos", "header_row": 2}
    told = problems(DATA / "juarez" / file, source(file, format=place), water("2020"))

    refused = [each for each in told if each.severity == "error"]
    assert [each.code for each in refused] == ["KCC-D015"]
    assert refused[0].row == "3"


QUALTRICS = {
    "sample.csv": (
        4,
        {"id": "nummer", "column": "ResponseId", "type": "identifier"},
        {"id": "klaar", "column": "Finished", "type": "choice", "codes": {"1": "ja"}},
        {"id": "voortgang", "column": "Progress", "type": "number", "range": [0, 100]},
        {"id": "duur", "column": "Duration (in seconds)", "type": "number"},
        {"id": "q1", "column": "Q1", "type": "choice", "codes": {"2": "tweede"}},
        {"id": "q2", "column": "Q2", "type": "text", "sensitive": True},
    ),
    "sample_legacy.csv": (
        3,
        {"id": "nummer", "column": "V1", "type": "identifier"},
        {"id": "klaar", "column": "V10", "type": "choice", "codes": {"1": "ja"}},
        {"id": "status", "column": "V7", "type": "number", "range": [0, 1]},
        {"id": "q1", "column": "Q1", "type": "choice", "codes": {"2": "tweede"}},
        {"id": "q2", "column": "Q2", "type": "text", "sensitive": True},
    ),
}


@pytest.mark.parametrize("file", QUALTRICS)
def test_qualtrics_is_recognised_then_read(file):
    first, *questions = QUALTRICS[file]
    path = DATA / "file_formats" / "qualtrics" / file
    asked = questionnaire(*questions)

    told = problems(path, source(file), asked)
    assert told[0].code == "KCC-D031d"
    assert f"first_row = {first}" in told[0].remedy

    declared = source(file, rows=1, format={"first_row": first})
    cleaned = load_survey(path, declared, asked)
    assert cleaned.responses["q1"].tolist() == ["tweede"]
    assert cleaned.facts[0].skipped == first - 2
    # Address, names and coordinates are in the file, and stay behind.
    assert set(cleaned.responses) & {"IPAddress", "V6", "LocationLatitude"} == set()


def test_labels_of_the_copy_on_1_to_5_beside_grades_are_told():
    """In 2020 the columns with 1–10 carry the labels of their copies."""
    file = "juarez_percepcion_2020.sav"
    told = problems(DATA / "juarez" / file, source(file), water("2020"))

    assert [(each.code, each.column) for each in told if each.severity != "notice"] == [
        ("KCC-D046c", "Agua")
    ]


def test_names_below_numbers_and_types_are_found():
    """What ``kcc new`` proposes of the file of 2018 is what must be declared."""
    found = look(DATA / "juarez" / "juarez_percepcion_2018.xlsx")
    form = found.format
    rows, declared, *_ = EXCEL["2018"]
    assert form.model_dump(include=set(declared)) == declared
    assert len(found.table.cells) == rows
    assert found.wording["Internet"] == "Usó internet para diversión"
