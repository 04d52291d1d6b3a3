"""Tables over measurements: aspects through the years, and questions that changed.

A mean is printed in every measurement that has it. Where the later of two measurements
could not be compared with the one before, the cell says *breuk*: colour or a line would
be seen by some only (DESIGN §8.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import DASH, notes, shown
from kcc_research.reporting.comparison import wave_words
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import Result, with_role
from kcc_research.reporting.trend import TrendPoint, WaveResults, trend
from kcc_research.study.measurement import Source, Study
from kcc_research.study.questionnaire import Question
from kcc_research.study.wave_coherence import scale_words
from kcc_research.study.wave_map import Before, WaveItem

BREAK = "breuk"
"""In a cell: not to be compared with the measurement before; the note tells why."""

FEWEST_WAVES = 3
"""Two measurements stand side by side in the table of differences already."""


def tabulate_aspect_trend(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    earlier: Iterable[WaveResults],
) -> Table | Absent:
    """Every aspect in every measurement, oldest first, with its breaks in words."""
    waves = list(earlier)
    rows: dict[str, list[TrendPoint]] = {}
    for source, indicator in with_role(study, "aspect"):
        points = trend(study, estimates, comparisons, waves, source, indicator)
        if len(points) > 1:
            rows[dutch.capitalised(indicator.label)] = points
    names = _in_order(rows.values())
    results = [point.result for points in rows.values() for point in points]
    if len(names) < FEWEST_WAVES:
        return Absent("")
    return Table(
        id="tabel-aspecten-metingen",
        caption="Aspecten per meting",
        columns=("Aspect", *_heads(names)),
        rows=tuple((label, *_cells(points, names)) for label, points in rows.items()),
        note=notes(
            results,
            _sizes(results),
            *_reasons(rows),
            f"{DASH}: in die meting niet gevraagd." if _has_gaps(rows, names) else "",
        ),
    )


def _in_order(points: Iterable[list[TrendPoint]]) -> list[str]:
    """Names of measurements, as the longest series has them, then what it lacks."""
    longest_first = sorted(points, key=len, reverse=True)
    names = [point.name for series in longest_first for point in series]
    return sorted(dict.fromkeys(names), key=lambda name: (name.split(" ")[-1], name))


def _heads(names: list[str]) -> list[str]:
    """Years, where they tell the measurements apart."""
    years = [name.split(" ")[-1] for name in names]
    return years if len(set(years)) == len(names) else names


def _cells(points: list[TrendPoint], names: list[str]) -> Iterator[str]:
    by_name = {point.name: (at, point) for at, point in enumerate(points)}
    for name in names:
        at, point = by_name.get(name, (0, None))
        if point is None:
            yield DASH
        elif at and not point.follows:
            yield f"{shown(point.result)} ({BREAK})"
        else:
            yield shown(point.result)


def _sizes(results: list[Result]) -> str:
    """On how many answers the numbers rest, and their widest margin."""
    numbers = [each.n for each in results if each.n is not None]
    if not numbers:
        return ""
    low, high = dutch.number(min(numbers)), dutch.number(max(numbers))
    parts = [f"Per uitkomst {low} tot {high} antwoorden"]
    for statistic in ("mean", "share"):
        widest = max(
            (each.margin or 0 for each in results if each.statistic == statistic),
            default=0,
        )
        if widest:
            is_share = statistic == "share"
            size = dutch.points(widest) if is_share else dutch.number(widest, 1)
            parts.append(f"marge hoogstens {size}{'' if is_share else ' punt'}")
    return "; ".join(parts) + "."


def _reasons(rows: dict[str, list[TrendPoint]]) -> Iterator[str]:
    """Each reason of a break once, with the aspects it concerns."""
    concerned: dict[str, list[str]] = {}
    for label, points in rows.items():
        for point in points[1:]:
            if not point.follows:
                reason = point.reason.rstrip(".")
                names = concerned.setdefault(reason, [])
                names += [label.lower()] if label.lower() not in names else []
    for reason, labels in concerned.items():
        yield f"{dutch.capitalised(BREAK)} bij {dutch.listing(labels)}: {reason}."


def _has_gaps(rows: dict[str, list[TrendPoint]], names: list[str]) -> bool:
    return any(len(points) < len(names) for points in rows.values())


def tabulate_wave_map(study: Study, earlier: Iterable[WaveResults]) -> Table | Absent:
    """What questions were called before, on what scale, and what can be compared."""
    before = {each.study.key: each.study for each in earlier}
    rows = [
        (
            dutch.capitalised(question.short),
            wave_words(key).removeprefix("de "),
            _column(then, source, was.question or item.question),
            _scale(item, was),
            "ja" if was.comparable else "nee",
            _why(was),
        )
        for item, source, question in _items(study)
        for was in item.was
        for key in was.measurements
        if (then := before.get(key)) is not None
    ]
    if not rows:
        return Absent("")
    return Table(
        id="tabel-vragen-metingen",
        caption="Vragen die veranderden of anders heetten",
        columns=(
            "Vraag",
            "Eerdere meting",
            "Naam in dat bestand",
            "Schaal toen",
            "Te vergelijken",
            "Waarom",
        ),
        rows=tuple(rows),
        note=(
            "Andere vragen zijn alleen vergeleken als tekst, schaal en manier van "
            "vragen gelijk bleven."
        ),
    )


def _items(study: Study) -> Iterator[tuple[WaveItem, Source, Question]]:
    for item in study.waves.item:
        for source in study.measurement.source:
            questionnaire = study.questionnaires.get(source.id)
            if questionnaire is None or item.source not in (None, source.id):
                continue
            if item.question in questionnaire.questions:
                yield item, source, questionnaire.questions[item.question]


def _column(study: Study, source: Source, question: str) -> str:
    known = study.questionnaires.get(source.id)
    if known is None or question not in known.questions:
        return DASH
    return dutch.listing(known.questions[question].raw_columns[:3])


def _scale(item: WaveItem, was: Before) -> str:
    scale = item.scale_of(was)
    return "n.v.t." if scale is None else scale_words(scale)


def _why(was: Before) -> str:
    wording = "Vraagtekst veranderd. " if was.wording_changed else ""
    parallel = f" Parallelmeting: {was.parallel}" if was.parallel else ""
    return f"{wording}{was.reason}{parallel}"
