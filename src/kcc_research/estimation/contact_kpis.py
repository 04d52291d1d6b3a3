"""Key figures of a registration (DOMAIN §3) as rows of the ``estimates`` table.

A complete registration is no sample: no figure has an interval, ``uncertainty`` is
none (DESIGN §8.2). What can be said against a figure is said beside it: in words who
is in the base, by which formula, and on which working days nothing was registered. A
percentile needs ten records on both sides, or it would be somebody's own waiting time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.call_counts import CallCounts, formula_words
from kcc_research.estimation.contact_durations import (
    MINUTES_A_DAY,
    class_rows,
    duration_rows,
)
from kcc_research.estimation.contact_part import (
    COUNTED,
    HEAT_MAP,
    Counts,
    Part,
    Row,
    share_row,
)
from kcc_research.estimation.record_counts import (
    BREAKDOWNS,
    Key,
    Records,
    Spread,
    opened,
)
from kcc_research.estimation.tables import (
    TOTAL,
    WORKING_COLUMNS,
    tidy,
)
from kcc_research.study.contact_indicator import contact_indicators
from kcc_research.study.measurement import Study
from kcc_research.study.record_layout import VOCABULARY, RecordLayout
from kcc_research.study.working_days import WorkingDays

NOT_IN_BREAKDOWN = "telling; niet in de uitsplitsing"
GAPS = "periode"
_MOST_GAPS = 50
_CLASSED = ("afspraak",)
"""Breakdowns whose groups get their durations in classes too, beside the whole."""
_HELPED = "outcome = 'helped'"

OUTCOME_WORDS = {
    "helped": "geholpen",
    "abandoned": "afgehaakt",
    "overflow": "overgelopen",
    "callback": "laat zich terugbellen",
    "no_show": "niet verschenen",
    "disconnected": "verbinding verbroken",
    "open": "nog open",
}
RESULT_WORDS = {
    "resolved": "afgehandeld",
    "not_resolved": "niet afgehandeld",
    "transferred": "doorverbonden",
    "referred": "verwezen naar een andere instantie",
    "excluded": "verbinding verbroken",
}
NORM_WORDS = {
    "within": "binnen de norm",
    "late": "te laat",
    "open": "nog open",
    "no_norm": "geen norm",
}
TRANSFER_WORDS = {"warm": "warm", "cold": "koud"}
BLANK = "niet ingevuld"


def estimate_contacts(
    study: Study,
    source_id: str,
    records: Path,
    by: Sequence[str] | None = None,
) -> pd.DataFrame:
    """All key figures that the layout of a source can give, for the whole and by group.

    ``records`` is the Parquet file of ``microdata.contacts``. ``by``: breakdowns out of
    ``kanaal, product, locatie, afspraak, maand, weekdag, uur, weekdag_uur``; default
    all that the layout knows. ``weekdag_uur`` counts contacts only. Times are in
    seconds, *doorlooptijd* in days. A group that is not known (confidential records
    among them) is counted as ``onbekend`` and has no figures.
    """
    layout = study.layouts[source_id]
    wanted = list(breakdowns(layout) if by is None else by)
    with opened(records) as found:
        parts = list(_parts(found, layout, wanted))
        days = found.days()
    rows = [row for part in parts for row in _rows(layout, part)]
    rows += _gap_rows(layout, days)
    order = {name: at for at, name in enumerate(contact_indicators(layout))}
    rows.sort(key=lambda row: order[row["indicator"]])
    table = pd.DataFrame(rows).assign(
        measurement=study.key, source=source_id, weighted=False, uncertainty="none"
    )
    return tidy(table, WORKING_COLUMNS)


def breakdowns(layout: RecordLayout) -> tuple[str, ...]:
    """The breakdowns for which a registration has the columns."""
    needed = {
        "kanaal": layout.has("channel"),
        "product": layout.has("product"),
        "locatie": layout.has("place"),
        "afspraak": layout.has("by_appointment") or layout.has("appointment"),
        "uur": layout.clock,
        HEAT_MAP: layout.clock,
    }
    return tuple(name for name in BREAKDOWNS if needed.get(name, True))


def _parts(records: Records, layout: RecordLayout, by: Sequence[str]) -> Iterator[Part]:
    """The whole first, then every group in its own order; who is unknown last."""
    counted = records.counts(_conditions(layout), by)
    measured = _spreads(records, layout, [each for each in by if each != HEAT_MAP])
    classed = _classed(records, layout, [each for each in by if each in _CLASSED])
    for name in (None, *by):
        groups = counted[name]
        for key in sorted(groups, key=lambda each: (each is None, each)):
            spreads = {
                what: found.get(name, {}).get(key) for what, found in measured.items()
            }
            classes = {
                what: found.get(name, {}).get(key, {})
                for what, found in classed.items()
                if name is None or name in _CLASSED
            }
            yield Part(name or TOTAL, key, groups[key], spreads, classes)


def _spreads(
    records: Records, layout: RecordLayout, by: Sequence[str]
) -> dict[str, dict[str | None, dict[Key, Spread]]]:
    """Durations of who was helped; only these have a handling time."""
    norm = layout.thresholds.wait_norm_seconds
    found = {}
    if layout.has_waiting:
        found["wachttijd"] = records.spreads(
            "wait_seconds", by, condition=_HELPED, norm=norm
        )
    if layout.has_handling:
        found["afhandeltijd"] = records.spreads("handling_seconds", by)
    if layout.has_norm and layout.has("arrived"):
        found["doorlooptijd"] = records.spreads(
            "throughput_minutes", by, condition=_HELPED
        )
    return found


def _classed(
    records: Records, layout: RecordLayout, by: Sequence[str]
) -> dict[str, dict[str | None, dict[Key, dict[int, int]]]]:
    """Records per class of waiting time and *doorlooptijd*, of who was helped."""
    limits, found = layout.thresholds, {}
    if layout.has_waiting:
        found["wachttijd"] = records.classes(
            "wait_seconds", limits.wait_class_seconds, by, condition=_HELPED
        )
    if layout.has_norm and layout.has("arrived"):
        width = limits.throughput_class_days * MINUTES_A_DAY
        found["doorlooptijd"] = records.classes(
            "throughput_minutes", width, by, condition=_HELPED
        )
    return found


def _conditions(layout: RecordLayout) -> dict[str, str]:
    """Name of a count → which records are in it."""
    found = {"all": "true", "helped": _HELPED}
    if layout.has("outcome"):
        names = layout.meanings("outcome")
        found |= {f"outcome_{name}": f"outcome = '{name}'" for name in names}
    if layout.has("outcome") and layout.has_waiting:
        found |= _call_conditions(layout)
    if layout.has("result"):
        names = layout.meanings("result")
        found |= {f"result_{name}": f"result = '{name}'" for name in names}
        found |= {"first": "first_contact", "judged": "first_contact IS NOT NULL"}
    if layout.has("transfer") or layout.has("result"):
        moved = "outcome = 'helped' AND transfer"
        found |= {
            "transferable": f"{moved} IS NOT NULL",
            "transferred": f"{moved} <> 'none'",
        }
        kinds = [each for each in layout.meanings("transfer") if each in TRANSFER_WORDS]
        found |= {name: f"{moved} = '{name}'" for name in kinds}
    if layout.has_callbacks:
        found |= {name: f"callback_state = '{name}'" for name in ("kept", "missed")}
    if layout.has_norm:
        found |= {f"norm_{name}": f"norm_state = '{name}'" for name in NORM_WORDS}
    if layout.has("satisfied"):
        found |= {name: f"satisfied = '{name}'" for name in VOCABULARY["satisfied"]}
    return found


def _call_conditions(layout: RecordLayout) -> dict[str, str]:
    """What service level, reachability and abandonment are made of."""
    hours = "in_hours AND " if layout.opening is not None else ""
    level = layout.service_level
    in_time = f"wait_seconds <= {level.seconds if level else 0}"
    short = f"wait_seconds < {layout.thresholds.short_abandon_seconds}"
    offered = "outcome IN ('helped', 'abandoned', 'overflow', 'callback')"
    gone = f"{hours}outcome = 'abandoned'"
    return {
        "offered": f"{hours}{offered}",
        "answered": f"{hours}outcome = 'helped'",
        "answered_in_time": f"{hours}outcome = 'helped' AND {in_time}",
        "abandoned": gone,
        "abandoned_short": f"{gone} AND {short}",
        "abandoned_in_time": f"{gone} AND {in_time}",
    }


def _rows(layout: RecordLayout, part: Part) -> Iterator[Row]:
    """Every figure of one group; of an unknown group, its size only."""
    shared: Row = {"by": part.by, "group": part.group, "category": ""}
    unknown = part.by != TOTAL and part.key is None
    yield shared | {
        "indicator": "contacten",
        "statistic": "count",
        "estimate": part.counts["all"],
        "count": part.counts["all"],
        "n": part.counts["all"],
        "base": _everything(layout),
        "method": NOT_IN_BREAKDOWN if unknown else COUNTED,
        "status": "published",
    }
    if unknown or part.by == HEAT_MAP:
        return
    for make in MAKERS:
        for row in make(layout, part):
            yield shared | row


def _everything(layout: RecordLayout) -> str:
    return f"alle geregistreerde {layout.records}"


def _classes(
    indicator: str,
    words: Mapping[str, str],
    prefix: str,
    counts: Counts,
    n: int,
    base: str,
) -> Iterator[Row]:
    """The classes of a code as shares of all, those that nobody is in left out."""
    known = {word: counts.get(f"{prefix}_{name}", 0) for name, word in words.items()}
    blank = n - sum(known.values())
    for category, count in (*known.items(), (BLANK, blank)):
        if count:
            yield share_row(indicator, count, n, base, category=category)


def _outcomes(layout: RecordLayout, part: Part) -> Iterator[Row]:
    if layout.has("outcome"):
        n, base = part.counts["all"], _everything(layout)
        yield from _classes("uitkomst", OUTCOME_WORDS, "outcome", part.counts, n, base)


def _calls(layout: RecordLayout, part: Part) -> Iterator[Row]:
    if not layout.has("outcome") or not layout.has_waiting:
        return
    names = CallCounts.__slots__
    calls = CallCounts(**{name: part.counts[name] for name in names})
    offered = _offered_words(layout)
    short = layout.thresholds.short_abandon_seconds
    if "bereikbaarheid" in contact_indicators(layout):
        yield share_row("bereikbaarheid", calls.answered, calls.offered, offered)
    level = layout.service_level
    if level is not None:
        count, n = calls.service_level(level.formula)
        goal = f"{dutch.number(100 * level.share, 0)}/" if level.share else ""
        method = (
            f"servicelevel {goal}{level.seconds} seconden, formule {level.formula}:"
            f" {formula_words(level.formula, short)}"
        )
        base = _level_base(level.formula, offered, short)
        yield share_row("servicelevel", count, n, base, method=method)
    count, n = calls.abandonment()
    base = f"{offered}, zonder wie binnen {short} seconden ophing" if short else offered
    yield share_row("uitval", count, n, base)


def _offered_words(layout: RecordLayout) -> str:
    if layout.kind == "queue":
        return "bezoekers die zich meldden"
    if layout.opening is not None:
        return "contacten aangeboden tijdens openingstijden"
    return "aangeboden contacten; openingstijden zijn niet vastgelegd"


def _level_base(formula: str, offered: str, short: int) -> str:
    if formula == "answered":
        return "beantwoorde contacten"
    if formula == "offered_excl_short" and short:
        return f"{offered}, zonder wie binnen {short} seconden ophing"
    return offered


def _results(layout: RecordLayout, part: Part) -> Iterator[Row]:
    counts = part.counts
    if layout.has("result"):
        n, base = counts["all"], _everything(layout)
        yield from _classes(
            "gespreksresultaat", RESULT_WORDS, "result", counts, n, base
        )
        yield share_row(
            "in_een_keer",
            counts["first"],
            counts["judged"],
            "contacten met een resultaat, zonder verwezen en verbroken",
            method=_first_contact_words(layout),
        )
    if layout.has("transfer") or layout.has("result"):
        n, base = counts["transferable"], "beantwoorde contacten"
        yield share_row("doorverbonden", counts["transferred"], n, base)
        for name, word in TRANSFER_WORDS.items():
            if counts.get(name):
                yield share_row("doorverbonden", counts[name], n, base, category=word)
    if layout.has_callbacks:
        days = layout.thresholds.callback_working_days or 0
        kept, due = counts["kept"], counts["kept"] + counts["missed"]
        noun = "werkdag" if days == 1 else "werkdagen"
        base = f"terugbelverzoeken waarvan de termijn van {days} {noun} om is"
        yield share_row("terugbel_nagekomen", kept, due, base)


def _first_contact_words(layout: RecordLayout) -> str:
    days = layout.thresholds.repeat_days
    if days is None:
        return "volgens de registratie: afgehandeld en niet doorverbonden"
    return (
        "volgens de registratie: afgehandeld, niet doorverbonden en geen nieuw contact"
        f" van dezelfde persoon binnen {days} dagen"
    )


def _norms(layout: RecordLayout, part: Part) -> Iterator[Row]:
    """Every case in its class; attainment over those that can be measured."""
    if not layout.has_norm:
        return
    counts = part.counts
    n = sum(counts[f"norm_{name}"] for name in NORM_WORDS)
    yield from _classes("normklasse", NORM_WORDS, "norm", counts, n, "alle zaken")
    within, late = counts["norm_within"], counts["norm_late"]
    base = "afgesloten zaken met een norm"
    yield share_row("binnen_norm", within, within + late, base)


def _judgements(layout: RecordLayout, part: Part) -> Iterator[Row]:
    if layout.has("satisfied"):
        yes, answered = part.counts["yes"], part.counts["yes"] + part.counts["no"]
        yield share_row("tevreden", yes, answered, "wie op het verzoek antwoordde")
        asked = part.counts["all"]
        yield share_row("respons", answered, asked, "verzoeken om een oordeel")


MAKERS = (
    _outcomes,
    _calls,
    _results,
    _norms,
    _judgements,
    duration_rows,
    class_rows,
)


def _gap_rows(layout: RecordLayout, days: Sequence[date]) -> Iterator[Row]:
    """Working days without any record: how many, and when."""
    if not days:
        return
    working = WorkingDays(layout.calendar, days[0], days[-1])
    gaps = working.missing(frozenset(days))
    missing = sum(length for _, _, length in gaps)
    period = f"{dutch.long_date(days[0])} tot en met {dutch.long_date(days[-1])}"
    shared: Row = {
        "indicator": "dagen_zonder_registratie",
        "statistic": "count",
        "category": "",
        "n": len(working.days),
        "base": f"werkdagen van {period}",
        "method": COUNTED,
        "status": "published",
    }
    yield shared | {"by": TOTAL, "group": TOTAL, "estimate": missing, "count": missing}
    for first, last, length in gaps[:_MOST_GAPS]:
        yield shared | {
            "by": GAPS,
            "group": _span(first, last),
            "estimate": length,
            "count": length,
        }


def _span(first: date, last: date) -> str:
    if first == last:
        return dutch.long_date(first)
    return f"{dutch.long_date(first)} tot en met {dutch.long_date(last)}"
