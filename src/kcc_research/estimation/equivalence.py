"""Is a difference too small to matter? (STAT-C5)

*Not significant* never means equal. Whoever wants to say that two waves or channels
are as good as equal states beforehand how large a difference would matter, and shows
that the difference is smaller: two one-sided tests at level α (Schuirmann 1987), the
same as an interval of level 1 − 2α that lies wholly within the margin.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from kcc_research import dutch
from kcc_research.estimation.difference import Difference

EQUIVALENT = "equivalent"
NOT_SHOWN = "not_shown"


def equivalence(
    difference: Difference, margin: float, *, level: float = 0.95, decimals: int = 1
) -> pd.DataFrame:
    """One row per difference: is it smaller than ``margin``, either way?

    ``margin`` is in the unit of the difference and chosen before looking. ``ci_low``
    and ``ci_high`` bound the interval of level 1 − 2(1 − ``level``); ``p_value`` is
    the larger of the two one-sided ones; ``verdict`` is *equivalent* or *not_shown*,
    and ``reason`` says it in words, with ``decimals``. Nothing can be shown without a
    standard error or with fewer than 2 degrees of freedom.

    >>> found = Difference(np.array([0.1]), np.array([0.1]), np.array([200.0]))
    >>> equivalence(found, 0.5)["verdict"].tolist()
    ['equivalent']
    """
    if not margin > 0:
        raise ValueError("the margin is a positive number")
    alpha = 1 - level
    low, high = difference.interval(1 - 2 * alpha)
    usable = ~np.isnan(difference.t)
    error = np.where(usable, difference.std_error, np.nan)
    nearest = (margin - np.abs(difference.value)) / error
    p = np.asarray(special.stdtr(difference.df, -nearest))
    shown = np.nan_to_num(p, nan=1.0) < alpha
    return pd.DataFrame(
        {
            "difference": difference.value,
            "margin": float(margin),
            "ci_low": low,
            "ci_high": high,
            "df": difference.df,
            "p_value": p,
            "verdict": np.where(shown, EQUIVALENT, NOT_SHOWN),
            "reason": [_in_words(each, margin, decimals) for each in shown],
        }
    )


def _in_words(shown: bool, margin: float, decimals: int) -> str:
    size = dutch.number(margin, decimals)
    if shown:
        return f"het verschil is kleiner dan {size}; die grens was vooraf gekozen"
    return f"we kunnen niet uitsluiten dat het verschil {size} of groter is"
