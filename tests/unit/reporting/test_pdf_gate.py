"""The PDF gate sees every known fault (PUB §11) but one, each alone in a good report.

``BOTH`` are also seen by page-validation, ``OWN_ONLY`` by our gate alone; MP16 by
page-validation alone, which is why that runs over every report in the suite.
"""

import io
from collections.abc import Callable, Iterator
from typing import Any

import page as page_validation
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from kcc_research.reporting import document, pdf_gate
from kcc_research.reporting.pdf_exporter import PdfReportExporter

Change = Callable[[pikepdf.Pdf], Any]
UA_PART = "{http://www.aiim.org/pdfua/ns/id/}part"


@pytest.fixture(scope="module")
def pdf(synthetic_notebook) -> bytes:
    return PdfReportExporter().from_notebook_node(synthetic_notebook)[0]


def mutated(pdf: bytes, change: Change) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        target = io.BytesIO()
        opened.save(target)
    return target.getvalue()


def seen_by_gate(pdf: bytes, notebook: Any) -> list[str]:
    return [each.code for each in pdf_gate.check(pdf, notebook)]


def seen_by_validation(pdf: bytes) -> bool:
    profile = page_validation.ValidationProfile.PDF_UA_1
    return not page_validation.validate_pdf_bytes(pdf, profile=profile).is_compliant


def elements(pdf: pikepdf.Pdf, *kinds: str) -> list[Any]:
    def walk(node: Any) -> Iterator[Any]:
        if isinstance(node, Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, Dictionary):
            if str(node.get("/S")) in kinds:
                yield node
            yield from walk(node.get("/K"))

    return list(walk(pdf.Root.StructTreeRoot.K))


def _delete(holder: Any, name: str) -> None:
    del holder[name]


def _set(holder: Any, name: str, value: Any) -> None:
    holder[name] = value


def _retag(pdf: pikepdf.Pdf, old: str, new: str) -> None:
    for element in elements(pdf, old):
        element.S = Name(new)


def _without_metadata(pdf: pikepdf.Pdf, name: str) -> None:
    with pdf.open_metadata(update_docinfo=False) as metadata:
        del metadata[name]


def _nameless_headers(pdf: pikepdf.Pdf) -> None:
    """On a finished file Headers and ID alone are enough: remove all three."""
    for header in elements(pdf, "/TH"):
        for name in ("/A", "/ID"):
            if name in header:
                del header[name]
    for cell in elements(pdf, "/TD"):
        if "/A" in cell:
            del cell["/A"]
    del pdf.Root.StructTreeRoot["/IDTree"]


