"""Recommendations as a table: who does what by when, and what came of earlier ones.

They are the author's words and no result: nothing is counted or judged here, but that
a date has passed on the day of publication while work remains.
"""

from __future__ import annotations

from collections.abc import Sequence

from kcc_research import dutch
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import DASH
from kcc_research.reporting.document import Table
from kcc_research.study.measurement import Study
from kcc_research.study.recommendation import Recommendation

PLURALS = {"aanbeveling": "Aanbevelingen", "speerpunt": "Speerpunten"}


def tabulate_recommendations(study: Study) -> Table | Absent:
    """What this measurement recommends: who, by when, and how it stands.

    Declared in ``aanbevelingen.toml``; without any there is nothing to show.
    """
    chosen = [each for each in study.recommendations if not each.is_follow_up]
    caption = f"{_named(chosen)}: wie, wanneer en hoe het ervoor staat"
    return _table(study, chosen, "tabel-aanbevelingen", caption)


def tabulate_follow_up(study: Study) -> Table | Absent:
    """What came of recommendations that were made before this measurement."""
    chosen = [each for each in study.recommendations if each.is_follow_up]
    caption = f"Wat er is gedaan met eerdere {_named(chosen).lower()}"
    return _table(study, chosen, "tabel-opvolging", caption)


def _named(chosen: Sequence[Recommendation]) -> str:
    """*Aanbevelingen*, *Speerpunten*, or both."""
    kinds = dict.fromkeys(PLURALS[each.kind] for each in chosen)
    return dutch.capitalised(dutch.listing(each.lower() for each in kinds))


def _table(
    study: Study,
    chosen: Sequence[Recommendation],
    id: str,  # noqa: A002
    caption: str,
) -> Table | Absent:
    """One row per recommendation; a column that nobody filled is left out."""
    if not chosen:
        return Absent("")
    day = study.measurement.published
    columns = {
        _named(chosen): [_text(each) for each in chosen],
        "Wie": [each.owner for each in chosen],
        "Termijn": [_deadline(each) for each in chosen],
        "Stand": [_standing(study, each) for each in chosen],
        "Wat er is gedaan": [each.result or "" for each in chosen],
    }
    kept = {name: cells for name, cells in columns.items() if any(cells)}
    late = any(each.is_late(day) for each in chosen)
    return Table(
        id=id,
        caption=caption,
        columns=tuple(kept),
        rows=tuple(
            tuple(cell or DASH for cell in row)
            for row in zip(*kept.values(), strict=True)
        ),
        note=f"Te laat: de termijn was op {dutch.long_date(day)} voorbij."
        if late
        else "",
    )


def _text(each: Recommendation) -> str:
    return f"{each.text} ({each.follow_up_of})" if each.follow_up_of else each.text


def _deadline(each: Recommendation) -> str:
    return dutch.short_date(each.deadline) if each.deadline else ""


def _standing(study: Study, each: Recommendation) -> str:
    late = each.is_late(study.measurement.published)
    return f"{each.status}, te laat" if late else each.status
