"""Service norms of municipalities: which there are, which are measured, which reached.

A *witte vlek* is a norm that a municipality has not (*geen norm*), or has but does not
measure itself (*niet gemeten*). The two are different verdicts, never left out and
never 0 (DOMAIN §1.3). Beside it stands what mystery contacts found: the value of the
municipality against its own norm, judged by interval (STAT-C6).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kcc_research.estimation.benchmark import MUNICIPALITY
from kcc_research.estimation.grouping import floats
from kcc_research.estimation.interval import z_quantile
from kcc_research.estimation.municipal_values import UNIT, contact_source
from kcc_research.estimation.tables import (
    ESTIMATE_COLUMNS,
    TOTAL,
    VERDICT_COLUMNS,
    empty_estimates,
    empty_verdicts,
    tidy,
)
from kcc_research.study.benchmark import benchmarked
from kcc_research.study.measurement import Source, Study
from kcc_research.study.questionnaire import Question, Questionnaire, QuestionRole

NO_NORM, NOT_MEASURED = "no_norm", "not_measured"
WHITE_SPOTS: Mapping[str, str] = {NO_NORM: "geen norm", NOT_MEASURED: "niet gemeten"}
"""Verdict of a white spot → its words."""

COVERED, WHITE = "norm en gemeten", "witte vlek"
REACHED: Mapping[str, str] = {
    "met": "op of boven de norm",
    "undecided": "te dichtbij om te zeggen",
    "not_met": "onder de norm",
}
NORM, REALISED = "norm", "gerealiseerd"
"""``category`` of the mean norm, and of what was found in the same municipalities."""

NOT_SCANNED = "niet onderzocht"
YES = "ja"


def scan_source(study: Study) -> Source | None:
    """The desk scan of service norms, if there is one."""
    sources = study.measurement.source
    return next((each for each in sources if each.kind == "municipalities"), None)


def judge_service_norms(
    study: Study, estimates: pd.DataFrame, responses: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """A ``verdicts`` table: every municipality × norm of the scan, none left out.

    ``verdict`` is *no_norm* or *not_measured* for a white spot, else what the contacts
    say: *met*, *not_met* or *undecided*. ``estimate`` and ``norm`` stand wherever they
    are known, in the unit of the indicator.
    """
    source = scan_source(study)
    if source is None:
        return empty_verdicts()
    norms = _norms(study, source, responses[source.id])
    found = _observed(estimates)
    rows = [
        {"measurement": study.key, "by": MUNICIPALITY, **_judged(norm, found)}
        for norm in norms.to_dict("records")
    ]
    return tidy(pd.DataFrame(rows, columns=list(VERDICT_COLUMNS)), VERDICT_COLUMNS)


def _norms(study: Study, source: Source, scan: pd.DataFrame) -> pd.DataFrame:
    """Every municipality × norm: ``unit, indicator, published, level, measured``."""
    questionnaire = study.questionnaires[source.id]
    code, about, published, level, measured = (
        _role(questionnaire, role)
        for role in (
            "municipality_code",
            "norm_indicator",
            "norm_published",
            "norm_value",
            "norm_measured",
        )
    )
    indicators = study.questionnaires[contact_source(study).id].indicators
    every = pd.MultiIndex.from_product(
        [[each.gm for each in benchmarked(study.measurement)], about.categories],
        names=[UNIT, "indicator"],
    )
    known = scan.set_index([code.id, about.id])
    known.index.names = [UNIT, "indicator"]
    placed = known.reindex(every)
    share = [indicators[name].statistic == "share" for _, name in every]
    values = floats(placed[level.id]) / np.where(share, 100.0, 1.0)
    return pd.DataFrame(
        {
            "published": (placed[published.id] == YES).to_numpy(dtype=bool),
            "scanned": placed[published.id].notna().to_numpy(dtype=bool),
            "level": values,
            "measured": (placed[measured.id] == YES).to_numpy(dtype=bool),
        },
        index=every,
    ).reset_index()


def _role(questionnaire: Questionnaire, role: QuestionRole) -> Question:
    question = questionnaire.with_role(role)
    if question is None:
        raise ValueError(f"'{questionnaire.title}' has no question with role {role}")
    return question


Place = tuple[str, str]
Level = tuple[float, float, float]


def _observed(estimates: pd.DataFrame) -> dict[Place, Level]:
    """(municipality, indicator) → value with its interval, where measured."""
    rows = estimates[
        (estimates["by"] == MUNICIPALITY)
        & (estimates["category"] == "")
        & estimates["estimate"].notna()
    ]
    places = zip(rows["group"], rows["indicator"], strict=True)
    levels = zip(rows["estimate"], rows["ci_low"], rows["ci_high"], strict=True)
    return dict(zip(places, levels, strict=True))


def _judged(
    norm: Mapping[Hashable, Any], found: Mapping[Place, Level]
) -> dict[str, object]:
    place = (str(norm[UNIT]), str(norm["indicator"]))
    level = found.get(place)
    row: dict[str, object] = {
        "group": place[0],
        "indicator": place[1],
        "estimate": np.nan if level is None else level[0],
        "norm": norm["level"] if norm["published"] else np.nan,
    }
    if not norm["published"]:
        return row | {
            "verdict": NO_NORM,
            "reason": WHITE_SPOTS[NO_NORM] if norm["scanned"] else NOT_SCANNED,
        }
    if not norm["measured"]:
        return row | {"verdict": NOT_MEASURED, "reason": WHITE_SPOTS[NOT_MEASURED]}
    return row | _against(level, float(norm["level"]))


def _against(level: Level | None, norm: float) -> dict[str, str]:
    """Of every indicator in a dimension more is better."""
    if level is None:
        return {"verdict": "undecided", "reason": "geen contacten"}
    _, low, high = level
    if low >= norm:
        return {"verdict": "met", "reason": ""}
    if high >= norm:
        return {"verdict": "undecided", "reason": REACHED["undecided"]}
    return {"verdict": "not_met", "reason": ""}


# --- how much is covered --------------------------------------------------------------


def estimate_coverage(study: Study, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Shares of *norm en gemeten* and of both white spots: a complete count.

    Per norm and per dimension, for all municipalities and by size class. Of dimensions
    ``n`` counts norms of municipalities; the two kinds of white spot also stand
    together, as category *witte vlek*.
    """
    source = scan_source(study)
    if source is None:
        return empty_estimates()
    spots = verdicts.assign(
        kind=verdicts["verdict"].map(WHITE_SPOTS).fillna(COVERED),
        size=_sizes(study, verdicts["group"]),
    )
    size = study.questionnaires[contact_source(study).id].with_role("size_class")
    parts: list[tuple[str, str, pd.DataFrame]] = [(TOTAL, TOTAL, spots)]
    for category in size.categories if size is not None else ():
        assert size is not None
        parts.append((size.id, category, spots[spots["size"] == category]))
    rows = [
        {"by": by, "group": group, **row}
        for by, group, part in parts
        for name, members in _subjects(study, part)
        for row in _shares(name, members["kind"])
    ]
    frame = pd.DataFrame(rows).assign(
        measurement=study.key,
        source=source.id,
        statistic="share",
        base="normen van gemeenten",
        uncertainty="none",
        method="telling; volledige deskscan",
        status="published",
    )
    return tidy(frame, ESTIMATE_COLUMNS)


