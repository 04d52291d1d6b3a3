"""Service norms: is the level reached, judged by interval and by date (STAT-C6).

A norm is *met* when the whole interval lies at or beyond it, *not_met* when the whole
interval lies short of it, *undecided* in between; *undecided* exists only where there
is sampling or measurement error. Which way is up follows from the indicator, or is
declared with the norm: of failing grades less is better. Before its date a norm that
is not reached is *not_yet*, never *not_met* (DESIGN §8.8). Self-selected respondents
speak for themselves: there is no verdict on the population they come from.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.tables import (
    FEWEST_FOR_A_TEST,
    TOTAL,
    VERDICT_COLUMNS,
    tidy,
)
from kcc_research.estimation.wave_gate import chose_themselves
from kcc_research.study.contact_indicator import CONTACT_INDICATORS, contact_indicators
from kcc_research.study.measurement import Study
from kcc_research.study.norm import ServiceNorm, direction_of

Verdict = Literal[
    "met", "partly_met", "not_met", "not_yet", "undecided", "not_measured"
]
"""``partly_met`` is given by researchers only (:mod:`.review`), never computed."""


@dataclass(frozen=True)
class Level:
    """A number with its interval; without sampling error all three are the same."""

    estimate: float
    low: float
    high: float

    def mirrored(self) -> Level:
        """The same on a scale on which less is better."""
        return Level(-self.estimate, -self.high, -self.low)


def judge_norms(
    study: Study, estimates: pd.DataFrame, by: Sequence[str] = ()
) -> pd.DataFrame:
    """A ``verdicts`` table: every norm for the total, and for groups where asked.

    ``by`` names breakdowns whose groups are judged too, each on its own, those of
    fewer than 30 answers left out. An indicator that several sources measure is
    judged in the first of them, in the order of the measurement. A norm without a
    result is *not_measured* (*witte vlek*).
    """
    rows = [
        row
        for norm in study.measurement.norm
        for row in _judged(study, norm, estimates, by)
    ]
    return tidy(pd.DataFrame(rows, columns=list(VERDICT_COLUMNS)), VERDICT_COLUMNS)


def _judged(
    study: Study, norm: ServiceNorm, estimates: pd.DataFrame, by: Sequence[str]
) -> Iterator[dict[str, object]]:
    shared: dict[str, object] = {
        "measurement": study.key,
        "indicator": norm.indicator,
        "norm": _level(norm),
        "target_date": norm.target_date.isoformat() if norm.target_date else "",
    }
    white_spot = shared | {"by": TOTAL, "group": TOTAL, "verdict": "not_measured"}
    if chose_themselves(study):
        yield white_spot | {
            "reason": "deelnemers kozen zelf: geen oordeel over anderen"
        }
        return
    rows = _results(study, norm, estimates, by)
    if not (rows["by"] == TOTAL).any():
        yield white_spot | {"reason": "niet gemeten"}
    for row in rows.to_dict("records"):
        verdict, reason = _verdict(study, norm, _interval_of(row))
        yield shared | {
            "by": row["by"],
            "group": row["group"],
            "estimate": row["estimate"],
            "verdict": verdict,
            "reason": reason,
        }


def _level(norm: ServiceNorm) -> float:
    return norm.share if norm.share is not None else norm.mean or 0.0


def _results(
    study: Study, norm: ServiceNorm, estimates: pd.DataFrame, by: Sequence[str]
) -> pd.DataFrame:
    """Numbers of the indicator that can be judged, in the source that measures it."""
    statistic = "share" if norm.share is not None else "mean"
    return estimates[
        (estimates["source"] == _judged_in(study, norm))
        & (estimates["indicator"] == norm.indicator)
        & (estimates["statistic"] == statistic)
        & (estimates["category"] == "")
        & estimates["estimate"].notna()
        & (
            (estimates["by"] == TOTAL)
            | estimates["by"].isin(list(by)) & (estimates["n"] >= FEWEST_FOR_A_TEST)
        )
    ]


def _measures(study: Study, source: str, indicator: str) -> bool:
    if source in study.layouts:
        return indicator in contact_indicators(study.layouts[source])
    return indicator in study.questionnaires[source].indicators


def _interval_of(row: Mapping[Hashable, Any]) -> Level | None:
    """The interval; of an exact number the number; ``None`` where it is unknown."""
    estimate = float(row["estimate"])
    if row["uncertainty"] == "none":
        return Level(estimate, estimate, estimate)
    if pd.isna(row["ci_low"]):
        return None
    return Level(estimate, float(row["ci_low"]), float(row["ci_high"]))


def _verdict(
    study: Study, norm: ServiceNorm, level: Level | None
) -> tuple[Verdict, str]:
    if level is None:
        return "undecided", "te weinig om iets over te zeggen"
    goal = _level(norm)
    less_is_better = _less_is_better(study, norm)
    if less_is_better:
        level, goal = level.mirrored(), -goal
    if level.low >= goal:
        return "met", ""
    if level.high >= goal:
        return "undecided", "te dichtbij om te zeggen"
    due = norm.target_date
    if due is not None and study.measurement.fieldwork.end < due:
        distance = _distance(norm, goal, level, "te gaan")
        return "not_yet", f"{distance}; doel op {dutch.long_date(due)}"
    wrong = "te veel" if less_is_better else "te weinig"
    return "not_met", _distance(norm, goal, level, wrong)


def _less_is_better(study: Study, norm: ServiceNorm) -> bool:
    """What the norm declares, else what its indicator says in the source judged."""
    direction = norm.direction
    if direction is None:
        source = _judged_in(study, norm)
        defined = study.layouts.get(source) or study.questionnaires[source]
        direction = direction_of(norm.indicator, defined)
    if direction is None:
        raise ValueError(f"nothing says whether more {norm.indicator!r} is better")
    return direction == "lower_is_better"


def _judged_in(study: Study, norm: ServiceNorm) -> str:
    """The first source that measures the indicator, empty where none does."""
    for each in study.measurement.source:
        if _measures(study, each.id, norm.indicator):
            return each.id
    return ""


def _distance(norm: ServiceNorm, goal: float, level: Level, words: str) -> str:
    """``20 procentpunt te gaan (17–23)``; without span where the number is exact."""
    size, nearest, furthest = goal - level.estimate, goal - level.high, goal - level.low
    if norm.share is not None:
        few = not dutch.rounded(100 * size)  # missed, so never by nothing
        shown = f"minder dan {dutch.points(0.01)}" if few else dutch.points(size)
        text = f"{shown} {words}"
        span = dutch.interval(100 * nearest, 100 * furthest, 0)
    else:
        text = _amount(norm.indicator, size, words)
        span = dutch.interval(nearest, furthest, 1)
    return text if nearest == furthest else f"{text} ({span})"


def _amount(indicator: str, size: float, words: str) -> str:
    """A distance in the unit of the indicator: ``2:19 minuten te lang``."""
    unit = next((each.unit for each in CONTACT_INDICATORS if each.id == indicator), "")
    longer = words.replace("te veel", "te lang")
    if unit == "seconden":
        return f"{dutch.clock(size)} minuten {longer}"
    if unit == "dagen":
        return f"{dutch.number(size, 1)} dagen {longer}"
    return f"{dutch.number(size, 1)} {words}"
