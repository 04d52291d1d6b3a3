"""kcc check, status, verify and the call itself; no kernel starts here."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from kcc_research.cli import app
from kcc_research.pipeline.manifest import with_manifest


@pytest.fixture
def kcc():
    def call(*words):
        return CliRunner().invoke(app, list(words))

    return call


@pytest.fixture
def published(store, tiny):
    """A report as it stands in outputs, without having been run."""
    files = {"report.html": b"<p>", "tables/estimates.csv": b"a\n"}
    files["report.ipynb"] = b"{}"
    with store.hold(tiny.KEY) as held:
        return held.publish(with_manifest(tiny.KEY, files, {}, {}))


def test_help_names_every_command(kcc):
    shown = kcc("--help").output
    for name in ("check", "run", "status", "verify"):
        assert name in shown


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["run", "--nonsense"], ["run"], ["run", "a/b"], ["status", "x"]],
)
def test_a_wrong_call_exits_2(workspace, kcc, words):
    assert kcc(*words).exit_code == 2


def test_a_mistyped_key_gets_the_nearest(workspace, kcc, tiny):
    shown = kcc("status", "xx-teststad/2024-metng")
    assert shown.exit_code == 2
    assert tiny.KEY in shown.output


def test_outside_a_workspace_every_command_says_so(tmp_path, monkeypatch, kcc):
    monkeypatch.delenv("KCC_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    for name in ("check", "status", "verify"):
        shown = kcc(name)
        assert shown.exit_code == 2
        assert "KCC-R053g" in shown.output


def test_check_finds_nothing_in_a_good_measurement(workspace, kcc, tiny):
    shown = kcc("check")
    assert shown.exit_code == 0
    assert shown.output == f"{tiny.KEY}  in order\n"


def test_check_shows_every_problem_and_writes_its_own_report_only(workspace, kcc, tiny):
    tiny.write_grades(workspace.root, tiny.KEY, (7, 99, "acht", 8))
    tiny.edit_cell(workspace.notebooks / "30_report_experience.ipynb", 3, "input()")
    before = set(workspace.root.rglob("*"))
    shown = kcc("check", tiny.KEY)
    assert shown.exit_code == 1
    for text in ("KCC-D028", "acht", "KCC-R056", "rij", "herstel"):
        assert text in shown.output
    new = {path for path in workspace.root.rglob("*") if path.is_file()} - before
    own = workspace.all_processed / ".administration"
    assert {path.name for path in new if not path.is_relative_to(own)} == {
        "controlerapport.html",
        "controlerapport.csv",
    }


def test_check_goes_on_after_a_bad_definition(workspace, kcc, tiny):
    tiny.add_measurement(workspace.root, "xx-andere/2024", 2024)
    (workspace.study("xx-andere/2024") / "measurement.toml").write_text("titel = 1\n")
    shown = kcc("check")
    assert shown.exit_code == 1
    assert f"{tiny.KEY}  in order" in shown.output


def test_status_for_scripts(workspace, kcc, tiny):
    shown = kcc("status", "--json")
    assert shown.exit_code == 0
    [found] = json.loads(shown.output)
    assert (found["key"], found["state"]) == (tiny.KEY, "stale")
    assert found["reasons"][0] == "clean-algemeen: was not run yet"


def test_problems_for_scripts(published, workspace, kcc, tiny):
    tiny.write_grades(workspace.root, tiny.KEY, (7, 99, 8))
    shown = kcc("check", "--json")
    [found] = json.loads(shown.stdout)
    assert (shown.exit_code, found["key"], found["state"]) == (1, tiny.KEY, "1 error")
    assert (found["problems"][0]["code"], found["problems"][0]["value"]) == (
        "KCC-D028",
        '"99"',
    )
    assert "details" not in found["problems"][0]
    shown = kcc("verify", "--json")
    assert json.loads(shown.stdout) == [
        {"key": tiny.KEY, "state": "in order", "problems": []}
    ]
    (published / "report.html").write_bytes(b"<p>edited")
    shown = kcc("verify", "--json")
    [found] = json.loads(shown.stdout)
    assert (shown.exit_code, found["state"]) == (1, "1 error")
    assert found["problems"][0]["file"].endswith("report.html")


def test_verify_passes_what_was_published(published, kcc, tiny):
    shown = kcc("verify")
    assert (shown.exit_code, shown.output) == (0, f"{tiny.KEY}  in order\n")


def test_verify_names_what_was_altered_is_missing_or_extra(published, kcc, tiny):
    (published / "report.html").write_bytes(b"<p>edited")
    (published / "tables" / "estimates.csv").unlink()
    (published / "tables" / "own.csv").write_text("")
    (published / "report.ipynb").write_bytes(b'{"cells": []}')
    shown = kcc("verify", tiny.KEY)
    assert shown.exit_code == 1
    for name in (
        "report.html",
        "report.ipynb",
        "tables/estimates.csv",
        "tables/own.csv",
    ):
        assert f"outputs/{tiny.KEY}/{name}" in shown.output
    assert "4 errors" in shown.output


def test_verify_of_a_key_that_is_nowhere_is_a_wrong_call(published, kcc):
    shown = kcc("verify", "xx-teststad/1999-meting")
    assert shown.exit_code == 2
    assert "KCC-R053j" in shown.output


def test_verify_says_when_nothing_was_published(workspace, kcc, tiny):
    shown = kcc("verify", tiny.KEY)
    assert shown.exit_code == 1
    assert "KCC-R062c" in shown.output


def test_folders_that_can_be_no_measurement_are_told_and_left_alone(
    published, workspace, kcc, tiny
):
    strange = workspace.root / "studies" / "Foo" / "Bar"
    strange.mkdir(parents=True)
    (strange / "measurement.toml").write_text("")
    (workspace.outputs / "Oude rapporten" / "2019").mkdir(parents=True)
    for name, code, word in (
        ("status", 0, "stale"),
        ("check", 0, "in order"),
        ("verify", 0, "in order"),
    ):
        shown = kcc(name)
        assert shown.exit_code == code, shown.output
        assert f"{tiny.KEY}  {word}" in shown.output
    assert "KCC-R053p" in kcc("status").output
    assert "studies/Foo/Bar" in kcc("check").output
    told = kcc("verify").output
    assert "KCC-R062e" in told and "outputs/Oude rapporten/2019" in told
    assert json.loads(kcc("status", "--json").stdout)[0]["key"] == tiny.KEY


def test_verify_goes_on_past_a_locked_measurement(store, published, kcc, tiny):
    other = "xx-teststad/2025-meting"
    with store.hold(other) as held:
        held.publish(with_manifest(other, {"report.html": b"<p>"}, {}, {}))
    with store.hold(tiny.KEY):
        shown = kcc("verify")
        assert shown.exit_code == 75
        assert f"{tiny.KEY}  locked" in shown.output
        assert f"{other}  in order" in shown.output
        (store.workspace.output(other) / "report.html").write_text("edited")
        assert kcc("verify").exit_code == 1


READ_ONLY = """
import os, sys
from kcc_research.pipeline.store.operations import FileOperations

