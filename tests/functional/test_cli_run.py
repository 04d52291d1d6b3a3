"""kcc from raw file to report, with real kernels, on a workspace in miniature."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.ready_command import ready_kcc

NAMES = [
    "inputs.json",
    "manifest.json",
    "report.html",
    "report.ipynb",
    "report.pdf",
    "tables/comparisons.csv",
    "tables/estimates.csv",
    "tables/tabellenboek.xlsx",
    "tables/verdicts.csv",
]

RUN = "from kcc_research.cli import app; app()"


def kcc(root, *words, **variables):
    """Run the command line in a process of its own, as a user does."""
    environment = {**os.environ, **variables}
    environment.pop("KCC_HOME", None)
    return subprocess.run(
        [sys.executable, "-c", RUN, *words],
        cwd=root / "notebooks",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def ready(root, *words):
    """The same for what a run does with its files, whatever way it started."""
    return ready_kcc(root / "notebooks", *words)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, tiny):
    """A workspace after its first run, with what that run printed."""
    root = tiny.make_workspace(tmp_path_factory.mktemp("first"), with_earlier=True)
    done = kcc(root, "run", "--all")
    assert done.returncode == 0, done.stderr
    return root, done


@pytest.fixture
def root(finished, tmp_path):
    """A copy of the finished workspace, to be changed by one test."""
    copy = tmp_path / "project"
    shutil.copytree(finished[0], copy)
    return copy


def files(folder):
    return sorted(
        each.relative_to(folder).as_posix()
        for each in folder.rglob("*")
        if each.is_file()
    )


def contents(folder):
    return {name: (folder / name).read_bytes() for name in files(folder)}


def reports(root):
    """All that is published but the list of it, which also says what failed."""
    found = contents(root / "outputs")
    del found["index.html"]
    return found


def kernels_started(done):
    return [line for line in done.stderr.splitlines() if "(" in line]


def test_the_first_run_publishes_complete_reports(finished, tiny):
    root, _ = finished
    for key in (tiny.EARLIER, tiny.KEY):
        assert files(root / "outputs" / key) == NAMES
    page = (root / "outputs" / tiny.KEY / "report.html").read_text()
    assert "Het rapportcijfer is een 6,8." in page
    assert "Er zijn 12 antwoorden." in page
    assert (root / "outputs" / tiny.KEY / "report.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_run_ends_with_the_path_of_every_report_and_the_catalogue(finished, tiny):
    root, done = finished
    lines = done.stdout.splitlines()
    outputs = root / "outputs"
    assert lines == [
        str(outputs / tiny.EARLIER / "report.html"),
        str(outputs / tiny.EARLIER / "report.pdf"),
        str(outputs / tiny.KEY / "report.html"),
        str(outputs / tiny.KEY / "report.pdf"),
        str(outputs / "index.html"),
    ]


def test_tables_are_open_data(finished, tiny):
    root, _ = finished
    path = root / "outputs" / tiny.KEY / "tables" / "estimates.csv"
    with path.open(newline="", encoding="utf-8") as handle:
        [row] = csv.DictReader(handle)
    # (7+8+6+7+5+9+7+6+8+7+4+7) / 12
    assert (row["estimate"], row["n"], row["status"]) == ("6.75", "12", "indicative")
    assert row["origin"] == "synthetic"
    assert b"\r" not in path.read_bytes()


MEMORY = "data/processed/.administration/unchanged/memory.json"


def test_a_second_run_starts_no_kernel_and_changes_nothing(finished):
    root, first = finished
    before = contents(root)
    done = kcc(root, "run", "--all")
    assert done.returncode == 0
    assert kernels_started(done) == []
    assert contents(root) == before
    assert done.stdout == first.stdout


def test_what_nothing_changed_in_is_known_without_its_definitions(finished):
    """Their models take longer to import than all files to be looked at."""
    root, _ = finished
    code = (
        f"import sys\ntry:\n    {RUN}\nfinally:\n"
        "    print('models:', 'kcc_research.study.model' in sys.modules)"
    )
    for words in (("run", "--all"), ("run", "--all", "--dry-run"), ("status",)):
        environment = {**os.environ, "KCC_HOME": str(root)}
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.splitlines()[-1] == "models: False", (words, done.stderr)


def test_of_a_copy_everything_is_read_and_found_up_to_date(root):
    before = contents(root)
    done = kcc(root, "run", "--all")
    assert (done.returncode, kernels_started(done)) == (0, [])
    after = contents(root)
    assert before.pop(MEMORY) != after.pop(MEMORY)
    assert after == before


def test_two_runs_give_the_same_bytes(root, tmp_path, tiny):
    again = tiny.make_workspace(tmp_path / "elsewhere", with_earlier=True)
    done = kcc(again, "run", "--all", TZ="Asia/Tokyo", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert contents(again / "outputs") == contents(root / "outputs")


def test_published_files_hold_no_path_time_or_machine(root, tiny):
    import socket

    folder = root / "outputs" / tiny.KEY
    for name in ("report.html", "report.ipynb", "inputs.json", "manifest.json"):
        text = (folder / name).read_text()
        for trace in (str(root), "papermill.", "start_time", "/tmp/", "ipykernel_"):
            assert trace not in text, (name, trace)
    assert f'"{socket.gethostname()}"' not in (folder / "inputs.json").read_text()


def test_rows_of_persons_stay_in_the_run_s_private_folder(finished, tiny):
    root, _ = finished
    [run] = (root / "data" / "processed" / tiny.KEY / "runs").iterdir()
    assert files(run) == ["analyse.ipynb", "clean-algemeen.ipynb", "run.json"]
    if os.name == "posix":
        assert run.stat().st_mode & 0o777 == 0o700
    told = json.loads((run / "run.json").read_text())
    assert [each["step"] for each in told["steps"]] == [
        "clean-algemeen",
        "analyse",
        "report",
    ]
    times = [each[name] for each in told["steps"] for name in ("begun", "end")]
    assert {each[-6:] for each in (told["since"], *times)} == {"+00:00"}


def test_the_report_reads_what_was_frozen(finished, tiny):
    root, _ = finished
    inputs = json.loads((root / "outputs" / tiny.KEY / "inputs.json").read_text())
    [source] = inputs["sources"]
    assert source["files"][0]["name"] == "algemeen.csv"
    assert source["rows"] == 12
    assert list(inputs["earlier"]) == [tiny.EARLIER]
    assert inputs["parameters"]["notebooks/20_analyse_experience.ipynb"] == {
        "measurement": tiny.KEY
    }
    assert "pandas" in inputs["software"]


def test_a_bad_file_fails_its_measurement_and_its_successor_only(root, tiny):
    tiny.add_measurement(root, "xx-andere/2024", 2024)
    tiny.write_grades(root, tiny.EARLIER, (7, 99, "8,5", "zeven"))
    before = contents(root / "outputs" / tiny.EARLIER)
    done = ready(root, "run", "--all")
    assert done.returncode == 1
    assert "KCC-D028" in done.stderr
    assert "KCC-R053a" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(root / "outputs" / tiny.EARLIER) == before
    assert (root / "outputs" / "xx-andere" / "2024" / "report.html").exists()
    assert "2 of 3 measurements failed" in done.stderr

    tiny.write_grades(root, tiny.EARLIER, tiny.GRADES)
    mended = ready(root, "run", "--failed")
    assert mended.returncode == 0, mended.stderr
    assert "xx-andere" not in mended.stderr


def test_a_stray_output_is_refused_on_publication_and_shown_in_a_draft(root, tiny):
    notebook = root / "notebooks" / "30_report_experience.ipynb"
    tiny.edit_cell(notebook, 5, 'print("zomaar")')
    before = reports(root)
    refused = ready(root, "run", tiny.KEY)
    assert refused.returncode == 1
    assert "KCC-O067" in refused.stderr
    assert reports(root) == before

    draft = ready(root, "run", tiny.KEY, "--draft")
    assert draft.returncode == 0, draft.stderr
    assert "KCC-O067" in draft.stderr
    assert reports(root) == before
    paths = [line for line in draft.stdout.splitlines() if line.endswith(".html")]
    page = next(line for line in paths if "runs" in line)
    assert "CONCEPT" in Path(page).read_text(encoding="utf-8")


SECRET = "Mevr. Jansen 06-12345678"


def test_a_report_publishes_nothing_from_a_hidden_cell(root, tiny):
    notebook = root / "notebooks" / "30_report_experience.ipynb"
    content = json.loads(notebook.read_text())
    hidden = {**content["cells"][4], "id": "hidden", "metadata": {"tags": ["intern"]}}
    hidden["source"] = f"print({SECRET!r})\nkcc.text({SECRET!r})"
    content["cells"].append(hidden)
    notebook.write_text(json.dumps(content))
    done = ready(root, "run", tiny.KEY)
    assert done.returncode == 0, done.stderr
    folder = root / "outputs" / tiny.KEY
    assert [n for n, text in contents(folder).items() if b"Jansen" in text] == []
    assert "# Rapporteren" in (folder / "report.ipynb").read_text()


@pytest.mark.parametrize(
    ("call", "code", "is_started"),
    [
        ('steps.load_responses(m, "algemeen")', "KCC-P004a", False),
        ('getattr(steps, "load_" + "responses")(m, "algemeen")', "KCC-P004", True),
    ],
)
def test_a_report_that_reads_answers_is_refused(root, tiny, call, code, is_started):
    notebook = root / "notebooks" / "30_report_experience.ipynb"
    tiny.edit_cell(notebook, 5, f"kcc.text(str({call}))")
    before = reports(root)
    done = ready(root, "run", tiny.KEY)
    assert done.returncode == 1
    assert f"{code}  fout" in done.stderr
    assert (f"{tiny.KEY}  report  (" in done.stderr) == is_started
    assert reports(root) == before


def test_a_kernel_has_one_thread_for_linear_algebra(root, tiny):
    """Sums in another order are other numbers; what the user set does not count."""
    notebook = root / "notebooks" / "20_analyse_experience.ipynb"
    source = json.loads(notebook.read_text())["cells"][4]["source"]
    names = [f"{name}_NUM_THREADS" for name in ("OPENBLAS", "OMP", "MKL")]
    told = f"import os\nassert [os.environ[n] for n in {names}] == ['1', '1', '1']\n"
    tiny.edit_cell(notebook, 5, told + source)
    done = kcc(root, "run", tiny.KEY, **dict.fromkeys(names, "8"))
    assert done.returncode == 0, done.stderr


def test_an_unknown_parameter_leaves_the_last_report(root, tiny):
    file = root / "studies" / tiny.KEY / "measurement.toml"
    text = file.read_text().replace(
        "[[earlier]]", "[parameters]\nsede = 3\n[[earlier]]"
    )
    file.write_text(text)
    before = reports(root)
    done = ready(root, "run", tiny.KEY)
    assert done.returncode == 1
    assert "KCC-C003" in done.stderr and "'seed'" in done.stderr
    assert kernels_started(done) == []
    assert reports(root) == before


def test_a_run_beside_another_is_told_to_wait(root, tiny):
    holding = (
        "import sys, pathlib\n"
        "from kcc_research.pipeline.store import Store\n"
        "from kcc_research.pipeline.workspace import Workspace\n"
        "with Store(Workspace(pathlib.Path(sys.argv[1]))).hold(sys.argv[2]):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", holding, str(root), tiny.KEY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout.readline() == "held\n"
        done = kcc(root, "run", tiny.KEY, "--force")
        status = kcc(root, "status", tiny.KEY)
        other.stdin.close()
    assert done.returncode == 75
    assert "KCC-R058" in done.stderr and str(other.pid) in done.stderr
    assert "running" in status.stdout


def test_notebooks_run_by_hand_use_the_same_store(root, tiny):
    """As in JupyterLab: no runner, same files; the next run does the step again."""
    code = (
        "from kcc_research.pipeline import steps\n"
        f"m = steps.load_measurement({tiny.KEY!r})\n"
        "cleaned = steps.read_responses(m, 'algemeen')\n"
        "print(steps.save_responses(m, 'algemeen', cleaned))\n"
    )
    by_hand = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root / "notebooks",
        capture_output=True,
        text=True,
        check=False,
    )
    assert by_hand.returncode == 0, by_hand.stderr
    assert "algemeen.parquet: 12 rijen" in by_hand.stdout
    status = ready(root, "status", tiny.KEY)
    assert "clean-algemeen: was run by hand" in status.stdout
    done = ready(root, "run", tiny.KEY)
    assert [line.split()[1] for line in kernels_started(done)] == ["clean-algemeen"]


def test_no_kernel_or_folder_of_a_run_is_left(finished):
    rooms = re.compile(r"kcc-[^-]+-[0-9]+(-.*)?")
    every = Path(tempfile.gettempdir()).glob("kcc-*")
    left = [each for each in every if rooms.fullmatch(each.name)]
    assert [each for each in left if not _owner_lives(each)] == []


def _owner_lives(folder):
    pid = folder.name.split("-")[2]
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_a_killed_run_leaves_a_whole_report_and_the_next_one_finishes(root, tiny):
    """Killed at three moments: reading, analysing, publishing (TRUST-T2)."""
    tiny.edit_cell(root / "notebooks" / "30_report_experience.ipynb", 1, "# Anders")
    moments = random.Random(575)
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, "run", tiny.KEY, "--force"],
            cwd=root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(moments.uniform(1.0, 3.5))
        process.kill()
        process.wait()
        assert ready(root, "verify", tiny.KEY).returncode == 0
    status = ready(root, "status", tiny.KEY)
    assert "interrupted" in status.stdout
    done = ready(root, "run", tiny.KEY)
    assert done.returncode == 0, done.stderr
    assert ready(root, "status", tiny.KEY).stdout == f"{tiny.KEY}  up to date\n"
    leftovers = [
        each
        for name in (".staging", "journal.json")
        for folder in root.rglob(name)
        for each in ([folder] if folder.is_file() else folder.rglob("*"))
        if each.is_file()
    ]
    assert leftovers == []
