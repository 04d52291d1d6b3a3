"""Which numbers of different municipalities may stand side by side, and which not.

A *panel* is one number, in one year, measured in one way, over many municipalities. The
rules are few and strict: the question, the answers, the measure, the people, the mode
and the recruitment are equal, word for word; years stand apart; invented and observed
numbers never meet; a concept does not count; who chose themselves to answer speak for
nobody else. Who is left out is named, with the reason.

Nothing here gives a place in an order: panels are by name, and what may be said of one
municipality is said against the others of its size, with Holm over all of them
(STAT-M25, C10).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from kcc_research import dutch
from kcc_research.reporting.catalogue_entry import Entry, Outcome
from kcc_research.study.instrument import CHOSE_THEMSELVES, PARTS, differing

MOST_ROWS = 2_500
"""As many as keep the page within the size of the catalogue: some 1.4 MB."""

FEWEST_OTHERS = 10
"""As in :mod:`estimation.benchmark`, which would bring pandas to every command."""

OWN_SIZE, EVERYONE = "grootteklasse", "alle gemeenten"
FINAL = "definitief"


@dataclass(frozen=True, slots=True)
class Number:
    """One number of one report: its outcome, and ``told``, how it was measured.

    ``std_error`` is without correction for a finite population, as tests want it.
    """

    told: Mapping[str, str]
    outcome: Outcome
    std_error: float | None = None

    @property
    def name(self) -> str:
        """By which it is known in other reports."""
        return f"{self.told['source']} {self.told['indicator']}"


@dataclass(frozen=True, slots=True)
class Report:
    """A published report about one municipality, with its comparable numbers."""

    entry: Entry
    numbers: tuple[Number, ...]

    @property
    def owner(self) -> str:
        return self.entry.key.partition("/")[0]

    def number(self, name: str) -> Number | None:
        return next((each for each in self.numbers if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Beside:
    """A group a municipality was held against, without itself, and what came of it.

    ``others`` counts the other municipalities, ``mean`` is theirs; ``low`` and ``high``
    bound the difference, own minus theirs.
    """

    group: str
    verdict: str
    reason: str = ""
    others: int | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Municipal:
    """One row: a municipality, its number, the groups it was held against."""

    name: str
    size_class: int
    outcome: Outcome
    beside: tuple[Beside, ...] = ()
    province: str = ""
    report: str = ""
    profile: str = ""
    std_error: float | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One number over municipalities that measured it in the same way, in one year.

    ``absent`` are those of the same study and year that are not in it, with why.
    ``source`` is the one report it comes from (title, path), if it is one. ``variant``
    sets it apart from a panel of the same number that was measured otherwise.
    """

    label: str
    study: str
    year: int
    synthetic: bool
    municipalities: tuple[Municipal, ...]
    told: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[tuple[str, str], ...] = ()
    source: tuple[str, str] | None = None
    place: int = 0
    variant: int = 0

    @property
    def statistic(self) -> str:
        return self.municipalities[0].outcome.statistic

    @property
    def title(self) -> str:
        variant = f" ({self.variant + 1}e manier van meten)" * (self.variant > 0)
        name = dutch.capitalised(self.label)
        return f"{name}, {self.study} {self.year}{variant}"


# --- who stands with whom -------------------------------------------------------------


def panels(reports: Iterable[Report]) -> list[Panel]:
    """Every number that two municipalities or more measured alike in one year."""

    def series(report: Report) -> tuple[str, bool, int]:
        entry = report.entry
        return entry.study, entry.synthetic, -entry.when

    ordered = sorted(reports, key=lambda each: (series(each), each.entry.key))
    return [
        panel
        for _, together in groupby(ordered, key=series)
        for panel in _of_series(list(together))
    ]


def _of_series(reports: Sequence[Report]) -> Iterator[Panel]:
    names = dict.fromkeys(
        number.name for report in reports for number in report.numbers
    )
    for place, name in enumerate(names):
        alike: dict[tuple[str, ...], list[Report]] = {}
        for report in reports:
            number = report.number(name)
            if number is not None and not _shut_out(report, number):
                way = tuple(number.told.get(part, "") for part in PARTS)
                alike.setdefault(way, []).append(report)
        several = [_newest(each) for each in alike.values()]
        several = [each for each in several if _shown(each, name) > 1]
        several.sort(key=len, reverse=True)
        for variant, members in enumerate(several):
            panel = _panel(name, members, reports)
            yield replace(panel, place=place, variant=variant)


def _shut_out(report: Report, number: Number) -> str:
    if report.entry.status != FINAL:
        return "het rapport is nog niet definitief"
    if number.told.get("recruitment") in CHOSE_THEMSELVES:
        return "deelnemers kozen zelf en spreken alleen voor zichzelf"
    return ""


def _newest(reports: Sequence[Report]) -> list[Report]:
    """One report per municipality, the last published of the year."""
    ordered = sorted(reports, key=lambda each: (each.entry.published, each.entry.key))
    return list({each.owner: each for each in ordered}.values())


