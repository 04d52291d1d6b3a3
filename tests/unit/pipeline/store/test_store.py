import os

import pytest

from kcc_research.errors import LockedError, RunError
from kcc_research.pipeline.manifest import with_manifest
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.store import (
    LEAST_FREE_BYTES,
    Store,
    holds,
    new_run_id,
    version_numbers,
)
from kcc_research.pipeline.store.locking import holder_of
from kcc_research.pipeline.store.operations import ExchangeUnavailable, FileOperations

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


def test_a_report_that_is_open_elsewhere_keeps_the_new_one_for_later(store, workspace):
    """F60: where folders cannot be exchanged and an open one cannot be moved."""

    class Open(FileOperations):
        closed = False

        def exchange(self, one, other):
            raise ExchangeUnavailable("Windows")

        def rename(self, source, target):
            if source == workspace.output(KEY) and not self.closed:
                name = source / "tables" / "x.csv"
                raise PermissionError(13, "Permission denied", str(name))
            super().rename(source, target)

    publish(store, "one")
    windows = Store(workspace, Open())
    with pytest.raises(RunError) as error, faults_told(KEY):
        publish(windows, "two")
    [told] = error.value.problems
    assert (told.code, told.file) == ("KCC-R060", "x.csv")
    assert (workspace.output(KEY) / "report.html").read_text() == "one"
    assert windows.has_promise(KEY)
    windows.operations.closed = True
    with windows.hold(KEY):
        assert (workspace.output(KEY) / "report.html").read_text() == "two"
    assert not windows.has_promise(KEY)


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


def test_whoever_holds_the_lock_clears_all_that_others_left(store, workspace):
    """Also of another machine, and of a process number that lives again."""
    mine = new_run_id().split("-")
    reused = "-".join((mine[0], mine[1], str(os.getppid()), "0a0a"))
    elsewhere = "-".join((mine[0], "another_machine", "1", "0a0a"))
    for name in (reused, elsewhere, "not a run at all"):
        (workspace.staging(KEY) / name).mkdir(parents=True)
        (workspace.output_staging(KEY) / name).mkdir(parents=True)
    with store.hold(KEY):
        assert list(workspace.staging(KEY).iterdir()) == []
        assert list(workspace.output_staging(KEY).iterdir()) == []


def test_the_catalogue_is_written_only_when_it_changed(store, workspace):
    assert store.write_catalogue(lambda: b"one")
    before = workspace.catalogue.stat().st_mtime_ns
    assert not store.write_catalogue(lambda: b"one")
    assert workspace.catalogue.stat().st_mtime_ns == before
    assert store.write_catalogue(lambda: b"two")
    assert workspace.catalogue.read_bytes() == b"two"


def test_a_page_with_nothing_to_say_is_not_there(store, workspace):
    page = workspace.outputs / "benchmark.html"
    assert not store.write_catalogue(lambda: b"", page.name)
    assert store.write_catalogue(lambda: b"one", page.name)
    assert page.read_bytes() == b"one"
    assert store.write_catalogue(lambda: b"", page.name)
    assert not page.exists() and not workspace.catalogue.exists()


def test_nobody_writes_the_catalogue_between_rendering_and_writing(store, workspace):
    def render():
        assert holder_of(workspace.catalogue_lock) is not None
        return b"one"

    workspace.outputs.mkdir()
    workspace.catalogue.write_bytes(b"one")
    assert not store.write_catalogue(lambda: b"one")
    assert not workspace.catalogue_lock.exists()
    workspace.catalogue.unlink()
    assert store.write_catalogue(render)
    assert holder_of(workspace.catalogue_lock) is None


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_folders_with_rows_of_persons_are_private_from_the_start(
    store, workspace, monkeypatch
):
    """Nothing is made open and closed afterwards: chmod is never needed."""
    opened = []
    monkeypatch.setattr(type(workspace.root), "chmod", lambda *a: opened.append(a))
    with store.hold(KEY) as held:
        held.new_staging("analyse")
        held.keep_by_product({"a": b""})
    administration = workspace.administration(KEY)
    folders = (
        workspace.processed(KEY),
        workspace.staging(KEY),
        workspace.runs(KEY),
        administration,
        administration.parent,
    )
    assert {each.stat().st_mode & 0o777 for each in folders} == {0o700}
    assert opened == []


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_folder_of_before_becomes_private(store, workspace):
    workspace.processed(KEY).mkdir(parents=True)
    workspace.processed(KEY).chmod(0o755)
    with store.hold(KEY) as held:
        held.new_staging("analyse")
    assert workspace.processed(KEY).stat().st_mode & 0o777 == 0o700


