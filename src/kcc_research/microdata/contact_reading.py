"""Copies of files → the table ``text`` in the database, every row accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kcc_research.errors import DataError, Problem, problem
from kcc_research.microdata.contact_database import Database
from kcc_research.microdata.contact_sql import literal, text_columns
from kcc_research.microdata.raw_table import FileFacts, row_list
from kcc_research.microdata.reading import Paths, source_files
from kcc_research.microdata.record_copy import RecordCopy, copied
from kcc_research.study.measurement import Source
from kcc_research.study.record_layout import RecordLayout

_MOST_REJECTED = 1_000
_SHOWN_ROWS = 3
_LONGEST_ROW = 100_000
_REJECTED = {"TOO MANY COLUMNS": "KCC-D023a", "MISSING COLUMNS": "KCC-D024a"}
_UNREADABLE = "KCC-D026e"


def read_text(
    database: Database, paths: Paths, source: Source, layout: RecordLayout
) -> tuple[tuple[FileFacts, ...], list[Problem]]:
    """Fill ``text`` from the file(s) of a source; facts per file, and all problems.

    Raises :class:`DataError` with the problems of all files when one of them cannot be
    read whole: there is nothing to say then about single records.
    """
    facts: list[FileFacts] = []
    problems: list[Problem] = []
    for path in source_files(paths, source):
        try:
            copy = copied(path, source, layout, database.folder)
        except DataError as error:
            problems += error.problems
            continue
        problems += copy.problems
        if _is_sound(copy.problems):
            rejected, rows = _loaded(database, copy, len(facts), layout)
            problems += rejected
            facts.append(replace(copy.facts, rows=rows))
        copy.path.unlink()
    if _is_sound(problems):
        problems += _expected(facts, source)
    if not _is_sound(problems):
        raise DataError(problems)
    return tuple(facts), problems


def _is_sound(problems: list[Problem] | tuple[Problem, ...]) -> bool:
    return all(each.severity != "error" for each in problems)


def _loaded(
    database: Database, copy: RecordCopy, index: int, layout: RecordLayout
) -> tuple[list[Problem], int]:
    """Add one file to ``text``; what DuckDB rejected, and the rows that it read."""
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(copy.width))
    read = (
        f"read_csv({literal(str(copy.path))}, auto_detect=false, header=false,"
        f" skip={copy.header_row}, delim={literal(copy.delimiter)}, quote='\"',"
        f" escape='\"', columns={{{columns}}}, strict_mode=true, null_padding=false,"
        f" max_line_size={_LONGEST_ROW}, store_rejects=true,"
        f" rejects_table='rejected{index}', rejects_scan='scanned{index}',"
        f" rejects_limit={_MOST_REJECTED})"
    )
    selected = (
        f"SELECT {index}::SMALLINT AS file,"
        f" (row_number() OVER () + {copy.header_row})::INTEGER AS row,"
        f" {text_columns(layout, copy.positions)} FROM {read}"
    )
    into = "CREATE TABLE text AS" if index == 0 else "INSERT INTO text"
    database.run(f"{into} {selected}")
    rows = database.row(f"SELECT count(*) FROM text WHERE file = {index}")[0]
    rejected = list(_rejections(database, copy, index))
    if not rows and not rejected:
        rejected = [problem("KCC-D039", file=copy.facts.file)]
    return rejected, int(rows)


def _rejections(database: Database, copy: RecordCopy, index: int) -> Iterator[Problem]:
    found: dict[str, list[int]] = {}
    sql = (
        f"SELECT DISTINCT line, error_type::VARCHAR FROM rejected{index} ORDER BY line"
    )
    for line, kind in database.rows(sql):
        found.setdefault(_REJECTED.get(kind, _UNREADABLE), []).append(line)
    for code, lines in found.items():
        first = [str(line) for line in lines[:_SHOWN_ROWS]]
        shown = row_list(first, len(lines))
        yield problem(code, file=copy.facts.file, row=shown, count=len(lines))


def _expected(facts: list[FileFacts], source: Source) -> list[Problem]:
    """The number of rows that was declared."""
    rows = sum(each.rows for each in facts)
    if source.rows is None or source.rows == rows:
        return []
    names = facts[0].file + (f" en nog {len(facts) - 1}" if facts[1:] else "")
    return [problem("KCC-D026d", file=names, value=rows, expected=source.rows)]
