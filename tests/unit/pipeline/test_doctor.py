import importlib.metadata
import json
import os
import subprocess

import pytest
from typer.testing import CliRunner

from kcc_research.cli import app
from kcc_research.errors import RunError, problem
from kcc_research.pipeline import doctor

posix = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


@pytest.fixture(autouse=True)
def no_keys(tmp_path, monkeypatch):
    monkeypatch.setenv("KCC_KEYS", str(tmp_path / "sleutels"))
    return tmp_path / "sleutels"


@pytest.fixture
def lock(workspace):
    """A lock of what is really installed."""
    version = importlib.metadata.version("pandas")
    workspace.lock_file.write_text(f"pandas=={version} \\\n    --hash=sha256:0\n")
    return workspace.lock_file


def make_real(workspace, tiny):
    path = workspace.study(tiny.KEY) / "measurement.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("synthetic = true", "synthetic = false")
    block = '[privacy]\ncontroller = "Teststad"\nlegal_basis = "toestemming"\n'
    path.write_text(text.replace("[fieldwork]", f"{block}[fieldwork]"), "utf-8")


def test_a_sound_workspace_is_fit(workspace, lock):
    shown = CliRunner().invoke(app, ["doctor"])
    assert shown.exit_code == 0, shown.output
    assert [line[:9] for line in shown.output.splitlines()] == ["ok       "] * 9
    shown = CliRunner().invoke(app, ["doctor", "--json"])
    facts = json.loads(shown.output)
    assert [each["check"] for each in facts] == [
        "versions",
        "fonts",
        "notebook filter",
        "raw files",
        "keys",
        "free space",
        "path lengths",
        "lock and exchange",
        "kernels",
    ]
    assert all(each["ok"] for each in facts)
    left = [p.name for p in workspace.all_processed.rglob("*") if p.is_file()]
    assert not [name for name in left if name.startswith(".probe")]


def test_one_fault_makes_it_unfit(workspace, lock):
    lock.write_text("pandas==0.0.1\n")
    shown = CliRunner().invoke(app, ["doctor"])
    assert shown.exit_code == 1
    assert "not ok   versions" in shown.output
    assert "not 0.0.1" in shown.output and "make setup" in shown.output


def test_a_condition_of_the_lock_may_leave_a_package_out(workspace, lock):
    with lock.open("a") as file:
        file.write("no-such-package==1.0 ; sys_platform == 'win32' \\\n")
    assert doctor.versions(workspace)[1] == ""
    with lock.open("a") as file:
        file.write("no-such-thing==1.0 \\\n    --hash=sha256:0\n")
    found, remedy = doctor.versions(workspace)
    assert "no-such-thing not installed" in found and remedy
    lock.unlink()
    assert doctor.versions(workspace)[1]


def test_fonts_that_are_gone(tmp_path, monkeypatch):
    assert doctor.fonts() == ("5 files", "")
    from kcc_research.reporting import fonts

    monkeypatch.setattr(fonts, "folder", lambda: tmp_path)
    assert "DejaVuSans.ttf" in doctor.fonts()[0] and doctor.fonts()[1]


def test_a_clone_without_the_filter(workspace):
    assert doctor.notebook_filter(workspace)[1] == ""
    subprocess.run(["git", "init", "-q", workspace.root], check=True)
    found, remedy = doctor.notebook_filter(workspace)
    assert "not set up" in found and "make lab" in remedy
    clean = ["git", "config", "filter.nbstripout.clean", "python -m nbstripout"]
    subprocess.run(clean, cwd=workspace.root, check=True)
    assert doctor.notebook_filter(workspace) == ("nbstripout is set up", "")


@posix
def test_raw_files_that_others_can_read(workspace, tiny):
    """Demonstration data may be read; real ones, and unknown ones, may not."""
    raw = workspace.raw(tiny.KEY) / "algemeen.csv"
    for path in (raw, *(p for p in raw.parents if p.is_relative_to(workspace.root))):
        path.chmod(0o755)
    assert doctor.raw_files(workspace)[1] == ""
    make_real(workspace, tiny)
    found, remedy = doctor.raw_files(workspace)
    assert f"data/raw/{tiny.KEY}/algemeen.csv" in found and "chmod" in remedy
    raw.parent.chmod(0o700)
    assert doctor.raw_files(workspace)[1] == ""
    raw.parent.chmod(0o755)
    raw.chmod(0o600)
    assert doctor.raw_files(workspace)[1] == ""
    raw.chmod(0o640)
    (workspace.study(tiny.KEY) / "measurement.toml").write_text("title = 1\n")
    assert "algemeen.csv" in doctor.raw_files(workspace)[0]


@posix
def test_keys_that_others_can_read(no_keys):
    assert doctor.key_files() == ("0 found", "")
    no_keys.mkdir()
    (no_keys / "xx-teststad.key").write_bytes(bytes(32))
    (no_keys / "xx-teststad.key").chmod(0o644)
    found, remedy = doctor.key_files()
    assert "xx-teststad.key" in found and remedy
    (no_keys / "xx-teststad.key").chmod(0o600)
    assert doctor.key_files() == ("1 found", "")


def test_a_full_disk(store, monkeypatch):
    monkeypatch.setattr(store.operations, "free_bytes", lambda path: 3 * 1024**3 // 2)
    assert doctor.free_space(store)[0] == "1.5 GiB" and doctor.free_space(store)[1]


def test_a_share_without_locks(store, monkeypatch):
    def refuse():
        raise RunError(problem("KCC-R059", value="x"))

    monkeypatch.setattr(store, "probe", refuse)
    found, remedy = doctor.lock_and_exchange(store)
    assert found and remedy


def test_what_a_check_cannot_do_is_a_finding(store, monkeypatch):
    def broken(path):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(store.operations, "free_bytes", broken)
    [found] = [e for e in doctor.examine(store) if e.check == "free space"]
    assert not found.is_good and "Input/output error" in found.found
