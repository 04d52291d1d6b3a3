"""Notebooks in real kernels: what success is, and how each failure is told."""

import json
import os
from datetime import date
from pathlib import Path

import nbformat
import pytest

from kcc_research.errors import DataError, RunError
from kcc_research.pipeline.kernel import KernelRoom
from kcc_research.pipeline.notebook import Assignment, Failed, Limits, run_notebook

PARAMETERS = 'measurement: str = "a/b"'
SECRET = "Mevr. Jansen 06-12345678"


@pytest.fixture(scope="module", params=["auto", "ordinary"])
def room(request):
    """Forked kernels where they can be, and ordinary ones: they behave the same."""
    with KernelRoom(request.param) as opened:
        yield opened


@pytest.fixture
def run(tmp_path, tiny, room, monkeypatch):
    """Run a notebook of these cells; the third cell is the reader's number 4."""

    def run_cells(*cells, parameters=None, limits=None, given=None, stage="analyse"):
        path = tmp_path / "proef.ipynb"
        tiny.write_notebook(path, (PARAMETERS, *cells), "Proef")
        assignment = Assignment(
            path=path,
            shown="notebooks/proef.ipynb",
            parameters=parameters or {"measurement": "x/y"},
            home=tmp_path,
            staging=tmp_path,
            stage=stage,
            published=date(2024, 3, 29),
            failed_folder="data/processed/x/y/runs/1",
            environment=given or os.environ,
            limits=limits or Limits(cell=60, total=120),
        )
        return run_notebook(room, assignment)

    return run_cells


def outputs(notebook):
    return [
        each.get("text") or each["data"]["text/plain"]
        for cell in notebook.cells
        for each in cell.get("outputs", [])
        if each.output_type != "error"
    ]


def failure(run, *cells, **options):
    with pytest.raises(Failed) as caught:
        run(*cells, **options)
    [problem] = caught.value.error.problems
    return problem, caught.value


def test_a_finished_notebook_has_outputs_and_no_trace_of_the_runner(run, tmp_path):
    before = (tmp_path / "proef.ipynb").exists()
    done = run("print(measurement)", "1 + 1")
    assert not before
    assert outputs(done) == ["x/y\n", "2"]
    text = nbformat.writes(done)
    for trace in ("papermill", "kcc-end", "iopub", str(tmp_path), "start_time"):
        assert trace not in text
    assert [cell["id"] for cell in done.cells] == [
        "intro",
        "cell-0",
        "injected-parameters",
        "cell-1",
        "cell-2",
    ]


def test_two_runs_give_the_same_bytes(run):
    cells = ("print({'a', 'b', 'c'})", "print(hash('x'))")
    assert nbformat.writes(run(*cells)) == nbformat.writes(run(*cells))


def test_the_notebook_itself_is_left_as_it_was(run, tmp_path, tiny):
    run("1")
    before = (tmp_path / "proef.ipynb").read_bytes()
    tiny.write_notebook(tmp_path / "again.ipynb", (PARAMETERS, "1"), "Proef")
    assert before == (tmp_path / "again.ipynb").read_bytes()


def test_values_with_quotes_and_newlines_arrive_as_they_are(run):
    nasty = "a'b\"c\\d\nq\u2028r{x}"
    done = run("print(repr(measurement))", parameters={"measurement": nasty})
    assert outputs(done) == [f"{nasty!r}\n"]


def test_a_hostile_home_and_environment_change_nothing(run, tmp_path):
    startup = tmp_path / "home" / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("print('HOSTILE'); measurement = 'HOSTILE'")
    (tmp_path / "numpy.py").write_text("raise SystemExit('HOSTILE')")
    given = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "PYTHONSTARTUP": str(startup / "00.py"),
        "PYTHONPATH": str(tmp_path),
        "LC_ALL": "C",
        "TZ": "Asia/Tokyo",
    }
    done = run(
        "import numpy, os, sys, time, pathlib",
        "print(os.environ['TZ'], time.tzname[0], sys.flags.safe_path, "
        "sys.flags.no_user_site, sys.flags.hash_randomization)",
        "print(list(pathlib.Path.cwd().iterdir()))",
        given=given,
    )
    assert outputs(done) == ["UTC UTC True 1 0\n", "[]\n"]


def test_a_refusal_of_the_package_comes_out_as_it_was_raised(run):
    raising = (
        "from kcc_research.errors import DataError, problem\n"
        "raise DataError([problem('KCC-D039'), problem('KCC-D040', file='a.csv')])"
    )
    with pytest.raises(Failed) as caught:
        run("x = 1", raising, "print('never')")
    error = caught.value.error
    assert type(error) is DataError
    assert [each.code for each in error.problems] == ["KCC-D039", "KCC-D040"]
    assert error.problems[1].file == "a.csv"
    assert "never" not in str(outputs(caught.value.notebook))


