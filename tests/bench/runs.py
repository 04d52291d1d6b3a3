"""Group ``runs``: whole measurements, beside the stock loop on the same notebooks.

The stock loop is what a user would write in the shell: ``papermill`` three times and
``jupyter nbconvert`` once a municipality, one process each. Ours is one ``kcc run``,
which also makes the PDF, puts both through the gates and publishes them. They take
turns. The results that the notebooks saved must be the same numbers (stock kernels give
other last bits), every sound municipality must have its report, and each planted fault
must fail alone.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kcc_research.pipeline import demo
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import list_keys
from tests.bench import machine

# From the environment for a quick look; the page tells what was used.
MADE = int(os.environ.get("KCC_BENCH_MADE", "32"))
STOCK = int(os.environ.get("KCC_BENCH_STOCK", "2"))
ROUNDS = int(os.environ.get("KCC_BENCH_ROUNDS", "3"))
LEAST = 20
SAME = 1e-9
MOST_CPU_PART, MOST_WALL_PART = 7, 9
_STEPS = (
    ("10_clean_survey", ("-p", "source", "algemeen")),
    ("20_analyse_experience", ()),
    ("30_report_experience", ()),
)
_RESULTS = ("estimates", "comparisons", "verdicts")


@dataclass(frozen=True)
class Spent:
    """CPU and wall seconds of one side, for ``count`` municipalities."""

    cpu: float
    wall: float
    count: int

    @property
    def each(self) -> tuple[float, float]:
        return self.cpu / self.count, self.wall / self.count


class _Failed(Exception):
    """Something that a measurement of speed must not be taken with."""


def page() -> tuple[str, bool]:
    """The page with raw figures, and whether every goal was reached."""
    rounds: list[tuple[Spent, Spent, Spent]] = []
    nothing: list[Spent] = []
    with tempfile.TemporaryDirectory() as name:
        for number in range(ROUNDS):
            stock = _stock(Path(name) / f"stock{number}")
            one, idle = _ours(Path(name) / f"one{number}", jobs=1)
            two, _ = _ours(Path(name) / f"two{number}", jobs=2)
            _require_same(Path(name) / f"stock{number}", Path(name) / f"one{number}")
            _require_same(Path(name) / f"two{number}", Path(name) / f"one{number}")
            rounds.append((stock, one, two))
            nothing.append(idle)
    cpu = statistics.median(s.each[0] / o.each[0] for s, o, _ in rounds)
    wall = statistics.median(s.each[1] / t.each[1] for s, _, t in rounds)
    idle_wall = statistics.median(each.wall for each in nothing)
    count = rounds[0][1].count
    enough = count >= LEAST
    reached = enough and cpu >= MOST_CPU_PART and wall >= MOST_WALL_PART
    rows = "\n".join(_row(at, *each) for at, each in enumerate(rounds, 1))
    note = "" if enough else f"Fewer than {LEAST} municipalities: only a quick look.\n"
    described = machine.description("papermill", "nbconvert", "ipykernel", "pandas")
    text = f"""# Speed of whole runs

Written by `tests/bench/runs.py`. The work: an invented survey of 150 to 900 answers a
municipality through three notebooks. *Stock* is `papermill` three times and `jupyter
nbconvert` once for each of {rounds[0][0].count} municipalities, to HTML. *Ours* is one
`kcc run` for {count}, start-up included, to HTML and PDF with both gates. Seconds a
municipality, of the whole process tree.

| round | stock CPU | ours CPU | ratio | stock wall | ours wall, 2 jobs | ratio |
|---|---|---|---|---|---|---|
{rows}

Median ratios: **CPU {cpu:.1f} ×** (required {MOST_CPU_PART}), **wall {wall:.1f} ×**
(required {MOST_WALL_PART}). A second run with nothing changed: {idle_wall:.2f} s for
{MADE} measurements.
{note}
Valid: the results saved by the notebooks are equal to {SAME:.0e} on both sides, every
sound municipality has its report, each planted fault failed alone.

Measured on {described}.
"""
    return text, reached


def _row(number: int, stock: Spent, one: Spent, two: Spent) -> str:
    (a, b), (c, _), (_, d) = stock.each, one.each, two.each
    cells = (number, a, c, a / c, b, d, b / d)
    words = (f"{each:.2f}" if isinstance(each, float) else str(each) for each in cells)
    return f"| {' | '.join(words)} |"


def _made(folder: Path) -> tuple[Workspace, tuple[str, ...]]:
    """A workspace of invented municipalities, and those without a planted fault."""
    made = demo.make(Workspace(machine.ROOT), folder, MADE)
    faulty = demo.faulty_keys(MADE)
    return made, tuple(key for key in list_keys(made.root) if key not in faulty)


def _stock(folder: Path) -> Spent:
    made, sound = _made(folder)
    out = folder / "uit"
    out.mkdir()
    cpu, wall, keys = _now(), time.monotonic(), sound[:STOCK]
    for key in keys:
        for name, more in _STEPS:
            notebook, done = made.notebooks / f"{name}.ipynb", out / f"{name}.ipynb"
            words = ["papermill", str(notebook), str(done), "-p", "measurement", key]
            _call(made.root, [*words, *more, "-k", "python3"])
        words = ["nbconvert", "--to", "html", str(out / f"{_STEPS[-1][0]}.ipynb")]
        _call(made.root, words)
    return Spent(_now() - cpu, time.monotonic() - wall, len(keys))


def _ours(folder: Path, jobs: int) -> tuple[Spent, Spent]:
    """The run, and the same call once more when there is nothing to do."""
    made, sound = _made(folder)
    words = ["kcc_research", "run", "--all", "--jobs", str(jobs)]
    cpu, wall = _now(), time.monotonic()
    done = _called(made.root, words)
    spent = Spent(_now() - cpu, time.monotonic() - wall, len(sound))
    _require_faults_alone(made, sound, done)
    cpu, wall = _now(), time.monotonic()
    _called(made.root, ["kcc_research", "run", *sound])
    return spent, Spent(_now() - cpu, time.monotonic() - wall, len(sound))


def _require_faults_alone(
    made: Workspace, sound: Sequence[str], done: subprocess.CompletedProcess[str]
) -> None:
    without = [k for k in sound if not (made.output(k) / "report.pdf").is_file()]
    too_many = [k for k in demo.faulty_keys(MADE) if made.output(k).exists()]
    wrong = done.returncode != (1 if demo.faulty_keys(MADE) else 0)
    if without or too_many or wrong:
        raise _Failed(f"{without} {too_many} {done.returncode} {done.stderr[-2000:]}")


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
        raise _Failed("nothing to compare")


def _call(root: Path, words: list[str]) -> None:
    done = _called(root, words)
    if done.returncode:
        raise _Failed(f"{words[0]} stopped with {done.stderr.strip()[-2000:]}")


def _called(root: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | machine.ONE_THREAD | {"KCC_HOME": str(root)}
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _now() -> float:
    """CPU seconds of all children that have ended, and theirs."""
    return machine.children_cpu()
