"""The survey design: how respondents came into the file, and what variance follows.

Variance is Taylor linearisation with ultimate clusters (STAT-N2). A statistic hands
over its *scores*: per respondent the change in the statistic for one unit of weight
(its influence value). The variance of any statistic is then that of a weighted total
of scores, so that mean, ratio and difference share the one formula of this module::

    V = Σ_h (1 − n_h/N_h) · n_h/(n_h − 1) · Σ_c (t_hc − t̄_h)²

with t_hc the weighted total of the scores in primary sampling unit c of stratum h
(Särndal, Swensson & Wretman 1992, §2.4 and §5.5; Lumley 2010, ch. 3). All statistics
that are asked for together, k columns of scores, are done in one pass.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from kcc_research.errors import DataError, Problem, problem
from kcc_research.estimation.grouping import (
    BoolArray,
    FloatArray,
    Grouping,
    IntArray,
    floats,
)

LonelyPsu = Literal["fail", "certainty", "adjust", "average", "remove"]
DegreesOfFreedom = Literal["satterthwaite", "domain", "full"]


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of sampling: rows in units, units in strata.

    At the second stage the strata are the units of the first. ``drawn`` is the number
    of units in each stratum of the sample, ``population`` that of the population;
    ``None`` means drawn with replacement, without correction. ``single``: every unit
    is one row. Seen from a domain (:meth:`within`) fewer units may be left than were
    drawn.
    """

    units: Grouping
    strata: Grouping
    names: tuple[str, ...]
    drawn: IntArray
    single: bool
    population: FloatArray | None = None

    @property
    def fraction(self) -> FloatArray:
        """Sampling fraction n_h/N_h per stratum; 0 without population sizes."""
        if self.population is None:
            return np.zeros(self.strata.count)
        return self.drawn / self.population

    @property
    def lonely(self) -> BoolArray:
        """Strata with one unit, out of more than one in the population."""
        return np.asarray((self.drawn == 1) & (self.fraction < 1))

    @cached_property
    def scale(self) -> FloatArray:
        """Per stratum the factor (1 − n_h/N_h) · n_h/(n_h − 1); 0 where n_h = 1."""
        size = self.drawn
        return np.where(
            size > 1, (1 - self.fraction) * size / np.maximum(size - 1, 1), 0
        )

    def within(self, domain: BoolArray) -> Stage:
        """Only the rows of a domain; units of one row go with their row."""
        code = self.units.code[domain]
        if not self.single:
            return dataclasses.replace(self, units=Grouping.of(code, self.units.count))
        left = np.zeros(self.units.count, dtype=bool)
        left[code] = True
        return dataclasses.replace(
            self,
            units=Grouping.of((np.cumsum(left) - 1)[code]),
            strata=Grouping.of(self.strata.code[left], self.strata.count),
        )

    def deviations(
        self, totals: FloatArray, reached: FloatArray, lonely_psu: LonelyPsu
    ) -> FloatArray:
        """Unit totals minus their stratum's mean, scaled: V = Σ deviation².

        One row per unit. Units that are no longer there have a total of zero, and
        differ from the mean by the mean: per stratum one more row holds them all.
        ``reached`` is the part of each stratum that this stage counts for.
        """
        mean = self.strata.sum(totals) / self.drawn[:, None]
        scale = self.scale
        if lonely_psu == "adjust":
            mean[self.lonely] = totals.sum(axis=0) / self.drawn.sum()
            scale = np.where(self.lonely, 1 - self.fraction, scale)
        scale = scale * reached
        centred = totals - self.strata.spread(mean)
        centred *= np.sqrt(self.strata.spread(scale))[:, None]
        gone = self.drawn - self.strata.size
        if not gone.any():
            return centred
        return np.concatenate([centred, np.sqrt(scale * gone)[:, None] * mean])

    def by_stratum(self, deviations: FloatArray) -> FloatArray:
        """Variance that each stratum contributes (strata × k)."""
        units = len(self.strata.code)
        variance = self.strata.sum(deviations[:units] ** 2)
        return (
            variance + deviations[units:] ** 2 if len(deviations) > units else variance
        )


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the weights were made to agree with, and the weights before that.

    ``matrix`` (rows × columns) holds the calibration variables; ``variables`` and
    ``categories`` name its columns; ``totals`` are their population totals.
    """

    variables: tuple[str, ...]
    categories: tuple[str, ...]
    matrix: FloatArray
    totals: FloatArray
    base_weights: FloatArray

    @cached_property
    def _solver(self) -> FloatArray:
        # The margins of several variables are linearly dependent: each adds up to
        # the population. The pseudo-inverse gives the same residuals for any choice.
        root = np.sqrt(self.base_weights)
        return np.linalg.pinv(self.matrix * root[:, None]) * root

    def residuals(self, scores: FloatArray) -> FloatArray:
        """What the calibration variables leave unexplained of each score.

        Weighting to margins removes the part of the variance that the margins
        explain: the scores are replaced by residuals of the linear (GREG)
        regression, with coefficients from the base weights (STAT-M10; Deville &
        Särndal 1992).
        """
        return scores - self.matrix @ (self._solver @ scores)


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """Respondents with their weights, strata, sampling units and population sizes.

    Make one with :func:`survey_design`. ``weights`` has one value per row of ``data``.
    A domain is never a filtered table but the full design with zeros outside it
    (STAT-N1), which is what the estimators do with their ``domain`` argument.
    """

    data: pd.DataFrame
    weights: FloatArray
    stages: tuple[Stage, ...]
    lonely_psu: LonelyPsu = "fail"
    calibration: Calibration | None = None

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def primary(self) -> Stage:
        """The first stage, whose units carry the variance."""
        return self.stages[0]

    @property
    def is_weighted(self) -> bool:
        """Whether some respondents count for more than others."""
        return bool(np.ptp(self.weights) > 1e-9 * self.weights.mean())

    @property
    def is_clustered(self) -> bool:
        """Whether a sampling unit can hold more than one respondent."""
        return not self.primary.single

    @property
    def has_fpc(self) -> bool:
        """Whether the finite-population correction is on."""
        return self.primary.population is not None

    @cached_property
    def without_fpc(self) -> SurveyDesign:
        """The same design with replacement, for tests of difference (STAT-N9)."""
        if not self.has_fpc:
            return self
        first = dataclasses.replace(self.primary, population=None)
        return dataclasses.replace(self, stages=(first,))

    @property
    def full_df(self) -> int:
        """Sampling units minus strata."""
        return int(self.primary.drawn.sum()) - self.primary.strata.count

    def reweighted(self, weights: FloatArray, calibration: Calibration) -> SurveyDesign:
        """The same respondents with weights that agree with population margins."""
        return dataclasses.replace(self, weights=weights, calibration=calibration)

    def within(self, domain: BoolArray) -> SurveyDesign:
        """The design seen from a domain: its rows, and of the others their number.

        This is no filtered sample: units outside the domain count as zeros in every
        variance and number of degrees of freedom. Estimates equal those of the full
        design with that ``domain``, for the work of the rows in it. ``data`` stays
        behind: give values, not names. Weights made to agree with margins are refused
        with a ``ValueError``: their residuals are not zero outside the domain.
        """
        if self.calibration is not None:
            raise ValueError("a domain of calibrated weights needs all rows")
        return dataclasses.replace(
            self,
            data=pd.DataFrame(index=pd.RangeIndex(int(domain.sum()))),
            weights=self.weights[domain],
            stages=tuple(stage.within(domain) for stage in self.stages),
        )

    def values(self, variable: str | FloatArray | pd.Series) -> FloatArray:
        """Numbers of a variable (rows,) or of k side by side (rows × k)."""
        source = self.data[variable] if isinstance(variable, str) else variable
        return floats(source)

    def deviations(self, scores: FloatArray) -> tuple[FloatArray, ...]:
        """Scaled deviations of sampling-unit totals, one matrix a stage.

        The covariance matrix of the k statistics is the sum over stages of DᵀD.
        Raises ``DataError`` naming the strata with a single unit, unless the design
        says what to do with them (STAT-N5).
        """
        self._refuse_lonely_psu()
        if self.calibration is not None:
            scores = self.calibration.residuals(scores)
        weighted = self.weights[:, None] * scores
        found = []
        reached: FloatArray = np.ones(1)
        for stage in self.stages:
            totals = stage.units.sum(weighted)
            found.append(stage.deviations(totals, reached, self.lonely_psu))
            # A later stage counts for n_h/N_h only: the first already holds the rest.
            reached = stage.strata.spread(reached * stage.fraction)
        factor = self._average_factor
        return tuple(found if factor == 1 else (factor**0.5 * each for each in found))

    @property
    def _average_factor(self) -> float:
        # Rule "average": a lonely stratum contributes what the others do on average.
        strata = self.primary.strata.count
        lonely = int(self.primary.lonely.sum())
        return strata / (strata - lonely) if self.lonely_psu == "average" else 1.0

    def _refuse_lonely_psu(self) -> None:
        if self.lonely_psu != "fail":
            return
        names = [
            stage.names[each]
            for stage in self.stages
            for each in stage.lonely.nonzero()[0]
        ]
        if names:
            raise DataError(problem("KCC-D052o", value=name) for name in names)

    def degrees_of_freedom(
        self,
        answered: BoolArray,
        deviations: tuple[FloatArray, ...],
        kind: DegreesOfFreedom = "satterthwaite",
    ) -> FloatArray:
        """Degrees of freedom of k statistics, from where their answers lie.

        ``answered`` (rows × k) marks the answers a statistic rests on. ``full``:
        units minus strata of the design; ``domain``: the same, of the units with an
        answer; ``satterthwaite`` (Cochran 1977, §5.4): the effective number
        (Σ v_h)² / Σ (v_h² / d_h), with v_h the variance that stratum h contributes
        and d_h its units with an answer, at most n_h − 1; never above the units with
        an answer minus one. That form of d_h covers 93 to 97% in domains of 10 to 40
        answers, whatever the number of strata (docs/methods/coverage.md); with one
        less, intervals get wider than they need be (STAT-N3).
        """
        stage = self.primary
        if kind == "full":
            return np.full(answered.shape[1], float(self.full_df))
        present = stage.units.sum(answered.astype(float)) > 0
        units = stage.strata.sum(present.astype(float))
        if kind == "domain":
            return floats((units - (units > 0)).sum(axis=0))
        return self._satterthwaite(units, stage.by_stratum(deviations[0]))

    def _satterthwaite(self, units: FloatArray, variance: FloatArray) -> FloatArray:
        most = self.primary.drawn[:, None] - 1.0
        # Outside the domain a stratum contributes through the weighting alone.
        supplied = np.where(units > 0, np.minimum(units, most), most).clip(min=1)
        total = variance.sum(axis=0)
        # Without variance there is nothing to weigh the strata by: they add up.
        certain = np.where(units > 0, supplied, 0).sum(axis=0)
        spread = (variance**2 / supplied).sum(axis=0)
        effective = np.divide(total**2, spread, out=certain, where=spread > 0)
        most_of_all = np.minimum(units.sum(axis=0) - 1, self.full_df)
        return floats(np.clip(effective, 0, most_of_all.clip(min=0)))


def survey_design(
    data: pd.DataFrame,
    *,
    weights: str | FloatArray | None = None,
    strata: str | None = None,
    cluster: str | Sequence[str] | None = None,
    population: str | FloatArray | Sequence[str] | None = None,
    nest: bool = False,
    lonely_psu: LonelyPsu = "fail",
) -> SurveyDesign:
    """Describe how the respondents of ``data`` were drawn.

    Arguments are names of columns. ``cluster`` names the sampling units, or those of
    two stages; without it each row is a unit. ``population`` gives, on every row, the
    number of units in the population of the row's stratum (a name per stage), and
    switches the finite-population correction on. ``nest`` says that unit names repeat
    across strata. Raises ``DataError`` with every fault found: a weight that is
    missing or not positive, a row without stratum, a unit in two strata, a population
    smaller than the sample.

    >>> frame = pd.DataFrame({"cijfer": [6.0, 7, 8, 9], "wijk": ["a", "a", "b", "b"]})
    >>> survey_design(frame, strata="wijk").full_df
    2
    """
    faults: list[Problem] = []
    names = [cluster] if isinstance(cluster, str) else list(cluster or [])
    given = np.ones(len(data)) if weights is None else _numbers(data, weights)
    _check_weights(given, weights if isinstance(weights, str) else "", faults)
    for column in [strata, *names]:
        if column is not None and data[column].isna().any():
            count = int(data[column].isna().sum())
            faults.append(problem("KCC-D052n", column=column, count=count))
    if faults:
        raise DataError(faults)
    stages = _stages(data, strata, names, nest)
    sizes = [population] if _is_one(population) else list(population or [])
    sized = [
        _with_population(stage, _numbers(data, size))
        for stage, size in zip(stages, sizes, strict=False)
    ]
    # With replacement the first stage holds all variance; later ones would be double.
    used = [*sized, *stages[len(sized) :]] if sized else stages[:1]
    return SurveyDesign(data, given, tuple(used), lonely_psu)


def _is_one(population: object) -> bool:
    return isinstance(population, (str, np.ndarray))


def _numbers(data: pd.DataFrame, variable: object) -> FloatArray:
    source = data[variable] if isinstance(variable, str) else variable
    return floats(source)


def _check_weights(weights: FloatArray, column: str, faults: list[Problem]) -> None:
    wrong = ~(np.isfinite(weights) & (weights > 0))
    if wrong.any():
        faults.append(problem("KCC-D052", column=column, count=int(wrong.sum())))


def _stages(
    data: pd.DataFrame, strata: str | None, clusters: list[str], nest: bool
) -> list[Stage]:
    """Factorise rows into units and units into strata, stage by stage."""
    rows = len(data)
    code, labels = (
        (np.zeros(rows, dtype=np.intp), ["alle respondenten"])
        if strata is None
        else _factorised(data[strata])
    )
    stages: list[Stage] = []
    for depth, cluster in enumerate(clusters or [None]):
        unit = (
            np.arange(rows)
            if cluster is None
            else _factorised(data[cluster])[0] * (code.max() + 1) + code
        )
        unit, first = _consecutive(unit)
        units, within = Grouping.of(unit), Grouping.of(code[first])
        if depth == 0 and cluster and strata and not nest:
            _refuse_unit_in_two_strata(data[cluster], units.count)
        single = units.count == rows
        stages.append(Stage(units, within, tuple(labels), within.size, single))
        code, labels = unit, _unit_names(data, cluster, first)
    return stages


def _factorised(column: pd.Series) -> tuple[IntArray, list[str]]:
    codes, labels = pd.factorize(column, sort=True)
    return codes.astype(np.intp), [str(each) for each in labels]


def _consecutive(code: IntArray) -> tuple[IntArray, IntArray]:
    """Codes 0, 1, … in ascending order, and the first row of each."""
    _, first, consecutive = np.unique(code, return_index=True, return_inverse=True)
    return consecutive.astype(np.intp), first.astype(np.intp)


def _unit_names(data: pd.DataFrame, cluster: str | None, first: IntArray) -> list[str]:
    if cluster is None:
        return []
    return [str(each) for each in data[cluster].iloc[first]]


def _refuse_unit_in_two_strata(column: pd.Series, units: int) -> None:
    if units > column.nunique():
        raise DataError(problem("KCC-D052p", column=str(column.name)))


def _with_population(stage: Stage, size: FloatArray) -> Stage:
    """Add population sizes, one per row, after checking them per stratum."""
    stratum = stage.strata.code[stage.units.code]
    per_stratum = np.zeros(stage.strata.count)
    per_stratum[stratum] = size
    wrong = (per_stratum < stage.drawn) | ~np.isfinite(per_stratum)
    wrong[stratum[size != per_stratum[stratum]]] = True
    if wrong.any():
        raise DataError(
            problem("KCC-D052q", value=stage.names[each]) for each in wrong.nonzero()[0]
        )
    return dataclasses.replace(stage, population=per_stratum)
