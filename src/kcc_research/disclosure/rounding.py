"""Numbers of people as multiples of five, where a measurement asks for it (TRUST-D7).

It comes after suppression, which still rests on the true numbers. The base of a
distribution is the sum of its rounded categories; of anything else it is rounded
itself. Shares are computed once more from the rounded numbers, and everything else
keeps the digits a report prints: with ten of them the exact number could be found by
trying (GRIM). Every row that is touched says so in ``method``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from kcc_research import dutch
from kcc_research.study.policy import ROUNDED_TO, to_five

SAYS_SO = f"aantallen afgerond op {ROUNDED_TO}"
_DIGITS: Mapping[str, int] = {"mean": 1, "quantile": 1, "total": 0}
_ELSE = 2
_COUNTS = ("count", "n", "n_reference", "df", "n_effective")
_MEASURES = (
    *("std_error", "ci_low", "ci_high", "design_effect", "std_error_without_fpc"),
    *("difference", "detectable", "p_value", "p_adjusted"),
)
_IN_WORDS = re.compile(
    rf"(?<=n[ {dutch.NBSP}]=[ {dutch.NBSP}])\d[\d.]*"
    r"|\b\d[\d.]*(?= van (?:de )?\d)|(?<=\d van )\d[\d.]*|(?<=\d van de )\d[\d.]*"
)
_NO_PEOPLE = frozenset({"dagen_zonder_registratie"})
"""Indicators that count something else: working days."""

_GROUP = ["source", "indicator", "statistic", "by", "group"]


def round_estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Protected estimates with rounded numbers of people, and nothing finer."""
    people = ~rows["indicator"].isin(_NO_PEOPLE)
    rounded = rows.copy()
    rounded.loc[people] = _of_people(rows[people])
    return rounded


def _of_people(rows: pd.DataFrame) -> pd.DataFrame:
    rounded = _rounded(rows)
    whole = rounded.groupby(_GROUP)["count"].transform("sum", min_count=1)
    parts = rows.groupby(_GROUP)["count"].transform("sum", min_count=1)
    split = (rows["statistic"] == "share") & (parts == rows["n"]) & _several(rows)
    rounded["n"] = rounded["n"].mask(split.fillna(False).astype(bool), whole)
    rounded["estimate"] = [
        _estimate(*each)
        for each in zip(
            rounded["statistic"],
            rounded["estimate"],
            rounded["count"],
            rounded["n"],
            rounded["weighted"],
            strict=True,
        )
    ]
    return rounded


def round_comparisons(rows: pd.DataFrame) -> pd.DataFrame:
    """Protected comparisons, the same way."""
    return _rounded(rows)


def round_verdicts(
    verdicts: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame
) -> pd.DataFrame:
    """A verdict shows the estimate as it is published; the verdict itself stays."""
    names = ["indicator", "by", "group", "estimate"]
    keys = before[names].itertuples(index=False, name=None)
    known = dict(zip(keys, after["estimate"], strict=True))
    found = verdicts.copy()
    shown = verdicts[names].itertuples(index=False, name=None)
    found["estimate"] = [known.get(each, _coarse(each[3], _ELSE)) for each in shown]
    found["reason"] = [_words(each) for each in verdicts["reason"]]
    return found


def _rounded(rows: pd.DataFrame) -> pd.DataFrame:
    found = rows.copy()
    if rows.empty:
        return found
    for name in [each for each in _COUNTS if each in rows]:
        values = rows[name].astype("Float64")
        found[name] = values.map(to_five, na_action="ignore").astype(rows[name].dtype)
    for name in [each for each in _MEASURES if each in rows]:
        digits = [_DIGITS.get(each, _ELSE) for each in rows["statistic"]]
        if name in ("difference", "detectable") or name.startswith(("std", "p_")):
            digits = [_ELSE] * len(rows)
        pairs = zip(rows[name], digits, strict=True)
        found[name] = [_coarse(value, each) for value, each in pairs]
    for name in ("base", "reason", "method"):
        if name in rows:
            found[name] = [_words(each) for each in rows[name]]
    touched = rows["status"].isin(["published", "indicative"])
    says = found["method"].where(found["method"] != "", SAYS_SO)
    says = says.where(says == SAYS_SO, says + f"; {SAYS_SO}")
    return found.assign(method=found["method"].where(~touched, says))


def _several(rows: pd.DataFrame) -> pd.Series[bool]:
    return rows.groupby(_GROUP)["category"].transform("size") > 1


def _estimate(
    statistic: str, value: float, count: float, n: float, weighted: bool
) -> float:
    if pd.isna(value):
        return value
    if statistic == "count":
        return float(to_five(value))
    if statistic == "share" and not weighted and not (pd.isna(count) or not n):
        return min(1.0, float(count) / float(n))
    return _coarse(value, _DIGITS.get(statistic, _ELSE))


def _coarse(value: float, digits: int) -> float:
    return (
        value
        if pd.isna(value) or np.isinf(value)
        else float(dutch.rounded(float(value), digits))
    )


def _words(text: str) -> str:
    """Numbers of people that stand in words: *n = 17*, *60 van 84*."""
    return _IN_WORDS.sub(
        lambda found: dutch.number(to_five(int(found[0].strip(".").replace(".", "")))),
        text,
    )
