"""Outcomes, the last run, the executor and progress: the small parts of a run."""

import io
import json
import os
import re

import pytest
from rich.console import Console

from kcc_research.errors import DataError, LockedError, RunError, problem
from kcc_research.pipeline.executor import OneAfterAnother
from kcc_research.pipeline.last_run import LastRun, read_last_run
from kcc_research.pipeline.outcome import Outcome, exit_code, refused, summary
from kcc_research.pipeline.progress import (
    Bar,
    Log,
    PlainLines,
    Together,
    busy_words,
    progress_for,
)

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


def test_a_run_of_many_ends_with_a_table_of_what_failed():
    stopped = RunError(
        [
            problem("KCC-R064c", key="a/d", stage="report", value="x"),
            problem(
                "KCC-R056b", file="notebooks/own.ipynb", row="7", value="1 +", line=1
            ),
        ]
    )
    found = summary([GOOD, FAILED, LOCKED, refused("a/dd", stopped, "report")])
    assert found[0].startswith("3 of 4 measurements failed; ")
    assert found[-1] == "When mended: kcc run --failed"
    lines = [re.split(r" {2,}", each.strip()) for each in found[1:-1]]
    assert lines[0][:2] == ["a/b", "analyse"]
    assert lines[1][:2] == ["a/c", LOCKED.problems[0].title]
    assert lines[2] == ["a/dd", "report", "cell 7", "Cell 7 is not Python: 1 +"]
    starts = {
        line.index(text[-1]) for line, text in zip(found[1:], lines, strict=False)
    }
    assert len(starts) == 1  # columns stand under one another
    assert summary([GOOD]) == []


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


def bar():
    """A bar on a terminal of 120 wide, and what was written on it."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=120, highlight=False)
    return Bar(console), stream


def shown(stream):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())


def test_a_terminal_gets_counts_what_is_busy_and_what_failed():
    progress, stream = bar()
    progress.begin(["a/a", "a/b", "a/d"])
    progress.step("a/d", "[not markup]", "why")
    progress.finished(GOOD)
    progress.finished(FAILED)
    progress._bars.refresh()
    assert "2/3" in shown(stream)
    assert "1 failed" in shown(stream)
    assert "a/d [not markup]" in shown(stream)
    assert re.search(r"\d+/min", shown(stream))
    progress.end()
    assert "a/a  done" in shown(stream) and "a/b  failed" in shown(stream)


def test_what_is_unchanged_gets_no_line_on_a_terminal():
    progress, stream = bar()
    progress.begin(["x/x"])
    progress.finished(Outcome("x/x", "unchanged"))
    progress.end()
    assert "x/x" not in shown(stream)


def test_many_that_are_busy_are_told_by_number():
    busy = {f"m/{number}": "report" for number in range(5)}
    assert busy_words(busy) == "m/0 report, m/1 report, m/2 report and 2 more"
    assert busy_words({}) == ""


def test_the_log_has_a_line_an_event_and_no_value_of_a_file(store):
    secret = "Mevr. Jansen 06-12345678"
    refusal = DataError(
        problem("KCC-D028", file="a.csv", row=7, value=secret, low=1, high=10, count=2)
    )
    log = Log(store, "run-1")
    log.begin(["a/b"])
    log.step("a/b", "analyse", "raw file x changed")
    log.finished(refused("a/b", refusal, "analyse"))
    log.end()
    path = store.workspace.logs / "run-1.jsonl"
    text = path.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [each["event"] for each in lines] == ["begin", "step", "finished", "end"]
    assert lines[2]["problems"] == [{"code": "KCC-D028", "file": "a.csv", "row": "7"}]
    assert "Jansen" not in text
    if os.name == "posix":
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_run_that_changes_nothing_leaves_no_log(store):
    log = Log(store, "run-1")
    log.begin(["a/b"])
    log.finished(Outcome("a/b", "unchanged"))
    log.end()
    assert not store.workspace.logs.exists()


def test_logs_of_the_last_fifty_runs_are_kept(store):
    for number in range(55):
        log = Log(store, f"run-{number:03d}")
        log.step("a/b", "analyse", "x")
    kept = sorted(each.name for each in store.workspace.logs.iterdir())
    assert (len(kept), kept[0]) == (50, "run-005.jsonl")


def test_a_log_that_cannot_be_written_stops_no_run(store, monkeypatch):
    def full(path, content):
        raise OSError(28, "full")

    monkeypatch.setattr(store.operations, "append", full)
    Log(store, "run-1").step("a/b", "analyse", "x")


def test_all_are_told():
    streams = io.StringIO(), io.StringIO()
    together = Together(*map(PlainLines, streams))
    together.begin(["a/a"])
    together.step("a/a", "analyse", "x")
    together.finished(GOOD)
    together.end()
    for stream in streams:
        assert stream.getvalue() == "a/a  analyse  (x)\na/a  done\n"
