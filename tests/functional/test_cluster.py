"""Measurements on dask.distributed: the same bytes, also when a worker is killed."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from dataclasses import replace

import pytest

from kcc_research.errors import CallError, RunError
from kcc_research.pipeline import cluster
from kcc_research.pipeline.outcome import Outcome
from kcc_research.pipeline.run import Options, Runner
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace

OTHER = "xx-andere/2024-meting"

pytest.importorskip("distributed")

pytestmark = pytest.mark.usefixtures("ready_kernels")


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """Two workers, each a process of its own."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=None,
        local_directory=str(tmp_path_factory.mktemp("dask")),
        memory_limit=0,
    ) as found:
        yield found


@pytest.fixture
def root(tmp_path, tiny):
    made = tiny.make_workspace(tmp_path / "project", with_earlier=True)
    tiny.add_measurement(made, OTHER, 2024)
    return made


def contents(folder):
    files = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def on_cluster(root, address, keys):
    store, options = Store(Workspace(root)), Options()
    executor = cluster.Cluster(store, options, keys, address)
    return Runner(store, options, executor=executor).run(keys)


def kill_a_busy_worker(engine, root, killed):
    """Kill the process that holds a measurement, as soon as one does."""
    store = Store(Workspace(root))
    pids = {each.pid for each in engine.workers.values()}
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for key in (OTHER, "xx-teststad/2023-meting"):
            holder = store.holder(key)
            if holder is not None and holder.pid in pids:
                os.kill(holder.pid, signal.SIGKILL)
                killed.append(holder.pid)
                return
        time.sleep(0.02)


def test_a_killed_worker_changes_no_byte(engine, root, tmp_path, tiny):
    keys = [tiny.KEY, OTHER]
    here = shutil.copytree(root, tmp_path / "here")
    killed: list[int] = []
    killer = threading.Thread(target=kill_a_busy_worker, args=(engine, root, killed))
    killer.start()
    outcomes = on_cluster(root, engine.scheduler_address, keys)
    killer.join()
    assert len(killed) == 1
    problems = [str(problem) for each in outcomes for problem in each.problems]
    assert all(each.is_good for each in outcomes), problems
    assert sorted(each.key for each in outcomes) == sorted([*keys, tiny.EARLIER])
    local = Runner(Store(Workspace(here))).run(keys)
    assert all(each.is_good for each in local)
    assert contents(root / "outputs") == contents(here / "outputs")
    # What is done is left alone, on the cluster as well.
    again = on_cluster(root, engine.scheduler_address, keys)
    assert {each.state for each in again} == {"unchanged"}


def test_one_that_fails_stops_its_successor_by_name_and_no_other(engine, root, tiny):
    tiny.write_grades(root, tiny.EARLIER, (7, 99))
    keys = [tiny.KEY, OTHER]
    found = on_cluster(root, engine.scheduler_address, keys)
    codes = {each.key: [p.code for p in each.problems] for each in found}
    assert codes == {
        OTHER: [],
        tiny.EARLIER: ["KCC-D028"],
        tiny.KEY: ["KCC-R053a"],
    }


def test_workers_of_another_version_are_refused_before_anything_runs(engine, root):
    store = Store(Workspace(root))
    executor = cluster.Cluster(store, Options(), [OTHER], engine.scheduler_address)
    other = replace(executor._order.fitness, package="other", versions="other")
    executor._order = replace(executor._order, fitness=other)
    with pytest.raises(RunError) as caught:
        Runner(store, executor=executor).run([OTHER])
    assert [each.code for each in caught.value.problems] == ["KCC-R059b"] * 2
    assert "package, installed versions" in caught.value.problems[0].title
    assert not store.workspace.output(OTHER).exists()


def test_a_worker_that_came_later_is_refused_by_its_task(root):
    order = cluster.Cluster(Store(Workspace(root)), Options(), [OTHER], "x")._order
    other = replace(order, fitness=replace(order.fitness, lock="other"))
    outcome = cluster.perform(other, OTHER, {})
    assert (outcome.state, outcome.problems[0].code) == ("failed", "KCC-R059b")
    assert "requirements.lock" in outcome.problems[0].title


def test_a_folder_that_is_not_shared_is_refused(root, tmp_path):
    order = cluster.Cluster(Store(Workspace(root)), Options(), [OTHER], "x")._order
    elsewhere = replace(order, root=str(tmp_path / "elsewhere"))
    assert cluster.unfit_worker(elsewhere) == ("the workspace is not there",)


def test_a_lock_that_the_worker_does_not_see_is_refused(root):
    """A share where locks do not hold between machines (F59)."""
    store = Store(Workspace(root))
    order = cluster.Cluster(store, Options(), [OTHER], "x")._order
    with store.marked():
        assert cluster.unfit_worker(order) == ()
    unseen = ("the lock of the command does not hold here",)
    assert cluster.unfit_worker(order) == unseen


def test_an_address_where_nobody_answers_is_a_wrong_call(root, monkeypatch):
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(CallError) as caught:
        on_cluster(root, "tcp://127.0.0.1:9", [OTHER])
    assert caught.value.problems[0].code == "KCC-R053v"


class Task:
    def __init__(self, status, answer=None):
        self.status, self._answer = status, answer

    def result(self):
        return self._answer

    def exception(self):
        return self._answer


class KilledWorker(Exception):
    pass


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (Task("error", KilledWorker("a")), "KCC-R063c"),
        (Task("cancelled"), "KCC-R063c"),
        (Task("lost"), "KCC-R063c"),
        (Task("error", ValueError("Mevr. Jansen")), "KCC-R063d"),
    ],
)
def test_what_becomes_of_a_task_is_told_without_data(task, code):
    outcome = cluster._outcome("a/b", task)
    assert (outcome.state, outcome.problems[0].code) == ("failed", code)
    assert "Jansen" not in str(outcome.problems[0])
    good = Outcome("a/b", "done")
    assert cluster._outcome("a/b", Task("finished", good)) == good