def _shown(reports: Sequence[Report], name: str) -> int:
    found = [each.number(name) for each in reports]
    return sum(each is not None and each.outcome.estimate is not None for each in found)


def _panel(name: str, members: Sequence[Report], every: Sequence[Report]) -> Panel:
    pairs = [(each, number) for each in members if (number := each.number(name))]
    first, told = members[0].entry, pairs[0][1].told
    return Panel(
        label=told["label"],
        study=first.study_words,
        year=first.when,
        synthetic=first.synthetic,
        municipalities=tuple(_row(report.entry, number) for report, number in pairs),
        told=told,
        absent=tuple(_absent(name, told, members, every)),
    )


def _row(entry: Entry, number: Number) -> Municipal:
    return Municipal(
        name=entry.place,
        size_class=entry.size_class,
        province=entry.province,
        outcome=number.outcome,
        report=f"{entry.path}/report.html",
        std_error=number.std_error,
    )


def _absent(
    name: str,
    told: Mapping[str, str],
    members: Sequence[Report],
    every: Sequence[Report],
) -> Iterator[tuple[str, str]]:
    """Municipalities of the same study and year that have no row, and why."""
    present = {each.owner for each in members}
    for report in _newest(every):
        if report.owner in present:
            continue
        number = report.number(name)
        if not report.numbers:
            why = "het rapport zegt niet hoe er gemeten is; maak het opnieuw"
        elif number is None:
            why = "niet gevraagd"
        else:
            parts = dutch.listing(differing(told, number.told))
            why = _shut_out(report, number) or f"anders gemeten: {parts}"
        yield report.entry.place, why


# --- what may be said of one ----------------------------------------------------------


def judged(panel: Panel) -> Panel:
    """``panel`` with each municipality beside its group, if no report did so itself."""
    rows = panel.municipalities
    if panel.source is not None:
        return panel
    beside = against_groups(rows)
    return replace(
        panel,
        municipalities=tuple(
            replace(row, beside=(each,) if each else ())
            for row, each in zip(rows, beside, strict=True)
        ),
    )


def against_groups(rows: Sequence[Municipal]) -> list[Beside | None]:
    """Each municipality against the others of its size, or against all others.

    Own municipality left out; ten others or more, else the wider group; Student's t
    with the number of others minus 1, Holm over all municipalities (STAT-M25). None
    where there is no number, or none with a margin.
    """
    can = [
        at
        for at, each in enumerate(rows)
        if each.outcome.estimate is not None and (each.std_error or 0) > 0
    ]
    found: list[Beside | None] = [None] * len(rows)
    if len(can) <= FEWEST_OTHERS:
        few = f"te weinig andere gemeenten ({max(len(can) - 1, 0)})"
        for at in can:
            found[at] = Beside(EVERYONE, "not_shown", few)
        return found
    for at, beside in zip(can, _compared([rows[at] for at in can]), strict=True):
        found[at] = beside
    return found


def _compared(rows: Sequence[Municipal]) -> Iterator[Beside]:
    import pandas as pd

    from kcc_research.estimation.benchmark import compare_with_group

    outcomes = [each.outcome for each in rows]
    units = pd.DataFrame(
        {
            "unit": range(len(rows)),
            "estimate": [each.estimate for each in outcomes],
            "std_error": [each.std_error for each in rows],
            "n": [each.n or 0 for each in outcomes],
            OWN_SIZE: [each.size_class for each in rows],
        }
    )
    table = compare_with_group(
        units,
        outcomes[0].indicator,
        groups=(OWN_SIZE,),
        statistic=outcomes[0].statistic,
    )
    about_mean = table[table["category"] == ""].to_dict("records")
    for outcome, row in zip(outcomes, about_mean, strict=True):
        yield Beside(
            group=str(row["reference"]),
            verdict=str(row["verdict"]),
            reason=str(row["reason"]),
            others=int(row["n_reference"]),
            mean=(outcome.estimate or 0.0) - float(row["difference"]),
            low=float(row["ci_low"]),
            high=float(row["ci_high"]),
        )


# --- what fits on a page --------------------------------------------------------------


def fitting(found: Sequence[Panel], most: int = MOST_ROWS) -> tuple[list[Panel], int]:
    """Panels for one page, in order; and how many did not fit.

    The main numbers and the newest years go first, in turn; the first always fits.
    """
    years: dict[tuple[str, bool, int], list[int]] = {}
    for each in found:
        years.setdefault((each.study, each.synthetic, each.place), []).append(each.year)

    def turn(panel: Panel) -> tuple[int, int, int]:
        known = sorted(
            set(years[panel.study, panel.synthetic, panel.place]), reverse=True
        )
        ago = known.index(panel.year)
        return panel.variant, panel.place + ago, panel.place

    kept: list[Panel] = []
    rows = 0
    for each in sorted(found, key=turn):
        rows += len(each.municipalities)
        if kept and rows > most:
            break
        kept.append(each)
    kept.sort(key=lambda p: (p.study, p.synthetic, p.place, -p.year, p.variant))
    return kept, len(found) - len(kept)
