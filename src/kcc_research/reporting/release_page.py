"""index.html of a release: what it is, what was mended, how to refer to it, its files.

For a reader who arrives at the folder, and for whoever deposits it in an archive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from kcc_research import dutch
from kcc_research.reporting import citation, page, phrases
from kcc_research.reporting.citation import Citation
from kcc_research.study.correction import Correction

FILE = "index.html"

_WORDS = {
    "report.html": "Het rapport, als webpagina",
    "report.pdf": "Het rapport, om te bewaren of af te drukken",
    "report.ipynb": "Het rekenblad waarmee het rapport is gemaakt",
    "tables/tabellenboek.xlsx": "Alle tabellen in Excel",
    "tables/estimates.csv": "Uitkomsten, als open data",
    "tables/comparisons.csv": "Vergelijkingen, als open data",
    "tables/verdicts.csv": "Oordelen bij normen, als open data",
    "toegankelijkheid.html": "Wat is nagegaan over de toegankelijkheid",
    "inputs.json": "Waarmee het rapport is gemaakt: bestanden, code en versies",
    "manifest.json": "Controlegetal van elk bestand van het rapport",
    "release.json": "Wie deze uitgave maakte en controleerde, en van elk bestand "
    "soort en controlegetal",
    "datapackage.json": "Beschrijving van de tabellen (Frictionless Data Package)",
    "ro-crate-metadata.json": "Beschrijving van alle bestanden (RO-Crate)",
    citation.FILE: "Verwijzing, voor programma's",
}


_STYLE = """
h2 { margin: 2.25rem 0 .5rem; color: #154273; }
.facts tbody th { width: 16rem; }
td:nth-child(3) { text-align: right; white-space: nowrap; }
th:nth-child(3) { text-align: right; }
""".strip()


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """All that the page says. ``sizes`` maps a file to its size in bytes, if known."""

    citation: Citation
    status: str
    contact: str
    corrections: Sequence[Correction]
    sizes: Mapping[str, int]
    synthetic: bool


def render(about: ReleasePage) -> str:
    """The page, for the same release always in the same bytes."""
    return page.render(
        about.citation.title,
        _main(about),
        skip="Naar de gegevens van deze uitgave",
        style=_STYLE,
    )


def _main(about: ReleasePage) -> Iterator[str]:
    if about.synthetic:
        yield f'<p><em class="mark">{phrases.SYNTHETIC_SENTENCE}</em></p>'
    yield (
        '<p><a href="report.html">Lees het rapport</a>, of download de '
        '<a href="report.pdf">PDF van het rapport</a>.</p>'
    )
    yield "<h2>Over deze uitgave</h2>"
    yield _pairs(_facts(about))
    yield "<h2>Wat er is verbeterd</h2>"
    yield from _mended(about.corrections)
    yield "<h2>Zo verwijst u naar dit rapport</h2>"
    yield f"<p>{escape(about.citation.readable())}</p>"
    yield (
        "<p>Zet er het webadres bij waar u het rapport hebt gevonden. Voor een "
        f'programma dat verwijzingen bijhoudt is er <a href="{citation.FILE}">'
        f"{citation.FILE}</a>.</p>"
    )
    yield "<h2>Bestanden</h2>"
    yield from _files(about.sizes)


def _facts(about: ReleasePage) -> Iterator[tuple[str, str]]:
    cited = about.citation
    yield "Opdrachtgever", cited.institution
    if cited.author != cited.institution:
        yield "Uitvoerder", cited.author
    if about.contact:
        yield "Contact", about.contact
    yield phrases.STATUS_LABEL, about.status
    yield "Versie", str(cited.version)
    yield "Uitgegeven op", dutch.long_date(cited.released)
    yield "Licentie van de tabellen", cited.license


def _pairs(facts: Iterator[tuple[str, str]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{escape(value)}</td></tr>\n'
        for label, value in facts
    )
    return (
        '<section class="scroll" aria-label="Gegevens van deze uitgave" tabindex="0">'
        '<table class="facts"><caption>Gegevens van deze uitgave</caption>\n<thead><tr>'
        '<th scope="col">Onderdeel</th><th scope="col">Invulling</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table></section>"
    )


def _mended(corrections: Sequence[Correction]) -> Iterator[str]:
    if not corrections:
        yield "<p>Niets: dit is de eerste versie.</p>"
        return
    yield "<ul>"
    for each in corrections:
        day = dutch.long_date(each.date)
        yield (
            f"<li><strong>Versie {each.version}, {day}:</strong> {escape(each.what)} "
            f"Reden: {escape(each.reason)}</li>"
        )
    yield "</ul>"


def _files(sizes: Mapping[str, int]) -> Iterator[str]:
    """What people read comes first, then what machines do; pictures in one line."""
    known = [name for name in _WORDS if name in sizes]
    rest = [n for n in sizes if n not in _WORDS and not n.startswith("figures/")]
    pictures = [name for name in sizes if name.startswith("figures/")]
    yield (
        '<section class="scroll" aria-label="Bestanden van deze uitgave" tabindex="0">'
        "<table><caption>Bestanden van deze uitgave</caption>\n<thead><tr>"
        '<th scope="col">Bestand</th><th scope="col">Wat het is</th>'
        '<th scope="col">Grootte</th></tr></thead>\n<tbody>'
    )
    for name in (*known, *rest):
        shown = escape(name)
        yield (
            f'<tr><th scope="row"><a href="{shown}">{shown}</a></th>'
            f"<td>{_words(name)}</td><td>{_size(sizes[name])}</td></tr>"
        )
    yield "</tbody></table></section>"
    if pictures:
        counted = dutch.counted(len(pictures), "bestand", "bestanden")
        yield (
            f"<p>De figuren staan ook los in de map figures: {counted}. In het rapport "
            "staat bij elke figuur een beschrijving en een tabel met de gegevens.</p>"
        )


def _words(name: str) -> str:
    if name.startswith("profiles/"):
        return "Bladzijde over één gemeente"
    return escape(_WORDS.get(name, "Tabel, als open data"))


def _size(size: int) -> str:
    """In kB of 1,000 bytes; of what is written last the size is not known here."""
    return f"{dutch.number(-(-size // 1000))}\u00a0kB" if size else "klein"
