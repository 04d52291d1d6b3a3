"""An Excel sheet → stored values: text, numbers, dates, and nothing hidden.

What Excel shows and what it stores differ; every difference that matters is either
kept as a kind of its own or refused with its place (TRUST-F29, F31–F34, F37, F38).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from kcc_research.errors import DataError, Problem, problem
from kcc_research.microdata.header import Header, column_problems
from kcc_research.microdata.raw_table import FileFacts, RawTable, column_name, row_list
from kcc_research.microdata.stored import CellError, Percentage
from kcc_research.microdata.title_rows import Row, skipped_problems
from kcc_research.microdata.xlsx_package import (
    MOST_ROWS,
    Package,
    Place,
    SheetScan,
    unpack,
)
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Questionnaire

_FIRST_ROWS = 20


def read_xlsx(
    data: bytes, facts: FileFacts, source: Source, questionnaire: Questionnaire
) -> RawTable:
    """One sheet of an .xlsx as a :class:`RawTable` of stored values.

    Raises :class:`DataError` when no table can be made of it; problems of single
    cells stand in the result.
    """
    package = unpack(data, facts.file)
    name = _sheet_name(package, source.format.sheet)
    facts = replace(facts, sheet=name)
    file = facts.shown
    package.refuse_malformed(name)
    scan = SheetScan(package.sheets[name])
    _refuse_shape(scan, file)
    grid = read_grid(data, name, file)
    header = _header(grid, source, questionnaire, file)
    hidden = _hidden(scan, header, file)
    first = source.format.first_row or header.row + 1
    skipped = list(enumerate(grid[header.row : first - 1], start=header.row + 1))
    told = skipped_problems(_titles(skipped, header), questionnaire, file)
    body = list(enumerate(grid[first - 1 :], start=first))
    filled = [(row, cells) for row, cells in body if not _is_empty(cells)]
    empty = [row for row, cells in body if _is_empty(cells)]
    if not filled:
        nothing = problem("KCC-D039", file=file)
        raise DataError([*header.problems, *told, *hidden, nothing])
    rows = np.array([row for row, _ in filled], dtype=np.int64)
    cells = _cells([cells for _, cells in filled], header)
    cells = _with_kinds(cells, rows, header, scan, package)
    return RawTable(
        cells=cells,
        rows=rows,
        excel_rows=rows,
        part=np.zeros(len(rows), dtype=np.int64),
        facts=(
            replace(
                facts,
                rows=len(rows),
                skipped=sum(not _is_empty(cells) for _, cells in skipped),
            ),
        ),
        problems=(
            *header.problems,
            *told,
            *hidden,
            *_formulas(scan, header, file),
            *_empty_notice(empty, file),
        ),
        undeclared=header.undeclared,
        empty_rows=tuple(str(row) for row in empty),
        letters=_letters(header),
    )


def _sheet_name(package: Package, declared: str | None) -> str:
    """The declared sheet, or the only one (F32)."""
    file, sheets = package.file, sheet_states(package)
    names = ", ".join(f"'{each}'" for each in sheets)
    if declared is not None:
        if declared not in sheets:
            raise DataError(
                problem("KCC-D032a", file=file, value=declared, sheets=names)
            )
        return declared
    hidden = [name for name, visible in sheets.items() if not visible]
    if hidden:
        named = ", ".join(f"'{each}'" for each in hidden)
        raise DataError(problem("KCC-D032d", file=file, sheets=named))
    if len(sheets) != 1:
        raise DataError(problem("KCC-D032", file=file, sheets=names))
    return next(iter(sheets))


def sheet_states(package: Package) -> dict[str, bool]:
    """Worksheets by name, and whether Excel shows them; charts are no sheets here."""
    visible = package.visible
    found = {
        name: visible[name]
        for name, xml in package.sheets.items()
        if SheetScan(xml).is_sheet
    }
    if not found:
        raise DataError(problem("KCC-D037a", file=package.file))
    return found


def _refuse_shape(scan: SheetScan, file: str) -> None:
    """Before the cells are read: a stray cell makes a table of gigabytes (F38)."""
    if len(scan.filled_rows) > MOST_ROWS:
        found = f"{len(scan.filled_rows)} rijen (hoogstens {MOST_ROWS})"
        raise DataError(problem("KCC-D037", file=file, found=found))
    stray = scan.stray()
    if stray:
        row = "".join(filter(str.isdigit, stray))
        raise DataError(problem("KCC-D038", file=file, row=row, column=stray))


def read_grid(data: bytes, name: str, file: str) -> list[list[object]]:
    """All cells of a sheet from A1 on; the texts of errors may hold answers."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError, OverflowError, LookupError):
        raise DataError(problem("KCC-D037a", file=file)) from None
    return [list(row) for row in rows]


