"""How every measurement stands: up to date, stale, failed or running, and why."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from kcc_research.errors import UserError, problem
from kcc_research.pipeline.last_run import LastRun, read_last_run
from kcc_research.pipeline.purge_note import purged_on
from kcc_research.pipeline.release_note import releases
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.store import Store, last_run_file
from kcc_research.pipeline.unchanged import Memory
from kcc_research.pipeline.workspace import Workspace

if TYPE_CHECKING:
    from kcc_research.pipeline.standing import Standing

StatusName = Literal[
    "up to date", "stale", "failed", "running", "interrupted", "purged", "released"
]


@dataclass(frozen=True, slots=True)
class Status:
    """``reasons`` say, step by step, why a measurement is not up to date.

    ``notices`` are about copies of notebooks whose original changed.
    """

    key: str
    state: StatusName
    reasons: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.key}  {self.state}"]
        said = (*self.reasons, *self.notices)
        return "\n".join([*lines, *(textwrap.indent(each, "  ") for each in said)])


def statuses(
    store: Store, keys: tuple[str, ...], memory: Memory | None = None
) -> Iterator[Status]:
    """One status a key; no kernel is started.

    What ``memory`` does not know is read, and remembered.
    """
    memory = memory or Memory(store.workspace)
    reading = _Reading(store.workspace, memory)
    for key in keys:
        try:
            with faults_told(key):
                found = _status(store, reading, key)
        except UserError as error:
            found = Status(key, "failed", tuple(map(str, error.problems)))
        yield replace(found, notices=reading.notices(key))
    if unknown := [key for key in keys if memory.known(key) is None]:
        reading.standing.learn(unknown)
        memory.keep(store)


@dataclass
class _Reading:
    """What the memory knows, and otherwise what the files say.

    Only then what reads them is imported.
    """

    workspace: Workspace
    memory: Memory

    @functools.cached_property
    def standing(self) -> Standing:
        from kcc_research.pipeline.standing import Standing

        return Standing(self.workspace, self.memory)

    def reasons(self, key: str) -> tuple[str, ...]:
        """Per step that is not up to date, why."""
        if (known := self.memory.known(key)) and known.is_fresh:
            return ()
        return tuple(
            f"{each.step.id}: {'; '.join(each.reasons)}"
            for each in self.standing.steps(key)
            if not each.is_fresh
        )

    def notices(self, key: str) -> tuple[str, ...]:
        """What is to be told of copies of notebooks."""
        if known := self.memory.known(key):
            return known.notices
        from kcc_research.pipeline.own_notebook import notices

        return notices(self.workspace, key)


def failed_keys(store: Store, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Those whose last run failed, was cut off, or waits for one that did."""
    from kcc_research.pipeline.assessment import earlier_of

    earlier = earlier_of(store.workspace, Memory(store.workspace))
    found: set[str] = set()
    new = {key for key in keys if _last(store, key).state in ("failed", "running")}
    while new:
        found |= new
        new = {key for key in keys if found.intersection(earlier(key))} - found
    return tuple(sorted(found))


def _last(store: Store, key: str) -> LastRun:
    found = read_last_run(last_run_file(store.workspace, key))
    return found or LastRun("", "good")


def _status(store: Store, reading: _Reading, key: str) -> Status:
    holder, last = store.holder(key), _last(store, key)
    if holder is not None:
        who = f"process {holder.pid} on {holder.host} since {holder.since}"
        step = f"step {last.step}" if last.step else "starting"
        return Status(key, "running", (f"{step}, {who}",))
    purged = purged_on(store.workspace, key)
    if purged is not None:
        return Status(key, "purged", (f"on {purged}; what was published stays",))
    released = releases(store.workspace, key)
    if released:
        last_one = released[-1]
        gone = f", withdrawn on {last_one.withdrawn}" * last_one.is_withdrawn
        said = f"{last_one.number} on {last_one.released}{gone}"
        said += "; kcc run --reopen to go on"
        return Status(key, "released", (said,))
    reasons = reading.reasons(key)
    if last.state == "failed" and reasons:
        why = (f"stopped at {last.step}", *last.problems)
        return Status(key, "failed", (*why, *reasons))
    if last.state == "running" and reasons:
        since = last.run.split("-", 1)[0]
        cut_off = problem("KCC-R053", step=last.step, since=since, key=key)
        return Status(key, "interrupted", (cut_off.title, cut_off.remedy, *reasons))
    return Status(key, "stale" if reasons else "up to date", reasons)
