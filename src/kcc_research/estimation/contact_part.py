"""One group of a registration: what was counted of it, and a share as a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kcc_research.estimation.record_counts import WEEKDAYS, Key, Spread
from kcc_research.estimation.tables import TOTAL, UNKNOWN_GROUP

COUNTED = "telling van de hele registratie"
HEAT_MAP = "weekdag_uur"
"""Breakdown with counts only: too many groups for anything else."""

Counts = Mapping[str, int]
Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A group with its records per condition, and per duration its distribution.

    ``classes``: of the durations drawn in classes the records per class.
    """

    by: str
    key: Key
    counts: Counts
    spreads: Mapping[str, Spread | None] = field(default_factory=dict)
    classes: Mapping[str, Mapping[int, int]] = field(default_factory=dict)

    @property
    def group(self) -> str:
        return TOTAL if self.by == TOTAL else group_name(self.by, self.key)


def group_name(by: str, key: Key) -> str:
    """A group as a report names it: ``maandag``, ``09:00``, ``met afspraak``."""
    if key is None:
        return UNKNOWN_GROUP
    if by == "weekdag":
        return WEEKDAYS[int(key) - 1]
    if by == "uur":
        return f"{int(key):02d}:00"
    if by == HEAT_MAP:
        weekday, hour = divmod(int(key), 100)
        return f"{WEEKDAYS[weekday - 1]} {hour:02d}:00"
    if by == "afspraak":
        return "met afspraak" if key else "zonder afspraak"
    return str(key)


def share_row(
    indicator: str,
    count: int,
    n: int,
    base: str,
    *,
    category: str = "",
    method: str = COUNTED,
) -> Row:
    """A share; without anyone in its base it is not measured (*witte vlek*)."""
    return {
        "indicator": indicator,
        "statistic": "share",
        "category": category,
        "estimate": count / n if n else float("nan"),
        "count": count,
        "n": n,
        "base": base,
        "method": method,
        "status": "published" if n else "not_measured",
    }
