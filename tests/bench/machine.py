"""What the figures were measured on, and CPU time of a process with its children."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]

ONE_THREAD = {
    name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
}


@dataclass(frozen=True)
class Finished:
    """CPU seconds (user + system) of a whole process tree, and what it printed."""

    cpu: float
    output: str


def run(command: Sequence[str]) -> Finished:
    """Run to the end with one BLAS thread; raises when the command fails."""
    before = children_cpu()
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} stopped with {done.stderr.strip()[-2000:]}")
    return Finished(children_cpu() - before, done.stdout)


def children_cpu() -> float:
    """CPU seconds of all children that have ended, with those of their children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def row(*cells: str) -> str:
    """A row of a table in markdown."""
    return f"| {' | '.join(cells)} |"


def description(*packages: str) -> str:
    """Cores, load and versions in one line; nothing that names the machine."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, load {load} at the end; "
        f"Python {platform.python_version()}, {versions}"
    )
