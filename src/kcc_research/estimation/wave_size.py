"""How many answers a wave needs to show a difference, before anybody is asked.

Not a formula of its own: the smallest n at which the comparison of waves that a report
prints (:meth:`~.difference.Difference.detectable`: two-sided, 80% power) reaches the
wanted difference. The spread is that of an earlier wave, weighting and design
included, else an assumption that is named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from kcc_research.estimation.difference import Difference, independent_difference
from kcc_research.estimation.fieldwork import COMPLETED, INVITED, RESPONSE
from kcc_research.estimation.tables import FEWEST_FOR_A_TEST, TOTAL

MOST_ANSWERS = 1_000_000
ASSUMED_GRADE_SPREAD = 1.8
"""Standard deviation of grades (1–10) where no earlier wave says otherwise."""

Statistic = Literal["mean", "share"]


@dataclass(frozen=True, slots=True)
class Spread:
    """What one answer adds to the uncertainty.

    ``deviation``: standard error without finite-population correction times √n, so with
    the price of weighting in it. ``std_error`` and ``n`` are those of the wave it was
    seen in; None and 0 where it is assumed.
    """

    indicator: str
    deviation: float
    std_error: float | None = None
    n: int = 0

    @property
    def is_assumed(self) -> bool:
        return self.std_error is None


@dataclass(frozen=True, slots=True)
class WaveSize:
    """Answers needed in one wave; None where no number of answers is enough."""

    spread: Spread
    both_new: int | None
    after_earlier: int | None


def spreads(estimates: pd.DataFrame, statistic: Statistic) -> Iterator[Spread]:
    """The spread behind every total of a wave: means on their scale, or shares."""
    rows = estimates[
        (estimates["by"] == TOTAL)
        & (estimates["category"] == "")
        & (estimates["statistic"] == statistic)
        & (estimates["indicator"] != RESPONSE)
        & (estimates["uncertainty"] == "sampling")
        & estimates["std_error_without_fpc"].gt(0)
    ]
    for row in rows.to_dict("records"):
        error, n = float(row["std_error_without_fpc"]), int(row["n"])
        yield Spread(str(row["indicator"]), error * math.sqrt(n), error, n)


def assumed_spread(statistic: Statistic) -> Spread:
    """Where nothing was measured: grades of some spread, shares at their worst.

    >>> assumed_spread("share").deviation
    0.5
    """
    return Spread("", 0.5 if statistic == "share" else ASSUMED_GRADE_SPREAD)


def wave_size(spread: Spread, difference: float, level: float = 0.95) -> WaveSize:
    """Answers needed to show ``difference``, in the units of the spread.

    ``both_new``: in each of two waves of this size. ``after_earlier``: in a new wave
    that is held against the one the spread was seen in.
    """
    both = _fewest(lambda n: _two_waves(spread.deviation, n, n), difference, level)
    after = None
    if spread.std_error is not None:
        then, error = spread.n, spread.std_error
        after = _fewest(
            lambda n: _difference(_error(spread.deviation, n), n, error, then),
            difference,
            level,
        )
    return WaveSize(spread, both, after)


def invitations(answers: int, rate: float) -> int:
    """People to invite for so many answers; ``rate`` is a share above 0.

    >>> invitations(353, 0.186)
    1898
    """
    return math.ceil(answers / rate)


def yield_rate(estimates: pd.DataFrame) -> float | None:
    """Answers of the target group per invitation in the first source of a wave.

    Not the response: letters that came back and people who were screened out have to
    be invited as well. None where the number invited is unknown.
    """
    rows = estimates[
        (estimates["indicator"] == RESPONSE) & (estimates["statistic"] == "count")
    ]
    for _, counts in rows.groupby("source", sort=False):
        found = dict(zip(counts["category"], counts["estimate"], strict=True))
        if found.get(INVITED) and found.get(COMPLETED):
            return float(found[COMPLETED]) / float(found[INVITED])
    return None


def _error(deviation: float, n: int) -> float:
    return deviation / math.sqrt(n)


def _two_waves(deviation: float, now: int, then: int) -> Difference:
    return _difference(_error(deviation, now), now, _error(deviation, then), then)


def _difference(error: float, n: int, error_then: float, n_then: int) -> Difference:
    zero = np.zeros(1)
    return independent_difference(
        zero,
        np.array([error]),
        np.array([n - 1.0]),
        zero,
        np.array([error_then]),
        np.array([n_then - 1.0]),
    )


def _fewest(
    compared: Callable[[int], Difference], difference: float, level: float
) -> int | None:
    """The smallest n that shows ``difference``: more answers never show less."""

    def shows(n: int) -> bool:
        return bool(compared(n).detectable(level)[0] <= difference)

    if not shows(MOST_ANSWERS):
        return None
    low, high = FEWEST_FOR_A_TEST, MOST_ANSWERS
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if shows(middle) else (middle + 1, high)
    return low
