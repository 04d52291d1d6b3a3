"""Quoted figures: could they have come from so many answers? (DESIGN §8.7)

The test of Brown & Heathers (2017, GRIM): of n answers a percentage or a mean can take
some values only. Is there a whole count, or a whole sum, that rounds half-up to what
was published? All arithmetic is in whole numbers, so that no tie is decided by a
float. The test can fail only where the possible values lie further apart than the
rounding: unweighted whole percentages of fewer than 100 answers, means with d decimals
of fewer than 10^d. Anything else is *niet te toetsen*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.fieldwork import COMPLETED, RESPONSE
from kcc_research.estimation.tables import TOTAL
from kcc_research.study.claim import Claim

Kind = Literal["mean", "percentage"]

CONFIRMED = "bevestigd"
IMPOSSIBLE = "past niet bij deze aantallen"
UNTESTED = "niet te toetsen"

CLAIM_COLUMNS = (
    "text",
    "source",
    "kind",
    "value",
    "n",
    "indicator",
    "verdict",
    "reason",
)


def feasible_counts(percentage: str, n: int) -> range:
    """Counts of n that are published as this percentage; perhaps none.

    >>> feasible_counts("41", 84), list(feasible_counts("31", 84))
    (range(35, 35), [26])
    """
    counts = _whole(percentage, n, unit=100)
    return range(max(counts.start, 0), max(min(counts.stop, n + 1), counts.start))


def feasible_sums(mean: str, n: int) -> range:
    """Sums of n whole answers that are published as this mean.

    >>> feasible_sums("6.4", 353)
    range(2242, 2277)
    """
    return _whole(mean, n, unit=1)


def _whole(value: str, n: int, unit: int) -> range:
    """Whole x with value − ½ ulp ≤ unit · x / n < value + ½ ulp."""
    decimals = _decimals(value)
    scaled = int(value.replace(".", ""))
    divisor = 2 * unit * 10**decimals
    low, high = (2 * scaled - 1) * n, (2 * scaled + 1) * n
    return range(-(-low // divisor), -(-high // divisor))


def _decimals(value: str) -> int:
    return len(value.partition(".")[2])


def can_fail(kind: Kind, value: str, n: int) -> bool:
    """Whether the test says anything: possible values lie apart by more than rounding.

    A percentage with d decimals is a share with d + 2.
    """
    decimals = _decimals(value) + (2 if kind == "percentage" else 0)
    return bool(n < 10**decimals)


def fitting_bases(values: Sequence[str], bases: Iterable[int]) -> list[int]:
    """Bases on which every one of these percentages is possible.

    >>> tqis = ["31", "33", "41", "94", "76", "64", "23"]
    >>> fitting_bases(tqis, range(60, 85))
    [70, 78, 80, 83]
    """
    return [n for n in bases if all(feasible_counts(value, n) for value in values)]


def judge_claims(claims: Iterable[Claim], estimates: pd.DataFrame) -> pd.DataFrame:
    """One row per quoted figure with verdict and reason.

    A claim that names an indicator is held against our own total, on the same number
    of answers; one that counts the others too, against what they leave; any other is
    put to the feasibility test if that can fail.
    """
    rows = []
    for claim in claims:
        verdict, reason = _judge(claim, estimates)
        rows.append(
            {
                "text": claim.text,
                "source": claim.source,
                "kind": claim.kind,
                "value": claim.value,
                "n": claim.n,
                "indicator": claim.indicator or "",
                "verdict": verdict,
                "reason": reason,
            }
        )
    return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS)).astype({"n": "Int64"})


def _judge(claim: Claim, estimates: pd.DataFrame) -> tuple[str, str]:
    if claim.kind == "count" and claim.indicator is None:
        return _counted(claim, estimates)
    if claim.word is not None:
        return _within_band(claim, estimates)
    if claim.n is None:
        return UNTESTED, "het aantal antwoorden achter dit cijfer is niet gepubliceerd"
    if _can_fail(claim, claim.n) and not _possible(claim, claim.n):
        return IMPOSSIBLE, _impossible(claim, claim.n)
    if claim.others is not None:
        return _beside(claim, claim.n, claim.others)
    own = _own_total(claim, claim.n, estimates)
    if own is not None:
        return _held_against(claim, claim.n, own)
    return _by_arithmetic(claim, claim.n)


def _counted(claim: Claim, estimates: pd.DataFrame) -> tuple[str, str]:
    """A number of respondents: is it that of one of our sources?"""
    completed = estimates[
        (estimates["indicator"] == RESPONSE) & (estimates["category"] == COMPLETED)
    ]
    for source, count in zip(completed["source"], completed["count"], strict=True):
        if int(count) == float(claim.value):
            return CONFIRMED, f"zoveel respondenten heeft de bron {source}"
    return UNTESTED, "geen van de bronnen heeft zoveel respondenten"


def _within_band(claim: Claim, estimates: pd.DataFrame) -> tuple[str, str]:
    """*Ruim 75.000*: does our count lie in what the word leaves room for (D38)?"""
    rows = estimates[
        (estimates["indicator"] == claim.indicator)
        & (estimates["by"] == TOTAL)
        & (estimates["category"] == claim.category)
        & estimates["count"].notna()
    ]
    if rows.empty:
        return UNTESTED, "er is geen eigen telling om naast te leggen"
    quoted, ours = Decimal(claim.value), int(rows["count"].iloc[0])
    low, high = count_band(claim.word or "", quoted)
    fits = low <= ours <= high and (claim.word == "circa" or ours != quoted)
    words = f"{claim.word} {dutch.number(quoted)}"
    span = f"{dutch.number(low)} tot en met {dutch.number(high)}"
    reason = f"wij tellen {dutch.number(ours)}; {words} is {span}"
    return (CONFIRMED if fits else IMPOSSIBLE), reason


def count_band(word: str, value: Decimal) -> tuple[Decimal, Decimal]:
    """Lowest and highest count that *ruim*, *bijna* or *circa* leaves room for.

    >>> count_band("ruim", Decimal(75_000))
    (Decimal('75000'), Decimal('76500.00'))
    """
    two, one = value * Decimal("0.02"), value * Decimal("0.01")
    bands = {
        "ruim": (value, value + two),
        "bijna": (value - two, value),
        "circa": (value - one, value + one),
    }
    return bands[word]


def _can_fail(claim: Claim, n: int) -> bool:
    if claim.weighted or claim.kind == "count":
        return False
    return can_fail(claim.kind, claim.value, n)


def _possible(claim: Claim, n: int) -> range:
    ask = feasible_sums if claim.kind == "mean" else feasible_counts
    return ask(claim.value, n)


def _by_arithmetic(claim: Claim, n: int) -> tuple[str, str]:
    """No figure of our own to hold it against: say what the counts allow."""
    if claim.weighted:
        return UNTESTED, "een gewogen cijfer volgt niet uit aantallen"
    if claim.kind == "count":
        return UNTESTED, "er is geen eigen uitkomst om naast te leggen"
    if not _can_fail(claim, n):
        return UNTESTED, f"bij {dutch.base(n)} past elk cijfer met deze afronding"
    fits = _possible(claim, n)
    if claim.kind == "mean":
        return CONFIRMED, f"rekenkundig mogelijk: som {_span(fits)} bij {dutch.base(n)}"
    return CONFIRMED, f"rekenkundig mogelijk: {_span(fits)} van de {dutch.number(n)}"


def _beside(claim: Claim, n: int, others: int) -> tuple[str, str]:
    """Whether the figure and the count of the others can add up to everybody."""
    left = n - others
    rest = f"{dutch.number(n)} min {dutch.number(others)} is {dutch.number(left)}"
    share = dutch.percentage(left / n, _decimals(claim.value))
    fits = feasible_counts(claim.value, n)
    if left in fits:
        return CONFIRMED, f"{rest}, en dat is {share}"
    reason = f"{rest}, en dat is {share}"
    if fits and fits[-1] <= left:
        silent = _span(range(left - fits[-1], left - fits[0] + 1))
        reason += (
            f"; het cijfer kan alleen kloppen als {silent} van de {dutch.number(n)} "
            "bij geen van beide groepen horen"
        )
    return IMPOSSIBLE, reason


def _span(fits: range) -> str:
    first, last = dutch.number(fits[0]), dutch.number(fits[-1])
    return first if len(fits) == 1 else f"{first} tot en met {last}"


def _impossible(claim: Claim, n: int) -> str:
    """Say between which two values the figure falls, and which bases would fit."""
    if claim.kind == "mean":
        return f"geen som van {dutch.number(n)} hele antwoorden geeft dit gemiddelde"
    above = feasible_counts(claim.value, n).start
    decimals = _decimals(claim.value)
    neighbours = dutch.listing(
        f"{k} van de {n} is {dutch.percentage(k / n, decimals)}"
        for k in (above - 1, above)
        if 0 <= k <= n
    )
    fitting = fitting_bases([claim.value], range(max(n - 5, 1), n + 6))
    bases = dutch.listing((dutch.number(each) for each in fitting), last="of")
    return f"{neighbours}; het cijfer past wel bij n = {bases}"


def _own_total(claim: Claim, n: int, estimates: pd.DataFrame) -> pd.Series | None:
    """Our total of the indicator; of several sources, the one with as many answers."""
    if claim.indicator is None:
        return None
    rows = estimates[
        (estimates["indicator"] == claim.indicator)
        & (estimates["by"] == TOTAL)
        & (estimates["category"] == "")
        & estimates["estimate"].notna()
    ]
    same = rows[rows["n"] == n]
    chosen = rows if same.empty else same
    return None if chosen.empty else chosen.iloc[0]


def _held_against(claim: Claim, n: int, own: pd.Series) -> tuple[str, str]:
    if int(own["n"]) != n:
        ours = dutch.base(int(own["n"]))
        return IMPOSSIBLE, f"wij tellen {ours}, het cijfer noemt {dutch.base(n)}"
    value, weighted = _own_value(claim, own)
    decimals = _decimals(claim.value)
    same = dutch.rounded(value, decimals) == Decimal(claim.value)
    percent = "%" if claim.kind == "percentage" else ""
    text = f"{dutch.number(value, decimals)}{percent} ({dutch.base(n)})"
    if weighted == claim.weighted or same:
        found = "wij vinden gewogen" if weighted else "wij vinden"
        return (CONFIRMED if same else IMPOSSIBLE), f"{found} {text}"
    # The difference may lie in the weighting, which cannot be undone for a mean.
    return UNTESTED, f"het cijfer is ongewogen; gewogen vinden wij {text}"


def _own_value(claim: Claim, own: pd.Series) -> tuple[float, bool]:
    """Our figure as the claim counts it, and whether it is a weighted one."""
    if claim.kind == "count":
        return float(own["count"]), claim.weighted
    if claim.kind == "mean":
        return float(own["estimate"]), bool(own["weighted"])
    if not claim.weighted:
        return 100 * int(own["count"]) / int(own["n"]), False
    return 100 * float(own["estimate"]), bool(own["weighted"])
