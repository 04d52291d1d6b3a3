"""CSV as bytes → cells as text, with everything that makes a row doubtful reported.

The csv module splits; what it lets pass is checked here: rows that are too short or
too long, answers broken over two rows, quotes that swallow rows (TRUST-F14–F26).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kcc_research.errors import DataError, Problem, masked, problem
from kcc_research.microdata.decoding import MOST_BYTES, decode
from kcc_research.microdata.header import (
    Header,
    column_problems,
)
from kcc_research.microdata.raw_table import (
    FileFacts,
    RawTable,
    column_name,
    shown_names,
)
from kcc_research.microdata.title_rows import Row, skipped_problems
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Questionnaire

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 10_000
MOST_PROBLEMS = 20
"""Of one kind in one file: the rest is counted."""

_FIRST_ROWS = 20
# The csv module stops at 131,072 characters as if a quote were out of place; what is
# longer than LONGEST_CELL is told below, with its row and column.
csv.field_size_limit(MOST_BYTES)
_DELIMITER_NAMES = {",": "komma", ";": "puntkomma", "\t": "tab", "|": "streep |"}


@dataclass(frozen=True)
class Record:
    """One row of the file: the editor line it starts and ends on, and its fields."""

    line: int
    last_line: int
    fields: list[str]


def split(text: str, delimiter: str, file: str) -> tuple[list[Record], list[Problem]]:
    """Text → records. A quote out of place ends the reading there (F26)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records, line = [], 1
    try:
        for fields in reader:
            records.append(Record(line, reader.line_num, fields))
            line = reader.line_num + 1
    except csv.Error as error:
        code = "KCC-D026a" if "end of data" in str(error) else "KCC-D026"
        last = max(line, reader.line_num)
        rows = str(line) if last == line else f"{line} tot en met {last}"
        return records, [problem(code, file=file, row=rows)]
    return records, []


def _fields_of_line(text: str, delimiter: str, row: int) -> list[str]:
    lines = io.StringIO(text, newline="").readlines()[row - 1 : row]
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return []


def find_delimiter(
    text: str, source: Source, questionnaire: Questionnaire, file: str
) -> str:
    """The declared delimiter, else the only one under which the header is complete.

    Raises :class:`DataError` when two delimiters fit; when none fits, the one that
    shows most declared columns, so that what is missing can be listed (F14).
    """
    if source.format.delimiter is not None:
        return source.format.delimiter
    declared = set(questionnaire.columns)
    found = {}
    for delimiter in DELIMITERS:
        fields = _fields_of_line(text, delimiter, source.format.header_row)
        found[delimiter] = (
            len(declared & {column_name(each) for each in fields}),
            len(fields),
        )
    best = max(found.values())
    fitting = [each for each in DELIMITERS if found[each][0] == len(declared)]
    wide = [each for each in fitting if found[each][1] > 1]
    if len(wide) > 1:
        names = " en ".join(_DELIMITER_NAMES[each] for each in wide)
        raise DataError(problem("KCC-D014b", file=file, row=1, delimiters=names))
    return next(each for each in DELIMITERS if found[each] == best)


def read_csv(
    data: bytes, facts: FileFacts, source: Source, questionnaire: Questionnaire
) -> RawTable:
    """One CSV file as a :class:`RawTable` of text.

    Raises :class:`DataError` when no table can be made of it at all; doubtful rows are
    left out of ``cells`` and stand in ``problems``.
    """
    file = facts.file
    if not data.strip():
        raise DataError(problem("KCC-D039", file=file))
    decoded = decode(data, file, source.format.encoding)
    delimiter = find_delimiter(decoded.text, source, questionnaire, file)
    records, quote_problems = split(decoded.text, delimiter, file)
    header = _header(records, source, questionnaire, file, delimiter, decoded.text)
    below = [each for each in records if each.line > header.row]
    skipped, body = _without_titles(below, source.format.first_row, file)
    told = skipped_problems(_titles(skipped, header), questionnaire, file)
    numeric = _numeric_columns(questionnaire) if delimiter == "," else frozenset()
    good, empty, row_problems = _sound_rows(body, header, file, numeric)
    swallowed = _swallowed(good, delimiter, header, source, file)
    problems = (
        *decoded.problems,
        *header.problems,
        *told,
        *quote_problems,
        *row_problems,
    )
    if not good and not quote_problems and not row_problems:
        raise DataError((*problems, problem("KCC-D039", file=file)))
    return RawTable(
        cells=_cells(good, header),
        rows=np.array([each.line for each in good], dtype=np.int64),
        excel_rows=_excel_rows(good, records, header),
        part=np.zeros(len(good), dtype=np.int64),
        facts=(
            replace(
                facts,
                rows=len(good),
                encoding=decoded.encoding,
                delimiter=_DELIMITER_NAMES[delimiter],
                byte_order_mark=decoded.byte_order_mark,
                skipped=sum(any(map(str.strip, each.fields)) for each in skipped),
            ),
        ),
        problems=(*problems, *swallowed, *_empty_notice(empty, file)),
        undeclared=header.undeclared,
        empty_rows=tuple(str(each.line) for each in empty),
    )


