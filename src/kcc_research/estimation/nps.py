"""Net Promoter Score: the share of 9 and 10 minus the share of 0 to 6, times 100.

An answer counts as 100, 0 or −100, and the score is the mean of these, so that weights
and design need nothing of their own (STAT-M22). The unweighted standard error is that
of a difference of two multinomial shares (Rocks 2016, The American Statistician 70:
365). Its margin is wide: under 100 answers the table says so. Checked against R
``survey::svymean`` of 100/0/−100 (1e-8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.breakdown import Label, estimate_breakdowns
from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.estimate import Estimate, Variable, mean
from kcc_research.estimation.grouping import BoolArray, FloatArray

NPS = "nps"
"""``statistic`` of a Net Promoter Score; it runs from −100 to 100."""

FEWEST_ANSWERS = 100
"""Below this a score says little: its margin is about ±16 points."""

PROMOTER, DETRACTOR = 9, 6
PROPER_SCALE = (0, 10)


def promoter_values(answers: FloatArray) -> FloatArray:
    """100 for 9 and 10, −100 for 6 and below, 0 between; NaN where missing.

    Raises ``ValueError`` for answers outside 0–10.
    """
    if np.nanmin(answers, initial=0) < 0 or np.nanmax(answers, initial=0) > 10:
        raise ValueError("a Net Promoter Score is asked on a scale from 0 to 10")
    value = 100.0 * (answers >= PROMOTER) - 100.0 * (answers <= DETRACTOR)
    return np.where(np.isnan(answers), np.nan, value)


def nps(
    design: SurveyDesign, y: Variable, *, domain: BoolArray | None = None
) -> Estimate:
    """Net Promoter Score of answers on a scale from 0 to 10.

    >>> frame = pd.DataFrame({"aanbeveling": [10.0, 9, 7, 3]})
    >>> from kcc_research.estimation.design import survey_design
    >>> nps(survey_design(frame), "aanbeveling").value
    array([25.])
    """
    return mean(design, promoter_values(design.values(y)), domain=domain)


@dataclass(frozen=True)
class PlainScore:
    """The score without weights: promoters and detractors among n answers."""

    n: int
    promoters: int
    detractors: int

    @property
    def score(self) -> float:
        return 100 * (self.promoters - self.detractors) / self.n

    @property
    def std_error(self) -> float:
        """100 · √((p + d − (p − d)²) / n), with p and d the two shares (Rocks 2016)."""
        either = (self.promoters + self.detractors) / self.n
        return float(100 * np.sqrt((either - (self.score / 100) ** 2) / self.n))


def plain_nps(answers: FloatArray) -> PlainScore:
    """Count promoters and detractors; missing answers are left out."""
    values = promoter_values(answers)
    return PlainScore(
        n=int((~np.isnan(values)).sum()),
        promoters=int((values > 0).sum()),
        detractors=int((values < 0).sum()),
    )


def estimate_nps(
    design: SurveyDesign,
    questions: Sequence[str],
    *,
    scale: tuple[int, int] = PROPER_SCALE,
    by: Sequence[str] = (),
    domain: BoolArray | None = None,
    has_sampling_error: bool = True,
    level: float = 0.95,
) -> pd.DataFrame:
    """An ``estimates`` table with the score of every question, in total and per group.

    ``scale`` is what was asked; anything but 0–10 is printed in ``method``, and so is
    a number of answers under 100.
    """
    values = [promoter_values(design.values(each)) for each in questions]
    rows = estimate_breakdowns(
        design,
        np.column_stack(values),
        [Label(each, NPS, _method(scale)) for each in questions],
        base="respondenten met een geldig antwoord",
        by=by,
        domain=domain,
        has_sampling_error=has_sampling_error,
        level=level,
    )
    few = rows["n"].between(1, FEWEST_ANSWERS - 1).astype(bool)
    warning = f"; minder dan {FEWEST_ANSWERS} antwoorden: lees met terughoudendheid"
    return rows.assign(method=rows["method"].where(~few, rows["method"] + warning))


def _method(scale: tuple[int, int]) -> str:
    method = "aandeel 9–10 min aandeel 0–6, keer 100"
    if scale == PROPER_SCALE:
        return method
    asked = f"{dutch.number(scale[0])} tot {dutch.number(scale[1])}"
    return f"{method}; gevraagd op een schaal van {asked} in plaats van 0 tot 10"
