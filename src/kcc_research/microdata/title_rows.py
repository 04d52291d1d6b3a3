"""Rows between the column names and the first answers (DOMAIN-D16).

Survey software writes question texts, numbers or import codes under its header. How
many such rows there are is declared (``first_row``), never guessed: what is skipped is
counted and told, an answer among it is refused, and a text among the answers is
recognised, so that the remedy can be named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from kcc_research.errors import Problem, problem
from kcc_research.microdata.answers import AnswerReader, Fault, is_blank
from kcc_research.microdata.numbers import NumberFormat
from kcc_research.microdata.raw_table import RawTable, row_list, without_rows
from kcc_research.study.questionnaire import Question, Questionnaire

FEWEST_CELLS = 3
"""Closed questions in a row from which all of them unreadable is no coincidence."""

MOST_TITLE_ROWS = 4
"""As far down as texts under a header are looked for."""

_SHOWN = 5

Row = tuple[int, Mapping[str, object]]
"""A row number, and its cells by declared column."""


def skipped_problems(
    rows: Sequence[Row], questionnaire: Questionnaire, file: str
) -> list[Problem]:
    """That rows were skipped; and each of them that holds a respondent's answers."""
    filled = [each for each in rows if not all(map(is_blank, each[1].values()))]
    if not filled:
        return []
    numbers = [str(row) for row, _ in filled]
    shown = row_list(numbers[:_SHOWN], len(numbers))
    told = [problem("KCC-D031a", file=file, row=shown, count=len(filled))]
    for row, cells in filled:
        readable, unreadable = _closed_cells(cells, questionnaire, NumberFormat("."))
        if readable and not unreadable:
            told.append(problem("KCC-D031b", file=file, row=row))
    return told


def without_title_rows(table: RawTable, questionnaire: Questionnaire) -> RawTable:
    """Texts read as if they were the first answers: refused, once, and left out.

    A row is text where not one of at least ``FEWEST_CELLS`` closed answers can be
    read, while most of the next can.
    """
    first = table.cells.head(MOST_TITLE_ROWS + 1)
    texts = 0
    for cells in _records(first):
        readable, unreadable = _closed_cells(cells, questionnaire, table.numbers)
        if readable or unreadable < FEWEST_CELLS:
            break
        texts += 1
    else:
        return table
    if not texts or readable <= unreadable:
        return table
    shown = row_list([table.row_at(at) for at in range(texts)], texts)
    told = problem(
        "KCC-D031d",
        file=table.file_at(0),
        row=shown,
        first=int(table.rows[texts]),
    )
    kept = without_rows(table, np.arange(len(table.rows)) < texts)
    return replace(kept, problems=(told, *table.problems))


def _records(cells: pd.DataFrame) -> Iterator[Mapping[str, object]]:
    for record in cells.to_dict("records"):
        yield {str(name): cell for name, cell in record.items()}


def _closed_cells(
    cells: Mapping[str, object], questionnaire: Questionnaire, numbers: NumberFormat
) -> tuple[int, int]:
    """How many filled cells of closed questions can be read, and how many cannot."""
    faulty = [
        isinstance(AnswerReader(question, numbers)(cells[name]), Fault)
        for question in questionnaire.question
        if question.is_closed
        for name in _columns(question, cells)
    ]
    return len(faulty) - sum(faulty), sum(faulty)


def _columns(question: Question, cells: Mapping[str, object]) -> list[str]:
    return [
        name
        for name in question.raw_columns
        if name in cells and not is_blank(cells[name])
    ]
