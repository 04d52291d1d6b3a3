"""Where measurements are run: one after another, or some at a time in threads.

An executor is given measurements in an order in which each comes after those it builds
on, and one function that runs one of them and never raises for a user's fault.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kcc_research.pipeline.outcome import Outcome

# Runs one measurement, given the outcomes of those it builds on.
Work = Callable[[str, Mapping[str, Outcome]], Outcome]


class Executor(Protocol):
    """Runs every key once, each after its predecessors."""

    def run(
        self,
        keys: Sequence[str],
        predecessors: Callable[[str], Sequence[str]],
        work: Work,
    ) -> Iterator[Outcome]:
        """Outcomes as they come."""


class OneAfterAnother:
    """The simplest executor, in this very thread."""

    def run(
        self,
        keys: Sequence[str],
        predecessors: Callable[[str], Sequence[str]],
        work: Work,
    ) -> Iterator[Outcome]:
        done: dict[str, Outcome] = {}
        for key in keys:
            # In a circle not every predecessor comes first; all of it is refused.
            before = {each: done[each] for each in predecessors(key) if each in done}
            done[key] = work(key, before)
            yield done[key]


@dataclass(frozen=True, slots=True)
class Threads:
    """Some measurements at a time, each in a thread that waits for its kernels.

    A measurement starts when those it builds on are done. When the command is stopped,
    what has not started is not started any more.
    """

    jobs: int

    def run(
        self,
        keys: Sequence[str],
        predecessors: Callable[[str], Sequence[str]],
        work: Work,
    ) -> Iterator[Outcome]:
        done: dict[str, Outcome] = {}
        waiting = in_order(keys, predecessors)
        running: dict[Future[Outcome], str] = {}
        pool = ThreadPoolExecutor(self.jobs, thread_name_prefix="kcc")
        try:
            while waiting or running:
                for key in [k for k, before in waiting.items() if before <= set(done)]:
                    before = {each: done[each] for each in waiting.pop(key)}
                    running[pool.submit(work, key, before)] = key
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in sorted(finished, key=running.__getitem__):
                    key = running.pop(future)
                    done[key] = future.result()
                    yield done[key]
        finally:
            pool.shutdown(cancel_futures=True)


def in_order(
    keys: Sequence[str], predecessors: Callable[[str], Sequence[str]]
) -> dict[str, set[str]]:
    """Each key with what has to be done before it, of what comes earlier in ``keys``.

    In a circle not every predecessor comes first; all of it is refused by the work.
    """
    found: dict[str, set[str]] = {}
    for key in keys:
        found[key] = {each for each in predecessors(key) if each in found}
    return found


BYTES_PER_JOB = 1_500_000_000
"""What a kernel with its driver may need; a survey takes a fifth of it."""


JOBS_PER_CORE = 2
"""Of a measurement one process works at a time, its kernel or the command, and of the
command's threads one at a time. With one a core, a third of two cores had no work."""


def default_jobs() -> int:
    """Some for every core, as far as there is memory for them."""
    return max(1, min(JOBS_PER_CORE * _cores(), _free_bytes() // BYTES_PER_JOB))


def default_memory(jobs: int) -> int:
    """Bytes one kernel may have: its part of what is free, and enough for a survey."""
    return max(BYTES_PER_JOB, _free_bytes() // jobs)


def executor_for(jobs: int) -> Executor:
    """One after another in this thread, or ``jobs`` at a time."""
    return OneAfterAnother() if jobs == 1 else Threads(jobs)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free_bytes() -> int:
    """Memory of this machine that programs can get; much where nobody can tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 1 << 40
    told = (line.split() for line in lines if line.startswith("MemAvailable:"))
    return next((1024 * int(words[1]) for words in told), 1 << 40)
