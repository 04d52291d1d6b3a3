"""What is different between two versions of one report: numbers, verdicts, sentences.

Both versions were published, so nothing is told here that was not public to the reader
of both. The page and the table stand beside the report; no report reads them.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from kcc_research import dutch
from kcc_research.dutch import SUPPRESSED
from kcc_research.reporting import page
from kcc_research.reporting.notebook_check import public_cells
from kcc_research.reporting.open_data import safe_text

Kind = Literal["oordeel", "getal", "zin", "toelichting", "bestand"]
Files = Mapping[str, bytes]

COLUMNS = ("soort", "tabel", "waar", "wat", "was", "is")
_KINDS: Mapping[Kind, tuple[str, str]] = {
    "oordeel": ("oordeel", "oordelen"),
    "getal": ("getal", "getallen"),
    "zin": ("zin", "zinnen"),
    "toelichting": ("toelichting", "toelichtingen"),
    "bestand": ("bestand", "bestanden"),
}
# Columns that together say which row it is; the rest are compared.
_IDENTITY = (
    "source",
    "indicator",
    "statistic",
    "by",
    "group",
    "category",
    "reference",
)
_NOT_COMPARED = ("measurement", "origin")
_VERDICTS = ("verdict", "reason")
_WORDS = {
    "estimates": "uitkomsten",
    "comparisons": "vergelijkingen",
    "verdicts": "oordelen",
    "estimate": "uitkomst",
    "difference": "verschil",
    "ci_low": "ondergrens",
    "ci_high": "bovengrens",
    "count": "aantal",
    "verdict": "oordeel",
    "reason": "reden",
    "status": "publicatie",
    SUPPRESSED: "niet gepubliceerd",
    "": "geen",
    "higher": "hoger",
    "lower": "lager",
    "not_shown": "geen verschil aangetoond",
    "not_comparable": "niet te vergelijken",
    "not_measured": "niet gemeten",
    "met": "gehaald",
    "not_met": "niet gehaald",
    "not_yet": "nog niet gehaald",
    "undecided": "te dichtbij om te zeggen",
}
# Shown on the page; every other column is in the table only.
_MAIN = ("estimate", "difference", "ci_low", "ci_high", "count", "n", "norm")
_PARTS = {"mean": "gemiddelde", "share": "aandeel", "count": "aantal"}
_NEW_ROW, _GONE_ROW = "nieuwe rij", "rij is weg"
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
_MOST_DECIMALS = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``was`` or ``now`` is empty for what is new or gone."""

    kind: Kind
    table: str
    where: str
    what: str
    was: str
    now: str


def changes(old: Files, new: Files) -> tuple[Change, ...]:
    """Verdicts first, then numbers, sentences, the rest; empty for the same report."""
    found = [
        change
        for name in sorted(_tables(old) | _tables(new))
        for change in _of_table(name, old.get(name, b""), new.get(name, b""))
    ]
    found += _of_sentences(_sentences(old), _sentences(new))
    found += _of_files(old, new)
    order = list(_KINDS)
    return tuple(sorted(found, key=lambda each: order.index(each.kind)))


def to_csv(found: Iterable[Change]) -> bytes:
    """One line a change, values as published, safe in a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in found:
        cells = (each.kind, each.table, each.where, each.what, each.was, each.now)
        writer.writerow([_safe(cell) for cell in cells])
    return text.getvalue().encode()


def _safe(cell: str) -> str:
    return cell if _NUMBER.fullmatch(cell) else safe_text(cell)


# --- tables ---------------------------------------------------------------------------


def _tables(files: Files) -> set[str]:
    return {name for name in files if re.fullmatch(r"tables/[^/]+\.csv", name)}


def _of_table(name: str, old: bytes, new: bytes) -> Iterator[Change]:
    table = name.removeprefix("tables/").removesuffix(".csv")
    before, after = _rows(old), _rows(new)
    for where in dict.fromkeys((*after, *before)):
        parts = dict.fromkeys(_PARTS.get(part, part) for part in where[:-1] if part)
        shown = " · ".join(parts) or table
        was, now = before.get(where), after.get(where)
        if was is None or now is None:
            row = _NEW_ROW if was is None else _GONE_ROW
            kind: Kind = "oordeel" if table == "verdicts" else "getal"
            values = (_main_value(was), _main_value(now))
            yield Change(kind, table, shown, row, *values)
            continue
        for column in dict.fromkeys((*now, *was)):
            values = was.get(column, ""), now.get(column, "")
            if values[0] != values[1]:
                kind = "oordeel" if column in _VERDICTS else _kind(values)
                yield Change(kind, table, shown, column, *values)


def _kind(values: Iterable[str]) -> Kind:
    """A number, or a word about one, such as its method."""
    return "getal" if all(map(_is_number, values)) else "toelichting"


def _is_number(value: str) -> bool:
    return value in ("", SUPPRESSED) or _NUMBER.fullmatch(value) is not None


def _rows(content: bytes) -> dict[tuple[str, ...], dict[str, str]]:
    """What sets a row apart → its other columns; equal ones are told by their order."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    seen: Counter[tuple[str, ...]] = Counter()
    for row in csv.DictReader(io.StringIO(content.decode(), newline="")):
        where = tuple(row.get(name) or "" for name in _IDENTITY)
        seen[where] += 1
        values = {
            name: value or ""
            for name, value in row.items()
            if name not in (*_IDENTITY, *_NOT_COMPARED)
        }
        found[(*where, str(seen[where]))] = values
    return found


def _main_value(row: Mapping[str, str] | None) -> str:
    names = ("verdict", "difference", "estimate")
    return next((row[n] for n in names if row.get(n)), "") if row else ""


