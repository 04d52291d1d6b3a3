import json
import subprocess
import sys
import textwrap

import pytest

from kcc_research.errors import LockedError, RunError
from kcc_research.pipeline.store import Store, locking
from kcc_research.pipeline.store.operations import FileOperations

KEY = "xx-stad/2024"

HOLDER = """
import sys, time
from pathlib import Path
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
with Store(Workspace(Path(sys.argv[1]))).hold("xx-stad/2024"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other(workspace):
    """Another process that holds the measurement."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), str(workspace.root)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_run_is_refused_and_told_who_was_first(store, other):
    with pytest.raises(LockedError) as error, store.hold(KEY):
        pytest.fail("two processes held one measurement")
    [problem] = error.value.problems
    assert error.value.exit_code == 75
    assert problem.code == "KCC-R058"
    assert f"process {other.pid} on" in problem.title
    assert problem.value == KEY


def test_the_lock_of_a_host_that_is_gone_is_named_and_never_broken(store, other):
    """Of a process number nobody has here: that says nothing about another host."""
    note = store.workspace.administration(KEY) / "lock.holder.json"
    there = {"host": "rekenserver-2", "pid": 2**22 + 1, "since": "2024-03-29T03:15:00"}
    note.write_text(json.dumps(there))
    for _ in range(2):
        with pytest.raises(LockedError) as error, store.hold(KEY):
            pytest.fail("the lock was broken")
        [problem] = error.value.problems
        assert f"process {there['pid']} on rekenserver-2" in problem.title
    assert store.holder(KEY).host == "rekenserver-2"


def test_another_measurement_is_free(store, other):
    with store.hold("xx-stad/2023") as held:
        assert held.key == "xx-stad/2023"


def test_a_killed_holder_leaves_no_lock(store, other):
    other.kill()
    other.wait()
    assert store.holder(KEY) is None
    with store.hold(KEY) as held:
        assert held.key == KEY


def test_asking_who_holds_a_lock(store, other):
    holder = store.holder(KEY)
    assert holder is not None and holder.pid == other.pid
    assert store.holder("xx-stad/1999") is None


def test_a_lock_can_be_held_again_after_use(store):
    for _ in range(2):
        with store.hold(KEY):
            assert store.workspace.administration(KEY).is_dir()


def test_a_folder_where_locks_do_not_hold_is_refused(workspace, monkeypatch):
    class NoLock:
        def __init__(self, *_, **__): ...

        def __enter__(self):
            return self

        def __exit__(self, *_): ...

    monkeypatch.setattr(locking, "FileLock", NoLock)
    with pytest.raises(RunError) as error:
        Store(workspace).probe()
    assert error.value.problems[0].code == "KCC-R059"


def test_where_the_system_has_no_locks_the_folder_is_refused(workspace, monkeypatch):
    """filelock would put a marker file there, which outlives who made it."""
    import errno
    import fcntl

    def flock(*_):
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", flock)
    for attempt in (Store(workspace).probe, Store(workspace).hold(KEY).__enter__):
        with pytest.raises(RunError) as error:
            attempt()
        assert error.value.problems[0].code == "KCC-R059"


def test_a_lock_that_may_only_be_read_is_seen_all_the_same(
    workspace, store, other, monkeypatch
):
    class Unwritable(locking.FileLock):
        def acquire(self, *_, **__):
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(locking, "FileLock", Unwritable)
    assert store.holder(KEY).pid == other.pid
    other.kill()
    other.wait()
    assert store.holder(KEY) is None


def test_an_ordinary_folder_passes_the_probe(workspace):
    locking.probe(FileOperations(), workspace.all_processed)
    assert list(workspace.all_processed.iterdir()) == []
