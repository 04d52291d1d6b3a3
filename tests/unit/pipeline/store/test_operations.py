import os
import sys
from pathlib import Path

import pytest

from kcc_research.pipeline.store import operations
from kcc_research.pipeline.store.operations import (
    ExchangeUnavailable,
    FileOperations,
    replace_file,
    write_file,
)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_file_is_on_the_disk_before_its_name_and_the_name_after_it(
    tmp_path, monkeypatch
):
    target = tmp_path / "a"
    seen = []

    def look(descriptor):
        file = Path(f"/proc/self/fd/{descriptor}").readlink()
        seen.append((file, target.exists()))

    monkeypatch.setattr(os, "fsync", look)
    replace_file(FileOperations(), target, b"whole")
    [(file, was_there), (folder, is_there)] = seen
    assert (file.parent, was_there) == (tmp_path, False)
    assert (folder, is_there) == (tmp_path, True)


def test_two_folders_trade_places(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "who").write_text(name)
    try:
        FileOperations().exchange(tmp_path / "a", tmp_path / "b")
    except ExchangeUnavailable:
        pytest.skip("this file system has no exchange")
    assert (tmp_path / "a" / "who").read_text() == "b"
    assert (tmp_path / "b" / "who").read_text() == "a"


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is Linux's")
def test_exchanging_with_nothing_is_an_error(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(FileNotFoundError):
        FileOperations().exchange(tmp_path / "a", tmp_path / "b")


def test_no_exchange_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ExchangeUnavailable):
        FileOperations().exchange(tmp_path, tmp_path)


def test_a_failed_replacement_leaves_the_old_file_and_nothing_else(tmp_path):
    class NoRename(FileOperations):
        def rename(self, source, target):
            raise OSError(28, "No space left on device")

    path = tmp_path / "x"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="space"):
        replace_file(NoRename(), path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["x"]
    assert path.read_bytes() == b"old"


def test_a_file_is_copied_whole_and_stays_where_it_was(tmp_path):
    content = bytes(range(256)) * 10_000
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    write_file(FileOperations(), target, source)
    assert target.read_bytes() == source.read_bytes() == content


class Opened:
    """As on Windows: a program has ``path`` open, until ``times`` were refused."""

    def __init__(self, monkeypatch, path, times):
        self.path, self.left, self.waited = path, times, []
        self._move = Path.replace
        monkeypatch.setattr(operations, "_PATIENCE", (0.1, 0.5, 2.0))
        monkeypatch.setattr(operations.time, "sleep", self.waited.append)
        monkeypatch.setattr(Path, "replace", lambda *paths: self.replace(*paths))

    def replace(self, source, target):
        if self.left and self.path.is_relative_to(source):
            self.left -= 1
            raise PermissionError(13, "Permission denied", str(source))
        return self._move(source, target)


def test_a_file_that_is_open_for_a_moment_is_waited_for(tmp_path, monkeypatch):
    """F60: opened in Excel, closed again."""
    path = tmp_path / "report.html"
    path.write_text("x")
    opened = Opened(monkeypatch, path, times=2)
    FileOperations().rename(path, tmp_path / "moved.html")
    assert (tmp_path / "moved.html").read_text() == "x"
    assert opened.waited == [0.1, 0.5]


def test_a_file_that_stays_open_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "2024"
    (folder / "tables").mkdir(parents=True)
    for name in ("report.html", "tables/estimates.csv"):
        (folder / name).write_text("x")
    Opened(monkeypatch, folder / "tables" / "estimates.csv", times=99)
    with pytest.raises(PermissionError) as error:
        FileOperations().rename(folder, tmp_path / "old")
    assert error.value.filename == str(folder / "tables" / "estimates.csv")
    assert sorted(each.name for each in folder.iterdir()) == ["report.html", "tables"]
