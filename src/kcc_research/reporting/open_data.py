"""Result tables as open data: CSV files that a reader, and Excel, can trust (PUB-T5).

UTF-8, comma, decimal point, LF, 10 significant digits of the same protected cells that
the report prints; ``x`` for a number that is suppressed, an empty field for one that
does not exist; a column ``origin`` that marks invented data (V12). Text that a
spreadsheet would run as a formula gets an apostrophe (TRUST-F68); numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Hashable, Iterable

import pandas as pd

from kcc_research.dutch import SUPPRESSED

ORIGIN = "origin"
SYNTHETIC = "synthetic"
OBSERVED = "observed"

_DIGITS = 10
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
_STATUS = "status"


def to_csv(frame: pd.DataFrame, *, synthetic: bool) -> bytes:
    """A result table as it is published."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*(safe_text(str(name)) for name in frame.columns), ORIGIN])
    origin = SYNTHETIC if synthetic else OBSERVED
    hidden = _suppressed(frame)
    columns = [list(_fields(frame[name], hidden)) for name in frame.columns]
    writer.writerows([*row, origin] for row in zip(*columns, strict=True))
    return text.getvalue().encode()


def safe_text(text: str) -> str:
    """``text`` as a spreadsheet shows it, and never runs it; LF is its only line end.

    A bare CR would end the row for some readers: Python's writer does not quote it.
    """
    safe = f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return safe.replace("\r\n", "\n").replace("\r", "\n")


def number(value: float) -> str:
    """At most 10 significant digits, decimal point, never ``-0``.

    >>> number(6.55), number(1 / 3), number(353.0)
    ('6.55', '0.3333333333', '353')
    """
    return f"{value:.{_DIGITS}g}" if value else "0"


def _suppressed(frame: pd.DataFrame) -> list[bool]:
    if _STATUS not in frame.columns:
        return [False] * len(frame)
    return [status == "suppressed" for status in frame[_STATUS].tolist()]


def _fields(column: pd.Series, hidden: Iterable[bool]) -> Iterable[str]:
    is_number = pd.api.types.is_numeric_dtype(column.dtype)
    is_flag = pd.api.types.is_bool_dtype(column.dtype)
    # As a list: a column of texts gives them one by one at five times the price.
    fields = map(_field, column.tolist())
    if is_flag or not is_number:
        return fields
    pairs = zip(fields, hidden, strict=True)
    return (SUPPRESSED if secret else field for field, secret in pairs)


def _field(value: Hashable) -> str:
    if isinstance(value, str):
        return safe_text(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return str(bool(value)).lower()
    if isinstance(value, float):
        return "" if math.isnan(value) else number(value)
    return str(value)
