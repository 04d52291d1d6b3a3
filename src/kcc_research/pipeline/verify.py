"""Proof that what is published is what was published (TRUST-M5)."""

from __future__ import annotations

from kcc_research.errors import Problem
from kcc_research.pipeline.manifest import faults
from kcc_research.pipeline.store import Store


def verify(store: Store, key: str) -> list[Problem]:
    """Every published file of ``key`` that is altered, missing or extra.

    The lock is held meanwhile, because a reader who opens several files across an
    exchange could mix two versions. Raises :class:`LockedError` when it is taken.
    """
    folder = store.workspace.output(key)
    with store.hold(key, writing=False):
        return list(faults(key, folder, store.workspace.relative(folder)))


def published_keys(store: Store) -> tuple[str, ...]:
    """Keys of everything that stands in outputs, sorted."""
    outputs = store.workspace.outputs
    folders = (each for each in outputs.glob("[!.]*/[!.]*") if each.is_dir())
    return tuple(sorted(each.relative_to(outputs).as_posix() for each in folders))
