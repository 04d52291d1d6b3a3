"""Measurements one after another, or some at a time: the same outcomes."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.pipeline.executor import (
    BYTES_PER_JOB,
    OneAfterAnother,
    Threads,
    default_jobs,
    executor_for,
)
from kcc_research.pipeline.outcome import Outcome


@st.composite
def graphs(draw):
    """Keys in an order in which each comes after those it builds on."""
    names = [f"m/{number}" for number in range(draw(st.integers(0, 8)))]
    return {
        name: draw(st.lists(st.sampled_from(names[:index]), unique=True))
        if index
        else []
        for index, name in enumerate(names)
    }


def told(key, before):
    """An outcome in which stands what the work was given."""
    return Outcome(key, "done", lines=tuple(sorted(before)))


@given(graphs(), st.integers(2, 4))
def test_threads_give_the_same_outcomes(graph, jobs):
    keys = list(graph)
    one = OneAfterAnother().run(keys, graph.__getitem__, told)
    some = Threads(jobs).run(keys, graph.__getitem__, told)
    assert {e.key: e for e in some} == {e.key: e for e in one}


@given(graphs())
def test_nothing_starts_before_what_it_builds_on(graph):
    done, lock = [], threading.Lock()

    def work(key, before):
        with lock:
            assert set(graph[key]) <= set(done)
        assert {each.key for each in before.values()} == set(graph[key])
        with lock:
            done.append(key)
        return Outcome(key, "done")

    assert len(list(Threads(3).run(list(graph), graph.__getitem__, work))) == len(graph)


def test_some_really_run_at_a_time_and_never_more():
    both = threading.Barrier(2, timeout=20)
    busy, most, lock = 0, 0, threading.Lock()

    def work(key, before):
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        if key in ("a", "b"):
            both.wait()
        time.sleep(0.01)
        with lock:
            busy -= 1
        return Outcome(key, "done")

    outcomes = list(Threads(2).run(list("abcdef"), lambda key: (), work))
    assert len(outcomes) == 6
    assert most == 2


def test_a_failed_measurement_stops_no_other():
    def work(key, before):
        return Outcome(key, "failed" if key == "a" else "done")

    outcomes = Threads(2).run(list("abc"), lambda key: (), work)
    assert {each.key: each.state for each in outcomes} == {
        "a": "failed",
        "b": "done",
        "c": "done",
    }


def test_a_circle_is_left_to_the_work():
    graph = {"a": ["b"], "b": ["a"]}
    outcomes = Threads(2).run(["a", "b"], graph.__getitem__, told)
    assert {each.key for each in outcomes} == {"a", "b"}


def test_what_had_not_started_is_not_started_after_a_stop():
    started = []

    def work(key, before):
        started.append(key)
        if key == "a":
            raise KeyboardInterrupt
        return Outcome(key, "done")

    graph = {"a": [], **{str(n): ["a"] for n in range(9)}}
    with pytest.raises(KeyboardInterrupt):
        list(Threads(2).run(list(graph), graph.__getitem__, work))
    assert started == ["a"]


def test_one_job_needs_no_thread():
    assert isinstance(executor_for(1), OneAfterAnother)
    assert executor_for(3) == Threads(3)


def test_jobs_are_bounded_by_memory(monkeypatch):
    monkeypatch.setattr("kcc_research.pipeline.executor._cores", lambda: 64)
    monkeypatch.setattr("kcc_research.pipeline.executor._free_bytes", lambda: 10**9)
    assert default_jobs() == 1
    monkeypatch.setattr("kcc_research.pipeline.executor._free_bytes", lambda: 10**13)
    assert default_jobs() == 128
    monkeypatch.setattr(
        "kcc_research.pipeline.executor._free_bytes", lambda: 3 * BYTES_PER_JOB
    )
    assert default_jobs() == 3
