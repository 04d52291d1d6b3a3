"""Weighting: making the respondents agree with the population they speak for.

Every method finds weights close to the base weights whose totals equal given
population totals. They differ in what *close* means (Deville & Särndal 1992): a linear
distance, a multiplicative one (raking; Deming & Stephan 1940), or the bounded logit,
which is the default because margins are then exact and no respondent counts for less
than 0.3 or more than 3 times another of the same base weight (STAT-M8). The result is
a design that carries what was weighted to, so that every later standard error is that
of residuals and nobody can forget it (STAT-M10).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from kcc_research import dutch
from kcc_research.errors import DataError, Problem, problem
from kcc_research.estimation.design import Calibration, SurveyDesign
from kcc_research.estimation.grouping import FloatArray, floats
from kcc_research.study.margins import MAX_SPREAD

Margins = Mapping[str, Mapping[str, float]]
"""Variable → category → number in the population."""

Distance = Literal["linear", "raking", "logit"]
Bounds = tuple[float, float]

BOUNDS: Bounds = (0.3, 3.0)
"""New ÷ base weight, base weights scaled to the population."""

UNKNOWN = "onbekend"

JOINT = " | "
"""Between the names, and the categories, of variables that are weighted to together."""

_CONVERGED = 1e-12
_ACCEPTED = 1e-9
_ROUNDS = 1000


def calibrate(
    design: SurveyDesign,
    target: Margins | Calibration,
    *,
    method: Distance = "logit",
    bounds: Bounds = BOUNDS,
) -> SurveyDesign:
    """Weight to population margins, or to the totals of any calibration variables.

    ``bounds`` limits new ÷ base weight and belongs to ``logit``. Respondents whose
    category is unknown keep the share of the population they have before weighting,
    as the VNG protocol does; the margins then hold among the rest. Raises
    ``DataError`` naming each category without respondents, each category that the
    margins lack, and those for which no weights within the bounds exist.
    """
    goal = _goal(design, target)
    base = goal.base_weights * _scale_to_population(goal)
    factors = _solve(base, goal, _distance(method, bounds))
    if factors is None:
        raise DataError(_infeasible(base, goal, method, bounds))
    return design.reweighted(base * factors, goal)


def rake(design: SurveyDesign, margins: Margins) -> SurveyDesign:
    """Iterative proportional fitting from the base weights (STAT-M7).

    Adjusts to one variable after another until nothing changes; the weights are
    those of ``calibrate(method="raking")``, and the errors the same.
    """
    goal = _goal(design, margins)
    weights = goal.base_weights
    for _ in range(_ROUNDS):
        for columns in _columns_by_variable(goal):
            matrix, totals = goal.matrix[:, columns], goal.totals[columns]
            weights = weights * (matrix @ (totals / (matrix.T @ weights)))
        if _distance_to(goal, weights) < _CONVERGED:
            break
    # Margins that contradict each other make it go round in circles.
    if _distance_to(goal, weights) > _ACCEPTED:
        raise DataError(_infeasible(weights, goal, "raking", (0.0, np.inf)))
    return design.reweighted(weights, goal)


def poststratify(design: SurveyDesign, counts: pd.Series) -> SurveyDesign:
    """Weight to a joint table: ``counts`` indexed by the variables it crosses.

    >>> from kcc_research.estimation.design import survey_design
    >>> frame = pd.DataFrame({"wijk": ["noord", "noord", "zuid"]})
    >>> wijken = pd.Index(["noord", "zuid"], name="wijk")
    >>> counts = pd.Series([300, 100], index=wijken)
    >>> poststratify(survey_design(frame), counts).weights
    array([150., 150., 100.])
    """
    names = [str(each) for each in counts.index.names]
    cells = counts.index.to_frame(index=False)
    joint = JOINT.join(names)
    data = design.data.assign(**{joint: _joined(design.data[names])})
    margin = dict(zip(_joined(cells), counts.astype(float), strict=True))
    weighted = rake(dataclasses.replace(design, data=data), {joint: margin})
    return dataclasses.replace(weighted, data=design.data)


def composition(design: SurveyDesign, variable: str) -> pd.DataFrame:
    """Who answered, before and after weighting, beside the population.

    One row per category of a variable that was weighted to: ``count`` respondents,
    and shares (0–1) ``before``, ``after`` and in the ``population``.
    """
    goal = design.calibration
    if goal is None or variable not in goal.variables:
        raise ValueError(f"the design is not weighted to {variable!r}")
    columns = np.array([each == variable for each in goal.variables])
    matrix, totals = goal.matrix[:, columns], goal.totals[columns]
    base, weights = goal.base_weights, design.weights
    return pd.DataFrame(
        {
            "category": np.array(goal.categories)[columns],
            "count": matrix.sum(axis=0).astype(int),
            "before": base @ matrix / base.sum(),
            "after": weights @ matrix / weights.sum(),
            "population": totals / totals.sum(),
        }
    )


@dataclass(frozen=True)
class WeightSummary:
    """How unequal weights are: extremes relative to the mean, and their price."""

    smallest: float
    largest: float
    design_effect: float
    n_effective: float


def weight_summary(design: SurveyDesign) -> WeightSummary:
    """Extremes and Kish's design effect n · Σw² / (Σw)² of the weights (Kish 1965)."""
    relative = design.weights / design.weights.mean()
    effect = float(np.mean(relative**2))
    return WeightSummary(
        smallest=float(relative.min()),
        largest=float(relative.max()),
        design_effect=effect,
        n_effective=len(design) / effect,
    )


