"""Two waves in one file: the same people may be in both (STAT-M12, M13).

Who answers twice makes a difference between waves more certain than two separate
samples would, and a test that ignores it is too careful: in the panel of the fixtures
the standard error is 0.100 with, and 0.114 without. The waves are stacked; the person
(or household) is the sampling unit, which keeps the covariance. Without persons in
common the strata are wave × stratum, and the covariance is 0.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import linalg

from kcc_research.errors import DataError, problem
from kcc_research.estimation.design import (
    Calibration,
    DegreesOfFreedom,
    Stage,
    SurveyDesign,
)
from kcc_research.estimation.difference import Difference
from kcc_research.estimation.estimate import mean
from kcc_research.estimation.grouping import BoolArray, Grouping, IntArray


def pooled_waves(
    then: SurveyDesign, now: SurveyDesign, *, person: str | None = None
) -> SurveyDesign:
    """Both waves as one design: the rows of ``then``, below them those of ``now``.

    ``person`` names the column that recognises people; a person is one sampling unit,
    with all answers in either wave, in the stratum of that name. Each wave keeps its
    own weights, and its own calibration. There is no finite-population correction:
    the pooled design is for differences (STAT-N9). Raises ``DataError`` when the
    column has gaps or a person is in two strata, and ``ValueError`` when a person
    spans sampling units of one wave: then pool on those units.
    """
    waves = (then, now)
    data = pd.concat([wave.data for wave in waves], ignore_index=True)
    strata, names = _strata(waves, common=person is not None)
    units = _own_units(waves) if person is None else _persons(waves, data, person)
    within = _stratum_of(units, strata, person or "")
    drawn = np.bincount(within)
    stage = Stage(
        Grouping.of(units),
        Grouping.of(within),
        names,
        drawn,
        single=len(within) == len(data),
    )
    weights = np.concatenate([wave.weights for wave in waves])
    return SurveyDesign(data, weights, (stage,), now.lonely_psu, _calibrations(waves))


def wave_difference(
    then: SurveyDesign,
    now: SurveyDesign,
    y: str,
    *,
    person: str | None = None,
    domain_then: BoolArray | None = None,
    domain_now: BoolArray | None = None,
    df: DegreesOfFreedom = "satterthwaite",
) -> Difference:
    """Mean of ``y`` now minus then, covariance of people in both waves kept.

    Whether the waves may be compared at all is for :mod:`.comparability` to say.
    """
    pooled = pooled_waves(then, now, person=person)
    values = linalg.block_diag(
        *(
            np.where(True if domain is None else domain, wave.values(y), np.nan)[
                :, None
            ]
            for wave, domain in ((then, domain_then), (now, domain_now))
        )
    )
    first = np.arange(len(pooled)) < len(then)
    values[first, 1] = values[~first, 0] = np.nan
    found = mean(pooled, values).contrast(np.array([[-1.0], [1.0]]))
    return Difference(found.value, found.std_error, found.df(df))


def _row_strata(wave: SurveyDesign) -> IntArray:
    return wave.primary.strata.code[wave.primary.units.code]


def _strata(
    waves: tuple[SurveyDesign, SurveyDesign], *, common: bool
) -> tuple[IntArray, tuple[str, ...]]:
    """Stratum per row: shared by name when people are, else each wave its own."""
    labels = [
        f"{'' if common else f'{number} '}{wave.primary.names[code]}"
        for number, wave in enumerate(waves, start=1)
        for code in _row_strata(wave)
    ]
    codes, names = pd.factorize(np.array(labels, dtype=object), sort=True)
    return codes.astype(np.intp), tuple(names)


def _own_units(waves: tuple[SurveyDesign, SurveyDesign]) -> IntArray:
    then, now = (wave.primary.units for wave in waves)
    return np.concatenate([then.code, now.code + then.count])


def _persons(
    waves: tuple[SurveyDesign, SurveyDesign], data: pd.DataFrame, person: str
) -> IntArray:
    gaps = int(data[person].isna().sum())
    if gaps:
        raise DataError(problem("KCC-D052n", column=person, count=gaps))
    units = pd.factorize(data[person])[0].astype(np.intp)
    own = _own_units(waves)
    if len(pd.DataFrame({"own": own, "unit": units}).drop_duplicates()) > own.max() + 1:
        raise ValueError(f"sampling units hold several {person!r}: pool on those units")
    return units


def _stratum_of(units: IntArray, strata: IntArray, person: str) -> IntArray:
    pairs = pd.DataFrame({"unit": units, "stratum": strata}).drop_duplicates()
    if pairs["unit"].duplicated().any():
        raise DataError(problem("KCC-D052p", column=person))
    return pairs.sort_values("unit")["stratum"].to_numpy(dtype=np.intp)


def _calibrations(waves: tuple[SurveyDesign, SurveyDesign]) -> Calibration | None:
    """Each wave's calibration side by side: its variables are 0 in the other wave."""
    found = [wave.calibration for wave in waves]
    if not any(found):
        return None
    parts = [
        each or Calibration((), (), np.empty((len(wave), 0)), np.empty(0), wave.weights)
        for wave, each in zip(waves, found, strict=True)
    ]
    return Calibration(
        variables=tuple(name for each in parts for name in each.variables),
        categories=tuple(name for each in parts for name in each.categories),
        matrix=linalg.block_diag(*(each.matrix for each in parts)),
        totals=np.concatenate([each.totals for each in parts]),
        base_weights=np.concatenate([each.base_weights for each in parts]),
    )
