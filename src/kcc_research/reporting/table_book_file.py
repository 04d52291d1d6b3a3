"""``tables/tabellenboek.xlsx``: the sheets of :mod:`.table_book` as a workbook.

Formula-safe: text is only ever written as text, and what a spreadsheet would run when
somebody edits it gets an apostrophe (TRUST-F68). Links lead to other sheets only. The
only date is ``published``, so the same tables give the same bytes.
"""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import Any

import pandas as pd
import xlsxwriter

from kcc_research import dutch
from kcc_research.reporting import phrases
from kcc_research.reporting.open_data import safe_text
from kcc_research.reporting.table_book import Block, Cell, Sheet, sheets
from kcc_research.study.measurement import Study

FILE = "tables/tabellenboek.xlsx"
CONTENTS = "Inhoud"
SYNTHETIC = "Verzonnen gegevens: een demonstratie, geen uitkomst over een gemeente."
READING = (
    "Elk tabblad is één vraag of kengetal: links wat er gemeten is, daarnaast iedereen "
    "samen en dan de groepen.",
    "Onder elk cijfer staat de 95%-marge als die er is. Vergelijk groepen met de marge "
    "erbij: overlappen de marges veel, dan is het verschil niet zeker.",
    "n is het aantal antwoorden of registraties, ongewogen. x betekent: te weinig "
    "antwoorden, niet gepubliceerd. Een ster (*) betekent: weinig antwoorden, lees het "
    "als voorbeeld.",
)

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMS = {
    "count": "#,##0",
    "share": "0%",
    "share_fine": "0.0%",
    "mean": "0.0",
    "days": "0.0",
    "seconds": "#,##0",
    "ratio": "0.00",
}
_BLUE, _PALE, _GREY, _WARM, _RULE = (
    "#154273",
    "#E8F0F8",
    "#595959",
    "#9A4100",
    "#C8D3DF",
)
_FIRST_WIDTH, _WIDTH = 34, 13