class FailsAfterExchange(FileOperations):
    """Every change under .versions is refused, and what would remove a version."""

    def rename(self, source, target):
        if ".versions" in target.parts:
            raise OSError(28, "No space left on device")
        super().rename(source, target)


def test_a_version_that_cannot_be_kept_does_not_undo_the_publication(workspace):
    publish(Store(workspace), "one")
    folder = publish(Store(workspace, FailsAfterExchange()), "two")
    assert (folder / "report.html").read_text() == "two"
    assert version_numbers(workspace.versions(KEY)) == [1]
    assert list(workspace.output_staging(KEY).glob("*")) == []


def test_no_version_is_kept_of_what_was_not_published(workspace):
    class NoExchange(FileOperations):
        def exchange(self, one, other):
            raise OSError(5, "Input/output error")

    publish(Store(workspace), "one")
    with pytest.raises(OSError, match="Input/output"):
        publish(Store(workspace, NoExchange()), "two")
    assert version_numbers(workspace.versions(KEY)) == [1]


def test_a_version_is_never_there_in_part(workspace):
    """Old versions leave the folder of versions whole, before they are emptied."""

    class Watching(FileOperations):
        def remove_tree(self, path):
            assert ".versions" not in path.parts
            super().remove_tree(path)

    for word in ("one", "two", "three", "four", "five"):
        publish(Store(workspace, Watching()), word)
    assert version_numbers(workspace.versions(KEY)) == [3, 4, 5]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"swap": 3}',
        '{"moves": [["../../x", "y"]], "leftover": ""}',
    ],
)
def test_a_damaged_journal_is_put_aside(store, workspace, text):
    publish(store, "one")
    note = workspace.administration(KEY) / "journal.json"
    note.write_text(text)
    folder = publish(store, "two")
    assert (folder / "report.html").read_text() == "two"
    assert not note.exists()
    assert note.with_name("journal.damaged.json").read_text() == text


def test_a_report_that_a_damaged_journal_had_taken_away_is_put_back(store, workspace):
    folder = publish(store, "old")
    run = workspace.output_staging(KEY) / "dead"
    run.mkdir(parents=True)
    folder.rename(run / "old")
    (workspace.administration(KEY) / "journal.json").write_text("damaged")
    with store.hold(KEY):
        assert (folder / "report.html").read_text() == "old"


class ReadOnly(FileOperations):
    """A workspace of a colleague, or a medium that cannot be written."""

    def _refuse(self, *_, **__):
        raise PermissionError(13, "Permission denied")

    make_folder = open = rename = remove = remove_tree = _refuse


def test_reading_asks_for_no_right_to_write(store, workspace):
    publish(store, "one")
    with Store(workspace, ReadOnly()).reading(KEY):
        pass
    with pytest.raises(PermissionError), Store(workspace, ReadOnly()).hold(KEY):
        pytest.fail("held without a note")


def test_reading_beside_a_run_is_refused_also_without_rights(store, workspace):
    with store.hold(KEY):
        with pytest.raises(LockedError), Store(workspace, ReadOnly()).reading(KEY):
            pytest.fail("read while another run publishes")


def test_holds_sees_a_file_too_many_or_too_few(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    assert holds(tmp_path, {"a": b"1"})
    assert not holds(tmp_path, {"a": b"2"})
    assert not holds(tmp_path, {"a": b"1", "b": b"2"})
    (tmp_path / "b").write_bytes(b"2")
    assert not holds(tmp_path, {"a": b"1"})
