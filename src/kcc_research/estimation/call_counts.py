"""What is counted of calls and visits, and the named sums made of it (DOMAIN-D18).

The ratio alone says little: 1.000 answered, 800 of them in time, 75 abandoned, 25 of
these within the short-abandon limit, give 80,0%, 74,4%, 76,2% or 81,4%. So the name of
the formula goes with the figure. Here are the counts and the only formulas; interval
and verdict belong elsewhere, because a complete registration has none of the first.
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_research import dutch
from kcc_research.study.record_layout import Formula

FORMULAS: tuple[Formula, ...] = (
    "answered",
    "offered",
    "offered_excl_short",
    "abandoned_in_time_ok",
)


@dataclass(frozen=True, slots=True)
class CallCounts:
    """Calls of one group, in opening hours where these are declared.

    ``offered`` = answered + abandoned + overflow + chose to be called back. ``short``:
    abandoned sooner than the short-abandon limit. ``*_in_time``: within the seconds of
    the service level, these included.
    """

    offered: int
    answered: int
    answered_in_time: int
    abandoned: int
    abandoned_short: int
    abandoned_in_time: int

    def service_level(self, formula: Formula) -> tuple[int, int]:
        """Numerator and denominator of a service level.

        >>> CallCounts(1075, 1000, 800, 75, 25, 75).service_level("offered")
        (800, 1075)
        """
        in_time = self.answered_in_time
        parts: dict[Formula, tuple[int, int]] = {
            "answered": (in_time, self.answered),
            "offered": (in_time, self.offered),
            "offered_excl_short": (in_time, self.offered - self.abandoned_short),
            "abandoned_in_time_ok": (in_time + self.abandoned_in_time, self.offered),
        }
        return parts[formula]

    def abandonment(self, *, with_short: bool = False) -> tuple[int, int]:
        """Who gave up, of who was offered; the short ones in neither, or in both."""
        short = 0 if with_short else self.abandoned_short
        return self.abandoned - short, self.offered - short


def fraction(counts: tuple[int, int]) -> float:
    """Numerator over denominator; NaN where nobody is counted."""
    part, whole = counts
    return part / whole if whole else float("nan")


def formula_words(formula: Formula, short_abandon: float) -> str:
    """What a formula divides by what, as it is printed under its figure.

    ``short_abandon``: seconds; who hangs up sooner did not wait.
    """
    within = f"binnen {dutch.number(short_abandon)} seconden" if short_abandon else ""
    words: dict[Formula, str] = {
        "answered": "op tijd beantwoord gedeeld door beantwoord",
        "offered": "op tijd beantwoord gedeeld door aangeboden",
        "offered_excl_short": "op tijd beantwoord gedeeld door aangeboden zonder wie "
        f"{within or 'meteen'} ophing",
        "abandoned_in_time_ok": "op tijd beantwoord of binnen die tijd opgehangen, "
        "gedeeld door aangeboden",
    }
    return words[formula]
