"""The periods of a continuous measurement, read from the protected tables.

Figures, tables and sentences about a series all start from these points, so that none
of them can tell another story than the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.chart_results import (
    AS_GOOD_AS,
    BLIND,
    CHANCE,
    DETECTION,
    EXPECTED,
    FALSE_ALARM,
    MONTHS,
)
from kcc_research.estimation.contact_response import CONTACTS
from kcc_research.estimation.contact_series import PERIOD, QUARTER
from kcc_research.estimation.continuous import (
    NO_ANSWERS,
    QUARTERS,
    UNWEIGHTED,
    of_channel,
)
from kcc_research.estimation.control_chart import CENTRE, CHART, LOWER, UPPER
from kcc_research.estimation.fieldwork import RESPONSE
from kcc_research.reporting.result import Result, find, find_all, formatted, plain
from kcc_research.study.chart import ChartPlan
from kcc_research.study.indicator import Indicator, Role
from kcc_research.study.measurement import Source, Study
from kcc_research.study.period import bounds, in_words, is_quarter, short
from kcc_research.study.questionnaire import Question

SIGNALS = ("higher", "lower")


@dataclass(frozen=True, slots=True)
class Point:
    """One period of one chart; ``result`` without a number is a gap."""

    period: str
    result: Result
    unweighted: Result | None
    center: float | None
    low: float | None
    high: float | None
    verdict: str
    reason: str

    @property
    def is_signal(self) -> bool:
        return self.verdict in SIGNALS

    @property
    def is_gap(self) -> bool:
        """Nobody answered; a number may be absent for other reasons too."""
        return self.result.method == NO_ANSWERS

    @property
    def absent_words(self) -> str:
        return "geen antwoorden" if self.is_gap else "geen cijfer"

    @property
    def is_blind(self) -> bool:
        return self.reason == BLIND

    @property
    def is_broken(self) -> bool:
        return self.verdict == "not_comparable"


@dataclass(frozen=True, slots=True)
class Detection:
    """What one length of a period can see of the declared fall."""

    expected: float
    as_good_as: float
    chance: float
    months: float
    false_alarm: float


def survey(study: Study) -> Source:
    """The source with the answers of the series."""
    return next(each for each in study.measurement.source if each.kind == "survey")


def plan(study: Study) -> ChartPlan:
    """The declared baseline; a continuous measurement always has one."""
    found = study.measurement.chart
    assert found is not None, "the model refuses a series without one"
    return found


def channel_question(study: Study) -> Question:
    found = study.questionnaires[survey(study).id].with_role("channel")
    assert found is not None, "told when the definitions were read (C004s)"
    return found


def indicator_of(study: Study, role: Role) -> Indicator | None:
    """The charted indicator: ``satisfaction`` or ``headline``."""
    indicators = study.questionnaires[survey(study).id].indicator
    return next((each for each in indicators if each.role == role), None)


def points(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    indicator: Indicator,
    channel: str = "",
) -> list[Point]:
    """The periods of one indicator in order, of all channels or of one."""
    source, by = survey(study), of_channel(PERIOD, channel)
    rows = find_all(estimates, source=source.id, indicator=indicator.id, by=by)
    lines = {(row.group, row.category): row.estimate for row in rows if row.category}
    values = sorted((r for r in rows if not r.category), key=lambda row: row.group)
    unweighted = {
        row.group: row
        for row in find_all(
            estimates, source=source.id, indicator=indicator.id, by=UNWEIGHTED
        )
        if not channel
    }
    judged = {
        str(row["group"]): row
        for row in _compared(comparisons, source, indicator, by, CHART)
    }
    found = []
    for value in values:
        verdict = judged.get(value.group, {})
        found.append(
            Point(
                value.group,
                value,
                unweighted.get(value.group),
                lines.get((value.group, CENTRE)),
                lines.get((value.group, LOWER)),
                lines.get((value.group, UPPER)),
                str(verdict.get("verdict", "")),
                str(verdict.get("reason", "")),
            )
        )
    return found


def has_chart(found: Sequence[Point]) -> bool:
    return any(each.low is not None for each in found)


def any_chart(estimates: pd.DataFrame) -> bool:
    """Whether anything at all is held against a baseline."""
    return bool((estimates["category"] == CENTRE).any())


def why_no_chart(study: Study) -> str:
    """Why the whole has no control chart."""
    if survey(study).volumes is None:
        return (
            "hoeveel contacten elk kanaal had, is niet bekend. Over alle kanalen samen "
            "is daarom geen cijfer te geven"
        )
    return (
        "per kwartaal worden minder dan 100 antwoorden verwacht, of de basisperiode is "
        "te kort"
    )


def charted_channels(study: Study, estimates: pd.DataFrame) -> tuple[str, ...]:
    """The channels that have periods of their own, in declared order."""
    present = set(estimates.loc[estimates["source"] == survey(study).id, "by"])
    names = channel_question(study).categories
    return tuple(each for each in names if of_channel(PERIOD, each) in present)


def quarters(
    study: Study, estimates: pd.DataFrame, indicator: Indicator, channel: str = ""
) -> list[Result]:
    """The quarters with a number, in order."""
    rows = find_all(
        estimates,
        source=survey(study).id,
        indicator=indicator.id,
        by=of_channel(QUARTER, channel),
        category="",
    )
    return sorted((row for row in rows if row.is_shown), key=lambda row: row.group)


def change(
    study: Study, comparisons: pd.DataFrame, indicator: Indicator, channel: str = ""
) -> dict[str, object] | None:
    """The last quarter against the one before, where there are two."""
    by = of_channel(QUARTER, channel)
    rows = _compared(comparisons, survey(study), indicator, by, QUARTERS)
    return rows[0] if rows else None


def _compared(
    comparisons: pd.DataFrame,
    source: Source,
    indicator: Indicator,
    by: str,
    family: str,
) -> list[dict[str, object]]:
    rows = comparisons[
        (comparisons["source"] == source.id)
        & (comparisons["indicator"] == indicator.id)
        & (comparisons["by"] == by)
        & comparisons["family"].str.startswith(family)
    ]
    return [
        {str(name): plain(value) for name, value in row.items()}
        for row in rows.to_dict("records")
    ]


def detections(
    study: Study, estimates: pd.DataFrame, channel: str = ""
) -> dict[str, Detection]:
    """Per length of a period (week, maand, kwartaal) what a share's chart can see."""
    indicator = indicator_of(study, "satisfaction")
    if indicator is None:
        return {}
    rows: dict[str, dict[str, float]] = {}
    for row in find_all(
        estimates,
        source=survey(study).id,
        indicator=indicator.id,
        by=of_channel(DETECTION, channel),
    ):
        if row.estimate is not None:
            rows.setdefault(row.group, {})[row.category] = row.estimate
    names = (EXPECTED, AS_GOOD_AS, CHANCE, MONTHS, FALSE_ALARM)
    return {
        length: Detection(*(values[name] for name in names))
        for length, values in rows.items()
        if all(name in values for name in names)
    }


