"""The gap between expectation and experience (*verwachting–ervaring*).

It is the mean over respondents of their own difference, experience minus expectation,
never a difference of two group means (STAT-M20): only who answered both counts, and
the answers of one person hang together, which makes the margin smaller. Below 0 the
service falls short of what people expect (Parasuraman, Zeithaml & Berry 1988).
Checked against R ``survey::svymean(~I(experience - expectation))`` (1e-8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kcc_research.estimation.breakdown import Label, estimate_breakdowns
from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.difference import HOLM_WORDS, Difference, judged
from kcc_research.estimation.estimate import Estimate, Variable, mean
from kcc_research.estimation.grouping import BoolArray, FloatArray
from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    TOTAL,
    empty_comparisons,
    tidy,
)

Pairs = Mapping[str, tuple[str, str]]
"""Name of the theme → columns (experience, expectation), on the same scale."""

GAP = "gap"
"""``statistic`` of a gap, and first word of the ``family`` of their tests."""

EXPECTATION = "verwachting"
"""``reference`` of a gap that is held against 0."""

METHOD = "gemiddelde van ervaring min verwachting per respondent"
TEST_METHOD = (
    f"t per respondent, zonder correctie voor een eindige populatie; {HOLM_WORDS}"
)
BASE = "respondenten die ervaring en verwachting beide noemden"


def gap(
    design: SurveyDesign,
    experience: Variable,
    expectation: Variable,
    *,
    domain: BoolArray | None = None,
) -> Estimate:
    """Weighted mean of experience − expectation, in points of their scale.

    One pair of variables or k pairs side by side; who misses either does not count.

    >>> frame = pd.DataFrame({"ervaren": [4.0, 3, 5], "verwacht": [5.0, 4, None]})
    >>> from kcc_research.estimation.design import survey_design
    >>> gap(survey_design(frame), "ervaren", "verwacht").value
    array([-1.])
    """
    difference = design.values(experience) - design.values(expectation)
    return mean(design, difference, domain=domain)


def estimate_gaps(
    design: SurveyDesign,
    pairs: Pairs,
    *,
    by: Sequence[str] = (),
    domain: BoolArray | None = None,
    has_sampling_error: bool = True,
    level: float = 0.95,
) -> pd.DataFrame:
    """An ``estimates`` table with the gap of every theme, in total and per group."""
    return estimate_breakdowns(
        design,
        _differences(design, pairs),
        [Label(theme, GAP, METHOD) for theme in pairs],
        base=BASE,
        by=by,
        domain=domain,
        has_sampling_error=has_sampling_error,
        level=level,
    )


def compare_gaps(
    design: SurveyDesign,
    pairs: Pairs,
    *,
    domain: BoolArray | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """A ``comparisons`` table: is each gap shown to differ from 0?

    The themes are one planned family, Holm-adjusted; the finite-population correction
    is off (STAT-N9). *lower* means that experience falls short of expectation.
    """
    if not pairs:
        return empty_comparisons()
    found = mean(design, _differences(design, pairs), domain=domain).without_fpc
    difference = Difference(found.value, found.std_error, found.df())
    rows = pd.DataFrame({"indicator": list(pairs), "n": found.n})
    rows = rows.assign(n_reference=rows["n"])
    tested = judged(
        rows, difference, family=pd.Series(GAP, index=rows.index), level=level
    )
    shared = {
        "statistic": GAP,
        "by": TOTAL,
        "group": TOTAL,
        "reference": EXPECTATION,
        "family": f"{GAP}: ervaring min verwachting",
        "method": TEST_METHOD,
        "status": "published",
    }
    return tidy(tested.assign(**shared), COMPARISON_COLUMNS)


def _differences(design: SurveyDesign, pairs: Pairs) -> FloatArray:
    return np.column_stack(
        [
            design.values(experience) - design.values(expectation)
            for experience, expectation in pairs.values()
        ]
    )
