"""Figures of registrations: complete counts, so no interval, and the caption says so.

Every figure has an alt text with its main numbers and the table behind it (PUB §6).
Months without any registration are gaps, never zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.contact_part import HEAT_MAP
from kcc_research.estimation.record_counts import WEEKDAYS
from kcc_research.estimation.tables import UNKNOWN_GROUP
from kcc_research.reporting import contact_drawing as drawing
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import count_cell, identifier
from kcc_research.reporting.contact_tables import (
    all_counted,
    formula_note,
    tabulate_contact_groups,
)
from kcc_research.reporting.contact_values import (
    BY_WORDS,
    CONTACTS,
    NO_MARGIN,
    contact_value,
    evidence,
    group_words,
    groups_of,
    known,
    label_of,
    legend,
    level_value,
    measured_in,
    name_of,
    records_of,
    with_evidence,
)
from kcc_research.reporting.document import Figure
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import Result, find_all
from kcc_research.study.measurement import Study

_MOST_SPOKEN = 6
_MONTHS = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()
UPRIGHT = ("maand", "weekdag", "uur")


def plot_contacts(
    study: Study, estimates: pd.DataFrame, source_id: str, by: str
) -> Figure | Absent:
    """Number of records per group: columns over time, lying bars for other groups."""
    table = tabulate_contact_groups(study, estimates, source_id, by)
    found = groups_of(estimates, source_id, by)
    if isinstance(table, Absent):
        return table
    records = records_of(study, source_id)
    upright = by in UPRIGHT
    bars = list(_filled(by, found)) if upright else [_bar(by, row) for row in found]
    label = dutch.capitalised(f"aantal {records}")
    image = (
        drawing.columns(bars, label)
        if upright
        else drawing.rows(bars, label, is_share=False)
    )
    gaps = [bar.name for bar in bars if bar.height is None and not bar.is_hidden]
    told = " Een stippelrand is een maand zonder registratie." if gaps else ""
    return Figure(
        id=f"figuur-{identifier(source_id)}-{identifier(by)}",
        caption=(
            f"{name_of(study, source_id, CONTACTS)} per {_per(by)}: "
            f"{all_counted(study, estimates, source_id)}. {NO_MARGIN}{told}"
        ),
        alt=(
            f"Staafdiagram van het aantal {records} per {_per(by)}. "
            f"{_extremes(by, found)}{told}"
        ),
        image=image,
        data=replace(table, id=f"{table.id}-gegevens"),
        synthetic=study.measurement.synthetic,
    )


def _per(by: str) -> str:
    return {"weekdag": "dag van de week", "uur": "uur"}.get(by, by)


def _bar(by: str, row: Result) -> drawing.Column:
    name = group_words(by, row.group)
    if row.count is None:
        return drawing.Column(dutch.capitalised(name), None, dutch.SUPPRESSED, True)
    return drawing.Column(dutch.capitalised(name), row.count, dutch.number(row.count))


def _filled(by: str, rows: Sequence[Result]) -> Iterator[drawing.Column]:
    """The groups in their order, with those in between that nobody is in."""
    present = {row.group: row for row in rows}
    for group in _sequence(by, list(present)):
        name = _short(by, group)
        row = present.get(group)
        if row is None:
            empty = None if by == "maand" else 0.0
            words = "geen registratie" if by == "maand" else "0"
            yield drawing.Column(name, empty, words)
        elif row.count is None:
            yield drawing.Column(name, None, dutch.SUPPRESSED, is_hidden=True)
        else:
            yield drawing.Column(name, row.count, dutch.number(row.count))


def _sequence(by: str, groups: Sequence[str]) -> list[str]:
    """Every group from the first to the last, those that are missing included."""
    if by == "weekdag":
        last = max(WEEKDAYS.index(each) for each in groups)
        return list(WEEKDAYS[: max(last + 1, 5)])
    if by == "uur":
        hours = [int(each[:2]) for each in groups]
        return [f"{hour:02d}:00" for hour in range(min(hours), max(hours) + 1)]
    numbers = [12 * int(each[:4]) + int(each[5:]) - 1 for each in groups]
    months = range(min(numbers), max(numbers) + 1)
    return [f"{each // 12}-{each % 12 + 1:02d}" for each in months]


def _short(by: str, group: str) -> str:
    if by == "maand":
        year, month = group.split("-")
        return f"{_MONTHS[int(month) - 1]} {year}"
    return str(int(group[:2])) if by == "uur" else group


def _extremes(by: str, rows: Sequence[Result]) -> str:
    """All groups in words where they are few; else the highest and the lowest."""
    shown = [row for row in rows if row.count is not None]
    if not shown:
        return "Alle aantallen zijn te klein om te publiceren."
    if len(shown) <= _MOST_SPOKEN:
        said = (
            f"{group_words(by, r.group)} {dutch.number(r.count or 0)}" for r in shown
        )
        return dutch.capitalised(f"{dutch.listing(said)}.")
    high = max(shown, key=lambda row: row.count or 0)
    low = min(shown, key=lambda row: row.count or 0)
    return f"De meeste: {_counted(by, high)}; de minste: {_counted(by, low)}."


def _counted(by: str, row: Result) -> str:
    return f"{group_words(by, row.group)} {dutch.number(row.count or 0)}"


def plot_heat_map(
    study: Study, estimates: pd.DataFrame, source_id: str
) -> Figure | Absent:
    """Records by weekday and hour: a number in every cell, the busier the darker."""
    cells = {
        _cell(row.group): row
        for row in find_all(
            estimates, source=source_id, indicator=CONTACTS, by=HEAT_MAP
        )
        if row.group != UNKNOWN_GROUP
    }
    if not cells:
        return Absent("Het uur van de dag staat niet in deze registratie.")
    days = _sequence("weekdag", [day for day, _ in cells])
    hours = _sequence("uur", [hour for _, hour in cells])
    records = records_of(study, source_id)
    busiest = max(cells.items(), key=lambda each: each[1].count or 0)
    (day, hour), most = busiest
    counted = all_counted(study, estimates, source_id)
    table = _heat_table(study, source_id, cells, days, hours)
    return Figure(
        id=f"figuur-{identifier(source_id)}-dag-en-uur",
        caption=(
            f"{name_of(study, source_id, CONTACTS)} naar dag en uur: hoe donkerder, "
            f"hoe drukker. {dutch.capitalised(counted)}."
        ),
        alt=(
            f"Tabel met kleur van het aantal {records} per dag van de week en uur. "
            f"Het drukst is {day} van {group_words('uur', hour)}: "
            f"{dutch.number(most.count or 0)} {records} in de hele periode."
        ),
        image=drawing.heat_map(
            {at: row.count for at, row in cells.items()}, days, hours
        ),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def _cell(group: str) -> tuple[str, str]:
    day, _, hour = group.partition(" ")
    return day, hour


def _heat_table(
    study: Study,
    source_id: str,
    cells: dict[tuple[str, str], Result],
    days: Sequence[str],
    hours: Sequence[str],
) -> Table:
    rows = tuple(
        (
            dutch.capitalised(group_words("uur", hour)),
            *(
                count_cell(cells[day, hour]) if (day, hour) in cells else "0"
                for day in days
            ),
        )
        for hour in hours
    )
    return Table(
        id=f"{identifier(source_id)}-dag-en-uur",
        caption=f"{name_of(study, source_id, CONTACTS)} naar dag en uur",
        columns=("Uur", *(dutch.capitalised(day) for day in days)),
        rows=rows,
        note=legend(study, source_id, cells.values()),
    )


def plot_contact_groups(
    study: Study, estimates: pd.DataFrame, source_id: str, indicator: str, by: str
) -> Figure | Absent:
    """A key figure per group beside its norm, counted whole: no interval."""
    table = tabulate_contact_groups(study, estimates, source_id, by, (indicator,))
    if indicator not in known(study, source_id) or isinstance(table, Absent):
        return Absent(f"Dit kengetal is er niet naar {BY_WORDS[by]}.")
    rows = groups_of(estimates, source_id, by, indicator)
    shown = [row for row in rows if row.is_shown]
    if not shown:
        return Absent(f"Naar {BY_WORDS[by]} zijn de aantallen te klein.")
    table = replace(table, id=f"{table.id}-gegevens")
    kind = known(study, source_id)[indicator]
    name = name_of(study, source_id, indicator)
    norm = _level(study, source_id, indicator)
    bars = [
        drawing.Column(
            dutch.capitalised(group_words(by, row.group)),
            row.estimate,
            with_evidence(row) if row.is_shown else contact_value(row),
        )
        for row in rows
    ]
    formula = formula_note(estimates, source_id) if indicator == "servicelevel" else ""
    line = f" De streeplijn is de {norm.words}." if norm else ""
    spoken = (
        f"{group_words(by, row.group)} {contact_value(row)} ({evidence(row)})"
        for row in shown
    )
    where = label_of(study.measurement.sources[source_id])
    caption = f"{name} naar {BY_WORDS[by]}, {where}.{line} {NO_MARGIN}"
    return Figure(
        id=f"figuur-{identifier(source_id)}-{identifier(indicator)}-{identifier(by)}",
        caption=f"{caption} {formula}".strip(),
        alt=f"Staafdiagram van {name.lower()}: {dutch.listing(spoken)}.{line}",
        image=drawing.rows(
            bars,
            f"{name}{' in dagen' if kind.unit == 'dagen' else ''}",
            is_share=kind.statistic == "share",
            is_time=kind.unit == "seconden",
            norm=norm,
        ),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def _level(study: Study, source_id: str, indicator: str) -> drawing.Norm | None:
    """The level that is asked: of a declared norm, else of the layout itself."""
    for norm in study.measurement.norm:
        judged = measured_in(study, norm.indicator)
        if norm.indicator == indicator and judged and judged.id == source_id:
            level = norm.share if norm.share is not None else norm.mean or 0
            statistic = "share" if norm.share is not None else "mean"
            return drawing.Norm(
                level, f"norm: {level_value(indicator, level, statistic)}"
            )
    level_ = study.layouts[source_id].service_level
    if indicator == "servicelevel" and level_ is not None and level_.share is not None:
        asked = level_value(indicator, level_.share, "share")
        return drawing.Norm(level_.share, f"norm: {asked}")
    return None
