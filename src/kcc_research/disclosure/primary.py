"""Primary suppression: numbers that rest on too few respondents are taken out.

A suppressed row keeps its place and its name and loses every number, the base
included: numerator and denominator go together (TRUST-D2). Of a sensitive question a
small cell, complement, group or rest withholds the whole table it stands in, so that
neither margins nor differences give it away.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.sensitivity import sensitive_rows
from kcc_research.estimation.tables import TOTAL
from kcc_research.study.measurement import Study

_TABLE = ["source", "indicator", "by"]

TOO_FEW = "te weinig antwoorden om te publiceren"


@dataclass(frozen=True, slots=True)
class Protected:
    """The three result tables as they may be published, and what was done to them."""

    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    verdicts: pd.DataFrame
    tested: int
    suppressed: int


def protect(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    verdicts: pd.DataFrame,
    policy: DisclosurePolicy | None = None,
) -> Protected:
    """Apply the policy to all three tables; the input frames are left as they are."""
    policy = policy or DisclosurePolicy()
    withheld = _withheld_tables(study, estimates, policy)
    hidden = _too_few(estimates["n"], policy) | _among(estimates, withheld)
    compared = (
        _too_few(comparisons["n"], policy)
        | _too_few(comparisons["n_reference"], policy)
        | _among(comparisons, withheld)
    )
    safe = _without_numbers(estimates, hidden)
    indicative = _below(safe["n"], policy.indicative_below)
    safe.loc[indicative & (safe["status"] == "published"), "status"] = "indicative"
    quiet = _without_numbers(comparisons, compared)
    quiet.loc[compared, ["verdict", "reason"]] = ["not_shown", TOO_FEW]
    return Protected(
        estimates=safe,
        comparisons=quiet,
        verdicts=_verdicts_without(verdicts, estimates[hidden]),
        tested=len(estimates) + len(comparisons),
        suppressed=int(hidden.sum()) + int(compared.sum()),
    )


def _below(counts: pd.Series, limit: int) -> pd.Series[bool]:
    return (counts < limit).fillna(False).astype(bool)


def _too_few(counts: pd.Series, policy: DisclosurePolicy) -> pd.Series[bool]:
    return _below(counts, policy.minimum_base)


def _withheld_tables(
    study: Study, rows: pd.DataFrame, policy: DisclosurePolicy
) -> set[tuple[str, ...]]:
    """Tables of sensitive questions in which any number of people is small.

    A hidden cell beside published ones can be computed from a margin or from a
    difference. Until cells are protected against each other, the table goes whole:
    every group of the breakdown, and whatever is compared within it.
    """
    sensitive = rows[sensitive_rows(study, rows)]
    totals = _totals(sensitive)
    small = pd.Series(False, index=sensitive.index)
    for cell in (
        sensitive["count"],
        sensitive["n"] - sensitive["count"],
        sensitive["n"].where(sensitive["by"] != TOTAL),
        *_rests(sensitive, totals),
    ):
        small |= _below(cell, policy.minimum_cell)
    return _keys(sensitive[small], _TABLE)


def _totals(rows: pd.DataFrame) -> pd.DataFrame:
    """``n`` and ``count`` of the same result for the whole target, row by row."""
    names = ["source", "indicator", "statistic", "category"]
    totals = rows[rows["by"] == TOTAL].drop_duplicates(names).set_index(names)
    places = pd.MultiIndex.from_frame(rows[names])
    return totals[["n", "count"]].reindex(places).set_index(rows.index)


def _rests(rows: pd.DataFrame, totals: pd.DataFrame) -> list[pd.Series]:
    """People between a group and the total: those in one of the two only.

    Nobody between them is no disclosure: the group is the total under another name.
    """
    inside = rows["by"] != TOTAL
    found = []
    for name in ("n", "count"):
        between = (totals[name] - rows[name]).abs().where(inside)
        found.append(between.where(between > 0))
    return found


def _among(rows: pd.DataFrame, tables: set[tuple[str, ...]]) -> pd.Series[bool]:
    keys = rows[_TABLE].itertuples(index=False, name=None)
    return pd.Series([key in tables for key in keys], index=rows.index, dtype=bool)


def _without_numbers(rows: pd.DataFrame, hidden: pd.Series[bool]) -> pd.DataFrame:
    safe = rows.copy()
    for name in rows.select_dtypes("number"):
        safe[name] = safe[name].mask(hidden)
    safe.loc[hidden, "status"] = "suppressed"
    return safe


def _verdicts_without(verdicts: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    """A verdict on a hidden estimate would tell on which side of the norm it lies."""
    names = ["indicator", "by", "group"]
    gone = _keys(lost, names)
    keys = verdicts[names].itertuples(index=False, name=None)
    keep = pd.Series(
        [key not in gone for key in keys], index=verdicts.index, dtype=bool
    )
    return verdicts[keep].reset_index(drop=True)


def _keys(rows: pd.DataFrame, names: list[str]) -> set[tuple[str, ...]]:
    return set(rows[names].itertuples(index=False, name=None))
