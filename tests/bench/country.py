"""Group ``country``: all municipalities from nothing, memory, and once more.

``KCC_BENCH_MADE`` makes it fewer, for a quick look.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kcc_research.pipeline.executor import default_jobs
from kcc_research.pipeline.workspace import Workspace
from tests.bench import machine, workspaces
from tests.bench.workspaces import Spent

ALL = 342
MADE = int(os.environ.get("KCC_BENCH_MADE", str(ALL)))
IDLE_ROUNDS = 5
EARLY, NEAR = 50, 5
MOST_WALL, GOAL_WALL = 480, 300
MOST_WITH_CONTACTS = 720
MOST_IDLE, GOAL_IDLE = 1.0, 0.5
MOST_GROWTH = 1.1
_SERVER = "forked_kernels.server"


@dataclass
class Watched:
    """Megabytes of driver and server, by how many measurements were finished."""

    driver: dict[int, list[float]] = field(default_factory=dict)
    server: dict[int, list[float]] = field(default_factory=dict)

    def at(self, finished: int) -> tuple[float, float]:
        """Medians around a moment."""
        return tuple(  # type: ignore[return-value]
            _median(v for n in _around(finished) for v in each.get(n, ()))
            for each in (self.driver, self.server)
        )


@dataclass(frozen=True)
class Found:
    """What was measured; ``with_contacts`` is the work of the same municipalities."""

    whole: Spent
    with_contacts: Spent
    idle: list[Spent]
    checked: Spent
    watched: Watched

    @property
    def idle_wall(self) -> float:
        return statistics.median(each.wall for each in self.idle)

    @property
    def growth(self) -> float:
        """Memory of driver and server at the end, beside that at an early moment."""
        early, late = self.watched.at(EARLY), self.watched.at(MADE)
        return sum(late) / sum(early)

    @property
    def reached(self) -> bool:
        return (
            MADE == ALL
            and self.whole.wall <= MOST_WALL
            and self.with_contacts.wall <= MOST_WITH_CONTACTS
            and self.idle_wall < MOST_IDLE
            and self.growth <= MOST_GROWTH
        )


def page() -> tuple[str, bool]:
    """The page with raw figures, and whether what is required was reached."""
    with tempfile.TemporaryDirectory() as name:
        made, sound = workspaces.made(Path(name) / "w", MADE)
        whole, watched = _from_nothing(made, sound)
        idle = [workspaces.run(made, ["run", *sound])[0] for _ in range(IDLE_ROUNDS)]
        checked, _ = workspaces.run(made, ["verify", *sound])
    with tempfile.TemporaryDirectory() as name:
        both = workspaces.made(Path(name) / "w", MADE, with_contacts=True)
        with_contacts, _ = _from_nothing(*both)
    found = Found(whole, with_contacts, idle, checked, watched)
    return _text(found, len(sound)), found.reached


def _text(found: Found, sound: int) -> str:
    early, late = found.watched.at(EARLY), found.watched.at(MADE)
    return f"""# Speed of a whole country

Written by `tests/bench/country.py`: {MADE} invented municipalities, three notebooks
each, to HTML and PDF with both gates; as many at a time as `kcc run` does by itself
here, {default_jobs()}; start-up included. With a registration there are two
measurements a municipality: six notebooks, two reports.

| work | required | measured |
|---|---|---|
{_table(found, sound)}

{_note(found.whole)}Memory in MB, medians around the moment: at {EARLY} driver
{early[0]:.0f}, server {early[1]:.0f}; at {MADE} driver {late[0]:.0f}, server
{late[1]:.0f}.

Valid: every sound municipality has its report, {MADE - sound} planted faults
failed alone, and every published file has the hash that its manifest says.

Measured on {machine.description("papermill", "nbconvert", "ipykernel", "pandas")}.
"""


def _table(found: Found, sound: int) -> str:
    every = ", ".join(f"{each.wall:.2f}" for each in found.idle)
    idle_cpu = statistics.median(each.cpu for each in found.idle)
    return "\n".join(
        machine.row(*cells)
        for cells in (
            (
                f"{MADE} measurements from nothing, wall",
                f"{MOST_WALL} s (goal {GOAL_WALL})",
                f"**{found.whole.wall:.0f} s**",
            ),
            ("the same, CPU of the whole process tree", "", _cpu(found.whole)),
            (
                f"{MADE} municipalities, a survey and a registration each, wall",
                f"{MOST_WITH_CONTACTS} s",
                f"**{found.with_contacts.wall:.0f} s**",
            ),
            ("the same, CPU of the whole process tree", "", _cpu(found.with_contacts)),
            (
                f"nothing changed, {sound} measurements, wall",
                f"< {MOST_IDLE:g} s (goal {GOAL_IDLE})",
                f"**{found.idle_wall:.2f} s** ({every})",
            ),
            ("nothing changed, CPU", "", f"{idle_cpu:.2f} s"),
            (
                f"memory of driver and server at {MADE}, beside that at {EARLY}",
                f"≤ {MOST_GROWTH} ×",
                f"**{found.growth:.2f} ×**",
            ),
            ("`kcc verify` of all, wall", "", f"{found.checked.wall:.2f} s"),
        )
    )


def _cpu(spent: Spent) -> str:
    return f"{spent.cpu:.0f} s; {spent.each[0]:.2f} each"


def _note(whole: Spent) -> str:
    if MADE == ALL:
        return ""
    return f"""Fewer than {ALL}: only a quick look. What is required holds for {ALL}; at
this pace they would take {ALL * whole.each[1]:.0f} s from nothing.

"""


def _from_nothing(made: Workspace, sound: tuple[str, ...]) -> tuple[Spent, Watched]:
    watched = Watched()
    cpu, wall = machine.children_cpu(), time.monotonic()
    words = [sys.executable, "-m", "kcc_research", "run", "--all"]
    with subprocess.Popen(
        words,
        cwd=made.root,
        env=workspaces.environment(made.root),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as driver:
        finished = [0]
        watch = threading.Thread(target=_watch, args=(driver, finished, watched))
        watch.start()
        told = []
        for line in driver.stdout or ():
            told.append(line)
            finished[0] += line.split()[1:2] in (["done"], ["failed"])
        code = driver.wait()
        watch.join()
    spent = Spent(machine.children_cpu() - cpu, time.monotonic() - wall, MADE)
    workspaces.require_faults_alone(made, sound, code, "".join(told))
    print(f"from nothing: {spent}", file=sys.stderr, flush=True)
    return spent, watched


def _watch(driver: subprocess.Popen[str], finished: list[int], seen: Watched) -> None:
    while driver.poll() is None:
        now = finished[0]
        if (found := _megabytes(driver.pid)) is not None:
            seen.driver.setdefault(now, []).append(found)
        server = [n for n in (_megabytes(p) for p in _servers(driver.pid)) if n]
        if server:
            seen.server.setdefault(now, []).append(sum(server))
        time.sleep(0.5)


def _servers(parent: int) -> Iterable[int]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            of = int(path.read_text().rpartition(")")[2].split()[1])
            if of == parent and _SERVER in (path.parent / "cmdline").read_text():
                yield int(path.parent.name)
        except (OSError, ValueError):
            continue


def _megabytes(process: int) -> float | None:
    """Resident memory; None when the process is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return None
    told = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return next((int(kilobytes) / 1000 for kilobytes in told), None)


def _around(finished: int) -> range:
    return range(finished - NEAR, finished + NEAR + 1)


def _median(values: Iterable[float]) -> float:
    found = list(values)
    return statistics.median(found) if found else float("nan")
