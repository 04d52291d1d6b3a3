"""Waves: what may be compared, and what the comparison shows (STAT-C4, T9).

Comparability is decided per indicator and domain, never by one switch for a wave. The
gate asks two things. Were question, scale, definition and fieldwork mode the same in
both measurements: if not, nothing helps. And do both speak for the same people, found
in the same way, within the same borders: where they do not, a declared *bridge* names
the indicators and the common domain that can be compared all the same. Behind a closed
gate stands a reason in Dutch and no number: no test rescues what was measured
differently. Only the result tables of both waves are used.

What a question was called before, and whether it was the same, may stand in the wave
map (:mod:`kcc_research.study.wave_map`): then that row decides, not the texts. A
declared parallel measurement opens the gate for another wording, mode or scale; means
on another scale stay closed all the same (DOMAIN-D32).

A question is tested once (STAT-M18): that fewer disagree when more agree is no second
finding, and testing both only widens every interval. What stands for its question is
the bridged indicator, else the one with a role; a grade may stand as headline and as
satisfaction, each a family of its own. The others have a row that names it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kcc_research.estimation.difference import (
    HOLM_WORDS,
    independent_difference,
    judged,
)
from kcc_research.estimation.grouping import FloatArray, floats
from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    DOMAIN,
    TOTAL,
    empty_comparisons,
    tidy,
)
from kcc_research.estimation.wave_gate import (
    measured_differently,
    other_people,
    rests_on,
)
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import EVERYONE, Bridge, Earlier, Study
from kcc_research.study.questionnaire import Questionnaire
from kcc_research.study.wave_map import Link

WAVES = "waves"
"""First word of the ``family`` of every comparison between waves."""

METHOD = f"Welch-t zonder correctie voor een eindige populatie; {HOLM_WORDS}"

_FAMILIES = {
    "headline": "hoofdcijfer",
    "satisfaction": "tevredenheid",
    "aspect": "aspecten",
}
_OPPOSITES = ("dissatisfaction", "aspect_low")


@dataclass(frozen=True)
class Place:
    """Where a number stands in a result table."""

    by: str
    group: str


@dataclass(frozen=True)
class Pair:
    """One number now and the one it is held against, or why it cannot be.

    ``id_then`` is what the indicator was called in the earlier measurement.
    ``closed`` is the reason of a closed gate; ``untested`` of a number that could be
    compared but is not, because another of its question is.
    """

    source: str
    indicator: Indicator
    id_then: str
    now: Place
    then: Place
    family: str
    closed: str = ""
    untested: str = ""
    note: str = ""


def compare_waves(
    study_now: Study,
    estimates_now: pd.DataFrame,
    study_then: Study,
    estimates_then: pd.DataFrame,
    earlier: Earlier,
) -> pd.DataFrame:
    """A ``comparisons`` table of this wave against the earlier one.

    Sources are matched by id, indicators by id or as the wave map says; what only one
    wave has is not compared. Of a comparable wave: totals, and every group of every
    breakdown that both have. Of one that is not: the bridged indicators, and for every
    other a *not_comparable* total with its reason. Of one question one indicator is
    tested, the rest have a row that says which. Differences are now minus then;
    ``reference`` is the key of the earlier measurement. Suppressed numbers and fewer
    than 30 answers on either side get no test. Complete registrations have no sampling
    error: their verdict goes by value. Families for Holm are the totals of indicators
    with one role, the bridged indicators of one bridge, and the groups of one
    indicator.
    """
    pairs = list(_pairs(study_now, estimates_now, study_then, earlier))
    if not pairs:
        return empty_comparisons()
    rows = _judged(_side_by_side(pairs, estimates_now, estimates_then)).assign(
        measurement=study_now.key, reference=earlier.measurement, status="published"
    )
    return tidy(rows[list(COMPARISON_COLUMNS)], COMPARISON_COLUMNS)


# --- the gate -----------------------------------------------------------------------


def _pairs(
    now: Study, estimates: pd.DataFrame, then: Study, earlier: Earlier
) -> Iterator[Pair]:
    bridges = {name: each for each in earlier.bridge for name in each.indicators}
    for source, questionnaire in now.questionnaires.items():
        if source not in then.questionnaires:
            continue
        tested = tested_indicators(questionnaire, bridges)
        for indicator in questionnaire.indicator:
            if indicator.statistic == "distribution":
                continue
            link = now.waves.link(source, indicator, earlier.measurement)
            closed = measured_differently(now, then, source, indicator.id, link)
            instead = tested[indicator.id]
            if indicator.id in bridges:
                bridge = bridges[indicator.id]
                pair = _bridged(source, indicator, link, bridge, closed)
                yield _unless_other(pair, instead)
            elif not earlier.comparable:
                yield _closed(source, indicator, link, earlier.reason)
            else:
                closed = closed or other_people(now, then, source, indicator.id, link)
                yield _unless_other(_total(source, indicator, link, closed), instead)
                if not closed and instead == indicator:
                    yield from _groups(source, indicator, link, estimates)


def tested_indicators(
    questionnaire: Questionnaire, bridges: Collection[str] = ()
) -> dict[str, Indicator]:
    """Per mean or share, the indicator that is tested for its question.

    That is itself, or another of the same question: one of the bridged, or one with a
    role, or else the first.
    """
    by_question: dict[str, list[Indicator]] = {}
    for each in questionnaire.indicator:
        if each.statistic != "distribution":
            by_question.setdefault(each.question, []).append(each)
    found: dict[str, Indicator] = {}
    for own in by_question.values():
        chosen = _standing([each for each in own if each.id in bridges] or own)
        ids = [each.id for each in chosen]
        found |= {
            each.id: each if each.id in ids else _nearest(each, chosen) for each in own
        }
    return found


def _standing(candidates: list[Indicator]) -> list[Indicator]:
    """Headline and satisfaction each; otherwise one, a declared opposite last."""
    roles = ("headline", "satisfaction")
    main = [
        next(each for each in candidates if each.role == role)
        for role in roles
        if any(each.role == role for each in candidates)
    ]
    plain = [each for each in candidates if each.role not in _OPPOSITES]
    with_role = [each for each in plain if each.role is not None]
    return main or (with_role or plain or candidates)[:1]


def _nearest(indicator: Indicator, chosen: list[Indicator]) -> Indicator:
    """A share is spoken for by a share where there is one."""
    same = [each for each in chosen if each.statistic == indicator.statistic]
    return (same or chosen)[0]


def _unless_other(pair: Pair, tested: Indicator) -> Pair:
    if tested == pair.indicator or pair.closed:
        return pair
    reason = f"zelfde vraag als '{tested.label}': daar getoetst"
    family = f"{WAVES}: {pair.source}, niet getoetst"
    return replace(pair, untested=reason, family=family)


def _bridged(
    source: str, indicator: Indicator, link: Link, bridge: Bridge, changed: str
) -> Pair:
    domains = f"{bridge.domain_now} nu, {bridge.domain_then} toen"
    family = f"{WAVES}: {source}, brug ({domains})"
    note = "; ".join(
        each for each in (f"brug: {bridge.reason}", rests_on(link)) if each
    )
    places = _place(bridge.domain_now), _place(bridge.domain_then)
    return Pair(source, indicator, link.then, *places, family, changed, note=note)


def _closed(source: str, indicator: Indicator, link: Link, reason: str) -> Pair:
    total = Place(TOTAL, TOTAL)
    family = f"{WAVES}: {source}, niet vergelijkbaar"
    return Pair(source, indicator, link.then, total, total, family, closed=reason)


def _total(source: str, indicator: Indicator, link: Link, closed: str) -> Pair:
    total = Place(TOTAL, TOTAL)
    words = _FAMILIES.get(indicator.role or "", "overige uitkomsten")
    family = f"{WAVES}: {source}, {words}"
    then, note = link.then, rests_on(link)
    return Pair(source, indicator, then, total, total, family, closed, note=note)


def _groups(
    source: str, indicator: Indicator, link: Link, estimates: pd.DataFrame
) -> Iterator[Pair]:
    rows = estimates[
        (estimates["source"] == source)
        & (estimates["indicator"] == indicator.id)
        & (estimates["statistic"] == indicator.statistic)
        & ~estimates["by"].isin([TOTAL, DOMAIN])
    ]
    for by, group in zip(rows["by"], rows["group"], strict=True):
        family = f"{WAVES}: {source}, {indicator.id} naar {by}"
        place = Place(by, group)
        then, note = link.then, rests_on(link)
        yield Pair(source, indicator, then, place, place, family, note=note)


def _place(domain: str) -> Place:
    return Place(TOTAL, TOTAL) if domain == EVERYONE else Place(DOMAIN, domain)


# --- the numbers --------------------------------------------------------------------

_KEY = ["source", "indicator", "statistic", "by", "group"]
_NUMBERS = ["estimate", "std_error_without_fpc", "df", "n", "uncertainty", "status"]


def _side_by_side(
    pairs: list[Pair], now: pd.DataFrame, then: pd.DataFrame
) -> pd.DataFrame:
    """One row per pair with the numbers of both waves, ``_then`` for the earlier."""
    rows = pd.DataFrame(
        {
            "source": [each.source for each in pairs],
            "indicator": [each.indicator.id for each in pairs],
            "indicator_then": [each.id_then for each in pairs],
            "statistic": [each.indicator.statistic for each in pairs],
            "by": [each.now.by for each in pairs],
            "group": [each.now.group for each in pairs],
            "category": "",
            "by_then": [each.then.by for each in pairs],
            "group_then": [each.then.group for each in pairs],
            "family": [each.family for each in pairs],
            "closed": [each.closed for each in pairs],
            "untested": [each.untested for each in pairs],
            "method": [f"{METHOD}; {x.note}" if x.note else METHOD for x in pairs],
        }
    )
    numbers_now, numbers_then = _uncategorised(now), _uncategorised(then)
    key_then = ["source", "indicator_then", "statistic", "by_then", "group_then"]
    numbers_then = numbers_then.rename(columns=dict(zip(_KEY, key_then, strict=True)))
    both = rows.merge(numbers_now, on=_KEY, how="left")
    return both.merge(numbers_then, on=key_then, how="left", suffixes=("", "_then"))


def _uncategorised(estimates: pd.DataFrame) -> pd.DataFrame:
    return estimates.loc[estimates["category"] == "", [*_KEY, *_NUMBERS]]


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Verdicts: closed gates first, then missing numbers, then tests per family."""
    reason = _why_not(rows)
    usable = rows.assign(
        n=rows["n"].mask(reason != "").fillna(0).astype(int),
        n_reference=rows["n_then"].mask(reason != "").fillna(0).astype(int),
    )
    difference = independent_difference(*_moments(rows, ""), *_moments(rows, "_then"))
    result = judged(usable, difference, family=rows["family"])
    result = result.assign(n=rows["n"], n_reference=rows["n_then"])
    result["reason"] = result["reason"].where(reason == "", reason)
    result.loc[rows["closed"] != "", "verdict"] = "not_comparable"
    counted = (rows["uncertainty"] == "none") & (rows["uncertainty_then"] == "none")
    return _by_value(result, rows, counted & (reason == ""))


