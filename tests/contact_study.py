"""Two small invented registrations, counted once, for tests of their reporting.

A counter (*balie*) with and without appointment, closed in February, and a telephone
line. Every number that a test expects follows from the groups below by hand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd

from kcc_research.disclosure import protect
from kcc_research.estimation.contact_kpis import estimate_contacts
from kcc_research.estimation.tables import combine, empty_comparisons
from kcc_research.estimation.target import judge_norms
from kcc_research.study.layout_file import joined, shipped_layouts
from kcc_research.study.measurement import Measurement, Study
from kcc_research.study.record_layout import RecordLayout

COLUMNS = {
    "channel": "VARCHAR",
    "product": "VARCHAR",
    "place": "VARCHAR",
    "day": "DATE",
    "month": "VARCHAR",
    "weekday": "TINYINT",
    "hour": "TINYINT",
    "in_hours": "BOOLEAN",
    "outcome": "VARCHAR",
    "result": "VARCHAR",
    "transfer": "VARCHAR",
    "with_appointment": "BOOLEAN",
    "wait_seconds": "INTEGER",
    "handling_seconds": "INTEGER",
    "throughput_minutes": "INTEGER",
    "norm_state": "VARCHAR",
    "callback_state": "VARCHAR",
    "repeated": "BOOLEAN",
    "first_contact": "BOOLEAN",
    "satisfied": "VARCHAR",
    "confidential": "BOOLEAN",
}
JANUARY = {
    "day": date(2023, 1, 2),
    "month": "2023-01",
    "weekday": 1,
    "hour": 9,
    "outcome": "helped",
    "channel": "balie",
    "place": "Stadhuis",
    "product": "Paspoort",
    "with_appointment": True,
    "wait_seconds": 120,
    "handling_seconds": 600,
}
MARCH = {"day": date(2023, 3, 1), "month": "2023-03", "weekday": 3, "hour": 11}
WALK_IN = {"with_appointment": False, "product": "Verhuizing", "wait_seconds": 900}
NOT_HELPED = {"wait_seconds": None, "handling_seconds": None}

COUNTER: tuple[tuple[int, dict[str, Any]], ...] = (
    (700, {}),
    (200, MARCH | {"wait_seconds": 600}),
    (80, MARCH | WALK_IN),
    (14, MARCH | WALK_IN | {"wait_seconds": 3_000, "product": "Uittreksel"}),
    (6, MARCH | {"outcome": "no_show"} | NOT_HELPED),
    (20, MARCH | {"outcome": "abandoned"} | NOT_HELPED),
    (4, {"product": "Akte"}),
)
"""1.024 visits: 998 helped, 904 of them within ten minutes (90,6%)."""

CALL = JANUARY | {
    "channel": "telefoon",
    "product": "Afval",
    "place": "KCC",
    "in_hours": True,
    "with_appointment": None,
    "transfer": "none",
}
CALLS: tuple[tuple[int, dict[str, Any]], ...] = (
    (800, {"wait_seconds": 20, "handling_seconds": 100}),
    (200, {"wait_seconds": 60, "handling_seconds": 300, "transfer": "transferred"}),
    (25, {"outcome": "abandoned", "wait_seconds": 9, "handling_seconds": None}),
    (50, {"outcome": "abandoned", "wait_seconds": 10, "handling_seconds": None}),
)
"""DOMAIN-D18: 1.075 offered, 1.000 answered, 800 of them in time."""

MEASUREMENT = {
    "owner": "gm9001-voorbeeldgemeente-001",
    "slug": "2023-contacten",
    "title": "Contacten geteld",
    "study": "contacts",
    "municipality": "GM9001",
    "synthetic": True,
    "published": date(2023, 6, 1),
    "retain_until": date(2024, 6, 1),
    "commissioner": "Voorbeeldgemeente 001",
    "status": "definitief",
    "fieldwork": {
        "start": date(2023, 1, 1),
        "end": date(2023, 3, 31),
        "mode": "registration",
        "recruitment": "registration",
    },
    "source": [
        {
            "id": "balie",
            "kind": "queue",
            "file": "balie.csv",
            "layout": "klantgeleiding",
            "label": "klantgeleiding aan de balie",
        },
        {
            "id": "telefoon",
            "kind": "contacts",
            "file": "telefoon.csv",
            "layout": "telefonie",
            "label": "telefooncentrale",
        },
    ],
    "norm": [
        {"indicator": "wachttijd_binnen_norm", "share": 0.9, "source": "Handvest"},
        {"indicator": "wachttijd", "mean": 180.0, "source": "Handvest"},
        {"indicator": "servicelevel", "share": 0.8, "source": "Handvest"},
        {"indicator": "terugbel_nagekomen", "share": 0.8, "source": "Handvest"},
    ],
}


class ContactStudy(NamedTuple):
    study: Study
    estimates: pd.DataFrame
    verdicts: pd.DataFrame


@cache
def contact_study() -> ContactStudy:
    """Definitions and protected tables; do not change them."""
    shipped = shipped_layouts()["telefonie"].model_dump(exclude_defaults=True)
    limits = {"thresholds": {"short_abandon_seconds": 10}}
    study = Study(
        measurement=Measurement.model_validate(MEASUREMENT),
        place_name="Voorbeeldgemeente 001",
        questionnaires={},
        layouts={
            "balie": shipped_layouts()["klantgeleiding"],
            "telefoon": RecordLayout.model_validate(joined(shipped, limits)),
        },
    )
    estimates = combine(
        [
            _counted(study, "balie", JANUARY, COUNTER),
            _counted(study, "telefoon", CALL, CALLS),
        ]
    )
    verdicts = judge_norms(study, estimates, by=["product"])
    safe = protect(study, estimates, empty_comparisons(), verdicts)
    return ContactStudy(study, safe.estimates, safe.verdicts)


def _counted(
    study: Study,
    source: str,
    usual: dict[str, Any],
    groups: tuple[tuple[int, dict[str, Any]], ...],
) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.parquet"
        write_records(path, usual, groups)
        return estimate_contacts(study, source, path)


def write_records(
    path: Path, usual: dict[str, Any], groups: Iterable[tuple[int, dict[str, Any]]]
) -> None:
    """Records as ``microdata.contacts`` keeps them: how many, and how they differ."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    marks = ", ".join("?" for _ in COLUMNS)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE r ({columns})")
        for count, more in groups:
            row = usual | more
            values = [row.get(name) for name in COLUMNS]
            sql = f"INSERT INTO r SELECT {marks} FROM range({count})"
            connection.execute(sql, values)
        connection.execute(f"COPY r TO '{path}' (FORMAT parquet)")
