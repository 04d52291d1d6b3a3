"""A part that a measurement does not have: an explicit value, worded by the package."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Absent:
    """Instead of a table or figure: the Dutch sentence that says why there is none."""

    reason: str
