"""outputs/index.html: a plain, accessible Dutch list of all published reports.

One table, no script, nothing from elsewhere; the same bytes for the same reports. Links
are relative, so the folder can be copied or put on a site as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from kcc_research import dutch
from kcc_research.reporting import page

TITLE = "Rapporten over de dienstverlening van gemeenten"
SYNTHETIC = "verzonnen gegevens"

_STATUS = {
    "concept": "concept",
    "wederhoor": "concept voor wederhoor",
    "definitief": "definitief",
}
_TABLES = {
    "tabellenboek.xlsx": "tabellenboek (Excel)",
    "estimates.csv": "uitkomsten (CSV)",
    "comparisons.csv": "vergelijkingen (CSV)",
    "verdicts.csv": "oordelen (CSV)",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One published report; ``tables`` are the names of the files with its tables."""

    key: str
    title: str
    place: str
    published: date
    status: str
    synthetic: bool
    tables: tuple[str, ...]


def render(entries: Iterable[Entry]) -> str:
    """The page: newest first within a place, places in alphabetical order."""
    ordered = sorted(entries, key=_order)
    return page.render(TITLE, _main(ordered), skip="Naar de lijst met rapporten")


def _order(entry: Entry) -> tuple[str, int, str]:
    return entry.place.casefold(), -entry.published.toordinal(), entry.key


def _main(entries: Sequence[Entry]) -> Iterable[str]:
    if not entries:
        yield "<p>Er zijn nog geen rapporten.</p>"
        return
    counted = dutch.counted(len(entries), "rapport", "rapporten")
    yield (
        "<p>Elk rapport is er als webpagina en als PDF. De cijfers van een rapport "
        "zijn er ook als open data (CSV). De webpagina is het best te lezen met een "
        "schermlezer of op een telefoon.</p>"
    )
    yield (
        '<section class="scroll" aria-label="Lijst met rapporten" tabindex="0">'
        f"\n<table>\n<caption>{counted}</caption>\n<thead><tr>"
    )
    heads = ("Rapport", "Gemeente of plaats", "Datum", "Status", "Lezen", "Open data")
    yield "".join(f'<th scope="col">{each}</th>' for each in heads)
    yield "</tr></thead>\n<tbody>"
    yield from map(_row, entries)
    yield "</tbody>\n</table>\n</section>"


def _row(entry: Entry) -> str:
    title = escape(entry.title)
    name = f"{title} ({escape(entry.place)}, {entry.published.year})"
    mark = f'<span class="mark">{SYNTHETIC}</span>' if entry.synthetic else ""
    reading = (("report.html", "webpagina"), ("report.pdf", "PDF"))
    tables = ((f"tables/{each}", _TABLES.get(each, each)) for each in entry.tables)
    return (
        f'<tr><th scope="row">{title}{mark}</th>'
        f"<td>{escape(entry.place)}</td>"
        f'<td><time datetime="{entry.published}">{dutch.long_date(entry.published)}'
        "</time></td>"
        f"<td>{escape(_STATUS.get(entry.status, entry.status))}</td>"
        f"<td>{_links(entry.key, reading, name)}</td>"
        f"<td>{_links(entry.key, tables, name)}</td></tr>"
    )


def _links(key: str, targets: Iterable[tuple[str, str]], name: str) -> str:
    """A list of links; what sets each apart from the next row's is in its label."""
    items = (
        f'<li><a href="{escape(key)}/{escape(path)}" '
        f'aria-label="{escape(word)}: {name}">{escape(word)}</a></li>'
        for path, word in targets
    )
    return f"<ul>{''.join(items)}</ul>"
