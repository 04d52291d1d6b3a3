"""kcc verify --rerun and kcc diff, on a workspace in miniature with real kernels."""

from __future__ import annotations

import csv
import json
import shutil

import pytest
from typer.testing import CliRunner

from kcc_research.cli import app
from kcc_research.pipeline.manifest import with_manifest
from kcc_research.pipeline.rerun import rerun
from kcc_research.pipeline.run import Runner
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace

pytestmark = pytest.mark.usefixtures("ready_kernels")


@pytest.fixture(scope="module")
def published(tmp_path_factory, tiny):
    root = tiny.make_workspace(tmp_path_factory.mktemp("made"), with_earlier=True)
    outcomes = Runner(Store(Workspace(root))).run([tiny.KEY])
    assert all(each.is_good for each in outcomes)
    return root


@pytest.fixture
def store(published, tmp_path, monkeypatch):
    root = tmp_path / "project"
    shutil.copytree(published, root)
    monkeypatch.setenv("KCC_HOME", str(root))
    return Store(Workspace(root))


def kcc(*words):
    return CliRunner().invoke(app, words)


def contents(folder):
    files = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def codes(problems):
    return [each.code for each in problems]


def test_a_report_reproduces_and_leaves_no_trace(store, tiny):
    """What it builds on was never published: it is made again in the scratch only."""
    workspace = store.workspace
    before = contents(workspace.outputs)
    done = kcc("verify", "--rerun", tiny.KEY)
    assert done.exit_code == 0, done.output
    assert f"{tiny.KEY}  reproduced, byte for byte" in done.stdout
    assert contents(workspace.outputs) == before
    assert list(workspace.staging(tiny.KEY).iterdir()) == []
    assert not workspace.output(tiny.EARLIER).exists()


def test_as_many_at_a_time_as_are_asked_for(store, tiny):
    """Each outcome is told, the locked one too; all kernels come from one room."""
    assert all(each.is_good for each in Runner(store).run([tiny.EARLIER]))
    done = kcc("verify", "--rerun", "--jobs", "2")
    assert done.exit_code == 0, done.output
    assert sorted(done.stdout.splitlines()) == [
        f"{key}  reproduced, byte for byte" for key in (tiny.EARLIER, tiny.KEY)
    ]
    with store.hold(tiny.EARLIER):
        done = kcc("verify", "--rerun", "--jobs", "2")
    assert done.exit_code == 75
    assert f"{tiny.EARLIER}  locked" in done.stdout
    assert f"{tiny.KEY}  reproduced, byte for byte" in done.stdout


def test_what_comes_out_differently_is_listed_with_why_and_kept(store, tiny):
    workspace = store.workspace
    notebook = workspace.notebooks / "30_report_experience.ipynb"
    text = notebook.read_text().replace("Het rapportcijfer is", "Het cijfer is")
    notebook.write_text(text)
    before = contents(workspace.outputs)
    found = rerun(store, tiny.KEY)
    assert codes(found)[0] == "KCC-R062j"
    assert "notebook notebooks/30_report_experience.ipynb changed" in found[0].title
    different = {each.file.rpartition("/")[2] for each in found[1:]}
    assert different == {"inputs.json", "report.html", "report.ipynb", "report.pdf"}
    assert contents(workspace.outputs) == before
    [page] = workspace.runs(tiny.KEY).glob("*/rerun-report.html")
    assert "Het cijfer is" in page.read_text()
    assert kcc("verify", "--rerun", tiny.KEY).exit_code == 1


def test_a_forged_report_with_a_sound_manifest_does_not_reproduce(store, tiny):
    """Hashes that agree prove nothing about where a report comes from."""
    folder = store.workspace.output(tiny.KEY)
    files = contents(folder)
    del files["manifest.json"]
    files["report.html"] = files["report.html"].replace(b"6,8", b"9,8")
    old = json.loads((folder / "manifest.json").read_bytes())
    with store.hold(tiny.KEY) as held:
        forged = with_manifest(tiny.KEY, files, old["parts"], old["disclosure"])
        held.publish(forged)
    assert kcc("verify", tiny.KEY).exit_code == 0
    assert [(each.code, each.file) for each in rerun(store, tiny.KEY)] == [
        ("KCC-R062i", f"outputs/{tiny.KEY}/report.html")
    ]


def test_what_stops_the_rerun_is_told_and_the_report_stays(store, tiny):
    before = contents(store.workspace.outputs)
    tiny.write_grades(store.workspace.root, tiny.KEY, (7, 99))
    assert codes(rerun(store, tiny.KEY)) == ["KCC-R062h", "KCC-D028"]
    assert contents(store.workspace.outputs) == before


