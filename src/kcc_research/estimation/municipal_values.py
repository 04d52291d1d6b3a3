"""What mystery contacts say about each municipality: values, errors, scores.

Every municipality is measured, so nothing is a sample of municipalities; but each is
measured with a few contacts, and another day of contacts would give another value
(STAT-N8, *measurement*). With ten answers a municipality may show no variance at all,
so that its own standard error would be 0. The variance within municipalities is
therefore pooled over all of them: se² = s²/n, s² = Σ(nᵢ − 1)sᵢ² / Σ(nᵢ − 1).

The score of a dimension is the mean of its indicators, each brought to 0–100. Its
error keeps the covariance of indicators that come from the same contacts: the
influence of contact c is Σⱼ aⱼ(y_cj − ȳⱼ)/nⱼ, linearised as in STAT-N2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from kcc_research.estimation.answers import indicator_answers
from kcc_research.estimation.grouping import FloatArray, IntArray, floats
from kcc_research.estimation.tables import ESTIMATE_COLUMNS, TOTAL, tidy
from kcc_research.study.benchmark import Dimension, benchmarked
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Source, Study
from kcc_research.study.questionnaire import Questionnaire

UNIT = "unit"
CHOSEN_GROUP = "vergelijkingsgroep"
"""Column and ``by`` of the groups that municipalities chose themselves."""

CONTACTS = "mysterycontacten"
"""Indicator that counts contacts."""

FULL_SCORE = 100.0


@dataclass(frozen=True, eq=False)
class _Contacts:
    """Rows of contacts with the place (0 … k − 1) of their municipality."""

    rows: pd.DataFrame
    place: IntArray
    units: tuple[str, ...]

    def per_unit(self, values: FloatArray) -> FloatArray:
        """Sums per municipality; NaN counts for nothing."""
        filled = np.where(np.isnan(values), 0.0, values)
        return floats(np.bincount(self.place, filled, minlength=len(self.units)))


@dataclass(frozen=True, eq=False)
class _Column:
    """One indicator: its values per contact, and mean and number per municipality."""

    indicator: Indicator
    statistic: Literal["mean", "share"]
    values: FloatArray
    n: FloatArray
    mean: FloatArray


def contact_source(study: Study) -> Source:
    """The source with mystery contacts."""
    return next(each for each in study.measurement.source if each.kind == "mystery")


def measure_municipalities(
    study: Study, responses: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """A row per municipality and indicator or dimension, in declared order.

    ``responses`` are the checked rows by source. Columns: ``indicator, statistic, unit,
    n, count, estimate, std_error``, the size class under the name of its question, and
    :data:`CHOSEN_GROUP`. Dimensions have statistic *mean* on 0–100 and count contacts
    in ``n``. A municipality without contacts has n 0 and no estimate: it is not
    measured, and stays.
    """
    source = contact_source(study)
    questionnaire = study.questionnaires[source.id]
    code = questionnaire.with_role("municipality_code")
    if code is None:
        raise ValueError(f"'{source.id}' does not say which municipality a row is of")
    contacts = responses[source.id]
    units = tuple(each.gm for each in benchmarked(study.measurement))
    of = {unit: place for place, unit in enumerate(units)}
    place = np.array(contacts[code.id].map(of), dtype=np.intp)
    found = _Contacts(contacts, place, units)
    columns = {each.id: _column(each, questionnaire, found) for each in _used(study)}
    parts = [_of_indicator(each, found) for each in columns.values()]
    parts += [
        _of_dimension(each, columns, questionnaire, found)
        for each in study.measurement.dimension
    ]
    measured = pd.concat(parts, ignore_index=True)
    return measured.assign(**_groups(study, questionnaire, measured[UNIT]))


def _used(study: Study) -> Iterator[Indicator]:
    """Indicators of the dimensions, in their order."""
    known = study.questionnaires[contact_source(study).id].indicators
    for dimension in study.measurement.dimension:
        yield from (known[name] for name in dimension.indicators)


def _column(
    indicator: Indicator, questionnaire: Questionnaire, contacts: _Contacts
) -> _Column:
    answers = next(indicator_answers(indicator, questionnaire, contacts.rows))
    n = contacts.per_unit((~np.isnan(answers.values)).astype(float))
    with np.errstate(invalid="ignore"):
        mean = contacts.per_unit(answers.values) / n
    return _Column(indicator, answers.statistic, answers.values, n, mean)


def _of_indicator(column: _Column, contacts: _Contacts) -> pd.DataFrame:
    away = column.values - column.mean[contacts.place]
    variance = _pooled(contacts.per_unit(away**2), column.n)
    return _frame(
        column.indicator.id,
        column.statistic,
        contacts,
        column.n,
        column.mean,
        variance,
        count=contacts.per_unit(column.values)
        if column.statistic == "share"
        else np.full(len(column.n), np.nan),
    )


def _pooled(squares: FloatArray, n: FloatArray) -> float:
    """Variance within municipalities, from their sums of squares."""
    return float(squares.sum() / np.maximum(n - 1, 0).sum())


def _of_dimension(
    dimension: Dimension,
    columns: dict[str, _Column],
    questionnaire: Questionnaire,
    contacts: _Contacts,
) -> pd.DataFrame:
    """Score 0–100; only where every indicator of the dimension was measured."""
    score = np.zeros(len(contacts.units))
    influence = np.zeros(len(contacts.rows))
    for name in dimension.indicators:
        column = columns[name]
        low, span = _range(column, questionnaire)
        weight = FULL_SCORE / span / len(dimension.indicators)
        score = score + weight * (column.mean - low)
        away = (column.values - column.mean[contacts.place]) / column.n[contacts.place]
        influence = influence + weight * np.where(np.isnan(away), 0.0, away)
    n = np.bincount(contacts.place, minlength=len(contacts.units)).astype(float)
    # n · V is the variance that one contact would have; that is what is pooled.
    squares = contacts.per_unit((influence * n[contacts.place]) ** 2)
    return _frame(
        dimension.id,
        "mean",
        contacts,
        n,
        score,
        _pooled(squares, n),
        count=np.full(len(n), np.nan),
    )


def _range(column: _Column, questionnaire: Questionnaire) -> tuple[float, float]:
    """Where 0 lies and how long the way to 100 is, in units of the indicator."""
    if column.statistic == "share":
        return 0.0, 1.0
    bounds = questionnaire.questions[column.indicator.question].range
    if bounds is None:
        raise ValueError(f"'{column.indicator.id}' has no range to score it on")
    return bounds[0], bounds[1] - bounds[0]


def _frame(
    name: str,
    statistic: str,
    contacts: _Contacts,
    n: FloatArray,
    value: FloatArray,
    variance: float,
    *,
    count: FloatArray,
) -> pd.DataFrame:
    measured = (n > 0) & ~np.isnan(value)
    with np.errstate(divide="ignore"):
        error = np.sqrt(variance / n)
    return pd.DataFrame(
        {
            "indicator": name,
            "statistic": statistic,
            UNIT: list(contacts.units),
            "n": n,
            "count": count,
            "estimate": np.where(measured, value, np.nan),
            "std_error": np.where(measured, error, np.nan),
        }
    )


def _groups(
    study: Study, questionnaire: Questionnaire, units: pd.Series
) -> dict[str, pd.Series]:
    """Size class and chosen group of every row, from register and measurement."""
    found: dict[str, pd.Series] = {}
    size = questionnaire.with_role("size_class")
    if size is not None:
        classes = {
            each.gm: size.codes.get(str(each.size_class), "")
            for each in benchmarked(study.measurement)
        }
        found[size.id] = units.map(classes)
    chosen = {
        code: group.label
        for group in study.measurement.reference_group
        for code in group.municipalities
    }
    found[CHOSEN_GROUP] = units.map(chosen)
    return found


def group_members(study: Study, reference: str) -> frozenset[str]:
    """Codes of the municipalities in a group, by the name that comparisons give it."""
    units = pd.Series([each.gm for each in benchmarked(study.measurement)])
    questionnaire = study.questionnaires[contact_source(study).id]
    for column, values in _groups(study, questionnaire, units).items():
        inside = (column + " " + values.astype("object")) == reference
        if inside.any():
            return frozenset(units[inside.fillna(False).astype(bool)])
    return frozenset(units)


def count_contacts(study: Study, responses: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """An ``estimates`` table with the number of contacts, in all and per channel."""
    source = contact_source(study)
    rows = responses[source.id]
    channel = study.questionnaires[source.id].with_role("channel")
    counts = [(TOTAL, TOTAL, len(rows))]
    for category in channel.categories if channel is not None else ():
        assert channel is not None
        number = int((rows[channel.id] == category).sum())
        counts.append((channel.id, category, number))
    frame = pd.DataFrame(counts, columns=["by", "group", "n"])
    shared: dict[str, Any] = {
        "measurement": study.key,
        "source": source.id,
        "indicator": CONTACTS,
        "statistic": "count",
        "estimate": frame["n"].astype(float),
        "base": "contacten",
        "uncertainty": "none",
        "method": "telling",
        "status": "published",
    }
    return tidy(frame.assign(**shared), ESTIMATE_COLUMNS)


def group_columns(study: Study, measured: pd.DataFrame) -> Sequence[str]:
    """Groups to be held against, from narrow to wide: the chosen one, then the size."""
    size = study.questionnaires[contact_source(study).id].with_role("size_class")
    names = [CHOSEN_GROUP, size.id if size is not None else ""]
    return [each for each in names if each in measured]


def tables_of(measured: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Name, statistic and rows of every indicator and dimension, in order."""
    for name, rows in measured.groupby("indicator", sort=False):
        yield str(name), str(rows["statistic"].iloc[0]), rows.reset_index(drop=True)


def as_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one indicator that were measured."""
    return rows[floats(rows["n"]) > 0].reset_index(drop=True)
