"""One table in which every source speaks about the same theme (*triangulatie*).

Sources measure different things: how many visitors name a theme, whether experience
met expectation, how often observers saw it, how many people brought it up. They are put
side by side, never added or averaged. Themes are matched by their label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.remark_counts import PERSONS
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import DASH
from kcc_research.reporting.document import Table
from kcc_research.reporting.expectations import aspects
from kcc_research.reporting.observations import list_observed_themes, shares
from kcc_research.reporting.result import Result, find, find_all
from kcc_research.reporting.tables import themes
from kcc_research.study.coding_scheme import THEME
from kcc_research.study.measurement import Source, Study

Column = tuple[str, Mapping[str, str]]
"""Heading, and per theme (in lower case) what one source says of it."""

GAP_WORDS = {"higher": "beter dan verwacht", "lower": "minder dan verwacht"}
NOT_SHOWN = "geen duidelijk verschil"


def tabulate_triangulation(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Table | Absent:
    """Per theme what questionnaire, observations and conversations say of it.

    A column stands for one source; a dash says that the source was silent on the
    theme, because it did not ask or nobody brought it up.
    """
    columns = [
        *_named(study, estimates),
        *_gaps(study, estimates, comparisons),
        *_observed(study, estimates),
        *_spoken(study, estimates),
    ]
    if len(columns) < 2:
        return Absent("Er zijn geen bronnen om per thema naast elkaar te zetten.")
    names = dict.fromkeys(name for _, cells in columns for name in cells)
    return Table(
        id="tabel-themas-per-bron",
        caption="Wat elke bron over een thema zegt",
        columns=("Thema", *(heading for heading, _ in columns)),
        rows=tuple(
            (
                dutch.capitalised(name),
                *(cells.get(name, DASH) for _, cells in columns),
            )
            for name in names
        ),
        note=(
            "De bronnen meten niet hetzelfde: lees per regel of zij dezelfde kant op "
            "wijzen. Streepje: deze bron zegt niets over dit thema."
        ),
    )


def _named(study: Study, estimates: pd.DataFrame) -> Iterator[Column]:
    rows = [row for row in themes(study, estimates) if row.is_shown]
    if rows:
        source = study.measurement.sources[rows[0].source]
        heading = f"{_label(source)}: noemt dit zelf ({dutch.base(rows[0].n or 0)})"
        yield heading, {row.category.lower(): _count(row) for row in rows}


def _gaps(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Iterator[Column]:
    found = aspects(study, estimates, comparisons)
    if found:
        heading = f"{_label(found[0].source)}: ervaring min verwachting"
        yield (
            heading,
            {
                each.label.lower(): (
                    f"{each.signed}, {GAP_WORDS.get(each.verdict, NOT_SHOWN)}"
                )
                for each in reversed(found)
            },
        )


def _observed(study: Study, estimates: pd.DataFrame) -> Iterator[Column]:
    """What observers looked for, item by item."""
    cells: dict[str, dict[str, str]] = {}
    for source, theme in list_observed_themes(study):
        for indicator, result in shares(study, estimates, source, theme):
            cells.setdefault(source, {})[indicator.label.lower()] = _share(result)
    for source, told in cells.items():
        yield f"{_label(study.measurement.sources[source])}: gezien", told


def _spoken(study: Study, estimates: pd.DataFrame) -> Iterator[Column]:
    for source_id in study.schemes:
        source = study.measurement.sources[source_id]
        people = find(estimates, source=source_id, indicator=PERSONS)
        rows = find_all(estimates, source=source_id, indicator=THEME, by="totaal")
        if people is not None and people.is_shown:
            heading = (
                f"{_label(source)}: spreekt erover ({dutch.base(people.count or 0)})"
            )
            yield heading, {row.category.lower(): _count(row) for row in rows}


def _label(source: Source) -> str:
    return dutch.capitalised(source.label or source.id)


def _count(row: Result) -> str:
    return dutch.SUPPRESSED if row.count is None else dutch.number(row.count)


def _share(row: Result) -> str:
    if row.count is None or row.n is None:
        return row.value
    return f"{row.value} ({dutch.number(row.count)} van {row.answers})"


def tabulate_sources(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame
) -> Table:
    """Where the findings come from: what each source is, its size, how to read it."""
    return Table(
        id="tabel-bronnen",
        caption="Waar de uitkomsten vandaan komen",
        columns=("Bron", "Wat het is", "Omvang", "Zo leest u het"),
        rows=tuple(
            (
                _label(source),
                _kind_words(study, source),
                _size(study, estimates, verdicts, source),
                _reading(study, source),
            )
            for source in study.measurement.source
        ),
    )


_KIND_WORDS = {
    "contacts": "registratie van alle contacten",
    "queue": "registratie van alle bezoeken",
    "remarks": "gecodeerde gesprekken",
    "documents": "documenten, getoetst aan normen",
}
_READING = {
    "contacts": "een telling, zonder marge",
    "queue": "een telling, zonder marge",
    "remarks": "wat er speelt, niet hoe vaak",
    "documents": "een oordeel van de onderzoekers",
}


def _kind_words(study: Study, source: Source) -> str:
    if source.kind in _KIND_WORDS:
        return _KIND_WORDS[source.kind]
    return study.questionnaires[source.id].title.lower()


def _size(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame, source: Source
) -> str:
    if source.kind == "documents":
        count = int((verdicts["indicator"] == source.id).sum())
        return dutch.counted(count, "norm", "normen")
    if source.is_registration:
        return _sized(find(estimates, source=source.id, indicator="contacten"), "")
    if source.id in study.schemes:
        people = find(estimates, source=source.id, indicator=PERSONS)
        return _sized(people, study.schemes[source.id].persons)
    rows = find_all(estimates, source=source.id, indicator="respons")
    filled = next((row for row in rows if row.category == "ingevuld"), None)
    return _sized(filled, study.questionnaires[source.id].population)


def _sized(found: Result | None, words: str) -> str:
    if found is None:
        return DASH
    return f"{found.value} {words}".strip()


def _reading(study: Study, source: Source) -> str:
    if source.kind in _READING:
        return _READING[source.kind]
    if study.measurement.has_sampling_error:
        return "een schatting, met marge"
    return "wat deelnemers antwoordden, zonder marge"
