"""Dominance: means of amounts that are mostly of one or two people (TRUST-D10).

Amounts are minutes, seconds, days and other numbers without a scale; a grade is none.
A group where two people make up too much loses its mean, and so does every other group
of that breakdown, or the total minus the others would give it; where they make up too
much of the total, no mean of it is left. What is made of such means goes with them.
"""

from __future__ import annotations

import pandas as pd

from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.primary import excepted, too_few
from kcc_research.disclosure.sensitivity import questions_of
from kcc_research.estimation.tables import CONCENTRATION, TOTAL
from kcc_research.study.measurement import Study

_MADE_OF_MEANS = ("mean", "ratio", "total")


def dominated_rows(
    study: Study, estimates: pd.DataFrame, policy: DisclosurePolicy
) -> pd.Series[bool]:
    """Means that go because one or two people dominate them, or one beside them."""
    alone = is_dominated(estimates, policy) & ~too_few(estimates["n"], policy)
    alone &= ~excepted(estimates, policy, "D10")
    if not alone.any():
        return alone
    about = pd.Series(
        [
            _about(study, source, indicator)
            for source, indicator in zip(
                estimates["source"], estimates["indicator"], strict=True
            )
        ],
        index=estimates.index,
    )
    where = pd.Series(
        list(zip(estimates["source"], about, estimates["by"], strict=True)),
        index=estimates.index,
    )
    gone = set(where[alone])
    everywhere = {place[:2] for place in gone if place[2] == TOTAL}
    hidden = [place in gone or place[:2] in everywhere for place in where]
    made = estimates["statistic"].isin(_MADE_OF_MEANS)
    return pd.Series(hidden, index=estimates.index, dtype=bool) & made


def is_dominated(rows: pd.DataFrame, policy: DisclosurePolicy) -> pd.Series[bool]:
    """Where two people have too much, or the second can guess the first too nearly."""
    if not set(CONCENTRATION) <= set(rows.columns):
        return pd.Series(False, index=rows.index)
    top, rest = (rows[name] for name in CONCENTRATION)
    return (top > policy.top_two) | (rest < policy.nearest_guess)


def _about(study: Study, source: str, indicator: str) -> frozenset[str]:
    """What a result is made of: a question, or a key figure of a registration."""
    questionnaire = study.questionnaires.get(source)
    if questionnaire is None:
        return frozenset({indicator})
    return frozenset(questions_of(questionnaire, indicator))