def _moments(rows: pd.DataFrame, side: str) -> tuple[FloatArray, ...]:
    """Estimate, standard error, df; a complete count is known without error."""
    exact = rows[f"uncertainty{side}"] == "none"
    return (
        floats(rows[f"estimate{side}"]),
        floats(rows[f"std_error_without_fpc{side}"].mask(exact, 0.0)),
        floats(rows[f"df{side}"].mask(exact, np.inf)),
    )


def _why_not(rows: pd.DataFrame) -> pd.Series:
    """Why there is no number to compare; empty where there is."""
    reason = rows["closed"].mask(rows["closed"] == "", rows["untested"])
    for which, name in (("deze meting", ""), ("de eerdere meting", "_then")):
        gone = rows[f"status{name}"] == "suppressed"
        few = f"in {which} te weinig antwoorden om te publiceren"
        reason = reason.mask((reason == "") & gone, few)
        absent = rows[f"estimate{name}"].isna()
        reason = reason.mask((reason == "") & absent, f"in {which} niet gemeten")
    return reason


def _by_value(
    result: pd.DataFrame, rows: pd.DataFrame, counted: pd.Series
) -> pd.DataFrame:
    """Complete registrations: what is higher is higher."""
    difference = rows["estimate"] - rows["estimate_then"]
    word = np.select([difference > 0, difference < 0], ["higher", "lower"], "not_shown")
    return result.assign(
        difference=result["difference"].mask(counted, difference),
        verdict=result["verdict"].mask(counted, pd.Series(word, index=rows.index)),
        reason=result["reason"].mask(counted, "volledige telling: verschil in waarde"),
        method=result["method"].mask(counted, "verschil van volledige tellingen"),
    )
