"""How every measurement stands: up to date, stale, failed or running, and why."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kcc_research.errors import UserError, problem
from kcc_research.pipeline.assessment import earlier_of
from kcc_research.pipeline.last_run import LastRun, read_last_run
from kcc_research.pipeline.own_notebook import moved_on
from kcc_research.pipeline.purge_note import purged_on
from kcc_research.pipeline.release_note import releases
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.standing import Standing
from kcc_research.pipeline.store import Store, last_run_file

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


def statuses(store: Store, keys: tuple[str, ...]) -> Iterator[Status]:
    """One status a key; nothing is written, no kernel is started."""
    standing = Standing(store.workspace)
    for key in keys:
        try:
            with faults_told(key):
                found = _status(store, standing, key)
        except UserError as error:
            found = Status(key, "failed", tuple(map(str, error.problems)))
        told = moved_on(store.workspace, key)
        notices = tuple(f"{each.title}; {each.remedy}" for each in told)
        yield replace(found, notices=notices)


def failed_keys(store: Store, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Those whose last run failed, was cut off, or waits for one that did."""
    earlier = earlier_of(store.workspace)
    found: set[str] = set()
    new = {key for key in keys if _last(store, key).state in ("failed", "running")}
    while new:
        found |= new
        new = {key for key in keys if found.intersection(earlier(key))} - found
    return tuple(sorted(found))


def _last(store: Store, key: str) -> LastRun:
    found = read_last_run(last_run_file(store.workspace, key))
    return found or LastRun("", "good")


def _status(store: Store, standing: Standing, key: str) -> Status:
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
    reasons = tuple(
        f"{each.step.id}: {'; '.join(each.reasons)}"
        for each in standing.steps(key)
        if not each.is_fresh
    )
    if last.state == "failed" and reasons:
        why = (f"stopped at {last.step}", *last.problems)
        return Status(key, "failed", (*why, *reasons))
    if last.state == "running" and reasons:
        since = last.run.split("-", 1)[0]
        cut_off = problem("KCC-R053", step=last.step, since=since, key=key)
        return Status(key, "interrupted", (cut_off.title, cut_off.remedy, *reasons))
    return Status(key, "stale" if reasons else "up to date", reasons)
