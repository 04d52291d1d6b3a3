"""The control charts of a continuous measurement, as rows of the result tables.

A share gets a p-chart, the grade an XmR chart (STAT-M27). Weighting costs precision:
the limits of a weighted share are those of its effective number of answers (Kish), and
so is the detection time. The centre is that of the declared baseline. From a break in
the series on, nothing is held against it. A period of fewer than 100 answers is blind:
no signal there says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kcc_research.estimation.contact_series import PERIOD, ContactSeries, effective
from kcc_research.estimation.continuous import (
    charted,
    charted_channels,
    of_channel,
)
from kcc_research.estimation.control_chart import (
    FEWEST_PER_PERIOD,
    SIGMAS,
    ControlChart,
    chart_comparisons,
    chart_estimates,
    detection,
    false_alarm,
    p_chart,
    xmr_chart,
)
from kcc_research.estimation.grouping import FloatArray
from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    ESTIMATE_COLUMNS,
    empty_comparisons,
    empty_estimates,
    tidy,
)
from kcc_research.study.indicator import Indicator
from kcc_research.study.period import Length, bounds

BLIND = f"blind: minder dan {FEWEST_PER_PERIOD} antwoorden"
"""``reason`` of a period without a signal that could hardly have given one."""

DETECTION = "opsporing"
"""``by`` of what a chart can see, per length of a period (``group``)."""

EXPECTED, AS_GOOD_AS = "verwachte antwoorden", "zo nauwkeurig als"
CHANCE, PERIODS, MONTHS = "kans per periode", "perioden", "maanden"
FALSE_ALARM = "vals alarm na maanden"

IN_MONTHS = {"week": 12 / 52, "maand": 1.0, "kwartaal": 3.0}
"""Lengths of a period that are compared, in months."""

FEWEST_FOR_XMR = 6
"""Periods of the baseline that limits from moving ranges need: five ranges (choice)."""

FEWEST_FOR_SPREAD = 12
"""Fewer periods in the baseline, and sigma_z is too uncertain to widen limits by.

