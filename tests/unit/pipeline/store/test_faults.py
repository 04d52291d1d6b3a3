"""A fault at every call that changes a file: the old state or the new one, never else.

The operations object counts its calls and lets the Nth fail, for N = 1, 2, … until none
fails any more (TRUST-T1, after SQLite's ioerr.test).
"""

from __future__ import annotations

import errno
import itertools

import pytest

from kcc_research.errors import RunError
from kcc_research.pipeline.manifest import faults, with_manifest
from kcc_research.pipeline.record import Record, read_record, sha256_of, stale_outputs
from kcc_research.pipeline.saving import commit, record_file
from kcc_research.pipeline.store import Store, holds
from kcc_research.pipeline.store.operations import ExchangeUnavailable, FileOperations

KEY = "xx-stad/2024"
CHANGING = (
    "make_folder",
    "open",
    "write",
    "sync",
    "sync_folder",
    "rename",
    "exchange",
    "remove",
    "remove_tree",
    "append",
)


class Faulty(FileOperations):
    """Fails at call number ``at``; ``dead`` also refuses every call after it.

    A dead one is a killed process: nothing is cleaned up, the next command must be
    able to go on from what is on disk.
    """

    def __init__(self, at, number, *, dead, exchanges):
        self.left, self.number = at, number
        self.dead, self.exchanges = dead, exchanges
        self.fired = False

    def _count(self):
        self.left -= 1
        if self.left == 0 or (self.dead and self.fired):
            self.fired = True
            raise OSError(self.number, "injected")

    def exchange(self, one, other):
        self._count()
        if not self.exchanges:
            raise ExchangeUnavailable("injected")
        super().exchange(one, other)


def _counted(name):
    def call(self, *args, **options):
        self._count()
        return getattr(FileOperations, name)(self, *args, **options)

    return call


for _name in CHANGING:
    if _name != "exchange":
        setattr(Faulty, _name, _counted(_name))


def report(word):
    files = {"report.html": f"<p>{word}".encode(), "tables/x.csv": word.encode()}
    return with_manifest(KEY, files, {"word": word}, {"tested": 1, "suppressed": 0})


def attempt(workspace, operations, work):
    """Do ``work`` while holding the measurement; True if it was refused."""
    try:
        with Store(workspace, operations).hold(KEY) as held:
            work(held)
    except (OSError, RunError):
        return True
    return False


def every_fault(make, work, verify, *, dead, exchanges, number=errno.ENOSPC):
    """Let every Nth call of ``work`` fail; ``verify`` sees each state it leaves."""
    for at in itertools.count(1):
        workspace = make(at)
        operations = Faulty(at, number, dead=dead, exchanges=exchanges)
        refused = attempt(workspace, operations, work)
        seen = {verify(workspace, refused, recovered=False)}
        assert not attempt(workspace, FileOperations(), lambda held: None)
        seen.add(verify(workspace, refused, recovered=True))
        yield at, seen
        if not operations.fired:
            assert not refused
            return


def published(workspace):
    folder = workspace.output(KEY)
    if not folder.exists():
        return None
    assert list(faults(KEY, folder, "outputs")) == []
    return (folder / "report.html").read_bytes().decode().removeprefix("<p>")


@pytest.fixture
def make(tmp_path):
    from kcc_research.pipeline.workspace import Workspace

    def fresh(at):
        root = tmp_path / str(at)
        (root / "studies").mkdir(parents=True)
        workspace = Workspace(root)
        with Store(workspace).hold(KEY) as held:
            held.publish(report("old"))
        return workspace

    return fresh


@pytest.mark.parametrize("dead", [False, True], ids=["fails", "killed"])
@pytest.mark.parametrize("exchanges", [False, True], ids=["two-renames", "exchange"])
def test_a_report_is_the_old_or_the_new_one(make, dead, exchanges):
    def verify(workspace, refused, recovered):
        if not recovered and not workspace.output(KEY).exists():
            # Between two renames the next command completes what the journal says.
            assert not exchanges
            return "between"
        word = published(workspace)
        assert word in ("old", "new")
        assert refused or word == "new"
        return word

    seen = set()
    count = 0
    for at, words in every_fault(
        make,
        lambda held: held.publish(report("new")),
        verify,
        dead=dead,
        exchanges=exchanges,
    ):
        seen |= words
        count = at
    assert {"old", "new"} <= seen
    assert ("between" in seen) == (not exchanges)
    assert count > 30


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES])
def test_other_faults_are_no_different(make, number):
    def verify(workspace, refused, recovered):
        word = published(workspace)
        assert word in ("old", "new") and (refused or word == "new")
        return word

    work = every_fault(
        make,
        lambda held: held.publish(report("new")),
        verify,
        dead=False,
        exchanges=True,
        number=number,
    )
    assert {word for _, words in work for word in words} == {"old", "new"}