def refuse(*_, **__):
    raise PermissionError(13, "Permission denied", "x")

for name in ("make_folder", "open", "rename", "remove", "remove_tree"):
    setattr(FileOperations, name, refuse)
real = os.open

def reading(path, flags, *rest, **options):
    if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        refuse()
    return real(path, flags, *rest, **options)

os.mkdir, os.open = refuse, reading
from kcc_research.cli import app
app()
"""


@pytest.mark.parametrize("name", ["status", "verify"])
def test_a_workspace_that_cannot_be_written_can_be_read(published, workspace, name):
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, name],
        capture_output=True,
        text=True,
        check=False,
        cwd=workspace.root,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_damaged_inputs_json_or_record_is_no_traceback(
    published, workspace, kcc, tiny
):
    (published / "inputs.json").write_text("{")
    records = workspace.records(tiny.KEY)
    records.mkdir(parents=True)
    damaged = {"schema_version": 1, "step": "x", "made_by": "run", "parts": {}}
    note = json.dumps({**damaged, "outputs": ["a"]})
    (records / "clean-algemeen.json").write_text(note)
    (workspace.administration(tiny.KEY) / "journal.json").write_text("{")
    shown = kcc("status")
    assert (shown.exit_code, shown.exception) == (0, None)
    assert "clean-algemeen: was not run yet" in shown.output
    assert "outputs/xx-teststad/2024-meting/inputs.json" in kcc("verify").output
    manifest = json.loads((published / "manifest.json").read_text())
    del manifest["parts"]
    (published / "manifest.json").write_text(json.dumps(manifest))
    assert "report: was not run yet" in kcc("status").output
    assert "KCC-R062d" in kcc("verify").output


def test_an_internal_error_is_told_without_traceback_or_data(
    workspace, kcc, monkeypatch
):
    from kcc_research.pipeline import standing

    def explode(*_):
        raise LookupError("Mevr. Jansen")

    monkeypatch.setattr(standing, "Standing", explode)
    shown = kcc("status")
    assert shown.exit_code == 1
    assert "KCC-R063b" in shown.output and "Jansen" not in shown.output


def test_a_literal_that_cannot_be_is_a_wrong_call(workspace, kcc, tiny):
    shown = kcc("run", tiny.KEY, "--dry-run", "--set", "seed={[]:1}")
    assert (shown.exit_code, "KCC-R053m" in shown.output) == (2, True)
    tiny.edit_cell(
        workspace.notebooks / "20_analyse_experience.ipynb",
        2,
        'measurement: str = "a"\nseed: int = {[]: 1}',
    )
    assert "KCC-R056d" in kcc("check").output


@pytest.mark.parametrize(
    "words",
    [["status"], ["--help"], ["verify"], ["run", "--all", "--dry-run"]],
    ids=lambda words: words[0],
)
def test_light_commands_import_nothing_heavy(workspace, words):
    """PERFORMANCE §2: papermill 1.3 s, nbformat 0.9, pandas 0.35."""
    code = (
        "import sys\n"
        "from kcc_research.cli import app\n"
        f"sys.argv = ['kcc', *{words!r}]\n"
        "try:\n    app()\nexcept SystemExit as done:\n    code = done.code\n"
        "heavy = {'papermill', 'nbformat', 'nbconvert', 'pandas', 'numpy', 'IPython',"
        " 'jupyter_client', 'matplotlib', 'scipy', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)), code, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=workspace.root,
    )
    assert done.stderr.splitlines()[-1] == "[] 0"


def test_check_leaves_a_report_to_forward(workspace, tiny, kcc):
    raw = workspace.raw(tiny.KEY) / "algemeen.csv"
    raw.write_text(raw.read_text(encoding="utf-8").replace("4", "44"), encoding="utf-8")
    shown = kcc("check", tiny.KEY)
    assert shown.exit_code == 1
    [page] = workspace.runs(tiny.KEY).glob("*/controlerapport.html")
    assert str(page) in shown.output
    assert "KCC-D028" in page.read_text(encoding="utf-8")
    table = page.with_suffix(".csv").read_text(encoding="utf-8")
    assert '"""44"""' in table
    assert page.parent.stat().st_mode & 0o077 == 0


def test_a_measurement_in_order_leaves_nothing(workspace, tiny, kcc):
    assert kcc("check", tiny.KEY).exit_code == 0
    assert not workspace.runs(tiny.KEY).exists()
