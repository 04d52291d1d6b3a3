"""A run that has nothing to do, known without what a plan needs to be imported.

Otherwise nobody can tell before the plan is made, and :mod:`.run` makes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from kcc_research.pipeline import pages
from kcc_research.pipeline.catalogue_standing import remembered
from kcc_research.pipeline.last_run import read_last_run
from kcc_research.pipeline.options import Options
from kcc_research.pipeline.order import with_earlier
from kcc_research.pipeline.outcome import Outcome
from kcc_research.pipeline.purge_note import purged_on
from kcc_research.pipeline.release_note import releases
from kcc_research.pipeline.store import Store, last_run_file
from kcc_research.pipeline.unchanged import Known, Memory
from kcc_research.temporary_folders import clear_dead


def nothing_to_do(
    store: Store, keys: Sequence[str], options: Options
) -> list[Outcome] | None:
    """The outcomes of a run of ``keys``; None when there is, or may be, work.

    What dead commands left of kernels is cleared, as by every run.
    """
    if options.asks_more or options.reopen:
        return None
    outcomes = _outcomes(store, keys, Memory(store.workspace), options.dry_run)
    if outcomes is not None and not options.dry_run:
        clear_dead()
    return outcomes


def _outcomes(
    store: Store, keys: Sequence[str], memory: Memory, dry_run: bool
) -> list[Outcome] | None:
    every: dict[str, Known] = {}

    def earlier(key: str) -> tuple[str, ...]:
        known = memory.known(key)
        if known is None:
            raise LookupError(key)
        every[key] = known
        return known.earlier

    try:
        ordered = with_earlier(keys, earlier)
        found = [_outcome(store, key, every[key]) for key in ordered]
    except LookupError:
        return None
    if dry_run:
        return found
    said_stale = remembered(store.workspace).keys() & set(keys)
    return None if said_stale or not pages.are_current(store, memory) else found


def _outcome(store: Store, key: str, known: Known) -> Outcome:
    """As :mod:`.run` would find it; LookupError where it would have work."""
    if purged_on(store.workspace, key) is not None:
        return Outcome(key, "purged")
    if releases(store.workspace, key):
        return Outcome(key, "released")
    if not known.is_fresh or not is_settled(store, key):
        raise LookupError(key)
    return Outcome(key, "unchanged")


def is_settled(store: Store, key: str) -> bool:
    """Whether the last run left nothing to finish, clear or take back."""
    last = read_last_run(last_run_file(store.workspace, key))
    return not store.has_promise(key) and (not last or last.state == "good")
