"""Numbers of a registration as they are printed: 6:42, 50,6 dagen, 70,7%, 1.434.

A registration is counted whole, so its shares have one decimal and no margin (DESIGN
§8.2). What a record is called (*bezoek, oproep, zaak*) comes from its layout.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.contact_kpis import GAPS
from kcc_research.estimation.contact_part import HEAT_MAP
from kcc_research.estimation.tables import TOTAL, UNKNOWN_GROUP
from kcc_research.reporting.cells import DASH
from kcc_research.reporting.privacy import few_words
from kcc_research.reporting.result import Result, find, find_all
from kcc_research.study.contact_indicator import (
    CONTACT_INDICATORS,
    ContactIndicator,
    contact_indicators,
)
from kcc_research.study.measurement import Source, Study

CONTACTS = "contacten"
DAYS_WITHOUT = "dagen_zonder_registratie"
NO_MARGIN = "Volledige registratie: geen marge."
"""What a caption says instead of an interval."""

BY_WORDS = {
    "kanaal": "kanaal",
    "product": "product",
    "locatie": "locatie",
    "afspraak": "afspraak",
    "maand": "maand",
    "weekdag": "dag van de week",
    "uur": "uur van de dag",
    HEAT_MAP: "dag en uur",
}
IN_ORDER = ("afspraak", "maand", "weekdag", "uur")
"""Breakdowns with an order of their own; of the others the largest group comes first.
"""

CLASSES = (
    "uitkomst",
    "gespreksresultaat",
    "normklasse",
    "wachttijd_klasse",
    "doorlooptijd_klasse",
)
"""Indicators with a row per class and none for the whole."""

_LABELS = {each.id: each.label for each in CONTACT_INDICATORS}
_UNITS = {each.id: each.unit for each in CONTACT_INDICATORS}
_A_MINUTE, _AN_HOUR = 60, 3_600


def registrations(study: Study) -> list[Source]:
    """The sources that are registrations, in the order of the measurement."""
    return [each for each in study.measurement.source if each.id in study.layouts]


def label_of(source: Source) -> str:
    return source.label or source.id


def records_of(study: Study, source_id: str) -> str:
    """What one calls the records of a source: *bezoeken*."""
    return study.layouts[source_id].records


def measured_in(study: Study, indicator: str) -> Source | None:
    """The registration that gives an indicator: the first, as norms are judged."""
    for source in study.measurement.source:
        if source.id in study.questionnaires:
            if indicator in study.questionnaires[source.id].indicators:
                return None
        elif source.id in study.layouts and indicator in known(study, source.id):
            return source
    return None


def is_registered(study: Study, indicator: str) -> bool:
    """Whether an indicator is a key figure of registrations, measured or not."""
    return indicator in _LABELS and not any(
        indicator in each.indicators for each in study.questionnaires.values()
    )


def name_of(study: Study, source_id: str, indicator: str) -> str:
    """The label of a key figure; the number of records goes by what they are."""
    if indicator == CONTACTS and source_id in study.layouts:
        return dutch.capitalised(records_of(study, source_id))
    return _LABELS[indicator]


def known(study: Study, source_id: str) -> dict[str, ContactIndicator]:
    """The key figures that a registration can give."""
    return contact_indicators(study.layouts[source_id])


def contact_value(result: Result | None) -> str:
    """The number as printed, with a star where it rests on fewer than thirty."""
    if result is None:
        return DASH
    if result.estimate is None:
        return dutch.SUPPRESSED if result.status == "suppressed" else "n.b."
    star = "*" if result.is_indicative and result.statistic != "count" else ""
    return printed_value(result.indicator, result.estimate, result.statistic) + star


def printed_value(indicator: str, value: float, statistic: str) -> str:
    """A key figure, or the level that a norm asks of it, in the unit it has."""
    unit = _UNITS.get(indicator, "")
    if statistic == "share":
        return dutch.percentage(value, 1)
    if unit == "seconden":
        return dutch.clock(value)
    if unit == "dagen":
        return f"{dutch.number(value, 1)}{dutch.NBSP}dagen"
    return dutch.number(value)


def level_value(indicator: str, level: float, statistic: str) -> str:
    """The level of a norm as it was agreed: ``90%`` and not ``90,0%``."""
    if statistic == "share" and dutch.rounded(100 * level, 1) % 1 == 0:
        return dutch.percentage(level)
    return printed_value(indicator, level, statistic)


def in_words(result: Result) -> str:
    """A duration in a sentence: ``23 seconden``, ``6:42 minuten``; else the value."""
    if result.estimate is None or _UNITS.get(result.indicator) != "seconden":
        return contact_value(result)
    return seconds_words(result.estimate)


def seconds_words(value: float) -> str:
    """``23 seconden``, ``10 minuten``, ``6:42 minuten``, ``1:02:15 uur``."""
    seconds = int(dutch.rounded(value))
    if seconds < _A_MINUTE:
        return dutch.counted(seconds, "seconde", "seconden")
    if seconds % _A_MINUTE == 0 and seconds < _AN_HOUR:
        return dutch.counted(seconds // _A_MINUTE, "minuut", "minuten")
    return f"{dutch.clock(seconds)} {'uur' if seconds >= _AN_HOUR else 'minuten'}"


def evidence(result: Result) -> str:
    """Numerator and base in numbers: ``940 van 1.329``, or ``1.327``."""
    if result.n is None:
        return dutch.SUPPRESSED
    if result.statistic == "share" and result.count is not None:
        return f"{dutch.number(result.count)} van {dutch.number(result.n)}"
    return dutch.number(result.n)


def with_evidence(result: Result | None) -> str:
    """``70,7% (940 van 1.329)``, for a cell with its own base."""
    if result is None or not result.is_shown:
        return contact_value(result)
    n = evidence(result) if result.statistic == "share" else dutch.base(result.n or 0)
    return f"{contact_value(result)} ({n})"


def total_of(
    estimates: pd.DataFrame, source_id: str, indicator: str, category: str = ""
) -> Result | None:
    """A key figure over the whole registration."""
    return find(estimates, source=source_id, indicator=indicator, category=category)


def groups_of(
    estimates: pd.DataFrame, source_id: str, by: str, indicator: str = CONTACTS
) -> list[Result]:
    """A key figure per known group: in its own order, or the largest group first."""
    rows = [
        row
        for row in find_all(estimates, source=source_id, indicator=indicator, by=by)
        if row.group != UNKNOWN_GROUP and not row.category
    ]
    if by in IN_ORDER:
        return rows
    sizes = {
        row.group: row.count or 0
        for row in find_all(estimates, source=source_id, indicator=CONTACTS, by=by)
    }
    return sorted(rows, key=lambda row: (-sizes.get(row.group, 0), row.group))


def unknown_of(estimates: pd.DataFrame, source_id: str, by: str) -> Result | None:
    """How many records are in no group of a breakdown."""
    return find(
        estimates, source=source_id, indicator=CONTACTS, by=by, group=UNKNOWN_GROUP
    )


def classes_of(
    estimates: pd.DataFrame,
    source_id: str,
    indicator: str,
    by: str = TOTAL,
    group: str = TOTAL,
) -> list[Result]:
    """The classes of a key figure in their order, each a share."""
    where = {"source": source_id, "indicator": indicator, "by": by, "group": group}
    return [row for row in find_all(estimates, **where) if row.category]


def gaps_of(estimates: pd.DataFrame, source_id: str) -> list[Result]:
    """Spells of working days without any record."""
    return find_all(estimates, source=source_id, indicator=DAYS_WITHOUT, by=GAPS)


def period_of(estimates: pd.DataFrame, source_id: str) -> str:
    """``1 oktober 2010 tot en met 17 januari 2012``: first to last record."""
    days = total_of(estimates, source_id, DAYS_WITHOUT)
    if days is None:
        return ""
    first, _, last = days.base.removeprefix("werkdagen van ").partition(" tot en met ")
    return first if first == last else f"{first} tot en met {last}"


def group_words(by: str, group: str) -> str:
    """A group as a reader knows it: ``oktober 2010``, ``9 tot 10 uur``."""
    if by == "maand":
        year, month = group.split("-")
        return f"{dutch.MONTHS[int(month) - 1]} {year}"
    if by == "uur":
        hour = int(group[:2])
        return f"{hour} tot {hour + 1} uur"
    return group


def legend(study: Study, source_id: str, rows: Iterable[Result | None]) -> str:
    """The meaning of the marks that occur among the rows, and of times."""
    present = [row for row in rows if row is not None]
    records = records_of(study, source_id)
    found = []
    if any(_UNITS.get(row.indicator) == "seconden" for row in present):
        found.append("Tijden in minuten:seconden.")
    if any(row.status == "suppressed" for row in present):
        found.append(_hidden_words(study, records, present))
    if any(contact_value(row).endswith("*") for row in present):
        policy = study.measurement.disclosure
        few, some = policy.minimum_base, policy.indicative_below - 1
        found.append(f"*: {few} tot en met {some} {records}, lees als voorbeeld.")
    if any(contact_value(row) == "n.b." for row in present):
        found.append("n.b.: niet te berekenen op zo weinig.")
    return " ".join(found)


def _hidden_words(study: Study, records: str, rows: Iterable[Result]) -> str:
    """Few records, or of a mean too much of one or two of them (TRUST-D1, D10)."""
    words = few_words(study, records)
    hidden = [row for row in rows if row.status == "suppressed"]
    if any(row.statistic == "mean" for row in hidden):
        return words.replace(", niet", ", of te veel van één of twee, niet")
    return words


def list_breakdowns(estimates: pd.DataFrame, source_id: str) -> list[str]:
    """Breakdowns by what a contact was, with more than one group to compare."""
    return _several(estimates, source_id, ("kanaal", "product", "locatie", "afspraak"))


def list_moments(estimates: pd.DataFrame, source_id: str) -> list[str]:
    """Breakdowns by when a contact was, with more than one group to compare."""
    return _several(estimates, source_id, ("maand", "weekdag", "uur"))


def _several(
    estimates: pd.DataFrame, source_id: str, names: Iterable[str]
) -> list[str]:
    return [by for by in names if len(groups_of(estimates, source_id, by)) > 1]


def list_durations(study: Study, source_id: str) -> list[str]:
    """Which of *wachttijd* and *doorlooptijd* a registration holds."""
    given = known(study, source_id)
    return [each for each in ("wachttijd", "doorlooptijd") if each in given]


def list_outcomes(study: Study, source_id: str) -> list[str]:
    """The distributions over how contacts ended that a registration holds."""
    given = known(study, source_id)
    return [
        each
        for each in ("uitkomst", "gespreksresultaat", "normklasse")
        if each in given
    ]


def list_norm_figures(study: Study, source_id: str) -> list[str]:
    """Key figures to draw against a norm: those that have one, or due dates."""
    given = known(study, source_id)
    declared = [
        norm.indicator
        for norm in study.measurement.norm
        if (found := measured_in(study, norm.indicator)) and found.id == source_id
    ]
    usual = ("servicelevel", "wachttijd_binnen_norm", "binnen_norm")
    return list(dict.fromkeys([*declared, *(each for each in usual if each in given)]))
