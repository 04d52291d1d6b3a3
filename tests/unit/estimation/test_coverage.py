"""The simulation that fixed the degrees of freedom of small domains (STAT-N3, T1).

Domains of about 10 answers in samples of 353, grades 1–10, by number of strata. Every
column of one matrix is a sample; the design is the same in all of them.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.estimate import mean
from kcc_research.estimation.interval import t_interval

N, SIZE, SAMPLES = 353, 10, 3000


def simulated(strata: int, weighted: bool) -> pd.DataFrame:
    """Per rule: coverage and share of samples without interval, in percent."""
    draws = np.random.default_rng([strata, weighted])
    stratum = np.sort(np.arange(N) % strata)
    weights = np.ones(N)
    if weighted:
        weights = np.exp(draws.normal(0, 0.55, strata))[stratum]
        weights = weights * np.exp(draws.normal(0, 0.4, N))
    chances = np.diff(
        norm.cdf(
            np.r_[-np.inf, np.arange(1.5, 10), np.inf],
            6.6 + draws.normal(0, 0.3, strata)[:, None],
            1.6,
        )
    )
    uniform = draws.random((N, SAMPLES, 1))
    grade = 1.0 + (uniform > chances.cumsum(axis=1)[stratum][:, None]).sum(axis=2)
    inside = draws.random((N, SAMPLES)) < SIZE / N
    truth = np.average((chances @ np.arange(1, 11))[stratum], weights=weights)
    frame = pd.DataFrame({"w": weights, "h": stratum})
    enough = inside.sum(axis=0) >= SIZE
    found = mean(
        survey_design(frame, weights="w", strata="h"),
        np.where(inside, grade, np.nan)[:, enough],
    )
    return pd.DataFrame(
        {
            rule: _score(found, rule, truth)
            for rule in ("full", "domain", "satterthwaite")
        },
        index=["covers", "without"],
    )


def _score(found, rule, truth):
    low, high = t_interval(found.value, found.std_error, found.df(rule))
    has = ~np.isnan(low)
    covers = (low[has] <= truth) & (truth <= high[has])
    return [100 * covers.mean(), 100 * (1 - has.mean())]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("strata", [5, 10, 20, 40])
def test_satterthwaite_covers_where_others_fail(strata, weighted):
    table = simulated(strata, weighted)
    assert 93.5 <= table.loc["covers", "satterthwaite"] <= 97.5
    assert table.loc["without", "satterthwaite"] < 8
    assert table.loc["covers", "full"] < 93
    if strata == 40:
        assert table.loc["without", "domain"] > 40


if __name__ == "__main__":
    for is_weighted in (False, True):
        for number in (5, 10, 20, 40):
            print(number, "gewogen" if is_weighted else "ongewogen")
            print(simulated(number, is_weighted).map("{:.1f}".format))
