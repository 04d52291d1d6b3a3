"""SPSS .sav → stored values, with the labels and missing codes the file declares.

Those declarations are kept beside the cells to be compared with the questionnaire;
no value becomes missing because the file says so (DOMAIN-D7, D8).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from kcc_research.errors import DataError, problem
from kcc_research.microdata.header import Header, column_problems
from kcc_research.microdata.numbers import as_code
from kcc_research.microdata.raw_table import FileFacts, RawTable, column_name
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Questionnaire

_EPOCH = datetime(1582, 10, 14)
_LAST_SECOND = (datetime(9999, 12, 31) - _EPOCH).total_seconds()
_DATE_FORMATS = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "DATETIME", "YMDHMS")
# What pyreadstat lets through from a damaged file; its texts may hold answers.
_READ_ERRORS = (
    pyreadstat.ReadstatError,
    pyreadstat.PyreadstatError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    MemoryError,
    OSError,
)


def read_sav(
    data: bytes, facts: FileFacts, source: Source, questionnaire: Questionnaire
) -> RawTable:
    """One .sav as a :class:`RawTable`; a row is the case number of SPSS.

    Raises :class:`DataError` when the file cannot be read or holds no respondents.
    """
    file = facts.file
    names = _names(data, file)
    header = Header(1, tuple(names.values()), tuple(questionnaire.columns))
    problems = column_problems(header, [], file)
    if not header.present:
        raise DataError(problems)
    stored = [list(names)[at] for at in header.present.values()]
    frame, meta = read_stored(data, file, usecols=stored)
    if frame.empty:
        raise DataError([*problems, problem("KCC-D039", file=file)])
    cells = {
        names[each]: _column(frame[each], _spss_format(meta, each)) for each in stored
    }
    rows = np.arange(1, len(frame) + 1, dtype=np.int64)
    return RawTable(
        cells=pd.DataFrame(cells),
        rows=rows,
        excel_rows=rows,
        part=np.zeros(len(frame), dtype=np.int64),
        facts=(replace(facts, rows=len(frame), encoding=str(meta.file_encoding)),),
        problems=tuple(problems),
        undeclared=header.undeclared,
        labels=_labels(meta, names),
        user_missing=_user_missing(meta, names),
    )


def _names(data: bytes, file: str) -> dict[str, str]:
    """Stored name → name in Unicode normal form."""
    _, meta = read_stored(data, file, metadataonly=True)
    return {name: column_name(name) for name in meta.column_names}


def read_stored(data: bytes, file: str, **options: Any) -> tuple[pd.DataFrame, Any]:
    """What the library reads: stored values and the file's own description.

    Raises :class:`DataError` (D040d) when it cannot read the file.
    """
    try:
        frame, meta = pyreadstat.read_sav(
            io.BytesIO(data),
            user_missing=True,
            disable_datetime_conversion=True,
            **options,
        )
    except _READ_ERRORS:
        raise DataError(problem("KCC-D040d", file=file, kind="sav")) from None
    return frame, meta


def _spss_format(meta: Any, name: str) -> str:
    return str(meta.original_variable_types.get(name) or "")


def _column(stored: pd.Series[Any], spss_format: str) -> pd.Series[Any]:
    if not spss_format.upper().startswith(_DATE_FORMATS):
        return stored
    return pd.Series([_moment(each) for each in stored], dtype="object")


def _moment(seconds: object) -> object:
    """SPSS counts seconds from the first day of the Gregorian calendar.

    A number of seconds outside the calendar stays a number, and is refused as a date
    when the questionnaire asks for one.
    """
    if not isinstance(seconds, float) or np.isnan(seconds):
        return None
    if not 0 <= seconds <= _LAST_SECOND:
        return seconds
    return _EPOCH + timedelta(seconds=seconds)


def _code(stored: object) -> str:
    return as_code(stored) if isinstance(stored, float | int) else str(stored).strip()


def _labels(meta: Any, names: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    return {
        names[name]: {_code(code): str(label) for code, label in labels.items()}
        for name, labels in meta.variable_value_labels.items()
        if name in names
    }


def _user_missing(
    meta: Any, names: Mapping[str, str]
) -> dict[str, tuple[tuple[float, float], ...]]:
    return {
        names[name]: tuple(
            (float(each["lo"]), float(each["hi"]))
            for each in ranges
            if not isinstance(each["lo"], str)
        )
        for name, ranges in meta.missing_ranges.items()
        if name in names
    }
