"""The PDF of a report: both standards, words unchanged, the same bytes every time."""

import hashlib
import io
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import Any

import nbformat
import pikepdf
import pytest
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_output

from kcc_research.errors import OutputError
from kcc_research.reporting import document, pdf_exporter, pdf_gate, phrases
from kcc_research.reporting.notebook_check import read
from kcc_research.reporting.pdf_exporter import PdfReportExporter
from kcc_research.reporting.pdf_text import page_text, squeezed
from tests.pdf_standards import standard_failures

SPECIAL = r"# $ * _ @ < > \ #let x = [1] // /* ~ = - + 'q' \"r\" fi ffl"


def rendered(notebook: Any, *, draft: bool = False) -> bytes:
    return PdfReportExporter(draft=draft).from_notebook_node(notebook)[0]


def texts(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [page_text(each) for each in opened.pages]


@pytest.fixture(scope="module")
def pdf(report_notebook) -> bytes:
    return rendered(report_notebook)


@pytest.mark.parametrize("status", ["concept", "wederhoor", "definitief"])
@pytest.mark.parametrize("synthetic", [False, True])
def test_every_report_meets_both_standards_and_the_gate(
    build_notebook, status: str, synthetic: bool
) -> None:
    notebook = build_notebook(status=status, synthetic=synthetic)
    made = rendered(notebook)
    assert pdf_gate.check(made, notebook) == []
    assert standard_failures(made) == []


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not there"
)
@pytest.mark.parametrize("rows", [3, 40])
def test_a_narrow_table_does_not_break_its_words_however_long_it_is(
    build_notebook, make_cell, tmp_path, rows: int
) -> None:
    classes = [f"{15 * at}–{15 * at + 15} seconden" for at in range(rows)]
    waits = document.Table(
        id="tabel-lang",
        caption="Wachttijd in klassen",
        columns=("Klasse", "Aantal", "Aandeel"),
        rows=tuple((each, "1.100", "60%") for each in classes),
        note="Een klasse is langer dan de ondergrens en hoogstens de bovengrens.",
    )
    notebook = build_notebook()
    notebook.cells.append(make_cell("lang", lambda: document.table(waits)))
    (tmp_path / "r.pdf").write_bytes(rendered(notebook))
    words = ["pdftotext", "-layout", str(tmp_path / "r.pdf"), "-"]
    told = subprocess.run(words, check=True, capture_output=True, encoding="utf-8")
    lines = told.stdout.splitlines()
    for each in classes:
        assert any(each in line and "1.100" in line for line in lines), each


def test_a_report_without_logo_and_figures_is_good_too(
    build_notebook,
) -> None:
    notebook = build_notebook(logo=None)
    notebook.cells = [
        cell for cell in notebook.cells if cell.id not in ("cel-figuur", "cel-metingen")
    ]
    made = rendered(notebook)
    assert pdf_gate.check(made, notebook) == []
    assert standard_failures(made) == []
    assert not any(squeezed(phrases.APPENDIX) in text for text in texts(made))


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not there"
)
def test_special_characters_are_unchanged(
    build_notebook, make_cell, make_study, tmp_path
) -> None:
    table = document.Table(
        "bijzonder", SPECIAL, (SPECIAL, "b"), ((SPECIAL, "7"),), SPECIAL
    )
    notebook = build_notebook(
        extra=(
            make_cell("a", lambda: document.text(f"`{SPECIAL}`")),
            make_cell("b", lambda: document.quote(SPECIAL, SPECIAL, "bijzonder-2")),
            make_cell("c", lambda: document.table(table)),
        )
    )
    notebook.cells[2] = make_cell(
        "t", lambda: document.title(make_study(commissioner=SPECIAL))
    )
    made = rendered(notebook)
    (tmp_path / "rapport.pdf").write_bytes(made)
    shown = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "rapport.pdf"), "-"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    # code, quote and speaker, caption, header, cell and note, title page
    assert squeezed(shown).count(squeezed(SPECIAL)) >= 8
    assert pdf_gate.check(made, notebook) == []
    assert standard_failures(made) == []


def test_two_runs_give_the_same_bytes(build_notebook) -> None:
    runs = [rendered(build_notebook(synthetic=True)) for _ in range(2)]
    assert len({hashlib.sha256(each).hexdigest() for each in runs}) == 1


def test_date_is_the_published_one(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.docinfo["/CreationDate"]).startswith("D:20240329")
        with opened.open_metadata() as metadata:
            assert metadata["xmp:CreateDate"].startswith("2024-03-29")


