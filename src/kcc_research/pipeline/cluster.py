"""Measurements on the workers of an existing engine: dask.distributed.

One task is one measurement, on a folder that the command and all workers share. A task
may be done twice without harm: what is up to date is left alone, and the lock of the
measurement holds on every machine or the folder is refused. Workers that would give
other bytes, because their package or its versions differ, are refused as well.

The engine carries pickled calls: who can reach its scheduler can run code there.
Whoever starts it sees to that (docs/recipes.md).
"""

from __future__ import annotations

import functools
import platform
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import kcc_research
from kcc_research.errors import CallError, RunError, masked, problem
from kcc_research.pipeline import keys as secrets
from kcc_research.pipeline.account import software_versions
from kcc_research.pipeline.executor import Work, default_memory, in_order
from kcc_research.pipeline.options import Options
from kcc_research.pipeline.outcome import Outcome
from kcc_research.pipeline.record import canonical_json, sha256_of, sha256_of_file
from kcc_research.pipeline.run import Runner
from kcc_research.pipeline.store import Store, new_run_id
from kcc_research.pipeline.workspace import Workspace

_CONNECT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Fitness:
    """What decides which bytes a worker makes of the same files."""

    python: str
    system: str
    package: str
    lock: str
    versions: str
    keys: str


@dataclass(frozen=True, slots=True)
class Order:
    """What every task of one command is told; ``root`` is the shared folder."""

    run: str
    root: str
    options: Options
    named: frozenset[str]
    fitness: Fitness


def _package() -> str:
    """Hash of every source of this package, data included."""
    root = Path(kcc_research.__file__).parent
    files = (each for each in sorted(root.rglob("*")) if each.is_file())
    hashes = {
        each.relative_to(root).as_posix(): sha256_of_file(each)
        for each in files
        if "__pycache__" not in each.parts
    }
    return sha256_of(canonical_json(hashes))


# Taken when this process imports the code, which may be changed on disk later.
_LOADED = _package()


def fitness(root: str) -> Fitness:
    """That of this process."""
    lock = Workspace(Path(root)).lock_file
    return Fitness(
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        package=_LOADED,
        lock=sha256_of_file(lock) if lock.is_file() else "none",
        versions=sha256_of(canonical_json(dict(software_versions()))),
        keys=_keys(),
    )


def _keys() -> str:
    """Which folder of keys is seen here, and what is in it.

    Two machines with keys of their own would make other pseudonyms of one series.
    """
    folder = secrets.keys_folder()
    if not folder.is_dir():
        return f"none, on {socket.gethostname()}"
    owners = sorted(each.stem for each in folder.glob("*.key"))
    marks = {owner: secrets.identity(f"{owner}/x") for owner in owners}
    return f"{folder.stat().st_ino} {sha256_of(canonical_json(marks))}"


def unfit(expected: Fitness, root: str) -> tuple[str, ...]:
    """In what this process differs from the command; empty when in nothing."""
    if not Path(root, "studies").is_dir():
        return ("the workspace is not there",)
    mine, theirs = asdict(fitness(root)), asdict(expected)
    words = {"lock": "requirements.lock", "versions": "installed versions"}
    words["keys"] = "the folder of keys (KCC_KEYS)"
    return tuple(words.get(n, n) for n in theirs if mine[n] != theirs[n])


def unfit_worker(order: Order) -> tuple[str, ...]:
    """As :func:`unfit`, and whether the lock that the command holds is seen here."""
    found = unfit(order.fitness, order.root)
    if found or Store(Workspace(Path(order.root))).sees_mark():
        return found
    return ("the lock of the command does not hold here",)


# --- on a worker ----------------------------------------------------------------------

_runners: dict[str, Runner] = {}
_opening = threading.Lock()


def perform(order: Order, key: str, before: Mapping[str, Outcome]) -> Outcome:
    """One measurement, on this worker."""
    different = unfit(order.fitness, order.root)
    if different:
        return Outcome(key, "failed", (_unfit("", different),), reached="cluster")
    return _runner(order).one(key, before, order.named)


