"""Waiting, handling and *doorlooptijd* of a group as rows of ``estimates``.

A percentile needs ten records on both sides, or it would be somebody's own waiting
time; for the same reason the last class of a distribution is open and holds ten.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kcc_research.estimation.concentration import concentration
from kcc_research.estimation.contact_part import COUNTED, Part, Row, share_row
from kcc_research.estimation.duration_classes import (
    FEWEST_IN_TAIL,
    class_names,
    in_classes,
)
from kcc_research.estimation.record_counts import Spread
from kcc_research.estimation.tables import CONCENTRATION
from kcc_research.study.record_layout import RecordLayout

FEWEST_ON_A_SIDE = 10
"""Records on both sides of a percentile that is given."""

TOO_FEW = f"minder dan {FEWEST_ON_A_SIDE} records aan een kant: geen percentiel"
TOO_FEW_FOR_CLASSES = f"minder dan {FEWEST_IN_TAIL} records: geen klassen"
MINUTES_A_DAY = 24 * 60


def duration_rows(layout: RecordLayout, part: Part) -> Iterator[Row]:
    """Mean, median and p90 of every duration, and the share within the norm."""
    bases = _bases(layout)
    for name, spread in part.spreads.items():
        unit = MINUTES_A_DAY if name == "doorlooptijd" else 1
        yield from _duration(name, spread, bases[name], unit)
    norm = layout.thresholds.wait_norm_seconds
    if norm is not None and "wachttijd" in part.spreads:
        waits = part.spreads["wachttijd"]
        count, n = (waits.within, waits.n) if waits else (0, 0)
        method = f"{COUNTED}; norm: {norm} seconden"
        yield share_row(
            "wachttijd_binnen_norm", count, n, bases["wachttijd"], method=method
        )


def _bases(layout: RecordLayout) -> dict[str, str]:
    """In words who has a duration, per duration."""
    helped = "geholpen bezoekers" if layout.kind == "queue" else "beantwoorde contacten"
    return {
        "wachttijd": f"{helped}, wachttijd bekend",
        "afhandeltijd": "afgehandelde contacten, duur bekend",
        "doorlooptijd": "afgesloten zaken, duur bekend",
    }


def _duration(name: str, spread: Spread | None, base: str, unit: int) -> Iterator[Row]:
    n = spread.n if spread else 0
    shared: Row = {"n": n, "base": base}
    mean = spread.mean / unit if spread else float("nan")
    yield shared | {
        "indicator": name,
        "statistic": "mean",
        "estimate": mean,
        "method": COUNTED,
        "status": "published" if n else "not_measured",
        **_concentration(spread),
    }
    for percent, ending in ((50, "mediaan"), (90, "p90")):
        enough = min(percent, 100 - percent) * n >= 100 * FEWEST_ON_A_SIDE
        value = spread.quantiles[percent] / unit if spread and enough else float("nan")
        yield shared | {
            "indicator": f"{name}_{ending}",
            "statistic": "quantile",
            "estimate": value,
            "method": COUNTED if enough else TOO_FEW,
            "status": "published" if enough else "not_measured",
        }


def _concentration(spread: Spread | None) -> Row:
    """How much of all the time was of the one or two who took longest."""
    if spread is None:
        return {}
    sizes = (spread.mean * spread.n, *spread.top)
    found = concentration(*(np.array([float(each)]) for each in sizes))
    return {name: each[0] for name, each in zip(CONCENTRATION, found, strict=True)}


def class_rows(layout: RecordLayout, part: Part) -> Iterator[Row]:
    """The share in every class of a duration, where a part has its classes."""
    limits, bases = layout.thresholds, _bases(layout)
    widths = {
        "wachttijd": (limits.wait_class_seconds, "seconds"),
        "doorlooptijd": (limits.throughput_class_days, "days"),
    }
    for name, counts in part.classes.items():
        indicator, base, found = f"{name}_klasse", bases[name], in_classes(counts)
        if not found:
            yield share_row(indicator, 0, 0, base, method=TOO_FEW_FOR_CLASSES)
            continue
        names = class_names(len(found), *widths[name])
        for category, count in zip(names, found, strict=True):
            yield share_row(indicator, count, sum(found), base, category=category)
