"""outputs/index.html: every published report, to be found, compared and opened.

One table holds everything and is complete without script; one script of our own, held
by its hash in the page's own policy, searches, filters and sorts it. Nothing comes from
elsewhere, links are relative, and the same reports give the same bytes, so the folder
can be copied or put on a site as it is.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files

from kcc_research import dutch
from kcc_research.reporting import catalogue_waves as waves
from kcc_research.reporting import page
from kcc_research.reporting.catalogue_entry import SIZES, Entry
from kcc_research.reporting.catalogue_waves import Scales

TITLE = "Rapporten over de dienstverlening van gemeenten"
SYNTHETIC = "verzonnen gegevens"
NO_GRADE = "Geen cijfer: dit rapport heeft geen hoofdcijfer."

NO_REPORT = "Nog geen rapport."
NOTICE = "Op de plaats van het rapport staat een bericht."
ALL_SYNTHETIC = "Alle rapporten in deze lijst hebben verzonnen gegevens."

_STATUS = {
    "concept": "concept",
    "wederhoor": "concept voor wederhoor",
    "definitief": "definitief",
    "ingetrokken": "ingetrokken",
}
_WELL = frozenset({"uitgegeven", "opgeruimd"})
"""Standings that are no trouble: they stand beside the status."""

_FILES = {
    "report.pdf": "PDF",
    "tables/tabellenboek.xlsx": "Tabellen (Excel)",
    "changes.html": "Wijzigingen",
    "index.html": "Alle bestanden",
}
_OPEN_DATA = {
    "tables/estimates.csv": "Uitkomsten",
    "tables/comparisons.csv": "Vergelijkingen",
    "tables/verdicts.csv": "Oordelen",
    "manifest.json": "Manifest",
}
_HEADS = (
    ("Rapport", True),
    ("Gemeente", True),
    ("Datum", True),
    ("Uitkomst", False),
    ("Metingen", False),
    ("Bestanden", False),
)
_PROFILES = "profiles/"
_JOINED = "\u2060"  # word joiner

Facet = tuple[str, str, Callable[[Entry], str]]
"""A filter: its name, its label, and what an entry is by it."""

Facets = Sequence[tuple[Facet, Mapping[str, str]]]
"""Filters in use, each with its values and their codes."""

_FACETS: tuple[Facet, ...] = (
    ("gemeente", "Gemeente", lambda each: each.place),
    ("onderzoek", "Onderzoek", lambda each: dutch.capitalised(each.study_words)),
    ("jaar", "Jaar", lambda each: str(each.when)),
    ("grootte", "Grootte", lambda each: SIZES.get(each.size_class, "")),
    ("provincie", "Provincie", lambda each: each.province),
    ("status", "Status", lambda each: dutch.capitalised(_status(each))),
    ("stand", "Stand", lambda each: dutch.capitalised(_stand(each))),
)


def render(entries: Iterable[Entry], *, benchmark: str = "") -> str:
    """The page: newest first within a place, places in alphabetical order.

    ``benchmark`` is the file with the municipalities side by side, if there is one.
    """
    ordered = sorted(entries, key=_order)
    return page.render(
        TITLE,
        _main(ordered, benchmark),
        skip="Naar de lijst met rapporten",
        style=asset("css"),
        script=asset("js") if ordered else "",
    )


@functools.cache
def asset(ending: str) -> str:
    """Style (``css``) and script (``js``) of pages that are one searchable table."""
    folder = files("kcc_research") / "data" / "templates" / "kcc_catalogue"
    return (folder / f"catalogue.{ending}").read_text(encoding="utf-8")


def _order(entry: Entry) -> tuple[str, int, str]:
    return entry.place.casefold(), -entry.published.toordinal(), entry.key


def _status(entry: Entry) -> str:
    return _STATUS.get(entry.status, entry.status)


def _stand(entry: Entry) -> str:
    """How it stands, where the status does not say so already."""
    return "" if entry.standing == entry.status else entry.standing


def _main(entries: Sequence[Entry], benchmark: str) -> Iterator[str]:
    if not entries:
        yield "<p>Er zijn nog geen rapporten.</p>"
        return
    yield from _introduction()
    all_invented = all(each.synthetic for each in entries)
    if all_invented:
        yield f'<p><em class="mark">{ALL_SYNTHETIC}</em></p>'
    if benchmark:
        yield (
            f'<p class="how"><a href="{benchmark}">Gemeenten naast elkaar</a>: een '
            "uitkomst van alle gemeenten, elk met haar marge.</p>"
        )
    facets = [(facet, _codes(entries, facet)) for facet in _FACETS]
    facets = [each for each in facets if each[1]]
    yield from _form(facets)
    counted = dutch.counted(len(entries), "rapport", "rapporten")
    yield f'<p id="gevonden" role="status">{counted}</p>'
    yield (
        '<section class="scroll" aria-label="Lijst met rapporten" tabindex="0">'
        f'\n<table id="rapporten" data-all="{counted}">\n<caption>{counted}</caption>'
        "\n<thead><tr>"
    )
    yield "".join(_head(*each) for each in _HEADS)
    yield "</tr></thead>\n<tbody>"
    series = waves.series_of(entries)
    scales = waves.scales_of(series)
    for entry in entries:
        of_entry = series.get(entry.series, [])
        yield _row(entry, facets, of_entry, scales, marked=not all_invented)
    yield "</tbody>\n</table>\n</section>"


def _introduction() -> Iterator[str]:
    yield (
        '<p class="how">Elk rapport is er als webpagina en als PDF. De cijfers zijn er '
        "ook als Excel en als open data (CSV). De webpagina is het best te lezen met "
        "een schermlezer of op een telefoon.</p>"
    )
    yield (
        '<details class="how"><summary>Zo leest u de cijfers</summary><p>Bij elk '
        "cijfer staat de 95%-marge: zo ver kan het echte cijfer er door toeval naast "
        "liggen. n is het aantal antwoorden. Een cijfer over een andere vraag of een "
        "andere groep mensen kunt u er niet naast leggen; daarom staat de lijst op "
        "naam en niet op cijfer.</p><p>Onder <b>Metingen</b> staan de metingen van "
        "één onderzoek naast elkaar: de stip is het cijfer, de streep de marge, een "
        "open stip heeft weinig antwoorden. De lijn van streepjes is de norm. Tussen "
        "twee metingen die niet te vergelijken zijn, staat een stippellijn.</p>"
        "</details>"
    )


# --- filters --------------------------------------------------------------------------


def _codes(entries: Sequence[Entry], facet: Facet) -> dict[str, str]:
    """Every value of a facet that occurs → its short code, as people look for it."""
    name, _, of = facet
    found = {of(each): each for each in entries}
    found.pop("", None)
    if name == "grootte":
        ordered = sorted(found, key=lambda value: found[value].size_class)
    else:
        ordered = sorted(found, key=str.casefold, reverse=name == "jaar")
    return {value: str(number) for number, value in enumerate(ordered, start=1)}


def _form(facets: Facets) -> Iterator[str]:
    """Search and filters: there only when the script runs that makes them work."""
    yield '<form id="zoek" role="search" aria-label="Rapporten" hidden>'
    yield search_field("Zoek op gemeente of titel")
    for (name, label, _), values in facets:
        yield choice(name, label, values)
    yield "</form>"


def search_field(label: str) -> str:
    return (
        f'<div class="q"><label for="q">{escape(label)}</label>'
        '<input id="q" name="q" type="search" autocomplete="off">'
        '<button type="submit">Naar de lijst</button>'
        '<button type="reset">Wis alles</button></div>'
    )


def choice(name: str, label: str, codes: Mapping[str, str]) -> str:
    """A filter: ``codes`` maps what people choose to what rows carry in ``data-f``."""
    options = "".join(
        f'<option value="{code}">{escape(value)}</option>'
        for value, code in codes.items()
    )
    return (
        f'<div><label for="{name}">{label}</label><select id="{name}" '
        f'name="{name}"><option value="">Alle</option>{options}</select></div>'
    )


def unbroken(text: str) -> str:
    """``text`` in which no margin breaks over two lines."""
    return text.replace(dutch.EN_DASH, f"{_JOINED}{dutch.EN_DASH}{_JOINED}")


def _head(name: str, sortable: bool) -> str:
    by = " data-sort" if sortable else ""
    first = ' aria-sort="ascending"' if name == "Gemeente" else ""
    return f'<th scope="col"{by}{first}>{name}</th>'


# --- rows -----------------------------------------------------------------------------


def _row(
    entry: Entry,
    facets: Facets,
    series: Sequence[Entry],
    scales: Scales,
    *,
    marked: bool,
) -> str:
    is_of = ".".join(values.get(facet[2](entry), "") for facet, values in facets)
    return (
        f'<tr data-f="{is_of}"><th scope="row">{_title(entry, marked=marked)}</th>'
        f"<td>{_place(entry)}</td><td>{_date(entry)}</td><td>{_outcome(entry)}</td>"
        f"<td>{_waves(entry, series, scales)}</td><td>{_files(entry)}</td></tr>"
    )


def _title(entry: Entry, *, marked: bool) -> str:
    kind = f"{dutch.capitalised(entry.study_words)}, " if entry.study else ""
    mark = f"<em>{SYNTHETIC}</em>" if entry.synthetic and marked else ""
    name = escape(entry.title)
    if entry.files:
        name = f'<a href="{escape(entry.path)}/report.html">{name}</a>'
    return f"{name}<small>{escape(kind)}{entry.when}</small>{mark}"


def _place(entry: Entry) -> str:
    size = SIZES.get(entry.size_class, "")
    more = "<br>".join(escape(each) for each in (entry.province, size) if each)
    return escape(entry.place) + (f"<small>{more}</small>" if more else "")


def _date(entry: Entry) -> str:
    words = [dutch.capitalised(_status(entry))]
    words += [f"versie {entry.version}"] * (entry.version > 1)
    words += [entry.standing] * (entry.standing in _WELL)
    return (
        f'<time datetime="{entry.published}">{dutch.long_date(entry.published)}</time>'
        f"<small>{escape(', '.join(words))}</small>"
    )


def _trouble(entry: Entry) -> Iterator[str]:
    """What a reader must know before the number: that it may not be the last word."""
    if entry.standing and entry.standing not in _WELL:
        joint = " " if entry.why.startswith("op ") else ": "
        why = f"{joint}{entry.why}" if entry.why else ""
        yield _judgement("nee", dutch.capitalised(entry.standing) + why)


def _outcome(entry: Entry) -> str:
    parts = list(_trouble(entry))
    outcome = entry.outcome
    if outcome is None:
        parts.append(f"<small>{_no_outcome(entry)}</small>")
    else:
        label = dutch.capitalised(outcome.label)
        told = "; ".join(each for each in (label, outcome.evidence()) if each)
        parts.append(f"<b>{outcome.value}</b> <small>{escape(unbroken(told))}</small>")
        parts += [_judgement(*each) for each in outcome.judgements()]
    if entry.norms and entry.files:
        parts.append(_judgement("", entry.norms))
    return "".join(parts)


def _no_outcome(entry: Entry) -> str:
    if not entry.files:
        return NO_REPORT
    return NOTICE if entry.status == "ingetrokken" else NO_GRADE


def _judgement(mark: str, words: str) -> str:
    return (
        f'<p class="{mark}">{escape(words)}</p>' if mark else f"<p>{escape(words)}</p>"
    )


def _waves(entry: Entry, series: Sequence[Entry], scales: Scales) -> str:
    """The picture stands with the newest wave; an earlier one says where it is."""
    if len(series) < 2:
        return ""
    if series[-1] is entry:
        return waves.drawn(series, scales)
    return f"<small>zie {series[-1].when}</small>"


def _files(entry: Entry) -> str:
    """What to read first; tables for machines and proof behind a click.

    The group's name sets these links apart from the same ones of another row.
    """
    shown = _links(entry, _FILES) + _open_data(entry) + _profiles(entry)
    shown += _folded(
        "Andere versies", [(f"{path}", words) for words, path in entry.others]
    )
    if not shown:
        return ""
    name = escape(f"{entry.place} {entry.when}")
    return f'<div role="group" aria-label="{name}">{shown}</div>'


def _open_data(entry: Entry) -> str:
    """Of a release one page lists all files; a desk copy has no such page."""
    data = "" if "index.html" in entry.files else _links(entry, _OPEN_DATA)
    return f"<details><summary>Open data</summary>{data}</details>" if data else ""


def _folded(summary: str, links: Sequence[tuple[str, str]]) -> str:
    """Links (path, words) behind a click; nothing without any."""
    if not links:
        return ""
    found = "".join(f'<a href="{escape(p)}">{escape(words)}</a>' for p, words in links)
    return f"<details><summary>{summary}</summary>{found}</details>"


def _links(entry: Entry, words: Mapping[str, str]) -> str:
    return "".join(
        f'<a href="{escape(entry.path)}/{file}">{word}</a>'
        for file, word in words.items()
        if file in entry.files
    )


def _profiles(entry: Entry) -> str:
    found = sorted(each for each in entry.files if each.startswith(_PROFILES))
    counted = dutch.counted(len(found), "profiel", "profielen")
    links = [(f"{entry.path}/{each}", _profile_name(each)) for each in found]
    return _folded(counted, links)


def _profile_name(file: str) -> str:
    words = file.removeprefix(_PROFILES).removesuffix(".html").replace("-", " ")
    return dutch.capitalised(words)