def test_another_exception_is_told_by_name_and_place_only(run):
    problem, failed = failure(
        run, "x = 1", f"def f(text):\n    return float(text)\nf('{SECRET}')"
    )
    assert (problem.code, problem.row) == ("KCC-R056a", "4")
    assert "stopped with ValueError" in problem.title
    assert "line 3 of the cell → line 2 of the cell" in problem.remedy
    assert "runs/1" in problem.remedy
    assert "Jansen" not in str(problem)
    shown = [
        cell["outputs"] for cell in failed.notebook.cells if cell.get("outputs", [])
    ]
    assert shown and "Jansen" not in json.dumps(shown)


def test_a_cell_that_is_not_python_is_told_without_its_text(run):
    problem, failed = failure(run, "x = (  # Jansen")
    assert (problem.code, problem.row) == ("KCC-R056a", "3")
    kept = [each for cell in failed.notebook.cells for each in cell.get("outputs", [])]
    assert "Jansen" not in json.dumps(kept)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_a_killed_kernel_is_told_with_its_cell(run):
    problem, failed = failure(
        run, "x = 1", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "2"
    )
    assert (problem.code, problem.row) == ("KCC-R054", "4")
    assert "memory" in problem.remedy
    assert isinstance(failed.error, RunError)


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX's")
@pytest.mark.parametrize(
    "cell",
    [
        "b = bytearray(1_000_000_000)",
        "import numpy as np\nn = np.ones(125_000_000)",
        "f = [bytearray(1_000_000) for _ in range(1_000)]",
    ],
)
def test_a_cell_that_needs_too_much_memory_is_told_with_the_limit(run, cell):
    limits = Limits(cell=60, total=120, memory=800_000_000)
    problem, failed = failure(run, "1", cell, limits=limits)
    assert problem.code == "KCC-R054e"
    assert "Cell 4" in problem.title and "800 MB" in problem.title
    assert "Traceback" not in failed.log.decode()


def test_without_a_limit_the_same_cell_runs(run):
    assert outputs(run("b = bytearray(1_000_000_000)\nlen(b)")) == ["1000000000"]


def test_a_cell_that_hangs_is_stopped_with_all_it_started(run, tmp_path):
    pid = tmp_path / "pid"
    hanging = (
        "import pathlib, subprocess, sys, time\n"
        "code = 'import time; time.sleep(99)'\n"
        "child = subprocess.Popen([sys.executable, '-c', code])\n"
        f"pathlib.Path({str(pid)!r}).write_text(str(child.pid))\n"
        "time.sleep(99)"
    )
    problem, _ = failure(run, hanging, limits=Limits(cell=3, total=60))
    assert (problem.code, problem.row, problem.value) == ("KCC-R055", "3", "3")
    if os.name == "posix":
        assert not _lives(int(pid.read_text()))


def test_a_notebook_that_takes_too_long_in_all_is_stopped(run):
    cells = ["import time; time.sleep(1)"] * 9
    problem, _ = failure(run, *cells, limits=Limits(cell=60, total=4))
    assert (problem.code, problem.value) == ("KCC-R055a", "4")


def test_exiting_quietly_is_no_success(run):
    """IPython takes SystemExit for an ordinary end; the marker is not reached."""
    problem, _ = failure(run, "raise SystemExit(0)", "print('never')")
    assert problem.code in ("KCC-R054", "KCC-R054a", "KCC-R056a")


def test_an_end_marker_cannot_be_printed_by_the_notebook(run):
    problem, _ = failure(run, "import builtins; builtins.print = lambda *a: None")
    assert problem.code == "KCC-R054a"


def test_nothing_of_a_run_is_left_in_the_room(run, room):
    run("1")
    left = {each.name for each in room.folder.iterdir()}
    assert left <= {"shared", "f1", "f1.log"}  # the server is still there


def test_input_is_refused_by_the_kernel_too(run):
    problem, _ = failure(run, "ask = __builtins__['input'] if 0 else input\nask('?')")
    assert "StdinNotImplementedError" in problem.title


def _lives(pid):
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        return "State:\tZ" not in status.read_text()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("stage", ["clean", "report"])
def test_a_notebook_knows_its_stage(run, stage):
    done = run("import os; print(os.environ['KCC_STAGE'])", stage=stage)
    assert outputs(done) == [f"{stage}\n"]
