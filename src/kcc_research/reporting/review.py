"""The review of documents against norms: the researchers' judgement, in a table.

Nothing here is computed from data. Every table says whose judgement it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.review import MARK
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import DASH, identifier
from kcc_research.reporting.document import Table
from kcc_research.study.measurement import Study

REVIEW_WORDS = {
    "met": "voldoet",
    "partly_met": "voldoet deels",
    "not_met": "voldoet niet",
    "not_measured": "niet te beoordelen",
}
SIGNS = {"met": "●", "partly_met": "◐", "not_met": "○", "not_measured": "–"}
"""A mark beside the word, so that a column can be read at a glance and in grey."""

NO_REVIEW = Absent("In deze meting zijn geen documenten aan normen getoetst.")

CHAPTERS = (
    "beleid en visie",
    "contacten en wachttijden",
    "beleving",
    "sturing en monitoring",
)
"""Parts of a review that the report of a counter shows in the chapter of that name."""

Row = Mapping[Hashable, Any]


def tabulate_review(
    study: Study, verdicts: pd.DataFrame, theme: str = ""
) -> Table | Absent:
    """Norm, judgement, document and why; of one ``theme`` or of all."""
    rows = _rows(study, verdicts, theme)
    if not rows:
        return NO_REVIEW if not theme else Absent("")
    of_theme = f": {theme}" if theme else ""
    return Table(
        id=f"tabel-normenkader{f'-{identifier(theme)}' if theme else ''}",
        caption=f"Normen en oordeel{of_theme}",
        columns=("Norm", "Oordeel", "Toelichting", "Bron"),
        rows=tuple(_cells(row) for row in rows),
        note="Het oordeel is dat van de onderzoekers, op grond van documenten.",
    )


def list_other_norms(study: Study) -> list[str]:
    """Parts of the reviews that have no chapter of their own, as declared."""
    found = (
        name
        for source in study.reviews
        if (asked := study.questionnaires[source].with_role("norm_theme")) is not None
        for name in asked.categories
    )
    return [each for each in dict.fromkeys(found) if each not in CHAPTERS]


def tabulate_review_counts(study: Study, verdicts: pd.DataFrame) -> Table | Absent:
    """How many norms of each theme are met, partly met and not met."""
    rows = _rows(study, verdicts)
    if not rows:
        return NO_REVIEW
    themes = dict.fromkeys(str(row["by"]) for row in rows)
    counts = {
        theme: Counter(row["verdict"] for row in rows if row["by"] == theme)
        for theme in themes
    }
    return Table(
        id="tabel-normenkader",
        caption="Normenkader: aantal normen per onderdeel en oordeel",
        columns=("Onderdeel", *map(dutch.capitalised, REVIEW_WORDS.values())),
        rows=tuple(
            (
                dutch.capitalised(theme),
                *(dutch.number(count[word]) for word in REVIEW_WORDS),
            )
            for theme, count in counts.items()
        ),
        note="Het oordeel is dat van de onderzoekers, op grond van documenten.",
    )


def describe_review(study: Study, verdicts: pd.DataFrame) -> str:
    """How many norms are met, in one sentence, and whose judgement that is."""
    rows = _rows(study, verdicts)
    if not rows:
        return ""
    count = Counter(row["verdict"] for row in rows)
    parts = [
        f"aan **{dutch.number(count['met'])}** voldoet de gemeente",
        f"aan **{dutch.number(count['partly_met'])}** deels",
        f"aan **{dutch.number(count['not_met'])}** niet",
    ]
    if count["not_measured"]:
        unknown = dutch.number(count["not_measured"])
        parts.append(f"bij **{unknown}** is dat niet te beoordelen")
    return (
        "De onderzoekers toetsten documenten aan "
        f"{dutch.counted(len(rows), 'norm', 'normen')}: {dutch.listing(parts)}."
    )


def _rows(study: Study, verdicts: pd.DataFrame, theme: str = "") -> Sequence[Row]:
    chosen = verdicts["indicator"].isin(study.reviews)
    if theme:
        chosen &= verdicts["by"] == theme
    return verdicts[chosen].to_dict("records")


def _cells(row: Row) -> tuple[str, ...]:
    document, _, why = str(row["reason"]).partition(MARK)
    verdict = str(row["verdict"])
    judged = f"{SIGNS[verdict]} {REVIEW_WORDS[verdict]}"
    return str(row["group"]), judged, why.removeprefix(": ") or DASH, document or DASH
