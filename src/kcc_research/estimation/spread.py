"""Spread of the answers: weighted variance and standard deviation (STAT-M1).

The variance is the weighted mean square round the weighted mean, times n / (n − 1)::

    s² = n/(n − 1) · Σw(y − ȳ)² / Σw

Its own uncertainty follows from the scores n/(n − 1) · ((y − ȳ)² − σ̂²) / Σw, and that
of its root by the delta method. Sources: Särndal, Swensson & Wretman 1992, §5.9; as R
``survey::svyvar``, but for missing answers (see ``n``).
"""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np

from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.estimate import Estimate, Variable, mean
from kcc_research.estimation.grouping import BoolArray, FloatArray


def variance(
    design: SurveyDesign,
    y: Variable,
    *,
    domain: BoolArray | None = None,
    n: Literal["answers", "rows"] = "answers",
) -> Estimate:
    """Weighted variance of the answers, in squared units of ``y``; NaN of one answer.

    ``n="rows"`` counts every row of the design in n/(n − 1), those without an answer
    included: R's habit, which exists for its fixture and is used nowhere else
    (STAT-F7).

    >>> import pandas as pd
    >>> from kcc_research.estimation.design import survey_design
    >>> design = survey_design(pd.DataFrame({"cijfer": [5.0, 6.0, 7.0, 8.0]}))
    >>> variance(design, "cijfer").value.round(4)
    array([1.6667])
    """
    centre = mean(design, y, domain=domain)
    values = design.values(y).reshape(len(design), -1)
    square = mean(design, (values - centre.value) ** 2, domain=domain)
    count = square.n if n == "answers" else np.full_like(square.n, len(design))
    return _scaled(square, count / np.where(count > 1, count - 1, np.nan))


def standard_deviation(
    design: SurveyDesign,
    y: Variable,
    *,
    domain: BoolArray | None = None,
    n: Literal["answers", "rows"] = "answers",
) -> Estimate:
    """Root of :func:`variance`, in the unit of ``y``."""
    found = variance(design, y, domain=domain, n=n)
    root = np.sqrt(found.value)
    slope = np.divide(1, 2 * root, out=np.zeros_like(root), where=root > 0)
    return dataclasses.replace(_scaled(found, slope), value=root)


def _scaled(found: Estimate, factor: FloatArray) -> Estimate:
    return dataclasses.replace(
        found, value=found.value * factor, scores=found.scores * np.nan_to_num(factor)
    )
