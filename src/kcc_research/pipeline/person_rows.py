"""Rows of persons in a kernel of a run: what was read, and what would show it.

Notebooks of the first stages hold answers, and are kept once they ran. What is read or
loaded is noted here; a table that repeats rows of it, or anybody's words, is told by
its size, and the run refuses it (TRUST-G8, T9). Other tables are shown only when they
have the columns of results, or are numbers with their groups in the index. In
JupyterLab nothing is held back.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from kcc_research.errors import masked
from kcc_research.pipeline.kernel_names import GUARDED_STAGES, STAGE_VARIABLE

_SAMPLE = 100
_FEWEST_CELLS = 5
_FEWEST_SPACES = 2
_LENGTH_OF_PSEUDONYM = 32
_frames: list[Any] = []
_words: set[str] = set()


def note(frame: Any, words: Iterable[str] = ()) -> None:
    """Remember rows that were read; ``words`` are its columns of open answers."""
    if os.environ.get(STAGE_VARIABLE) not in GUARDED_STAGES:
        return
    _frames.append(frame)
    for column in words:
        if column in frame.columns:
            _words.update(filter(_is_telling, frame[column].dropna()))


def _is_telling(words: str) -> bool:
    """Not a word or two, which may well be a category; or a pseudonym."""
    return words.count(" ") >= _FEWEST_SPACES or len(words) >= _LENGTH_OF_PSEUDONYM


def forget() -> None:
    """Start anew."""
    _frames.clear()
    _words.clear()


def are_in(table: Any) -> bool:
    """Whether a frame or series repeats rows, or words, of what was noted."""
    frame = _as_frame(table)
    return any(_repeats(frame, each) for each in _frames) or _has_words(frame)


def is_result(table: Any) -> bool:
    """Whether a table is of results, a log or problems; or numbers by named groups."""
    frame = _as_frame(table)
    if _is_of_ours(list(map(str, frame.columns))):
        return True
    numbers = all(each.kind in "iufb" for each in frame.dtypes)
    return numbers and not _is_numbered(frame)


def size_of(table: Any) -> str:
    """What is told of rows of persons: how many there are."""
    rows, columns = _as_frame(table).shape
    return f"[afgeschermd: rijen van personen, {rows} × {columns}]"


def told(value: object) -> bool:
    """Whether a value may be shown: of this package, a number, a picture, a result."""
    home = type(value).__module__.partition(".")[0]
    if home == "pandas" and hasattr(value, "to_frame") | hasattr(value, "columns"):
        return is_result(value)
    if value is None or isinstance(value, bool | int | float):
        return True
    return home in ("kcc_research", "matplotlib", "seaborn")


def hidden(value: object) -> str:
    """What is told of a value that may hold an answer."""
    return masked(value, type(value).__name__)


def _as_frame(table: Any) -> Any:
    return table.to_frame() if hasattr(table, "to_frame") else table


def _is_numbered(frame: Any) -> bool:
    """Whether rows have numbers without a name, alone or beside something else."""
    levels = frame.index.to_frame().dtypes
    named = zip(frame.index.names, levels, strict=True)
    return any(name is None and level.kind in "iu" for name, level in named)


def _repeats(frame: Any, known: Any) -> bool:
    shared = [each for each in frame.columns if each in known.columns]
    some = frame.iloc[:_SAMPLE]
    if not _is_numbered(frame) or len(shared) * len(some) < _FEWEST_CELLS:
        return False
    if not some.index.isin(known.index).all():
        return False
    return bool(some[shared].equals(known.loc[some.index, shared]))


def _has_words(frame: Any) -> bool:
    if not _words:
        return False
    parts = (frame.index.to_frame(), frame)
    cells = (
        cell
        for part in parts
        for at in range(part.shape[1])
        for cell in part.iloc[:, at].to_numpy(dtype=object)
        if isinstance(cell, str)
    )
    return any(each in _words for each in cells)


def _is_of_ours(columns: list[str]) -> bool:
    """Whether these are columns of results, of the log, or of the list of problems."""
    from kcc_research.estimation import tables
    from kcc_research.microdata.cleaning import LOG_COLUMNS
    from kcc_research.microdata.overview import PROBLEM_COLUMNS

    if columns in (list(LOG_COLUMNS), list(PROBLEM_COLUMNS)):
        return True
    results = (
        *tables.ESTIMATE_COLUMNS,
        *tables.COMPARISON_COLUMNS,
        *tables.VERDICT_COLUMNS,
    )
    return "indicator" in columns and set(columns) <= set(results)