def _without_titles(
    below: list[Record], first_row: int | None, file: str
) -> tuple[list[Record], list[Record]]:
    """What stands between header and ``first_row``, and what from there on.

    Raises :class:`DataError` when that line is in the middle of a record.
    """
    if first_row is None:
        return [], below
    for each in below:
        if each.line < first_row <= each.last_line:
            raise DataError(
                problem(
                    "KCC-D031c",
                    file=file,
                    row=f"{each.line} tot en met {each.last_line}",
                    value=first_row,
                    next=each.last_line + 1,
                )
            )
    skipped = [each for each in below if each.line < first_row]
    return skipped, below[len(skipped) :]


def _titles(skipped: Sequence[Record], header: Header) -> list[Row]:
    places = header.present.items()
    return [
        (each.line, {n: each.fields[at] for n, at in places if at < len(each.fields)})
        for each in skipped
    ]


def _header(
    records: Sequence[Record],
    source: Source,
    questionnaire: Questionnaire,
    file: str,
    delimiter: str,
    text: str,
) -> Header:
    first = records[: max(_FIRST_ROWS, source.format.header_row)]
    rows = [(each.line, [column_name(cell) for cell in each.fields]) for each in first]
    names = next((found for at, found in rows if at == source.format.header_row), [])
    header = Header(
        source.format.header_row, tuple(names), tuple(questionnaire.columns)
    )
    problems = column_problems(header, rows[:_FIRST_ROWS], file)
    if not header.present:
        other = _other_delimiter(text, source, questionnaire, delimiter)
        if other:
            problems.append(problem("KCC-D014a", file=file, row=header.row, **other))
        raise DataError(problems)
    return replace(header, problems=tuple(problems))


def _other_delimiter(
    text: str, source: Source, questionnaire: Questionnaire, used: str
) -> dict[str, str]:
    """A delimiter under which declared columns do appear, named for the message."""
    declared = set(questionnaire.columns)
    for other in DELIMITERS:
        fields = _fields_of_line(text, other, source.format.header_row)
        if other != used and declared & {column_name(each) for each in fields}:
            shown = "\\t" if other == "\t" else other
            return {
                "used": _DELIMITER_NAMES[used],
                "other": _DELIMITER_NAMES[other],
                "sign": shown,
            }
    return {}


def _sound_rows(
    body: Sequence[Record], header: Header, file: str, splittable: Set[str]
) -> tuple[list[Record], list[Record], list[Problem]]:
    """Rows with as many fields as the header; empty rows; what is wrong with others.

    ``splittable``: columns whose decimal comma would be taken for a delimiter.
    """
    width = len(header.names)
    good: list[Record] = []
    empty: list[Record] = []
    problems: list[Problem] = []
    at = 0
    while at < len(body):
        record = body[at]
        if not "".join(record.fields).strip() and len(record.fields) in (0, 1, width):
            empty.append(record)
        elif len(record.fields) == width:
            good.append(record)
        elif len(record.fields) > width:
            problems.append(_too_long(record, header, file, splittable))
        else:
            pieces = _pieces(body, at, width)
            at += len(pieces) - 1
            if len(pieces) == 1 and at > 0 and _continues(body[at - 1], record, width):
                pieces = [body[at - 1], record]
            problems.append(_too_short(pieces, header, file))
        at += 1
    # A file that ends with a line break has no empty last row; blank lines say nothing.
    empty = [each for each in empty if each.fields]
    return good, empty, _limited(problems)


def _pieces(body: Sequence[Record], at: int, width: int) -> list[Record]:
    """A short row with the short rows that would complete it (F25), or it alone."""
    pieces, fields = [body[at]], len(body[at].fields)
    for record in body[at + 1 : at + 10]:
        added = max(len(record.fields), 1)
        if added >= width or fields + added - 1 > width:
            break
        pieces.append(record)
        fields += added - 1
        if fields == width:
            return pieces
    return [body[at]]


