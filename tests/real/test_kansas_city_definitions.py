"""The definitions for the Kansas City survey, held against the open data themselves.

The data are not in the repository: without the folder ``$KCC_SHARED/data`` (or
``../shared/data`` beside the clone) the figures are skipped. The shares and means are
recomputed here from the raw cells and the codes that the definitions declare.
"""

import csv
import os
import shutil
from pathlib import Path

import pytest

from kcc_research.study.loading import load_study_with_warnings
from kcc_research.study.measurement_key import list_keys

REPOSITORY = Path(__file__).parents[2]
DEFINITIONS = Path(__file__).parent / "definitions"
SHARED = Path(os.environ.get("KCC_SHARED", REPOSITORY.parent / "shared"))
DATA = SHARED / "data" / "kcmo_resident_survey"
KEYS = (
    "xx-kansas-city/2021-bewonersonderzoek",
    "xx-kansas-city/2022-bewonersonderzoek",
)
# Per item: share 4-5, mean, valid answers, don't know; from the data card.
FIGURES = {
    KEYS[0]: {
        "bellen": (65.2, 3.709, 772, 261),
        "online": (61.2, 3.627, 652, 381),
        "vriendelijk": (68.1, 3.837, 750, 283),
        "opgelost": (58.6, 3.519, 775, 258),
    },
    KEYS[1]: {
        "bellen": (69.0, 3.768, 717, 267),
        "online": (62.1, 3.653, 625, 359),
        "vriendelijk": (73.6, 3.912, 694, 290),
        "opgelost": (60.6, 3.591, 718, 266),
    },
}
CONTACT = {KEYS[0]: (62.1, 562), KEYS[1]: (63.3, 550)}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    root = tmp_path_factory.mktemp("kansas")
    owner = "xx-kansas-city"
    shutil.copytree(DEFINITIONS / owner, root / "studies" / owner)
    return root


def test_the_definitions_are_in_order(workspace):
    assert list_keys(workspace) == KEYS
    for key in KEYS:
        study, warnings = load_study_with_warnings(workspace, key)
        assert warnings == ()
        assert study.place_name == "Kansas City"
        assert not study.measurement.synthetic
        assert study.margins == {}


def test_both_waves_ask_the_same_questions(workspace):
    first, second = (
        load_study_with_warnings(workspace, key)[0].questionnaires["bewoners"]
        for key in KEYS
    )
    same = [each for each in first.question if each.id != "kwartaal"]

    assert same == [each for each in second.question if each.id != "kwartaal"]
    assert first.indicator == second.indicator


def valid(rows, question):
    return [
        int(row[question.column])
        for row in rows
        if row[question.column] in question.codes
    ]


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no open data in {DATA}")
@pytest.mark.parametrize("key", KEYS)
def test_the_declared_codes_give_the_figures_of_the_data_card(workspace, key):
    study, _ = load_study_with_warnings(workspace, key)
    source = study.measurement.sources["bewoners"]
    questionnaire = study.questionnaires["bewoners"]
    with (DATA / source.file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) == source.rows
    for name, (share, mean, n, unknown) in FIGURES[key].items():
        question = questionnaire.questions[questionnaire.indicators[name].question]
        answers = valid(rows, question)
        missing = sum(row[question.column] in question.missing for row in rows)
        satisfied = sum(
            each >= questionnaire.indicators[name].at_least for each in answers
        )
        assert (len(answers), missing) == (n, unknown)
        assert len(answers) + missing == len(rows)
        assert round(100 * satisfied / n, 1) == share
        assert round(sum(answers) / n, 3) == mean

    (clause,) = questionnaire.filters["had_contact"].parsed.clauses
    contact = questionnaire.questions[clause.question]
    codes = {
        code for code, label in contact.codes.items() if label in clause.categories
    }
    domain = [row for row in rows if row[contact.column] in codes]
    answers = valid(domain, questionnaire.questions["vraag_opgelost"])
    share, n = CONTACT[key]
    assert len(answers) == n
    assert round(100 * sum(each >= 4 for each in answers) / n, 1) == share


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no open data in {DATA}")
@pytest.mark.parametrize("key", KEYS)
def test_every_code_in_the_file_is_declared(workspace, key):
    study, _ = load_study_with_warnings(workspace, key)
    with (DATA / study.measurement.sources["bewoners"].file).open(
        encoding="utf-8", newline=""
    ) as lines:
        rows = list(csv.DictReader(lines))
    for question in study.questionnaires["bewoners"].question:
        if question.type == "identifier":
            continue
        found = {row[question.column] for row in rows}
        assert found <= {*question.codes, *question.missing}, question.id
