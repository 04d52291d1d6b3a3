"""The only five outputs that a public report may hold (PUB §2).

Each helper shows one output in the notebook, with data that Jupyter can show and a
record from which both exporters work. What would not make a good report is refused
here, in the cell that made it, with everything that is wrong at once.

>>> kcc.title(study)                                         # doctest: +SKIP
>>> kcc.text("## Samenvatting")                              # doctest: +SKIP
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kcc_research import dutch
from kcc_research.errors import OutputError, problem
from kcc_research.reporting import phrases
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.drawing import draw
from kcc_research.reporting.html_markup import svg_uri
from kcc_research.reporting.records import (
    AnyRecord,
    Picture,
    Prose,
    Quote,
    Table,
    Title,
    faults,
    from_metadata,
    to_metadata,
)
from kcc_research.study.measurement import Measurement, Study, StudyKind
from kcc_research.study.municipality import municipality

if TYPE_CHECKING:
    import matplotlib.figure

__all__ = ["Figure", "Table", "figure", "quote", "table", "text", "title"]

SUBTITLES: Mapping[StudyKind, str] = {
    "experience": "Wat mensen vinden van de dienstverlening",
    "continuous": "Doorlopende meting van de beleving van klanten",
    "counter": "Drukte, wachttijden en tevredenheid aan de balie",
    "phone": "Bereikbaarheid en afhandeling aan de telefoon",
    "assurance": "Hoe gemeenten de kwaliteit van hun dienstverlening borgen",
    "contacts": "Contacten, wachttijden en normen, geteld in de registratie",
    "benchmark": "Wat een inwoner meemaakt, en wat gemeenten beloven",
}


@dataclass(frozen=True)
class Figure:
    """A drawing with all that makes it readable without looking at it.

    ``image`` is a matplotlib figure, ``data`` the table behind it. ``synthetic``
    comes from the measurement and marks the picture itself (PUB-G8).
    """

    id: str
    caption: str
    alt: str
    image: matplotlib.figure.Figure
    data: Table
    synthetic: bool = False


def title(
    study: Study,
    *,
    draft: bool = False,
    heading: str | None = None,
    subtitle: str | None = None,
    logo: bytes | None = None,
) -> None:
    """Show the title page; call it once, before anything else.

    ``heading`` stands in the place of the measurement's own title, on a page about a
    part of it. ``logo`` is the content of the SVG or PNG in the study's folder.

    >>> kcc.title(m)  # doctest: +SKIP
    """
    measurement = study.measurement
    record = Title(
        text=title_text(study) if heading is None else heading,
        subtitle=SUBTITLES[measurement.study] if subtitle is None else subtitle,
        fields=_fields(measurement),
        status=measurement.status,
        published=measurement.published.isoformat(),
        synthetic=measurement.synthetic,
        logo=_logo_uri(logo) if logo else "",
        rounded=measurement.disclosure.round_counts,
    )
    record = record.as_draft() if draft else record
    _show(record, _markdown(_title_markdown(record)))


def title_text(study: Study) -> str:
    """The main heading: what was measured, where and in which year of fieldwork.

    Place and year are left out where the title of the measurement names them already;
    a municipality may go by another of its names there (*Den Haag*).
    """
    fieldwork = study.measurement.fieldwork
    years = sorted({str(fieldwork.start.year), str(fieldwork.end.year)})
    words = [dutch.capitalised(study.measurement.title)]
    named = words[0].casefold()
    if not any(each.casefold() in named for each in _names(study)):
        words.append(study.place_name)
    if not any(year in words[0] for year in years):
        words.append(dutch.EN_DASH.join(years))
    return " ".join(words)


def _names(study: Study) -> tuple[str, ...]:
    """The place as the register calls it, and as people do."""
    code = study.measurement.municipality
    if code is None:
        return (study.place_name,)
    known = municipality(code, study.measurement.fieldwork.start)
    return (study.place_name, *known.aliases)


def text(markdown: str) -> None:
    """Show running text: sentences with numbers in them. Headings start at ``##``.

    An empty text shows nothing: the measurement has nothing to say there.
    """
    if markdown.strip():
        _show(Prose(), _markdown(markdown))


def quote(text: str, speaker: str, id: str) -> None:  # noqa: A002
    """Show the words of a respondent.

    ``speaker`` is a description of at most two broad attributes, never a name.
    """
    said = Quote(id=id, text=text, speaker=speaker)
    _show(said, _markdown(f"> {text}\n>\n> {dutch.EN_DASH} {speaker}"))


def table(table: Table | Absent) -> None:
    """Show a table, or key figures when that is its layout, or why there is none."""
    if isinstance(table, Absent):
        return text(table.reason)
    _checked(table)
    _show(table, {"text/html": _table_html(table), "text/plain": _table_text(table)})


def figure(figure: Figure | Absent) -> None:
    """Show a figure with its alt text and the table behind it; closes the drawing.

    Of a figure that this measurement does not have, show the reason.
    """
    if isinstance(figure, Absent):
        return text(figure.reason)
    picture = _picture(figure)
    _checked(picture)
    bundle = draw(figure.image, synthetic=figure.synthetic)
    alt = {kind: {"alt": picture.alt} for kind in bundle}
    bundle["text/plain"] = f"{picture.caption}\n{picture.alt}"
    bundle["text/html"] = _figure_html(picture, bundle["image/svg+xml"])
    _display(bundle, alt | {"kcc": to_metadata(picture)})


def _picture(figure: Figure) -> Picture:
    caption, alt = figure.caption.strip(), figure.alt.strip()
    if figure.synthetic and caption and len(alt) > 1:
        caption = f"{caption.removesuffix('.')}. {phrases.SYNTHETIC_WORDS}"
        alt = f"{phrases.SYNTHETIC_WORDS}. {alt}"
    return Picture(figure.id, caption, alt, figure.data, figure.synthetic)


def _fields(measurement: Measurement) -> tuple[tuple[str, str], ...]:
    declared = (
        ("Opdrachtgever", measurement.commissioner),
        ("Uitvoerder", measurement.report.author),
        ("Contact", measurement.report.contact),
        _when(measurement),
        (phrases.STATUS_LABEL, phrases.STATUS[measurement.status]),
        ("Versie", str(measurement.version)),
        ("Datum", dutch.long_date(measurement.published)),
        *_corrections(measurement),
    )
    return tuple((label, value) for label, value in declared if value)


def _corrections(measurement: Measurement) -> Iterator[tuple[str, str]]:
    """Per later version what it mended, when and why."""
    for version, group in groupby(measurement.correction, lambda each: each.version):
        mended = list(group)
        day = dutch.long_date(mended[0].date)
        told = (f"{_sentence(e.what)} Reden: {_sentence(e.reason)}" for e in mended)
        yield f"In versie {version}", f"Verbeterd op {day}: {' '.join(told)}"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _when(measurement: Measurement) -> tuple[str, str]:
    """When people were asked; of registrations only, which period they cover."""
    if all(source.is_registration for source in measurement.source):
        start, end = measurement.fieldwork.start, measurement.fieldwork.end
        return "Periode", f"{dutch.long_date(start)} tot en met {dutch.long_date(end)}"
    return "Meting", _wave(measurement)


def _wave(measurement: Measurement) -> str:
    start, end = measurement.fieldwork.start, measurement.fieldwork.end
    period = f"{dutch.long_date(start)} tot en met {dutch.long_date(end)}"
    if start == end:
        period = dutch.long_date(start)
    named = f"{measurement.wave_name}, " if measurement.study == "experience" else ""
    return f"{named}veldwerk {period}"


def _logo_uri(logo: bytes) -> str:
    kind = "svg+xml" if b"<svg" in logo[:1000] else "png"
    if kind == "png" and not logo.startswith(b"\x89PNG\r\n\x1a\n"):
        raise OutputError(problem("KCC-O067o"))
    return f"data:image/{kind};base64,{base64.b64encode(logo).decode()}"


def _title_markdown(record: Title) -> str:
    lines = [f"# {record.text}", record.subtitle]
    lines += [f"**{label}:** {value}" for label, value in record.fields]
    return "\n\n".join(lines + [phrases.SYNTHETIC_SENTENCE] * record.synthetic)


def _markdown(source: str) -> dict[str, str]:
    return {"text/markdown": source, "text/plain": source}


def _figure_html(picture: Picture, svg: str) -> str:
    """What Jupyter shows: a drawing alone would have no caption and no alt text."""
    caption, alt = html.escape(picture.caption), html.escape(picture.alt)
    return (
        f"<figure><figcaption><strong>{caption}</strong></figcaption>"
        f'<img alt="{alt}" src="{svg_uri(svg)}"></figure>'
        f"<details><summary>{phrases.DATA_BEHIND}</summary>"
        f"{_table_html(picture.data)}</details>"
    )


def _table_html(table: Table) -> str:
    """What Jupyter shows; the exporters write their own."""
    head = "".join(
        f'<th scope="col">{html.escape(name)}</th>' for name in table.columns
    )
    body = "".join(
        "<tr>"
        + f'<th scope="row">{html.escape(row[0])}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in table.rows
    )
    note = f"<p>{html.escape(table.note)}</p>" if table.note else ""
    caption = f"<caption>{html.escape(table.caption)}</caption>"
    grid = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f"<table>{caption}{grid}</table>{note}"


def _table_text(table: Table) -> str:
    lines = [table.caption, *("\t".join(row) for row in (table.columns, *table.rows))]
    return "\n".join(lines + [table.note] * bool(table.note))


def _show(record: AnyRecord, bundle: dict[str, str]) -> None:
    _checked(record)
    _display(bundle, {"kcc": to_metadata(record)})


def _checked(record: AnyRecord) -> None:
    """Refuse a record with every fault it has, as a reader will get it."""
    try:
        read = from_metadata(to_metadata(record))
    except ValidationError as error:
        places = (".".join(map(str, each["loc"])) for each in error.errors())
        name = getattr(record, "id", "")
        found = [problem("KCC-O067m", id=name, found=place) for place in places]
        raise OutputError(found) from error
    if found_faults := faults(read):
        raise OutputError(found_faults)


def _display(bundle: dict[str, str], metadata: dict[str, Any]) -> None:
    from IPython.display import display

    display(bundle, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]