def _sizes(study: Study, units: pd.Series) -> pd.Series:
    size = study.questionnaires[contact_source(study).id].with_role("size_class")
    codes = {} if size is None else size.codes
    classes = {
        each.gm: codes.get(str(each.size_class), "")
        for each in benchmarked(study.measurement)
    }
    return units.map(classes)


def _subjects(study: Study, spots: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every norm, then every dimension with its norms together."""
    for name, rows in spots.groupby("indicator", sort=False):
        yield str(name), rows
    for dimension in study.measurement.dimension:
        rows = spots[spots["indicator"].isin(dimension.indicators)]
        if len(rows):
            yield dimension.id, rows


def _shares(name: str, kinds: pd.Series) -> Iterator[dict[str, object]]:
    n = len(kinds)
    counts = {each: int((kinds == each).sum()) for each in _KINDS}
    counts[WHITE] = n - counts[COVERED]
    for category, count in counts.items() if n else ():
        yield {
            "indicator": name,
            "category": category,
            "estimate": count / n,
            "count": count,
            "n": n,
        }


_KINDS: Sequence[str] = (COVERED, *WHITE_SPOTS.values())


# --- norm and realisation -------------------------------------------------------------


def estimate_realisation(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame
) -> pd.DataFrame:
    """Per norm: its mean level, what contacts found there, and how often it is reached.

    Only municipalities that published the norm and were contacted, whether they
    measure it themselves or not; each counts once, and ``n`` is how many they are.
    """
    source = contact_source(study)
    indicators = study.questionnaires[source.id].indicators
    found = _observed(estimates)
    rows: list[dict[str, object]] = []
    for name, members in verdicts.groupby("indicator", sort=False):
        pairs = [
            (float(norm), found[unit, str(name)])
            for unit, norm in zip(members["group"], members["norm"], strict=True)
            if not np.isnan(norm) and (unit, str(name)) in found
        ]
        if pairs:
            shared = {"indicator": str(name), "n": len(pairs)}
            statistic = indicators[str(name)].statistic
            error = _errors(estimates, str(name), members)
            for row in _realised(pairs, statistic, error):
                rows.append(shared | row)
    frame = pd.DataFrame(rows).assign(
        measurement=study.key,
        source=source.id,
        by=TOTAL,
        group=TOTAL,
        base="gemeenten met deze norm, elk even zwaar",
        status="published",
    )
    return tidy(frame, ESTIMATE_COLUMNS)


def _errors(estimates: pd.DataFrame, name: str, members: pd.DataFrame) -> float:
    """Standard error of the mean over the municipalities that have the norm."""
    having = set(members.loc[members["norm"].notna(), "group"])
    rows = estimates[
        (estimates["by"] == MUNICIPALITY)
        & (estimates["category"] == "")
        & (estimates["indicator"] == name)
        & estimates["group"].isin(having)
        & estimates["estimate"].notna()
    ]
    return float(np.sqrt((floats(rows["std_error"]) ** 2).sum()) / len(rows))


def _realised(
    pairs: Sequence[tuple[float, Level]], statistic: str, error: float
) -> Iterator[dict[str, object]]:
    k = len(pairs)
    norm = sum(each for each, _ in pairs) / k
    value = sum(level[0] for _, level in pairs) / k
    half = z_quantile() * error
    yield {
        "statistic": statistic,
        "category": NORM,
        "estimate": norm,
        "uncertainty": "none",
        "method": "gemiddelde van de gepubliceerde normen",
    }
    yield {
        "statistic": statistic,
        "category": REALISED,
        "estimate": value,
        "std_error": error,
        "ci_low": value - half,
        "ci_high": value + half,
        "uncertainty": "measurement",
        "method": "gemiddelde van dezelfde gemeenten",
    }
    verdicts = [_against(level, each)["verdict"] for each, level in pairs]
    for verdict, words in REACHED.items():
        count = verdicts.count(verdict)
        yield {
            "statistic": "share",
            "category": words,
            "estimate": count / k,
            "count": count,
            "uncertainty": "measurement",
            "method": "oordeel per gemeente, met de marge van haar contacten",
        }