def workbook(study: Study, estimates: pd.DataFrame) -> bytes:
    """The whole *tabellenboek* of a measurement, from its protected estimates."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, _OPTIONS) as book:
        declared = study.measurement
        book.set_properties(
            {
                "title": f"Tabellenboek {declared.title}, {study.place_name}",
                "author": declared.report.author or declared.commissioner,
                "created": datetime.combine(declared.published, time()),
            }
        )
        _Book(book, study).write(sheets(study, estimates))
    return held.getvalue()


class _Book:
    """The pen: a workbook with its formats, each made once."""

    def __init__(self, book: Any, study: Study) -> None:
        self._book, self._study = book, study
        self._formats: dict[frozenset[tuple[str, Any]], Any] = {}

    def write(self, every: list[Sheet]) -> None:
        pages = [self._book.add_worksheet(n) for n in (CONTENTS, *_names(every))]
        self._contents(pages[0], every)
        for page, sheet in zip(pages[1:], every, strict=True):
            self._sheet(page, sheet)

    def _format(self, **look: Any) -> Any:
        key = frozenset(look.items())
        if key not in self._formats:
            self._formats[key] = self._book.add_format(_BASIC | look)
        return self._formats[key]

    def _contents(self, page: Any, every: list[Sheet]) -> None:
        declared = self._study.measurement
        page.hide_gridlines(2)
        page.set_column(0, 0, 62)
        page.set_column(1, 1, 30)
        page.set_column(2, 3, 12)
        title = f"{declared.title}, {self._study.place_name}"
        self._text(page, 0, 0, title, bold=True, font_size=16, font_color=_BLUE)
        about = f"Tabellenboek. {phrases.STATUS[declared.status]}, "
        self._text(page, 1, 0, about + f"{dutch.long_date(declared.published)}.")
        row = 2
        if declared.synthetic:
            self._text(page, row, 0, SYNTHETIC, bold=True, font_color=_WARM)
            row += 1
        for line in READING:
            page.set_row(row, 28)
            self._text(page, row, 0, line, text_wrap=True)
            row += 1
        row += 1
        heads = ("Tabblad", "Bron", "Totaal", "n")
        for place, head in enumerate(heads):
            align = {} if place < 2 else {"align": "right"}
            self._text(page, row, place, head, **_HEAD, **align)
        page.freeze_panes(row + 1, 0)
        for number, sheet in enumerate(every, start=row + 1):
            self._link(page, number, sheet.name, f"{sheet.name[:2]}  {sheet.title}")
            self._text(page, number, 1, sheet.source)
            self._cell(page, number, 2, sheet.total)
            self._cell(page, number, 3, sheet.answers)
        _printed(page, landscape=False)

    def _sheet(self, page: Any, sheet: Sheet) -> None:
        page.hide_gridlines(2)
        page.set_column(0, 0, _FIRST_WIDTH)
        page.set_column(1, max(len(b.columns) for b in sheet.blocks), _WIDTH)
        self._text(page, 0, 0, sheet.title, bold=True, font_size=14, font_color=_BLUE)
        facts = [f"Vraag: {sheet.question}"] if sheet.question else []
        facts.append(f"Bron: {sheet.source}")
        for row, fact in enumerate(facts, start=1):
            self._text(page, row, 0, fact)
        row = len(facts) + 1
        if self._study.measurement.synthetic:
            self._text(page, row, 0, SYNTHETIC, font_color=_WARM)
            row += 1
        self._link(page, row, CONTENTS, "Naar de inhoud")
        row += 2
        for block in sheet.blocks:
            row = self._block(page, row, block) + 1
        for note in sheet.notes:
            self._text(page, row, 0, note, font_color=_GREY)
            row += 1
        page.freeze_panes(0, 1)
        _printed(page, landscape=True)

    def _block(self, page: Any, row: int, block: Block) -> int:
        self._text(page, row, 0, f"Basis: {block.base}", bold=True)
        self._text(page, row + 1, 0, f"Methode: {block.method}", font_color=_GREY)
        row += 2
        for place, name in enumerate(("Uitsplitsing", "Groep")):
            page.set_row(row + place, 14 if place == 0 else 42)
            self._text(page, row + place, 0, name, **_HEAD)
            for number, column in enumerate(block.columns, start=1):
                look = {"align": "right", "text_wrap": bool(place)}
                self._text(page, row + place, number, column[place], **_HEAD, **look)
        row += 2
        for line in block.lines:
            look = (
                {"bold": True} if line.is_main else {"font_color": _GREY, "indent": 1}
            )
            look |= {"top": 1, "top_color": _RULE} if line.is_main else {}
            self._text(page, row, 0, line.name, text_wrap=True, **look)
            look.pop("indent", None)
            for number, cell in enumerate(line.cells, start=1):
                self._cell(page, row, number, cell, **look)
            row += 1
        return row

    def _cell(self, page: Any, row: int, column: int, cell: Cell, **look: Any) -> None:
        if cell.value is None:
            page.write_blank(row, column, None, self._format(**look))
        elif isinstance(cell.value, str):
            self._text(page, row, column, cell.value, align="right", **look)
        else:
            shown = _FORMS[cell.form] + ('"*"' if cell.is_indicative else "")
            style = self._format(num_format=shown, align="right", **look)
            page.write_number(row, column, cell.value, style)

    def _text(self, page: Any, row: int, column: int, text: str, **look: Any) -> None:
        page.write_string(row, column, safe_text(text), self._format(**look))

    def _link(self, page: Any, row: int, sheet: str, text: str) -> None:
        look = self._format(font_color="#0A5EA8", underline=1)
        page.write_url(row, 0, f"internal:'{sheet}'!A1", look, safe_text(text))


_BASIC = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_HEAD = {"bold": True, "font_color": _BLUE, "bg_color": _PALE, "bottom": 1}


def _names(every: list[Sheet]) -> list[str]:
    return [each.name for each in every]


def _printed(page: Any, *, landscape: bool) -> None:
    page.set_paper(9)
    if landscape:
        page.set_landscape()
        page.repeat_columns(0)
    else:
        page.fit_to_pages(1, 0)
    page.set_footer("&L&8&F&R&8&P van &N")
