import os
import subprocess
import sys

import pytest

from kcc_research.errors import RunError
from kcc_research.pipeline.manifest import with_manifest
from kcc_research.pipeline.store import (
    LEAST_FREE_BYTES,
    Store,
    holds,
    is_dead,
    new_run_id,
    version_numbers,
)
from kcc_research.pipeline.store.operations import FileOperations

KEY = "xx-stad/2024"


def publish(store, word):
    files = {"report.html": word.encode(), "tables/x.csv": b"a\n"}
    with store.hold(KEY) as held:
        return held.publish(with_manifest(KEY, files, {}, {}))


def test_a_report_replaces_the_whole_folder(store, workspace):
    publish(store, "one")
    stray = workspace.output(KEY) / "stray.txt"
    stray.write_text("put here by hand")
    folder = publish(store, "two")
    assert folder == workspace.output(KEY)
    assert (folder / "report.html").read_text() == "two"
    assert not stray.exists()


def test_the_last_three_versions_stay_as_they_were(store, workspace):
    for word in ("one", "two", "three", "four", "five"):
        publish(store, word)
    versions = workspace.versions(KEY)
    assert version_numbers(versions) == [3, 4, 5]
    texts = [(versions / str(n) / "report.html").read_text() for n in (3, 4, 5)]
    assert texts == ["three", "four", "five"]


def test_publishing_the_same_again_makes_no_version(store, workspace):
    publish(store, "one")
    publish(store, "one")
    assert version_numbers(workspace.versions(KEY)) == [1]


def test_editing_the_stable_folder_leaves_the_version_alone(store, workspace):
    folder = publish(store, "one")
    (folder / "report.html").write_text("edited")
    assert (workspace.versions(KEY) / "1" / "report.html").read_text() == "one"


def test_a_nearly_full_disk_is_refused_before_anything_is_written(workspace):
    class Full(FileOperations):
        def free_bytes(self, path):
            return LEAST_FREE_BYTES - 1

    with pytest.raises(RunError) as error, Store(workspace, Full()).hold(KEY):
        pytest.fail("a full disk was accepted")
    assert error.value.problems[0].code == "KCC-R057"
    assert not workspace.outputs.exists()


def test_by_products_are_for_the_owner_only(store, workspace):
    with store.hold(KEY) as held:
        folder = held.keep_by_product({"clean.ipynb": b"{}"})
    assert (folder / "clean.ipynb").read_bytes() == b"{}"
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert workspace.runs(KEY).stat().st_mode & 0o777 == 0o700


def test_staging_is_for_the_owner_only_and_goes(store, workspace):
    with store.hold(KEY) as held:
        folder = held.new_staging("analyse")
        if os.name == "posix":
            assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


def test_staging_of_a_dead_process_is_cleared_and_of_a_living_one_is_not(
    store, workspace
):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    mine = new_run_id().split("-")
    dead = "-".join((mine[0], mine[1], str(ended.pid), "0a0a"))
    alive = "-".join((mine[0], mine[1], str(os.getppid()), "0a0a"))
    elsewhere = "-".join((mine[0], "another_machine", str(ended.pid), "0a0a"))
    for name in (dead, alive, elsewhere):
        (workspace.staging(KEY) / name).mkdir(parents=True)
        (workspace.output_staging(KEY) / name).mkdir(parents=True)
    with store.hold(KEY):
        left = {each.name for each in workspace.staging(KEY).iterdir()}
        left_outputs = {e.name for e in workspace.output_staging(KEY).iterdir()}
    assert left == left_outputs == {alive, elsewhere}


def test_a_run_knows_its_own_folders():
    assert is_dead(new_run_id())
    assert is_dead("not a run at all")


def test_the_catalogue_is_written_only_when_it_changed(store, workspace):
    assert store.write_catalogue(b"one")
    before = workspace.catalogue.stat().st_mtime_ns
    assert not store.write_catalogue(b"one")
    assert workspace.catalogue.stat().st_mtime_ns == before
    assert store.write_catalogue(b"two")
    assert workspace.catalogue.read_bytes() == b"two"


def test_holds_sees_a_file_too_many_or_too_few(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    assert holds(tmp_path, {"a": b"1"})
    assert not holds(tmp_path, {"a": b"2"})
    assert not holds(tmp_path, {"a": b"1", "b": b"2"})
    (tmp_path / "b").write_bytes(b"2")
    assert not holds(tmp_path, {"a": b"1"})
