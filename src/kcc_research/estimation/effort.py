"""Customer Effort Score (*moeite*): the mean, and the share with the least effort.

Scales differ per vendor in length and in direction, so both are arguments without
default (STAT-M23): on one scale a 5 is *heel makkelijk*, on the next *heel veel
moeite*. Scales that the cleaning step has turned are *higher_is_better*. There is no
counterpart in R to check against; mean and share are those of :mod:`.estimate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.breakdown import Label, estimate_breakdowns
from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.grouping import BoolArray, FloatArray

Direction = Literal["higher_is_better", "lower_is_better"]

EASY = "weinig moeite"
"""``category`` of the share who gave one of the two best answers."""

_BETTER = {"higher_is_better": "hoger is beter", "lower_is_better": "lager is beter"}


def is_easy(
    answers: FloatArray, scale: tuple[int, int], direction: Direction
) -> FloatArray:
    """1 for the two answers with the least effort, 0 for others, NaN where missing.

    Raises ``ValueError`` for answers off the scale.

    >>> is_easy(np.array([1.0, 2, 3, np.nan]), (1, 5), "lower_is_better")
    array([ 1.,  1.,  0., nan])
    """
    low, high = scale
    if (answers < low).any() or (answers > high).any():
        raise ValueError(f"answers outside the scale {low}–{high}")
    easy = (
        answers >= high - 1 if direction == "higher_is_better" else answers <= low + 1
    )
    return np.where(np.isnan(answers), np.nan, easy.astype(float))


def estimate_effort(
    design: SurveyDesign,
    question: str,
    *,
    scale: tuple[int, int],
    direction: Direction,
    by: Sequence[str] = (),
    domain: BoolArray | None = None,
    has_sampling_error: bool = True,
    level: float = 0.95,
) -> pd.DataFrame:
    """An ``estimates`` table: mean and top-2 share, in total and per group."""
    answers = design.values(question)
    asked = f"{dutch.number(scale[0])} tot {dutch.number(scale[1])}"
    words = f"schaal van {asked}, {_BETTER[direction]}"
    return estimate_breakdowns(
        design,
        np.column_stack([answers, is_easy(answers, scale, direction)]),
        [
            Label(question, "mean", f"gemiddelde; {words}"),
            Label(question, "share", f"twee beste antwoorden; {words}", EASY),
        ],
        base="respondenten met een geldig antwoord",
        by=by,
        domain=domain,
        has_sampling_error=has_sampling_error,
        level=level,
    )