With five moving ranges it exceeds 1.2 in about one series out of four that varies by
chance alone (choice; see the tests).
"""


@dataclass(frozen=True)
class Charts:
    """Lines and detection times as ``estimates``, signals as ``comparisons``."""

    estimates: pd.DataFrame
    comparisons: pd.DataFrame


@dataclass(frozen=True, eq=False)
class _Points:
    """The periods of one chart: value, answers, effective answers (k,)."""

    periods: tuple[str, ...]
    value: FloatArray
    n: FloatArray
    n_effective: FloatArray
    std_error: FloatArray
    baseline: slice
    judged: int  # so many periods lie before a break in the series


def chart_periods(series: ContactSeries, estimates: pd.DataFrame) -> Charts:
    """Charts of satisfaction and grade, for the whole and per channel with 100 answers.

    ``estimates`` are those of ``estimate_periods``. A chart whose baseline holds no
    two periods with answers (six for a grade), or only satisfied (or only
    dissatisfied) people, is left out: there is nothing to hold the others against.
    """
    lines, signals = [empty_estimates()], [empty_comparisons()]
    for channel in ("", *charted_channels(series)):
        length = series.length_of(channel)
        for indicator in charted(series) if length else ():
            points = _points(series, estimates, indicator, channel, length)
            chart = _chart(points, indicator)
            if chart is None:
                continue
            lines.append(_lines(series, points, chart, indicator, channel))
            signals.append(_signals(series, points, chart, indicator, channel))
            if indicator.statistic == "share":
                lines.append(_detection(series, chart, points, indicator, channel))
    return Charts(
        pd.concat([x for x in lines if len(x)] or lines[:1], ignore_index=True),
        pd.concat([x for x in signals if len(x)] or signals[:1], ignore_index=True),
    )


def _points(
    series: ContactSeries,
    estimates: pd.DataFrame,
    indicator: Indicator,
    channel: str,
    length: Length | None,
) -> _Points:
    assert length is not None
    periods = series.periods(length)
    rows = estimates[
        (estimates["by"] == of_channel(PERIOD, channel))
        & (estimates["indicator"] == indicator.id)
        & (estimates["category"] == "")
    ].set_index("group")
    numbers = (
        rows[["estimate", "n", "std_error"]].astype("float64").reindex(list(periods))
    )
    return _Points(
        periods,
        numbers["estimate"].to_numpy(float),
        numbers["n"].to_numpy(float),
        np.array([_effective(series, indicator, channel, each) for each in periods]),
        numbers["std_error"].to_numpy(float),
        _baseline(series, periods),
        _judged(series, periods),
    )


def _effective(
    series: ContactSeries, indicator: Indicator, channel: str, period: str
) -> float:
    answered = series.data[indicator.question].notna().to_numpy(dtype=bool)
    held = series.within(period, channel) & answered
    return effective(series.design.weights[held])


def _baseline(series: ContactSeries, periods: tuple[str, ...]) -> slice:
    """The periods that lie wholly within the declared baseline."""
    plan = series.plan
    inside = [
        at
        for at, each in enumerate(periods)
        if plan.baseline_start <= bounds(each)[0]
        and bounds(each)[1] <= plan.baseline_end
    ]
    return slice(inside[0], inside[-1] + 1) if inside else slice(0)


def _judged(series: ContactSeries, periods: tuple[str, ...]) -> int:
    starts = [each.start for each in series.plan.trend_break]
    before = [not starts or bounds(each)[1] < min(starts) for each in periods]
    return sum(before)


def _chart(points: _Points, indicator: Indicator) -> ControlChart | None:
    value, n = points.value, points.n_effective
    known = np.isfinite(value[points.baseline])
    if known.sum() < (FEWEST_FOR_XMR if indicator.statistic == "mean" else 2):
        return None
    if indicator.statistic == "mean":
        chart = _no_narrower(xmr_chart(value, baseline=points.baseline), points)
    else:
        events = np.nan_to_num(value) * n
        centre = events[points.baseline].sum()
        if not 0 < centre < n[points.baseline][known].sum():
            return None
        n = np.where(np.isfinite(value), n, 0)
        enough = known.sum() >= FEWEST_FOR_SPREAD
        laney = None if enough else False
        chart = p_chart(events, n, baseline=points.baseline, laney=laney)
    return _until_break(chart, points.judged)


def _no_narrower(chart: ControlChart, points: _Points) -> ControlChart:
    """Limits at least as wide as the sampling error of the answers themselves.

    A baseline of few periods may by luck lie close together; limits from its moving
    ranges would then call chance a signal. The spread between answers is that of the
    baseline, the standard error that of the period's effective number of answers.
    """
    base, n = points.baseline, points.n_effective
    between = float(np.sqrt(np.nanmean(points.std_error[base] ** 2 * n[base])))
    with np.errstate(divide="ignore"):
        sampling = SIGMAS * between / np.sqrt(n)
    reach = np.fmax(chart.high - chart.center, sampling)
    reach = np.where(np.isfinite(points.value), reach, np.nan)
    return replace(chart, low=chart.center - reach, high=chart.center + reach)


def _until_break(chart: ControlChart, judged: int) -> ControlChart:
    """Nothing after a break has limits, and so no signal by them."""
    after = np.arange(len(chart.value)) >= judged
    low, high = (np.where(after, np.nan, each) for each in (chart.low, chart.high))
    return replace(chart, low=low, high=high)


def _lines(
    series: ContactSeries,
    points: _Points,
    chart: ControlChart,
    indicator: Indicator,
    channel: str,
) -> pd.DataFrame:
    """Centre and limits; the values themselves are estimates with an interval."""
    frame = chart_estimates(
        chart,
        points.periods,
        points.n,
        indicator.id,
        statistic=indicator.statistic,
        base=series.questionnaire.population,
    )
    kept = (frame["category"] != "") & frame["estimate"].notna()
    return _placed(series, frame[kept], channel, ESTIMATE_COLUMNS)


def _signals(
    series: ContactSeries,
    points: _Points,
    chart: ControlChart,
    indicator: Indicator,
    channel: str,
) -> pd.DataFrame:
    frame = chart_comparisons(
        chart, points.periods, points.n, indicator.id, statistic=indicator.statistic
    )
    quiet = frame["verdict"] == "not_shown"
    blind = quiet & (frame["n"] < FEWEST_PER_PERIOD)
    frame.loc[blind, "reason"] = BLIND
    for each in series.plan.trend_break:
        after = [bounds(str(period))[1] >= each.start for period in frame["group"]]
        frame.loc[after, "verdict"] = "not_comparable"
        frame.loc[after, "reason"] = each.reason
        frame.loc[after, "difference"] = np.nan
    return _placed(series, frame, channel, COMPARISON_COLUMNS)


def _placed(
    series: ContactSeries, frame: pd.DataFrame, channel: str, columns: tuple[str, ...]
) -> pd.DataFrame:
    place = {"measurement": series.study.key, "source": series.source.id}
    return tidy(frame.assign(**place, by=of_channel(PERIOD, channel)), columns)


def _detection(
    series: ContactSeries,
    chart: ControlChart,
    points: _Points,
    indicator: Indicator,
    channel: str,
) -> pd.DataFrame:
    """How soon the declared fall shows, were the period a week, month or quarter."""
    base = points.baseline
    known = np.isfinite(points.value[base])
    answers, good_for = (
        points.n[base][known].sum(),
        points.n_effective[base][known].sum(),
    )
    rows = list(
        _seen(
            chart.center,
            series.plan.fall,
            series.per_month[channel],
            good_for / answers,
        )
    )
    frame = pd.DataFrame(rows).assign(
        measurement=series.study.key,
        source=series.source.id,
        indicator=indicator.id,
        by=of_channel(DETECTION, channel),
        n=answers,
        base=f"{series.questionnaire.population}, antwoorden in de basisperiode",
        uncertainty="none",
        method=f"berekend voor een daling van {series.plan.fall:g}; binomiaal, beide "
        "regels van de regelkaart",
        status="published",
    )
    return tidy(frame, ESTIMATE_COLUMNS)


def _seen(
    centre: float, fall: float, per_month: float, precision: float
) -> Iterator[dict[str, object]]:
    if centre <= fall:
        return
    for length, months in IN_MONTHS.items():
        expected = per_month * months
        size = max(1, round(expected * precision))
        found = detection(centre, fall, size)
        for category, statistic, value in (
            (EXPECTED, "count", expected),
            (AS_GOOD_AS, "count", size),
            (CHANCE, "share", found.chance),
            (PERIODS, "ratio", found.periods),
            (MONTHS, "ratio", found.periods * months),
            (FALSE_ALARM, "ratio", false_alarm(centre, size) * months),
        ):
            yield {
                "group": length,
                "category": category,
                "statistic": statistic,
                "estimate": value,
            }
