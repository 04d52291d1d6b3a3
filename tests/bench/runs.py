"""Group ``runs``: whole measurements, beside the stock loop on the same notebooks.

The stock loop is what a user would write in the shell: ``papermill`` three times and
``jupyter nbconvert`` once a municipality, one process each. Ours is one ``kcc run``,
which also makes the PDF, puts both through the gates and publishes them. They take
turns: in each round the stock loop does its share of the municipalities, ours all of
them, start-up included. The results that the notebooks saved must be the same numbers
(stock kernels give other last bits), every sound municipality must have its report, and
each planted fault must fail alone.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.measurement_key import list_keys
from tests.bench import exports, floor, machine, workspaces
from tests.bench.workspaces import NotValid, Spent

# From the environment for a quick look; the page tells what was used. Of 65 that are
# made, 60 have no planted fault.
MADE = int(os.environ.get("KCC_BENCH_MADE", "65"))
STOCK = int(os.environ.get("KCC_BENCH_STOCK", "21"))
ROUNDS = int(os.environ.get("KCC_BENCH_ROUNDS", "3"))
LEAST = 20
SAME = 1e-9
MOST_CPU_PART, MOST_WALL_PART = 7, 9
GOAL_CPU_PART, GOAL_WALL_PART = 10, 12
A_NOTEBOOK, BESIDE = 0.20, 0.15
_RESULTS = ("estimates", "comparisons", "verdicts")


@dataclass(frozen=True)
class Round:
    """One turn of each: the stock loop, ours with one job and with two, the cells.

    ``paper`` is CPU seconds a report for the PDF and its gate, which stock does not do.
    """

    stock: Spent
    one: Spent
    two: Spent
    idle: Spent
    floor: float
    paper: float

    @property
    def html_cpu(self) -> float:
        """Ours as far as stock goes: to HTML."""
        return self.one.each[0] - self.paper

    @property
    def cpu_part(self) -> float:
        return self.stock.each[0] / self.html_cpu

    @property
    def whole_part(self) -> float:
        return self.stock.each[0] / self.one.each[0]

    @property
    def wall_part(self) -> float:
        return self.stock.each[1] / self.two.each[1]


def page() -> tuple[str, bool]:
    """The page with raw figures, and whether all that is required was reached."""
    with tempfile.TemporaryDirectory() as name:
        rounds = [_round(Path(name), number) for number in range(ROUNDS)]
    cpu = statistics.median(each.cpu_part for each in rounds)
    wall = statistics.median(each.wall_part for each in rounds)
    whole_cpu = statistics.median(each.whole_part for each in rounds)
    ours = statistics.median(each.html_cpu for each in rounds)
    cells = statistics.median(each.floor for each in rounds)
    most = cells + len(floor.STEPS) * A_NOTEBOOK + BESIDE
    idle = statistics.median(each.idle.wall for each in rounds)
    count, whole = rounds[0].one.count, sum(each.stock.count for each in rounds)
    enough = count >= LEAST and whole >= LEAST
    reached = (
        enough and cpu >= MOST_CPU_PART and wall >= MOST_WALL_PART and ours <= most
    )
    compared = (
        ("CPU to HTML, beside stock", MOST_CPU_PART, GOAL_CPU_PART, cpu),
        ("wall of all, beside stock, 2 jobs", MOST_WALL_PART, GOAL_WALL_PART, wall),
    )
    table = "\n".join(
        machine.row(f"{what}, median of rounds", f"{a} ×", f"{b} ×", f"**{c:.1f} ×**")
        for what, a, b, c in compared
    )
    table += "\n" + machine.row(
        "CPU of all, PDF and its gate too", "", "", f"{whole_cpu:.1f} ×"
    )
    own = f"CPU a municipality to HTML; cells + {A_NOTEBOOK} s a notebook + {BESIDE} s"
    table += "\n" + machine.row(own, f"{most:.2f} s", "", f"**{ours:.2f} s**")
    rows = "\n".join(_row(at, each) for at, each in enumerate(rounds, 1))
    note = "" if enough else f"Fewer than {LEAST} municipalities: only a quick look.\n"
    described = machine.description("papermill", "nbconvert", "ipykernel", "pandas")
    return (
        f"""# Speed of whole runs

Written by `tests/bench/runs.py`. The work: an invented survey of 150 to 900 answers a
municipality through three notebooks. *Stock* is `papermill` three times and `jupyter
nbconvert` once a municipality, to HTML: {whole} municipalities, a share of them in each
round. *Ours* is one `kcc run` for {count} municipalities and {MADE - count} with a
planted fault, start-up included, to HTML and PDF with both gates. *PDF* is what the PDF
and its gate take, which stock does not make: measured apart on the same reports, in a
warm process. *Cells* is what the cells of the notebooks take as a plain script in a
warm process, without any export. Seconds a municipality, of the whole process tree.

