"""How a number of a survey is printed, by its statistic: 6,6 or 70% or 1.197."""

from __future__ import annotations

from kcc_research import dutch

DECIMALS = {"count": 0, "ratio": 2, "nps": 0}


def formatted(value: float, statistic: str) -> str:
    """A number in the form its statistic is printed in: 6,6 or 70% or 1.197 or 0,12."""
    if statistic == "share":
        return dutch.percentage(value)
    return dutch.number(value, DECIMALS.get(statistic, 1))
