"""Tables about respondents who chose themselves: counts with the base of each item."""

from __future__ import annotations

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.participation import PARTICIPATION, PROVINCE
from kcc_research.estimation.tables import DOMAIN, TOTAL
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import DASH, notes, shown
from kcc_research.reporting.participants import items, name_of, sides
from kcc_research.reporting.privacy import few_words
from kcc_research.reporting.records import Align, Table
from kcc_research.reporting.result import (
    Result,
    find,
    find_all,
    with_role,
)
from kcc_research.reporting.tables import unknown_note
from kcc_research.reporting.wording import dont_know
from kcc_research.study.cross_table import CrossTable
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Source, Study
from kcc_research.study.questionnaire import Question

RIGHT: Align = "right"
NO_ORDER = "De volgorde is die van de vragenlijst."


def tabulate_participant_figures(
    study: Study, estimates: pd.DataFrame
) -> Table | Absent:
    """The outcomes people look for first, as counts of participants."""
    rows = []
    for source, indicator in with_role(study, "headline"):
        result = find(estimates, source=source.id, indicator=indicator.id)
        if result is not None and result.count is not None:
            who = study.questionnaires[source.id].population
            rows.append(
                (
                    name_of(study, source, indicator),
                    f"{dutch.number(result.count)} van {result.answers}",
                    f"{who} ({result.value})",
                )
            )
    if not rows:
        return Absent("Deze meting heeft geen kerncijfers.")
    return Table(
        id="kerncijfers",
        caption="Kerncijfers van de deelnemers",
        columns=("Kerncijfer", "Aantal", "Toelichting"),
        rows=tuple(rows),
        layout="key_figures",
    )


def tabulate_items(study: Study, estimates: pd.DataFrame, theme: str) -> Table | Absent:
    """Every outcome of a theme: count, base, share, and who does not know."""
    found = items(study, estimates, theme)
    if not found:
        return Absent(f"Naar {theme} is in deze meting niet gevraagd.")
    unknown = [dont_know(study, estimates, result) for _, result in found]
    columns = ["Uitkomst", "Aantal", "Antwoorden", "Aandeel"]
    asked = any(unknown)
    rows = tuple(
        (
            dutch.capitalised(name),
            _count(result),
            result.answers,
            shown(result),
            *([DASH if other is None else _count(other)] if asked else []),
        )
        for (name, result), other in zip(found, unknown, strict=True)
    )
    return Table(
        id=f"tabel-{slug(theme)}",
        caption=f"{dutch.capitalised(theme)}: aantallen deelnemers",
        columns=(*columns, *(["Weet niet"] if asked else [])),
        rows=rows,
        note=notes((result for _, result in found), NO_ORDER),
    )


def slug(words: str) -> str:
    """Words as part of an HTML id."""
    return "-".join(words.lower().replace("_", " ").split())


def _count(result: Result) -> str:
    return dutch.SUPPRESSED if result.count is None else dutch.number(result.count)


def tabulate_cross(
    study: Study, estimates: pd.DataFrame, source: Source, table: CrossTable
) -> Table:
    """A 2×2 table of counts with their share of all who answered both."""
    cells = cross_cells(estimates, source, table)
    row_sides = sides(study, source, table.rows)
    column_sides = sides(study, source, table.columns)
    rows = tuple(
        (
            f"{table.row_label}: {side}",
            *(_cell(cells.get(table.cell(row=row, column=at))) for at in (True, False)),
        )
        for side, row in zip(row_sides, (True, False), strict=True)
    )
    n = max((cell.n or 0 for cell in cells.values()), default=0)
    return Table(
        id=f"tabel-{slug(table.id)}",
        caption=f"{table.label}: aantallen deelnemers ({dutch.base(n)})",
        columns=(
            f"{table.row_label} en {table.column_label.lower()}",
            *(f"{table.column_label}: {side}" for side in column_sides),
        ),
        rows=rows,
        note=notes(cells.values()),
        align=("left", "right", "right"),
    )


def cross_cells(
    estimates: pd.DataFrame, source: Source, table: CrossTable
) -> dict[str, Result]:
    """Cell → estimate of a cross table."""
    found = find_all(estimates, source=source.id, indicator=table.id, by=TOTAL)
    return {each.category: each for each in found}


def _cell(result: Result | None) -> str:
    return DASH if result is None else f"{_count(result)} ({shown(result)})"


