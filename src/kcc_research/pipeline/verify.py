"""Proof that what is published is what was published (TRUST-M5)."""

from __future__ import annotations

from collections.abc import Iterator

from kcc_research.errors import Problem, problem
from kcc_research.pipeline.manifest import faults
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import is_key


def verify(store: Store, key: str) -> list[Problem]:
    """Every published file of ``key`` that is altered, missing or extra.

    The lock is held meanwhile, because a reader who opens several files across an
    exchange could mix two versions. Raises :class:`LockedError` when it is taken, and
    :class:`RunError` when a file cannot be read.
    """
    folder = store.workspace.output(key)
    with faults_told(key), store.reading(key):
        return list(faults(key, folder, store.workspace.relative(folder)))


def published_keys(store: Store) -> tuple[str, ...]:
    """Keys of everything that stands in outputs, sorted."""
    return tuple(name for name in _folders(store) if is_key(name))


def strange_folders(store: Store) -> Iterator[Problem]:
    """A warning for each folder in outputs that can be no report (R062e)."""
    for name in _folders(store):
        if not is_key(name):
            yield problem("KCC-R062e", file=f"outputs/{name}")


def _folders(store: Store) -> list[str]:
    outputs = store.workspace.outputs
    folders = (each for each in outputs.glob("[!.]*/[!.]*") if each.is_dir())
    return sorted(each.relative_to(outputs).as_posix() for each in folders)
