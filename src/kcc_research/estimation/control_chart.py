"""Control charts for a continuous measurement (*doorlopende meting*, STAT-M27).

Is this month different, or does it only look so? A point outside three standard errors
of the centre, or eight in a row on one side of it, is a signal; anything else is noise.
A p-chart serves shares (Montgomery, Statistical Quality Control, ch. 7), Laney's p′
(2002, Quality Engineering 14: 531) shares of many answers that vary by more than
chance, an XmR chart single numbers (Wheeler; Provost & Murray 2011). The centre is
frozen on a baseline before anyone looks. What a chart can show follows from n: its
*detection time* is computed, not promised. There is no package in R to check against;
``lib.R`` agrees to 1e-8, with d2 = 2/√π exactly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from kcc_research.estimation.grouping import BoolArray, FloatArray, IntArray, floats
from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    ESTIMATE_COLUMNS,
    tidy,
)

Period = Literal["month", "quarter"]

SIGMAS = 3.0
RUN = 8
"""So many points in a row on one side of the centre are a signal."""

D2 = 2 / math.sqrt(math.pi)
"""Mean range of two standard normal numbers; tables round it to 1.128."""

D3 = math.sqrt(2 - D2**2)
"""Standard deviation of that range."""

OVERDISPERSED = 1.2
"""From this sigma_z on, shares vary so much more than chance that p′ is drawn."""

FEWEST_PER_PERIOD = 100

BY = "periode"
CENTRE, LOWER, UPPER = "middellijn", "ondergrens", "bovengrens"
CHART = "control chart"
"""First word of the ``family`` of periods against the centre."""


@dataclass(frozen=True, eq=False)
class ControlChart:
    """Values of k periods with their limits; NaN where a period has no data.

    ``center`` is one number, ``low`` and ``high`` (k,) are the three-sigma limits.
    ``spread`` is sigma_z of a p-chart, and the standard deviation of an XmR chart.
    """

    value: FloatArray
    center: float
    low: FloatArray
    high: FloatArray
    spread: float

    @property
    def outside(self) -> BoolArray:
        """Points beyond a limit (k,)."""
        return np.asarray((self.value < self.low) | (self.value > self.high))

    @property
    def in_run(self) -> BoolArray:
        """Points that complete eight or more in a row on one side (k,)."""
        return runs(self.value, self.center)

    @property
    def signals(self) -> BoolArray:
        """Points that call for an explanation, by either rule (k,)."""
        return self.outside | self.in_run


def p_chart(
    events: FloatArray,
    n: FloatArray,
    *,
    baseline: slice = slice(None),
    laney: bool | None = None,
) -> ControlChart:
    """Chart of shares x of n per period; limits stay within 0 and 1.

    ``baseline`` says which periods fix the centre p̄ = Σx/Σn. Limits are p̄ ± 3 √(p̄(1 −
    p̄)/n), times sigma_z for ``laney``, which is switched on by itself where sigma_z is
    above 1.2. sigma_z is the mean moving range of the z-scores of the baseline over d2.
    Raises ``ValueError`` for a baseline in which nobody, or everybody, is counted.

    >>> events, n = np.array([75.0, 80, 78, 40]), np.full(4, 100)
    >>> chart = p_chart(events, n, baseline=slice(3))
    >>> chart.outside.tolist()
    [False, False, False, True]
    """
    events, n = floats(events), floats(n)
    n = np.where(n > 0, n, np.nan)
    center = float(np.nansum(events[baseline]) / np.nansum(n[baseline]))
    if not 0 < center < 1:
        raise ValueError("a baseline of only 0 or only 1 has no limits")
    value = events / n
    error = np.sqrt(center * (1 - center) / n)
    spread = mean_moving_range(((value - center) / error)[baseline]) / D2
    wider = spread if (spread > OVERDISPERSED if laney is None else laney) else 1.0
    reach = SIGMAS * error * wider
    low, high = np.maximum(center - reach, 0), np.minimum(center + reach, 1)
    return ControlChart(value, center, low, high, spread)


def xmr_chart(values: FloatArray, *, baseline: slice = slice(None)) -> ControlChart:
    """Chart of single numbers: mean ± 3 · mean moving range / d2."""
    values = floats(values)
    center = float(np.nanmean(values[baseline]))
    spread = mean_moving_range(values[baseline]) / D2
    reach = np.full(values.shape, SIGMAS * spread)
    return ControlChart(values, center, center - reach, center + reach, spread)


def mean_moving_range(values: FloatArray) -> float:
    """Mean distance between neighbours; not across a period without data.

    NaN with fewer than two neighbouring values.
    """
    ranges = np.abs(np.diff(values))
    known = ranges[~np.isnan(ranges)]
    return float(known.mean()) if len(known) else float("nan")


def moving_range_limit(values: FloatArray) -> float:
    """Upper limit of the moving range: mean range · (1 + 3 · d3/d2)."""
    return mean_moving_range(values) * (1 + SIGMAS * D3 / D2)


def runs(values: FloatArray, center: float, length: int = RUN) -> BoolArray:
    """Points with which ``length`` or more in a row lie on one side of the centre.

    A point on the centre, or a period without data, breaks the row.

    >>> runs(np.array([3.0, 1, 1, 1, 3]), 2, length=3).tolist()
    [False, False, False, True, False]
    """
    side = np.sign(np.nan_to_num(values - center))
    found = np.zeros(len(side), dtype=bool)
    row = 0
    for at in range(len(side)):
        goes_on = at > 0 and side[at] == side[at - 1]
        row = 0 if side[at] == 0 else row + 1 if goes_on else 1
        found[at] = row >= length
    return found


# --- what a chart can show ----------------------------------------------------------


@dataclass(frozen=True)
class Detection:
    """What a p-chart of n answers a period does when a share falls.

    ``chance`` of a point below the lower limit in one period; ``periods`` until the
    first signal by either rule, on average.
    """

    chance: float
    periods: float


def detection(level: float, fall: float, n: int, run: int = RUN) -> Detection:
    """How soon a fall from ``level`` by ``fall`` shows, with n answers a period.

    Exact binomial: P(x/n below the three-sigma limit | level − fall). The mean time
    counts rows of ``run`` below the centre as well: with q the chance of a point below
    the limit and b that of one between limit and centre, the time e_j from j in a row
    is 1 + b · e_(j+1) + (1 − q − b) · e_0. Raises ``ValueError`` when a share leaves
    0–1.

    >>> [round(detection(0.78, 0.10, n).chance, 2) for n in (30, 100, 130, 390)]
    [0.07, 0.29, 0.43, 0.94]
    """
    fallen = level - fall
    if not (0 < level < 1 and 0 <= fallen <= 1):
        raise ValueError(f"no share falls from {level:g} to {fallen:g}")
    limit = level - SIGMAS * math.sqrt(level * (1 - level) / n)
    chance = _below(limit, n, fallen)
    between = _below(level, n, fallen) - chance
    return Detection(chance, _mean_periods(chance, between, run))


def _below(limit: float, n: int, share: float) -> float:
    """P(x/n < limit), x binomial; strictly, as a point on a limit is no signal."""
    return float(stats.binom.cdf(math.ceil(round(limit * n, 9)) - 1, n, share))


def _mean_periods(chance: float, between: float, run: int) -> float:
    """Solve e_0 = 1 + b e_1 + r e_0, …, where the run-th in a row ends it.

    Every e_j is fixed + factor · e_0; start from the end.
    """
    rest = 1 - chance - between
    fixed, factor = 1.0, rest
    for _ in range(run - 1):
        fixed, factor = 1 + between * fixed, between * factor + rest
    return fixed / (1 - factor) if factor < 1 else math.inf


def false_alarm(level: float, n: int, run: int = RUN) -> float:
    """Periods until the first signal by either rule while nothing changes, on average.

    A Markov chain over the number of points in a row below, or above, the centre;
    binomial as in :func:`detection`, on both sides. Where n is large and no point can
    lie on the centre it is the 152.7 of Champ & Woodall (1987, Technometrics 29: 393).

    >>> round(false_alarm(0.5, 1_000_001), 1)
    152.7
    """
    reach = SIGMAS * math.sqrt(level * (1 - level) / n)
    low, up_to_centre = _below(level - reach, n, level), _below(level, n, level)
    below = up_to_centre - low
    on_centre = _below(level + 1 / (1000 * n), n, level) - up_to_centre
    above = _below(level + reach + 1e-9, n, level) - up_to_centre - on_centre
    # States: nothing, 1 … run − 1 below, 1 … run − 1 above.
    size = 2 * run - 1
    moves = np.zeros((size, size))
    moves[:, 0] = on_centre
    for state in range(size):
        in_a_row = state if state < run else 0
        in_a_row_above = state - run + 1 if state >= run else 0
        if in_a_row + 1 < run:
            moves[state, in_a_row + 1] += below
        if in_a_row_above + 1 < run:
            moves[state, run + in_a_row_above] += above
    return float(np.linalg.solve(np.eye(size) - moves, np.ones(size))[0])


def smallest_period(answers_per_month: float) -> Period | None:
    """Month or quarter, the smallest with 100 answers expected; otherwise no chart.

    >>> smallest_period(40), smallest_period(30)
    ('quarter', None)
    """
    if answers_per_month >= FEWEST_PER_PERIOD:
        return "month"
    return "quarter" if 3 * answers_per_month >= FEWEST_PER_PERIOD else None


# --- tables -------------------------------------------------------------------------


def chart_estimates(
    chart: ControlChart,
    periods: Sequence[str],
    n: FloatArray,
    indicator: str,
    *,
    statistic: str = "share",
    base: str = "antwoorden in de periode",
) -> pd.DataFrame:
    """An ``estimates`` table: per period the value, the centre and both limits.

    The limits stand in rows of their own (``category``), because they are what a chart
    draws; no row has an interval. A period without data is *not_measured*, a gap.
    """
    shared = pd.DataFrame({"group": list(periods), "n": floats(n)})
    measured = ~np.isnan(chart.value)
    lines = {
        "": chart.value,
        CENTRE: np.where(measured, chart.center, np.nan),
        LOWER: chart.low,
        UPPER: chart.high,
    }
    rows = pd.concat(
        [shared.assign(category=name, estimate=line) for name, line in lines.items()]
    ).sort_index(kind="stable")
    known = rows["estimate"].notna()
    words = {"indicator": indicator, "statistic": statistic, "by": BY, "base": base}
    return tidy(
        rows.assign(
            **words,
            uncertainty="none",
            method="regelkaart; grenzen op drie standaardfouten",
            status=np.where(known, "published", "not_measured"),
        ),
        ESTIMATE_COLUMNS,
    )


def chart_comparisons(
    chart: ControlChart,
    periods: Sequence[str],
    n: FloatArray,
    indicator: str,
    *,
    statistic: str = "share",
) -> pd.DataFrame:
    """A ``comparisons`` table of the periods with data against the centre.

    *higher* and *lower* are signals, with the rule that raised them as ``reason``.
    """
    side = np.where(chart.value > chart.center, "higher", "lower")
    rows = pd.DataFrame(
        {
            "group": list(periods),
            "reference": CENTRE,
            "difference": chart.value - chart.center,
            "n": floats(n),
            "verdict": np.where(chart.signals, side, "not_shown"),
            "reason": _reasons(chart),
            "indicator": indicator,
            "statistic": statistic,
            "by": BY,
            "family": f"{CHART}: {indicator}",
            "method": f"buiten drie standaardfouten, of {RUN} op een rij",
            "status": "published",
        }
    )
    return tidy(rows[~np.isnan(chart.value)], COMPARISON_COLUMNS)


def _reasons(chart: ControlChart) -> list[str]:
    words = []
    for outside, in_run in zip(chart.outside, chart.in_run, strict=True):
        rules = ["buiten de grenzen"] * bool(outside)
        rules += [f"{RUN} of meer op een rij"] * bool(in_run)
        words.append("; ".join(rules))
    return words


def positions(signals: BoolArray) -> IntArray:
    """Numbers of the periods that are marked, counted from 1."""
    return np.flatnonzero(signals) + 1