| round | stock CPU | ours CPU | of it PDF | stock wall | ours wall, 2 jobs | cells |
|---|---|---|---|---|---|---|
{rows}

| work | required | goal | measured |
|---|---|---|---|
{table}

A second run with nothing changed: {idle:.2f} s for {count} measurements.
{note}
Valid: the results saved by the notebooks are equal to {SAME:.0e} on both sides, every
sound municipality has its report, each planted fault failed alone.

Measured on {described}.
""",
        reached,
    )


def _round(folder: Path, number: int) -> Round:
    shares = [folder / f"{side}{number}" for side in ("stock", "one", "two")]
    stock = _stock(shares[0], number)
    one, idle = _ours(shares[1], jobs=1)
    two, _ = _ours(shares[2], jobs=2)
    cells = _floor(shares[1])
    for other in (shares[0], shares[2]):
        _require_same(other, shares[1])
    found = Round(stock, one, two, idle, cells, _paper(shares[1]))
    print(f"round {number + 1}: {found}", file=sys.stderr, flush=True)
    return found


def _row(number: int, each: Round) -> str:
    (a, b), c, d = each.stock.each, each.one.each[0], each.two.each[1]
    cells = (number, a, c, each.paper, b, d, each.floor)
    words = (f"{n:.2f}" if isinstance(n, float) else str(n) for n in cells)
    return machine.row(*words)


def _stock(folder: Path, number: int) -> Spent:
    made, sound = workspaces.made(folder, MADE)
    out = folder / "uit"
    out.mkdir()
    share = STOCK // ROUNDS
    keys = [
        sound[at % len(sound)] for at in range(number * share, (number + 1) * share)
    ]
    cpu, wall = machine.children_cpu(), time.monotonic()
    for key in keys:
        for name, more in floor.STEPS:
            notebook, done = made.notebooks / f"{name}.ipynb", out / f"{name}.ipynb"
            words = ["papermill", str(notebook), str(done), "-k", "python3"]
            for pair in ({"measurement": key} | more).items():
                words += ["-p", *pair]
            _call(made.root, words)
        words = ["nbconvert", "--to", "html", str(out / f"{floor.STEPS[-1][0]}.ipynb")]
        _call(made.root, words)
    return Spent(machine.children_cpu() - cpu, time.monotonic() - wall, len(keys))


def _ours(folder: Path, jobs: int) -> tuple[Spent, Spent]:
    """The run, and the same call once more when there is nothing to do."""
    made, sound = workspaces.made(folder, MADE)
    words = ["kcc_research", "run", "--all", "--jobs", str(jobs)]
    cpu, wall = machine.children_cpu(), time.monotonic()
    done = workspaces.called(made.root, words)
    spent = Spent(machine.children_cpu() - cpu, time.monotonic() - wall, len(sound))
    workspaces.require_faults_alone(made, sound, done.returncode, done.stderr)
    idle, _ = workspaces.run(made, ["run", *sound])
    return spent, idle


def _paper(folder: Path) -> float:
    """CPU seconds of a PDF with its gate, the mean over the municipalities."""
    found = exports.spent_on(folder, _published(folder))
    return statistics.mean(each.spent - each.html for each in found)


def _published(folder: Path) -> list[str]:
    return [k for k in list_keys(folder) if Workspace(folder).output(k).exists()]


def _floor(folder: Path) -> float:
    """CPU seconds of the cells, the mean over the municipalities."""
    words = ["-m", "tests.bench.floor", str(folder), *_published(folder)]
    done = machine.run([sys.executable, *words])
    return float(statistics.mean(json.loads(done.output)))


def _require_same(one: Path, other: Path) -> None:
    """What the notebooks saved is the same, wherever both have it."""
    shared = 0
    for key in list_keys(one):
        folders = Workspace(one).results(key), Workspace(other).results(key)
        for name in _RESULTS:
            pair = [folder / f"{name}.parquet" for folder in folders]
            if all(each.is_file() for each in pair):
                shared += 1
                frames = [pd.read_parquet(each) for each in pair]
                pd.testing.assert_frame_equal(*frames, rtol=SAME, atol=SAME)
    if not shared:
        raise NotValid("nothing to compare")


def _call(root: Path, words: list[str]) -> None:
    done = workspaces.called(root, words)
    if done.returncode:
        raise NotValid(f"{words[0]} stopped with {done.stderr.strip()[-2000:]}")
