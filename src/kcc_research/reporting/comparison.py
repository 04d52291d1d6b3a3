"""Differences between waves and groups, ready to be worded.

A :class:`Difference` is one row of the comparisons table with the names a reader
knows. It prints amounts in the unit of its statistic: grade points with two decimals,
shares in *procentpunt*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting.result import plain
from kcc_research.study.contact_indicator import contact_indicators
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Study

_KEY = re.compile(r"^[a-z0-9-]+/(?P<year>[0-9]{4})?-?(?P<slug>[a-z0-9-]*)$")


@dataclass(frozen=True, slots=True)
class Difference:
    """One comparison: ``group`` (or this wave) minus ``reference``."""

    source: str
    indicator: str
    label: str
    statistic: str
    by: str
    group: str
    reference: str
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    detectable: float | None
    n: int | None
    n_reference: int | None
    family: str
    verdict: str
    reason: str

    @property
    def is_tested(self) -> bool:
        return self.ci_low is not None and self.ci_high is not None

    @property
    def against(self) -> str:
        """The other side in words: *de meting van 2022*, or the other group."""
        return wave_words(self.reference)

    @property
    def year(self) -> str:
        """The earlier measurement in one word, for a table."""
        match = _KEY.match(self.reference)
        return (match["year"] or match["slug"]) if match else self.reference

    @property
    def amount(self) -> str:
        """The size of the difference, without sign: ``0,24 punt``."""
        if self.difference is None:
            return ""
        size = self._size(abs(self.difference))
        return size if self._is_share else f"{size} punt"

    @property
    def range(self) -> str:
        """The interval for a table, with signs: ``+7 tot +27``."""
        if self.ci_low is None or self.ci_high is None:
            return ""
        return f"{self._signed(self.ci_low)} tot {self._signed(self.ci_high)}"

    @property
    def signed(self) -> str:
        """The difference with its sign, for a table: ``+0,24`` or ``−5``."""
        return "" if self.difference is None else self._signed(self.difference)

    @property
    def span(self) -> str:
        """The interval in words: ``0,02 lager en 0,42 hoger``."""
        if self.ci_low is None or self.ci_high is None:
            return ""
        low, high = abs(self.ci_low), abs(self.ci_high)
        if self.ci_low >= 0:
            return f"{self._bare(low)} en {self._size(high)} hoger"
        if self.ci_high <= 0:
            return f"{self._bare(high)} en {self._size(low)} lager"
        return f"{self._size(low)} lager en {self._size(high)} hoger"

    @property
    def sizes(self) -> str:
        """Answers on both sides: ``336 en 296 antwoorden``."""
        here, there = (
            dutch.SUPPRESSED if n is None else dutch.number(n)
            for n in (self.n, self.n_reference)
        )
        return f"{here} en {there} antwoorden"

    @property
    def smallest_detectable(self) -> str:
        return "" if self.detectable is None else self._size(self.detectable)

    @property
    def _is_share(self) -> bool:
        return self.statistic == "share"

    @property
    def _unit(self) -> int:
        return 100 if self._is_share else 1

    @property
    def _decimals(self) -> int:
        return 0 if self._is_share else 2

    def _signed(self, difference: float) -> str:
        printed = dutch.number(difference * self._unit, self._decimals)
        return f"+{printed}" if printed.strip("0,") and difference > 0 else printed

    def _bare(self, size: float) -> str:
        return dutch.number(size * self._unit, self._decimals)

    def _size(self, size: float) -> str:
        return dutch.points(size) if self._is_share else self._bare(size)


def wave_words(reference: str) -> str:
    """``gm0575-noordwijk/2022-klantbeleving`` is *de meting van 2022*."""
    match = _KEY.match(reference)
    if match is None:
        return reference
    return f"de meting van {match['year'] or match['slug']}"


def differences(
    study: Study, comparisons: pd.DataFrame, **where: str
) -> list[Difference]:
    """All comparisons whose columns equal ``where``, in the order of the table."""
    chosen = pd.Series(True, index=comparisons.index)
    for name, value in where.items():
        chosen &= comparisons[name] == value
    return [
        _difference(study, {str(name): value for name, value in row.items()})
        for row in comparisons.loc[chosen].to_dict("records")
    ]


def wave_differences(
    study: Study, comparisons: pd.DataFrame, **where: str
) -> list[Difference]:
    """Comparisons with earlier measurements, the latest measurement first."""
    waves = [each.measurement for each in study.measurement.earlier]
    latest_first = sorted(waves, reverse=True)
    rows = [
        row
        for row in differences(study, comparisons, **where)
        if row.reference in waves
    ]
    return sorted(rows, key=lambda row: latest_first.index(row.reference))


def _difference(study: Study, row: Mapping[str, object]) -> Difference:
    values = {
        field.name: plain(row[field.name])
        for field in fields(Difference)
        if field.name != "label"
    }
    for name in ("n", "n_reference"):
        values[name] = None if values[name] is None else int(values[name])
    for name in ("reason", "group", "family"):
        values[name] = values[name] or ""
    label = label_of(study, values["source"], values["indicator"])
    return Difference(**values, label=label)


def label_of(study: Study, source: str, indicator: str) -> str:
    """The name of an indicator as a reader knows it."""
    if source in study.layouts:
        figures = contact_indicators(study.layouts[source])
        return figures[indicator].label if indicator in figures else indicator
    known: dict[str, Indicator] = dict(study.questionnaires[source].indicators)
    return known[indicator].label if indicator in known else indicator
