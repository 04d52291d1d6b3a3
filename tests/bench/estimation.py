"""Group ``estimation``: speed beside R survey, with the same digits.

60 indicators in 5 breakdowns of 8 groups, stratified and weighted: estimate, standard
error and interval of 2,400 domain means. Candidate and reference run in turns as one
process each; reading the file and starting up are left out of the ratio. A ratio
counts only when both give the same numbers.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tests.bench import machine, municipalities

HERE = Path(__file__).parent
INDICATORS, BREAKDOWNS, GROUPS, STRATA = 60, 5, 8, 10
ROUNDS = 3
GOAL = 10.0
GOAL_MUNICIPALITIES = 60.0
SAME = 1e-8
INSTALL = "apt-get install -y --no-install-recommends r-base-core r-cran-survey"


@dataclass(frozen=True)
class Workload:
    """``repeats``: how often one process does it, so that the clock can see it."""

    n: int
    answers: str
    repeats: int

    @property
    def words(self) -> str:
        how = (
            "one `svyby` per breakdown"
            if self.answers == "complete"
            else "300 × `svyby`"
        )
        return f"{self.n:,} | {self.answers} | {how}"


WORKLOADS = (
    Workload(700, "complete", 10),
    Workload(100_000, "complete", 1),
    Workload(700, "missing", 2),
)


@dataclass(frozen=True)
class Round:
    """CPU seconds of one piece of work by both, and how far their numbers differ."""

    candidate: float
    reference: float
    whole_candidate: float
    whole_reference: float
    difference: float

    @property
    def ratio(self) -> float:
        return self.reference / self.candidate


def invented(n: int, answers: str) -> pd.DataFrame:
    """Half the indicators grades, half shares; a twentieth missing if asked for."""
    draws = np.random.default_rng([n, answers == "missing"])
    stratum = draws.integers(0, STRATA, n)
    grade = np.clip(np.round(draws.normal(6.6, 1.7, (n, INDICATORS // 2))), 1, 10)
    share = (draws.random((n, INDICATORS // 2)) < 0.4).astype(float)
    values = np.hstack([grade, share])
    if answers == "missing":
        values[draws.random(values.shape) < 0.05] = np.nan
    columns = {"w": np.exp(draws.normal(0, 0.4, n)), "h": stratum}
    for by in range(BREAKDOWNS):
        columns[f"b{by}"] = np.array(list("abcdefgh"))[draws.integers(0, GROUPS, n)]
    named = {f"y{at:02d}": values[:, at] for at in range(INDICATORS)}
    return pd.DataFrame(columns | named)


_HEAD = f"""# Speed of estimation

Written by `make bench GROUP=estimation`. The work: {INDICATORS} indicators in
{BREAKDOWNS} breakdowns of {GROUPS} groups, {STRATA} strata, unequal weights; of each of
the {INDICATORS * BREAKDOWNS * GROUPS:,} domain means the estimate, standard error and
interval. Half the indicators are grades, half shares.
"""


def page() -> tuple[str, bool]:
    """The page with raw figures, and whether every goal was reached."""
    module = [sys.executable, "-m", "tests.bench.municipalities"]
    many = json.loads(machine.run(module).output)
    parts = [_HEAD]
    reached = max(many.values()) < GOAL_MUNICIPALITIES
    if not _has_r():
        parts.append(f"**R or its package survey is absent: `{INSTALL}`.**\n")
        reached = False
    else:
        text, fast = _beside_r()
        parts.append(text)
        reached = reached and fast
    parts.append(_municipality_words(many))
    described = machine.description("numpy", "pandas", "scipy")
    parts.append(f"Measured on {described}. One BLAS thread on both sides.\n")
    return "\n".join(parts), reached


def _has_r() -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = 'cat(requireNamespace("survey", quietly = TRUE))'
    return machine.run(["Rscript", "--vanilla", "-e", asked]).output == "TRUE"


def _municipality_words(found: dict[str, float]) -> str:
    rows = "\n".join(
        f"| {what} | {cpu:.1f} | {cpu / municipalities.COUNT:.3f} |"
        for what, cpu in found.items()
    )
    return f"""## Many municipalities

