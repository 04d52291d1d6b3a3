"""What may be published of the three result tables: nothing gets around this.

A suppressed row keeps its place and its name and loses every number, the base
included: numerator and denominator go together (TRUST-D2). What is compared with it,
or judged by it, goes with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kcc_research.disclosure.confidential import confidential_rows
from kcc_research.disclosure.linked import protect_tables
from kcc_research.disclosure.magnitudes import dominated_rows
from kcc_research.disclosure.models import is_modelled, thin_models
from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.primary import (
    excepted,
    is_indicative,
    primary_rows,
    to_review,
    too_few,
)
from kcc_research.disclosure.registry import EarlierTables
from kcc_research.disclosure.rounding import (
    round_comparisons,
    round_estimates,
    round_verdicts,
)
from kcc_research.disclosure.sensitivity import sensitive_rows
from kcc_research.estimation.tables import CONCENTRATION
from kcc_research.study.measurement import Study

TOO_FEW = "te weinig antwoorden om te publiceren"
WHITE_SPOTS = ("no_norm", "not_measured")
"""Verdicts that follow from the norm, not from an estimate."""

Table = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Protected:
    """The three result tables as they may be published, and what was done to them.

    ``withheld``: tables (source, indicator, by) that could not be protected in part;
    ``review``: groups nearly all in one category, for somebody to look at.
    """

    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    verdicts: pd.DataFrame
    tested: int
    suppressed: int
    secondary: int = 0
    withheld: tuple[Table, ...] = ()
    review: tuple[Table, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What a researcher should know of it, in Dutch."""
        return (
            *(
                f"niet te beschermen, dus weggelaten: {_words(x)}"
                for x in self.withheld
            ),
            *(
                f"bekijk: bijna iedereen in één categorie, {_words(x)}"
                for x in self.review
            ),
        )


def protect(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    verdicts: pd.DataFrame,
    policy: DisclosurePolicy | None = None,
    earlier: Sequence[EarlierTables] = (),
) -> Protected:
    """Apply the policy to all three tables; the input frames are left as they are.

    ``policy``: that of the measurement, unless another is given. ``earlier``: what is
    published of earlier measurements. Raises :class:`DisclosureError` (S009) for a
    statistic that is the answer of one person.
    """
    policy = policy or study.measurement.disclosure
    estimates = estimates.reset_index(drop=True)
    sensitive = sensitive_rows(study, estimates)
    primary = primary_rows(estimates, sensitive, policy)
    primary |= confidential_rows(study, estimates, policy)
    primary |= dominated_rows(study, estimates, policy)
    primary |= thin_models(estimates, policy)
    linked = protect_tables(study, estimates, primary, policy, earlier)
    hidden = pd.Series(estimates.index.isin(list(linked.hidden)), estimates.index)
    compared = _compared(estimates, hidden, comparisons, policy)
    kept = estimates.drop(columns=list(CONCENTRATION), errors="ignore")
    safe = _without_numbers(kept, hidden)
    indicative = is_indicative(safe["n"], policy) & (safe["status"] == "published")
    safe.loc[indicative, "status"] = "indicative"
    quiet = _without_numbers(comparisons, compared)
    quiet.loc[compared, ["verdict", "reason"]] = ["not_shown", TOO_FEW]
    judged = _verdicts_without(verdicts, estimates[hidden & ~is_modelled(estimates)])
    if policy.round_counts:
        exact, safe, quiet = safe, round_estimates(safe), round_comparisons(quiet)
        judged = round_verdicts(judged, exact, safe)
    return Protected(
        estimates=safe,
        comparisons=quiet,
        verdicts=judged,
        tested=len(estimates) + len(comparisons),
        suppressed=int(hidden.sum()) + int(compared.sum()),
        secondary=int((hidden & ~primary).sum()),
        withheld=tuple(sorted(linked.withheld)),
        review=_tables(estimates[sensitive & ~hidden & to_review(estimates, policy)]),
    )


def _compared(
    estimates: pd.DataFrame,
    hidden: pd.Series[bool],
    comparisons: pd.DataFrame,
    policy: DisclosurePolicy,
) -> pd.Series[bool]:
    """Comparisons with a side that is small, or hidden: one side gives the other.

    A group with a hidden category has no differences at all: they are sums of it. A
    difference with *overige groepen* is one with the total, and goes with its group.
    """
    sizes = comparisons["n"], comparisons["n_reference"]
    some = [(each != 0).fillna(True).astype(bool) for each in sizes]
    small = (too_few(sizes[0], policy) & some[0]) | (
        too_few(sizes[1], policy) & some[1]
    )
    small &= ~excepted(comparisons, policy, "D1")
    small |= thin_models(comparisons, policy)
    place = ["source", "indicator", "by"]
    lost = hidden & ~is_modelled(estimates)
    gone = _keys(estimates[lost], [*place, "group"])
    for side in ("group", "reference"):
        keys = comparisons[[*place, side]].itertuples(index=False, name=None)
        small |= pd.Series(
            [key in gone for key in keys], index=comparisons.index, dtype=bool
        )
    return small


def _words(table: Table) -> str:
    source, indicator, by = table
    return f"{indicator} naar {by} ({source}); voeg eventueel antwoorden samen"


def _tables(rows: pd.DataFrame) -> tuple[Table, ...]:
    found = rows[["source", "indicator", "by"]].itertuples(index=False, name=None)
    return tuple(sorted(set(found)))


def _without_numbers(rows: pd.DataFrame, hidden: pd.Series[bool]) -> pd.DataFrame:
    safe = rows.copy()
    for name in rows.select_dtypes("number"):
        safe[name] = safe[name].mask(hidden)
    safe.loc[hidden, "status"] = "suppressed"
    return safe


def _verdicts_without(verdicts: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    """A verdict on a hidden estimate would tell on which side of the norm it lies.

    A *witte vlek* says nothing about the estimate: it stays, without the number.
    """
    names = ["indicator", "by", "group"]
    gone = _keys(lost, names)
    keys = verdicts[names].itertuples(index=False, name=None)
    hidden = pd.Series([key in gone for key in keys], index=verdicts.index, dtype=bool)
    white = verdicts["verdict"].isin(WHITE_SPOTS)
    kept = verdicts[~hidden | white].copy()
    kept.loc[hidden & white, "estimate"] = float("nan")
    return kept.reset_index(drop=True)


def _keys(rows: pd.DataFrame, names: list[str]) -> set[tuple[str, ...]]:
    return set(rows[names].itertuples(index=False, name=None))
