"""Counting coded fragments: how many people speak of a theme, never which share.

Interviews, conversations and observations show what occurs, not how often
(DOMAIN-D34): every number here is a count of persons among those who were heard, with
``n`` as that number, no interval and no percentage. A person counts once for a theme,
however often they come back to it. Of fragments that several coders coded, the codes of
one coder count (the scheme says whose); together they measure agreement (STAT-M24).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from kcc_research.estimation.agreement import alpha_interval, cohen_kappa
from kcc_research.estimation.tables import (
    ESTIMATE_COLUMNS,
    TOTAL,
    combine,
    empty_estimates,
    tidy,
)
from kcc_research.study.coding_scheme import (
    CODER,
    FRAGMENT,
    PERSON,
    ROLE,
    SOURCE,
    SUBTHEME,
    THEME,
    VALENCE,
    VALENCES,
    CodingScheme,
)
from kcc_research.study.measurement import Study

PERSONS = "personen"
"""Indicator of who was heard: persons, by source, and by role as categories."""

FRAGMENTS = "fragmenten"
"""Indicator of how many fragments were coded; ``n`` counts the persons behind them."""

AGREEMENT = "overeenstemming"
"""Indicator of agreement between coders; ``n`` counts fragments coded by several."""

ALPHA, KAPPA = "alfa", "kappa"
"""Categories of agreement: Krippendorff's alpha, and Cohen's kappa of two coders."""

COUNTS = "telt"
METHOD = "telling van personen"

_FEWEST_CODINGS = 2
_BETWEEN = "\n"


def estimate_remarks(
    study: Study, source_id: str, rows: pd.DataFrame, *, seed: int = 1
) -> pd.DataFrame:
    """An ``estimates`` table of one source of remarks.

    ``rows``: as cleaning made them, one per fragment, coder and theme. Rows of the
    result (``statistic`` is *count*, ``estimate`` equals ``count``, ``n`` the persons):

    - *personen*: all, by ``bron``, and per role (``category``);
    - *fragmenten*: all, and by ``bron``;
    - *thema*: per theme (``category``) persons in all and by ``bron``, zeros included;
    - *subthema* and *valentie*: by ``thema``, with all persons as ``n``;
    - *overeenstemming* (``statistic`` *ratio*): see :func:`estimate_agreement`, whose
      draws ``seed`` starts.
    """
    scheme = study.schemes[source_id]
    counted = rows[rows[COUNTS]]
    found = [*_people(counted), *_themes(counted, scheme), *_within(counted, scheme)]
    shared: dict[str, Any] = {
        "measurement": study.key,
        "source": source_id,
        "statistic": "count",
        "weighted": False,
        "uncertainty": "none",
        "method": METHOD,
        "status": "published",
    }
    frame = pd.DataFrame(found).assign(**shared)
    frame["base"] = [_base(scheme, each) for each in found]
    frame["estimate"] = frame["count"].astype(float)
    counts = tidy(frame, ESTIMATE_COLUMNS)
    return combine([counts, estimate_agreement(study, source_id, rows, seed=seed)])


Row = dict[str, Any]


def _row(
    indicator: str, count: int, n: int, by: str = TOTAL, group: str = TOTAL, **more: str
) -> Row:
    row: Row = {"indicator": indicator, "by": by, "group": group, "category": ""}
    return row | {"count": count, "n": n} | more


def _base(scheme: CodingScheme, row: Row) -> str:
    """In words whose remarks: *gesprekspartners*, *gesprekspartners (raadsleden)*."""
    return (
        f"{scheme.persons} ({row['group']})" if row["by"] == SOURCE else scheme.persons
    )


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """All rows, then those of each source in the order of the file."""
    yield TOTAL, TOTAL, rows
    for name in rows[SOURCE].dropna().unique():
        yield SOURCE, str(name), rows[rows[SOURCE] == name]


def _people(rows: pd.DataFrame) -> Iterator[Row]:
    for by, group, some in _groups(rows):
        n = int(some[PERSON].nunique())
        yield _row(PERSONS, n, n, by, group)
        yield _row(FRAGMENTS, int(some[FRAGMENT].nunique()), n, by, group)
    everyone = int(rows[PERSON].nunique())
    for role, count in rows.groupby(ROLE, sort=False)[PERSON].nunique().items():
        yield _row(PERSONS, int(count), everyone, category=str(role))


def _themes(rows: pd.DataFrame, scheme: CodingScheme) -> Iterator[Row]:
    for by, group, some in _groups(rows):
        n = int(some[PERSON].nunique())
        persons = some.groupby(THEME)[PERSON].nunique()
        for label in scheme.labels:
            count = int(persons.get(label, 0))
            yield _row(THEME, count, n, by, group, category=label)


def _within(rows: pd.DataFrame, scheme: CodingScheme) -> Iterator[Row]:
    """Persons per theme and subtheme, and per theme and valence."""
    n = int(rows[PERSON].nunique())
    for theme in scheme.theme:
        some = rows[rows[THEME] == theme.label]
        parts = [(SUBTHEME, part.label) for part in theme.subtheme]
        if scheme.column.valence:
            parts += [(VALENCE, each) for each in VALENCES]
        for indicator, label in parts:
            count = int(some.loc[some[indicator] == label, PERSON].nunique())
            yield _row(indicator, count, n, THEME, theme.label, category=label)


# --- agreement ------------------------------------------------------------------------


def estimate_agreement(
    study: Study, source_id: str, rows: pd.DataFrame, *, seed: int = 1
) -> pd.DataFrame:
    """Agreement on the fragments that more than one coder coded; empty without any.

    The unit is the fragment, its code the set of its themes: coders who agree on one
    of two themes do not agree. ``category`` *alfa* is Krippendorff's alpha with its
    bootstrap interval; of two coders there is Cohen's *kappa* as well. By ``thema``:
    alpha of *has this theme or not*. NaN (*not_measured*) where no code varies.
    """
    coders = rows.groupby(FRAGMENT)[CODER].nunique()
    double = rows[rows[FRAGMENT].map(coders) >= _FEWEST_CODINGS]
    if double.empty:
        return empty_estimates()
    scheme = study.schemes[source_id]
    sets = _codings(double)
    found = [_alpha(sets, seed)]
    if sets.shape[1] == 2:
        found.append(_kappa(sets))
    for label in scheme.labels:
        has = sets.map(lambda each, label=label: _holds(each, label))
        found.append(_alpha(has, seed) | {"by": THEME, "group": label})
    frame = pd.DataFrame(found).assign(
        measurement=study.key,
        source=source_id,
        indicator=AGREEMENT,
        statistic="ratio",
        base="fragmenten die meer dan één codeur codeerde",
        weighted=False,
        uncertainty="measurement",
    )
    frame["status"] = (
        frame["estimate"].notna().map({True: "published", False: "not_measured"})
    )
    return tidy(frame, ESTIMATE_COLUMNS)


def _codings(double: pd.DataFrame) -> pd.DataFrame:
    """Fragments × coders: the themes of each in one text; missing where not coded."""
    themes = double.groupby([FRAGMENT, CODER])[THEME].agg(
        lambda each: _BETWEEN.join(sorted(each.dropna().unique()))
    )
    return themes.unstack(CODER)


def _holds(themes: object, label: str) -> str | None:
    """*ja*, *nee*, or nothing where this coder did not code the fragment."""
    if not isinstance(themes, str):
        return None
    return "ja" if label in themes.split(_BETWEEN) else "nee"


def _alpha(codings: pd.DataFrame, seed: int) -> Row:
    found = alpha_interval(codings, seed=seed)
    return {
        "by": TOTAL,
        "group": TOTAL,
        "category": ALPHA,
        "estimate": found.value,
        "ci_low": found.low,
        "ci_high": found.high,
        "n": found.units,
        "method": "alfa van Krippendorff; bootstrap over fragmenten",
    }


def _kappa(codings: pd.DataFrame) -> Row:
    first, second = (codings[name] for name in codings)
    found = cohen_kappa(first, second)
    low, high = found.interval()
    return {
        "by": TOTAL,
        "group": TOTAL,
        "category": KAPPA,
        "estimate": found.value,
        "std_error": found.std_error,
        "ci_low": low,
        "ci_high": high,
        "n": found.n,
        "method": "kappa van Cohen",
    }
