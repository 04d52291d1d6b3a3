"""Respondents who asked to be taken out (AVG art. 17 and 21) leave before any check.

The raw file stays as it is until it is purged; nothing of these rows is checked, shown
or kept, and the log says which rows they were.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kcc_research.errors import Problem, masked, problem
from kcc_research.microdata.answers import written
from kcc_research.microdata.raw_table import RawTable, without_rows
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Questionnaire


def without_removed(
    table: RawTable, source: Source, questionnaire: Questionnaire
) -> RawTable:
    """The table without the respondents that ``source.remove`` names.

    A number that no row has is an error (P003a): who asked to be taken out may not
    stay in because of a slip of the pen.
    """
    if not source.remove:
        return table
    column = identifier_column(questionnaire)
    if column not in table.cells:
        return table  # the missing column is an error of its own
    names = table.cells[column].map(_name).to_numpy(str)
    wanted = [each.strip() for each in source.remove]
    gone = np.isin(names, wanted)
    missing = sorted(set(wanted) - set(names))
    return replace(
        without_rows(table, gone),
        problems=(
            *table.problems,
            *(_not_found(table, column, each) for each in missing),
        ),
        removed_rows=tuple(table.log_row(int(row)) for row in np.flatnonzero(gone)),
    )


def identifier_column(questionnaire: Questionnaire) -> str:
    """The column of the first identifier; empty where there is none."""
    columns = (e.column for e in questionnaire.question if e.type == "identifier")
    return next(columns, "")


def _name(cell: object) -> str:
    return written(cell).strip()


def _not_found(table: RawTable, column: str, number: str) -> Problem:
    return problem(
        "KCC-P003a",
        file=table.files,
        column=table.column_name(column),
        value=masked(number),
    )
