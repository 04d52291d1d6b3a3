"""Workspaces of invented municipalities, and calls of ``kcc`` in them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kcc_research.pipeline import demo
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.measurement_key import list_keys
from tests.bench import machine


@dataclass(frozen=True)
class Spent:
    """CPU and wall seconds of one side, for ``count`` municipalities."""

    cpu: float
    wall: float
    count: int

    @property
    def each(self) -> tuple[float, float]:
        return self.cpu / self.count, self.wall / self.count


class NotValid(Exception):
    """Something that a measurement of speed must not be taken with."""


def made(
    folder: Path, count: int, *, with_contacts: bool = False
) -> tuple[Workspace, tuple[str, ...]]:
    """A workspace of invented municipalities, and those without a planted fault."""
    found = demo.make(
        Workspace(machine.ROOT), folder, count, with_contacts=with_contacts
    )
    faulty = demo.faulty_keys(count, with_contacts=with_contacts)
    return found, tuple(key for key in list_keys(found.root) if key not in faulty)


def run(workspace: Workspace, words: Sequence[str]) -> tuple[Spent, str]:
    """What a call of ``kcc`` spent, and what it printed; it must end well."""
    cpu, wall = machine.children_cpu(), time.monotonic()
    done = called(workspace.root, ["kcc_research", *words])
    if done.returncode:
        raise NotValid(f"{words[0]} stopped with {done.stderr[-2000:]}")
    spent = Spent(machine.children_cpu() - cpu, time.monotonic() - wall, 1)
    return spent, done.stdout


def called(root: Path, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """``python -m`` with these words in ``root``, one BLAS thread."""
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=root,
        env=environment(root),
        capture_output=True,
        text=True,
        check=False,
    )


def environment(root: Path) -> dict[str, str]:
    """What both sides are started with."""
    return os.environ | machine.ONE_THREAD | {"KCC_HOME": str(root)}


def require_faults_alone(
    workspace: Workspace, sound: Sequence[str], code: int, told: str
) -> None:
    """Every sound measurement has its report, and only those with a fault failed."""
    faulty = set(list_keys(workspace.root)) - set(sound)
    without = [k for k in sound if not (workspace.output(k) / "report.pdf").is_file()]
    too_many = [k for k in faulty if workspace.output(k).exists()]
    if without or too_many or code != (1 if faulty else 0):
        raise NotValid(f"{without} {too_many} {code} {told[-2000:]}")
