"""Remarks in one call: coded fragments read, checked and made fit to be counted.

The result has one row per fragment, coder and theme. Who spoke becomes a running
number; the words themselves stay only where they may be quoted: screened, and without
anything that looks like personal data (TRUST-Q1, D14). Columns:

- ``fragment``: as in the raw file, or its row there; ``persoon``: 1, 2, 3, …;
- ``bron``, ``rol``, ``codeur``: as the scheme prints them, missing without a column;
- ``thema``, ``subthema``, ``valentie``: labels; ``thema`` is missing where a fragment
  has no code, and then counts in the base only;
- ``telt``: whether the row counts. Of a fragment that several coders coded, those of
  the coder named first in the scheme do; the others serve to measure agreement;
- ``citaat``: the screened words, missing where they may not be quoted;
- ``vingerafdruk``: what a decision in quotes.toml calls these words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from kcc_research.errors import DataError, Problem, problem
from kcc_research.microdata.answers import is_blank, written
from kcc_research.microdata.checking import Checked, check
from kcc_research.microdata.cleaning import Change, Cleaned, CleaningLog, clean
from kcc_research.microdata.personal_data import MASK, has_possible_bsn, mask
from kcc_research.microdata.raw_table import RawTable
from kcc_research.microdata.reading import Paths, read_source
from kcc_research.study.coding_scheme import (
    CODER,
    FRAGMENT,
    PERSON,
    QUOTATION,
    ROLE,
    SOURCE,
    SUBTHEME,
    THEME,
    VALENCE,
    CodingScheme,
)
from kcc_research.study.measurement import Source
from kcc_research.study.quote_decision import fingerprint

COUNTS, PRINT = "telt", "vingerafdruk"
COLUMNS = (
    FRAGMENT,
    PERSON,
    SOURCE,
    ROLE,
    CODER,
    THEME,
    SUBTHEME,
    VALENCE,
    COUNTS,
    QUOTATION,
    PRINT,
)
DOUBLE_CODE, NUMBERED = "double_code", "person_numbered"

_ROW = "_row"
_OF_FRAGMENT = {
    PERSON: "persoon",
    SOURCE: "bron",
    ROLE: "rol",
    QUOTATION: "citaat",
}
# What reading says of questions, said of codes; twice the same is judged here.
_REWORDED = {
    "KCC-D014": "KCC-D014d",
    "KCC-D027": "KCC-D027c",
    "KCC-D043": "KCC-D043f",
    "KCC-D043a": "KCC-D043g",
    "KCC-D044": "KCC-D044q",
    "KCC-P001": "KCC-P001c",
}
_JUDGED_HERE = ("KCC-D041", "KCC-D042")


def load_remarks(paths: Paths, source: Source, scheme: CodingScheme) -> Cleaned:
    """The coded fragments of one source, with log, warnings and notices.

    ``paths``: the file, the files, or the folder of the measurement in ``data/raw``.
    Raises :class:`DataError` with every problem of the file(s) when one of them is an
    error; nothing is returned then.
    """
    checked = check(_raw(paths, source, scheme), scheme.questionnaire)
    coded = _coded(checked, scheme)
    found, doubled = _judged(coded, checked, scheme)
    problems = (*_reworded(checked.problems), *found)
    if any(each.severity == "error" for each in problems):
        raise DataError(problems)
    return Cleaned(
        _finished(coded[~doubled], scheme),
        CleaningLog(tuple(_changes(checked, scheme, coded.loc[doubled, _ROW]))),
        problems,
        checked.raw.facts,
    )


def review_quotes(cleaned: Cleaned) -> pd.DataFrame:
    """The words that may be quoted, for a person to read and tick in quotes.toml.

    One row per fragment: id, fingerprint, its themes, its speaker and its words.
    """
    rows = cleaned.responses
    said = rows[rows[QUOTATION].notna() & rows[COUNTS]]
    themes = said.groupby(FRAGMENT, sort=False)[THEME].agg(
        lambda each: ", ".join(dict.fromkeys(each.dropna()))
    )
    first = said.drop_duplicates(FRAGMENT).set_index(FRAGMENT)
    return first.assign(**{THEME: themes})[
        [PRINT, THEME, SOURCE, ROLE, QUOTATION]
    ].reset_index()


def _changes(
    checked: Checked, scheme: CodingScheme, doubled: pd.Series[Any]
) -> Iterator[Change]:
    """The log of reading, but for the fragments and the persons: these are kept."""
    log = clean(replace(checked, problems=()), scheme.questionnaire).log
    for change in log.changes:
        if change.rule != "identifier":
            yield change
        elif change.column == scheme.column.person:
            yield replace(change, after="volgnummer", rule=NUMBERED)
    for row in doubled:
        yield Change(checked.raw.log_row(int(row)), "", "", "", DOUBLE_CODE)


def _raw(paths: Paths, source: Source, scheme: CodingScheme) -> RawTable:
    try:
        return read_source(paths, source, scheme.questionnaire)
    except DataError as error:
        raise DataError(_reworded(error.problems)) from None


def _reworded(problems: tuple[Problem, ...]) -> Iterator[Problem]:
    for each in problems:
        if each.code in _REWORDED:
            where = {
                name: getattr(each, name) for name in ("file", "row", "column", "value")
            }
            yield problem(_REWORDED[each.code], **where, **dict(each.details))
        elif not each.code.startswith(_JUDGED_HERE):
            yield each


# --- one row per fragment, coder and theme --------------------------------------------


def _coded(checked: Checked, scheme: CodingScheme) -> pd.DataFrame:
    """Every code of every row, with the row it stands in; raw names of people."""
    raw, count = checked.raw, len(checked.raw.cells)
    rows = pd.DataFrame({_ROW: np.arange(count)})
    rows[FRAGMENT] = _identifiers(raw, scheme.column.fragment, _row_names(raw))
    rows[PERSON] = _identifiers(raw, scheme.column.person, rows[FRAGMENT])
    for name in (SOURCE, ROLE, CODER, VALENCE, QUOTATION):
        rows[name] = _values(checked, name, count)
    codes = pd.DataFrame(
        list(_codes(checked, scheme, count)), columns=[_ROW, THEME, SUBTHEME]
    )
    return rows.merge(codes, on=_ROW, how="left").astype({_ROW: int})


def _row_names(raw: RawTable) -> list[str]:
    return [f"rij {raw.log_row(row)}" for row in range(len(raw.cells))]


def _identifiers(raw: RawTable, column: str, otherwise: Any) -> Any:
    if column not in raw.cells:
        return otherwise
    cells = raw.cells[column]
    return [None if is_blank(each) else written(each).strip() for each in cells]


def _values(checked: Checked, name: str, count: int) -> Any:
    answers = checked.answers.get(name)
    return np.full(count, None, dtype=object) if answers is None else answers.values


def _codes(
    checked: Checked, scheme: CodingScheme, count: int
) -> Iterator[tuple[int, str | None, str | None]]:
    """Row, theme and subtheme as written; a row without any code gives one as well."""
    if scheme.separator:
        yield from _ticked(checked, count)
        return
    themes = [_values(checked, name, count) for name in scheme.theme_questions]
    parts = [_values(checked, name, count) for name in scheme.subtheme_questions]
    parts = parts or [np.full(count, None, dtype=object)] * len(themes)
    for row in range(count):
        found = [
            (theme[row], part[row])
            for theme, part in zip(themes, parts, strict=True)
            if theme[row] is not None or part[row] is not None
        ]
        for theme_label, part_code in found or [(None, None)]:
            yield row, theme_label, part_code


def _ticked(
    checked: Checked, count: int
) -> Iterator[tuple[int, str | None, str | None]]:
    answers = checked.answers.get(THEME)
    if answers is None:
        return
    labels = answers.question.categories
    for row in range(count):
        found = [
            label
            for label, held in zip(labels, answers.numbers[row], strict=True)
            if held == 1
        ]
        if not found:
            yield row, None, None
        for label in found:
            yield row, label, None


# --- what a fragment cannot be --------------------------------------------------------


def _judged(
    coded: pd.DataFrame, checked: Checked, scheme: CodingScheme
) -> tuple[list[Problem], pd.Series[bool]]:
    """Problems of the codes as a whole, and which rows are there twice."""
    raw = checked.raw
    problems = [
        *_without_name(coded, raw, scheme),
        *_personal_names(coded, raw, scheme),
        *_contradictions(coded, raw, scheme),
        *_strange_parts(coded, raw, scheme),
    ]
    same = [FRAGMENT, CODER, THEME, SUBTHEME]
    doubled = coded.duplicated([*same, VALENCE])
    several = coded[~doubled].duplicated(same)
    rows = coded.loc[several[several].index, _ROW]
    if len(rows):
        problems.append(_at("KCC-D041k", raw, rows, scheme.column.valence))
    if doubled.any():
        rows = coded.loc[doubled, _ROW]
        problems.append(_at("KCC-D041l", raw, rows, ""))
    return problems, doubled


def _at(
    code: str, raw: RawTable, rows: pd.Series[Any], column: str, **details: object
) -> Problem:
    places = rows.drop_duplicates().to_numpy()
    return problem(
        code,
        file=raw.file_at(int(places[0])),
        row=raw.rows_of(places),
        column=raw.column_name(column) if column else "",
        count=len(places),
        **details,
    )


def _named(scheme: CodingScheme) -> tuple[tuple[str, str], ...]:
    columns = ((FRAGMENT, scheme.column.fragment), (PERSON, scheme.column.person))
    return tuple((name, raw) for name, raw in columns if raw)


def _without_name(
    coded: pd.DataFrame, raw: RawTable, scheme: CodingScheme
) -> Iterator[Problem]:
    for name, column in _named(scheme):
        rows = coded.loc[coded[name].isna(), _ROW]
        if len(rows):
            yield _at("KCC-D041m", raw, rows, column, what=name)


def _personal_names(
    coded: pd.DataFrame, raw: RawTable, scheme: CodingScheme
) -> Iterator[Problem]:
    """The name of a fragment is kept, so it may tell nothing about a person."""
    if not scheme.column.fragment:
        return
    hits = coded[FRAGMENT].map(lambda each: bool(each and mask(each)[1]))
    if hits.any():
        yield _at("KCC-Q004", raw, coded.loc[hits, _ROW], scheme.column.fragment)


def _contradictions(
    coded: pd.DataFrame, raw: RawTable, scheme: CodingScheme
) -> Iterator[Problem]:
    """One fragment said by two people, in two places, or in two ways."""
    known = coded[coded[FRAGMENT].notna()].drop_duplicates(_ROW)
    for name, what in _OF_FRAGMENT.items():
        values = known[name].map(_plain)
        differing = values.groupby(known[FRAGMENT]).nunique() > 1
        rows = known.loc[known[FRAGMENT].map(differing), _ROW]
        if len(rows):
            column = {
                PERSON: scheme.column.person,
                SOURCE: scheme.column.source,
                ROLE: scheme.column.role,
                QUOTATION: scheme.column.quotation,
            }[name]
            yield _at("KCC-D041j", raw, rows, column, what=what)


def _plain(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _strange_parts(
    coded: pd.DataFrame, raw: RawTable, scheme: CodingScheme
) -> Iterator[Problem]:
    """A subtheme that is no part of the theme beside it."""
    if not scheme.column.subtheme:
        return
    part_of = _parts(scheme)
    is_strange = pd.Series(
        [
            isinstance(part, str) and part_of(theme, part) is None
            for theme, part in zip(coded[THEME], coded[SUBTHEME], strict=True)
        ],
        index=coded.index,
        dtype=bool,
    )
    strange = coded[is_strange]
    for (theme, part), rows in strange.groupby([THEME, SUBTHEME], dropna=False)[_ROW]:
        yield _at(
            "KCC-D044r",
            raw,
            rows,
            ", ".join(scheme.column.subtheme),
            value=f'"{part}"',
            theme=theme if isinstance(theme, str) else "(geen thema)",
        )


def _parts(scheme: CodingScheme) -> Callable[[object, object], str | None]:
    """(theme, subtheme as written) → label of the subtheme."""
    labels = {
        (theme.label, raw): part.label
        for theme in scheme.theme
        for part in theme.subtheme
        for raw in part.written
    }
    return lambda theme, part: labels.get((str(theme), str(part)))


# --- the frame that is kept -----------------------------------------------------------


def _finished(coded: pd.DataFrame, scheme: CodingScheme) -> pd.DataFrame:
    """People by number, subthemes by label, which rows count, what may be quoted."""
    rows = coded.reset_index(drop=True)
    part_of = _parts(scheme)
    words = _quotable(rows)
    columns: dict[str, Any] = {
        name: pd.Series(rows[name], dtype="str") for name in COLUMNS if name in rows
    }
    columns[PERSON] = pd.factorize(rows[PERSON])[0] + 1
    columns[SUBTHEME] = pd.Series(
        [
            part_of(theme, part) if isinstance(part, str) else None
            for theme, part in zip(rows[THEME], rows[SUBTHEME], strict=True)
        ],
        dtype="str",
    )
    columns[COUNTS] = _counting(rows, scheme)
    columns[QUOTATION] = pd.Series(words, dtype="str")
    columns[PRINT] = pd.Series(
        [None if pd.isna(each) else fingerprint(each) for each in words], dtype="str"
    )
    return pd.DataFrame({name: columns[name] for name in COLUMNS})


def _quotable(rows: pd.DataFrame) -> pd.Series[Any]:
    """The words of each fragment, missing where anything in them was screened."""
    said = rows[QUOTATION]
    passed = said.map(lambda each: not isinstance(each, str) or _passes_scan(each))
    fragments = rows[FRAGMENT]
    words = said.groupby(fragments).transform("first")
    return words.where(passed.groupby(fragments).transform("all"), None)


def _passes_scan(text: str) -> bool:
    """Nothing was masked, by us or before, and no number may be that of a person."""
    return MASK not in text and not mask(text)[1] and not has_possible_bsn(text)


def _counting(rows: pd.DataFrame, scheme: CodingScheme) -> pd.Series[bool]:
    """Of every fragment the rows of the coder who comes first in the scheme."""
    order = {name: place for place, name in enumerate(scheme.precedence)}
    places = rows[CODER].map(lambda each: order.get(each, 0)).astype(int)
    return places == places.groupby(rows[FRAGMENT]).transform("min")
