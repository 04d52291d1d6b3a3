"""Key figures of a registration (DOMAIN §3): names, units and what they need.

They are the same for every municipality, so that a norm can name one; which of them a
registration can give follows from its layout.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kcc_research.study.record_layout import RecordLayout

Unit = Literal["", "seconden", "dagen"]


@dataclass(frozen=True, slots=True)
class ContactIndicator:
    """One key figure. ``unit`` is that of means and quantiles; a share has none."""

    id: str
    label: str
    statistic: Literal["count", "share", "mean", "quantile"]
    is_known: Callable[[RecordLayout], bool]
    unit: Unit = ""
    lower_is_better: bool = False


def _waits_against_norm(layout: RecordLayout) -> bool:
    return layout.has_waiting and layout.thresholds.wait_norm_seconds is not None


def _is_offered(layout: RecordLayout) -> bool:
    return layout.has("outcome") and layout.kind == "contacts" and layout.has_waiting


CONTACT_INDICATORS: tuple[ContactIndicator, ...] = (
    ContactIndicator("contacten", "Contacten", "count", lambda layout: True),
    ContactIndicator(
        "uitkomst",
        "Hoe het contact afliep",
        "share",
        lambda layout: layout.has("outcome"),
    ),
    ContactIndicator("bereikbaarheid", "Bereikbaarheid", "share", _is_offered),
    ContactIndicator(
        "servicelevel",
        "Servicelevel",
        "share",
        lambda layout: layout.service_level is not None,
    ),
    ContactIndicator(
        "uitval",
        "Uitval",
        "share",
        lambda layout: layout.has("outcome") and layout.has_waiting,
        lower_is_better=True,
    ),
    ContactIndicator(
        "wachttijd",
        "Gemiddelde wachttijd",
        "mean",
        lambda layout: layout.has_waiting,
        "seconden",
        True,
    ),
    ContactIndicator(
        "wachttijd_mediaan",
        "Wachttijd: de helft wacht korter",
        "quantile",
        lambda layout: layout.has_waiting,
        "seconden",
        True,
    ),
    ContactIndicator(
        "wachttijd_p90",
        "Wachttijd: negen van de tien wachten korter",
        "quantile",
        lambda layout: layout.has_waiting,
        "seconden",
        True,
    ),
    ContactIndicator(
        "wachttijd_binnen_norm", "Binnen de wachttijdnorm", "share", _waits_against_norm
    ),
    ContactIndicator(
        "wachttijd_klasse",
        "Wachttijd in klassen",
        "share",
        lambda layout: layout.has_waiting,
    ),
    ContactIndicator(
        "afhandeltijd",
        "Gemiddelde afhandeltijd",
        "mean",
        lambda layout: layout.has_handling,
        "seconden",
        True,
    ),
    ContactIndicator(
        "afhandeltijd_mediaan",
        "Afhandeltijd: de helft duurt korter",
        "quantile",
        lambda layout: layout.has_handling,
        "seconden",
        True,
    ),
    ContactIndicator(
        "afhandeltijd_p90",
        "Afhandeltijd: negen van de tien duren korter",
        "quantile",
        lambda layout: layout.has_handling,
        "seconden",
        True,
    ),
    ContactIndicator(
        "gespreksresultaat",
        "Gespreksresultaat",
        "share",
        lambda layout: layout.has("result"),
    ),
    ContactIndicator(
        "in_een_keer",
        "In één keer goed (volgens de registratie)",
        "share",
        lambda layout: layout.has("result"),
    ),
    ContactIndicator(
        "doorverbonden",
        "Doorverbonden",
        "share",
        lambda layout: layout.has("transfer") or layout.has("result"),
        lower_is_better=True,
    ),
    ContactIndicator(
        "terugbel_nagekomen",
        "Terugbelafspraak nagekomen",
        "share",
        lambda layout: layout.has_callbacks,
    ),
    ContactIndicator(
        "normklasse", "Stand ten opzichte van de norm", "share", lambda x: x.has_norm
    ),
    ContactIndicator(
        "binnen_norm", "Binnen de norm afgehandeld", "share", lambda x: x.has_norm
    ),
    ContactIndicator(
        "doorlooptijd",
        "Gemiddelde doorlooptijd",
        "mean",
        lambda layout: layout.has_norm and layout.has("arrived"),
        "dagen",
        True,
    ),
    ContactIndicator(
        "doorlooptijd_mediaan",
        "Doorlooptijd: de helft duurt korter",
        "quantile",
        lambda layout: layout.has_norm and layout.has("arrived"),
        "dagen",
        True,
    ),
    ContactIndicator(
        "doorlooptijd_p90",
        "Doorlooptijd: negen van de tien duren korter",
        "quantile",
        lambda layout: layout.has_norm and layout.has("arrived"),
        "dagen",
        True,
    ),
    ContactIndicator(
        "doorlooptijd_klasse",
        "Doorlooptijd in klassen",
        "share",
        lambda layout: layout.has_norm and layout.has("arrived"),
    ),
    ContactIndicator(
        "tevreden", "Tevreden", "share", lambda layout: layout.has("satisfied")
    ),
    ContactIndicator(
        "respons",
        "Respons op het verzoek om een oordeel",
        "share",
        lambda layout: layout.has("satisfied"),
    ),
    ContactIndicator(
        "dagen_zonder_registratie",
        "Werkdagen zonder één registratie",
        "count",
        lambda layout: True,
        lower_is_better=True,
    ),
)


def contact_indicators(layout: RecordLayout) -> dict[str, ContactIndicator]:
    """The key figures that a registration with this layout can give, by id."""
    return {each.id: each for each in CONTACT_INDICATORS if each.is_known(layout)}
