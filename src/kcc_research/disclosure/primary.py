"""Primary suppression: numbers that rest on too few respondents are taken out.

A suppressed row keeps its place and its name and loses every number, the base
included: numerator and denominator go together (TRUST-D2). Of a sensitive question a
small category, or a small complement, withholds the whole question for that group,
so that the other categories cannot give it away.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.study.measurement import Study

_NAMES = [
    "measurement",
    "source",
    "indicator",
    "statistic",
    "by",
    "group",
    "category",
    "base",
    "weighted",
    "uncertainty",
    "method",
    "status",
]
_COMPARED = [
    "measurement",
    "source",
    "indicator",
    "statistic",
    "by",
    "group",
    "category",
    "reference",
    "family",
    "method",
    "status",
]
_TABLE = ["source", "indicator", "by", "group"]

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
    hidden = _too_few(estimates, policy) | _small_cells(study, estimates, policy)
    safe = _without_numbers(estimates, hidden, _NAMES)
    indicative = (safe["status"] == "published") & (safe["n"] < policy.indicative_below)
    safe.loc[indicative.fillna(False).astype(bool), "status"] = "indicative"
    lost = _keys(estimates[hidden], _TABLE)
    hidden_comparisons = _compares_hidden(comparisons, lost, policy)
    return Protected(
        estimates=safe,
        comparisons=_silent(
            _without_numbers(comparisons, hidden_comparisons, _COMPARED),
            hidden_comparisons,
        ),
        verdicts=_verdicts_without(verdicts, estimates[hidden]),
        tested=len(estimates) + len(comparisons),
        suppressed=int(hidden.sum()) + int(hidden_comparisons.sum()),
    )


def _too_few(rows: pd.DataFrame, policy: DisclosurePolicy) -> pd.Series[bool]:
    return (rows["n"] < policy.minimum_base).fillna(False).astype(bool)


def _small_cells(
    study: Study, rows: pd.DataFrame, policy: DisclosurePolicy
) -> pd.Series[bool]:
    """Groups in which a category of a sensitive question, or its rest, is small."""
    sensitive = rows["indicator"].isin(_sensitive_indicators(study))
    cell, rest = rows["count"], rows["n"] - rows["count"]
    small = (cell < policy.minimum_cell) | (rest < policy.minimum_cell)
    small = sensitive & small.fillna(False).astype(bool)
    tables = pd.MultiIndex.from_frame(rows[_TABLE])
    return sensitive & tables.isin(tables[small.to_numpy()])


def _sensitive_indicators(study: Study) -> set[str]:
    return {
        indicator.id
        for questionnaire in study.questionnaires.values()
        for indicator in questionnaire.indicator
        if questionnaire.questions[indicator.question].sensitive
    }


def _without_numbers(
    rows: pd.DataFrame, hidden: pd.Series[bool], kept: list[str]
) -> pd.DataFrame:
    safe = rows.copy()
    numbers = [name for name in rows.columns if name not in kept]
    for name in numbers:
        safe[name] = safe[name].mask(hidden)
    safe.loc[hidden, "status"] = "suppressed"
    return safe


def _compares_hidden(
    rows: pd.DataFrame, lost: set[tuple[str, ...]], policy: DisclosurePolicy
) -> pd.Series[bool]:
    few = _too_few(rows, policy)
    few |= (rows["n_reference"] < policy.minimum_base).fillna(False).astype(bool)
    here = pd.Series(
        [key in lost for key in rows[_TABLE].itertuples(index=False, name=None)],
        index=rows.index,
        dtype=bool,
    )
    there = pd.Series(
        [
            key in lost
            for key in rows[[*_TABLE[:3], "reference"]].itertuples(
                index=False, name=None
            )
        ],
        index=rows.index,
        dtype=bool,
    )
    return few | here | there


def _silent(rows: pd.DataFrame, hidden: pd.Series[bool]) -> pd.DataFrame:
    rows.loc[hidden, "verdict"] = "not_shown"
    rows.loc[hidden, "reason"] = TOO_FEW
    return rows


def _verdicts_without(verdicts: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    """A verdict on a hidden estimate would tell on which side of the norm it lies."""
    gone = _keys(lost, ["indicator", "by", "group"])
    keep = [
        key not in gone
        for key in verdicts[["indicator", "by", "group"]].itertuples(
            index=False, name=None
        )
    ]
    return verdicts[pd.Series(keep, index=verdicts.index, dtype=bool)].reset_index(
        drop=True
    )


def _keys(rows: pd.DataFrame, names: list[str]) -> set[tuple[str, ...]]:
    return set(rows[names].itertuples(index=False, name=None))
