"""What stands in the way: coded answers of the people who were asked about it.

Somebody may name more than one barrier, so the shares add up to more than 100%. That
one is named more often than the next is said only when their margins do not touch:
then the difference is certain, whatever people name together.
"""

from __future__ import annotations

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import MARGIN, count_cell, notes, shown, with_margins
from kcc_research.reporting.document import Figure
from kcc_research.reporting.figures import axis_of_shares, draw_bars, spoken
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import Result, with_role
from kcc_research.reporting.tables import theme_base, themes
from kcc_research.study.measurement import Study

NONE = "Bij deze meting is niet naar belemmeringen gevraagd."


def plot_barriers(study: Study, estimates: pd.DataFrame) -> Figure | Absent:
    """Share of the people asked who name a barrier, most named first."""
    rows = [row for row in themes(study, estimates) if row.is_shown]
    table = tabulate_barriers(study, estimates)
    if not rows or isinstance(table, Absent):
        return Absent(NONE)
    return Figure(
        id="figuur-belemmeringen",
        caption=f"Genoemde belemmeringen, met 95%-marge: {_who(study, rows)}",
        alt=f"Staafdiagram met het aandeel dat een belemmering noemt: {spoken(rows)}.",
        image=draw_bars(rows, axis_of_shares(rows), f"Aandeel van de {_people(study)}"),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def tabulate_barriers(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Count and share per barrier, with the note on several codes per answer."""
    rows = themes(study, estimates)
    if not rows:
        return Absent(NONE)
    return with_margins(
        id="tabel-belemmeringen",
        caption=f"Genoemde belemmeringen: {_who(study, rows)}",
        columns=("Belemmering", "Aantal bellers", "Aandeel", MARGIN),
        rows=[
            (dutch.capitalised(row.category), count_cell(row), shown(row), row.interval)
            for row in rows
        ],
        note=notes(rows, _several(rows)),
    )


def describe_barriers(study: Study, estimates: pd.DataFrame) -> str:
    """The two named most, and whether they stand out from the next."""
    rows = [row for row in themes(study, estimates) if row.is_shown]
    if len(rows) < 3:
        return ""
    first, second, third = rows[:3]
    return (
        f"{dutch.capitalised(_people(study))} noemen het vaakst: "
        f"**{first.category}** ({_numbers(first)}) en **{second.category}** "
        f"({_numbers(second)}). {_apart(second, third)}"
    )


def _numbers(row: Result) -> str:
    of = f"{count_cell(row)} van {row.answers}: {row.value}"
    return f"{of}; 95%-marge {row.interval}" if row.interval else of


def _apart(second: Result, third: Result) -> str:
    """The margins of both do not touch: a cautious rule, never wrong by overlap."""
    if (second.ci_low or 0) > (third.ci_high or 1):
        return (
            "Deze twee steken er duidelijk boven uit; daarna volgt "
            f"{third.category} ({third.value})."
        )
    return (
        f"Daarna volgt {third.category} ({third.value}); of die minder vaak voorkomt, "
        "is te dichtbij om te zeggen."
    )


def _several(rows: list[Result]) -> str:
    """Said only when it is true."""
    whole = sum(row.estimate or 0 for row in rows)
    return (
        "Een beller kon meer belemmeringen noemen; samen is het dus meer dan 100%."
        if whole > 1
        else ""
    )


def _who(study: Study, rows: list[Result]) -> str:
    return f"{_people(study)} ({dutch.base(theme_base(rows))})"


def _people(study: Study) -> str:
    """Who were asked, in the words of the filter that says the same."""
    for source, indicator in with_role(study, "theme"):
        questionnaire = study.questionnaires[source.id]
        asked_if = questionnaire.questions[indicator.question].asked_if
        for each in questionnaire.filter:
            if asked_if and each.condition == asked_if:
                return each.label
        return questionnaire.population
    return ""
