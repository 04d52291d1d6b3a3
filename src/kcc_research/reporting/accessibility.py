"""toegankelijkheid.html: what was checked on this very report, and what was not.

Evidence for the statement that a municipality makes itself (*toegankelijkheids-
verklaring*). Every line is a check of one of the two gates, with how many things it
looked at in these files; nothing is said of what no check looks at.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from kcc_research import dutch
from kcc_research.reporting import html_gate, html_tree, page
from kcc_research.reporting.pdf_gate import structure_counts

FILE = "toegankelijkheid.html"

_PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
_PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"


@dataclass(frozen=True, slots=True)
class Check:
    """A check of a gate: its codes, its words, the WCAG criteria that it bears on.

    ``counted`` names what it looks at; empty where that is the file as a whole.
    """

    codes: tuple[str, ...]
    words: str
    criteria: str = ""
    counted: str = ""


HTML_CHECKS = (
    Check(("O066b",), "De pagina zegt in welke taal zij is", "3.1.1"),
    Check(("O066c",), "De titel van de pagina is de ene hoofdkop", "2.4.2"),
    Check(("O066d",), "De eerste link gaat naar de inhoud", "2.4.1"),
    Check(("O066e",), "Er is één hoofdgedeelte", "1.3.1"),
    Check(("O066h",), "Koppen slaan geen niveau over", "1.3.1", "koppen"),
    Check(
        ("O066i",),
        "Elke figuur heeft een beschrijving in woorden en een bijschrift; een logo is "
        "als versiering gemerkt",
        "1.1.1",
        "afbeeldingen",
    ),
    Check(
        ("O066j",),
        "Elke tabel heeft koppen van kolommen en rijen, een regelmatig raster en, "
        "buiten lopende tekst, een bijschrift",
        "1.3.1",
        "tabellen",
    ),
    Check(("O066p",), "Elke link zegt waarheen", "2.4.4", "links"),
    Check(
        ("O066f", "O066g", "O066t"),
        "Ankers zijn uniek en links komen aan",
        "",
        "ankers",
    ),
    Check(
        ("O066q",),
        "Kleuren van tekst hebben genoeg contrast (4,5 op 1) met elke achtergrond "
        "waarop tekst staat",
        "1.4.3",
        "kleurparen",
    ),
    Check(("O066a",), "De pagina is zonder fouten te lezen als HTML"),
    Check(("O066", "O066k"), "Er draait geen script en er wordt niets geladen"),
    Check(
        ("O066r",),
        "Alle figuren, tabellen en citaten van het rapport staan erin, met dezelfde "
        "beschrijvingen",
    ),
    Check(
        ("O066l", "O066m", "O066n", "O066o", "O066s"),
        "Titelblad, status en merktekens kloppen; er is niets van de makers blijven "
        "staan; de pagina is kleiner dan 1 MB",
    ),
)
PDF_CHECKS = (
    Check(("O070a",), "De PDF is gelabeld: de opbouw is leesbaar", "1.3.1", "labels"),
    Check(("O070b",), "De PDF zegt in welke taal hij is", "3.1.1"),
    Check(("O070c", "O070d"), "De titel staat erin en wordt getoond", "2.4.2"),
    Check(("O070f",), "Elke figuur heeft dezelfde beschrijving", "1.1.1", "figuren"),
    Check(
        ("O070g",),
        "Elke rij en elke kolom van een tabel heeft een kop die is verbonden met de "
        "cellen",
        "1.3.1",
        "tabelkoppen",
    ),
    Check(("O070h",), "Koppen zijn die van de webpagina", "1.3.1", "koppen"),
    Check(("O070i",), "De tabvolgorde volgt de opbouw", "2.4.3", "bladzijden"),
    Check(("O070j",), "Elke link heeft een omschrijving", "2.4.4", "links"),
    Check(("O070k",), "Er zijn bladwijzers", "2.4.5", "bladwijzers"),
    Check(("O070l",), "Alle lettertypen zitten in het bestand"),
    Check(
        ("O070", "O070e"),
        "De PDF is gemaakt als PDF/UA-1 en PDF/A-2a, en zegt dat zelf ook",
    ),
    Check(
        ("O070m", "O070n", "O070o"),
        "Alle figuren, tabellen en citaten van het rapport staan erin; titelblad, "
        "status en merktekens kloppen",
    ),
)


@dataclass(frozen=True)
class Evidence:
    """The files of one report; both must have passed their gates just now."""

    title: str
    released: str
    version: int
    html: str
    pdf: bytes
    contact: str
    software: Mapping[str, str]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """What the checks of the page looked at."""
        elements = html_tree.parsed(self.html).elements
        count = Counter(each.tag for each in elements)
        return {
            "koppen": sum(count[each] for each in html_tree.HEADINGS),
            "afbeeldingen": count["img"],
            "tabellen": count["table"],
            "links": count["a"],
            "ankers": sum("id" in each.attrib for each in elements),
            "kleurparen": len(html_gate.TEXT_ON_BACKGROUND),
        }

    @cached_property
    def paper(self) -> Mapping[str, int]:
        """What the checks of the PDF looked at."""
        return structure_counts(self.pdf)

    @cached_property
    def declared(self) -> tuple[str, str]:
        """What the PDF says it is: ``("PDF/UA-1", "PDF/A-2a")``, as far as it does."""
        import pikepdf

        with pikepdf.open(io.BytesIO(self.pdf)) as pdf:
            with pdf.open_metadata(update_docinfo=False) as told:
                part = str(told.get(f"{_PDFUA}part", ""))
                archive = str(told.get(f"{_PDFA}part", ""))
                level = str(told.get(f"{_PDFA}conformance", "")).lower()
        return f"PDF/UA-{part}", f"PDF/A-{archive}{level}"


def render(evidence: Evidence) -> str:
    """The page, for the same release always in the same bytes."""
    return page.render(
        f"Toegankelijkheid: {evidence.title}",
        _main(evidence),
        skip="Naar wat is nagegaan",
    )


def _main(evidence: Evidence) -> Iterator[str]:
    checks = len(HTML_CHECKS) + len(PDF_CHECKS)
    yield (
        f'<p>Dit gaat over <a href="report.html">{escape(evidence.title)}</a>, versie '
        f"{evidence.version}, uitgegeven op {evidence.released}. Bij de uitgave zijn "
        f"de webpagina en de PDF nagegaan op {checks} punten. Op geen enkel punt is "
        "een fout gevonden. Was er een gevonden, dan was het rapport niet uitgegeven."
        "</p>"
    )
    yield (
        "<p><strong>Dit is geen toegankelijkheidsverklaring en geen onderzoek volgens "
        "WCAG-EM.</strong> Een programma ziet maar een deel van de fouten. Achter elk "
        "punt staat bij welk criterium van WCAG 2.1 het hoort; daarmee is niet dat "
        "hele criterium nagegaan.</p>"
    )
    yield "<h2>De webpagina</h2>"
    yield from _table("Nagegaan op de webpagina", HTML_CHECKS, evidence.counts)
    yield "<h2>De PDF</h2>"
    yield from _table("Nagegaan op de PDF", PDF_CHECKS, evidence.paper)
    yield from _standards(evidence)
    yield "<h2>Wat niet is nagegaan</h2>"
    yield from _not_checked()
    yield "<h2>Voor de verklaring van de gemeente</h2>"
    yield from _statement(evidence)


def _table(
    caption: str, checks: Sequence[Check], counts: Mapping[str, int]
) -> Iterator[str]:
    yield (
        f'<section class="scroll" aria-label="{caption}" tabindex="0">'
        f"<table><caption>{caption}</caption>\n<thead><tr>"
        '<th scope="col">Punt</th><th scope="col">Bekeken</th>'
        '<th scope="col">Fouten</th><th scope="col">WCAG 2.1</th></tr></thead>\n<tbody>'
    )
    for each in checks:
        seen = "het hele bestand"
        if each.counted:
            seen = f"{dutch.number(counts[each.counted])} {each.counted}"
        yield (
            f'<tr><th scope="row">{each.words}</th><td>{seen}</td><td>0</td>'
            f"<td>{each.criteria or 'n.v.t.'}</td></tr>"
        )
    yield "</tbody></table></section>"


def _standards(evidence: Evidence) -> Iterator[str]:
    accessible, archive = evidence.declared
    version = evidence.software.get("typst", "")
    yield (
        f"<p>In de PDF staat dat hij voldoet aan {accessible} (toegankelijkheid) en "
        f"{archive} (bewaren). Het programma dat hem maakte, typst {escape(version)}, "
        "weigert een PDF die niet voldoet aan wat het daarvan zelf nagaat. Een "
        "onafhankelijke keuring van dit bestand, met veraPDF of PAC, is niet gedaan."
        "</p>"
    )


def _not_checked() -> Iterator[str]:
    items = (
        "<strong>Schermlezers.</strong> Niemand heeft dit rapport met NVDA, JAWS, "
        "VoiceOver of TalkBack beluisterd.",
        "<strong>Toetsenbord, zoomen en smalle schermen.</strong> Met dit rapport is "
        "dat niet geprobeerd. Proeven in een browser horen bij de software en gaan "
        "over haar voorbeeldrapporten.",
        "<strong>Of de woorden kloppen.</strong> Dat een figuur een beschrijving "
        "heeft, is geteld; of die goed beschrijft wat er te zien is, moet een mens "
        "lezen. Dat geldt ook voor koppen, links en begrijpelijke taal.",
        "<strong>Excel, CSV en het rekenblad.</strong> Die bestanden zijn open data "
        "en zijn niet op toegankelijkheid nagegaan. Dezelfde cijfers staan in de "
        "webpagina.",
        "<strong>De website</strong> waarop de gemeente het rapport zet.",
    )
    yield "<ul>" + "".join(f"<li>{each}</li>\n" for each in items) + "</ul>"


def _statement(evidence: Evidence) -> Iterator[str]:
    yield (
        "<p>De gemeente maakt haar toegankelijkheidsverklaring zelf, voor haar hele "
        "website, en laat daarvoor onderzoek doen. Deze bladzijde kan daar als "
        "bewijsstuk bij. Laat iemand ten minste het rapport met een schermlezer en "
        "met alleen het toetsenbord doorlopen, en de beschrijvingen bij de figuren "
        "lezen.</p>"
    )
    if evidence.contact:
        yield (
            "<p>Kan iemand iets in dit rapport niet lezen? Dan helpt: "
            f"{escape(evidence.contact)}.</p>"
        )
    version = evidence.software.get("kcc-research", "")
    yield f"<p>Nagegaan door kcc_research {escape(version)}.</p>"


CODES = frozenset(code for each in (*HTML_CHECKS, *PDF_CHECKS) for code in each.codes)
"""Every check of both gates: a test holds this against the gates themselves."""