def test_purged_measurements_cannot_be_made_again(store, tiny):
    with store.hold(tiny.KEY, writing=False) as held:
        workspace = store.workspace
        raw = [each for each in workspace.raw(tiny.KEY).rglob("*") if each.is_file()]
        held.purge(
            raw, [workspace.raw(tiny.KEY)], "purged.json", b'{"purged":"2031-01-01"}'
        )
    assert codes(rerun(store, tiny.KEY)) == ["KCC-R062g"]
    assert kcc("verify", tiny.KEY).exit_code == 0


def test_what_builds_on_a_purged_measurement_can(store, tiny):
    workspace, key = store.workspace, tiny.EARLIER
    with store.hold(key, writing=False) as held:
        raw = [each for each in workspace.raw(key).rglob("*") if each.is_file()]
        held.purge(raw, [workspace.raw(key)], "purged.json", b'{"purged":"2031-01-01"}')
    assert rerun(store, tiny.KEY) == []


# --- kcc diff -------------------------------------------------------------------------


def test_without_an_earlier_version_there_is_nothing_to_compare(store, tiny):
    for call in (["diff", tiny.KEY], ["diff", tiny.KEY, "--json"]):
        shown = kcc(*call)
        assert (shown.exit_code, shown.stdout) == (1, "")
        assert "KCC-R062k" in shown.output


def test_diff_tells_what_changed_and_verify_knows_its_files(store, tiny):
    workspace = store.workspace
    tiny.write_grades(workspace.root, tiny.KEY, (8, *tiny.GRADES))
    assert all(each.is_good for each in Runner(store).run([tiny.KEY]))
    shown = kcc("diff", tiny.KEY)
    assert shown.exit_code == 0, shown.output
    # 81 / 12 = 6.75 became 89 / 13 = 6.846…: another n, the same first decimal.
    assert (
        f"{tiny.KEY}  0 verdicts, 2 numbers, 1 sentences since version 1"
        in shown.stdout
    )
    folder = workspace.output(tiny.KEY)
    with (folder / "changes.csv").open(newline="", encoding="utf-8") as handle:
        rows = {
            (r["soort"], r["wat"]): (r["was"], r["is"]) for r in csv.DictReader(handle)
        }
    assert rows[("getal", "estimate")] == ("6.75", "6.846153846")
    assert rows[("getal", "n")] == ("12", "13")
    assert rows[("zin", "anders")] == (
        "Er zijn 12 antwoorden.",
        "Er zijn 13 antwoorden.",
    )
    assert "Er zijn 13 antwoorden." in (folder / "changes.html").read_text()
    told = json.loads(kcc("diff", tiny.KEY, "--json").stdout)
    assert {name: told[name] for name in ("key", "since", "page")} == {
        "key": tiny.KEY,
        "since": "version 1",
        "page": str(folder / "changes.html"),
    }
    assert {
        (each["kind"], each["what"]): (each["was"], each["now"])
        for each in told["changes"]
    } == rows
    with (folder / "changes.csv").open(newline="", encoding="utf-8") as handle:
        assert len(told["changes"]) == len(list(csv.DictReader(handle)))
    assert kcc("verify", tiny.KEY).exit_code == 0
    assert kcc("status", tiny.KEY).stdout == f"{tiny.KEY}  up to date\n"
    assert rerun(store, tiny.KEY) == []


def test_the_next_publication_takes_the_answer_away(store, tiny):
    workspace = store.workspace
    tiny.write_grades(workspace.root, tiny.KEY, (8, *tiny.GRADES))
    Runner(store).run([tiny.KEY])
    assert kcc("diff", tiny.KEY).exit_code == 0
    tiny.write_grades(workspace.root, tiny.KEY, tiny.GRADES)
    Runner(store).run([tiny.KEY])
    assert not (workspace.output(tiny.KEY) / "changes.html").exists()


def test_diff_with_a_folder_that_is_no_publication_is_refused(store, tiny, tmp_path):
    shown = kcc("diff", tiny.KEY, "--since", str(tmp_path))
    assert shown.exit_code == 1
    assert "KCC-R062k" in shown.output


def test_diff_of_a_damaged_report_is_refused(store, tiny):
    (store.workspace.output(tiny.KEY) / "report.html").write_text("x")
    shown = kcc("diff", tiny.KEY)
    assert shown.exit_code == 1
    assert "KCC-R062:" in shown.output or "KCC-R062 " in shown.output
    assert not (store.workspace.output(tiny.KEY) / "changes.html").exists()
