"""Service norms: a level an indicator should reach, with the date it is due."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import model_validator

from kcc_research.study.indicator import Indicator
from kcc_research.study.model import Definition, Identifier, Text
from kcc_research.study.questionnaire import Direction, Question


class ServiceNorm(Definition):
    """A *servicenorm*: a share (0–1) or a mean, due at ``target_date`` if given.

    ``direction`` says whether the level is the least (*higher_is_better*) or the most
    (*lower_is_better*) that is good. It is needed only where the indicator does not
    say so itself: see :func:`indicator_direction`.
    """

    indicator: Identifier
    source: Text
    share: float | None = None
    mean: float | None = None
    direction: Direction | None = None
    target_date: date | None = None

    @model_validator(mode="after")
    def _one_level(self) -> Self:
        if (self.share is None) == (self.mean is None):
            raise ValueError("een norm heeft share (0 tot 1) of mean, een van beide")
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError("share ligt tussen 0 en 1: schrijf 0.90 voor 90%")
        return self


def indicator_direction(indicator: Indicator, question: Question) -> Direction | None:
    """Whether more of an indicator is better, or None where nothing says so.

    A mean goes with its question, as does a share of answers that reach ``at_least``;
    a share of answers that stay within ``at_most`` goes against it. Answers between
    two bounds, and answers by name, have no direction of their own.

    A scale on which lower is better is turned when a file is cleaned, and thresholds
    hold for what is stored: of a scale higher is always better by then.
    """
    answers = "higher_is_better" if question.type == "scale" else question.direction
    if answers is None or indicator.statistic == "distribution":
        return None
    if indicator.statistic == "mean":
        return answers
    bounded = (indicator.at_least is not None, indicator.at_most is not None)
    if indicator.categories or all(bounded):
        return None
    return answers if bounded[0] else _opposite(answers)


def _opposite(direction: Direction) -> Direction:
    up = direction == "higher_is_better"
    return "lower_is_better" if up else "higher_is_better"
