import csv
import json
from dataclasses import replace

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from kcc_research.errors import DataError, DefinitionError, PrivacyError, problem
from kcc_research.estimation import tables
from kcc_research.pipeline import results, steps
from kcc_research.pipeline.record import read_record
from kcc_research.pipeline.saving import record_file
from kcc_research.pipeline.workspace import Workspace


@pytest.fixture
def study(workspace, tiny):
    return steps.load_measurement(tiny.KEY)


def estimates(key, n, value=6.5):
    row = {
        "measurement": key,
        "source": "algemeen",
        "indicator": "rapportcijfer",
        "statistic": "mean",
        "by": "totaal",
        "group": "totaal",
        "estimate": value,
        "n": n,
        "status": "published",
    }
    return tables.tidy(pd.DataFrame([row]), tables.ESTIMATE_COLUMNS)


def save(study, n=40):
    return steps.save_results(
        study,
        estimates(study.key, n),
        tables.empty_comparisons(),
        tables.empty_verdicts(),
    )


def code_of(error):
    return [each.code for each in error.value.problems]


def test_answers_are_saved_and_loaded_as_they_were(workspace, study, tiny):
    cleaned = steps.read_responses(study, "algemeen")
    saved = steps.save_responses(study, "algemeen", cleaned)
    loaded = steps.load_responses(study, "algemeen")
    assert_frame_equal(loaded, cleaned.responses)
    assert tuple(loaded["cijfer"]) == tiny.GRADES
    assert "12 rijen" in str(saved)
    assert str(workspace.root) not in str(saved)


def test_facts_of_a_source_are_kept_for_the_account(workspace, study, tiny):
    import hashlib

    cleaned = steps.read_responses(study, "algemeen")
    steps.save_responses(study, "algemeen", cleaned)
    facts = json.loads((workspace.processed(study.key) / "algemeen.json").read_text())
    raw = (workspace.raw(study.key) / "algemeen.csv").read_bytes()
    assert facts["files"] == [
        {
            "name": "algemeen.csv",
            "sha256": hashlib.sha256(raw).hexdigest(),
            "bytes": len(raw),
            "rows": 12,
        }
    ]
    assert facts["rows"] == 12


def test_facts_name_warnings_without_the_rows_of_persons(workspace, study):
    cleaned = steps.read_responses(study, "algemeen")
    warning = problem("KCC-Q001", row="204 en 207", column="open", kind="e", count="2")
    notice = problem("KCC-D039b", count=3)
    steps.save_responses(
        study, "algemeen", replace(cleaned, problems=(warning, notice))
    )
    text = (workspace.processed(study.key) / "algemeen.json").read_text()
    assert json.loads(text)["warnings"] == [warning.title]
    assert "204" not in text


def test_one_log_holds_the_changes_of_every_source(workspace, study):
    path = workspace.processed(study.key) / "cleaning_log.csv"
    path.parent.mkdir(parents=True)
    path.write_text(
        "source,row,column,from,to,rule\n"
        "balie,2,v1,a,b,trim\nalgemeen,9,v1,old,old,stale\n"
    )
    cleaned = steps.read_responses(study, "algemeen")
    steps.save_responses(study, "algemeen", cleaned)
    with path.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row for row in rows if row["source"] == "balie"] == [
        {
            "source": "balie",
            "row": "2",
            "column": "v1",
            "from": "a",
            "to": "b",
            "rule": "trim",
        }
    ]
    assert "stale" not in [row["rule"] for row in rows]


def test_a_missing_raw_file_is_named(workspace, study):
    (workspace.raw(study.key) / "algemeen.csv").unlink()
    with pytest.raises(DataError) as error:
        steps.read_responses(study, "algemeen")
    assert code_of(error) == ["KCC-D040b"]


def test_reading_before_saving_says_what_to_run_first(study):
    with pytest.raises(DataError) as error:
        steps.load_responses(study, "algemeen")
    assert code_of(error) == ["KCC-D039a"]
    assert f"Draai eerst 10_…, of het commando: kcc run {study.key}" in str(error.value)
    with pytest.raises(DataError) as error:
        steps.load_results(study)
    assert "Draai eerst 10_… en 20_…" in str(error.value)


def test_answers_edited_by_hand_are_not_loaded(workspace, study):
    cleaned = steps.read_responses(study, "algemeen")
    steps.save_responses(study, "algemeen", cleaned)
    path = workspace.processed(study.key) / "algemeen.parquet"
    pd.DataFrame({"cijfer": [1.0]}).to_parquet(path)
    with pytest.raises(DataError):
        steps.load_responses(study, "algemeen")


def test_results_are_saved_and_loaded_as_they_were(study):
    save(study)
    found = steps.load_results(study)
    assert_frame_equal(found.estimates, estimates(study.key, 40))
    assert_frame_equal(found.comparisons, tables.empty_comparisons())
    assert_frame_equal(found.verdicts, tables.empty_verdicts())


def test_nothing_unprotected_is_ever_written(workspace, study):
    """Nine answers are too few: the value is nowhere under data or outputs."""
    steps.save_results(
        study,
        estimates(study.key, 9, value=7.123456789),
        tables.empty_comparisons(),
        tables.empty_verdicts(),
    )
    [row] = steps.load_results(study).estimates.to_dict("records")
    assert row["status"] == "suppressed"
    assert pd.isna(row["estimate"]) and pd.isna(row["n"])
    record = results.protection_record(workspace.results(study.key))
    assert (record["tested"], record["suppressed"]) == (1, 1)


