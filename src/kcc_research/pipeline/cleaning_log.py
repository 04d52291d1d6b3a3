"""cleaning_log.csv: every change that cleaning made, in all sources of a measurement.

Each source saves its own rows; they are put among those of the others under the lock
of the measurement, so that two sources that are saved together both keep theirs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

NAME = "cleaning_log.csv"
SOURCE = "source"

Row = Mapping[str, str]


def as_csv(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """Rows in the order of their sources; ``columns`` are those after the source."""
    text = io.StringIO()
    names = [SOURCE, *(each for each in columns if each != SOURCE)]
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row[SOURCE]))
    return text.getvalue().encode()


def with_source(path: Path, source: str, own: bytes) -> bytes:
    """The log at ``path`` with the rows of ``source`` replaced by its ``own``."""
    columns, rows = _read(own)
    old_columns, old = _read(path.read_bytes()) if path.is_file() else ([], [])
    kept = [each for each in old if each[SOURCE] != source]
    return as_csv([*rows, *kept], [*columns, *_others(old_columns, columns)])


def only_of(path: Path, sources: Collection[str]) -> bytes:
    """The log at ``path`` without rows of any source but ``sources``."""
    columns, rows = _read(path.read_bytes())
    return as_csv([each for each in rows if each[SOURCE] in sources], columns)


def _others(columns: Iterable[str], known: Collection[str]) -> list[str]:
    return [each for each in columns if each not in known]


def _read(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """Columns and rows; a line that names no source is nobody's, and left out."""
    reader = csv.DictReader(io.StringIO(content.decode(errors="replace"), newline=""))
    columns = list(reader.fieldnames or ())
    texts = (
        {name: each.get(name) or "" for name in columns}
        for each in reader
        if each.get(SOURCE)
    )
    return columns, list(texts)
