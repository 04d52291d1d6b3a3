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

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
TITLE = "Rapporten over de dienstverlening van gemeenten"
SYNTHETIC = "verzonnen gegevens"

_STATUS = {
    "concept": "concept",
    "wederhoor": "concept voor wederhoor",
    "definitief": "definitief",
}
_TABLES = {
    "estimates": "uitkomsten",
    "comparisons": "vergelijkingen",
    "verdicts": "oordelen",
}

# Contrast on white: text 17.4, grey 7.0, link 6.6, warm 7.4 (WCAG asks 4.5).
_STYLE = """
*, ::before, ::after { box-sizing: border-box; }
html { font-size: 106.25%; }
body { margin: 0; color: #1b1b1b; background: #fff; line-height: 1.6;
  font-family: "Segoe UI", system-ui, Roboto, "DejaVu Sans", Arial, sans-serif; }
header { padding: 2.5rem 1.5rem 2rem; color: #fff; background: #154273; }
header > *, main, footer { max-width: 66rem; margin: 0 auto; }
h1 { margin: 0; line-height: 1.25; font-size: clamp(1.6rem, 1.2rem + 2vw, 2.4rem); }
main { padding: 1.5rem; }
footer { padding: 1rem 1.5rem 3rem; color: #595959; font-size: .9rem; }
a { color: #0a5ea8; }
:focus-visible { outline: 3px solid #d55e00; outline-offset: 3px; }
main:focus { outline: none; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: #fff; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; line-height: 1.4; }
caption { padding: 0 0 .75rem; text-align: left; font-weight: 700; color: #154273; }
th, td { padding: .6rem .75rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid #c8d3df; }
thead th { color: #154273; background: #e8f0f8; border-top: 2px solid #154273; }
tbody th { font-weight: 600; min-width: 12rem; }
ul { margin: 0; padding: 0; list-style: none; }
.mark { display: block; font-weight: 400; font-size: .875rem; color: #9a4100; }
@media (max-width: 40rem) { main { padding: 1rem; } th, td { padding: .4rem .5rem; } }
@media print { header { color: #154273; background: none; } .skip { display: none; } }
""".strip()


@dataclass(frozen=True, slots=True)
class Entry:
    """One published report; ``tables`` are the names of its CSV files."""

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
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="nl">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{TITLE}</title>",
            f"<style>\n{_STYLE}\n</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#inhoud">Naar de lijst met rapporten</a>',
            f"<header><h1>{TITLE}</h1></header>",
            '<main id="inhoud" tabindex="-1">',
            *_main(ordered),
            "</main>",
            "<footer><p>Gemaakt met kcc_research.</p></footer>",
            "</body>",
            "</html>",
            "",
        )
    )


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
    tables = ((f"tables/{each}.csv", _TABLES.get(each, each)) for each in entry.tables)
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
