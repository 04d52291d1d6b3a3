"""The raw files of the telephone quick scan, damaged: refused, or handled and told."""

import csv
import io
import shutil

import pytest

from kcc_research.disclosure.quotes import choose_quotes
from kcc_research.errors import DataError, DefinitionError, PrivacyError
from kcc_research.microdata.remarks import load_remarks
from kcc_research.microdata.survey import load_survey
from kcc_research.study.loading import load_study
from tests.workspaces import PHONE, REPOSITORY, fresh_copy

RAW = REPOSITORY / "data" / "raw" / PHONE


@pytest.fixture(scope="module")
def study():
    return load_study(REPOSITORY, PHONE)


def survey(study, folder, change):
    """The answers after ``change`` touched the rows of the survey."""
    rows = list(csv.DictReader(io.StringIO(raw("enquete.csv")), delimiter=";"))
    change(rows)
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (folder / "enquete.csv").write_text(file.getvalue(), encoding="utf-8")
    source = study.measurement.sources["enquete"]
    return load_survey(folder, source, study.questionnaires["enquete"])


def raw(name):
    return (RAW / name).read_text(encoding="utf-8")


def setting(column, value, at=4):
    def change(rows):
        rows[at][column] = value

    return change


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("cijfer", "11"),
        ("cijfer", "7,5 a 8"),
        ("belemmering", "N|Q"),
        ("complexiteit", "ingewikkeld"),
        ("aantal_diensten", "4"),
        ("in_een_keer", "misschien"),
    ],
)
def test_what_the_questionnaire_does_not_know_is_refused(
    study, tmp_path, column, value
):
    unhappy = next(
        at
        for at, row in enumerate(
            csv.DictReader(io.StringIO(raw("enquete.csv")), delimiter=";")
        )
        if row["belemmering"]
    )
    with pytest.raises(DataError) as refusal:
        survey(study, tmp_path, setting(column, value, at=unhappy))
    problem = next(x for x in refusal.value.problems if x.severity == "error")
    assert problem.column == column
    assert str(unhappy + 2) in str(problem.row)


def test_a_lost_caller_is_noticed(study, tmp_path):
    with pytest.raises(DataError) as refusal:
        survey(study, tmp_path, lambda rows: rows.pop())
    assert "749" in str(refusal.value)


def test_a_barrier_of_a_content_caller_is_taken_out_and_counted(study, tmp_path):
    def change(rows):
        content = next(row for row in rows if row["cijfer"] == "9")
        content["belemmering"] = "W"

    cleaned = survey(study, tmp_path, change)
    assert cleaned.responses["belemmering: lang wachten"].sum() == 34
    assert (cleaned.log.frame["rule"] == "off_route").sum() == 1


def test_an_unknown_theme_is_refused_with_the_one_that_is_meant(study, tmp_path):
    changed = raw("interviews.csv").replace(";kennis;", ";kenis;", 1)
    (tmp_path / "interviews.csv").write_text(changed, encoding="utf-8")
    source = study.measurement.sources["interviews"]
    with pytest.raises(DataError) as refusal:
        load_remarks(tmp_path, source, study.schemes["interviews"])
    assert "kennis" in str(refusal.value)


def test_words_that_changed_after_the_tick_are_not_printed(study, tmp_path):
    changed = raw("interviews.csv").replace("drie afdelingen", "vier afdelingen")
    assert changed != raw("interviews.csv")
    (tmp_path / "interviews.csv").write_text(changed, encoding="utf-8")
    source = study.measurement.sources["interviews"]
    cleaned = load_remarks(tmp_path, source, study.schemes["interviews"])
    with pytest.raises(PrivacyError) as refusal:
        choose_quotes(study, {"interviews": cleaned.responses})
    (problem,) = refusal.value.problems
    assert problem.value == "I01-1"


def test_a_claim_that_counts_more_others_than_people_is_refused(tmp_path):
    root = fresh_copy(tmp_path, PHONE)
    shutil.rmtree(root / "notebooks")
    file = root / "studies" / PHONE / "claims.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("others = 210", "others = 751"),
        encoding="utf-8",
    )
    with pytest.raises(DefinitionError) as refusal:
        load_study(root, PHONE)
    assert "others" in str(refusal.value)