def test_author_and_description_are_in_the_metadata(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
        assert list(metadata["dc:creator"]) == ["Team Onderzoek en Statistiek"]
        assert "dienstverlening" in metadata["dc:description"]


def test_pages_are_numbered_and_carry_the_title(pdf: bytes) -> None:
    pages = texts(pdf)
    assert "Pagina" not in pages[0]
    for number, text in enumerate(pages[1:], start=2):
        assert f"Pagina{number}van{len(pages)}" in text
        assert "2-metingklantbelevingNoordwijk2023" in text


def test_data_behind_figures_stand_in_the_appendix(pdf: bytes) -> None:
    last = texts(pdf)[-1]
    assert squeezed("Gegevens bij figuur 1. Aantal inwoners per rapportcijfer") in last
    assert squeezed("Gegevens bij figuur 2.") in last


def test_an_appendix_that_is_too_long_is_left_out_whole(
    build_notebook, make_cell, make_figure
) -> None:
    def long_figure() -> None:
        figure = make_figure()
        rows = tuple((f"rij {number}", "6,6") for number in range(900))
        data = replace(figure.data, id="lang", columns=("Rij", "Cijfer"), rows=rows)
        document.figure(replace(figure, id="figuur-lang", data=data))

    notebook = build_notebook(extra=(make_cell("lang", long_figure),))
    made = rendered(notebook)
    pages = texts(made)
    assert squeezed(phrases.APPENDIX_LEFT_OUT) in pages[-1]
    assert not any("Gegevensbijfiguur" in text for text in pages)
    assert pdf_gate.check(made, notebook) == []
    assert standard_failures(made) == []


def test_appendix_of_exactly_the_limit_is_kept(
    monkeypatch: pytest.MonkeyPatch, report_notebook
) -> None:
    monkeypatch.setattr(pdf_exporter, "MOST_APPENDIX_PAGES", 1)
    assert "Gegevensbijfiguur1." in texts(rendered(report_notebook))[-1]
    monkeypatch.setattr(pdf_exporter, "MOST_APPENDIX_PAGES", 0)
    assert "Gegevensbijfiguur1." not in texts(rendered(report_notebook))[-1]


def test_a_missing_glyph_is_refused_by_name_of_cell(build_notebook, make_cell) -> None:
    extra = (make_cell("cel-teken", lambda: document.text("Dit is 文.")),)
    with pytest.raises(OutputError, match="cel-teken: 文"):
        rendered(build_notebook(extra=extra))


def test_faults_are_refused_all_at_once(build_notebook, make_markdown) -> None:
    output = new_output("error", ename="E", evalue="Jansen", traceback=[])
    extra = (new_code_cell("x", id="c", outputs=[output]), make_markdown("d", "<b>"))
    with pytest.raises(OutputError) as caught:
        rendered(build_notebook(extra=extra))
    assert [each.code for each in caught.value.problems] == ["KCC-O067", "KCC-O065"]


def test_a_draft_shows_what_it_can_and_lists_the_faults(
    build_notebook, make_markdown, png_pixel
) -> None:
    ragged = {"id": "r", "caption": "c", "columns": [], "rows": [["1"]]}
    record = {"kind": "table", "note": "", "align": [], "layout": "table"} | ragged
    outputs = [
        new_output("stream", name="stdout", text="regel #let <b>"),
        new_output(
            "display_data", data={"image/png": png_pixel, "text/plain": "Figuur"}
        ),
        new_output(
            "display_data", data={"text/plain": "kaal"}, metadata={"kcc": record}
        ),
    ]
    source = "# Nog een\n\n#### Diep\n\n![x](y) $x_1$ [weg](#weg) 文"
    extra = (
        new_code_cell("x", id="cel-zwerf", outputs=outputs),
        make_markdown("cel-tekst", source),
    )
    made = rendered(build_notebook(extra=extra), draft=True)
    pages = texts(made)
    assert squeezed(phrases.FAULTS) in pages[1]
    assert "cel-zwerf" in pages[1] and "cel-tekst" in pages[1]
    assert all("CONCEPT" in text for text in pages)
    assert "StatusConcept" in pages[0]
    assert any("regel#let<b>" in text for text in pages)
    assert any("kaal" in text for text in pages)
    assert standard_failures(made) == []


def test_a_draft_without_faults_or_title_is_rendered(make_markdown) -> None:
    notebook = nbformat.v4.new_notebook(cells=[make_markdown("a", "## Kop")])
    pages = texts(rendered(notebook, draft=True))
    assert "Rapportzondertitel" in pages[0]


def test_what_typst_refuses_is_an_output_error(
    monkeypatch: pytest.MonkeyPatch, report_notebook
) -> None:
    monkeypatch.setattr(pdf_exporter, "source", lambda *_, **__: "#panic()")
    with pytest.raises(OutputError, match="KCC-O070"):
        rendered(report_notebook)


def test_nbconvert_knows_it_by_name() -> None:
    assert get_exporter("kcc_pdf") is PdfReportExporter
    assert PdfReportExporter().file_extension == ".pdf"


def test_nbconvert_makes_it_from_the_command_line(
    tmp_path, report_notebook, pdf
) -> None:
    source = tmp_path / "rapport.ipynb"
    nbformat.write(report_notebook, source)
    call = [sys.executable, "-m", "nbconvert", "--to", "kcc_pdf", str(source)]
    subprocess.run(call, check=True, capture_output=True, cwd=tmp_path)
    assert (tmp_path / "rapport.pdf").read_bytes() == pdf


def test_a_cell_with_the_tag_opens_a_page(build_notebook):
    notebook = build_notebook()
    cell = next(each for each in notebook.cells if each.id == "cel-kanalen")
    without = pdf_exporter.source(read(notebook))
    cell.metadata["tags"] = ["nieuwe-pagina"]
    opened = pdf_exporter.source(read(notebook))

    assert opened.count("#pagebreak") == without.count("#pagebreak") + 1
    break_at = opened.index("#pagebreak", opened.index("#contents()") + 1)
    assert opened[break_at:].splitlines()[1].startswith("#anchored(heading(level: 1")
    assert "Kanalen" in opened[break_at:].splitlines()[1]