@pytest.mark.parametrize("dead", [False, True], ids=["fails", "killed"])
def test_a_first_report_is_there_or_not(tmp_path, dead):
    from kcc_research.pipeline.workspace import Workspace

    def make(at):
        (tmp_path / str(at) / "studies").mkdir(parents=True)
        return Workspace(tmp_path / str(at))

    def verify(workspace, refused, recovered):
        word = published(workspace)
        assert word in (None, "new") and (refused or word == "new")
        return word

    work = every_fault(
        make,
        lambda held: held.publish(report("new")),
        verify,
        dead=dead,
        exchanges=True,
    )
    assert {word for _, words in work for word in words} == {None, "new"}


# --- the files of a step --------------------------------------------------------------


def results(word):
    names = ("results/estimates.parquet", "results/verdicts.parquet")
    return {name: f"{word} {name}".encode() for name in names}


def commit_results(held, workspace, word):
    files = results(word)
    folder = held.new_staging("analyse")
    held.stage(folder, files)
    hashes = {name: sha256_of(content) for name, content in files.items()}
    commit(workspace, held, folder, Record("analyse", "run", {"w": word}, hashes))


@pytest.mark.parametrize("dead", [False, True], ids=["fails", "killed"])
def test_results_count_only_when_all_are_there(tmp_path, dead):
    """After recovery: all old or all new. Before it, a torn state is never *done*."""
    from kcc_research.pipeline.workspace import Workspace

    def make(at):
        (tmp_path / str(at) / "studies").mkdir(parents=True)
        workspace = Workspace(tmp_path / str(at))
        with Store(workspace).hold(KEY) as held:
            commit_results(held, workspace, "old")
        return workspace

    def verify(workspace, refused, recovered):
        record = read_record(record_file(workspace, KEY, "analyse"))
        assert record is not None
        torn = list(stale_outputs(record, workspace.processed(KEY)))
        assert not (recovered and torn)
        word = record.parts["w"]
        assert refused or word == "new"
        return "torn" if torn else word

    seen = set()
    for at in itertools.count(1):
        workspace = make(at)
        operations = Faulty(at, errno.EIO, dead=dead, exchanges=True)
        work = lambda held, w=workspace: commit_results(held, w, "new")  # noqa: E731
        refused = attempt(workspace, operations, work)
        seen.add(verify(workspace, refused, recovered=False))
        assert not attempt(workspace, FileOperations(), lambda held: None)
        seen.add(verify(workspace, refused, recovered=True))
        if not operations.fired:
            break
    assert seen == {"old", "new", "torn"}


def test_nothing_is_left_behind_after_recovery(make):
    for at in (5, 15, 25, 30):
        workspace = make(at)
        operations = Faulty(at, errno.EIO, dead=True, exchanges=False)
        attempt(workspace, operations, lambda held: held.publish(report("new")))
        attempt(workspace, FileOperations(), lambda held: None)
        leftovers = [
            path
            for folder in (workspace.output_staging(KEY), workspace.staging(KEY))
            for path in folder.glob("*")
        ]
        assert leftovers == []
        assert not (workspace.administration(KEY) / "journal.json").exists()


# --- purge, release, and a new workspace ----------------------------------------------


def fresh(root):
    from kcc_research.pipeline.workspace import Workspace

    (root / "studies").mkdir(parents=True)
    return Workspace(root)


@pytest.mark.parametrize("dead", [False, True], ids=["fails", "killed"])
@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.ENOSPC])
def test_a_purge_is_noted_only_with_every_file_gone(tmp_path, dead, number):
    """After recovery: all rows of persons are there and no note, or none and a note."""

    def make(at):
        workspace = fresh(tmp_path / str(at))
        for name in ("raw/a.csv", "raw/deep/b.csv", "processed/a.parquet"):
            path = workspace.root / "data" / name.replace("/", f"/{KEY}/", 1)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("rows")
        return workspace

    def persons(workspace):
        folders = workspace.raw(KEY), workspace.processed(KEY)
        every = (
            each for at in folders for each in at.rglob("*.[cp]*") if each.is_file()
        )
        return sorted(each.name for each in every if each.name != "purged.json")

    def verify(workspace, refused, recovered):
        noted = (workspace.processed(KEY) / "purged.json").exists()
        left = persons(workspace)
        if recovered:
            assert left == ([] if noted else ["a.csv", "a.parquet", "b.csv"])
        assert refused or (noted and not left)
        return "done" if noted and not left else "torn" if noted else "not done"

    seen = set()
    for at in itertools.count(1):
        workspace = make(at)
        files = [each for each in workspace.root.rglob("*.[cp]*") if each.is_file()]
        operations = Faulty(at, number, dead=dead, exchanges=True)

        def work(held, files=files, workspace=workspace):
            held.purge(files, [workspace.raw(KEY)], "purged.json", b"{}")

        refused = attempt(workspace, operations, work)
        seen.add(verify(workspace, refused, recovered=False))
        assert not attempt(workspace, FileOperations(), lambda held: None)
        seen.add(verify(workspace, refused, recovered=True))
        if not operations.fired:
            break
    assert seen == {"done", "torn", "not done"}


