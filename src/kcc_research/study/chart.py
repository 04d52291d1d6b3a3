"""What a continuous measurement holds its periods against (*regelkaart*, STAT-M27).

Which periods are the baseline is declared, with the day on which that was decided: a
baseline chosen after seeing how the series ends can be made to show anything. A change
of question or of mode inside the series breaks it (DOMAIN-D32).
"""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from kcc_research.study.model import Definition, Text


class TrendBreak(Definition):
    """From ``start`` on, answers cannot be held against the baseline (*trendbreuk*)."""

    start: date
    reason: Text


class ChartPlan(Definition):
    """The baseline of the control charts, and the fall they are asked to find.

    Baseline are the periods from ``baseline_start`` to ``baseline_end``, both
    included, as decided on ``declared``. ``fall`` is a difference of shares: the
    detection time of every chart is computed for it.
    """

    baseline_start: date
    baseline_end: date
    declared: date
    fall: float = Field(default=0.10, gt=0, lt=1)
    trend_break: tuple[TrendBreak, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _frozen_before_looking(self) -> Self:
        if self.baseline_end < self.baseline_start:
            raise ValueError("de basisperiode eindigt voor zij begint")
        if self.declared > self.baseline_end:
            raise ValueError(
                "leg de basisperiode vast voordat zij voorbij is: declared ligt erna"
            )
        for each in self.trend_break:
            if each.start <= self.baseline_end:
                raise ValueError("een trendbreuk ligt na de basisperiode")
        return self
