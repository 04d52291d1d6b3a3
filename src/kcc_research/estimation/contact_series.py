"""A continuous measurement as a series: answers by the period of their contact.

Contacts were sampled per channel, and channels do not answer equally often. Within
every period the answers of a channel are therefore weighted to its number of contacts
(DESIGN §8.4, post-stratification by period and channel); without those numbers nothing
is said across channels. The period is the smallest of month and quarter in which the
*baseline* gave 100 answers (STAT-M27): how the series goes on does not choose it. An
answer that came in late belongs to the period of its contact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from kcc_research.errors import DataError, problem
from kcc_research.estimation.contact_volumes import (
    Cell,
    Volumes,
    contact_volumes,
    question_for,
    refuse_impossible,
)
from kcc_research.estimation.control_chart import smallest_period
from kcc_research.estimation.design import SurveyDesign, survey_design
from kcc_research.estimation.grouping import BoolArray, FloatArray
from kcc_research.estimation.weighting import poststratify
from kcc_research.study.chart import ChartPlan
from kcc_research.study.measurement import Source, Study
from kcc_research.study.period import Length, bounds, period_of, periods_between
from kcc_research.study.questionnaire import Question, Questionnaire

PERIOD = "periode"
"""Column of the answers with the period they belong to."""

QUARTER = "kwartaal"
EVERYBODY = ""
"""Stands for all channels where a channel may be named."""


@dataclass(frozen=True, eq=False)
class ContactSeries:
    """The answers of one source by period, with the counts beside them.

    ``data``: the answers with ``periode``. ``volumes``: counts per period and channel;
    ``None`` where no source has them. ``length``: of a period of the whole, ``None``
    where even a quarter of the baseline had fewer than 100 answers; weighting then
    goes by quarter. ``per_month``: answers per measured month of the baseline, of
    everybody and per channel.
    """

    study: Study
    source: Source
    data: pd.DataFrame
    volumes: Volumes | None
    length: Length | None
    per_month: Mapping[str, float]

    @property
    def questionnaire(self) -> Questionnaire:
        return self.study.questionnaires[self.source.id]

    @property
    def plan(self) -> ChartPlan:
        return _plan(self.study)

    @property
    def channel(self) -> Question:
        return question_for(self.questionnaire, "channel")

    @property
    def cell_length(self) -> Length:
        """The period within which channels are weighted."""
        return self.length or "quarter"

    def periods(self, length: Length) -> tuple[str, ...]:
        """Every period of the fieldwork, with answers or not."""
        fieldwork = self.study.measurement.fieldwork
        return periods_between(fieldwork.start, fieldwork.end, length)

    def within(self, period: str, channel: str = EVERYBODY) -> BoolArray:
        """Answers whose contact fell in a month or quarter, through a channel (n,)."""
        day = self.data[question_for(self.questionnaire, "contact_date").id]
        held = _between(day, *bounds(period))
        if channel:
            held = held & (self.data[self.channel.id] == channel).to_numpy(dtype=bool)
        return held

    def length_of(self, channel: str) -> Length | None:
        """Month or quarter, the smallest in which a channel gives 100 answers."""
        return smallest_period(self.per_month[channel])

    @cached_property
    def unweighted(self) -> SurveyDesign:
        return survey_design(self.data)

    @cached_property
    def design(self) -> SurveyDesign:
        """Weighted to contacts per period and channel, where those were counted."""
        if self.volumes is None:
            return self.unweighted
        cells = answers_per_cell(self.data, self.channel)
        contacts = pd.Series(
            [self.volumes[cell].contacts for cell in cells],
            index=pd.MultiIndex.from_tuples(cells, names=[PERIOD, self.channel.id]),
        )
        return poststratify(self.unweighted, contacts)

    def silent_channels(self, period: str) -> tuple[str, ...]:
        """Channels that were asked in a period, and gave not a single answer.

        The answers then speak for the other channels only, and a number over all of
        them would compare one mix with another.
        """
        start, end = bounds(period)
        asked = {
            channel
            for (cell, channel), counts in (self.volumes or {}).items()
            if start <= bounds(cell)[0] <= end and counts.invited
        }
        heard = set(self.data.loc[self.within(period), self.channel.id])
        return tuple(each for each in self.channel.categories if each in asked - heard)


def contact_series(
    study: Study, responses: Mapping[str, pd.DataFrame]
) -> ContactSeries:
    """The series of the survey of a continuous measurement.

    ``responses``: the checked answers of every source, that of the volumes included.
    Raises ``DataError`` for contacts outside the fieldwork and an empty baseline, and
    with every period and channel whose counts cannot be true.
    """
    source = next(each for each in study.measurement.source if each.kind == "survey")
    questionnaire = study.questionnaires[source.id]
    contact_day = question_for(questionnaire, "contact_date").id
    channel = question_for(questionnaire, "channel")
    rows = responses[source.id]
    day = pd.to_datetime(rows[contact_day])
    _refuse_outside(study, source, day)
    per_month = _per_month(study, source, day, rows[channel.id])
    length = smallest_period(per_month[EVERYBODY])
    cell_length: Length = length or "quarter"
    data = rows.copy()
    data[contact_day] = day
    data[PERIOD] = [period_of(each, cell_length) for each in day]
    volumes = None
    if source.volumes is not None:
        counted = study.questionnaires[source.volumes]
        volumes = contact_volumes(counted, responses[source.volumes], cell_length)
        refuse_impossible(study, source, answers_per_cell(data, channel), volumes)
    return ContactSeries(study, source, data, volumes, length, per_month)


def answers_per_cell(data: pd.DataFrame, channel: Question) -> dict[Cell, int]:
    """Answers per period and channel, of the cells that have any, in order."""
    counts = data.groupby([PERIOD, channel.id], observed=True).size()
    pairs = zip(counts.index.tolist(), counts.tolist(), strict=True)
    return {(str(cell[0]), str(cell[1])): int(n) for cell, n in pairs}


def summarise_series_counts(series: ContactSeries) -> pd.DataFrame:
    """Answers per period and channel, with their total: how full every cell is."""
    cells = answers_per_cell(series.data, series.channel)
    rows = series.periods(series.cell_length)
    full = pd.DataFrame(
        {
            channel: [cells.get((period, channel), 0) for period in rows]
            for channel in series.channel.categories
        },
        index=pd.Index(rows, name=PERIOD),
    )
    return full.assign(samen=full.sum(axis=1))


def effective(weights: FloatArray) -> float:
    """Kish's effective number of answers: (Σw)²/Σw²; 0 without answers.

    >>> import numpy as np
    >>> effective(np.array([1.0, 1, 1, 1]))
    4.0
    """
    square = float((weights**2).sum())
    return float(weights.sum()) ** 2 / square if square else 0.0


def _plan(study: Study) -> ChartPlan:
    plan = study.measurement.chart
    if plan is None:  # the model refuses a continuous measurement without one
        raise LookupError("this measurement has no baseline")
    return plan


def _between(day: pd.Series, start: date, end: date) -> BoolArray:
    after_end = pd.Timestamp(end) + pd.Timedelta(1, "D")
    held = (day >= pd.Timestamp(start)) & (day < after_end)
    return held.to_numpy(dtype=bool)


def _refuse_outside(study: Study, source: Source, day: pd.Series) -> None:
    fieldwork = study.measurement.fieldwork
    outside = int((~_between(day, fieldwork.start, fieldwork.end)).sum())
    if outside:
        raise DataError(
            problem(
                "KCC-D052b",
                file=source.pattern,
                count=outside,
                start=fieldwork.start.isoformat(),
                end=fieldwork.end.isoformat(),
            )
        )


def _per_month(
    study: Study, source: Source, day: pd.Series, channel: pd.Series
) -> dict[str, float]:
    """Answers per month of the baseline that has any, in all and per channel."""
    plan = _plan(study)
    held = _between(day, plan.baseline_start, plan.baseline_end)
    if not held.any():
        raise DataError(problem("KCC-D052f", file=source.pattern))
    months = len({period_of(each, "month") for each in day[held]})
    question = question_for(study.questionnaires[source.id], "channel")
    answers = channel[held].value_counts()
    return {EVERYBODY: float(held.sum()) / months} | {
        each: float(answers.get(each, 0)) / months for each in question.categories
    }
