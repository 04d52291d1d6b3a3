"""A process to be killed: it publishes, commits and releases without end.

    python tests/killed_store.py ROOT KEY

For each line it reads (``rounds exchange``) it forks a child that works in the store of
ROOT, kills it with SIGKILL in the time of so many rounds, and answers ``killed``.
Forking from one process with everything imported makes hundreds of kills a matter of a
minute.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from kcc_research.pipeline.manifest import with_manifest
from kcc_research.pipeline.record import Record, sha256_of
from kcc_research.pipeline.saving import commit
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.store.operations import ExchangeUnavailable, FileOperations
from kcc_research.pipeline.workspace import Workspace

RESULTS = ("results/estimates.parquet", "results/verdicts.parquet")


class TwoRenames(FileOperations):
    """As on a system that cannot exchange two folders."""

    def exchange(self, one: Path, other: Path) -> None:
        raise ExchangeUnavailable("as elsewhere")


def report(key: str, word: str) -> dict[str, bytes]:
    """A publication in which every file says the same word."""
    names = ("report.html", "report.pdf", "tables/estimates.csv")
    return with_manifest(key, {n: word.encode() for n in names}, {"word": word}, {})


def work(root: Path, key: str, rounds: Iterable[int], *, exchange: bool) -> None:
    """Everything the store does in a run of a measurement, once a round."""
    workspace = Workspace(root)
    store = Store(workspace, None if exchange else TwoRenames())
    for number in rounds:
        word = f"{os.getpid()}-{number}"
        with store.hold(key) as held:
            held.note_run(b"{}")
            files = {name: f"{word} {name}".encode() for name in RESULTS}
            folder = held.new_staging("analyse")
            held.stage(folder, files)
            hashes = {name: sha256_of(content) for name, content in files.items()}
            commit(workspace, held, folder, Record("analyse", "run", {}, hashes))
            held.keep_by_product({"log.txt": word.encode()})
            held.publish(report(key, word))
            held.put_beside({"changes.html": word.encode()})


def main(root: Path, key: str) -> None:
    begun = time.monotonic()
    work(root, key, range(3), exchange=True)
    a_round = (time.monotonic() - begun) / 3  # machines differ, and so does their load
    for line in sys.stdin:
        rounds, exchange = line.split()
        child = os.fork()
        if child == 0:
            try:
                work(root, key, itertools.count(), exchange=exchange == "True")
            finally:
                os._exit(1)  # it never ends by itself
        time.sleep(float(rounds) * a_round)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        was_killed = os.WIFSIGNALED(status)
        print("killed" if was_killed else "stopped by itself", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