def _continues(before: Record, record: Record, width: int) -> bool:
    """Whether a row is the rest of the last answer of a row that seemed complete."""
    return len(before.fields) == width and len(record.fields) == 1


def _too_short(pieces: Sequence[Record], header: Header, file: str) -> Problem:
    first = pieces[0]
    if len(pieces) == 1:
        missing = header.names[len(first.fields)]
        return problem(
            "KCC-D024",
            file=file,
            row=first.line,
            column=shown_names([missing]),
            found=len(first.fields),
            expected=len(header.names),
        )
    answer = "\n".join(
        [
            first.fields[-1],
            *(each.fields[0] if each.fields else "" for each in pieces[1:]),
        ]
    )
    lines = [str(each.line) for each in pieces]
    return problem(
        "KCC-D025",
        file=file,
        row=f"{', '.join(lines[:-1])} en {lines[-1]}",
        column=shown_names([header.names[len(first.fields) - 1]]),
        value=masked(answer),
    )


def _numeric_columns(questionnaire: Questionnaire) -> frozenset[str]:
    """Columns of numbers whose value a message may show."""
    return frozenset(
        name
        for question in questionnaire.question
        if question.is_numeric and not question.sensitive
        for name in question.raw_columns
    )


def _too_long(
    record: Record, header: Header, file: str, splittable: Set[str]
) -> Problem:
    width, fields = len(header.names), record.fields
    for at, name in enumerate(header.names):
        pair = [each.strip() for each in fields[at : at + 2]]
        if name in splittable and all(re.fullmatch("[0-9]+", each) for each in pair):
            return problem(
                "KCC-D016",
                file=file,
                row=record.line,
                column=name,
                value=f'"{",".join(pair)}"',
                found=len(fields),
                expected=width,
            )
    return problem(
        "KCC-D023",
        file=file,
        row=record.line,
        column=shown_names([header.names[-1]]),
        value=masked(" ".join(fields[width - 1 :])),
        found=len(fields),
        expected=width,
    )


def _swallowed(
    records: Sequence[Record],
    delimiter: str,
    header: Header,
    source: Source,
    file: str,
) -> list[Problem]:
    """Cells so long or so shaped that a stray quote may have swallowed rows (F26).

    A number of rows that was declared, and found, settles the second doubt.
    """
    counted = source.rows is not None and source.file is not None
    settled = counted and len(records) == source.rows
    problems = []
    for record in records:
        several = record.last_line > record.line
        for name, cell in zip(header.names, record.fields, strict=True):
            doubtful = several and delimiter in cell and not settled and "\n" in cell
            if doubtful or len(cell) > LONGEST_CELL:
                code = "KCC-D026b" if len(cell) > LONGEST_CELL else "KCC-D026c"
                problems.append(_swallowing(code, record, name, cell, file))
    return _limited(problems)


def _swallowing(code: str, record: Record, name: str, cell: str, file: str) -> Problem:
    rows = f"{record.line} tot en met {record.last_line}"
    return problem(
        code,
        file=file,
        row=rows if record.last_line > record.line else record.line,
        column=shown_names([name]),
        value=masked(cell),
    )


def _limited(problems: list[Problem]) -> list[Problem]:
    """At most ``MOST_PROBLEMS`` of each code, the last of them counting the rest."""
    by_code: dict[str, list[Problem]] = {}
    for each in problems:
        by_code.setdefault(each.code, []).append(each)
    return [each for found in by_code.values() for each in _shortened(found)]


def _shortened(found: list[Problem]) -> list[Problem]:
    rest = len(found) - MOST_PROBLEMS
    if rest <= 0:
        return found
    last = found[MOST_PROBLEMS - 1]
    return [
        *found[: MOST_PROBLEMS - 1],
        replace(last, row=f"{last.row} en nog {rest} van deze fouten verderop"),
    ]


def _cells(records: Sequence[Record], header: Header) -> pd.DataFrame:
    rows = [each.fields for each in records]
    columns = {
        name: pd.Series([fields[at] for fields in rows], dtype="str")
        for name, at in header.present.items()
    }
    return pd.DataFrame(columns)


def _excel_rows(
    good: Sequence[Record], records: Sequence[Record], header: Header
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Excel shows a record per row, also when it runs over several lines."""
    number = {record.line: at for at, record in enumerate(records, start=1)}
    return np.array([number[each.line] for each in good], dtype=np.int64)


def _empty_notice(empty: Sequence[Record], file: str) -> list[Problem]:
    if not empty:
        return []
    first = ", ".join(str(each.line) for each in empty[:5])
    return [problem("KCC-D039b", file=file, row=first, count=len(empty))]