def summarise_weights(designs: Mapping[str, SurveyDesign]) -> pd.DataFrame:
    """Per source: answers, and the weights relative to their mean."""
    found = {source: weight_summary(design) for source, design in designs.items()}
    return pd.DataFrame(
        {
            "antwoorden": {source: len(each) for source, each in designs.items()},
            "gewogen": {source: each.is_weighted for source, each in designs.items()},
            "kleinste": {source: each.smallest for source, each in found.items()},
            "grootste": {source: each.largest for source, each in found.items()},
            "ontwerpeffect": {s: each.design_effect for s, each in found.items()},
        }
    ).rename_axis("bron")


# --- from margins to calibration variables ------------------------------------------


def _goal(design: SurveyDesign, target: Margins | Calibration) -> Calibration:
    if design.calibration is not None:
        raise ValueError("the design is weighted already; start from the design before")
    if isinstance(target, Calibration):
        return target
    return margin_calibration(design, target)


def margin_calibration(design: SurveyDesign, margins: Margins) -> Calibration:
    """Calibration variables 0/1, one per category of each margin, after checking."""
    faults = [
        fault for name in margins for fault in _faults(design.data, name, margins)
    ]
    faults += _different_populations(margins)
    if faults:
        raise DataError(faults)
    population = sum(next(iter(margins.values())).values())
    columns = [
        column
        for name, counts in margins.items()
        for column in _indicators(design, name, counts, population)
    ]
    variables, categories, indicators, totals = zip(*columns, strict=True)
    return Calibration(
        variables,
        categories,
        np.column_stack(indicators),
        np.array(totals),
        design.weights,
    )


def _indicators(
    design: SurveyDesign, name: str, counts: Mapping[str, float], population: float
) -> list[tuple[str, str, FloatArray, float]]:
    """One 0/1 column and population total per category, the unknown ones last."""
    labels = _labels(design.data[name])
    unknown = floats(labels.isna())
    unknown_share = design.weights @ unknown / design.weights.sum()
    known_total = population * (1 - unknown_share)
    columns = [
        (
            name,
            category,
            floats(labels == category),
            float(known_total * count / sum(counts.values())),
        )
        for category, count in counts.items()
        if (labels == category).any()
    ]
    if unknown.any():
        columns.append((name, UNKNOWN, unknown, float(population * unknown_share)))
    return columns


def _labels(column: pd.Series) -> pd.Series:
    return column.map(str, na_action="ignore")


def _joined(columns: pd.DataFrame) -> pd.Series:
    """Categories of several variables as one text; unknown where any is unknown."""
    parts = [_labels(columns[each]) for each in columns]
    return reduce(lambda left, right: left.str.cat(right, sep=JOINT), parts)


