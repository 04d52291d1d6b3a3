"""Kinds of cell that only Excel has, so that none of them passes for a number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Percentage:
    """A number that Excel shows as a percentage: 0.66 seen as 66%."""

    value: float


@dataclass(frozen=True, slots=True)
class CellError:
    """An Excel error such as ``#N/B``."""

    text: str
