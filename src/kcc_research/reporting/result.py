"""Finding a number in the protected tables, and printing it the one way it is printed.

A :class:`Result` is one row of the estimates table with the definitions that give it
meaning. Wording, figures and tables take their numbers from here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting.printed import DECIMALS as DECIMALS
from kcc_research.reporting.printed import formatted as formatted
from kcc_research.reporting.rows import rows_of
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Source, Study
from kcc_research.study.role import headline as headline
from kcc_research.study.role import question_with_role as question_with_role
from kcc_research.study.role import theme_of as theme_of
from kcc_research.study.role import with_role as with_role

_WORDS = (
    "source",
    "indicator",
    "statistic",
    "by",
    "group",
    "category",
    "base",
    "uncertainty",
    "method",
    "status",
)


@dataclass(frozen=True, slots=True)
class Result:
    """One estimate, ready to be read. A suppressed one has no numbers at all."""

    source: str
    indicator: str
    statistic: str
    by: str
    group: str
    category: str
    base: str
    weighted: bool
    uncertainty: str
    method: str
    status: str
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    std_error: float | None
    count: int | None
    n: int | None
    n_effective: float | None
    design_effect: float | None

    @property
    def is_shown(self) -> bool:
        return self.estimate is not None

    @property
    def is_indicative(self) -> bool:
        return self.status == "indicative"

    @property
    def has_interval(self) -> bool:
        return self.ci_low is not None and self.ci_high is not None

    @property
    def value(self) -> str:
        """The number as printed: ``6,6``, ``70%``, ``353``, or ``x``."""
        if self.estimate is None:
            return dutch.SUPPRESSED if self.status == "suppressed" else "n.b."
        return formatted(self.estimate, self.statistic)

    @property
    def interval(self) -> str:
        """The 95% interval as printed, or an empty string where there is none."""
        if self.ci_low is None or self.ci_high is None:
            return ""
        if self.statistic == "share":
            return dutch.share_interval(self.ci_low, self.ci_high)
        return dutch.interval(
            self.ci_low, self.ci_high, DECIMALS.get(self.statistic, 1)
        )

    @property
    def answers(self) -> str:
        return dutch.SUPPRESSED if self.n is None else dutch.number(self.n)

    @property
    def margin(self) -> float | None:
        """The larger half of the interval (DOMAIN-D28)."""
        if self.estimate is None or self.ci_low is None or self.ci_high is None:
            return None
        return max(self.estimate - self.ci_low, self.ci_high - self.estimate)


_NAMES = tuple(field.name for field in fields(Result))


def find_all(estimates: pd.DataFrame, **where: str) -> list[Result]:
    """All rows whose columns equal ``where``, in the order of the table."""
    rows = rows_of(estimates)
    return [rows.made(at, _result) for at in rows.positions(where)]


def find(estimates: pd.DataFrame, **where: str) -> Result | None:
    """The one row that fulfils ``where``; a total unless a group is asked for."""
    wanted = {"by": TOTAL, "category": ""} | where
    rows = find_all(estimates, **wanted)
    if len(rows) > 1:
        raise LookupError(f"{len(rows)} estimates fulfil {wanted}")
    return rows[0] if rows else None


def _result(row: Mapping[str, Any]) -> Result:
    values = {name: row[name] for name in _NAMES}
    for name in ("count", "n"):
        values[name] = None if values[name] is None else int(values[name])
    for name in _WORDS:
        values[name] = "" if values[name] is None else str(values[name])
    return Result(**values | {"weighted": bool(values["weighted"])})


def plain(value: Any) -> Any:
    """A cell of a frame, with ``None`` for whatever pandas calls missing."""
    return None if pd.isna(value) else value


def judged_by(study: Study, source: Source, role: str) -> Indicator | None:
    """What channels or services of a source are compared by."""
    wanted = ("service", "headline") if role == "service" else ("headline",)
    indicators = study.questionnaires[source.id].indicator
    found = [each for name in wanted for each in indicators if each.role == name]
    return found[0] if found else None
