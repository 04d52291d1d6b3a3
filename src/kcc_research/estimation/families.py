"""Families of tests in words, for where their p-values are explained (STAT-C7, M18).

In the tables a family is a key: what was tested, then source, indicator and breakdown
by their names in the definition files. Here it is Dutch.
"""

from __future__ import annotations

from kcc_research.estimation.benchmark import BENCHMARK
from kcc_research.estimation.comparability import WAVES
from kcc_research.estimation.control_chart import CHART
from kcc_research.estimation.gap import GAP
from kcc_research.estimation.group_comparison import GROUPS
from kcc_research.estimation.priority import PRIORITY
from kcc_research.study.measurement import EVERYONE

_KINDS = {
    WAVES: "eerdere meting",
    GROUPS: "verschillen tussen groepen",
    BENCHMARK: "vergelijking met andere gemeenten",
    CHART: "verloop in de tijd",
    GAP: "ervaring tegenover verwachting",
    PRIORITY: "belang en oordeel",
}


def family_words(family: str) -> str:
    """The ``family`` of a comparison as a reader knows it.

    >>> family_words("waves: algemeen, brug (all nu, had_contact toen)")
    'eerdere meting: algemeen, brug (iedereen nu, had contact toen)'
    """
    kind, colon, rest = family.partition(":")
    words = _KINDS.get(kind)
    if words is None or not colon:
        return family.replace("_", " ")
    return (
        f"{words}:{rest}".replace(f"({EVERYONE} ", "(iedereen ")
        .replace(f", {EVERYONE} toen", ", iedereen toen")
        .replace("_", " ")
    )
