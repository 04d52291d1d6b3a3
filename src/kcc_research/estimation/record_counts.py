"""Counting a registration with DuckDB: Parquet in, one short row per group out.

Counts of all groups come from one scan. Durations are whole numbers, so their exact
distribution is a table of value × count, from which mean and percentiles follow
without holding the records in memory (PERFORMANCE §4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "180MB"
THREADS = 2

WEEKDAYS = (
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
)
BREAKDOWNS: dict[str, str] = {
    "kanaal": "channel",
    "product": "product",
    "locatie": "place",
    "afspraak": "with_appointment",
    "maand": "month",
    "weekdag": "weekday",
    "uur": "hour",
    "weekdag_uur": "weekday::SMALLINT * 100 + hour",
}
"""``by`` of the estimates → the column of the records."""

Key = str | int | bool | None
"""A group; ``None`` where it is not known."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of a duration in one group.

    ``within``: how many do not exceed the norm asked for. ``quantiles``: by
    probability in percent, type 7 of Hyndman & Fan (1996), linear between records.
    ``top`` are the two largest, for dominance only (TRUST-D10): never a row.
    """

    n: int
    mean: float
    within: int
    quantiles: Mapping[int, float]
    top: tuple[float, float]


class Records:
    """The records of one registration, to be counted.

    ``by`` names breakdowns of :data:`BREAKDOWNS`; ``None`` is the whole registration.
    """

    def __init__(self, connection: DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._table = "read_parquet('" + str(path).replace("'", "''") + "')"

    def counts(
        self, conditions: Mapping[str, str], by: Sequence[str]
    ) -> dict[str | None, dict[Key, dict[str, int]]]:
        """Records per condition, for the whole and for every group of ``by``.

        Which conditions a record meets is one number with a bit for each (at most 62
        of them), so that one aggregation over few patterns counts them all.
        """
        bit = {each: at for at, each in enumerate(dict.fromkeys(conditions.values()))}
        bits = " + ".join(
            f"CASE WHEN {condition} THEN {1 << at}::BIGINT ELSE 0 END"
            for condition, at in bit.items()
        )
        keys = "".join(f", {BREAKDOWNS[name]} AS g{at}" for at, name in enumerate(by))
        names = "".join(f", g{at}" for at in range(len(by)))
        sets = ", ".join(["(bits)", *(f"(bits, g{at})" for at in range(len(by)))])
        rows = self._rows(
            f"SELECT grouping(bits{names}), bits, count(*){names}"
            f" FROM (SELECT {bits} AS bits{keys} FROM {self._table})"
            f" GROUP BY GROUPING SETS ({sets})"
        )
        found: dict[str | None, dict[Key, dict[str, int]]] = {None: {}}
        found |= {name: {} for name in by}
        for mask, pattern, count, *values in rows:
            at = _grouped(mask, len(by))
            name, key = (None, None) if at is None else (by[at], values[at])
            counts = found[name].setdefault(key, dict.fromkeys(conditions, 0))
            for what, condition in conditions.items():
                counts[what] += count * (pattern >> bit[condition] & 1)
        return found

    def spreads(
        self,
        column: str,
        by: Sequence[str],
        *,
        condition: str = "true",
        norm: int | None = None,
        percents: Sequence[int] = (50, 90),
    ) -> dict[str | None, dict[Key, Spread]]:
        """The distribution of a whole-number column, keyed as :meth:`counts`.

        That of the whole comes with the first breakdown: the sum of its groups.
        """
        found: dict[str | None, dict[Key, Spread]] = {}
        for name in by or (None,):
            key = BREAKDOWNS[name] if name else "NULL::VARCHAR"
            sql = _spread_sql(self._table, key, column, condition, norm or 0, percents)
            groups: dict[Key, Spread] = {}
            for whole, group, *measured in self._rows(sql):
                spread = _spread(measured, percents)
                if whole:
                    found.setdefault(None, {None: spread})
                else:
                    groups[group] = spread
            if name:
                found[name] = groups
        return found

    def classes(
        self, column: str, width: int, by: Sequence[str], *, condition: str = "true"
    ) -> dict[str | None, dict[Key, dict[int, int]]]:
        """Records per class of a whole-number column, keyed as :meth:`counts`.

        Class 0 holds 0 to ``width`` included, class 1 what is longer up to twice the
        width, and so on.
        """
        found: dict[str | None, dict[Key, dict[int, int]]] = {}
        at = f"greatest(0, ({column} + {width - 1}) // {width} - 1)"
        for name in (None, *by):
            key = BREAKDOWNS[name] if name else "NULL::VARCHAR"
            sql = (
                f"SELECT {key}, {at}, count(*) FROM {self._table}"
                f" WHERE {condition} AND {column} IS NOT NULL GROUP BY ALL"
            )
            groups: dict[Key, dict[int, int]] = {}
            for group, number, count in self._rows(sql):
                groups.setdefault(group, {})[int(number)] = count
            found[name] = groups
        return found

    def days(self) -> list[Any]:
        """Every local day with a record, in order."""
        return [
            day
            for (day,) in self._rows(
                f"SELECT DISTINCT day FROM {self._table} ORDER BY 1"
            )
        ]

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()


def _spread_sql(
    table: str,
    key: str,
    column: str,
    condition: str,
    norm: int,
    percents: Sequence[int],
) -> str:
    """One row per group, and one for the whole: size, mean, within, order statistics.

    ``h`` is value × count per group, ``s`` also for the whole, ``r`` cumulated.
    """
    picks = "".join(
        f", min(v) FILTER (WHERE cum > (n - 1) * {p} // 100)"
        f", min(v) FILTER (WHERE cum > ((n - 1) * {p} + 99) // 100)"
        for p in percents
    )
    return f"""
    WITH h AS (
      SELECT {key} AS g, {column} AS v, count(*) AS c FROM {table}
      WHERE {condition} AND {column} IS NOT NULL GROUP BY ALL
    ), s AS (
      SELECT grouping(g) = 1 AS whole, g, v, sum(c)::BIGINT AS c FROM h
      GROUP BY GROUPING SETS ((g, v), (v))
    ), r AS (
      SELECT *, sum(c) OVER (PARTITION BY whole, g ORDER BY v)::BIGINT AS cum,
        sum(c) OVER (PARTITION BY whole, g)::BIGINT AS n FROM s
    )
    SELECT whole, g, any_value(n), sum(v * c)::DOUBLE / any_value(n),
      coalesce(sum(c) FILTER (WHERE v <= {norm}), 0)::BIGINT,
      max(v), min(v) FILTER (WHERE cum > n - 2) {picks}
    FROM r GROUP BY whole, g
    """


def _grouped(mask: int, size: int) -> int | None:
    """Which of ``size`` columns a row is grouped by: its bit in the mask is 0."""
    for at in range(size):
        if not mask >> (size - 1 - at) & 1:
            return at
    return None


def _spread(measured: Sequence[Any], percents: Sequence[int]) -> Spread:
    n, mean, within, first, second, *at = measured
    quantiles = {}
    for place, percent in enumerate(percents):
        low, high = at[2 * place], at[2 * place + 1]
        fraction = (n - 1) * percent % 100 / 100
        quantiles[percent] = low + fraction * (high - low)
    return Spread(n, mean, within, quantiles, (first, second))


@contextmanager
def opened(path: Path) -> Iterator[Records]:
    """The records in a Parquet file of ``microdata.contacts``; read, never changed."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "autoinstall_known_extensions": False,
    }
    connection = duckdb.connect(":memory:", config=settings)
    try:
        # Jupyter without ipywidgets has it off, and refuses to be told so.
        on = connection.sql("SELECT current_setting('enable_progress_bar')")
        if on.fetchall()[0][0]:
            connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = false")
        yield Records(connection, path)
    finally:
        connection.close()