@pytest.mark.parametrize("dead", [False, True], ids=["fails", "killed"])
@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.ENOSPC])
def test_a_release_is_whole_or_not_there(tmp_path, dead, number):
    files = report("new")
    seen = set()
    for at in itertools.count(1):
        workspace = fresh(tmp_path / str(at) / "project")
        target = tmp_path / str(at) / "public" / KEY / "1"
        operations = Faulty(at, number, dead=dead, exchanges=True)

        def work(held, target=target):
            held.release(target, files)

        refused = attempt(workspace, operations, work)
        seen.add(target.exists())
        if target.exists():
            assert list(faults(KEY, target, "public")) == []
        assert refused or target.exists()
        if not dead:
            parent = target.parent
            assert [*parent.glob(".*")] == [] if parent.exists() else refused
        if not target.exists():
            assert not attempt(workspace, FileOperations(), work)
        assert [each.name for each in target.parent.iterdir()] == ["1"]
        if not operations.fired:
            break
    assert seen == {True, False}


@pytest.mark.parametrize("exchanges", [True, False], ids=["exchange", "renames"])
@pytest.mark.parametrize("dead", [False, True], ids=["fails", "killed"])
def test_a_notice_takes_the_place_of_a_whole_release_or_waits(
    tmp_path, dead, exchanges
):
    old, new = report("old"), {"report.html": b"<p>withdrawn"}
    seen = set()
    for at in itertools.count(1):
        workspace = fresh(tmp_path / str(at) / "project")
        target = tmp_path / str(at) / "public" / KEY / "1"

        def first(held, target=target):
            held.release(target, old)

        assert not attempt(workspace, FileOperations(), first)
        operations = Faulty(at, errno.EIO, dead=dead, exchanges=exchanges)

        def work(held, target=target):
            held.restore_release(target)
            held.replace_release(target, new)

        refused = attempt(workspace, operations, work)
        if target.exists():
            seen.add("new" if holds(target, new) else "old")
            assert holds(target, new) or holds(target, old)
        else:
            assert not exchanges
            seen.add("between")
        assert refused or holds(target, new)
        assert not attempt(workspace, FileOperations(), work)
        assert holds(target, new)
        assert [each.name for each in target.parent.iterdir()] == ["1"]
        if not operations.fired:
            break
    assert seen == {"old", "new"} | ({"between"} if not exchanges else set())


@pytest.mark.parametrize("dead", [False, True], ids=["fails", "killed"])
@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.ENOSPC])
def test_a_new_workspace_is_laid_out_whole_or_not_at_all(tmp_path, dead, number):
    from kcc_research.pipeline.workspace import Workspace

    files = {"studies/a/b/measurement.toml": b"1", "data/raw/a/b/c.csv": b"2"}
    seen = set()
    for at in itertools.count(1):
        root = tmp_path / str(at) / "new"
        operations = Faulty(at, number, dead=dead, exchanges=True)
        try:
            Store(Workspace(root), operations).lay_out(files)
        except OSError:
            assert operations.fired
        else:
            assert root.exists()
        seen.add(root.exists())
        if root.exists():
            found = {each: (root / each).read_bytes() for each in files}
            assert found == files
        elif not dead and root.parent.exists():
            assert list(root.parent.iterdir()) == []
        if not operations.fired:
            break
    assert seen == {True, False}


@pytest.mark.parametrize("dead", [False, True], ids=["fails", "killed"])
def test_files_beside_a_report_are_no_part_of_it(make, dead):
    def verify(workspace, refused, recovered):
        assert published(workspace) == "old"
        path = workspace.output(KEY) / "changes.html"
        assert refused or path.exists()
        assert not path.exists() or path.read_bytes() == b"whole"
        return path.exists()

    work = every_fault(
        make,
        lambda held: held.put_beside({"changes.html": b"whole", "changes.csv": b"1"}),
        verify,
        dead=dead,
        exchanges=True,
    )
    assert {state for _, states in work for state in states} == {True, False}
