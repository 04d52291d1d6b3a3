"""Two municipalities run, released, put side by side; one is withdrawn."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from bs4 import BeautifulSoup

from kcc_research import dutch
from kcc_research.pipeline import demo, release_catalogue
from kcc_research.pipeline.release import Signatures, release
from kcc_research.pipeline.run import Runner
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.withdrawal import Withdrawal, withdraw
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.measurement_key import list_keys
from tests.workspaces import REPOSITORY

pytestmark = pytest.mark.usefixtures("ready_kernels")

DAY = date(2025, 2, 3)
SIGNED = Signatures("Anouk de Maker", "Bram de Controleur")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A workspace with two sound reports that may be released."""
    to = tmp_path_factory.mktemp("proef") / "werkplek"
    made = demo.make(Workspace(REPOSITORY), to, 2)
    assert demo.faulty_keys(2) == {}
    for key in list_keys(made.root):
        path = made.study(key) / "measurement.toml"
        text = path.read_text("utf-8") + '[report]\nlicense = "CC-BY-4.0"\n'
        path.write_text(text, "utf-8")
    found = Store(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCC_HOME", str(made.root))
        assert all(each.is_good for each in Runner(found).run(list_keys(made.root)))
    return found


def page(folder):
    return BeautifulSoup((folder / "benchmark.html").read_bytes(), "html.parser")


def headline(store, key):
    """Grade, margin and n of the headline, from the published table."""
    path = store.workspace.output(key) / "tables" / "estimates.csv"
    with path.open(newline="", encoding="utf-8") as handle:
        [row] = [
            row
            for row in csv.DictReader(handle)
            if (row["indicator"], row["by"]) == ("rapportcijfer", "totaal")
        ]
    low, high = float(row["ci_low"]), float(row["ci_high"])
    return (
        dutch.grade(float(row["estimate"])),
        f"95%-marge {dutch.interval(low, high)}",
        dutch.base(int(row["n"])),
    )


def test_what_stands_on_the_page_stands_in_the_tables(store):
    found = page(store.workspace.outputs)
    panels = found.select("details.naast")
    assert (
        panels[0].h2.text == "Rapportcijfer voor de dienstverlening, klantbeleving 2024"
    )
    assert len(panels) == 10
    rows = panels[0].tbody.find_all("tr")
    assert len(rows) == 2
    for key, row in zip(list_keys(store.workspace.root), rows, strict=True):
        assert row.a["href"] == f"{key}/report.html"
        text = row.text.replace("\N{WORD JOINER}", "")
        assert all(each in text for each in headline(store, key)), text
        assert "Te weinig andere gemeenten (1)" in text
    assert "Verzonnen gegevens" in found.main.text
    linked = (store.workspace.outputs / "index.html").read_text("utf-8")
    assert 'href="benchmark.html"' in linked


def test_the_public_page_is_of_releases_and_goes_with_what_is_withdrawn(
    store, tmp_path
):
    to = tmp_path / "uit"
    one, two = list_keys(store.workspace.root)
    release(store, one, to, SIGNED, DAY)
    release_catalogue.write(store, to)
    assert not (to / "benchmark.html").exists(), "one is nothing to compare"
    release(store, two, to, SIGNED, DAY)
    release_catalogue.write(store, to)
    rows = page(to).select("details.naast")[0].tbody.find_all("tr")
    assert [row.a["href"] for row in rows] == [
        f"{key}/1/report.html" for key in (one, two)
    ]
    withdraw(store, two, to, Withdrawal("Een fout", "Team Onderzoek"), 1, DAY)
    release_catalogue.write(store, to)
    assert not (to / "benchmark.html").exists()
    assert "benchmark.html" not in (to / "index.html").read_text("utf-8")
