"""Reading a source: bytes in, cells and facts out, whatever the format.

Each file is read into memory once, hashed, read from those bytes and hashed again on
disk (TRUST-F40): nothing is ever opened for writing and no library sees the path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from kcc_research.errors import DataError, Problem, problem
from kcc_research.microdata.answers import is_blank
from kcc_research.microdata.columns import Mask, every
from kcc_research.microdata.csv_reading import read_csv
from kcc_research.microdata.decoding import unpacked
from kcc_research.microdata.numbers import NumberFormat, find_decimal
from kcc_research.microdata.raw_table import (
    FileFacts,
    RawTable,
    concatenated,
    shown_path,
    without_rows,
)
from kcc_research.microdata.removal import without_removed
from kcc_research.microdata.sav_reading import read_sav
from kcc_research.microdata.title_rows import without_title_rows
from kcc_research.microdata.xlsx_reading import read_xlsx
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Questionnaire

Reader = Callable[[bytes, FileFacts, Source, Questionnaire], RawTable]
Paths = Path | Iterable[Path]

_READERS: dict[str, Reader] = {
    ".csv": read_csv,
    ".csv.gz": lambda data, facts, source, questionnaire: read_csv(
        unpacked(data, facts.file), facts, source, questionnaire
    ),
    ".xlsx": read_xlsx,
    ".xlsm": read_xlsx,
    ".sav": read_sav,
    ".zsav": read_sav,
}


def read_source(paths: Paths, source: Source, questionnaire: Questionnaire) -> RawTable:
    """Read the file(s) of one source, every cell as it stands.

    ``paths``: a file, several files, or the folder of the measurement, in which the
    source's own ``file`` or ``files`` is looked for. Raises :class:`DataError` with
    the problems of all files when one of them cannot be made into a table; problems
    of single rows stand in the result.
    """
    files = source_files(paths, source)
    parts: list[RawTable] = []
    refused: list[Problem] = []
    for path in files:
        try:
            parts.append(_read_file(path, source, questionnaire))
        except DataError as error:
            refused.extend(error.problems)
    if refused:
        others = [found for part in parts for found in part.problems]
        raise DataError([*refused, *others])
    return _completed(concatenated(parts), source, questionnaire)


def read_beginning(
    path: Path, data: bytes, source: Source, questionnaire: Questionnaire
) -> RawTable:
    """What :func:`read_source` makes of ``data``, the first whole lines of a CSV.

    Its facts are those of the whole file, but for the rows: they are of ``data``.
    """
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    size = path.stat().st_size
    facts = FileFacts(shown_path(path), kind=_kind(path), sha256=digest, size=size)
    return _completed(
        read_csv(data, facts, source, questionnaire), source, questionnaire
    )


def _completed(
    read: RawTable, source: Source, questionnaire: Questionnaire
) -> RawTable:
    table = _without_nobody(read, questionnaire)
    table = replace(table, numbers=_number_format(table, source, questionnaire))
    table = without_title_rows(table, questionnaire)
    expected = _expected(table, source)
    told = replace(table, problems=(*table.problems, *expected))
    return without_removed(told, source, questionnaire)


def source_files(paths: Paths, source: Source) -> tuple[Path, ...]:
    """The files of a source, sorted by name; none is an error."""
    if not isinstance(paths, Path):
        found = sorted(paths)
    elif paths.is_dir():
        found = sorted(each for each in paths.glob(source.pattern) if each.is_file())
    else:
        found = [paths]
    missing = [each for each in found if not each.is_file()]
    if not found:
        folder = paths if isinstance(paths, Path) else Path()
        missing = [folder / source.pattern]
    if missing:
        names = [shown_path(each) for each in missing]
        raise DataError([problem("KCC-D040b", file=name) for name in names])
    return tuple(found)


def _read_file(path: Path, source: Source, questionnaire: Questionnaire) -> RawTable:
    file = shown_path(path)
    kind = _kind(path)
    if kind not in _READERS:
        raise DataError(problem("KCC-D040e", file=file, kind=path.suffix or "geen"))
    data = _content(path, file)
    digest = hashlib.sha256(data).hexdigest()
    if source.sha256 is not None and source.file and digest != source.sha256:
        raise DataError(
            problem("KCC-D040a", file=file, value=digest, expected=source.sha256)
        )
    facts = FileFacts(file=file, kind=kind, sha256=digest, size=len(data))
    table = _READERS[kind](data, facts, source, questionnaire)
    if hashlib.sha256(_content(path, file)).hexdigest() != digest:
        raise DataError(problem("KCC-D040", file=file))
    return table


def _kind(path: Path) -> str:
    suffixes = [each.lower() for each in path.suffixes[-2:]]
    return "".join(suffixes) if suffixes[-1:] == [".gz"] else "".join(suffixes[-1:])


def _content(path: Path, file: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "onbekende oorzaak"
        raise DataError(problem("KCC-D040c", file=file, reason=reason)) from None


def _without_nobody(table: RawTable, questionnaire: Questionnaire) -> RawTable:
    """Leave out rows without even an identifier: formulas and totals under a table.

    Where no identifier is declared, a row without answers is somebody who gave none.
    """
    identifiers = [
        question.column
        for question in questionnaire.question
        if question.type == "identifier" and question.column in table.cells
    ]
    if not identifiers:
        return table
    nobody = _blank(table.cells[identifiers])
    if nobody.any():
        nobody[nobody] = _blank(table.cells[nobody])
    if not nobody.any() or nobody.all():
        return table
    rows = np.flatnonzero(nobody)
    notice = problem(
        "KCC-D039b",
        file=table.file_at(int(rows[0])),
        row=table.rows_of(rows),
        count=len(rows),
    )
    return replace(
        without_rows(table, nobody),
        problems=(*table.problems, notice),
        empty_rows=(*table.empty_rows, *(table.log_row(int(row)) for row in rows)),
    )


def _blank(cells: pd.DataFrame) -> Mask:
    return every([cells[name].map(is_blank).to_numpy(bool) for name in cells])


def _number_format(
    table: RawTable, source: Source, questionnaire: Questionnaire
) -> NumberFormat:
    """Declared signs, else the decimal sign that the number columns show."""
    declared = source.format
    thousands = declared.thousands or ""
    if declared.decimal is not None:
        return NumberFormat(declared.decimal, thousands, declared=True)
    texts = _number_texts(table.cells, questionnaire)
    return NumberFormat(find_decimal(texts, thousands), thousands, declared=False)


def _number_texts(cells: pd.DataFrame, questionnaire: Questionnaire) -> Iterable[str]:
    for question in questionnaire.question:
        if question.is_numeric and question.column in cells:
            for cell in cells[question.column].dropna().unique():
                if isinstance(cell, str):
                    yield cell


def _expected(table: RawTable, source: Source) -> Sequence[Problem]:
    """The number of rows that was declared, when the reading was complete."""
    torn = any(each.code in ("KCC-D026", "KCC-D026a") for each in table.problems)
    if source.rows is None or torn or len(table.cells) == source.rows:
        return ()
    return (
        problem(
            "KCC-D026d",
            file=table.files,
            value=len(table.cells),
            expected=source.rows,
        ),
    )