def _without_tabs(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        if "/Tabs" in page:
            del page["/Tabs"]


def _silent_links(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            if "/Contents" in annotation:
                del annotation["/Contents"]


def _untagged(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[-1]
    page.contents_add(b"q 0 0 10 10 re f Q")


BOTH: dict[str, tuple[Change, str]] = {
    "MP1 no Lang": (lambda p: _delete(p.Root, "/Lang"), "KCC-O070b"),
    "MP2 no StructTreeRoot": (
        lambda p: _delete(p.Root, "/StructTreeRoot"),
        "KCC-O070a",
    ),
    "MP3 no MarkInfo": (lambda p: _delete(p.Root, "/MarkInfo"), "KCC-O070a"),
    "MP4 Marked false": (
        lambda p: _set(p.Root.MarkInfo, "/Marked", False),
        "KCC-O070a",
    ),
    "MP5 Figure without Alt": (
        lambda p: _delete(elements(p, "/Figure")[0], "/Alt"),
        "KCC-O070f",
    ),
    "MP6 Figure with empty Alt": (
        lambda p: _set(elements(p, "/Figure")[0], "/Alt", String("")),
        "KCC-O070f",
    ),
    "MP7 every H2 to H4": (lambda p: _retag(p, "/H2", "/H4"), "KCC-O070h"),
    "MP8 no pdfuaid": (lambda p: _without_metadata(p, UA_PART), "KCC-O070e"),
    "MP9 no dc:title": (lambda p: _without_metadata(p, "dc:title"), "KCC-O070d"),
    "MP10 DisplayDocTitle false": (
        lambda p: _set(p.Root.ViewerPreferences, "/DisplayDocTitle", False),
        "KCC-O070c",
    ),
    "MP11 no Tabs": (_without_tabs, "KCC-O070i"),
    "MP12 Link without Contents": (_silent_links, "KCC-O070j"),
    # The handbook has this one with the next group: measured before rows had headers.
    "MP15 TH without Scope, ID and Headers": (_nameless_headers, "KCC-O070g"),
}
OWN_ONLY: dict[str, tuple[Change, str]] = {
    "MP13 Lang = en on Dutch": (
        lambda p: _set(p.Root, "/Lang", String("en")),
        "KCC-O070b",
    ),
    "MP14 TH to TD": (lambda p: _retag(p, "/TH", "/TD"), "KCC-O070g"),
    "MP17 Figure to Span": (
        lambda p: _set(elements(p, "/Figure")[0], "/S", Name.Span),
        "KCC-O070m",
    ),
}


def test_a_good_report_passes_also_after_saving(pdf: bytes, synthetic_notebook) -> None:
    untouched = mutated(pdf, lambda opened: None)
    assert seen_by_gate(untouched, synthetic_notebook) == []
    assert not seen_by_validation(untouched)


@pytest.mark.parametrize("name", BOTH)
def test_mutant_is_seen_by_both(name: str, pdf: bytes, synthetic_notebook) -> None:
    change, code = BOTH[name]
    broken = mutated(pdf, change)
    assert code in seen_by_gate(broken, synthetic_notebook)
    assert seen_by_validation(broken)


@pytest.mark.parametrize("name", OWN_ONLY)
def test_mutant_is_seen_by_our_gate_alone(
    name: str, pdf: bytes, synthetic_notebook
) -> None:
    change, code = OWN_ONLY[name]
    broken = mutated(pdf, change)
    assert code in seen_by_gate(broken, synthetic_notebook)
    assert not seen_by_validation(broken)


def test_mutant_mp16_of_untagged_content_is_seen_by_page_validation_alone(
    pdf: bytes, synthetic_notebook
) -> None:
    broken = mutated(pdf, _untagged)
    assert seen_by_gate(broken, synthetic_notebook) == []
    assert seen_by_validation(broken)


def test_all_seventeen_mutants_of_the_handbook_are_here() -> None:
    numbers = {int(name.split()[0][2:]) for name in BOTH | OWN_ONLY} | {16}
    assert numbers == set(range(1, 18))


def _without_row_header(pdf: pikepdf.Pdf) -> None:
    header = elements(pdf, "/TH")[-1]
    header.S = Name.TD


def _dead_id(pdf: pikepdf.Pdf) -> None:
    names = list(pdf.Root.StructTreeRoot.IDTree.Names)
    pdf.Root.StructTreeRoot.IDTree.Names = Array(names[:-2])


def _foreign_font(pdf: pikepdf.Pdf) -> None:
    for each in pdf.objects:
        if isinstance(each, Dictionary) and each.get("/Type") == "/FontDescriptor":
            each.FontName = Name("/ABCDEF+LastResort")
            return


def _base_font(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].Resources.Font.F99 = pdf.make_indirect(font)


def _loose_font(pdf: pikepdf.Pdf) -> None:
    for each in pdf.objects:
        if isinstance(each, Dictionary) and "/FontFile2" in each:
            del each["/FontFile2"]
            return


def _without_bookmarks(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.clear()


def _other_bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root[0].title = "Iets anders"


def _blank_page(pdf: pikepdf.Pdf, number: int) -> None:
    pdf.pages[number].Contents = pdf.make_stream(b"")


OWN: dict[str, tuple[Change, str]] = {
    "another title": (
        lambda p: _set_metadata(p, "dc:title", "Demonstratiegemeente"),
        "KCC-O070d",
    ),
    "another alt text": (
        lambda p: _set(elements(p, "/Figure")[0], "/Alt", String("Een kaart.")),
        "KCC-O070f",
    ),
    "row without header": (_without_row_header, "KCC-O070g"),
    "header id that leads nowhere": (_dead_id, "KCC-O070g"),
    "no bookmarks": (_without_bookmarks, "KCC-O070k"),
    "another heading": (_other_bookmark, "KCC-O070h"),
    "heading lost": (lambda p: _retag(p, "/H2", "/P"), "KCC-O070h"),
    "font that is not ours": (_foreign_font, "KCC-O070l"),
    "font that is not embedded": (_loose_font, "KCC-O070l"),
    "font of every reader": (_base_font, "KCC-O070l"),
    "quote lost": (lambda p: _retag(p, "/BlockQuote", "/Div"), "KCC-O070m"),
    "table lost": (
        lambda p: _set(elements(p, "/Table")[0], "/S", Name.Div),
        "KCC-O070m",
    ),
    "empty title page": (lambda p: _blank_page(p, 0), "KCC-O070n"),
    "page without its marks": (lambda p: _blank_page(p, 2), "KCC-O070o"),
}


def _set_metadata(pdf: pikepdf.Pdf, name: str, value: str) -> None:
    with pdf.open_metadata(update_docinfo=False) as metadata:
        metadata[name] = value


@pytest.mark.parametrize("name", OWN)
def test_our_own_mutant_is_seen(name: str, pdf: bytes, synthetic_notebook) -> None:
    change, code = OWN[name]
    assert code in seen_by_gate(mutated(pdf, change), synthetic_notebook)


def test_a_page_without_watermark_is_seen(pdf: bytes, synthetic_notebook) -> None:
    found = pdf_gate.check(
        mutated(pdf, lambda p: _blank_page(p, 2)), synthetic_notebook
    )
    assert any("watermark on pages [3]" in each.title for each in found)


def test_the_pdf_of_another_notebook_is_seen(
    pdf: bytes, build_notebook, make_cell
) -> None:
    quote = make_cell("q", lambda: document.quote("Goed.", "ondernemer", "extra"))
    other = build_notebook(status="definitief", synthetic=True, extra=(quote,))
    assert set(seen_by_gate(pdf, other)) == {"KCC-O070m", "KCC-O070n"}