def _runner(order: Order) -> Runner:
    """One runner a command, so that its kernels come from one server."""
    with _opening:
        if order.run not in _runners:
            options = order.options
            if not options.memory:
                options = replace(options, memory=default_memory(_threads()))
            _runners[order.run] = Runner(Store(Workspace(Path(order.root))), options)
        return _runners[order.run]


def _threads() -> int:
    from distributed import get_worker

    return int(get_worker().state.nthreads)


def finish(run: str) -> None:
    """Close what this worker still has open for the command."""
    with _opening:
        runner = _runners.pop(run, None)
    if runner is not None:
        runner.close()


def _unfit(address: str, different: Sequence[str]) -> Any:
    return problem("KCC-R059b", value=address, different=", ".join(different))


# --- in the command -------------------------------------------------------------------


class Cluster:
    """An executor on the workers of the scheduler at ``address``."""

    def __init__(
        self, store: Store, options: Options, named: Sequence[str], address: str
    ) -> None:
        root = str(store.workspace.root)
        self._store, self._address = store, address
        self._order = Order(
            new_run_id(), root, options, frozenset(named), fitness(root)
        )

    def run(
        self,
        keys: Sequence[str],
        predecessors: Callable[[str], Sequence[str]],
        work: Work,
    ) -> Iterator[Outcome]:
        """Outcomes as they come; ``work`` is done by the workers' own runners.

        Raises :class:`CallError` (R053u, R053v) when there is no engine, and
        :class:`RunError` (R059b) when a worker would not do the same work.
        """
        client = _client(self._address)
        try:
            self._require_fit(client)
            yield from self._outcomes(client, keys, predecessors)
        finally:
            client.run(functools.partial(finish, self._order.run), on_error="return")
            client.close()

    def _require_fit(self, client: Any) -> None:
        with self._store.marked():
            ask = functools.partial(unfit_worker, self._order)
            answers = client.run(ask, on_error="return")
        if not answers:
            raise CallError(problem("KCC-R053v", value=self._address))
        found = [
            _unfit(address, _words(answer))
            for address, answer in sorted(answers.items())
            if answer != ()
        ]
        if found:
            raise RunError(found)

    def _outcomes(
        self,
        client: Any,
        keys: Sequence[str],
        predecessors: Callable[[str], Sequence[str]],
    ) -> Iterator[Outcome]:
        from distributed import as_completed

        done: dict[str, Outcome] = {}
        waiting = in_order(keys, predecessors)
        sent: dict[str, str] = {}
        with client.as_current():
            completed: Any = as_completed()  # type: ignore[no-untyped-call]

        def send() -> None:
            for key in [k for k, before in waiting.items() if before <= set(done)]:
                before = {each: done[each] for each in waiting.pop(key)}
                name = f"kcc-{self._order.run}-{key}"
                sent[name] = key
                task = client.submit(perform, self._order, key, before, key=name)
                completed.add(task)

        send()
        for future in completed:
            key = sent.pop(future.key)
            done[key] = _outcome(key, future)
            yield done[key]
            send()


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise CallError(problem("KCC-R053u")) from None
    try:
        return Client(  # type: ignore[no-untyped-call]
            address, timeout=_CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, ValueError, TimeoutError):
        raise CallError(problem("KCC-R053v", value=address)) from None


def _words(answer: object) -> Sequence[str]:
    if isinstance(answer, tuple):
        return answer
    return (f"it answered with {type(answer).__name__}",)


def _outcome(key: str, future: Any) -> Outcome:
    """What a task came to; of one that was lost, that it was."""
    if future.status == "finished":
        found: Outcome = future.result()
        return found
    error = future.exception() if future.status == "error" else None
    kind = type(error).__name__ if error is not None else future.status
    if error is None or kind == "KilledWorker":
        told = problem("KCC-R063c", value=key)
    else:
        told = problem("KCC-R063d", value=key, error=kind, where=masked(error))
    return Outcome(key, "failed", (told,), reached="cluster")
