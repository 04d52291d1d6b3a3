"""One municipality against a group of others (STAT-M25, M26).

The own municipality is left out of its group. Two statements are kept apart. *Differs
from the group mean*: the margin is √(se² + s²/n_ref). *Unusual within the group*: would
another municipality like these be so far off? Then the spread between municipalities
counts too, √(tau² + se² + s²/n_ref), with tau² free of sampling noise. Both are held to
Student's t with n_ref − 1 degrees of freedom: with z, three reference municipalities
would give 19% false alarms. A group has at least ten others, or the wider group is
taken, by name. There is no package in R to check against; ``lib.R`` agrees to 1e-8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.bands import RELIABLE, bands
from kcc_research.estimation.difference import HOLM_WORDS, Difference
from kcc_research.estimation.grouping import BoolArray, FloatArray, floats
from kcc_research.estimation.interval import z_quantile
from kcc_research.estimation.multiplicity import (
    adjusted,
    holm_levels,
    planning_level,
)
from kcc_research.estimation.shrinkage import (
    between_variance,
    reliability,
    shrink,
)
from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    ESTIMATE_COLUMNS,
    FEWEST_FOR_A_TEST,
    tidy,
)

Frame = Literal["group", "sample"]

BENCHMARK = "benchmark"
"""First word of the ``family`` of municipalities against their group."""

FEWEST_OTHERS = 10
"""With fewer reference municipalities the wider group is taken."""

EVERYONE = "alle gemeenten"
UNUSUAL = "ongewoon binnen de groep"
"""``category`` of the second statement; the first, on the mean, has none."""

MUNICIPALITY = "gemeente"
"""``by`` of a row about one municipality; ``group`` is its code."""

SHRUNKEN, RELIABILITY, BAND_PREFIX = "krimpschatting", "betrouwbaarheid", "band "
"""``category`` of what stands beside the observed value, never alone."""

COLUMNS = ("unit", "estimate", "std_error", "n")
"""What a table of municipalities holds, beside the columns that group them."""


@dataclass(frozen=True, eq=False)
class Position:
    """One municipality and the others of its group.

    ``group`` names who they are; ``others`` and ``other_errors`` hold their values and
    standard errors.
    """

    unit: str
    group: str
    value: float
    std_error: float
    others: FloatArray
    other_errors: FloatArray

    @property
    def n_reference(self) -> int:
        return len(self.others)

    @property
    def reference_mean(self) -> float:
        """Mean over municipalities, each counted once."""
        return float(self.others.mean())

    @property
    def reference_sd(self) -> float:
        return float(self.others.std(ddof=1))

    @property
    def pooled(self) -> tuple[float, float]:
        """Mean with weights 1/se², of a municipality that is all alike, and its SE."""
        weight = 1 / self.other_errors**2
        mean = float(np.average(self.others, weights=weight))
        return mean, float(1 / np.sqrt(weight.sum()))

    @property
    def above(self) -> int:
        """Number of others with a higher value."""
        return int((self.others > self.value).sum())

    @property
    def percentile(self) -> float:
        """Percentage of the group, itself included, at or below this value."""
        at_most = int((self.others <= self.value).sum()) + 1
        return 100 * at_most / (self.n_reference + 1)

    @cached_property
    def tau2(self) -> float:
        """Variance between the others, without sampling noise (REML)."""
        return between_variance(self.others, self.other_errors)

    @property
    def reliability(self) -> float:
        return float(reliability(self.tau2, np.array([self.std_error]))[0])

    @property
    def from_mean(self) -> Difference:
        """Own value minus the group mean."""
        return self._difference(0.0)

    def within_group(self, frame: Frame = "group") -> Difference:
        """The same difference, against the spread of municipalities.

        ``frame="sample"`` puts the observed variance s² in place of tau², which counts
        sampling noise twice; it exists for a fixture only.
        """
        spread = self.tau2 if frame == "group" else self.reference_sd**2
        return self._difference(spread)

    def _difference(self, spread: float) -> Difference:
        variance = spread + self.std_error**2 + self.reference_sd**2 / self.n_reference
        return Difference(
            np.array([self.value - self.reference_mean]),
            np.sqrt([variance]),
            np.array([self.n_reference - 1.0]),
        )


def position(units: pd.DataFrame, unit: str, groups: Sequence[str] = ()) -> Position:
    """Where one municipality stands among those like it.

    ``units`` has a row per municipality: ``unit``, ``estimate``, ``std_error``, and the
    columns that ``groups`` names from narrow to wide. The first group with ten others
    is taken, otherwise all municipalities. Raises ``KeyError`` for an unknown unit and
    ``ValueError`` for fewer than two others in all.
    """
    return _Units.of(units, groups).position(unit)


def _measured(units: pd.DataFrame) -> pd.DataFrame:
    return units[units["estimate"].notna() & (units["std_error"] > 0)]


@dataclass(frozen=True, eq=False)
class _Units:
    """Measured municipalities as arrays: 342 positions are taken from one table."""

    place: dict[str, int]
    value: FloatArray
    std_error: FloatArray
    groups: dict[str, list[object]]

    @classmethod
    def of(cls, units: pd.DataFrame, groups: Sequence[str]) -> _Units:
        known = _measured(units)
        return cls(
            {unit: at for at, unit in enumerate(known["unit"])},
            floats(known["estimate"]),
            floats(known["std_error"]),
            {each: known[each].tolist() for each in groups},
        )

    def position(self, unit: str) -> Position:
        own = self.place[unit]
        name, members = self._group(own)
        members[own] = False
        if members.sum() < 2:
            raise ValueError(f"no others to hold {unit} against")
        return Position(
            unit=unit,
            group=name,
            value=float(self.value[own]),
            std_error=float(self.std_error[own]),
            others=self.value[members],
            other_errors=self.std_error[members],
        )

    def _group(self, own: int) -> tuple[str, BoolArray]:
        """The narrowest group with enough others, and who is in it."""
        for column, values in self.groups.items():
            mine = values[own]
            members = np.array([each == mine for each in values], dtype=bool)
            if members.sum() > FEWEST_OTHERS:
                return f"{column} {mine}", members
        return EVERYONE, np.ones(len(self.value), dtype=bool)


# --- tables -------------------------------------------------------------------------


def compare_with_group(
    units: pd.DataFrame,
    indicator: str,
    *,
    groups: Sequence[str] = (),
    focus: Sequence[str] | None = None,
    statistic: str = "mean",
    level: float = 0.95,
) -> pd.DataFrame:
    """A ``comparisons`` table: every municipality, or those in ``focus``, twice.

    One row on the group mean and one, category :data:`UNUSUAL`, on the spread within
    the group; each statement is a family of its own, Holm-adjusted over the
    municipalities. ``n`` counts answers, ``n_reference`` municipalities. Fewer than 30
    answers, fewer than ten others in all, or a reliability under 0.7: no verdict on one
    municipality, and why.
    """
    chosen = _measured(units)["unit"].tolist() if focus is None else list(focus)
    known = _Units.of(units, groups)
    places = [known.position(each) for each in chosen]
    answers = dict(zip(units["unit"], units["n"], strict=True))
    statements = {"": "from_mean", UNUSUAL: "within_group"}
    rows = [
        {
            "group": place.unit,
            "category": category,
            "reference": place.group,
            "n": answers[place.unit],
            "n_reference": place.n_reference,
            "reason": _why_not_judged(place, answers[place.unit]),
            **_numbers(place.from_mean if category == "" else place.within_group()),
        }
        for category in statements
        for place in places
    ]
    frame = _judged(pd.DataFrame(rows), level)
    shared = {
        "indicator": indicator,
        "statistic": statistic,
        "by": MUNICIPALITY,
        "status": "published",
    }
    return tidy(frame.assign(**shared), COMPARISON_COLUMNS)


def _numbers(difference: Difference) -> dict[str, float]:
    return {
        "difference": float(difference.value[0]),
        "std_error": float(difference.std_error[0]),
        "df": float(difference.df[0]),
        "p_value": float(difference.p_value[0]),
    }


def _why_not_judged(place: Position, answers: float) -> str:
    if answers < FEWEST_FOR_A_TEST:
        return f"te weinig antwoorden voor een toets ({answers:.0f})"
    if place.n_reference < FEWEST_OTHERS:
        return f"te weinig andere gemeenten ({place.n_reference})"
    if place.reliability < RELIABLE:
        amount = dutch.number(place.reliability, 2)
        return f"te onzeker voor een oordeel over één gemeente ({amount} van 1)"
    return ""


def _judged(rows: pd.DataFrame, level: float) -> pd.DataFrame:
    """Holm per statement; an interval excludes 0 exactly where that rejects."""
    can = (rows["reason"] == "").to_numpy()
    p = np.where(can, rows["p_value"], np.nan)
    p_adjusted, levels = np.full_like(p, np.nan), np.full_like(p, level)
    planned = np.full_like(p, level)
    for at in rows.groupby("category").indices.values():
        p_adjusted[at] = adjusted(p[at])
        levels[at] = holm_levels(p[at], level)
        planned[at] = planning_level(p[at], level)
    value, error, df = (
        floats(rows[each]) for each in ("difference", "std_error", "df")
    )
    difference = Difference(value, error, df)
    low, high = difference.interval(levels)
    shown = np.nan_to_num(p_adjusted, nan=1.0) < 1 - level
    direction = np.where(value > 0, "higher", "lower")
    statement = np.where(rows["category"] == "", "gemiddelde van de groep", UNUSUAL)
    return rows.assign(
        ci_low=low,
        ci_high=high,
        p_value=p,
        p_adjusted=p_adjusted,
        detectable=difference.detectable(planned),
        verdict=np.where(shown, direction, "not_shown"),
        family=[f"{BENCHMARK}: {each}" for each in statement],
        method="t met (aantal andere gemeenten − 1) vrijheidsgraden; " + HOLM_WORDS,
    )


def benchmark_estimates(
    units: pd.DataFrame, indicator: str, *, statistic: str = "mean", level: float = 0.95
) -> pd.DataFrame:
    """An ``estimates`` table of all municipalities, with what may be said of each.

    Per municipality: the observed value (z interval, ``uncertainty`` measurement); its
    *krimpschatting* and *betrouwbaarheid*; and, for who may be placed, a row *band i
    van m* with the probability. No ranks.
    """
    known = _measured(units)
    value, error = floats(known["estimate"]), floats(known["std_error"])
    found = shrink(value, error)
    divided = bands(found)
    frame = pd.DataFrame({"group": known["unit"], "n": known["n"]})
    parts = [
        _with_interval(frame, value, error, level).assign(
            statistic=statistic, method="waargenomen"
        ),
        _with_interval(frame, found.value, found.std_error, level).assign(
            statistic=statistic,
            category=SHRUNKEN,
            method="naar het gemiddelde getrokken (Fay-Herriot, REML)",
        ),
        frame.assign(
            statistic="ratio",
            category=RELIABILITY,
            estimate=found.reliability,
            method="tau² / (tau² + se²)",
        ),
        frame.assign(
            statistic="ratio",
            category=[
                f"{BAND_PREFIX}{i + 1} van {divided.count}" for i in divided.band
            ],
            estimate=divided.probability,
            method="kans dat de werkelijke waarde in deze band ligt",
        )[divided.placed],
    ]
    rows = pd.concat(parts).sort_index(kind="stable")
    shared = {
        "indicator": indicator,
        "by": MUNICIPALITY,
        "base": "antwoorden in de gemeente",
        "uncertainty": "measurement",
        "status": "published",
    }
    return tidy(rows.assign(**shared), ESTIMATE_COLUMNS)


def _with_interval(
    frame: pd.DataFrame, value: FloatArray, error: FloatArray, level: float
) -> pd.DataFrame:
    half = z_quantile(level) * error
    return frame.assign(
        estimate=value, std_error=error, ci_low=value - half, ci_high=value + half
    )
