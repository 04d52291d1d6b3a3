"""Temporary folders: those of the dead are cleared, on any system; no others."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from kcc_research import temporary_folders
from kcc_research.microdata import contact_database
from kcc_research.temporary_folders import clear_dead, new_folder, passing_folder

CHILD = """
import sys
from pathlib import Path
from kcc_research.temporary_folders import new_folder
print(new_folder(Path(sys.argv[1])).name, flush=True)
input()
"""


class Psutil:
    """psutil of a system where processes began at these times (None: not for us)."""

    class Error(Exception):
        pass

    class NoSuchProcess(Error):
        pass

    class ZombieProcess(NoSuchProcess):
        pass

    class AccessDenied(Error):
        pass

    def __init__(self, began):
        self._began = began

    def Process(self, pid):  # noqa: N802 - its name there
        if pid not in self._began:
            raise self.NoSuchProcess
        return SimpleNamespace(create_time=lambda: self._time(pid))

    def _time(self, pid):
        if self._began[pid] is None:
            raise self.AccessDenied
        return self._began[pid]


@pytest.fixture
def system(monkeypatch, tmp_path):
    """A system without /proc, with the psutil that is given, or none."""

    def make(psutil, name="nt"):
        monkeypatch.setattr(temporary_folders, "_ITSELF", tmp_path / "none")
        monkeypatch.setattr(temporary_folders, "_user", lambda: 0)
        monkeypatch.setitem(sys.modules, "psutil", psutil)
        lacking = SimpleNamespace(name=name, getpid=lambda: 7, kill=never, fsencode=0)
        monkeypatch.setattr(temporary_folders, "os", lacking)

    def never(pid, number):
        raise AssertionError("on Windows this ends the process")

    return make


def left(folder):
    return sorted(each.name for each in folder.iterdir())


def put(folder, *names):
    for name in names:
        (folder / name).mkdir(parents=True)
        (folder / name / "records.parquet").write_text("x")


def mine(*parts):
    user = os.getuid() if hasattr(os, "getuid") else 0
    return "-".join(("kcc", str(user), *map(str, parts)))


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_what_a_killed_process_left_goes_when_the_next_folder_is_made(tmp_path):
    command = [sys.executable, "-c", CHILD, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        name = child.stdout.readline().strip()
        alive = new_folder(tmp_path)
        assert (tmp_path / name).is_dir()
        child.kill()
    other = new_folder(tmp_path)
    assert left(tmp_path) == sorted([alive.name, other.name])


def test_a_process_that_got_the_number_of_a_dead_one_does_not_keep_its_folder(tmp_path):
    folder = new_folder(tmp_path)
    began = int(folder.name.split("-")[3])
    reused = mine(os.getpid(), began - 100_000, "x")
    put(tmp_path, reused)
    clear_dead(tmp_path)
    assert left(tmp_path) == [folder.name]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="this is Linux's")
def test_a_process_that_only_waits_to_be_buried_is_dead(tmp_path):
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    put(tmp_path, mine(child.pid, 0, "x"))
    clear_dead(tmp_path)
    child.wait()
    assert left(tmp_path) == []


def test_what_is_not_ours_stays(tmp_path):
    names = ["kcc-", "kcc-abc", mine(2**30, "x"), mine(2**30, 5), mine("a", 5, "x")]
    names += [f"kcc-{2**30}-{2**30}-5-x", f"other-{mine(2**30, 5, 'x')}"]
    put(tmp_path, *names)
    (tmp_path / mine(2**30, 5, "file")).write_text("")
    target = tmp_path / "elsewhere"
    put(target, "a")
    link = tmp_path / mine(2**30, 5, "link")
    link.symlink_to(target)
    before = left(tmp_path)
    clear_dead(tmp_path)
    assert left(tmp_path) == before and left(target) == ["a"]


@pytest.mark.skipif(os.name != "posix", reason="users without numbers")
def test_another_users_folder_stays_whatever_its_name(tmp_path, monkeypatch):
    name = f"kcc-{os.getuid() + 1}-{2**30}-5-x"
    put(tmp_path, name)
    monkeypatch.setattr(temporary_folders, "_user", lambda: os.getuid() + 1)
    clear_dead(tmp_path)
    assert left(tmp_path) == [name]


def test_a_folder_that_another_clears_meanwhile_is_no_trouble(tmp_path, monkeypatch):
    put(tmp_path, mine(2**30, 5, "x"))

    def vanished(self):
        raise FileNotFoundError(str(self))

    monkeypatch.setattr(Path, "lstat", vanished)
    clear_dead(tmp_path)


def test_a_passing_folder_is_private_and_goes(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with passing_folder() as folder:
        assert folder.parent == tmp_path
        assert os.name != "posix" or folder.stat().st_mode & 0o777 == 0o700
    assert left(tmp_path) == []


def test_records_read_by_hand_stand_in_a_folder_with_an_owner(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with contact_database.database() as base:
        assert base.folder.name.startswith(mine(os.getpid(), ""))
    assert left(tmp_path) == []


def test_both_places_are_cleared(tmp_path, monkeypatch):
    usual, short = tmp_path / "usual", tmp_path / "short"
    for each in (usual, short):
        put(each, mine(2**30, 5, "x"))
    monkeypatch.setattr("tempfile.tempdir", str(usual))
    monkeypatch.setattr(temporary_folders, "temporary", lambda: short)
    clear_dead()
    assert left(usual) == left(short) == []


# --- without /proc: Windows and macOS -------------------------------------------------


@pytest.mark.parametrize(
    ("began", "stays"),
    [
        ({8: 5000.9}, True),
        ({8: 5500.0}, True),  # the clock was set meanwhile
        ({8: 90_000.0}, False),  # another process got its number
        ({}, False),
        ({8: None}, True),  # there is one, of which we may know nothing
    ],
)
def test_windows_tells_who_is_dead(system, tmp_path, began, stays):
    put(tmp_path, "kcc-0-8-5000-x")
    system(Psutil(began))
    clear_dead(tmp_path)
    assert left(tmp_path) == (["kcc-0-8-5000-x"] if stays else [])


def test_windows_names_a_folder_by_its_process(system, tmp_path):
    system(Psutil({7: 1234.5}))
    assert new_folder(tmp_path).name.startswith("kcc-0-7-1234-")


def test_where_nobody_can_tell_the_folder_stays(system, tmp_path):
    put(tmp_path, "kcc-0-8-5000-x")
    system(None)
    made = new_folder(tmp_path)
    assert made.name.startswith("kcc-0-7-0-")
    assert left(tmp_path) == sorted(["kcc-0-8-5000-x", made.name])


def test_a_folder_of_an_unknown_beginning_stays_while_the_number_is_in_use(
    system, tmp_path
):
    put(tmp_path, "kcc-0-8-0-x", "kcc-0-9-0-x")
    system(Psutil({8: 5000.0}))
    clear_dead(tmp_path)
    assert left(tmp_path) == ["kcc-0-8-0-x"]


@pytest.mark.parametrize("error", [ProcessLookupError, OverflowError, PermissionError])
def test_without_psutil_the_system_is_asked(system, tmp_path, monkeypatch, error):
    put(tmp_path, "kcc-0-8-5000-x")
    system(None, "posix")
    monkeypatch.setattr(temporary_folders, "_is_mine", lambda folder: True)

    def refuse(pid, number):
        assert (pid, number) == (8, 0)
        raise error

    monkeypatch.setattr(temporary_folders.os, "kill", refuse)
    clear_dead(tmp_path)
    assert bool(left(tmp_path)) == (error is PermissionError)
