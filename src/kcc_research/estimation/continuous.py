"""Estimates of a continuous measurement: per period, per channel, and its response.

Periods are disjoint domains of one sample, so every margin is that of a domain. A
period without answers is a gap and has a row that says so; one in which a channel with
invitations gave no answer at all has no number across channels. The unweighted number
stands beside the weighted one, because a shift in the mix of channels looks like a
shift in quality (DOMAIN §1.6).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kcc_research.estimation.contact_series import (
    PERIOD,
    QUARTER,
    ContactSeries,
)
from kcc_research.estimation.difference import (
    HOLM_WORDS,
    independent_difference,
    judged,
)
from kcc_research.estimation.domains import Domain
from kcc_research.estimation.indicators import estimate_indicators
from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    ESTIMATE_COLUMNS,
    TOTAL,
    empty_comparisons,
    tidy,
)
from kcc_research.study.indicator import Indicator
from kcc_research.study.period import Length, bounds

UNWEIGHTED = "ongewogen"
"""``by`` of the same periods without weights; group ``totaal`` is the whole."""

NO_ANSWERS = "geen antwoorden in deze periode"
SILENT = "geen antwoorden via {}: geen cijfer over kanalen heen"
QUARTERS = "kwartaal op kwartaal"
"""First word of the ``family`` of the last quarter against the one before."""


def of_channel(by: str, channel: str) -> str:
    """``by`` of the periods of one channel; of the whole it is ``by`` itself.

    >>> of_channel("periode", ""), of_channel("periode", "balie")
    ('periode', 'periode balie')
    """
    return f"{by} {channel}".strip()


def charted(series: ContactSeries) -> tuple[Indicator, ...]:
    """The indicators with a chart: satisfaction and the headline grade."""
    wanted = ("satisfaction", "headline")
    found = (each for each in series.questionnaire.indicator if each.role in wanted)
    return tuple(sorted(found, key=lambda each: wanted.index(str(each.role))))


def charted_channels(series: ContactSeries) -> tuple[str, ...]:
    """Channels with 100 answers expected in a quarter; the rest has its year only."""
    return tuple(each for each in series.channel.categories if series.length_of(each))


def estimate_periods(series: ContactSeries) -> pd.DataFrame:
    """An ``estimates`` table: year, channels, periods and quarters.

    Besides the rows of :func:`estimate_indicators`: by ``periode`` and ``kwartaal``
    for the whole, ``periode <channel>`` and ``kwartaal <channel>`` for channels with a
    chart, and ``ongewogen`` for the charted indicators without weights.
    """
    domains = [
        *_domains(series, PERIOD, "", series.length),
        *_domains(series, QUARTER, "", "quarter"),
    ]
    for channel in charted_channels(series):
        domains += _domains(series, PERIOD, channel, series.length_of(channel))
        domains += _domains(series, QUARTER, channel, "quarter")
    full = [each for each in domains if each.mask.any()]
    study, source = series.study, series.source.id
    found = estimate_indicators(study, source, series.design, also=full)
    parts = [_without_silent(series, found), _gaps(series, domains)]
    if series.volumes is not None:
        parts.append(_unweighted(series))
    return pd.concat([each for each in parts if len(each)], ignore_index=True)


def _domains(
    series: ContactSeries, by: str, channel: str, length: Length | None
) -> list[Domain]:
    if length is None:
        return []
    name = of_channel(by, channel)
    return [
        Domain(name, each, series.within(each, channel))
        for each in series.periods(length)
    ]


def _without_silent(series: ContactSeries, rows: pd.DataFrame) -> pd.DataFrame:
    """No number over channels in a period in which one of them is not heard."""
    kept = rows.copy()
    groups = rows.loc[rows["by"].isin((PERIOD, QUARTER)), "group"].unique()
    for period in groups:
        silent = series.silent_channels(str(period))
        if not silent:
            continue
        held = rows["by"].isin((PERIOD, QUARTER)) & (rows["group"] == period)
        for name in rows.select_dtypes("number"):
            if name != "n":
                kept[name] = kept[name].mask(held)
        kept.loc[held, "method"] = SILENT.format(" en ".join(silent))
        kept.loc[held, "status"] = "not_measured"
    return kept


def _gaps(series: ContactSeries, domains: Sequence[Domain]) -> pd.DataFrame:
    """A row for every charted indicator in every period without answers."""
    rows = [
        {
            "measurement": series.study.key,
            "source": series.source.id,
            "indicator": indicator.id,
            "statistic": indicator.statistic,
            "by": each.by,
            "group": each.group,
            "base": series.questionnaire.population,
            "uncertainty": "sampling",
            "method": NO_ANSWERS,
            "status": "not_measured",
        }
        for each in domains
        if not each.mask.any()
        for indicator in charted(series)
    ]
    return tidy(pd.DataFrame(rows), ESTIMATE_COLUMNS)


def _unweighted(series: ContactSeries) -> pd.DataFrame:
    parts = _domains(series, UNWEIGHTED, "", series.length)
    whole = Domain(UNWEIGHTED, TOTAL, np.ones(len(series.data), dtype=bool))
    also = [whole, *(each for each in parts if each.mask.any())]
    rows = estimate_indicators(
        series.study, series.source.id, series.unweighted, also=also
    )
    names = [each.id for each in charted(series)]
    kept = (rows["by"] == UNWEIGHTED) & rows["indicator"].isin(names)
    return rows[kept]


# --- the last quarter ---------------------------------------------------------------


def compare_quarters(series: ContactSeries, estimates: pd.DataFrame) -> pd.DataFrame:
    """The last quarter with answers against the one before: a ``comparisons`` table.

    Of the charted indicators, for the whole and for channels with a chart; quarters
    have no answer in common. A quarter on the other side of a break in the series is
    *not_comparable*. Empty where there are fewer than two quarters with answers.
    """
    parts = []
    for channel in ("", *charted_channels(series)):
        by = of_channel(QUARTER, channel)
        rows = estimates[(estimates["by"] == by) & estimates["estimate"].notna()]
        for indicator in charted(series):
            own = rows[(rows["indicator"] == indicator.id) & (rows["category"] == "")]
            if len(own) > 1:
                parts.append(_last_two(own.sort_values("group").iloc[-2:]))
    if not parts:
        return empty_comparisons()
    pairs = pd.concat(parts, ignore_index=True)
    difference = independent_difference(
        *(pairs[name].to_numpy(float) for name in ("now", "se_now", "df_now")),
        *(pairs[name].to_numpy(float) for name in ("then", "se_then", "df_then")),
    )
    family = QUARTERS + ": " + pairs["indicator"]
    found = judged(pairs, difference, family=family).assign(family=family)
    found = _across_break(series, found)
    return tidy(
        found.assign(
            measurement=series.study.key,
            source=series.source.id,
            category="",
            method=f"t voor onafhankelijke kwartalen; {HOLM_WORDS}",
            status="published",
        ).drop(columns=["now", "se_now", "df_now", "then", "se_then", "df_then"]),
        COMPARISON_COLUMNS,
    )


def _last_two(rows: pd.DataFrame) -> pd.DataFrame:
    then, now = (row for _, row in rows.iterrows())
    sides = {
        f"{name}{suffix}": row[column]
        for suffix, row in (("now", now), ("then", then))
        for name, column in (
            ("", "estimate"),
            ("se_", "std_error_without_fpc"),
            ("df_", "df"),
        )
    }
    words = {name: now[name] for name in ("indicator", "statistic", "by", "group", "n")}
    other = {"reference": then["group"], "n_reference": then["n"]}
    return pd.DataFrame([words | other | sides])


def _across_break(series: ContactSeries, rows: pd.DataFrame) -> pd.DataFrame:
    """Close the gate where the series broke in the last quarter or the one before."""
    breaks = series.plan.trend_break
    for at, row in rows.iterrows():
        first, last = bounds(row["reference"])[0], bounds(row["group"])[1]
        reasons = [each.reason for each in breaks if first < each.start <= last]
        if reasons:
            numbers = ["difference", "std_error", "ci_low", "ci_high", "df"]
            rows.loc[at, [*numbers, "p_value", "p_adjusted", "detectable"]] = np.nan
            rows.loc[at, ["verdict", "reason"]] = ["not_comparable", reasons[0]]
    return rows
