"""Response of a continuous measurement, per channel and per period.

Response is answers ÷ (invited − undeliverable): a complete count, so without interval
(STAT-M11, N8). That channels answer unequally often is why they are weighted.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kcc_research.estimation.contact_series import PERIOD, QUARTER, ContactSeries
from kcc_research.estimation.contact_volumes import Counts, question_for, total
from kcc_research.estimation.continuous import of_channel
from kcc_research.estimation.fieldwork import (
    COMPLETED,
    INVITED,
    RESPONSE,
    UNDELIVERABLE,
)
from kcc_research.estimation.tables import ESTIMATE_COLUMNS, TOTAL, tidy
from kcc_research.study.period import bounds, period_of

CONTACTS = "contacten"
LATE = "nagekomen"

RULE = "ingevuld gedeeld door uitgenodigd min onbestelbaar"
UNKNOWN = "niemand uitgenodigd, of aantal onbekend"

Row = dict[str, object]


def estimate_contact_response(series: ContactSeries) -> pd.DataFrame:
    """An ``estimates`` table of contacts, invitations, answers and response.

    ``respons`` of the whole, per channel and per period (of a quarter where the series
    is too small for any chart); its steps are counts with a category. A period without
    invitations has no response. By ``kwartaal <channel>`` stand the contacts: what the
    mix of channels did. ``nagekomen`` counts the answers that came in after the month
    of their contact. Without volumes only answers are counted.
    """
    rows = [*_groups(series), *_mix(series), *_late(series)]
    shared = {
        "measurement": series.study.key,
        "source": series.source.id,
        "indicator": RESPONSE,
        "uncertainty": "none",
    }
    return tidy(pd.DataFrame([shared | row for row in rows]), ESTIMATE_COLUMNS)


def _groups(series: ContactSeries) -> Iterator[Row]:
    """The whole, each channel, and each period."""
    volumes = series.volumes
    cells = list((volumes or {}).items())
    data, question = series.data, series.channel
    everybody = total(each for _, each in cells) if volumes else None
    yield from _steps(TOTAL, TOTAL, len(data), everybody)
    for name in question.categories:
        own = total(each for (_, channel), each in cells if channel == name)
        answers = int((data[question.id] == name).sum())
        yield from _steps(question.id, name, answers, own if volumes else None)
    for period in series.periods(series.cell_length):
        own = total(each for (when, _), each in cells if when == period)
        answers = int(series.within(period).sum())
        yield from _steps(PERIOD, period, answers, own if volumes else None)


def _steps(by: str, group: str, answers: int, counts: Counts | None) -> Iterator[Row]:
    """The counts of one group, and answers ÷ reached where anybody was reached."""
    place: Row = {"by": by, "group": group}
    reached = counts.reached if counts else 0
    yield place | {
        "statistic": "share",
        "estimate": answers / reached if reached else None,
        "count": answers if reached else None,
        "n": reached or None,
        "base": "uitgenodigden, zonder onbestelbaar",
        "method": RULE if reached else UNKNOWN,
        "status": "published" if reached else "not_measured",
    }
    steps = {COMPLETED: answers}
    if counts is not None:
        steps |= {
            CONTACTS: counts.contacts,
            INVITED: counts.invited,
            UNDELIVERABLE: counts.undeliverable,
        }
    for step, number in steps.items():
        # n is all contacts: a month in which nobody was asked is no small group.
        n = steps.get(CONTACTS) or number or None
        yield place | _count(step, number, n, "contacten met de gemeente")


def _count(category: str, number: int, n: int | None, base: str) -> Row:
    return {
        "statistic": "count",
        "category": category,
        "estimate": number,
        "count": number,
        "n": n,
        "base": base,
        "method": "telling",
        "status": "published",
    }


def _mix(series: ContactSeries) -> Iterator[Row]:
    sums: dict[tuple[str, str], int] = {}
    for (period, channel), counts in (series.volumes or {}).items():
        place = (of_channel(QUARTER, channel), period_of(bounds(period)[0], "quarter"))
        sums[place] = sums.get(place, 0) + counts.contacts
    for (by, group), number in sums.items():
        counted = _count(CONTACTS, number, number, "contacten met de gemeente")
        yield {"by": by, "group": group} | counted


def _late(series: ContactSeries) -> Iterator[Row]:
    came_in = series.questionnaire.with_role("answer_date")
    if came_in is None:
        return
    contact = question_for(series.questionnaire, "contact_date")
    months = [
        [period_of(day, "month") for day in pd.to_datetime(series.data[each.id])]
        for each in (contact, came_in)
    ]
    late = int(np.sum(np.array(months[0]) != np.array(months[1])))
    counted = _count(LATE, late, len(series.data), "antwoorden")
    yield {"by": TOTAL, "group": TOTAL} | counted
