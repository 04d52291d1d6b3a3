"""Windows and macOS, simulated: names, paths, locks and what takes the place of Linux.

The parts that ask the system are given another answer; nothing here runs on Windows.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from kcc_research import temporary_folders, user_folders
from kcc_research.errors import CallError, LockedError
from kcc_research.pipeline import (
    doctor,
    executor,
    kernel,
    kernel_side,
    keys,
)
from kcc_research.pipeline import (
    store as stores,
)
from kcc_research.pipeline.forked_kernels import provisioner
from kcc_research.pipeline.manifest import with_manifest
from kcc_research.pipeline.store import Store, locking, operations
from kcc_research.pipeline.verify import verify
from kcc_research.pipeline.workspace import Workspace, checked_key
from kcc_research.study.measurement import Source
from kcc_research.study.measurement_key import LONGEST_NAME, key_problems
from kcc_research.study.reserved import DEVICES, is_device

ROOT = Path(__file__).resolve().parents[3]
LACKING = {
    "win32": {
        "fork",
        "getuid",
        "kill",
        "killpg",
        "sched_getaffinity",
        "sync",
        "sysconf",
    },
    "darwin": {"sched_getaffinity"},
}


class OtherOs:
    """``os`` as on another system: another name, and not what that system lacks."""

    def __init__(self, platform: str) -> None:
        self.name = "nt" if platform == "win32" else "posix"
        self._lacking = LACKING[platform]

    def __getattr__(self, name: str) -> object:
        if name in self._lacking:
            raise AttributeError(name)
        return getattr(os, name)


@pytest.fixture(params=["win32", "darwin"])
def elsewhere(request, monkeypatch) -> str:
    """Every module that asks which system this is hears of another one."""
    for module in (
        doctor,
        executor,
        kernel,
        locking,
        operations,
        stores,
        temporary_folders,
    ):
        monkeypatch.setattr(module, "os", OtherOs(request.param))
    system = SimpleNamespace(platform=request.param, executable=sys.executable)
    for module in (user_folders, operations, provisioner):
        monkeypatch.setattr(module, "sys", system)
    return request.param


def publish(store: Store, key: str, word: str) -> None:
    with store.hold(key) as held:
        held.publish(with_manifest(key, {"report.html": word.encode()}, {}, {}))


class TestPublishing:
    def test_a_report_is_replaced_without_an_exchange(self, elsewhere, workspace, tiny):
        store = Store(workspace)
        with pytest.raises(operations.ExchangeUnavailable):
            store.operations.exchange(workspace.root, workspace.root)
        for word in ("een", "twee", "drie"):
            publish(store, tiny.KEY, word)
        folder = workspace.output(tiny.KEY)
        assert (folder / "report.html").read_text() == "drie"
        assert verify(store, tiny.KEY) == []
        assert not (workspace.administration(tiny.KEY) / "journal.json").exists()
        assert list(workspace.output_staging(tiny.KEY).glob("*")) == []

    def test_a_second_writer_is_refused(self, elsewhere, workspace, tiny):
        first, second = Store(workspace), Store(workspace)
        with first.hold(tiny.KEY), pytest.raises(LockedError):
            publish(second, tiny.KEY, "een")
        publish(second, tiny.KEY, "twee")
        assert verify(second, tiny.KEY) == []


class TestKernels:
    def test_they_are_started_one_by_one(self, elsewhere, workspace):
        assert not provisioner.is_available()
        found, remedy = doctor.kernels()
        assert (found, remedy) == ("started one by one, which is slower", "")

    def test_windows_speaks_over_loopback_others_over_sockets(
        self, elsewhere, tmp_path
    ):
        manager = kernel.new_manager(tmp_path)
        assert manager.transport == ("tcp" if elsewhere == "win32" else "ipc")

    def test_cores_and_memory_are_known_without_linux(self, elsewhere, monkeypatch):
        def missing(path, **_):
            raise FileNotFoundError(str(path))

        monkeypatch.setattr(Path, "read_text", missing)
        assert executor.default_jobs() >= 1
        assert executor.default_memory(2) >= executor.BYTES_PER_JOB

    @pytest.mark.parametrize("error", [ImportError, ValueError, OSError])
    def test_a_limit_that_cannot_be_set_stops_no_kernel(self, error, monkeypatch):
        def refuse(*_):
            raise error

        system = SimpleNamespace(setrlimit=refuse, RLIMIT_DATA=2)
        monkeypatch.setitem(sys.modules, "resource", system)
        kernel_side.limit_memory("1000000000")

    def test_folders_of_kernels_have_an_owner_without_numbers(
        self, elsewhere, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(temporary_folders, "_ITSELF", tmp_path / "no-proc")
        mine = temporary_folders.new_folder(tmp_path)
        dead = tmp_path / mine.name.replace(f"-{os.getpid()}-", f"-{10**30}-")
        dead.mkdir()
        temporary_folders.clear_dead(tmp_path)
        assert mine.exists() and not dead.exists()


class TestDoctor:
    def test_windows_has_no_file_modes_to_judge(self, workspace, monkeypatch):
        monkeypatch.setattr(doctor, "os", OtherOs("win32"))
        found, remedy = doctor.raw_files(workspace)
        assert "no file modes" in found and not remedy

    @pytest.mark.parametrize(("depth", "is_good"), [(0, True), (9, False)])
    def test_windows_is_told_when_paths_become_too_long(
        self, workspace, monkeypatch, depth, is_good
    ):
        """An executed notebook lies deepest: 259 characters are what Windows takes."""
        root = "C:\\" + "\\".join(["onderzoek-naar-iets"] * (depth + 1))
        monkeypatch.setattr(doctor, "os", OtherOs("win32"))
        monkeypatch.setattr(Workspace, "runs", lambda _, key: f"{root}\\runs\\{key}")
        found, remedy = doctor.path_lengths(workspace)
        assert (not remedy) == is_good, found
        assert is_good or "C:\\onderzoek" in remedy

    def test_a_keys_folder_stands_where_the_system_keeps_settings(self, elsewhere):
        roaming = {"APPDATA": "/instellingen"} if elsewhere == "win32" else {}
        found = keys.keys_folder(roaming).as_posix()
        place = {
            "win32": "/instellingen/kcc_research/keys",
            "darwin": "/Library/Application Support/kcc_research/keys",
        }
        assert found.endswith(place[elsewhere])


class TestNames:
    @pytest.mark.parametrize("name", sorted(DEVICES))
    def test_a_device_is_no_measurement_and_no_file(self, name):
        for key in (f"{name}/2024", f"gm0575-noordwijk/{name}"):
            assert [each.code for each in key_problems(key)] == ["KCC-C011"]
        for ending in ("", ".csv", ".tar.gz", ".TOML"):
            assert is_device(name + ending) and is_device((name + ending).upper())
            assert not is_device(f"x{name}{ending}")

    @pytest.mark.parametrize("file", ["con.csv", "NUL", "aux.tar.gz", "bezoek."])
    def test_a_source_takes_no_file_that_windows_cannot_hold(self, file):
        with pytest.raises(ValueError, match="Windows"):
            Source(id="balie", kind="survey", questionnaire="balie.toml", file=file)

    @pytest.mark.parametrize("wrong", ["Foo/bar", "a/b.", "a/b ", "a\\b/c", "a/b:c"])
    def test_keys_differ_by_more_than_capitals_and_hold_no_separators(self, wrong):
        assert key_problems(wrong)
        with pytest.raises(CallError):
            checked_key(wrong)

    def test_names_in_the_workspace_stay_short(self, tmp_path):
        """A key of the longest names fits, below a folder of eighty characters."""
        workspace = Workspace(Path("/" + "w" * 79))
        key = "/".join(["g" * LONGEST_NAME] * 2)
        longest = max(
            len(str(place)) for place in (workspace.output(key), workspace.results(key))
        )
        assert longest < 259 - len("/tables/estimates.csv")

    def test_the_repository_can_be_cloned_everywhere(self):
        """No device, no sign Windows refuses, no two names that differ by capitals."""
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False
        )
        if listed.returncode:
            pytest.skip("not a git clone")
        names = [each for each in listed.stdout.decode().split("\0") if each]
        assert len(names) > 500
        parts = {part for name in names for part in name.split("/")}
        assert [p for p in parts if is_device(p) or p.endswith((".", " "))] == []
        assert [p for p in parts if set(p) & set('<>:"\\|?*')] == []
        assert len({name.casefold() for name in names}) == len(names)
        assert max(len(name) for name in names) <= 140
