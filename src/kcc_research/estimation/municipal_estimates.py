"""Result tables of a benchmark: all municipalities, each one, and what chance does.

Of each municipality the observed value with its interval; of dimensions also what is
left when chance is taken out (STAT-M26). Of all municipalities, and of each size
class, the mean in which every municipality counts once: all of them are measured, so
its error comes from the contacts alone, √(Σse²)/k. A funnel says how far a
municipality may lie from the mean by chance (Spiegelhalter 2005).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import special

from kcc_research import dutch
from kcc_research.estimation.benchmark import (
    BAND_PREFIX,
    MUNICIPALITY,
    RELIABILITY,
    benchmark_estimates,
    compare_with_group,
)
from kcc_research.estimation.funnel import exact_limit
from kcc_research.estimation.grouping import FloatArray, floats
from kcc_research.estimation.interval import (
    EXACT_BELOW_EVENTS,
    EXACT_BELOW_N,
    Interval,
    clopper_pearson,
    wilson,
    z_quantile,
)
from kcc_research.estimation.municipal_values import (
    FULL_SCORE,
    as_table,
    contact_source,
    group_columns,
    tables_of,
)
from kcc_research.estimation.shrinkage import shrink
from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    ESTIMATE_COLUMNS,
    TOTAL,
    combine,
    tidy,
)
from kcc_research.study.measurement import Study

FUNNEL = "trechter"
"""``by`` of the limits of a funnel; ``group`` is a number of contacts."""

FUNNEL_LEVELS = {"95%": 0.95, "99,8%": 0.998}
OUTSIDE, EXPECTED_OUTSIDE = "buiten ", "verwacht buiten "
"""First words of a ``category`` that counts municipalities outside a limit."""

IN_A_BAND = "in een band"
SPREAD = {"zonder_toeval_p10": 0.1, "zonder_toeval_p90": 0.9}
"""``category`` of the quantiles of municipalities, chance taken out."""

EACH_ONCE = "gemiddelde van gemeenten, elk even zwaar; marge door het aantal contacten"
POOLED_ERROR = "standaardfout uit de spreiding binnen alle gemeenten samen"


def estimate_municipalities(study: Study, measured: pd.DataFrame) -> pd.DataFrame:
    """Per municipality every indicator and dimension; ``group`` is its code.

    Of dimensions also *krimpschatting* and *betrouwbaarheid*, and a band where one may
    be given: see :func:`.benchmark.benchmark_estimates`.
    """
    dimensions = {each.id for each in study.measurement.dimension}
    parts = []
    for name, statistic, rows in tables_of(measured):
        parts.append(_observed(name, statistic, rows, is_score=name in dimensions))
        if name in dimensions:
            beside = benchmark_estimates(as_table(rows), name)
            parts.append(beside[beside["category"] != ""])
    return _of_contacts(study, combine(parts))


def _of_contacts(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    source = contact_source(study).id
    return tidy(rows.assign(measurement=study.key, source=source), ESTIMATE_COLUMNS)


def _observed(
    name: str, statistic: str, rows: pd.DataFrame, *, is_score: bool
) -> pd.DataFrame:
    value, error, n = (floats(rows[each]) for each in ("estimate", "std_error", "n"))
    if statistic == "share":
        low, high = _share_interval(floats(rows["count"]), n)
    else:
        half = z_quantile() * error
        low, high = value - half, value + half
    if is_score:
        low, high = np.maximum(low, 0.0), np.minimum(high, FULL_SCORE)
    measured = n > 0
    frame = pd.DataFrame(
        {
            "indicator": name,
            "statistic": statistic,
            "by": MUNICIPALITY,
            "group": rows["unit"],
            "estimate": value,
            "std_error": error,
            "ci_low": np.where(measured, low, np.nan),
            "ci_high": np.where(measured, high, np.nan),
            "count": rows["count"],
            "n": np.where(measured, n, np.nan),
            "base": "contacten in de gemeente",
            "uncertainty": "measurement",
            "method": f"waargenomen; {POOLED_ERROR}",
            "status": np.where(measured, "published", "not_measured"),
        }
    )
    return tidy(frame, ESTIMATE_COLUMNS)


def _share_interval(count: FloatArray, n: FloatArray) -> Interval:
    """Wilson, exact when small (STAT-M4)."""
    some = np.maximum(n, 1)
    small = (some < EXACT_BELOW_N) | (
        np.minimum(count, some - count) < EXACT_BELOW_EVENTS
    )
    exact, score = clopper_pearson(count, some), wilson(count, some)
    return (
        np.where(small, exact[0], score[0]),
        np.where(small, exact[1], score[1]),
    )


# --- all municipalities together ------------------------------------------------------


def estimate_country(study: Study, measured: pd.DataFrame) -> pd.DataFrame:
    """Mean of all municipalities and of each size class; ``n`` counts municipalities.

    Of dimensions also how reliable one score is on average, between which values eight
    in ten municipalities lie when chance is taken out, and how many have a band.
    """
    size = study.questionnaires[contact_source(study).id].with_role("size_class")
    dimensions = {each.id for each in study.measurement.dimension}
    rows: list[dict[str, object]] = []
    for name, statistic, units in tables_of(measured):
        known = units[units["estimate"].notna()]
        shared: dict[str, object] = {"indicator": name, "statistic": statistic}
        rows.append(shared | _mean_of(known) | {"by": TOTAL, "group": TOTAL})
        for category in size.categories if size is not None else ():
            assert size is not None
            members = known[known[size.id] == category]
            if len(members):
                place = {"by": size.id, "group": category}
                rows.append(shared | _mean_of(members) | place)
        if name in dimensions and len(known) > 1:
            rows += ({"indicator": name} | each for each in _spread_of(known))
    frame = pd.DataFrame(rows).assign(uncertainty="measurement", status="published")
    return _of_contacts(study, tidy(frame, ESTIMATE_COLUMNS))


def _mean_of(units: pd.DataFrame) -> dict[str, object]:
    k = len(units)
    mean = float(units["estimate"].mean())
    error = float(np.sqrt((floats(units["std_error"]) ** 2).sum()) / k)
    half = z_quantile() * error
    contacts = dutch.number(int(units["n"].sum()))
    return {
        "estimate": mean,
        "std_error": error,
        "ci_low": mean - half,
        "ci_high": mean + half,
        "n": k,
        "base": f"gemeenten, elk even zwaar ({contacts} contacten)",
        "method": EACH_ONCE,
    }


def _spread_of(units: pd.DataFrame) -> Iterator[dict[str, object]]:
    """What differs between municipalities beside chance, and how sure one score is."""
    found = shrink(floats(units["estimate"]), floats(units["std_error"]))
    shared = {"by": TOTAL, "group": TOTAL, "n": len(units), "base": "gemeenten"}
    yield shared | {
        "statistic": "ratio",
        "category": RELIABILITY,
        "estimate": float(found.reliability.mean()),
        "method": "gemiddelde van tau² / (tau² + se²)",
    }
    for category, part in SPREAD.items():
        away = np.sqrt(found.tau2) * special.ndtri(part)
        yield shared | {
            "statistic": "quantile",
            "category": category,
            "estimate": found.mean + float(away),
            "method": "normale verdeling met tau² (REML)",
        }
    beside = benchmark_estimates(units, "")
    placed = int(beside["category"].str.startswith(BAND_PREFIX).sum())
    yield shared | {
        "statistic": "count",
        "category": IN_A_BAND,
        "estimate": float(placed),
        "method": "betrouwbaarheid ten minste 0,7 en kans op de band ten minste 0,8",
    }


# --- each against its group -----------------------------------------------------------


def compare_municipalities(study: Study, measured: pd.DataFrame) -> pd.DataFrame:
    """Every municipality against its own group without itself, twice per indicator.

    The group is the one it chose, else that of its size, else all; with fewer than ten
    others the wider one (STAT-M25). See :func:`.benchmark.compare_with_group`.
    """
    groups = group_columns(study, measured)
    parts = [
        compare_with_group(as_table(rows), name, groups=groups, statistic=statistic)
        for name, statistic, rows in tables_of(measured)
    ]
    source = contact_source(study).id
    found = combine(parts).assign(measurement=study.key, source=source)
    return tidy(found, COMPARISON_COLUMNS)


# --- the funnel -----------------------------------------------------------------------


def estimate_funnels(study: Study, measured: pd.DataFrame) -> pd.DataFrame:
    """Limits around the mean share for every number of contacts that occurs.

    For the first share of every dimension; rows with by = :data:`FUNNEL` hold the
    limits, those of the total how many municipalities lie outside and how many would
    by chance alone.
    """
    first = [
        _first_share(study, each.indicators) for each in study.measurement.dimension
    ]
    parts = [
        _funnel(name, as_table(rows))
        for name, statistic, rows in tables_of(measured)
        if name in first and statistic == "share"
    ]
    return _of_contacts(study, combine(parts))


def _first_share(study: Study, names: tuple[str, ...]) -> str:
    known = study.questionnaires[contact_source(study).id].indicators
    return next((name for name in names if known[name].statistic == "share"), "")


def _funnel(name: str, units: pd.DataFrame) -> pd.DataFrame:
    count, n = floats(units["count"]), floats(units["n"])
    target = float(count.sum() / n.sum())
    sizes = np.unique(n)
    rows: list[dict[str, object]] = []
    for category, level in FUNNEL_LEVELS.items():
        low, high = (exact_limit(sizes, target, each) for each in _tails(level))
        for size, lower, upper in zip(sizes, low, high, strict=True):
            rows.append(
                {
                    "statistic": "share",
                    "by": FUNNEL,
                    "group": f"{size:.0f}",
                    "category": category,
                    "estimate": target,
                    "ci_low": max(0.0, lower),
                    "ci_high": min(1.0, upper),
                    "n": size,
                    "base": "contacten in een gemeente",
                }
            )
        own = [exact_limit(n, target, each) for each in _tails(level)]
        outside = int(((count / n < own[0]) | (count / n > own[1])).sum())
        expected = (1 - level) * len(units)
        for words, value in ((OUTSIDE, outside), (EXPECTED_OUTSIDE, expected)):
            rows.append(
                {
                    "statistic": "count",
                    "by": TOTAL,
                    "group": TOTAL,
                    "category": words + category,
                    "estimate": float(value),
                    "n": len(units),
                    "base": "gemeenten",
                }
            )
    frame = pd.DataFrame(rows).assign(
        indicator=name,
        uncertainty="measurement",
        method="exacte grenzen van de binomiale verdeling, geïnterpoleerd",
        status="published",
    )
    return tidy(frame, ESTIMATE_COLUMNS)


def _tails(level: float) -> tuple[float, float]:
    return (1 - level) / 2, (1 + level) / 2
