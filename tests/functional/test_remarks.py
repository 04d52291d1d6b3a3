"""A measurement of conversations only, from raw file to published report."""

import csv
import re

import pytest
from bs4 import BeautifulSoup

from tests import remarks_study
from tests.ready_command import ready_kcc
from tests.remarks_study import HELPED, KEY, MEASUREMENT, WAITED, line, quote
from tests.tiny_workspace import write_notebook
from tests.workspaces import (
    REPOSITORY,
)

OWN = """\
[notebooks]
analyse = "notebooks/gesprekken_analyse.ipynb"
report = "notebooks/gesprekken_rapport.ipynb"
"""
LOAD = (
    f'measurement: str = "{KEY}"  # welke meting',
    "import kcc_research as kcc\n\nm = kcc.load_measurement(measurement)",
)
ANALYSE = (
    *LOAD,
    "remarks = {source: kcc.load_responses(m, source) for source in m.schemes}",
    "estimates = kcc.combine(\n"
    "    kcc.estimate_remarks(m, source, rows) for source, rows in remarks.items()\n"
    ")",
    "kcc.save_results(\n"
    "    m,\n    estimates,\n    kcc.combine([]),\n    kcc.judge_norms(m, estimates),\n"
    "    remarks=remarks,\n)",
)
REPORT = (
    *LOAD,
    "estimates, comparisons, verdicts = kcc.load_results(m)\n"
    'quotes = kcc.load_quotes(m)\nsource = "gesprekken"',
    "kcc.title(m)",
    'kcc.text("## Samenvatting")\nkcc.text(kcc.describe_remarks(m, estimates, source))',
    'kcc.text("## Thema’s en bronnen")\n'
    "kcc.figure(kcc.plot_remark_matrix(m, estimates, source))\n"
    "kcc.table(kcc.tabulate_remark_themes(m, estimates, source))",
    'kcc.text("## Wat mensen zeiden")\n'
    "for theme in kcc.list_remark_themes(m, estimates, source):\n"
    "    kcc.text(kcc.describe_remark_theme(m, estimates, source, theme))\n"
    "    for each in kcc.select_quotes(quotes, source, theme):\n"
    "        kcc.quote(each.text, each.speaker, each.id)",
    'kcc.text("## Verantwoording")\n'
    "kcc.text(kcc.describe_agreement(m, estimates, source))\n"
    "kcc.table(kcc.tabulate_agreement(m, estimates, source))\n"
    "kcc.table(kcc.tabulate_speakers(m, estimates, source))\n"
    "kcc.table(kcc.tabulate_remark_definitions(m, source))\n"
    "kcc.text(kcc.describe_cleaning(m, kcc.load_account(m)))",
)


def conversations():
    """The tiny study with ten more people in the panel, so that it can be shown."""
    lines = remarks_study.rows()
    return lines + [
        line(f"F{number}", f"g{number}", "DUID", bron="panel", valence="-")
        for number in range(40, 50)
    ]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = remarks_study.write_study(
        tmp_path_factory.mktemp("gesprekken"),
        conversations(),
        measurement=MEASUREMENT.replace("[[source]]", f"{OWN}[[source]]"),
        quotes=quote("F01", WAITED) + quote("F21", HELPED),
    )
    notebooks = root / "notebooks"
    notebooks.mkdir()
    shipped = (REPOSITORY / "notebooks" / "12_clean_remarks.ipynb").read_bytes()
    (notebooks / "12_clean_remarks.ipynb").write_bytes(shipped)
    write_notebook(notebooks / "gesprekken_analyse.ipynb", ANALYSE, "Analyse")
    write_notebook(notebooks / "gesprekken_rapport.ipynb", REPORT, "Rapport")
    (root / "requirements.lock").write_text("pandas==3.1.1\n")
    done = ready_kcc(root, "run", KEY)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def page(root):
    return BeautifulSoup(
        (root / "outputs" / KEY / "report.html").read_text(encoding="utf-8"),
        "html.parser",
    )


def test_the_published_table_holds_counts_of_people(root):
    path = root / "outputs" / KEY / "tables" / "estimates.csv"
    with path.open(encoding="utf-8") as file:
        rows = [each for each in csv.DictReader(file) if each["indicator"] == "thema"]

    found = {(each["group"], each["category"]): each for each in rows}
    assert found["totaal", "snelheid"]["estimate"] == "11"
    assert found["totaal", "snelheid"]["n"] == "23"
    assert found["inwonerspanel", "duidelijkheid"]["estimate"] == "12"
    assert {each["statistic"] for each in rows} == {"count"}
    assert {each["ci_low"] for each in rows} == {""}


def test_ticked_words_stand_under_their_theme(page):
    quotes = page.find_all("blockquote")

    said = [each.get_text(" ", strip=True) for each in quotes]
    assert [WAITED in said[0], HELPED in said[1], len(said)] == [True, True, 2]
    assert all("bezoeker" in each for each in said)
    headings = [each.find_previous("h3").get_text(strip=True) for each in quotes]
    assert [each.split()[-1] for each in headings] == ["Snelheid", "Maatwerk"]


def test_no_percentage_of_people_is_said(page):
    words = page.find("main").get_text(" ", strip=True).replace("95%-marge", "")

    assert not re.search(r"\d%", words)
    assert "laten zien wat er voorkomt, niet hoe vaak" in words


def test_nobody_can_be_found_in_what_is_published(root):
    published = [each for each in (root / "outputs").rglob("*") if each.is_file()]
    kept = [
        each
        for each in (root / "data" / "processed" / KEY).rglob("*")
        if each.is_file() and "runs" not in each.parts
    ]

    assert published and kept
    for path in (*published, *kept):
        content = path.read_bytes()
        assert b"12345678" not in content
        assert b"g13" not in content


def test_fragments_stay_behind(root):
    report = (root / "outputs" / KEY / "report.html").read_text(encoding="utf-8")
    results = root / "data" / "processed" / KEY / "results"

    assert "F21" not in report
    assert b"F21" not in (results / "quotes.parquet").read_bytes()
