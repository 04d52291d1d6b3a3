"""Dutch sentences about interviews and remarks: what occurs, never how often (D34)."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kcc_research import dutch
from kcc_research.disclosure.quotes import Quotation
from kcc_research.estimation.remark_counts import AGREEMENT, ALPHA, FRAGMENTS, PERSONS
from kcc_research.reporting.remark_tables import (
    BOTH_SIDES,
    NO_REMARKS,
    margin,
    themes,
    valence_of,
)
from kcc_research.reporting.result import Result, find
from kcc_research.study.coding_scheme import THEME, VALENCES
from kcc_research.study.measurement import Study

WHAT_OCCURS = (
    "Zulke gesprekken en opmerkingen laten zien wat er voorkomt, niet hoe vaak. Daarom "
    "staan hier aantallen mensen en geen percentages."
)
RELIABLE, USABLE = 0.80, 0.667
"""Limits of Krippendorff (2004, Content Analysis, 2nd ed., §11.4)."""

MOST = 4


def describe_remarks(
    study: Study, estimates: pd.DataFrame, source: str, *, most: int = MOST
) -> str:
    """Who was heard, what a count means, and the themes most people spoke of."""
    scheme = study.schemes[source]
    everyone = find(estimates, source=source, indicator=PERSONS)
    fragments = find(estimates, source=source, indicator=FRAGMENTS)
    if everyone is None:
        return NO_REMARKS
    if everyone.count is None or fragments is None or fragments.count is None:
        return (
            "Er zijn te weinig mensen gesproken om aantallen te publiceren. "
            f"{WHAT_OCCURS}"
        )
    who = dutch.counted(everyone.count, scheme.person, scheme.persons)
    pieces = dutch.counted(fragments.count, "fragment", "fragmenten")
    return (
        f"Wij hebben de woorden van **{who}** in {pieces} verdeeld en per fragment "
        f"vastgelegd over welk thema het gaat. {WHAT_OCCURS}"
        f"{_most_heard(study, estimates, source, most)}"
    )


def _most_heard(study: Study, estimates: pd.DataFrame, source: str, most: int) -> str:
    """The themes of most persons, with all that are equal to the last of them."""
    found = [each for each in themes(study, estimates, source) if each.count]
    if not found:
        return ""
    least = found[min(most, len(found)) - 1].count or 0
    named = [each for each in found if (each.count or 0) >= least]
    said = dutch.listing(f"**{each.category}** ({_of(each)})" for each in named)
    who = study.schemes[source].persons
    return f"\n\nGenoemd door het grootste aantal {who}: {said}."


def _of(result: Result) -> str:
    """``9 van de 15``."""
    return f"{dutch.number(result.count or 0)} van de {dutch.number(result.n or 0)}"


def describe_remark_theme(
    study: Study, estimates: pd.DataFrame, source: str, theme: str
) -> str:
    """A heading, what the theme is about, how many spoke of it and in which tone."""
    scheme = study.schemes[source]
    result = find(estimates, source=source, indicator=THEME, category=theme)
    lines = [f"### {dutch.capitalised(theme)}", "", scheme.theme_of(theme).definition]
    if result is not None and result.count is not None:
        verb = "sprak" if result.count == 1 else "spraken"
        lines[-1] += f" Hierover {verb} {_of(result)} {scheme.persons}"
        lines[-1] += _tone(estimates, source, theme, result.count)
    return "\n".join(lines)


def _tone(estimates: pd.DataFrame, source: str, theme: str, count: int) -> str:
    """``: 6 positief en 5 negatief.``; both only where somebody is in both."""
    found = {each: valence_of(estimates, source, theme, each) for each in VALENCES}
    counts = {each: (of.count or 0) if of else 0 for each, of in found.items()}
    said = [f"{dutch.number(n)} {valence}" for valence, n in counts.items() if n]
    if not said:
        return "."
    both = f" {BOTH_SIDES}" if sum(counts.values()) > count else ""
    return f": {dutch.listing(said)}.{both}"


def describe_agreement(study: Study, estimates: pd.DataFrame, source: str) -> str:
    """How well coders agree, whose codes count, and what that is worth."""
    scheme = study.schemes[source]
    found = find(estimates, source=source, indicator=AGREEMENT, category=ALPHA)
    if found is None:
        return (
            "Geen fragment is door meer dan één codeur gecodeerd. Of een ander "
            "dezelfde thema’s zou kiezen, is dus niet gemeten."
        )
    if found.n is None:
        return (
            "Minder dan 10 fragmenten zijn door meer dan één codeur gecodeerd: te "
            "weinig om te zeggen hoe goed zij het eens zijn."
        )
    start = (
        f"{dutch.number(found.n)} fragmenten zijn door meer dan één codeur gecodeerd. "
        f"In de aantallen tellen daarvan de codes van de {scheme.precedence[0]}."
    )
    if found.estimate is None:
        return f"{start} Hun codes verschillen nergens, dus er valt niets te meten."
    return (
        f"{start} Hun overeenstemming (de alfa van Krippendorff) is "
        f"**{dutch.number(found.estimate, 2)}**{_margin(found)}. {_verdict(found)}"
    )


def _margin(result: Result) -> str:
    return f" (95%-marge {said})" if (said := margin(result)) else ""


def _verdict(result: Result) -> str:
    """Words for agreement that the whole interval supports."""
    if result.is_indicative:
        return "Met zo weinig fragmenten is dat niet meer dan een aanwijzing."
    value = result.estimate or 0.0
    low = value if result.ci_low is None else result.ci_low
    high = value if result.ci_high is None else result.ci_high
    if low >= RELIABLE:
        return "Dat is betrouwbaar (vanaf 0,80)."
    if low >= USABLE:
        return (
            "Dat is bruikbaar (vanaf 0,67), maar niet zeker betrouwbaar (vanaf 0,80)."
        )
    if high < USABLE:
        return (
            "Dat is te laag (onder 0,67): een andere codeur kan op andere aantallen "
            "komen. Lees de thema’s als voorbeelden."
        )
    return (
        "Of dat genoeg is (0,67 of meer), is te dichtbij om te zeggen. Lees de "
        "aantallen ruim."
    )


def select_quotes(
    quotes: Iterable[Quotation], source: str, theme: str
) -> list[Quotation]:
    """The ticked words that stand under a theme of a source.

    Show each with ``kcc.quote(each.text, each.speaker, each.id)``.
    """
    return [each for each in quotes if (each.source, each.theme) == (source, theme)]
