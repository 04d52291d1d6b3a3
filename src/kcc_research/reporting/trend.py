"""Waves side by side, with the break between two that cannot be compared.

A line is drawn between two waves only where the later one compared this very number
with the earlier one; a closed gate breaks the line (DESIGN §8.6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting.result import Result, find
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Source, Study


class WaveTables(Protocol):
    """The protected tables of a wave."""

    @property
    def estimates(self) -> pd.DataFrame: ...

    @property
    def comparisons(self) -> pd.DataFrame: ...


class WaveResults(Protocol):
    """A wave as published: its definitions and its protected tables."""

    @property
    def study(self) -> Study: ...

    @property
    def results(self) -> WaveTables: ...


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One wave of one indicator; ``follows`` says a line may lead to it."""

    name: str
    result: Result
    follows: bool
    reason: str


def trend(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    earlier: Iterable[WaveResults],
    source: Source,
    indicator: Indicator,
) -> list[TrendPoint]:
    """The indicator in every wave that published it, oldest first.

    What it was called in an earlier wave, the wave map of ``study`` says.
    """
    waves = sorted(
        (
            (each.study, each.results.estimates, each.results.comparisons)
            for each in earlier
        ),
        key=lambda wave: wave[0].measurement.fieldwork.start,
    )
    points: list[TrendPoint] = []
    previous = ""
    for wave, rows, compared in [*waves, (study, estimates, comparisons)]:
        name = study.waves.link(source.id, indicator, wave.key).then
        result = find(rows, source=source.id, indicator=name)
        if result is None:
            continue
        comparable, reason = _link(compared, previous, source, name)
        points.append(TrendPoint(_name(wave), result, comparable, reason))
        previous = wave.key
    return points


def _link(
    comparisons: pd.DataFrame, previous: str, source: Source, indicator: str
) -> tuple[bool, str]:
    """Whether the later wave compared this number with the earlier one, or why not."""
    if not previous:
        return False, ""
    rows = comparisons[
        (comparisons["source"] == source.id)
        & (comparisons["indicator"] == indicator)
        & (comparisons["reference"] == previous)
        & (comparisons["by"] == TOTAL)
    ]
    if rows.empty:
        return False, "vergelijkbaarheid niet beoordeeld"
    row = rows.iloc[0]
    return row["verdict"] != "not_comparable", str(row["reason"])


def _name(study: Study) -> str:
    measurement = study.measurement
    return f"{measurement.wave_name} {measurement.fieldwork.start.year}"
