"""Outcomes, the last run, the executor and progress: the small parts of a run."""

import io

import pytest

from kcc_research.errors import DataError, LockedError, problem
from kcc_research.pipeline.executor import OneAfterAnother
from kcc_research.pipeline.last_run import LastRun, read_last_run
from kcc_research.pipeline.outcome import Outcome, exit_code, refused
from kcc_research.pipeline.progress import PlainLines, Spinner, progress_for

GOOD = Outcome("a/a", "done")
FAILED = refused("a/b", DataError(problem("KCC-D039")), "analyse")
LOCKED = refused(
    "a/c", LockedError(problem("KCC-R058", pid=1, host="h", since="09:00"))
)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 0),
        ([GOOD, Outcome("x/x", "unchanged")], 0),
        ([GOOD, FAILED], 1),
        ([GOOD, LOCKED], 75),
        ([LOCKED, FAILED], 1),
    ],
)
def test_the_exit_code_of_a_run(outcomes, code):
    assert exit_code(outcomes) == code


def test_what_went_wrong_is_remembered(tmp_path):
    path = tmp_path / "last_run.json"
    path.write_bytes(LastRun.of(FAILED, "run-1").to_json())
    last = read_last_run(path)
    assert (last.state, last.step, last.run) == ("failed", "analyse", "run-1")
    assert last.problems[0].startswith("KCC-D039")
    path.write_bytes(LastRun.of(GOOD, "run-2").to_json())
    assert read_last_run(path) == LastRun("run-2", "good")


@pytest.mark.parametrize("text", ["", "[]", "3", '{"run": "x"}'])
def test_a_damaged_note_is_no_note(tmp_path, text):
    path = tmp_path / "last_run.json"
    assert read_last_run(path) is None
    path.write_text(text)
    assert read_last_run(path) is None


def test_each_measurement_is_given_how_its_predecessors_went():
    seen = {}

    def work(key, before):
        seen[key] = dict(before)
        return Outcome(key, "done")

    predecessors = {"a": [], "b": ["a"], "c": ["a", "b"]}
    executor = OneAfterAnother()
    outcomes = list(executor.run(["a", "b", "c"], predecessors.__getitem__, work))
    assert [each.key for each in outcomes] == ["a", "b", "c"]
    assert {key: sorted(before) for key, before in seen.items()} == predecessors


def test_progress_is_one_line_an_event():
    stream = io.StringIO()
    progress = progress_for(stream)
    assert isinstance(progress, PlainLines)
    progress.step("a/b", "analyse", "raw file x changed")
    progress.finished(GOOD)
    assert stream.getvalue() == "a/b  analyse  (raw file x changed)\na/a  done\n"


def test_a_terminal_gets_a_sign_of_life(capsys):
    progress = Spinner()
    progress.step("a/b", "analyse", "[not markup]")
    progress.finished(GOOD)
    shown = capsys.readouterr().err
    assert "a/b  analyse  ([not markup])" in shown
    assert "a/a  done" in shown
