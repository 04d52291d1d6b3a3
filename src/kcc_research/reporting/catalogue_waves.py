"""Small multiples: the waves of one study in one place, as a picture in a table cell.

All pictures of the same indicator share one scale. Waves are never joined by a line:
whether a difference is demonstrable is for the report to say. A dotted line stands
between two waves that cannot be compared, a dashed one at the norm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from kcc_research.reporting.catalogue_entry import Entry, Outcome
from kcc_research.reporting.printed import formatted

WIDTH, HEIGHT = 136, 60
_TOP, _FLOOR, _SIDE = 6, 44, 18
_LEGIBLE = 4  # years that fit below each other's points; of more, the first and last

Scale = tuple[float, float]
Scales = Mapping[tuple[str, ...], Scale]


def series_of(entries: Iterable[Entry]) -> dict[tuple[str, ...], list[Entry]]:
    """Entries with a headline that has a number, oldest first, per series."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    shown = (
        each for each in entries if each.outcome and each.outcome.estimate is not None
    )
    for each in sorted(shown, key=lambda one: (one.when, one.published, one.key)):
        found.setdefault(each.series, []).append(each)
    return found


def scales_of(series: Mapping[tuple[str, ...], Sequence[Entry]]) -> Scales:
    """Lowest and highest value per study and indicator, over all places."""
    found: dict[tuple[str, ...], Scale] = {}
    for name, waves in series.items():
        values = [v for each in waves for v in _values(each.outcome)]
        low, high = found.get(name[1:], (min(values), max(values)))
        found[name[1:]] = min(low, *values), max(high, *values)
    return found


def _values(outcome: Outcome | None) -> list[float]:
    if outcome is None:
        return []
    given = (outcome.estimate, outcome.low, outcome.high, outcome.norm)
    return [each for each in given if each is not None]


def drawn(waves: Sequence[Entry], scales: Scales) -> str:
    """The waves as inline SVG, with their numbers as its text alternative."""
    scale = scales[waves[0].series[1:]]
    span = WIDTH - 2 * _SIDE
    places = [_SIDE + round(span * i / (len(waves) - 1)) for i in range(len(waves))]
    limits, points, hollow, breaks = [], [], [], []
    for number, (x, wave) in enumerate(zip(places, waves, strict=True)):
        outcome = wave.outcome
        if outcome is None or outcome.estimate is None:
            continue
        if outcome.low is not None and outcome.high is not None:
            limits.append(f"M{x} {_y(outcome.low, scale)}V{_y(outcome.high, scale)}")
        dot = f"M{x} {_y(outcome.estimate, scale)}h0"
        points.append(dot)
        hollow += [dot] if outcome.status == "indicative" else []
        if number and not outcome.is_comparable:
            middle = (x + places[number - 1]) // 2
            breaks.append(f"M{middle} {_TOP - 4}V{_FLOOR + 4}")
    paths = zip(
        "bnipw", (breaks, _norm(waves, scale), limits, points, hollow), strict=True
    )
    lines = "".join(f'<path class="{c}" d="{"".join(d)}"/>' for c, d in paths if d)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(spoken(waves))}">{lines}{_years(places, waves)}</svg>'
    )


def _norm(waves: Sequence[Entry], scale: Scale) -> list[str]:
    last = waves[-1].outcome
    if last is None or last.norm is None:
        return []
    return [f"M4 {_y(last.norm, scale)}H{WIDTH - 4}"]


def _y(value: float, scale: Scale) -> int:
    low, high = scale
    part = (value - low) / (high - low) if high > low else 0.5
    return round(_FLOOR - part * (_FLOOR - _TOP))


def _years(places: Sequence[int], waves: Sequence[Entry]) -> str:
    chosen = list(zip(places, waves, strict=True))
    if len(chosen) > _LEGIBLE:
        chosen = [chosen[0], chosen[-1]]
    return "".join(f'<text x="{x}" y="58">{wave.when}</text>' for x, wave in chosen)


def spoken(waves: Sequence[Entry]) -> str:
    """``2021: 6,3; 2022: 6,4; 2023: 6,6, niet te vergelijken met 2022``."""
    parts = []
    for number, wave in enumerate(waves):
        if wave.outcome is None:
            continue
        words = f"{wave.when}: {wave.outcome.value}"
        if number and not wave.outcome.is_comparable:
            words += f", niet te vergelijken met {waves[number - 1].when}"
        parts.append(words)
    last = waves[-1].outcome
    norm = "" if last is None or last.norm is None else _norm_words(last)
    return "; ".join(parts) + norm


def _norm_words(outcome: Outcome) -> str:
    return f"; norm {formatted(outcome.norm or 0, outcome.statistic)}"
