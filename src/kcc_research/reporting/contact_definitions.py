"""How the key figures of a registration are computed, in words (DOMAIN-D18, §3).

The table of definitions is made from the figures that a registration gives, with the
limits that its layout declares; the denominator is the base that stands with the
number itself.
"""

from __future__ import annotations

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting.cells import captioned
from kcc_research.reporting.contact_values import (
    CLASSES,
    DAYS_WITHOUT,
    classes_of,
    contact_value,
    evidence,
    known,
    label_of,
    legend,
    name_of,
    total_of,
)
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import Result
from kcc_research.study.measurement import Source, Study
from kcc_research.study.record_layout import RecordLayout, Thresholds


def tabulate_contact_definitions(
    study: Study, estimates: pd.DataFrame, source: Source
) -> Table:
    """Every key figure used: how it is computed, over whom, and its value."""
    layout = study.layouts[source.id]
    rows, results = [], []
    for indicator in known(study, source.id):
        found = _result(estimates, source.id, indicator)
        if found is None:
            continue
        results.append(found)
        in_classes = indicator in CLASSES
        rows.append(
            (
                name_of(study, source.id, indicator),
                computation(layout, indicator, found),
                found.base,
                "per klasse" if in_classes else contact_value(found),
                dutch.number(found.n or 0) if in_classes else evidence(found),
            )
        )
    return Table(
        id=f"uitkomsten-{source.id}".replace("_", "-"),
        caption=captioned(f"alle kengetallen, {label_of(source)}", layout.title),
        columns=("Kengetal", "Hoe berekend", "Waarover", "Waarde", "Aantal"),
        rows=tuple(rows),
        note=legend(study, source.id, results),
        align=("left", "left", "left", "right", "right"),
    )


def _result(estimates: pd.DataFrame, source_id: str, indicator: str) -> Result | None:
    if indicator in CLASSES:
        return next(iter(classes_of(estimates, source_id, indicator)), None)
    return total_of(estimates, source_id, indicator)


def computation(layout: RecordLayout, indicator: str, result: Result) -> str:
    """What a key figure counts, with the limits of this registration."""
    if indicator == "servicelevel":
        return result.method
    limits = layout.thresholds
    texts = {
        "contacten": f"aantal {layout.records}",
        "uitkomst": "aandeel per uitkomst",
        "bereikbaarheid": "beantwoord gedeeld door aangeboden",
        "uitval": _abandonment(limits),
        "wachttijd": f"gemiddelde wachttijd {_waiting(layout)}",
        "wachttijd_mediaan": "de helft wacht korter, de helft langer",
        "wachttijd_p90": "negen van de tien wachten korter",
        "wachttijd_binnen_norm": _within(limits),
        "wachttijd_klasse": "aandeel per klasse; de laatste klasse is open",
        "afhandeltijd": _handling(layout),
        "afhandeltijd_mediaan": "de helft duurt korter, de helft langer",
        "afhandeltijd_p90": "negen van de tien duren korter",
        "gespreksresultaat": "aandeel per resultaat",
        "in_een_keer": result.method,
        "doorverbonden": "doorverbonden gedeeld door beantwoord",
        "terugbel_nagekomen": "teruggebeld binnen de termijn",
        "normklasse": "aandeel per klasse; open zaken en zaken zonder norm apart",
        "binnen_norm": _on_time(layout),
        "doorlooptijd": "gemiddelde tijd van begin tot einde, in dagen van 24 uur",
        "doorlooptijd_mediaan": "de helft duurt korter, de helft langer",
        "doorlooptijd_p90": "negen van de tien duren korter",
        "doorlooptijd_klasse": "aandeel per klasse; de laatste klasse is open",
        "tevreden": "aandeel dat tevreden is",
        "respons": "beantwoord gedeeld door gevraagd",
        DAYS_WITHOUT: f"werkdagen zonder één {layout.noun[0]}; feestdagen tellen niet",
    }
    return texts[indicator]


def _abandonment(limits: Thresholds) -> str:
    short = limits.short_abandon_seconds
    if not short:
        return "voortijdig weg gedeeld door gemeld"
    return (
        f"opgehangen na {short} seconden of meer; wie eerder ophing, telt boven en "
        "onder de streep niet mee"
    )


def _waiting(layout: RecordLayout) -> str:
    if layout.has("waiting"):
        return "zoals de registratie die geeft"
    if layout.has("appointment"):
        return "tot de oproep, bij een afspraak vanaf de afgesproken tijd of later"
    return "van aanmelding tot oproep"


def _within(limits: Thresholds) -> str:
    norm = limits.wait_norm_seconds or 0
    return f"aandeel dat hoogstens {dutch.clock(norm)} (minuten:seconden) wacht"


def _handling(layout: RecordLayout) -> str:
    if layout.has("talk"):
        return "gemiddelde van gesprek, wachtstand en nawerk samen"
    return "gemiddelde tijd van begin tot einde van het contact"


def _on_time(layout: RecordLayout) -> str:
    if layout.has("due"):
        return "afgesloten op of voor de streefdatum van de zaak zelf"
    terms = dutch.listing(
        f"{'overige' if channel == '*' else channel} {days}"
        for channel, days in layout.thresholds.norm_working_days.items()
    )
    return f"afgesloten binnen de norm in werkdagen ({terms})"