def _faults(data: pd.DataFrame, name: str, margins: Margins) -> list[Problem]:
    if name not in data.columns:
        return [problem("KCC-D052v", column=name)]
    present = set(_labels(data[name]).dropna())
    declared = {category for category, count in margins[name].items() if count > 0}
    return [
        problem("KCC-D052r", column=name, value=each)
        for each in sorted(declared - present)
    ] + [
        problem("KCC-D052s", column=name, value=each)
        for each in sorted(present - declared)
    ]


def _different_populations(margins: Margins) -> list[Problem]:
    sums = {name: sum(counts.values()) for name, counts in margins.items()}
    if max(sums.values()) <= min(sums.values()) * (1 + MAX_SPREAD):
        return []
    named = dutch.listing(f"{name} {dutch.number(n)}" for name, n in sums.items())
    return [problem("KCC-D052u", value=named)]


def _distance_to(goal: Calibration, weights: FloatArray) -> float:
    """Largest deviation from a total, relative to the largest total."""
    gap = goal.totals - goal.matrix.T @ weights
    return float(np.abs(gap).max() / np.abs(goal.totals).max())


def _columns_by_variable(goal: Calibration) -> list[FloatArray]:
    names = np.array(goal.variables)
    return [names == each for each in dict.fromkeys(goal.variables)]


# --- solving ------------------------------------------------------------------------

Ratio = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
"""New ÷ base weight at a linear predictor, and its derivative."""


def _distance(method: Distance, bounds: Bounds) -> Ratio:
    if method == "linear":
        return lambda u: (1 + u, np.ones_like(u))
    if method == "raking":
        return lambda u: (np.exp(u), np.exp(u))
    low, high = bounds
    steepness = (high - low) / ((1 - low) * (high - 1))
    offset = np.log((1 - low) / (high - 1))

    def logit(u: FloatArray) -> tuple[FloatArray, FloatArray]:
        part = special.expit(steepness * u + offset)
        return low + (high - low) * part, steepness * (high - low) * part * (1 - part)

    return logit


def _scale_to_population(goal: Calibration) -> float:
    """Population ÷ sum of base weights, where the variables imply a population."""
    ones = np.ones(len(goal.matrix))
    coefficients = np.linalg.lstsq(goal.matrix, ones, rcond=None)[0]
    if not np.allclose(goal.matrix @ coefficients, ones):
        return 1.0
    return float(goal.totals @ coefficients / goal.base_weights.sum())


def _solve(base: FloatArray, goal: Calibration, ratio: Ratio) -> FloatArray | None:
    """Newton's method with step halving; ``None`` when the totals cannot be met."""
    matrix = goal.matrix

    def gap(multipliers: FloatArray) -> FloatArray:
        return goal.totals - matrix.T @ (base * ratio(matrix @ multipliers)[0])

    multipliers: FloatArray = np.zeros(matrix.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(_ROUNDS):
            slope = base * ratio(matrix @ multipliers)[1]
            hessian = matrix.T @ (slope[:, None] * matrix)
            step = np.linalg.lstsq(hessian, gap(multipliers), rcond=None)[0]
            shorter = _first_improvement(gap, multipliers, step)
            if shorter is None:
                break
            multipliers = shorter
    factors = floats(ratio(matrix @ multipliers)[0])
    return factors if _distance_to(goal, base * factors) < _ACCEPTED else None


def _first_improvement(
    gap: Callable[[FloatArray], FloatArray], start: FloatArray, step: FloatArray
) -> FloatArray | None:
    now = np.linalg.norm(gap(start))
    for halvings in range(30):
        candidate = start + step * 0.5**halvings
        if np.linalg.norm(gap(candidate)) < now:
            return candidate
    return None


def _infeasible(
    base: FloatArray, goal: Calibration, method: Distance, bounds: Bounds
) -> Problem:
    """Name the categories that no weights within the bounds can reach, or all."""
    reached = base @ goal.matrix
    low, high = bounds if method == "logit" else (0.0, np.inf)
    outside = (goal.totals < low * reached) | (goal.totals > high * reached)
    chosen = outside if outside.any() else np.ones_like(outside)
    named = [
        f"{variable} = {category}"
        for variable, category, wrong in zip(
            goal.variables, goal.categories, chosen, strict=True
        )
        if wrong
    ]
    return problem(
        "KCC-D052t",
        value=dutch.listing(named),
        low=dutch.number(low, 1),
        high=dutch.number(high, 1) if np.isfinite(high) else "oneindig",
    )