def tabulate_group_means(
    study: Study, estimates: pd.DataFrame, source: Source, indicator: Indicator
) -> Table:
    """The mean of an indicator in every declared group, with its base."""
    means = group_means(study, estimates, source, indicator)
    return Table(
        id=f"tabel-{slug(indicator.id)}",
        caption=f"{dutch.capitalised(indicator.label)} per groep deelnemers",
        columns=("Groep", "Gemiddelde", "Antwoorden"),
        rows=tuple(
            (dutch.capitalised(name), shown(mean), mean.answers) for name, mean in means
        ),
        note=notes((mean for _, mean in means), indicator.definition),
    )


def group_means(
    study: Study, estimates: pd.DataFrame, source: Source, indicator: Indicator
) -> list[tuple[str, Result]]:
    """Filter by filter, as declared, and then all participants together."""
    questionnaire = study.questionnaires[source.id]
    places = [(each.label, DOMAIN, each.id) for each in questionnaire.filter]
    places.append((f"alle {questionnaire.population}", TOTAL, TOTAL))
    return [
        (label, found)
        for label, by, group in places
        if (
            found := find(
                estimates,
                source=source.id,
                indicator=indicator.id,
                by=by,
                group=group,
            )
        )
    ]


def tabulate_sizes(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """The headline outcomes per size class: counts, bases, shares; no order."""
    found = by_size(study)
    if found is None:
        return Absent("In deze meting is niet uitgesplitst naar inwoners.")
    source, question = found
    indicators = [
        indicator
        for owner, indicator in with_role(study, "headline")
        if owner.id == source.id
    ]
    rows = [
        [
            find(
                estimates,
                source=source.id,
                indicator=indicator.id,
                by=question.id,
                group=group,
            )
            for group in question.categories
        ]
        for indicator in indicators
    ]
    return Table(
        id="tabel-inwoners",
        caption=f"Uitkomsten naar {question.short.lower()}: aantallen deelnemers",
        columns=("Uitkomst", *question.categories),
        rows=tuple(
            (name_of(study, source, indicator), *(_of(result) for result in row))
            for indicator, row in zip(indicators, rows, strict=True)
        ),
        note=notes(
            [result for row in rows for result in row],
            "In elke cel: aantal deelnemers, en van hoeveel antwoorden.",
            unknown_note(estimates, source, question),
        ),
        align=("left", *(RIGHT,) * len(question.categories)),
    )


def _of(result: Result | None) -> str:
    """``3 van 13*``: of so few a percentage would say more than there is."""
    if result is None or result.count is None:
        return shown(result)
    few = "*" if result.is_indicative else ""
    return f"{_count(result)} van {result.answers}{few}"


def by_size(study: Study) -> tuple[Source, Question] | None:
    """The source with municipalities and its question about their size."""
    for source in study.surveys:
        question = study.questionnaires[source.id].with_role("size_class")
        if question is not None:
            return source, question
    return None


def tabulate_participation(
    study: Study, estimates: pd.DataFrame, by: str
) -> Table | Absent:
    """Participants per size class or province, against the register."""
    rows = participation(study, estimates, by)
    if not rows:
        return Absent("Hoeveel gemeenten er waren, is niet bekend.")
    legend = [each for each in [rows[-1].base] if each]
    if any(row.status == "suppressed" for row in rows):
        legend.append(few_words(study, "gemeenten"))
    return Table(
        id=f"tabel-deelname-{slug(by)}",
        caption=f"Deelname per {_NAMES[by]}",
        columns=(
            dutch.capitalised(_NAMES[by]),
            "Deelnemers",
            "Gemeenten",
            "Aandeel",
        ),
        rows=tuple(
            (
                dutch.capitalised(group_name(row)),
                _count(row),
                row.answers,
                row.value,
            )
            for row in rows
        ),
        note=f"Geteld: {'. '.join(legend)}".rstrip(".") + ".",
    )


_NAMES = {"size_class": "inwonerklasse", "province": "provincie"}


def participation(study: Study, estimates: pd.DataFrame, by: str) -> list[Result]:
    """Coverage per group, and last that of all together (``by`` = totaal)."""
    found = by_size(study)
    if found is None:
        return []
    source, question = found
    where = question.id if by == "size_class" else PROVINCE
    groups = find_all(estimates, source=source.id, indicator=PARTICIPATION, by=where)
    total = find(estimates, source=source.id, indicator=PARTICIPATION)
    return [*groups, total] if groups and total is not None else []


def group_name(row: Result) -> str:
    return "alle gemeenten" if row.by == TOTAL else row.group
