"""What stands in the place of a report that was withdrawn (*ingetrokken*).

A report notebook of one page, made in code: it goes through the same two exporters and
the same gates, so the notice is as accessible as the report was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from kcc_research import dutch
from kcc_research.reporting import phrases
from kcc_research.reporting.records import Title, to_metadata

_UNBROKEN = "\u2011"  # a hyphen at which no line ends, as in 2-meting


@dataclass(frozen=True, slots=True)
class Notice:
    """A withdrawn release: what it was, when and why it went, by whose hand.

    ``successor`` is the number of the release that took its place; 0 without one.
    """

    title: str
    number: int
    released: date
    withdrawn: date
    reason: str
    by: str
    successor: int = 0
    synthetic: bool = False


def notebook(notice: Notice) -> dict[str, Any]:
    """The notice as an executed report notebook (version 4 structure)."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [_title_cell(_title(notice)), _text_cell("\n\n".join(_text(notice)))],
    }


def _title(notice: Notice) -> Title:
    fields = [
        ("Ingetrokken op", dutch.long_date(notice.withdrawn)),
        ("Ingetrokken door", notice.by),
        ("Versie", f"{notice.number}, van {dutch.long_date(notice.released)}"),
        (phrases.STATUS_LABEL, phrases.STATUS["ingetrokken"]),
        ("Reden", notice.reason),
    ]
    if notice.successor:
        fields.append(("In de plaats gekomen", f"versie {notice.successor}"))
    return Title(
        text=f"Ingetrokken: {notice.title.replace('-', _UNBROKEN)}",
        subtitle="Dit rapport is niet meer geldig",
        fields=tuple(fields),
        status="ingetrokken",
        published=notice.withdrawn.isoformat(),
        synthetic=notice.synthetic,
    )


def _text(notice: Notice) -> Iterator[str]:
    yield (
        f"Hier stond versie {notice.number} van dit rapport. Het rapport, de tabellen "
        "en de figuren van die versie zijn weggehaald. Gebruik de cijfers niet meer en "
        "verwijs er niet naar. Hebt u ze overgenomen, zet er dan bij dat ze zijn "
        "ingetrokken."
    )
    if notice.successor:
        number = notice.successor
        yield (
            f"Er is een nieuwe versie: [versie {number} van dit rapport]"
            f"(../{number}/report.html). Daarin staat wat er is verbeterd en waarom."
        )
    else:
        yield "Er is geen nieuwe versie."


def _title_cell(title: Title) -> dict[str, Any]:
    output = {
        "output_type": "display_data",
        "data": {"text/markdown": f"# {title.text}", "text/plain": title.text},
        "metadata": {"kcc": to_metadata(title)},
    }
    return {
        "cell_type": "code",
        "id": "titel",
        "metadata": {},
        "source": "",
        "execution_count": None,
        "outputs": [output],
    }


def _text_cell(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "tekst", "metadata": {}, "source": text}
