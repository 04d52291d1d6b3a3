"""Group ``coverage``: how often a 95% interval holds the truth (STAT-N3, T1, M3).

Means of small domains by number of strata, under each rule for the degrees of freedom;
shares by the interval of Korn and Graubard, beside Wilson's. Samples are drawn from
invented populations with fixed seeds. Every column of one matrix is a sample: the
design is the same in all of them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from kcc_research.estimation.design import DegreesOfFreedom, SurveyDesign, survey_design
from kcc_research.estimation.estimate import Estimate, mean
from kcc_research.estimation.grouping import BoolArray, FloatArray
from kcc_research.estimation.interval import (
    Interval,
    ShareMethod,
    certain_n,
    share_interval,
    t_interval,
)

RULES: tuple[DegreesOfFreedom, ...] = ("full", "domain", "satterthwaite")
DEFAULT = "satterthwaite"
SHARE_METHODS: tuple[ShareMethod, ...] = ("beta", "wilson_neff")

STRATA = (5, 10, 20, 40)
SIZES = (10, 20, 40)
SHARES = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5)
SAMPLE_SIZES = (28, 50, 100, 350)

RESPONDENTS = 353
SHARE_STRATA = 5
POPULATIONS, SAMPLES = 10, 2000
LOWEST_MEAN, HIGHEST_MEAN, LOWEST_SHARE = 93.0, 97.0, 94.0


def page() -> tuple[str, bool]:
    """The page with both tables, and whether the defaults cover what they should."""
    means, shares = _means_table(), _shares_table()
    default = means[means["rule"] == DEFAULT]["covers"]
    worst = means[means["rule"] == DEFAULT].nsmallest(1, "worst").iloc[0]
    beta = shares[shares["method"] == "beta"]["covers"]
    reached = (
        bool(default.round(1).between(LOWEST_MEAN, HIGHEST_MEAN).all())
        and beta.round(1).min() >= LOWEST_SHARE
    )
    text = _PAGE.format(
        respondents=RESPONDENTS,
        samples=f"{POPULATIONS * SAMPLES:,}",
        populations=POPULATIONS,
        share_strata=SHARE_STRATA,
        means=_wide(means, "rule", RULES, ("strata", "weights", "answers")),
        mean_low=f"{default.min():.1f}",
        mean_high=f"{default.max():.1f}",
        worst=f"{worst.strata} strata, {worst.weights}, {worst.answers} answers",
        worst_covers=f"{worst.worst:.1f}",
        shares=_wide(shares, "method", SHARE_METHODS, ("answers", "weights", "share")),
        share_low=f"{beta.min():.1f}",
        wilson_low=f"{shares[shares['method'] != 'beta']['covers'].min():.1f}",
    )
    return text, reached


_PAGE = """# Coverage of our intervals

Written by `make bench GROUP=coverage`; `tests/bench/coverage.py` holds the simulation.
Numbers without a unit are percentages. *Covers*: of the samples with an interval, how
many intervals hold the truth; 95 is asked. *None*: samples with fewer than two degrees
of freedom, which get no interval. *Width*: mean width of the intervals.

## Means of small domains

{respondents} respondents with grades from 1 to 10, equally many in each stratum; a
domain of 10, 20 or 40 of them on average, at least 10 in the sample. Weighted:
log-normal weights, between strata (0.55) and within (0.4), a design effect of about
1.6. {samples} samples a row, from {populations} populations whose strata and weights
differ.

The default, `satterthwaite`, covers {mean_low} to {mean_high}. `full` takes no notice
of how few answers there are, and `domain` is left without degrees of freedom when there
are many strata. Very unequal weights cost coverage: in the one population that did
worst ({worst}), the default covered {worst_covers}.

{means}

## Shares

Samples of n answers in {share_strata} strata, the same share in each; weights as above,
{samples} samples a row. `beta` is the default (Korn and Graubard, limited to n),
`wilson_neff` Wilson's interval on the effective number of answers, which charts use.
`beta` covers at least {share_low}, `wilson_neff` at least {wilson_low}; the width is
what that costs, in percentage points.

