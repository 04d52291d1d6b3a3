"""What finished steps left in the workspace: the protected tables of a measurement.

Reading gives only what a finished step made; when it is not there the caller is told
what to run first. Apart from :mod:`.steps`, so that whoever only publishes does not
load what cleans, estimates and protects.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from kcc_research.errors import DataError, Problem, problem
from kcc_research.pipeline import saving
from kcc_research.pipeline.record import read_record, stale_outputs
from kcc_research.pipeline.workspace import Workspace

RESULTS = ("estimates", "comparisons", "verdicts")
PROTECTION = "protection.json"

_WORDS = {"clean": "10_…", "analyse": "10_… en 20_…"}


class Results(NamedTuple):
    """The three protected tables of a measurement (DESIGN §4)."""

    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    verdicts: pd.DataFrame


def has_results(workspace: Workspace, key: str) -> bool:
    """Whether ``key`` was analysed."""
    return unmade(workspace, key, "analyse") is None


def load_results_of(workspace: Workspace, key: str) -> Results:
    """The protected tables of the measurement ``key``."""
    require(workspace, key, "analyse")
    folder = workspace.results(key)
    return Results(*(read_table(folder / f"{name}.parquet") for name in RESULTS))


def protection_record(folder: Path) -> Mapping[str, Any]:
    """What was tested, suppressed and excepted, from the folder of results."""
    read: dict[str, Any] = json.loads((folder / PROTECTION).read_bytes())
    return {name: value for name, value in read.items() if name != "schema_version"}


def require(workspace: Workspace, key: str, step: str) -> None:
    """Raise :class:`DataError` (D039a) unless the step's files are all there."""
    missing = unmade(workspace, key, step)
    if missing is not None:
        raise DataError(missing)


def unmade(workspace: Workspace, key: str, step: str) -> Problem | None:
    """What to tell whoever needs the step's files when they are not all there."""
    record = read_record(saving.record_file(workspace, key, step))
    if record is not None:
        folder = workspace.processed(key)
        if not list(stale_outputs(record, folder)):
            return None
    first = _WORDS[step.split("-")[0]]
    file = workspace.relative(workspace.processed(key))
    return problem("KCC-D039a", file=file, first=first, key=key)


def read_table(path: Path) -> pd.DataFrame:
    """A table that a step saved."""
    return pd.read_parquet(path, engine="pyarrow")
