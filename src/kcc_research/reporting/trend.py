"""Waves side by side, with the break between two that cannot be compared.

Whether a line may be drawn between two waves is declared in the later one
(``[[earlier]] comparable``), never concluded from the numbers (DESIGN §8.6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from kcc_research.reporting.result import Result, find
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Measurement, Source, Study


class WaveTables(Protocol):
    """The protected tables of a wave."""

    @property
    def estimates(self) -> pd.DataFrame: ...


class WaveResults(Protocol):
    """A wave as published: its definitions and its protected tables."""

    @property
    def study(self) -> Study: ...

    @property
    def results(self) -> WaveTables: ...


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One wave of one indicator; ``follows`` says a line may lead to it."""

    label: str
    result: Result
    follows: bool
    reason: str


def trend(
    study: Study,
    estimates: pd.DataFrame,
    earlier: Iterable[WaveResults],
    source: Source,
    indicator: Indicator,
) -> list[TrendPoint]:
    """The indicator in every wave that published it, oldest first."""
    waves = sorted(
        ((each.study, each.results.estimates) for each in earlier),
        key=lambda wave: wave[0].measurement.fieldwork.start,
    )
    points: list[TrendPoint] = []
    previous: Measurement | None = None
    for wave, rows in [*waves, (study, estimates)]:
        result = find(rows, source=source.id, indicator=indicator.id)
        if result is None:
            continue
        comparable, reason = _link(wave.measurement, previous)
        points.append(TrendPoint(_label(wave), result, comparable, reason))
        previous = wave.measurement
    return points


def _link(now: Measurement, then: Measurement | None) -> tuple[bool, str]:
    if then is None:
        return False, ""
    for declared in now.earlier:
        if declared.measurement == then.key:
            return declared.comparable, declared.reason
    return False, "vergelijkbaarheid niet beoordeeld"


def _label(study: Study) -> str:
    measurement = study.measurement
    return f"{measurement.wave_name}\n{measurement.fieldwork.start.year}"
