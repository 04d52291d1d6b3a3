"""The three result tables: their columns, types, and the one way to make them.

Every number of every study stands in one of these (DESIGN §4). A column may be added
at the end, never renamed; :data:`SCHEMA_VERSION` then goes up.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

SCHEMA_VERSION = 1

ESTIMATE_COLUMNS: tuple[str, ...] = (
    "measurement",
    "source",
    "indicator",
    "statistic",
    "by",
    "group",
    "category",
    "estimate",
    "std_error",
    "ci_low",
    "ci_high",
    "df",
    "count",
    "n",
    "base",
    "n_effective",
    "design_effect",
    "weighted",
    "uncertainty",
    "method",
    "status",
    "std_error_without_fpc",
)
CONCENTRATION = ("top_two", "rest_of_largest")
WORKING_COLUMNS: tuple[str, ...] = (*ESTIMATE_COLUMNS, *CONCENTRATION)
"""Those of estimates of magnitudes on their way to protection, which takes the last
ones off (see :mod:`.concentration`): they are never saved."""

COMPARISON_COLUMNS: tuple[str, ...] = (
    "measurement",
    "source",
    "indicator",
    "statistic",
    "by",
    "group",
    "category",
    "reference",
    "difference",
    "std_error",
    "ci_low",
    "ci_high",
    "df",
    "p_value",
    "p_adjusted",
    "family",
    "n",
    "n_reference",
    "detectable",
    "verdict",
    "reason",
    "method",
    "status",
)
VERDICT_COLUMNS: tuple[str, ...] = (
    "measurement",
    "indicator",
    "by",
    "group",
    "estimate",
    "norm",
    "target_date",
    "verdict",
    "reason",
)

TOTAL = "totaal"
"""``by`` and ``group`` of the whole target population."""

DOMAIN = "domein"
"""``by`` of a filter of the questionnaire; ``group`` is then the filter's id."""

UNKNOWN_GROUP = "onbekend"
"""``group`` that counts respondents left out of a breakdown for want of an answer."""

NOT_ASKED_GROUP = "niet gevraagd"
"""``group`` that counts respondents left out because the question passed them by."""

FEWEST_FOR_A_TEST = 30
"""With fewer answers on either side no difference is tested (DOMAIN-D26)."""

_COUNTS = frozenset({"count", "n", "n_reference"})
_FLAGS = frozenset({"weighted"})
_NUMBERS = frozenset(
    {
        "estimate",
        "std_error",
        "ci_low",
        "ci_high",
        "df",
        "n_effective",
        "design_effect",
        "std_error_without_fpc",
        *CONCENTRATION,
        "difference",
        "p_value",
        "p_adjusted",
        "detectable",
        "norm",
    }
)


def tidy(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Give a table its columns in order, each of its one type, rows numbered.

    Text becomes ``str`` (empty where nothing was given), numbers ``float64``, counts
    ``Int64``, flags ``bool``. An unknown column is an error of the caller.
    """
    unknown = sorted(set(frame.columns) - set(columns))
    if unknown:
        raise ValueError(f"no columns of this table: {', '.join(unknown)}")
    complete = frame.reindex(columns=list(columns)).reset_index(drop=True)
    return complete.assign(**{name: _typed(complete[name]) for name in columns})


def _typed(column: pd.Series) -> pd.Series:
    if column.name in _COUNTS:
        return column.astype("Float64").astype("Int64")
    if column.name in _NUMBERS:
        return column.astype("float64")
    if column.name in _FLAGS:
        return (
            column.map(bool, na_action=None).where(column.notna(), False).astype(bool)
        )
    return column.astype("object").where(column.notna(), "").astype("str")


def column_types() -> dict[str, str]:
    """Every column of the three tables → its Table Schema type.

    >>> column_types()["n"], column_types()["weighted"], column_types()["by"]
    ('integer', 'boolean', 'string')
    """
    kinds = {"integer": _COUNTS, "boolean": _FLAGS, "number": _NUMBERS}
    named = {name: kind for kind, names in kinds.items() for name in names}
    every = (*ESTIMATE_COLUMNS, *COMPARISON_COLUMNS, *VERDICT_COLUMNS)
    return {name: named.get(name, "string") for name in every}


def empty_estimates() -> pd.DataFrame:
    """An ``estimates`` table without rows."""
    return tidy(pd.DataFrame(), ESTIMATE_COLUMNS)


def empty_comparisons() -> pd.DataFrame:
    """A ``comparisons`` table without rows."""
    return tidy(pd.DataFrame(), COMPARISON_COLUMNS)


def empty_verdicts() -> pd.DataFrame:
    """A ``verdicts`` table without rows."""
    return tidy(pd.DataFrame(), VERDICT_COLUMNS)


def combine(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Tables of one kind below each other, rows numbered anew.

    Without any table there is nothing to say what kind it is: an empty ``comparisons``
    table, because only comparisons can be absent altogether (a first measurement).
    """
    found = list(tables)
    if not found:
        return empty_comparisons()
    filled = [each for each in found if len(each)] or found[:1]
    return pd.concat(filled, ignore_index=True)