def _header(
    grid: Sequence[Sequence[object]],
    source: Source,
    questionnaire: Questionnaire,
    file: str,
) -> Header:
    rows = [
        (at, [column_name(cell) for cell in cells])
        for at, cells in enumerate(grid[:_FIRST_ROWS], start=1)
    ]
    row = source.format.header_row
    names = next((found for at, found in rows if at == row), [])
    if not any(names) and not any(any(found) for _, found in rows):
        raise DataError(problem("KCC-D039", file=file))
    header = Header(row, tuple(names), tuple(questionnaire.columns))
    problems = tuple(column_problems(header, rows, file))
    if not header.present:
        raise DataError(problems)
    return replace(header, problems=problems)


def _titles(
    skipped: Sequence[tuple[int, Sequence[object]]], header: Header
) -> list[Row]:
    places = header.present.items()
    return [
        (row, {name: _stored(cells[at]) for name, at in places if at < len(cells)})
        for row, cells in skipped
    ]


def _letters(header: Header) -> dict[str, str]:
    return {name: get_column_letter(at + 1) for name, at in header.present.items()}


def _is_empty(cells: Iterable[object]) -> bool:
    return not any(not isinstance(each, str) or each.strip() for each in cells)


def _cells(rows: Sequence[Sequence[object]], header: Header) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: pd.Series([_stored(cells[at]) for cells in rows], dtype="object")
            for name, at in header.present.items()
        }
    )


def _stored(cell: object) -> object:
    """Blank is None; a truth value is text, because to pandas True equals 1."""
    if isinstance(cell, bool):
        return str(cell).upper()
    return None if cell == "" else cell


def _with_kinds(
    cells: pd.DataFrame,
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    header: Header,
    scan: SheetScan,
    package: Package,
) -> pd.DataFrame:
    """The cells with errors and percentages as kinds of their own (F33, F34)."""
    names = {at + 1: name for name, at in header.present.items()}
    position = {int(row): at for at, row in enumerate(rows)}
    changed: dict[str, dict[int, object]] = {}
    for place, text in scan.errors():
        if place.column in names and place.row in position:
            column = changed.setdefault(names[place.column], {})
            column[position[place.row]] = CellError(text)
    for place in scan.with_style(package.percent_styles):
        if place.column in names and place.row in position:
            name, at = names[place.column], position[place.row]
            value = cells[name].iat[at]
            if isinstance(value, float):
                changed.setdefault(name, {})[at] = Percentage(value)
    return cells.assign(**{n: _replaced(cells[n], new) for n, new in changed.items()})


def _replaced(column: pd.Series[Any], new: dict[int, object]) -> pd.Series[Any]:
    values = list(column)
    for at, value in new.items():
        values[at] = value
    return pd.Series(values, dtype="object")


def _hidden(scan: SheetScan, header: Header, file: str) -> Iterator[Problem]:
    rows = [row for row in scan.hidden_rows if row in set(scan.filled_rows)]
    if rows:
        shown = row_list([str(row) for row in rows[:10]], len(rows))
        yield problem("KCC-D032b", file=file, row=shown, count=len(rows))
    if scan.has_filter:
        yield problem("KCC-D032c", file=file)
    for name, at in header.present.items():
        if at + 1 in scan.hidden_columns:
            letter = get_column_letter(at + 1)
            yield problem("KCC-D032e", file=file, column=f"{name} (kolom {letter})")


def _formulas(scan: SheetScan, header: Header, file: str) -> Iterator[Problem]:
    names = {at + 1: name for name, at in header.present.items()}
    by_column: dict[int, list[Place]] = {}
    for place in scan.empty_formulas():
        if place.column in names:
            by_column.setdefault(place.column, []).append(place)
    for column, places in by_column.items():
        rows = [str(each.row) for each in places[:3]]
        yield problem(
            "KCC-D033",
            file=file,
            row=row_list(rows, len(places)),
            column=f"{names[column]} (kolom {get_column_letter(column)})",
            count=len(places),
        )


def _empty_notice(empty: Sequence[int], file: str) -> list[Problem]:
    if not empty:
        return []
    first = row_list([str(row) for row in empty[:5]], len(empty))
    return [problem("KCC-D039b", file=file, row=first, count=len(empty))]
