"""The HTML of a report: structure, escaping, drafts, the same bytes every time."""

import hashlib
import json
import subprocess
import sys
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_output

from kcc_research.errors import OutputError
from kcc_research.reporting import document, html_gate
from kcc_research.reporting.html_exporter import HtmlReportExporter

ATTACK = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def rendered(notebook: Any, *, draft: bool = False) -> str:
    page, _ = HtmlReportExporter(draft=draft).from_notebook_node(notebook)
    return page


@pytest.fixture(scope="module")
def soup(report_notebook) -> BeautifulSoup:
    return BeautifulSoup(rendered(report_notebook), "html.parser")


@pytest.mark.parametrize("name", ["report_notebook", "synthetic_notebook"])
def test_a_good_report_passes_the_gate(
    name: str, request: pytest.FixtureRequest
) -> None:
    notebook = request.getfixturevalue(name)
    assert html_gate.check(rendered(notebook), notebook) == []


@pytest.mark.parametrize("status", ["concept", "wederhoor", "definitief"])
def test_every_status_passes_the_gate(build_notebook, status: str) -> None:
    notebook = build_notebook(status=status, logo=None)
    assert html_gate.check(rendered(notebook), notebook) == []


def test_skeleton_of_the_page(soup: BeautifulSoup) -> None:
    body = [each.name for each in soup.body.find_all(recursive=False)]
    assert body == ["a", "header", "div", "footer"]
    assert [
        each.name for each in soup.select_one("div.frame").find_all(recursive=False)
    ] == [
        "nav",
        "main",
    ]
    assert soup.html["lang"] == "nl"


def test_contents_list_the_chapters(soup: BeautifulSoup) -> None:
    assert [each.get_text() for each in soup.select("nav a")] == [
        "Samenvatting",
        "Rapportcijfers",
        "Kanalen",
        "Verantwoording",
    ]


def test_data_stand_after_the_figure_and_not_in_it(soup: BeautifulSoup) -> None:
    for figure in soup.find_all("figure"):
        assert figure.find("table") is None
        assert figure.find_next_sibling().name == "details"
    assert soup.details.caption.get_text().startswith("Gegevens bij figuur 1. ")


def test_numbers_are_set_right_and_row_headers_are_headers(soup: BeautifulSoup) -> None:
    row = soup.select_one("#tabel-kanalen tbody tr")
    assert [each.name for each in row.find_all(["th", "td"])] == ["th"] + ["td"] * 4
    assert all(each["class"] == ["number"] for each in row.find_all("td"))
    assert soup.select_one("#tabel-kanalen").find_next("p", class_="note").get_text()


def test_markdown_tables_have_row_headers_too(soup: BeautifulSoup) -> None:
    row = soup.select_one("table.prose tbody tr")
    assert row.th["scope"] == "row"
    assert row.th.get_text() == "Telefoon binnen 30 seconden"


def test_no_code_of_cells_is_shown(soup: BeautifulSoup) -> None:
    assert "# bron" not in soup.get_text()
    assert "weging = telling / verwacht" in soup.pre.get_text()


def test_nothing_that_is_shown_comes_alive(
    build_notebook, make_cell, make_study
) -> None:
    table = document.Table("aanval", ATTACK, (ATTACK, "b"), ((ATTACK, ATTACK),), ATTACK)
    notebook = build_notebook(
        extra=(
            make_cell("a", lambda: document.table(table)),
            make_cell("b", lambda: document.quote(ATTACK, ATTACK, "aanval-2")),
            make_cell("c", lambda: document.text(f"`{ATTACK}`")),
        )
    )
    title = make_cell("t", lambda: document.title(make_study(commissioner=ATTACK)))
    notebook.cells[2] = title
    page = rendered(notebook)
    found = BeautifulSoup(page, "html.parser")
    assert found.find("script") is None
    assert not [each for each in found.find_all(True) if each.has_attr("onerror")]
    assert found.get_text().count(ATTACK) >= 9
    assert html_gate.check(page, notebook) == []


def test_faults_are_refused_all_at_once(build_notebook, make_markdown) -> None:
    output = new_output("stream", name="stdout", text="klaar")
    extra = (new_code_cell("x", id="c", outputs=[output]), make_markdown("d", "<b>"))
    with pytest.raises(OutputError) as caught:
        rendered(build_notebook(extra=extra))
    assert [each.code for each in caught.value.problems] == ["KCC-O067", "KCC-O065"]


def test_a_draft_shows_what_it_can_and_lists_the_faults(
    build_notebook, make_markdown
) -> None:
    outputs = [
        new_output("stream", name="stdout", text="regel <b>"),
        new_output(
            "display_data", data={"image/png": "AAAA", "text/plain": "<Figure>"}
        ),
    ]
    extra = (
        new_code_cell("x", id="cel-zwerf", outputs=outputs),
        make_markdown("d", "Een <script>alert(1)</script>"),
    )
    page = BeautifulSoup(
        rendered(build_notebook(extra=extra), draft=True), "html.parser"
    )
    listed = [each.get_text() for each in page.select(".faults li")]
    assert len(listed) == 3
    assert "cel-zwerf" in listed[0]
    assert page.select_one(".faults ol")["lang"] == "en"
    assert page.select_one(".watermark").get_text() == "CONCEPT"
    assert "Status: concept" in page.header.get_text()
    assert [each.get_text() for each in page.select(".stray pre")] == [
        "regel <b>",
        "<Figure>",
    ]
    assert page.find("script") is None


def test_a_draft_without_faults_says_so(report_notebook) -> None:
    page = rendered(report_notebook, draft=True)
    assert "Er zijn geen fouten gevonden" in page


def test_two_runs_give_the_same_bytes(build_notebook) -> None:
    pages = [rendered(build_notebook(synthetic=True)).encode() for _ in range(2)]
    assert len({hashlib.sha256(each).hexdigest() for each in pages}) == 1


def test_a_report_is_small_and_loads_nothing(report_notebook) -> None:
    page = rendered(report_notebook)
    assert len(page.encode()) < 150_000
    sources = [
        each["src"] for each in BeautifulSoup(page, "html.parser").select("[src]")
    ]
    assert len(sources) == 3
    assert all(each.startswith("data:image/svg+xml;base64,") for each in sources)


def test_a_foreign_template_cannot_be_asked_for(report_notebook) -> None:
    page, _ = HtmlReportExporter(template_name="lab").from_notebook_node(
        report_notebook
    )
    assert html_gate.check(page, report_notebook) == []


def test_the_notebook_is_left_as_it_was(report_notebook) -> None:
    before = json.dumps(report_notebook)
    rendered(report_notebook)
    assert json.dumps(report_notebook) == before


def test_nbconvert_knows_it_by_name() -> None:
    assert get_exporter("kcc_html") is HtmlReportExporter
    assert HtmlReportExporter().file_extension == ".html"


@pytest.mark.parametrize("draft", [False, True])
def test_nbconvert_makes_it_from_the_command_line(
    tmp_path, report_notebook, draft: bool
) -> None:
    source = tmp_path / "rapport.ipynb"
    nbformat.write(report_notebook, source)
    flag = ["--HtmlReportExporter.draft=True"] if draft else []
    call = [sys.executable, "-m", "nbconvert", "--to", "kcc_html", str(source), *flag]
    subprocess.run(call, check=True, capture_output=True, cwd=tmp_path)
    page = (tmp_path / "rapport.html").read_text(encoding="utf-8")
    assert ("CONCEPT" in page) is draft