def length_word(found: Sequence[Point]) -> str:
    """``maand`` or ``kwartaal``."""
    return "kwartaal" if found and is_quarter(found[0].period) else "maand"


def months(number: float) -> str:
    """``2,8 maanden``, ``1,0 maand``."""
    noun = "maand" if dutch.rounded(number, 1) == 1 else "maanden"
    return f"{dutch.number(number, 1)} {noun}"


def detection_sentence(study: Study, seen: Detection) -> str:
    """*Een daling van 10 procentpunt zien we gemiddeld na 2,8 maanden.*"""
    fall = dutch.points(plan(study).fall)
    return f"Een daling van {fall} zien we gemiddeld na {months(seen.months)}"


def baseline_words(study: Study) -> str:
    """``januari tot en met juni 2024``, where it holds whole months of one year."""
    start, end = plan(study).baseline_start, plan(study).baseline_end
    first, last = dutch.MONTHS[start.month - 1], dutch.MONTHS[end.month - 1]
    if start.year != end.year:
        return f"{first} {start.year} tot en met {last} {end.year}"
    return f"{first} tot en met {last} {end.year}"


def in_table(study: Study, period: str) -> str:
    """A period as row of a table: ``Maart``, with its year where there are more."""
    fieldwork = study.measurement.fieldwork
    start, _ = bounds(period)
    name = dutch.MONTHS[start.month - 1]
    if is_quarter(period):
        name = short(period)
    one_year = fieldwork.start.year == fieldwork.end.year
    return dutch.capitalised(name if one_year else f"{name} {start.year}")


def in_baseline(study: Study, period: str) -> bool:
    start, end = bounds(period)
    return plan(study).baseline_start <= start and end <= plan(study).baseline_end


def listed(periods: Sequence[str]) -> str:
    """``september en november 2024``: the year once where it is the same."""
    years = {bounds(each)[0].year for each in periods}
    if len(years) > 1 or any(is_quarter(each) for each in periods):
        return dutch.listing(in_words(each) for each in periods)
    names = dutch.listing(dutch.MONTHS[bounds(each)[0].month - 1] for each in periods)
    return f"{names} {years.pop()}" if years else ""


def contacts_in(
    study: Study, estimates: pd.DataFrame, by: str, group: str
) -> int | None:
    """Contacts that were counted in a group, if anybody counted them."""
    found = find(
        estimates,
        source=survey(study).id,
        indicator="respons",
        by=by,
        group=group,
        category=CONTACTS,
    )
    return None if found is None else found.count


def finely(value: float | None, indicator: Indicator) -> str:
    """One decimal more than usual: 66,0% below 66,4%, not 66% below 66%."""
    if value is None:
        return ""
    if indicator.statistic == "share":
        return dutch.percentage(value, 1)
    return dutch.number(value, 2)


def printed(value: float | None, indicator: Indicator) -> str:
    """A line of a chart as its indicator is printed; empty where there is none."""
    return "" if value is None else formatted(value, indicator.statistic)


def responses(study: Study, estimates: pd.DataFrame) -> list[tuple[str, Result]]:
    """Each channel with its response, those that may be shown."""
    question = channel_question(study)
    source = survey(study).id
    found = (
        (
            each,
            find(
                estimates, source=source, indicator=RESPONSE, by=question.id, group=each
            ),
        )
        for each in question.categories
    )
    return [(each, result) for each, result in found if result and result.is_shown]
