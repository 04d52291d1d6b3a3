"""Tables of registrations: complete counts, each with its base and without margin."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import (
    DASH,
    captioned,
    count_cell,
    identifier,
    rounding_note,
)
from kcc_research.reporting.contact_values import (
    BY_WORDS,
    CLASSES,
    CONTACTS,
    DAYS_WITHOUT,
    classes_of,
    contact_value,
    evidence,
    gaps_of,
    group_words,
    groups_of,
    is_registered,
    known,
    label_of,
    legend,
    level_value,
    measured_in,
    name_of,
    period_of,
    printed_value,
    records_of,
    registrations,
    total_of,
    unknown_of,
    with_evidence,
)
from kcc_research.reporting.records import Align, Table
from kcc_research.reporting.result import Result, find, find_all
from kcc_research.study.measurement import Source, Study
from kcc_research.study.norm import ServiceNorm

HEADLINES = (
    "bereikbaarheid",
    "servicelevel",
    "wachttijd",
    "wachttijd_binnen_norm",
    "binnen_norm",
    "doorlooptijd_mediaan",
    "in_een_keer",
    "tevreden",
)
"""What a summary opens with after the number of records, at most three of them."""
MOST_HEADLINES = 3

GROUP_FIGURES = (
    "bereikbaarheid",
    "servicelevel",
    "wachttijd",
    "wachttijd_binnen_norm",
    "binnen_norm",
    "doorlooptijd_mediaan",
    "in_een_keer",
    "doorverbonden",
    "tevreden",
)
"""What a breakdown shows unless asked otherwise, at most three of them."""
MOST_COLUMNS = 3

VERDICTS: Mapping[str, str] = {
    "met": "gehaald",
    "not_met": "niet gehaald",
    "not_yet": "nog niet op doel",
    "undecided": "te dichtbij om te zeggen",
    "not_measured": "witte vlek",
}


def tabulate_registration(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """The numbers people look for first, of every registration, as tiles."""
    several = len(registrations(study)) > 1
    rows = [
        _tile(study, source, result, several=several)
        for source in registrations(study)
        for result in _headlines(study, estimates, source)
    ]
    if not rows:
        return Absent("Deze meting heeft geen registratie van contacten.")
    return Table(
        id="kerncijfers-registratie",
        caption="Kerncijfers uit de registratie",
        columns=("Kerncijfer", "Uitkomst", "Toelichting"),
        rows=tuple(rows),
        layout="key_figures",
    )


def _headlines(study: Study, estimates: pd.DataFrame, source: Source) -> list[Result]:
    total = total_of(estimates, source.id, CONTACTS)
    found = [
        result
        for name in HEADLINES
        if name in known(study, source.id)
        and (result := total_of(estimates, source.id, name)) is not None
        and result.is_shown
    ]
    return [*([total] if total else []), *found[:MOST_HEADLINES]]


def _tile(
    study: Study, source: Source, result: Result, *, several: bool
) -> tuple[str, str, str]:
    label = name_of(study, source.id, result.indicator)
    if result.indicator == CONTACTS:
        behind = "allemaal geteld"
    elif result.statistic == "share":
        behind = f"{evidence(result)} {result.base}"
    else:
        behind = f"{evidence(result)} {result.base}"
    where = f", {label_of(source)}" if several else ""
    value, _, unit = contact_value(result).partition(dutch.NBSP)
    return f"{label}{where}", value, f"{unit}; {behind}" if unit else behind


def tabulate_contact_figures(
    study: Study, estimates: pd.DataFrame, source_id: str
) -> Table | Absent:
    """Every key figure of a registration over the whole, with whom it is about."""
    rows, results = [], []
    for indicator in known(study, source_id):
        if indicator in (*CLASSES, DAYS_WITHOUT):
            continue
        for result in _with_kinds(estimates, source_id, indicator):
            kind = f", {result.category}" if result.category else ""
            results.append(result)
            rows.append(
                (
                    f"{name_of(study, source_id, indicator)}{kind}",
                    contact_value(result),
                    evidence(result),
                    result.base,
                )
            )
    if not rows:
        return Absent("Over deze registratie zijn geen kengetallen.")
    source = study.measurement.sources[source_id]
    return Table(
        id=f"kengetallen-{identifier(source_id)}",
        caption=captioned(
            f"kengetallen, {label_of(source)}", all_counted(study, estimates, source_id)
        ),
        columns=("Kengetal", "Uitkomst", "Aantal", "Waarover"),
        rows=tuple(rows),
        note=" ".join(
            each
            for each in (
                "Een volledige registratie heeft geen marge.",
                formula_note(estimates, source_id),
                legend(study, source_id, results),
            )
            if each
        ),
        align=("left", "right", "right", "left"),
    )


def _with_kinds(
    estimates: pd.DataFrame, source_id: str, indicator: str
) -> list[Result]:
    """A key figure, and under it its kinds: transferred warm and cold."""
    return find_all(
        estimates, source=source_id, indicator=indicator, by=TOTAL, group=TOTAL
    )


def all_counted(study: Study, estimates: pd.DataFrame, source_id: str) -> str:
    """``alle 75.412 bezoeken geteld``, the opposite of a sample (DESIGN §8.2)."""
    total = total_of(estimates, source_id, CONTACTS)
    if total is None or total.count is None:
        return f"alle {records_of(study, source_id)} geteld"
    return f"alle {dutch.number(total.count)} {records_of(study, source_id)} geteld"


def formula_note(estimates: pd.DataFrame, source_id: str) -> str:
    """The formula of the service level by name, under its figure (DOMAIN-D18)."""
    level = total_of(estimates, source_id, "servicelevel")
    return "" if level is None else f"{dutch.capitalised(level.method)}."


def tabulate_contact_groups(
    study: Study,
    estimates: pd.DataFrame,
    source_id: str,
    by: str,
    indicators: Sequence[str] = (),
) -> Table | Absent:
    """Number of records and key figures per group, each with its own base.

    ``indicators``: which key figures; without any the first three that the
    registration gives.
    """
    groups = groups_of(estimates, source_id, by)
    if not groups:
        return Absent(f"Deze registratie is niet uit te splitsen naar {BY_WORDS[by]}.")
    chosen = list(indicators) or _columns(study, source_id)
    found = {
        name: {r.group: r for r in groups_of(estimates, source_id, by, name)}
        for name in chosen
    }
    flat = [result for results in found.values() for result in results.values()]
    source = study.measurement.sources[source_id]
    left: tuple[Align, ...] = ("left",)
    right: tuple[Align, ...] = ("right",)
    return Table(
        id="-".join(map(identifier, (source_id, by, *indicators))),
        caption=captioned(
            f"{label_of(source)} naar {BY_WORDS[by]}",
            all_counted(study, estimates, source_id),
        ),
        columns=(
            dutch.capitalised(BY_WORDS[by]),
            name_of(study, source_id, CONTACTS),
            *(name_of(study, source_id, name) for name in chosen),
        ),
        rows=tuple(
            (
                dutch.capitalised(group_words(by, row.group)),
                count_cell(row),
                *(with_evidence(found[name].get(row.group)) for name in chosen),
            )
            for row in groups
        ),
        note=" ".join(
            each
            for each in (
                formula_note(estimates, source_id) if "servicelevel" in chosen else "",
                legend(study, source_id, [*groups, *flat]),
                _unknown(study, estimates, source_id, by),
            )
            if each
        ),
        align=left + right * (len(chosen) + 1),
    )


def _columns(study: Study, source_id: str) -> list[str]:
    given = known(study, source_id)
    return [each for each in GROUP_FIGURES if each in given][:MOST_COLUMNS]


def _unknown(study: Study, estimates: pd.DataFrame, source_id: str, by: str) -> str:
    found = unknown_of(estimates, source_id, by)
    if found is None:
        return ""
    return f"Onbekend: {count_cell(found)} {records_of(study, source_id)}."


def tabulate_contact_classes(
    study: Study, estimates: pd.DataFrame, source_id: str, indicator: str
) -> Table | Absent:
    """Number and share per class: how contacts ended, or how they stand to a norm."""
    rows = classes_of(estimates, source_id, indicator)
    if not rows:
        return Absent("De registratie geeft deze verdeling niet.")
    notes = (rounding_note(rows), legend(study, source_id, rows))
    return Table(
        id=f"{identifier(source_id)}-{identifier(indicator)}",
        caption=captioned(
            name_of(study, source_id, indicator),
            f"{rows[0].base} ({dutch.base(rows[0].n or 0)})",
        ),
        columns=("Klasse", "Aantal", "Aandeel"),
        rows=tuple(
            (dutch.capitalised(row.category), count_cell(row), contact_value(row))
            for row in rows
        ),
        note=" ".join(each for each in notes if each),
    )


def tabulate_gaps(
    study: Study, estimates: pd.DataFrame, source_id: str
) -> Table | Absent:
    """Working days on which nothing was registered (DOMAIN-D27)."""
    total = total_of(estimates, source_id, DAYS_WITHOUT)
    if total is None:
        return Absent("Of er dagen ontbreken, is niet bekend.")
    rows = gaps_of(estimates, source_id)
    if not rows:
        return Absent(
            f"Op elke werkdag van {period_of(estimates, source_id)} is iets "
            "geregistreerd. Er zijn geen gaten."
        )
    listed = sum(row.count or 0 for row in rows)
    missing = total.count or 0
    more = missing - listed
    return Table(
        id=f"gaten-{identifier(source_id)}",
        caption=(
            f"Werkdagen zonder registratie: {dutch.number(missing)} van de "
            f"{dutch.number(total.n or 0)} werkdagen"
        ),
        columns=("Wanneer", "Werkdagen"),
        rows=tuple(_spells(rows)),
        note="Weekenden en feestdagen tellen niet mee. Of er die dag niets was of "
        "niets werd vastgelegd, is niet te zien."
        + (f" Nog {dutch.number(more)} werkdagen staan hier niet." if more else ""),
    )


def _spells(rows: Sequence[Result]) -> Iterator[tuple[str, str]]:
    """A row per spell, and the single days together in the last one."""
    single = [row.group for row in rows if row.count == 1]
    yield from ((row.group, count_cell(row)) for row in rows if row.count != 1)
    if single:
        yield f"Losse dagen: {dutch.listing(single)}", dutch.number(len(single))


def tabulate_contact_norms(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame
) -> Table | Absent:
    """Norms on registrations: level reached, counts, and the verdict by value.

    With a row for every group that was judged. A complete registration has no margin,
    so a norm is reached or it is not.
    """
    rows, results = [], []
    for row in verdicts.to_dict("records"):
        norm = norm_of(study, row)
        if norm is None or not is_registered(study, norm.indicator):
            continue
        source = measured_in(study, norm.indicator)
        result = None
        if source is not None:
            result = find(
                estimates,
                source=source.id,
                indicator=norm.indicator,
                by=str(row["by"]),
                group=str(row["group"]),
            )
        results.append(result)
        rows.append(_norm_row(study, source, norm, row, result))
    if not rows and any(layout.has_norm for layout in study.layouts.values()):
        return Absent("")  # the text above says that the share was not agreed
    if not rows:
        return Absent("Voor deze registratie zijn geen normen afgesproken.")
    source = registrations(study)[0]
    return Table(
        id="normen-registratie",
        caption="Normen naast wat de registratie laat zien",
        columns=("Norm", "Behaald", "Aantal", "Oordeel", "Toelichting"),
        rows=tuple(rows),
        note=" ".join(
            each
            for each in (
                *norm_sources(study),
                "Alles is geteld: een norm is gehaald of niet, zonder marge.",
                legend(study, source.id, results),
            )
            if each
        ),
        align=("left", "right", "right", "left", "left"),
    )


def _norm_row(
    study: Study,
    source: Source | None,
    norm: ServiceNorm,
    row: Mapping[Hashable, Any],
    result: Result | None,
) -> tuple[str, ...]:
    by, group = str(row["by"]), str(row["group"])
    level = norm.share if norm.share is not None else norm.mean
    statistic = "share" if norm.share is not None else "mean"
    where = "" if by == TOTAL else f", {group_words(by, group)}"
    name = name_of(study, source.id if source else "", norm.indicator)
    asked = level_value(norm.indicator, level or 0, statistic)
    reached = row["estimate"]
    return (
        f"{name}{where}: {asked}",
        DASH if pd.isna(reached) else printed_value(norm.indicator, reached, statistic),
        DASH if result is None else evidence(result),
        VERDICTS[str(row["verdict"])],
        dutch.capitalised(str(row["reason"])) or DASH,
    )


def norm_of(study: Study, row: Mapping[Hashable, Any]) -> ServiceNorm | None:
    """The declared norm that a row of verdicts is about."""
    for norm in study.measurement.norm:
        level = norm.share if norm.share is not None else norm.mean
        if norm.indicator == row["indicator"] and level == row["norm"]:
            return norm
    return None


def norm_sources(study: Study) -> list[str]:
    """Where each norm on a registration comes from, once per source."""
    labels: dict[str, list[str]] = {}
    for norm in study.measurement.norm:
        if is_registered(study, norm.indicator):
            name = name_of(study, "", norm.indicator)
            labels.setdefault(norm.source, []).append(f"“{name.lower()}”")
    return [
        f"Bron van de norm voor {dutch.listing(dict.fromkeys(names))}: {source}."
        for source, names in labels.items()
    ]
