"""How long people waited, drawn in classes with the norm as a line.

Complete counts: no interval. The last class is open, because the longest wait is
somebody's own.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.duration_classes import unit
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting import contact_drawing as drawing
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import count_cell, identifier
from kcc_research.reporting.contact_values import (
    NO_MARGIN,
    classes_of,
    contact_value,
    legend,
    total_of,
)
from kcc_research.reporting.document import Figure
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import Result, find_all
from kcc_research.study.measurement import Study

APPOINTMENTS = ("met afspraak", "zonder afspraak")


def plot_waiting(
    study: Study, estimates: pd.DataFrame, source_id: str, duration: str = "wachttijd"
) -> Figure | Absent:
    """How a duration is spread, with the norm as a line where there is one.

    ``duration``: ``wachttijd`` or ``doorlooptijd``. With and without appointment are
    two panels: who has one waits from the appointed time.
    """
    indicator = f"{duration}_klasse"
    panels = {
        title: found
        for title, by, group in (
            *((each.capitalize(), "afspraak", each) for each in APPOINTMENTS),
            ("", TOTAL, TOTAL),
        )
        if (found := classes_of(estimates, source_id, indicator, by, group))
        and found[0].n
    }
    if not panels:
        return Absent(f"De {duration} staat niet in deze registratie.")
    whole = panels.pop("", [])
    panels = panels or {"": whole}
    size, noun, several = _width(study, source_id, duration)
    norm = _waiting_norm(study, source_id, duration, size)
    return Figure(
        id=f"figuur-{identifier(source_id)}-{duration}",
        caption=(
            f"{dutch.capitalised(duration)} in klassen van {noun}, "
            f"{whole[0].base} ({dutch.base(whole[0].n or 0)}). "
            f"De laatste klasse is alles wat langer duurde. {NO_MARGIN}"
        ),
        alt=(
            f"Staafdiagram van de {duration}. "
            f"{_typical(estimates, source_id, duration)}"
            f"{_norm_spoken(study, estimates, source_id, norm)}"
        ),
        image=drawing.distributions(
            [
                _panel(study, estimates, source_id, title, rows, size, norm)
                for title, rows in panels.items()
            ],
            f"{dutch.capitalised(duration)} in {several}",
            norm,
        ),
        data=_class_table(study, source_id, duration, panels, whole),
        synthetic=study.measurement.synthetic,
    )


def _width(study: Study, source_id: str, duration: str) -> tuple[float, str, str]:
    """Width of a class in the unit of the axis, in words, and that unit."""
    limits = study.layouts[source_id].thresholds
    width, kind = limits.wait_class_seconds, "seconds"
    if duration == "doorlooptijd":
        width, kind = limits.throughput_class_days, "days"
    size, singular, plural = unit(width, kind)
    step = width // size
    return step, f"{step} {singular if step == 1 else plural}", plural


def _waiting_norm(
    study: Study, source_id: str, duration: str, step: float
) -> drawing.Norm | None:
    limits = study.layouts[source_id].thresholds
    if duration != "wachttijd" or limits.wait_norm_seconds is None:
        return None
    size = limits.wait_class_seconds / step
    words = f"norm {dutch.clock(limits.wait_norm_seconds)}"
    return drawing.Norm(limits.wait_norm_seconds / size, words)


def _panel(
    study: Study,
    estimates: pd.DataFrame,
    source_id: str,
    title: str,
    rows: Sequence[Result],
    step: float,
    norm: drawing.Norm | None,
) -> drawing.Spread:
    n = dutch.base(rows[0].n or 0)
    named = f"{title} ({n})" if title else ""
    shares = [row.estimate or 0 for row in rows]
    within = _within(estimates, source_id, rows[0])
    if norm is None or within is None or within.estimate is None:
        return drawing.Spread(named, shares, step)
    late = dutch.percentage(1 - within.estimate, 1)
    return drawing.Spread(
        named,
        shares,
        step,
        within=f"{contact_value(within)} binnen",
        beyond=f"{norm.words}: {late} langer",
    )


def _within(estimates: pd.DataFrame, source_id: str, row: Result) -> Result | None:
    where = {"source": source_id, "indicator": "wachttijd_binnen_norm"}
    found = find_all(estimates, **where, by=row.by, group=row.group)
    return found[0] if found else None


def _typical(estimates: pd.DataFrame, source_id: str, duration: str) -> str:
    parts = [
        f"{words} {contact_value(result)}"
        for name, words in (
            (duration, "gemiddeld"),
            (f"{duration}_mediaan", "de helft hoogstens"),
            (f"{duration}_p90", "negen van de tien hoogstens"),
        )
        if (result := total_of(estimates, source_id, name)) and result.is_shown
    ]
    return f"{dutch.capitalised(dutch.listing(parts))}." if parts else ""


def _norm_spoken(
    study: Study,
    estimates: pd.DataFrame,
    source_id: str,
    norm: drawing.Norm | None,
) -> str:
    found = total_of(estimates, source_id, "wachttijd_binnen_norm")
    if norm is None or found is None or not found.is_shown:
        return ""
    return f" Binnen de {norm.words}: {contact_value(found)}."


def _class_table(
    study: Study,
    source_id: str,
    duration: str,
    panels: dict[str, list[Result]],
    whole: Sequence[Result],
) -> Table:
    """Number and share per class; with panels a share for each of these too."""
    named = {title: rows for title, rows in panels.items() if title}
    shares = {
        title: {row.category: row for row in rows} for title, rows in named.items()
    }
    return Table(
        id=f"{identifier(source_id)}-{duration}-klassen",
        caption=f"{dutch.capitalised(duration)} in klassen",
        columns=("Klasse", "Aantal", "Aandeel", *named),
        rows=tuple(
            (
                dutch.capitalised(row.category),
                count_cell(row),
                contact_value(row),
                *(contact_value(shares[title].get(row.category)) for title in named),
            )
            for row in whole
        ),
        note=" ".join(
            each
            for each in (
                "Een klasse is langer dan de ondergrens en hoogstens de bovengrens.",
                legend(study, source_id, [*whole, *sum(named.values(), [])]),
            )
            if each
        ),
    )