{shares}
"""


# --- means --------------------------------------------------------------------------


def _means_table() -> pd.DataFrame:
    return pd.concat(
        mean_coverage(strata, weighted, size)
        for strata in STRATA
        for weighted in (False, True)
        for size in SIZES
    )


def mean_coverage(
    strata: int,
    weighted: bool,
    size: int,
    *,
    populations: int = POPULATIONS,
    samples: int = SAMPLES,
) -> pd.DataFrame:
    """Coverage, share without interval and width of each rule (one row a rule).

    ``size`` is the mean number of respondents in the domain; samples with fewer than
    10 are left out, as a report suppresses them.
    """
    parts = []
    for population in range(populations):
        draws = np.random.default_rng([strata, weighted, size, population])
        found, truth = _sampled_means(draws, strata, weighted, size, samples)
        for rule in RULES:
            interval = t_interval(found.value, found.std_error, found.df(rule))
            parts.append({"rule": rule, **_scored(interval, truth)})
    described = {"strata": strata, "weights": _weight_words(weighted), "answers": size}
    return _averaged(parts, "rule").assign(**described)


def _sampled_means(
    draws: np.random.Generator, strata: int, weighted: bool, size: int, samples: int
) -> tuple[Estimate, float]:
    design, stratum = _design(draws, RESPONDENTS, strata, weighted)
    edges = np.r_[-np.inf, np.arange(1.5, 10), np.inf]
    levels = 6.6 + draws.normal(0, 0.3, strata)
    chances = np.diff(norm.cdf(edges, levels[:, None], 1.6))
    uniform = draws.random((RESPONDENTS, samples, 1))
    below = uniform > chances.cumsum(axis=1)[stratum][:, None, :-1]
    grade = 1.0 + below.sum(axis=2)
    inside = draws.random((RESPONDENTS, samples)) < size / RESPONDENTS
    enough = inside.sum(axis=0) >= 10
    truth = np.average((chances @ np.arange(1, 11))[stratum], weights=design.weights)
    return mean(design, np.where(inside, grade, np.nan)[:, enough]), float(truth)


# --- shares -------------------------------------------------------------------------


def _shares_table() -> pd.DataFrame:
    return pd.concat(
        share_coverage(share, weighted, n)
        for n in SAMPLE_SIZES
        for weighted in (False, True)
        for share in SHARES
    )


def share_coverage(
    share: float,
    weighted: bool,
    n: int,
    *,
    populations: int = POPULATIONS,
    samples: int = SAMPLES,
) -> pd.DataFrame:
    """Coverage and width of the interval of one share (one row a method)."""
    parts = []
    for population in range(populations):
        draws = np.random.default_rng([n, weighted, round(100 * share), population])
        design, _ = _design(draws, n, SHARE_STRATA, weighted)
        found = mean(design, (draws.random((n, samples)) < share).astype(float))
        for method in SHARE_METHODS:
            interval = _share_interval(found, method)
            parts.append({"method": method, **_scored(interval, share, 100)})
    described = {"answers": n, "weights": _weight_words(weighted), "share": 100 * share}
    return _averaged(parts, "method").assign(**described)


def _share_interval(found: Estimate, method: ShareMethod) -> Interval:
    """As the product makes it, by any of its methods."""
    df = found.df()
    certain = certain_n(
        found.n, df, found.kish_design_effect, found.answers_per_unit, clustered=False
    )
    return share_interval(
        found.value,
        found.variance,
        found.n,
        df,
        n_if_certain=certain,
        method=method,
    )


# --- both ---------------------------------------------------------------------------


def _design(
    draws: np.random.Generator, n: int, strata: int, weighted: bool
) -> tuple[SurveyDesign, np.ndarray]:
    """n respondents in strata of equal size, and the stratum of each."""
    stratum = np.sort(np.arange(n) % strata)
    weights = np.ones(n)
    if weighted:
        weights = np.exp(draws.normal(0, 0.55, strata))[stratum]
        weights = weights * np.exp(draws.normal(0, 0.4, n))
    frame = pd.DataFrame({"w": weights, "h": stratum})
    return survey_design(frame, weights="w", strata="h"), stratum


def _scored(interval: Interval, truth: float, unit: float = 1.0) -> dict[str, float]:
    low, high = interval
    has: BoolArray = ~np.isnan(low)
    covers = (low[has] <= truth) & (truth <= high[has])
    width: FloatArray = high[has] - low[has]
    return {
        "covers": 100 * float(covers.mean()),
        "none": 100 * float(1 - has.mean()),
        "width": unit * float(width.mean()),
    }


def _averaged(parts: list[dict[str, float]], name: str) -> pd.DataFrame:
    by_name = pd.DataFrame(parts).groupby(name, sort=False)
    return by_name.mean().assign(worst=by_name["covers"].min()).reset_index()


def _weight_words(weighted: bool) -> str:
    return "weighted" if weighted else "equal"


def _wide(
    table: pd.DataFrame, name: str, order: tuple[str, ...], keys: tuple[str, ...]
) -> str:
    """A markdown table with a row per key and, per rule or method, its scores."""
    scores = ["covers", "none", "width"] if name == "rule" else ["covers", "width"]
    heads = [f"`{each}` {score}" for each in order for score in scores]
    lines = [_line([*keys, *heads]), _line(["---"] * (len(keys) + len(heads)))]
    for key, rows in table.groupby(list(keys), sort=False):
        by_name = rows.set_index(name)
        cells = [
            f"{by_name.loc[each, score]:.{2 if score == 'width' else 1}f}"
            for each in order
            for score in scores
        ]
        lines.append(_line([_cell(each) for each in key] + cells))
    return "\n".join(lines)


def _cell(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
