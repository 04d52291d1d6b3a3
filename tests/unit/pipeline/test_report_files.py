"""What of a report notebook goes out, and what stays at home."""

import json

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kcc_research.errors import OutputError
from kcc_research.estimation import tables
from kcc_research.pipeline import report_files
from kcc_research.pipeline.results import Results

SECRET = "Mevr. Jansen 06-12345678"
PICTURE = {"kcc": {"kind": "figure", "id": "geheim"}}


def shown(text):
    data = {"text/markdown": text, "text/plain": text}
    return new_output("display_data", data, metadata={"kcc": {"kind": "prose"}})


@pytest.fixture
def notebook():
    svg = new_output("display_data", {"image/svg+xml": "<svg/>"}, metadata=PICTURE)
    intern = {"tags": ["intern"]}
    cells = [
        new_markdown_cell("# Voor wie dit onderhoudt", metadata=intern),
        new_code_cell(
            f"print({SECRET!r})",
            metadata=intern,
            outputs=[new_output("stream", text=SECRET), shown(SECRET), svg],
        ),
        new_markdown_cell("## Samenvatting"),
        new_code_cell(
            "kcc.text(a)",
            outputs=[
                shown("Het cijfer is een 6,8."),
                new_output("stream", text=SECRET),
                new_output("execute_result", {"text/plain": SECRET}),
                new_output("error", ename="E", evalue=SECRET, traceback=[SECRET]),
            ],
        ),
    ]
    widgets = {"application/vnd.jupyter.widget-state+json": {"state": SECRET}}
    return new_notebook(cells=cells, metadata={"widgets": widgets})


@pytest.fixture
def no_gates(monkeypatch):
    monkeypatch.setattr(report_files, "_html", lambda *_, **__: "")
    monkeypatch.setattr(report_files, "_pdf", lambda *_, **__: b"")
    monkeypatch.setattr(report_files, "_gates", lambda *_: [])


def publish(notebook):
    results = Results(
        tables.tidy(pd.DataFrame(), tables.ESTIMATE_COLUMNS),
        tables.empty_comparisons(),
        tables.empty_verdicts(),
    )
    return report_files.publication(notebook, results, synthetic=True)


def test_nothing_goes_out_that_no_gate_saw(notebook, no_gates):
    files = publish(notebook)
    assert b"Jansen" not in b"".join(files.values())
    assert not [name for name in files if name.startswith("figures/")]
    published = nbformat.reads(files["report.ipynb"].decode(), as_version=4)
    nbformat.validate(published)
    assert [each.source for each in published.cells] == [
        "# Voor wie dit onderhoudt",
        "## Samenvatting",
        "kcc.text(a)",
    ]
    [output] = published.cells[-1].outputs
    assert output.data["text/plain"] == "Het cijfer is een 6,8."


def test_the_notebook_of_the_run_keeps_everything(notebook, no_gates):
    before = json.dumps(notebook)
    publish(notebook)
    assert json.dumps(notebook) == before


def page_with(*targets):
    links = "".join(f'<a href="{each}">Noordwijk</a>' for each in targets)
    return f"<html><body>{links}</body></html>".encode()


class TestLinksWithinAPublication:
    def test_pages_that_are_there(self):
        files = {
            "report.html": page_with("profiles/noordwijk.html", "https://x.nl", "#kop"),
            "profiles/noordwijk.html": page_with("../report.html"),
        }
        report_files.require_links(files)

    def test_a_page_that_is_not_there_is_named_with_where_it_was_asked_for(self):
        files = {
            "report.html": page_with("profiles/noordwijk.html", "profiles/leiden.html"),
            "profiles/noordwijk.html": page_with("../report.html"),
        }
        with pytest.raises(OutputError) as error:
            report_files.require_links(files)
        [found] = error.value.problems
        assert (found.code, found.file) == ("KCC-O066t", "report.html")
        assert "profiles/leiden.html" in found.title