def test_a_save_by_hand_says_so_in_its_record(workspace, study):
    save(study)
    record = read_record(record_file(workspace, study.key, "analyse"))
    assert record.made_by == "hand"
    assert sorted(record.outputs) == [
        "results/comparisons.parquet",
        "results/estimates.parquet",
        "results/protection.json",
        "results/verdicts.parquet",
    ]


def test_in_a_run_a_save_is_staged_and_nothing_else(
    workspace, study, tmp_path, monkeypatch
):
    staging = tmp_path / "staging"
    staging.mkdir()
    monkeypatch.setenv("KCC_STAGING", str(staging))
    save(study)
    assert not workspace.processed(study.key).exists()
    note = json.loads((staging / "saved.json").read_text())
    assert note["step"] == "analyse"
    assert (staging / "results" / "estimates.parquet").exists()


def test_earlier_results_come_with_their_study(tmp_path, tiny, monkeypatch):
    root = tiny.make_workspace(tmp_path / "two", with_earlier=True)
    monkeypatch.setenv("KCC_HOME", str(root))
    study = steps.load_measurement(tiny.KEY)
    with pytest.raises(DataError) as error:
        steps.load_earlier(study)
    assert tiny.EARLIER in str(error.value)
    save(steps.load_measurement(tiny.EARLIER), n=33)
    [wave] = steps.load_earlier(study)
    assert wave.study.key == tiny.EARLIER
    assert wave.declared.reason == "Andere vraag."
    assert wave.results.estimates["n"].tolist() == [33]


def test_without_earlier_measurements_there_is_nothing_to_load(study):
    assert steps.load_earlier(study) == ()


def test_the_account_by_hand_is_made_on_the_spot(workspace, study):
    cleaned = steps.read_responses(study, "algemeen")
    steps.save_responses(study, "algemeen", cleaned)
    account = steps.load_account(study)
    assert account.measurement["title"] == "Proefmeting"
    assert [each.id for each in account.sources] == ["algemeen"]
    assert not workspace.outputs.exists()


def test_the_account_in_a_run_is_the_frozen_one(
    workspace, study, tmp_path, monkeypatch
):
    frozen = steps.load_account(study)
    (tmp_path / "inputs.json").write_bytes(frozen.to_json())
    monkeypatch.setenv("KCC_STAGING", str(tmp_path))
    (workspace.study(study.key) / "claims.toml").write_text("# new\n")
    assert steps.load_account(study) == frozen


def test_a_logo_is_read_when_there_is_one(workspace, study, tiny):
    assert steps.load_logo(study) is None
    folder = workspace.study(study.key)
    file = folder / "measurement.toml"
    text = file.read_text().replace(
        "[fieldwork]", '[report]\nlogo = "l.svg"\n[fieldwork]'
    )
    file.write_text(text)
    (folder / "l.svg").write_bytes(b"<svg/>")
    changed = steps.load_measurement(tiny.KEY)
    assert steps.load_logo(changed) == b"<svg/>"
    (folder / "l.svg").unlink()
    with pytest.raises(DefinitionError) as error:
        steps.load_logo(changed)
    assert code_of(error) == ["KCC-C010a"]


def test_a_notebook_in_the_notebooks_folder_finds_its_workspace(
    tmp_path, tiny, monkeypatch
):
    root = tiny.make_workspace(tmp_path / "here")
    monkeypatch.delenv("KCC_HOME", raising=False)
    monkeypatch.chdir(root / "notebooks")
    assert steps.load_measurement(tiny.KEY).key == tiny.KEY
    assert Workspace(root).study(tiny.KEY).is_dir()


REFUSED = {
    "read_responses": lambda study: steps.read_responses(study, "algemeen"),
    "load_responses": lambda study: steps.load_responses(study, "algemeen"),
    "save_responses": lambda study: steps.save_responses(study, "algemeen", None),
    "save_results": save,
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_report_reads_and_saves_no_answers(workspace, study, monkeypatch, name):
    cleaned = steps.read_responses(study, "algemeen")
    steps.save_responses(study, "algemeen", cleaned)
    monkeypatch.setenv("KCC_STAGE", "report")
    with pytest.raises(PrivacyError) as error:
        REFUSED[name](study)
    [told] = error.value.problems
    assert (told.code, told.value) == ("KCC-P004", f"kcc.{name}")


@pytest.mark.parametrize("stage", ["clean", "analyse"])
def test_other_stages_read_answers(workspace, study, monkeypatch, stage):
    monkeypatch.setenv("KCC_STAGE", stage)
    assert len(steps.read_responses(study, "algemeen").responses) == 12


def test_a_source_saved_in_a_run_is_read_among_the_others_under_the_lock(
    workspace, study, monkeypatch, tmp_path
):
    """A kernel stages the rows of its own source, whatever the log holds by then."""
    path = workspace.processed(study.key) / "cleaning_log.csv"
    path.parent.mkdir(parents=True)
    path.write_text("source,row\nbalie,2\n")
    staging = tmp_path / "staging"
    monkeypatch.setenv("KCC_STAGING", str(staging))
    cleaned = steps.read_responses(study, "algemeen")
    steps.save_responses(study, "algemeen", cleaned)
    assert "balie" not in (staging / "cleaning_log.csv").read_text()
