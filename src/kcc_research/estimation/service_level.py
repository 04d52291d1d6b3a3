"""Telephone figures of a KCC: service level, abandonment, waiting (STAT-M28).

Figures of calls in a frame; those of a whole registration are counted by
``contact_kpis``. Both divide by the formulas of ``call_counts``. A complete call log is
no sample: its figures have no interval and are judged by value (STAT-N8). For a sample
of calls shares get Wilson's interval. Times are in seconds.
There is no package in R to check against; ``lib.R`` agrees to 1e-8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.call_counts import CallCounts, formula_words, fraction
from kcc_research.estimation.grouping import FloatArray, floats
from kcc_research.estimation.interval import count_interval, t_interval
from kcc_research.estimation.quantile import Uncertainty, percentiles
from kcc_research.estimation.tables import ESTIMATE_COLUMNS, TOTAL, tidy
from kcc_research.study.record_layout import Formula

DEFAULT_FORMULA: Formula = "offered_excl_short"

Row = dict[str, object]

SERVICE_LEVEL, ABANDONMENT, WAITING = "servicelevel", "uitval", "wachttijd"


def count_calls(
    wait: FloatArray,
    answered: FloatArray,
    *,
    threshold: float,
    short_abandon: float,
) -> CallCounts:
    """Count a log: seconds waited (rows,) and whether the call was answered (rows,).

    A call exactly at the threshold is in time; who hangs up exactly at the limit for
    short abandons did wait. Raises ``ValueError`` for a missing or negative waiting
    time, or anything but answered or not.
    """
    wait, answered = floats(wait), floats(answered)
    if not (wait >= 0).all() or not np.isin(answered, (0, 1)).all():
        raise ValueError("every call has a waiting time and was answered or not")
    taken = answered == 1
    return CallCounts(
        offered=len(wait),
        answered=int(taken.sum()),
        abandoned=int((~taken).sum()),
        answered_in_time=int((taken & (wait <= threshold)).sum()),
        abandoned_in_time=int((~taken & (wait <= threshold)).sum()),
        abandoned_short=int((~taken & (wait < short_abandon)).sum()),
    )


def speed_of_answer(wait: FloatArray, answered: FloatArray) -> float:
    """Mean wait of the calls that were answered (ASA); NaN without any."""
    waited = floats(wait)[floats(answered) == 1]
    return float(waited.mean()) if len(waited) else float("nan")


def estimate_calls(
    calls: pd.DataFrame,
    *,
    threshold: float,
    short_abandon: float,
    wait: str = "wait",
    answered: str = "answered",
    formula: Formula = DEFAULT_FORMULA,
    by: Sequence[str] = (),
    is_complete: bool = True,
    level: float = 0.95,
) -> pd.DataFrame:
    """An ``estimates`` table of a call log, in total and per group.

    Indicators ``servicelevel`` (``category`` is the name of the formula),
    ``uitval``, and ``wachttijd`` as mean and as quantiles *p50* to *p95*. Of a complete
    log nothing has an interval; of a sample shares have Wilson's, the mean Student's
    t, and percentiles their order statistics.
    """
    rows: list[Row] = []
    for name, group, part in _parts(calls, by):
        waited, taken = floats(part[wait]), floats(part[answered])
        counts = count_calls(
            waited, taken, threshold=threshold, short_abandon=short_abandon
        )
        found = [
            _service_level_row(counts, formula, threshold, short_abandon),
            _abandonment_row(counts),
            *_waiting_rows(waited[taken == 1], is_complete, level),
        ]
        rows += [row | {"by": name, "group": group} for row in found]
    frame = pd.DataFrame(rows)
    if not is_complete:
        frame = _with_intervals(frame, level)
    known = frame["estimate"].notna()
    frame = frame.assign(
        uncertainty="none" if is_complete else "sampling",
        status=np.where(known, "published", "not_measured"),
    )
    return tidy(frame, ESTIMATE_COLUMNS)


def _parts(
    calls: pd.DataFrame, by: Sequence[str]
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    yield TOTAL, TOTAL, calls
    for name in by:
        for group, part in calls.groupby(name, sort=True):
            yield name, str(group), part


def _service_level_row(
    counts: CallCounts, formula: Formula, threshold: float, short: float
) -> Row:
    events, n = counts.service_level(formula)
    words = formula_words(formula, short)
    return {
        "indicator": SERVICE_LEVEL,
        "statistic": "share",
        "category": formula,
        "estimate": fraction((events, n)),
        "count": events,
        "n": n,
        "base": "gesprekken",
        "method": f"binnen {dutch.number(threshold)} seconden; {words}",
    }


def _abandonment_row(counts: CallCounts) -> Row:
    events, n = counts.abandonment(with_short=True)
    return {
        "indicator": ABANDONMENT,
        "statistic": "share",
        "estimate": fraction((events, n)),
        "count": events,
        "n": n,
        "base": "aangeboden gesprekken",
        "method": "opgehangen voor er werd opgenomen",
    }


def _waiting_rows(waits: FloatArray, is_complete: bool, level: float) -> Iterator[Row]:
    """Mean and percentiles of the waits of answered calls, in seconds."""
    shared: Row = {
        "indicator": WAITING,
        "n": len(waits),
        "base": "opgenomen gesprekken",
    }
    mean_row: Row = {
        "statistic": "mean",
        "estimate": waits.mean() if len(waits) else np.nan,
        "method": "gemiddelde wachttijd in seconden",
    }
    if not is_complete and len(waits) > 1:
        mean_row |= _mean_margin(waits, level)
    yield shared | mean_row
    uncertainty: Uncertainty = "none" if is_complete else "sampling"
    found = percentiles(waits, uncertainty=uncertainty, level=level)
    for row in found.to_dict("records"):
        note = f"; {row['note']}" if row["note"] else ""
        yield shared | {
            "statistic": "quantile",
            "category": f"p{round(100 * row['probability'])}",
            "estimate": row["estimate"],
            "ci_low": row["ci_low"],
            "ci_high": row["ci_high"],
            "method": f"percentiel (type 7), in seconden{note}",
        }


def _mean_margin(waits: FloatArray, level: float) -> Row:
    """Of a sample of calls: s/√n, and Student's t."""
    df = np.array([len(waits) - 1.0])
    error = waits.std(ddof=1, keepdims=True) / np.sqrt(len(waits))
    low, high = t_interval(waits.mean(keepdims=True), error, df, level)
    return {
        "std_error": error[0],
        "ci_low": low[0],
        "ci_high": high[0],
        "df": df[0],
    }


def _with_intervals(frame: pd.DataFrame, level: float) -> pd.DataFrame:
    """Wilson's interval, or the exact one of few calls, for every share with calls."""
    is_share = (frame["statistic"] == "share") & (frame["n"] > 0)
    limits = [
        count_interval(int(x), int(n), level)
        for x, n in frame.loc[is_share, ["count", "n"]].itertuples(index=False)
    ]
    found = frame.copy()
    found.loc[is_share, ["ci_low", "ci_high"]] = np.array(limits).reshape(-1, 2)
    return found
