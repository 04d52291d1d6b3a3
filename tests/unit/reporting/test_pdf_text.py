"""Text of a page, against what poppler reads, and the tables of codes by hand."""

import io
import shutil
import subprocess

import pikepdf
import pytest

from kcc_research.reporting.pdf_exporter import PdfReportExporter
from kcc_research.reporting.pdf_text import (
    _texts,
    _unicode_table,
    page_text,
    page_texts,
    squeezed,
)


def test_squeezed_drops_every_kind_of_white_space() -> None:
    assert squeezed("n\u00a0= 3\n53\t") == "n=353"


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not there"
)
def test_words_equal_those_of_another_reader(report_notebook, tmp_path) -> None:
    made = PdfReportExporter().from_notebook_node(report_notebook)[0]
    (tmp_path / "rapport.pdf").write_bytes(made)
    with pikepdf.open(io.BytesIO(made)) as opened:
        for number, page in enumerate(opened.pages, start=1):
            span = ["-f", str(number), "-l", str(number)]
            other = subprocess.run(
                ["pdftotext", "-raw", *span, str(tmp_path / "rapport.pdf"), "-"],
                check=True,
                capture_output=True,
                encoding="utf-8",
            ).stdout
            # The order of header and body differs; the characters may not. Poppler
            # also reports the joiners by which typst keeps a box in its line.
            visible = squeezed(other).replace("\u2060", "")
            assert sorted(page_text(page)) == sorted(visible)


def test_every_text_of_a_page_is_in_its_text_objects(report_notebook) -> None:
    made = PdfReportExporter().from_notebook_node(report_notebook)[0]
    with pikepdf.open(io.BytesIO(made)) as opened:
        for page in opened.pages:
            texts = pikepdf.Stream(opened, _texts(page))
            of_all, of_texts = (
                [(str(e.operator), str(e.operands)) for e in parsed]
                for parsed in (
                    pikepdf.parse_content_stream(page, "Tf Tj TJ"),
                    pikepdf.parse_content_stream(texts, "Tf Tj TJ"),
                )
            )
            assert of_all == of_texts != []
        one_by_one = [page_text(page) for page in opened.pages]
        assert page_texts(opened.pages) == one_by_one


def test_codes_are_read_one_by_one_and_in_ranges() -> None:
    stream = (
        b"2 beginbfchar <0001> <0041> <0002> <00660069> endbfchar "
        b"1 beginbfrange <0010> <0012> <0061> endbfrange"
    )
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(ToUnicode=pikepdf.Stream(pdf, stream))
        assert _unicode_table(font) == {
            b"\x00\x01": "A",
            b"\x00\x02": "fi",
            b"\x00\x10": "a",
            b"\x00\x11": "b",
            b"\x00\x12": "c",
        }


def test_a_font_without_a_table_says_nothing() -> None:
    assert _unicode_table(pikepdf.Dictionary()) == {}
