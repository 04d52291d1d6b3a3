"""A process to be killed: it publishes, commits and releases without end.

    python tests/killed_store.py ROOT KEY

For each line it reads (``seconds exchange``) it forks a child that works in the store
of ROOT, kills it with SIGKILL after that many seconds, and answers ``killed``. Forking
from one process with everything imported makes hundreds of kills a matter of a minute.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
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


def work(root: Path, key: str, *, exchange: bool) -> None:
    """Everything the store can do to a measurement, again and again."""
    workspace = Workspace(root)
    store = Store(workspace, None if exchange else TwoRenames())
    for number in itertools.count():
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
    for line in sys.stdin:
        seconds, exchange = line.split()
        child = os.fork()
        if child == 0:
            try:
                work(root, key, exchange=exchange == "True")
            finally:
                os._exit(1)  # it never ends by itself
        time.sleep(float(seconds))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        was_killed = os.WIFSIGNALED(status)
        print("killed" if was_killed else "stopped by itself", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
