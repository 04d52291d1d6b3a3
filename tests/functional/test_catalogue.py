"""outputs/index.html after runs, statuses and comparisons: what stands, and why."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from kcc_research.cli import app
from kcc_research.pipeline.catalogue_standing import in_dutch
from kcc_research.pipeline.workspace import Workspace

pytestmark = pytest.mark.usefixtures("ready_kernels")

SECRET = "jansen"


@pytest.fixture
def desk(tmp_path, tiny, monkeypatch):
    root = tiny.make_workspace(tmp_path / "project")
    monkeypatch.setenv("KCC_HOME", str(root))
    monkeypatch.delenv("KCC_STAGING", raising=False)
    return Workspace(root)


def call(*words, expected=0):
    shown = CliRunner().invoke(app, list(words))
    assert shown.exit_code == expected, shown.output


def listed(desk):
    page = BeautifulSoup(desk.catalogue.read_bytes(), "html.parser")
    text = " ".join(page.tbody.get_text(" ").replace("\xa0", " ").split())
    return text, {each["href"] for each in page.tbody.find_all("a")}


def test_the_list_says_what_is_stale_or_failed_and_leads_to_the_changes(desk, tiny):
    raw = desk.raw(tiny.KEY) / "algemeen.csv"
    answers = raw.read_text()
    call("run", tiny.KEY)
    good, links = listed(desk)
    assert "Verouderd" not in good and "Mislukt" not in good
    assert f"{tiny.KEY}/changes.html" not in links

    raw.write_text(answers.replace("8", "9"))
    call("status")
    told, _ = listed(desk)
    why = "Verouderd: opschonen algemeen: bronbestand algemeen.csv is veranderd"
    assert why in told

    raw.write_text(answers.replace("8", SECRET))
    call("run", tiny.KEY, expected=1)
    told, links = listed(desk)
    assert "Mislukt: bij opschonen algemeen: " in told and "KCC-" in told
    assert SECRET not in told
    assert f"{tiny.KEY}/report.html" in links, "what was published is still there"

    raw.write_text(answers.replace("8", "9"))
    call("run", tiny.KEY)
    call("diff", tiny.KEY)
    told, links = listed(desk)
    assert "Verouderd" not in told and "Mislukt" not in told
    assert f"{tiny.KEY}/changes.html" in links
    before = desk.catalogue.read_bytes()
    call("status")
    assert desk.catalogue.read_bytes() == before


def test_what_failed_before_there_was_a_report_is_listed_without_one(desk, tiny):
    (desk.raw(tiny.KEY) / "algemeen.csv").unlink()
    call("run", tiny.KEY, expected=1)
    told, links = listed(desk)
    assert told.startswith("Proefmeting Klantbeleving, 2024 Teststad")
    assert "Mislukt: bij opschonen algemeen" in told and "Nog geen rapport." in told
    assert links == set()


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("was not run yet", "nog niet gedaan"),
        ("definition algemeen.toml is new", "definitie algemeen.toml is nieuw"),
        ("notebook a.ipynb changed: cell 3", "notebook a.ipynb is veranderd"),
        ("version of pandas changed", "versie van pandas is veranderd"),
        ("report.html was changed", "report.html is veranderd"),
        ("parameters changed", "parameters zijn veranderd"),
        (
            "builds on nl/a, which is not up to date",
            "bouwt op nl/a, dat niet bij is",
        ),
        ("iets onbekends", "iets onbekends"),
    ],
)
def test_reasons_are_dutch(reason, expected):
    assert in_dutch(reason) == expected
