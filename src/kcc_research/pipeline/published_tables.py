"""Reading the tables of a publication: searched, not loaded.

There may be a thousand of them, so no data frame is made: the lines that are wanted are
found by how they begin, or by what they are about.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from kcc_research.dutch import SUPPRESSED
from kcc_research.reporting.catalogue_entry import Outcome

ESTIMATES, COMPARISONS, VERDICTS = (
    f"tables/{name}.csv" for name in ("estimates", "comparisons", "verdicts")
)
TOTAL = "totaal"
"""As in :mod:`estimation.tables`, which would bring pandas to every command."""


def rows_of(path: Path, start: str) -> Iterator[dict[str, str]]:
    """Rows that begin with ``start``; keys and identifiers are never quoted."""
    wanted = start.encode()
    return rows_where(path, lambda line: line.startswith(wanted))


def rows_where(
    path: Path, is_wanted: Callable[[bytes], bool]
) -> Iterator[dict[str, str]]:
    """Rows whose line, as it stands in the file, is wanted."""
    first, _, rest = path.read_bytes().partition(b"\n")
    lines = [each for each in rest.split(b"\n") if is_wanted(each)]
    text = b"\n".join([first, *lines]).decode()
    yield from csv.DictReader(io.StringIO(text, newline=""))


def number(text: str) -> float | None:
    return None if text in ("", SUPPRESSED) else float(text)


def count(text: str) -> int | None:
    return None if text in ("", SUPPRESSED) else int(text)


def measured(headline: Mapping[str, str], row: Mapping[str, str]) -> Outcome:
    """The headline over the people of one row of the estimates."""
    return Outcome(
        indicator=headline["indicator"],
        label=headline["label"],
        statistic=row["statistic"],
        status=row["status"],
        estimate=number(row["estimate"]),
        low=number(row["ci_low"]),
        high=number(row["ci_high"]),
        n=count(row["n"]),
    )
