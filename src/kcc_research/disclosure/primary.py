"""Primary suppression: results that rest on too few people, or tell of all of them.

D1: the base. D2: of a sensitive question also the cell and its complement. D4: a group
of which (almost) all gave the same answer. D9: no smallest and largest answers, and
percentiles only with enough records on both sides (TRUST §4).
"""

from __future__ import annotations

import re

import pandas as pd

from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.errors import DisclosureError, problem
from kcc_research.estimation.tables import UNKNOWN_GROUP
from kcc_research.study.policy import Rule

STATISTICS = frozenset(
    {"mean", "share", "total", "quantile", "ratio", "gap", "nps", "count"}
)
"""What may be published at all: a minimum or maximum is somebody's answer."""

_PERCENTILE = re.compile(r"(?:^|_)p([0-9]{1,2})$")
_MEDIAN = re.compile(r"(?:^|_)mediaan$")


def primary_rows(
    estimates: pd.DataFrame, sensitive: pd.Series[bool], policy: DisclosurePolicy
) -> pd.Series[bool]:
    """Rows of ``estimates`` that go whatever else is published."""
    refuse_extremes(estimates)
    few = too_few(estimates["n"], policy) & ~excepted(estimates, policy, "D1")
    found = (
        few
        | (sensitive & small_cells(estimates, policy))
        | (sensitive & disclosed_groups(estimates, policy))
    )
    return (found & ~no_secret(estimates, sensitive)) | (
        one_sided_percentiles(estimates, policy) & ~excepted(estimates, policy, "D9")
    )


def no_secret(rows: pd.DataFrame, sensitive: pd.Series[bool]) -> pd.Series[bool]:
    """Rows about nobody, which stay *not measured*: no answer is no secret.

    Of a sensitive question only where nobody at all answered it. Else nobody in a group
    is a small cell like any other: that nobody is in it, that all of it kept silent.
    """
    empty = (rows["n"] == 0).fillna(False).astype(bool) & rows["estimate"].isna()
    place = [rows["source"], rows["indicator"]]
    return empty & (~sensitive | empty.groupby(place).transform("all"))


def too_few(counts: pd.Series, policy: DisclosurePolicy) -> pd.Series[bool]:
    """Numbers of people below the minimum base (D1)."""
    return _below(counts, policy.minimum_base)


def is_indicative(counts: pd.Series, policy: DisclosurePolicy) -> pd.Series[bool]:
    """Numbers of people that make an example, and no finding (D3)."""
    return _below(counts, policy.indicative_below)


def small_cells(rows: pd.DataFrame, policy: DisclosurePolicy) -> pd.Series[bool]:
    """A small cell, complement or group of a sensitive question (D2)."""
    cell, base = rows["count"], rows["n"]
    small = _below(cell, policy.minimum_cell) | _below(base, policy.minimum_cell)
    share = rows["statistic"] == "share"
    small |= _below((base - cell).where(share), policy.minimum_cell)
    is_unknown = (rows["group"] == UNKNOWN_GROUP) & (rows["statistic"] == "count")
    return small & ~is_unknown & ~excepted(rows, policy, "D2")


def disclosed_groups(rows: pd.DataFrame, policy: DisclosurePolicy) -> pd.Series[bool]:
    """A small group of which nearly all, or nearly none, are in one cell (D4)."""
    small = _below(rows["n"], policy.dominant_below)
    return small & _is_dominant(rows, policy) & ~excepted(rows, policy, "D4")


def to_review(rows: pd.DataFrame, policy: DisclosurePolicy) -> pd.Series[bool]:
    """A larger group in one cell (D4): published, but somebody should look at it."""
    small = _below(rows["n"], policy.dominant_below)
    return ~small & _is_dominant(rows, policy)


def _is_dominant(rows: pd.DataFrame, policy: DisclosurePolicy) -> pd.Series[bool]:
    part = (rows["count"] / rows["n"].where(rows["n"] > 0)).astype("Float64")
    largest = part.where(part >= 0.5, 1 - part)
    dominant = (largest >= policy.dominant_share).fillna(False).astype(bool)
    return dominant & (rows["statistic"] == "share")


def one_sided_percentiles(
    rows: pd.DataFrame, policy: DisclosurePolicy
) -> pd.Series[bool]:
    """Percentiles with too few records above or below, or of no known level (D9)."""
    is_quantile = rows["statistic"] == "quantile"
    cells = zip(rows["category"], rows["indicator"], rows["n"], strict=True)
    beside = [
        _beside(_percent(category) or _percent(indicator), n) if asked else 0
        for asked, (category, indicator, n) in zip(is_quantile, cells, strict=True)
    ]
    few = pd.Series(beside, index=rows.index, dtype="int64") < (
        100 * policy.percentile_side
    )
    return few & is_quantile & rows["estimate"].notna()


def _beside(percent: int | None, n: int) -> int:
    """A hundred times the records on the shorter side of a percentile."""
    return 0 if percent is None or pd.isna(n) else min(percent, 100 - percent) * int(n)


def _percent(name: str) -> int | None:
    if _MEDIAN.search(name):
        return 50
    found = _PERCENTILE.search(name)
    return None if found is None else int(found[1])


def refuse_extremes(rows: pd.DataFrame) -> None:
    """Refuse a statistic that is no statistic of a group (D9)."""
    strange = rows[~rows["statistic"].isin(STATISTICS)]
    if len(strange):
        names = strange[["indicator", "statistic"]].drop_duplicates()
        raise DisclosureError(
            [
                problem("KCC-S009", value=name, statistic=statistic)
                for name, statistic in names.itertuples(index=False, name=None)
            ]
        )


def excepted(
    rows: pd.DataFrame, policy: DisclosurePolicy, rule: Rule
) -> pd.Series[bool]:
    """Rows of tables for which a signed exception sets ``rule`` aside."""
    tables = policy.excepted(rule)
    keys = rows[["source", "indicator", "by"]].itertuples(index=False, name=None)
    return pd.Series([key in tables for key in keys], index=rows.index, dtype=bool)


def _below(counts: pd.Series, limit: int) -> pd.Series[bool]:
    return (counts < limit).fillna(False).astype(bool)
