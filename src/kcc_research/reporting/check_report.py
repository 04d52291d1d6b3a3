"""The *controlerapport*: everything that is wrong with the files of a measurement.

A researcher can forward it to whoever made the files. It holds what messages hold:
rows, columns, values of closed questions, and never what somebody wrote (TRUST §2).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from kcc_research import dutch
from kcc_research.errors import Problem, visible
from kcc_research.reporting import page
from kcc_research.reporting.open_data import safe_text

COLUMNS = ("code", "ernst", "bestand", "rij", "kolom", "waarde", "titel", "herstel")
_SEVERITY = {"error": "fout", "warning": "waarschuwing", "notice": "melding"}
_PLURAL = {"error": "fouten", "warning": "waarschuwingen", "notice": "meldingen"}
_FIELDS = (("row", "Rij"), ("column", "Kolom"), ("value", "Waarde"))
_REMEDY = ("remedy", "Wat u kunt doen")
_NO_FILE = "De meting als geheel"

_STYLE = """
h2 { margin: 3rem 0 .5rem; color: #154273; }
h3 { margin: 1.75rem 0 .5rem; }
dl { display: grid; grid-template-columns: minmax(5rem, 9rem) minmax(0, 1fr);
  gap: .15rem 1rem; margin: 0; max-width: 50rem; }
dt { color: #595959; }
dd { margin: 0; overflow-wrap: anywhere; }
""".strip()


def to_csv(problems: Iterable[Problem]) -> bytes:
    """One line a problem, safe in a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in problems:
        cells = (
            each.code,
            _SEVERITY[each.severity],
            *(each.file, each.row, each.column, each.value, each.title, each.remedy),
        )
        writer.writerow([safe_text(visible(cell)) for cell in cells])
    return text.getvalue().encode()


def to_html(title: str, key: str, problems: Sequence[Problem]) -> str:
    """The page: per file, errors first, each with where it stands and what to do."""
    return page.render(
        f"Controlerapport: {title}",
        _main(key, problems),
        skip="Naar de bevindingen",
        style=_STYLE,
        footer=f"Gemaakt met kcc_research, meting {key}.",
    )


def _main(key: str, problems: Sequence[Problem]) -> Iterator[str]:
    yield f"<p>Meting <code>{escape(key)}</code>: {_counted(problems)}.</p>"
    yield (
        "<p>Een <strong>fout</strong> houdt de meting tegen: er wordt dan niets "
        "gepubliceerd. Een <strong>waarschuwing</strong> komt in het rapport. Een "
        "<strong>melding</strong> is ter informatie. De rij is die in een editor of "
        "in Excel: de kop is rij 1. Wat mensen zelf schreven, staat hier niet in.</p>"
    )
    files = dict.fromkeys(each.file for each in problems)
    for file in files:
        own = [each for each in problems if each.file == file]
        yield f"<section>\n<h2>{escape(file) or _NO_FILE}</h2>"
        yield f"<p>{dutch.capitalised(_counted(own))}.</p>"
        order = list(_SEVERITY)
        for each in sorted(own, key=lambda found: order.index(found.severity)):
            yield from _one(each)
        yield "</section>"


def _counted(problems: Sequence[Problem]) -> str:
    severities = [each.severity for each in problems]
    parts = [
        dutch.counted(severities.count(kind), one, _PLURAL[kind])
        for kind, one in _SEVERITY.items()
        if kind in severities
    ]
    return dutch.listing(parts) if parts else "niets gevonden, alles in orde"


def _one(each: Problem) -> Iterator[str]:
    language = "" if each.language == "nl" else ' lang="en"'
    kind = dutch.capitalised(_SEVERITY[each.severity])
    said = f"<span{language}>{_text(each.title)}</span>"
    yield f"<article>\n<h3>{kind}: {said}</h3>\n<dl>"
    for name, label in (*_FIELDS, _REMEDY):
        value = getattr(each, name)
        if value:
            said = language if name == "remedy" else ""
            yield f"<dt>{label}</dt><dd{said}>{_text(value)}</dd>"
    yield f"<dt>Code</dt><dd>{each.code}</dd>\n</dl>\n</article>"


def _text(value: str) -> str:
    return escape(visible(value))
