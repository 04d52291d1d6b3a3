"""The PDF of a report: an nbconvert exporter around typst (PUB-D3, §7, §8).

One file that is both PDF/UA-1 and PDF/A-2a, in the same bytes every time, without
LaTeX, a browser or anything else outside the lock.
"""

from __future__ import annotations

import functools
import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time
from importlib.resources import files
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import Bool, default

from kcc_research.errors import OutputError, problem
from kcc_research.reporting import fonts, phrases
from kcc_research.reporting.content import NumberedTable, Part, Report
from kcc_research.reporting.html_exporter import READ, bare
from kcc_research.reporting.notebook_check import read
from kcc_research.reporting.records import Title
from kcc_research.reporting.row_headers import add_row_headers
from kcc_research.reporting.typst_markup import (
    array,
    content,
    image_literal,
    literal,
    table,
)

MOST_APPENDIX_PAGES = 20
# typst's compiler keeps caches of its own; two threads must not fill them at once.
_COMPILING = threading.Lock()


class PdfReportExporter(Exporter):
    """``jupyter nbconvert --to kcc_pdf``, and JupyterLab's export menu.

    Raises OutputError with everything that is wrong, unless ``draft`` is set: then all
    that can be shown is shown, marked CONCEPT, the faults in front.
    """

    output_mimetype = "application/pdf"
    export_from_notebook = "Rapport (PDF)"

    # Of every step of nbconvert's own, the end is proof enough.
    optimistic_validation = Bool(True).tag(config=True)

    draft = Bool(False, help="Render a report with faults, marked as a draft").tag(
        config=True
    )

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]
        self, nb: Any, resources: Any = None, **kw: Any
    ) -> tuple[bytes, Any]:
        given = dict(resources or {})
        found = given.pop(READ, None) or read(nb)
        _, resources = super().from_notebook_node(bare(nb), given, **kw)
        return render(found.ready(draft=self.draft)), resources


def render(report: Report) -> bytes:
    """The PDF of a report that is fit to be shown."""
    compiled = _finished(_compile(source(report), report.title), report)
    if compiled is not None:
        return compiled
    shorter = _finished(
        _compile(source(report, appendix=False), report.title), report, limited=False
    )
    assert shorter is not None  # without a limit it is always finished
    return shorter


def source(report: Report, *, appendix: bool = True) -> str:
    """The typst source: the template, then one call per part."""
    template = files("kcc_research") / "data" / "templates" / "kcc_pdf" / "report.typ"
    calls = [
        template.read_text(encoding="utf-8"),
        _document(report.title),
        _title_page(report.title),
        _faults(report) if report.title.draft else "",
        "#contents()" if report.headings else "",
        *map(_part, report.parts),
        *(_appendix(report, shown=appendix) if report.figures else ()),
    ]
    return "\n\n".join(calls)


def _part(part: Part) -> str:
    return (
        f"{'#pagebreak(weak: true)' if part.new_page else ''}\n{content(part.content)}"
    )


def _document(title: Title) -> str:
    day = title.date
    settings = {
        "title": literal(title.text),
        "author": literal(title.author),
        "description": literal(title.subtitle or phrases.REPORT),
        "language": literal(title.language),
        "date": f"datetime(year: {day.year}, month: {day.month}, day: {day.day})",
        "watermark": literal(title.watermark),
        "synthetic": str(title.synthetic).lower(),
        "footer": literal(dict(title.fields).get("Opdrachtgever", "")),
    }
    return f"#show: report.with({_named(settings)})"


def _title_page(title: Title) -> str:
    pairs = array(
        f"({literal(label)}, {literal(value)})" for label, value in title.fields
    )
    settings = {
        "subtitle": literal(title.subtitle),
        "fields": pairs,
        "synthetic": literal(phrases.SYNTHETIC_SENTENCE) if title.synthetic else "none",
        "watermark": literal(title.watermark),
        "logo": image_literal(title.logo) if title.logo else "none",
    }
    return f"#title-page({_named(settings)})"


def _named(settings: dict[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in settings.items())


def _faults(report: Report) -> str:
    shown = array(
        f"({literal(each.code)}, {literal(each.title)}, {literal(each.remedy)})"
        for each in report.problems
    )
    intro = phrases.FAULTS_INTRO if report.problems else phrases.NO_FAULTS
    return f"#faults({literal(phrases.FAULTS)}, {literal(intro)}, {shown})"


def _appendix(report: Report, *, shown: bool) -> Iterator[str]:
    yield f"#pagebreak(weak: true)\n#heading(level: 1, {literal(phrases.APPENDIX)})"
    if not shown:
        yield f"#paragraph({literal(phrases.APPENDIX_LEFT_OUT)})"
        return
    for figure in report.figures:
        yield table(figure.data_caption, NumberedTable(figure.picture.data, 0))


@functools.cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(fonts.folder())],
    )


def _compile(text: str, title: Title) -> bytes:
    import typst

    midnight = datetime.combine(title.date, time(), tzinfo=UTC)
    try:
        with _COMPILING:
            compiled: bytes = typst.compile(
                text.encode(),
                format="pdf",
                font_paths=_fonts(),
                pdf_standards=["ua-1", "a-2a"],
                timestamp=int(midnight.timestamp()),
            )
    except typst.TypstError as error:
        # The message is about form; the diagnostic would quote the text of the report.
        raise OutputError(problem("KCC-O070", found=error.message)) from None
    return compiled


def _finished(compiled: bytes, report: Report, *, limited: bool = True) -> bytes | None:
    """The compiled PDF with its row headers; None if its appendix is too long."""
    import pikepdf

    with pikepdf.open(io.BytesIO(compiled)) as pdf:
        if limited and report.figures and _appendix_pages(pdf) > MOST_APPENDIX_PAGES:
            return None
        add_row_headers(pdf)
        target = io.BytesIO()
        pdf.save(
            target,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            recompress_flate=False,
        )
    return target.getvalue()


def _appendix_pages(pdf: Any) -> int:
    """How many pages the last bookmark, that of the appendix, runs to."""
    with pdf.open_outline() as outline:
        destination = outline.root[-1].destination
    first = destination[0].objgen
    start = next(n for n, page in enumerate(pdf.pages) if page.objgen == first)
    return len(pdf.pages) - start
