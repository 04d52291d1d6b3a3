"""Tables about interviews and remarks: counts of persons, never a percentage.

Interviews show what occurs, not how often (DOMAIN-D34). Themes are ordered by the
number of people who spoke of them; people who were not heard are in no number.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.remark_counts import AGREEMENT, ALPHA, PERSONS
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import DASH, identifier
from kcc_research.reporting.privacy import few_words
from kcc_research.reporting.records import Align, Table
from kcc_research.reporting.result import Result, find, find_all
from kcc_research.study.coding_scheme import (
    SOURCE,
    SUBTHEME,
    THEME,
    VALENCE,
    VALENCES,
    CodingScheme,
)
from kcc_research.study.measurement import Study

LEFT: Align = "left"
RIGHT: Align = "right"
ALL = "samen"
NOT_HOW_OFTEN = (
    "De aantallen tellen alleen wie wij spraken: ze laten zien wat er voorkomt, niet "
    "hoe vaak."
)
BOTH_SIDES = "Wie er goed én minder goed over sprak, telt bij beide."
NO_REMARKS = "In deze meting zijn geen gesprekken of opmerkingen gecodeerd."


def list_remark_themes(study: Study, estimates: pd.DataFrame, source: str) -> list[str]:
    """Themes that anybody spoke of: most people first, equal ones as in the scheme."""
    return [each.category for each in themes(study, estimates, source) if each.count]


def themes(study: Study, estimates: pd.DataFrame, source: str) -> list[Result]:
    """The count of persons per theme of a source; suppressed ones come last."""
    order = study.schemes[source].labels
    found = find_all(estimates, source=source, indicator=THEME, by=TOTAL)
    known = [each for each in found if each.category in order]
    return sorted(
        known, key=lambda each: (-(each.count or 0), order.index(each.category))
    )


def tabulate_remark_themes(
    study: Study, estimates: pd.DataFrame, source: str
) -> Table | Absent:
    """Persons per theme, and how they spoke of it where that was coded."""
    found = themes(study, estimates, source)
    if not found:
        return Absent(NO_REMARKS)
    scheme = study.schemes[source]
    valences = VALENCES if scheme.column.valence else ()
    rows = tuple(
        (
            dutch.capitalised(each.category),
            count(each),
            *(count(valence_of(estimates, source, each.category, v)) for v in valences),
        )
        for each in found
    )
    return Table(
        id=f"tabel-themas-{identifier(source)}",
        caption=(
            f"{scheme.title}: thema’s, in aantallen {scheme.persons} ({base(found[0])})"
        ),
        columns=(
            "Thema",
            dutch.capitalised(scheme.persons),
            *(dutch.capitalised(each) for each in valences),
        ),
        rows=rows,
        note=_note(study, found, BOTH_SIDES if valences else ""),
        align=(LEFT, RIGHT, *(RIGHT for _ in valences)),
    )


def tabulate_remark_definitions(study: Study, source: str) -> Table:
    """When a coder chose a theme: the coding scheme, for an appendix."""
    scheme = study.schemes[source]
    return Table(
        id=f"tabel-codeerschema-{identifier(source)}",
        caption=f"{scheme.title}: het codeerschema",
        columns=("Thema", "Waar het over gaat"),
        rows=tuple(
            (dutch.capitalised(each.label), each.definition) for each in scheme.theme
        ),
        align=(LEFT, LEFT),
    )


def valence_of(
    estimates: pd.DataFrame, source: str, theme: str, valence: str
) -> Result | None:
    """How many people spoke of ``theme`` in this way."""
    return find(
        estimates,
        source=source,
        indicator=VALENCE,
        by=THEME,
        group=theme,
        category=valence,
    )


def count(result: Result | None) -> str:
    """A count as printed; no star: every interview is an example already."""
    if result is None:
        return DASH
    if result.count is None:
        return dutch.SUPPRESSED
    return dutch.number(result.count)


def base(result: Result | None) -> str:
    """``n = 15``, or that there are too few to say."""
    if result is None or result.n is None:
        return "te weinig mensen"
    return dutch.base(result.n)


def _note(study: Study, found: Iterable[Result | None], *extra: str) -> str:
    sentences = (NOT_HOW_OFTEN, *extra, _hidden(study, found))
    return " ".join(each for each in sentences if each)


def _hidden(study: Study, found: Iterable[Result | None]) -> str:
    hidden = any(each is not None and each.count is None for each in found)
    return few_words(study, "mensen") if hidden else ""


# --- themes by source -----------------------------------------------------------------


def matrix(
    study: Study, estimates: pd.DataFrame, source: str
) -> tuple[list[str], list[str], list[list[Result | None]]]:
    """Themes, sources of remarks with their base, and the counts; the whole comes last.

    With a single source the whole is all there is.
    """
    labels = [each.category for each in themes(study, estimates, source)]
    places = _places(study.schemes[source], estimates, source)
    heads = [_head(estimates, source, by, group) for by, group in places]
    cells = [
        [
            find(
                estimates,
                source=source,
                indicator=THEME,
                by=by,
                group=group,
                category=label,
            )
            for by, group in places
        ]
        for label in labels
    ]
    return labels, heads, cells


def _places(
    scheme: CodingScheme, estimates: pd.DataFrame, source: str
) -> list[tuple[str, str]]:
    found = find_all(estimates, source=source, indicator=PERSONS, by=SOURCE)
    present = {each.group for each in found}
    groups = [
        each for each in dict.fromkeys(scheme.sources.values()) if each in present
    ]
    return [*((SOURCE, each) for each in groups if len(groups) > 1), (TOTAL, TOTAL)]


def _head(estimates: pd.DataFrame, source: str, by: str, group: str) -> str:
    people = find(estimates, source=source, indicator=PERSONS, by=by, group=group)
    return f"{dutch.capitalised(ALL if by == TOTAL else group)} ({base(people)})"


def tabulate_remark_matrix(
    study: Study, estimates: pd.DataFrame, source: str
) -> Table | Absent:
    """Persons per theme in each source of remarks, and in all of them."""
    labels, heads, cells = matrix(study, estimates, source)
    if not labels:
        return Absent(NO_REMARKS)
    scheme = study.schemes[source]
    return Table(
        id=f"tabel-bronnen-{identifier(source)}",
        caption=f"{scheme.title}: aantal {scheme.persons} per thema en bron",
        columns=("Thema", *heads),
        rows=tuple(
            (dutch.capitalised(label), *(count(each) for each in row))
            for label, row in zip(labels, cells, strict=True)
        ),
        note=_note(study, [each for row in cells for each in row]),
        align=(LEFT, *(RIGHT for _ in heads)),
    )


def tabulate_remark_subthemes(
    study: Study, estimates: pd.DataFrame, source: str
) -> Table | Absent:
    """Persons per part of a theme, in the order of the coding scheme."""
    scheme = study.schemes[source]
    rows, found = [], []
    for label in list_remark_themes(study, estimates, source):
        for result in find_all(
            estimates, source=source, indicator=SUBTHEME, group=label
        ):
            found.append(result)
            rows.append(
                (
                    dutch.capitalised(result.category),
                    dutch.capitalised(label),
                    count(result),
                )
            )
    if not rows:
        return Absent("De thema’s zijn niet verder onderverdeeld.")
    return Table(
        id=f"tabel-subthemas-{identifier(source)}",
        caption=(
            f"{scheme.title}: onderdelen van thema’s, in aantallen {scheme.persons}"
        ),
        columns=("Onderdeel", "Thema", dutch.capitalised(scheme.persons)),
        rows=tuple(rows),
        note=_note(study, found),
        align=(LEFT, LEFT, RIGHT),
    )


def tabulate_speakers(
    study: Study, estimates: pd.DataFrame, source: str
) -> Table | Absent:
    """Who was heard: persons by source of remarks and by role."""
    scheme = study.schemes[source]
    sources = find_all(estimates, source=source, indicator=PERSONS, by=SOURCE)
    everyone = find_all(estimates, source=source, indicator=PERSONS, by=TOTAL)
    if not everyone:
        return Absent(NO_REMARKS)
    rows = [
        *(("Bron", dutch.capitalised(each.group), count(each)) for each in sources),
        *(
            ("Rol", dutch.capitalised(each.category), count(each))
            for each in everyone
            if each.category
        ),
        *(
            (dutch.capitalised(ALL), "Iedereen", count(each))
            for each in everyone
            if not each.category
        ),
    ]
    return Table(
        id=f"tabel-sprekers-{identifier(source)}",
        caption=f"{scheme.title}: wie wij spraken",
        columns=("Indeling", "Wie", "Aantal"),
        rows=tuple(rows),
        note=_hidden(study, [*sources, *everyone]),
        align=(LEFT, LEFT, RIGHT),
    )


def tabulate_agreement(
    study: Study, estimates: pd.DataFrame, source: str
) -> Table | Absent:
    """Krippendorff's alpha over all themes and per theme, with its margin."""
    found = [
        each
        for each in find_all(estimates, source=source, indicator=AGREEMENT)
        if each.category == ALPHA
    ]
    if not found:
        return Absent(
            "Geen fragment is door meer dan één codeur gecodeerd; hoe goed codeurs het "
            "eens zijn, is niet gemeten."
        )
    return Table(
        id=f"tabel-overeenstemming-{identifier(source)}",
        caption="Hoe goed codeurs het eens zijn (alfa van Krippendorff)",
        columns=("Thema", "Alfa", "95%-marge", "Fragmenten"),
        rows=tuple(
            (
                "Alle thema’s samen"
                if each.by == TOTAL
                else dutch.capitalised(each.group),
                _alpha(each.estimate, each),
                _margin(each),
                each.answers,
            )
            for each in found
        ),
        note=(
            "1 is volledig eens, 0 is niet beter dan toeval. Vanaf 0,80 heet codering "
            "betrouwbaar, vanaf 0,67 bruikbaar. Een streepje: de codes geven te weinig "
            "verschil om dit te berekenen."
        ),
        align=(LEFT, RIGHT, RIGHT, RIGHT),
    )


def _alpha(value: float | None, result: Result) -> str:
    if value is not None:
        return dutch.number(value, 2)
    return dutch.SUPPRESSED if result.status == "suppressed" else DASH


def _margin(result: Result) -> str:
    return margin(result) or DASH


def margin(result: Result) -> str:
    """The interval of an alpha; nothing where resampling never found a difference."""
    if result.ci_low is None or result.ci_high is None:
        return ""
    if result.ci_high - result.ci_low < 1e-9:
        return ""
    return dutch.interval(result.ci_low, result.ci_high, 2)