{municipalities.COUNT} municipalities, n = {municipalities.N}, the same table, in one
process; goal {GOAL_MUNICIPALITIES:.0f} CPU-seconds.

| what | CPU s | CPU s each |
|---|---|---|
{rows}
"""


def _beside_r() -> tuple[str, bool]:
    rows, rounds_text, reached = [], [], True
    versions = ""
    for workload in WORKLOADS:
        rounds, versions = _rounds(workload)
        ratio = statistics.median(each.ratio for each in rounds)
        difference = max(each.difference for each in rounds)
        reached = reached and ratio >= GOAL and difference <= SAME
        candidate = statistics.median(each.candidate for each in rounds)
        reference = statistics.median(each.reference for each in rounds)
        rows.append(
            f"| {workload.words} | {reference:.3f} | {candidate:.4f} "
            f"| **{ratio:.0f}** | {difference:.0e} |"
        )
        rounds_text += [_raw(workload, at, each) for at, each in enumerate(rounds, 1)]
    table = "\n".join(rows)
    raw = "\n".join(rounds_text)
    return (
        f"""## Beside R {versions}

CPU seconds of the work, medians of {ROUNDS} interleaved rounds; ratio = median of the
rounds' ratios; goal {GOAL:.0f}. *Difference* is the largest relative difference of any
estimate, standard error or limit; above {SAME:.0e} the ratio does not count.

| n | answers | R does | R | kcc_research | ratio | difference |
|---|---|---|---|---|---|---|
{table}

Raw figures; *whole* is the process from start to end, reading the file included.

| n | answers | round | R | kcc_research | ratio | R whole | kcc_research whole |
|---|---|---|---|---|---|---|---|
{raw}
""",
        reached,
    )


def _raw(workload: Workload, at: int, each: Round) -> str:
    return (
        f"| {workload.n:,} | {workload.answers} | {at} | {each.reference:.3f} "
        f"| {each.candidate:.4f} | {each.ratio:.1f} | {each.whole_reference:.1f} "
        f"| {each.whole_candidate:.1f} |"
    )


def _rounds(workload: Workload) -> tuple[list[Round], str]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.csv"
        invented(workload.n, workload.answers).to_csv(data, index=False, na_rep="NA")
        rounds, versions = [], ""
        for _ in range(ROUNDS):
            each, versions = _one_round(workload, data)
            rounds.append(each)
    return rounds, versions


def _one_round(workload: Workload, data: Path) -> tuple[Round, str]:
    ours, theirs = data.with_name("ours.csv"), data.with_name("theirs.csv")
    rest = (workload.answers, str(workload.repeats))
    python = [sys.executable, str(HERE / "estimation_work.py")]
    candidate = machine.run([*python, str(data), str(ours), *rest])
    script = ["Rscript", "--vanilla", str(HERE / "estimation_work.R")]
    reference = machine.run([*script, str(data), str(theirs), *rest])
    spent, r_version, survey_version = reference.output.split()
    found = Round(
        candidate=float(candidate.output),
        reference=float(spent),
        whole_candidate=candidate.cpu,
        whole_reference=reference.cpu,
        difference=_difference(ours, theirs),
    )
    return found, f"{r_version}, survey {survey_version}"


def _difference(ours: Path, theirs: Path) -> float:
    """Largest relative difference; NaN anywhere, or another shape, is infinite."""
    got, want = (np.loadtxt(path, delimiter=",") for path in (ours, theirs))
    expected = (INDICATORS * BREAKDOWNS * GROUPS, 4)
    if got.shape != expected or want.shape != expected:
        return float("inf")
    largest = float(np.max(np.abs(got - want) / np.abs(want)))
    return largest if np.isfinite(largest) else float("inf")
