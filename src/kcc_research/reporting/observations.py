"""What observers saw in contacts: shares with interval, and where it did not apply.

A theme that could not occur in a contact (*n.v.t.*) is no missing answer: the contact
is not in the base of that theme, and the table says how many there were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import (
    DASH,
    MARGIN,
    count_cell,
    identifier,
    notes,
    shown,
    with_margins,
)
from kcc_research.reporting.document import Figure, Table
from kcc_research.reporting.figures import axis_of_shares, draw_bars
from kcc_research.reporting.participants import completed
from kcc_research.reporting.result import Result, find, theme_of
from kcc_research.reporting.wording import evidence
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Source, Study

NOTHING = Absent("Hierover is in deze bron niets vastgelegd.")


def observation_forms(study: Study) -> list[Source]:
    """Forms on which researchers noted what they saw: nobody was asked to judge."""
    return [
        source
        for source in study.surveys
        if source.invited is None
        and not any(
            each.role in ("headline", "satisfaction")
            for each in study.questionnaires[source.id].indicator
        )
    ]


def list_observed_items(study: Study) -> list[tuple[str, str]]:
    """Source and indicator of each item that is a theme by itself (of its own name)."""
    return [
        (source.id, each.id)
        for source in observation_forms(study)
        for each in study.questionnaires[source.id].indicator
        if each.statistic == "share" and _is_own_theme(study, source, each)
    ]


def list_observed_themes(study: Study) -> list[tuple[str, str]]:
    """Source and theme of every other group of items, as the forms come to them."""
    found = (
        (source.id, theme_of(study, source.id, each.id))
        for source in observation_forms(study)
        for each in study.questionnaires[source.id].indicator
        if each.statistic == "share" and not _is_own_theme(study, source, each)
    )
    return list(dict.fromkeys(pair for pair in found if pair[1]))


def _is_own_theme(study: Study, source: Source, indicator: Indicator) -> bool:
    return theme_of(study, source.id, indicator.id) == indicator.question


def introduce_observations(study: Study) -> str:
    """That researchers watched, where they did."""
    if not observation_forms(study):
        return "Er is niet meegekeken aan de balie."
    return (
        "Onderzoekers keken mee aan de balie. Zij noteerden per contact wat zij zagen, "
        "en alleen als de situatie daarom vroeg."
    )


def shares(
    study: Study, estimates: pd.DataFrame, source: str, theme: str
) -> list[tuple[Indicator, Result]]:
    """The shares of one source whose question has ``theme``, in declared order.

    A study without that source has none.
    """
    return list(_shares(study, estimates, source, theme))


def _shares(
    study: Study, estimates: pd.DataFrame, source: str, theme: str
) -> Iterator[tuple[Indicator, Result]]:
    questionnaire = study.questionnaires.get(source)
    if questionnaire is None:
        return
    for indicator in questionnaire.indicator:
        if questionnaire.questions[indicator.question].theme != theme:
            continue
        found = find(estimates, source=source, indicator=indicator.id)
        if found is not None and found.statistic == "share":
            yield indicator, found


def tabulate_observed(
    study: Study, estimates: pd.DataFrame, source: str, theme: str
) -> Table | Absent:
    """Per item how often it was seen, of how many, and where it did not apply."""
    found = shares(study, estimates, source, theme)
    if not found:
        return NOTHING
    everyone = completed(estimates, source)
    return with_margins(
        id=f"tabel-{identifier(source)}-{identifier(theme)}",
        caption=_caption(study, source, theme),
        columns=(
            dutch.capitalised(theme),
            "Aandeel",
            MARGIN,
            "Wel",
            "Van",
            "Niet van toepassing",
        ),
        rows=[
            (
                dutch.capitalised(indicator.label),
                shown(result),
                result.interval,
                count_cell(result),
                result.answers,
                _elsewhere(everyone, result),
            )
            for indicator, result in found
        ],
        note=notes([result for _, result in found]),
    )


def plot_observed(
    study: Study, estimates: pd.DataFrame, source: str, theme: str
) -> Figure | Absent:
    """A bar per item with its interval."""
    table = tabulate_observed(study, estimates, source, theme)
    if isinstance(table, Absent):
        return table
    rows = [
        replace(result, category=dutch.capitalised(indicator.label))
        for indicator, result in shares(study, estimates, source, theme)
        if result.is_shown
    ]
    label = "Aandeel van de contacten waarin het kon voorkomen"
    return Figure(
        id=f"figuur-{identifier(source)}-{identifier(theme)}",
        caption=_caption(study, source, theme),
        alt=f"Staafdiagram met het aandeel per item: {_spoken(rows)}.",
        image=draw_bars(rows, axis_of_shares(rows), label),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def _caption(study: Study, source: str, theme: str) -> str:
    population = study.questionnaires[source].population
    return f"Wat is gezien, {theme}: aandeel van de {population}, met 95%-marge"


def _elsewhere(everyone: int | None, result: Result) -> str:
    if everyone is None or result.n is None:
        return DASH
    return dutch.number(everyone - result.n)


def _spoken(rows: Sequence[Result]) -> str:
    return dutch.listing(
        f"{row.category.lower()} {row.value}"
        + (f" ({row.interval})" if row.interval else "")
        for row in rows
    )


def describe_observed(
    study: Study, estimates: pd.DataFrame, source: str, indicator: str
) -> str:
    """One item in a sentence: more often than not, or too close to say.

    *Vaker wel dan niet* only where the whole interval lies above a half.
    """
    result = find(estimates, source=source, indicator=indicator)
    if result is None:
        return ""
    known = study.questionnaires[source].indicators[indicator]
    name = dutch.capitalised(known.label)
    if not result.is_shown:
        return f"{name}: {evidence(result)}."
    low, high = result.ci_low, result.ci_high
    if low is not None and low > 0.5:
        words = "vaker wel dan niet"
    elif high is not None and high < 0.5:
        words = "vaker niet dan wel"
    else:
        words = "of het vaker wel dan niet is, is te dichtbij om te zeggen"
    everyone = completed(estimates, source)
    beside = ""
    if everyone is not None and result.n is not None and everyone > result.n:
        rest = dutch.counted(everyone - result.n, "contact", "contacten")
        beside = f" In {rest} was het niet van toepassing."
    return f"{name}: **{result.value}** ({evidence(result)}), {words}.{beside}"
