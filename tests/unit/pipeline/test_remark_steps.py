"""Remarks through the calls of the notebooks: read, saved, counted, quoted."""

import pandas as pd
import pytest

from kcc_research.errors import DataError, PrivacyError
from kcc_research.estimation.remark_counts import estimate_remarks
from kcc_research.estimation.tables import empty_comparisons, empty_verdicts
from kcc_research.pipeline import check, steps
from kcc_research.pipeline.workspace import Workspace
from tests.remarks_study import HELPED, KEY, SOURCE, WAITED, quote, rows, write_study

QUOTES = quote("F01", WAITED) + quote("F21", HELPED)


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("KCC_HOME", str(tmp_path))
    monkeypatch.delenv("KCC_STAGING", raising=False)
    return Workspace(write_study(tmp_path, quotes=QUOTES))


def clean():
    study = steps.load_measurement(KEY)
    steps.save_responses(study, SOURCE, steps.read_remarks(study, SOURCE))
    return study


def analyse(study, *, remarks=None):
    found = steps.load_responses(study, SOURCE)
    estimates = estimate_remarks(study, SOURCE, found)
    return steps.save_results(
        study,
        estimates,
        empty_comparisons(),
        empty_verdicts(),
        remarks={SOURCE: found} if remarks is None else remarks,
    )


def test_what_is_saved_is_what_was_read(workspace):
    study = clean()

    read = steps.read_remarks(study, SOURCE).responses
    pd.testing.assert_frame_equal(steps.load_responses(study, SOURCE), read)


def test_ticked_words_reach_the_report_with_the_results(workspace):
    study = clean()
    saved = analyse(study)

    assert "2 citaten" in str(saved)
    assert [each.text for each in steps.load_quotes(study)] == [WAITED, HELPED]
    assert "F01" not in str(steps.load_quotes(study))


def test_before_the_analysis_there_are_no_quotes(workspace):
    with pytest.raises(DataError) as caught:
        steps.load_quotes(clean())
    assert caught.value.problems[0].code == "KCC-D039a"


def test_words_that_are_ticked_no_more_leave_the_results(workspace):
    analyse(clean())
    (workspace.study(KEY) / "quotes.toml").unlink()

    study = steps.load_measurement(KEY)
    analyse(study)

    assert steps.load_quotes(study) == ()
    assert not (workspace.results(KEY) / "quotes.parquet").exists()


def test_ticked_words_cannot_be_forgotten(workspace):
    study = clean()

    with pytest.raises(PrivacyError) as caught:
        analyse(study, remarks={})
    assert {each.code for each in caught.value.problems} == {"KCC-Q005a"}


def test_changed_words_stop_the_analysis(workspace):
    changed = [each.replace("bus", "tram") for each in rows()]
    write_study(workspace.root, changed, quotes=QUOTES)

    with pytest.raises(PrivacyError) as caught:
        analyse(clean())
    assert [each.code for each in caught.value.problems] == ["KCC-Q005c"]
    assert not (workspace.results(KEY) / "estimates.parquet").exists()


def test_a_report_reads_no_remarks(workspace, monkeypatch):
    study = clean()
    monkeypatch.setenv("KCC_STAGE", "report")

    with pytest.raises(PrivacyError) as caught:
        steps.read_remarks(study, SOURCE)
    assert caught.value.problems[0].code == "KCC-P004"


def test_check_reads_remarks_too(workspace):
    wrong = [each.replace("SNEL", "SNELL") for each in rows()]
    write_study(workspace.root, wrong, quotes=QUOTES)

    codes = {each.code for each in check.check(workspace, KEY)}
    assert "KCC-D043f" in codes


def test_check_tells_of_ticked_words_that_changed(workspace):
    changed = [each.replace("bus", "tram") for each in rows()]
    write_study(workspace.root, changed, quotes=QUOTES)

    codes = [each.code for each in check.check(workspace, KEY)]
    assert "KCC-Q005c" in codes


def test_check_says_nothing_of_ticked_words_that_hold(workspace):
    codes = [each.code for each in check.check(workspace, KEY)]

    assert not [each for each in codes if each.startswith("KCC-Q005")]
