"""A number that is kept back is nowhere: not in page, PDF, table, manifest, notebook.

The measurement of Noordwijk with two of its questions declared sensitive, run for real.
What was kept back is computed once more from the answers and looked for everywhere.
"""

import csv
import json
from io import BytesIO

import pandas as pd
import pikepdf
import pytest
from bs4 import BeautifulSoup

from kcc_research.estimation.indicators import estimate_indicators
from kcc_research.estimation.study_design import study_design
from kcc_research.reporting.open_data import number
from kcc_research.reporting.pdf_text import page_text, squeezed
from kcc_research.study.loading import load_study
from tests.ready_command import ready_kcc
from tests.workspaces import (
    fresh_copy,
)

KEY = "gm0575-noordwijk/2021-klantbeleving"
POLICY = """
[disclosure]
minimum_base = 12
sensitive = ["leeftijd", "stelling_flexibel"]
[[disclosure.exception]]
rule = "D6"
table = "algemeen/tevreden/leeftijd"
reason = "Verzonnen aanname: de groep is openbaar bekend."
name = "V. Zonnen"
role = "privacy officer"
date = 2021-01-01
"""
NUMBERS = ("estimate", "std_error", "ci_low", "ci_high")
PLACE = ("source", "indicator", "statistic", "by", "group", "category")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    root = fresh_copy(tmp_path_factory.mktemp("werkplek"), KEY)
    file = root / "studies" / KEY / "measurement.toml"
    file.write_text(file.read_text("utf-8") + POLICY, "utf-8")
    done = ready_kcc(root, "run", KEY)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def published(workspace):
    return workspace / "outputs" / KEY


@pytest.fixture(scope="module")
def rows(published):
    with (published / "tables" / "estimates.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def unprotected(workspace):
    """Every estimate as it was before protection, by its place."""
    study = load_study(workspace, KEY)
    answers = pd.read_parquet(
        workspace / "data" / "processed" / KEY / "algemeen.parquet"
    )
    found = estimate_indicators(
        study, "algemeen", study_design(study, "algemeen", answers)
    )
    return {tuple(row[x] for x in PLACE): row for row in found.to_dict("records")}


def texts(published):
    """Everything a reader can open, as text."""
    for path in sorted(published.rglob("*")):
        if path.suffix == ".pdf":
            with pikepdf.open(BytesIO(path.read_bytes())) as pdf:
                yield path.name, "".join(page_text(each) for each in pdf.pages)
        elif path.is_file():
            yield path.name, path.read_bytes().decode("utf-8", "replace")


def hidden(rows, unprotected):
    """What is kept back and had a value, with the value."""
    for row in rows:
        true = unprotected.get(tuple(row[x] for x in PLACE))
        if row["status"] == "suppressed" and true and pd.notna(true["estimate"]):
            yield row, true


def test_a_suppressed_number_appears_nowhere(published, rows, unprotected):
    shown = {row[x] for row in rows for x in NUMBERS}
    secrets = {
        number(true[x])
        for _, true in hidden(rows, unprotected)
        for x in NUMBERS
        if pd.notna(true[x])
    }
    # Short decimals are everywhere; ten digits are not.
    secrets = {each for each in secrets - shown if len(each) > 9}
    assert len(secrets) > 300
    found = {
        (name, secret)
        for name, text in texts(published)
        for secret in secrets
        if secret in text or secret[:9] in text
    }
    assert found == set()


def test_every_number_of_a_suppressed_row_is_an_x(rows, unprotected):
    kept = list(hidden(rows, unprotected))
    assert len(kept) > 100
    for row, _ in kept:
        assert {row[x] for x in (*NUMBERS, "count", "n")} == {"x"}


def test_what_is_published_is_what_was_computed(rows, unprotected):
    for row in rows:
        true = unprotected.get(tuple(row[x] for x in PLACE))
        if true is not None and row["status"] in ("published", "indicative"):
            assert row["estimate"] == number(true["estimate"])


def test_no_sensitive_cell_or_complement_is_small(rows):
    told = [
        row
        for row in rows
        if (row["by"] == "leeftijd" or "flexibel" in row["indicator"])
        and row["statistic"] == "share"
        and row["count"] not in ("", "x")
    ]
    assert len(told) > 20
    for row in told:
        assert 10 <= int(row["count"]) <= int(row["n"]) - 10


def test_page_and_pdf_show_the_same_marks(published):
    page = BeautifulSoup((published / "report.html").read_text("utf-8"), "html.parser")
    cells = [cell.get_text(strip=True) for cell in page.select("tbody td")]
    assert cells.count("x") + cells.count("x (x)") > 10
    assert "te weinig antwoorden, niet gepubliceerd" in page.get_text()
    printed = dict(texts(published))["report.pdf"]
    assert squeezed("te weinig antwoorden, niet gepubliceerd") in printed


def test_the_exception_stands_in_manifest_and_report(published):
    record = json.loads((published / "manifest.json").read_text())["disclosure"]
    [signed] = record["exceptions"]
    assert (signed["rule"], signed["name"]) == ("D6", "V. Zonnen")
    assert record["policy"]["minimum_base"] == 12
    assert record["suppressed"] > record["secondary"] > 0
    page = (published / "report.html").read_text("utf-8")
    assert "V. Zonnen, privacy officer" in page
    assert "de groep is openbaar bekend" in page
    assert "strenger dan de vaste regels" in page