# --- sentences ------------------------------------------------------------------------


def _sentences(files: Files) -> list[tuple[str, str]]:
    """(chapter, sentence) of everything the report says, in its order."""
    found, chapter = [], ""
    for text in _texts(files.get("report.ipynb", b'{"cells": []}')):
        for line in text.splitlines():
            if line.startswith("#"):
                chapter = _plain(line)
            elif not line.lstrip().startswith("|"):
                found += [(chapter, each) for each in _split(_plain(line))]
    return found


def _texts(notebook: bytes) -> Iterator[str]:
    for cell in public_cells(json.loads(notebook)):
        if cell["cell_type"] == "markdown":
            yield "".join(cell["source"])
        for output in cell.get("outputs", ()):
            kind = output.get("metadata", {}).get("kcc", {}).get("kind")
            if kind in ("text", "quote"):
                text = output.get("data", {}).get("text/markdown", "")
                yield text if isinstance(text, str) else "".join(text)


def _plain(line: str) -> str:
    without = re.sub(r"^\s*(#+|[-*>]|\d+\.)\s+", "", line)
    return " ".join(re.sub(r"\*\*|__|`", "", without).split())


def _split(line: str) -> list[str]:
    return [each for each in re.split(r"(?<=[.!?:])\s+(?=\S)", line) if each]


def _of_sentences(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]
) -> Iterator[Change]:
    """Sentences that went, came, or took each other's place."""
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone, came = old[a:b], new[c:d]
        for at in range(max(len(gone), len(came))):
            was = gone[at] if at < len(gone) else ("", "")
            now = came[at] if at < len(came) else ("", "")
            word = "nieuw" if not was[1] else "anders" if now[1] else "weg"
            yield Change("zin", "", now[0] or was[0], word, was[1], now[1])


# --- files ----------------------------------------------------------------------------


def _of_files(old: Files, new: Files) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            word = "nieuw" if name not in old else "anders" if name in new else "weg"
            yield Change("bestand", "", name, word, "", "")


# --- the page -------------------------------------------------------------------------


def to_html(title: str, key: str, since: str, found: Sequence[Change]) -> str:
    """The page; ``since`` names the version it is compared with, in Dutch."""
    return page.render(
        f"Wat er veranderd is: {title}",
        _main(key, since, found),
        skip="Naar de veranderingen",
        footer=f"Gemaakt met kcc_research, meting {key}.",
    )


def _main(key: str, since: str, found: Sequence[Change]) -> Iterator[str]:
    counts = Counter(each.kind for each in found)
    yield f"<p>Meting <code>{escape(key)}</code>, vergeleken met {escape(since)}.</p>"
    if not found:
        yield "<p>Er is niets veranderd.</p>"
        return
    parts = [
        dutch.counted(counts[kind], *words)
        for kind, words in _KINDS.items()
        if counts[kind]
    ]
    yield (
        f"<p>Veranderd: {dutch.listing(parts)}. Deze pagina laat van de getallen de "
        "uitkomst, de marge en de aantallen zien. Alle veranderingen staan in "
        '<a href="changes.csv">changes.csv</a>.</p>'
    )
    yield from _section("Oordelen", _of(found, "oordeel"), _values)
    numbers = [each for each in _of(found, "getal") if _is_main(each)]
    yield from _section("Getallen", numbers, _values)
    yield from _section("Zinnen", _of(found, "zin"), _sentence)
    yield from _section("Bestanden", _of(found, "bestand"), None)


def _of(found: Iterable[Change], kind: Kind) -> list[Change]:
    return [each for each in found if each.kind == kind]


def _is_main(each: Change) -> bool:
    return each.what in (*_MAIN, _NEW_ROW, _GONE_ROW)


def _section(title: str, found: Sequence[Change], values: object) -> Iterator[str]:
    if not found:
        return
    heads = ["Waar", "Wat", *(["Was", "Is nu"] if values else [])]
    yield f'<section aria-label="{title}">\n<h2>{title}</h2>'
    yield f'<div class="scroll" role="region" aria-label="Tabel {title}" tabindex="0">'
    caption = f"{dutch.counted(len(found), *_KINDS[found[0].kind])} op deze pagina"
    yield f"<table>\n<caption>{caption}</caption>\n<thead><tr>"
    yield "".join(f'<th scope="col">{each}</th>' for each in heads)
    yield "</tr></thead>\n<tbody>"
    for each in found:
        pair = values(each) if callable(values) else ()
        cells = (_word(each.what), *pair)
        place = f"{_word(each.table)}: {each.where}" if each.table else each.where
        place = place or "Begin van het rapport"
        inside = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f'<tr><th scope="row">{escape(place)}</th>{inside}</tr>'
    yield "</tbody>\n</table>\n</div>\n</section>"


def _word(text: str) -> str:
    return _WORDS.get(text, text)


def _sentence(each: Change) -> tuple[str, str]:
    return each.was or "–", each.now or "–"


def _values(each: Change) -> tuple[str, str]:
    """Both values in words, numbers with as many decimals as set them apart."""
    pair = each.was, each.now
    if not all(map(_is_number, pair)):
        return _word(each.was), _word(each.now)
    for decimals in range(_least_decimals(pair), _MOST_DECIMALS):
        shown = [_shown(value, decimals) for value in pair]
        if shown[0] != shown[1]:
            break
    return shown[0], shown[1]


def _least_decimals(pair: Iterable[str]) -> int:
    return 0 if all(value.isdigit() for value in pair if value) else 2


def _shown(value: str, decimals: int) -> str:
    if value in ("", SUPPRESSED):
        return _WORDS[value]
    return dutch.number(float(value), decimals)
