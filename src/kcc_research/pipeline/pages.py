"""The pages over all reports, made again only when what they tell of has changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kcc_research.errors import Problem, RunError
from kcc_research.pipeline.catalogue_standing import remember_stale, standing_file
from kcc_research.pipeline.record import canonical_json, sha256_of
from kcc_research.pipeline.safety_net import told_as_problems
from kcc_research.pipeline.store import Store, last_run_file
from kcc_research.pipeline.unchanged import Look, Mark, Memory, joined
from kcc_research.pipeline.verify import published_keys
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.measurement_key import list_keys

if TYPE_CHECKING:
    from kcc_research.pipeline.status import Status


def are_current(store: Store, memory: Memory) -> bool:
    """Whether the pages, unread and not made anew, are known to tell what is so."""
    told_of = _mark(store, memory.look)
    return told_of is not None and memory.kept.pages == _stand(store, told_of)


def bring_up_to_date(store: Store, memory: Memory, unlisted: list[Problem]) -> None:
    """Write index.html and benchmark.html, and let the memory know how they stand.

    What cannot be listed is in ``unlisted``; it has to be told again by the next run,
    so then there is nothing to remember.
    """
    if are_current(store, memory):
        return
    from kcc_research.pipeline import published

    told_of = _mark(store, memory.look)
    published.bring_up_to_date(store, unlisted)
    if told_of is None or not told_of.is_settled or unlisted:
        memory.learn_pages("")
    else:
        memory.learn_pages(_stand(store, told_of))


def renew(store: Store, memory: Memory, found: Iterable[Status] = ()) -> None:
    """Let the list, if there is one, say what another command than a run changed.

    ``found`` is what ``kcc status`` found. In a workspace that cannot be written, or
    while somebody else writes the list, it stays as it is.
    """
    if not store.workspace.catalogue.exists():
        return
    try:
        with told_as_problems():
            if statuses := list(found):
                remember_stale(store, statuses)
            bring_up_to_date(store, memory, [])
            memory.keep(store)
    except RunError:
        return


def _mark(store: Store, look: Look) -> Mark | None:
    """How everything stands that the pages tell of."""
    every = sorted({*list_keys(store.workspace.root), *published_keys(store)})
    notes = [look.of_file(last_run_file(store.workspace, key)) for key in every]
    return joined([look.mark(every), *notes])


def _stand(store: Store, told_of: Mark) -> str:
    """That, and what the pages and the note of what is stale say now."""
    return sha256_of(canonical_json([told_of.hash, *_contents(store.workspace)]))


def _contents(workspace: Workspace) -> list[str]:
    note = standing_file(workspace)
    files = [note] * note.is_file() + sorted(workspace.outputs.glob("*.html"))
    return [f"{each.name} {sha256_of(each.read_bytes())}" for each in files]
