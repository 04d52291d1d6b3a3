"""Kansas City, two waves of a real resident survey, from raw file to HTML and PDF.

The open data are not in the repository. Without them the tests are skipped.
"""

import csv
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from kcc_research import dutch
from tests.workspaces import REPOSITORY, SHARED, kcc

DATA = SHARED / "data" / "kcmo_resident_survey"
FILES = {
    "xx-kansas-city/2021-bewonersonderzoek": "FY2022_RS_Cleaned_safe.csv",
    "xx-kansas-city/2022-bewonersonderzoek": "kcmo_mar_2022_safe.csv",
}
SEPTEMBER, MARCH = FILES
# Data card: share 4-5 in percent, mean, valid answers.
FIGURES = {
    SEPTEMBER: {
        "bellen": ("65.2", "3.709", "772"),
        "online": ("61.2", "3.627", "652"),
        "vriendelijk": ("68.1", "3.837", "750"),
        "opgelost": ("58.6", "3.519", "775"),
    },
    MARCH: {
        "bellen": ("69.0", "3.768", "717"),
        "online": ("62.1", "3.653", "625"),
        "vriendelijk": ("73.6", "3.912", "694"),
        "opgelost": ("60.6", "3.591", "718"),
    },
}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no open data at {DATA.name}: set KCC_SHARED"
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    root = tmp_path_factory.mktemp("kansas")
    definitions = Path(__file__).parent / "definitions" / "xx-kansas-city"
    shutil.copytree(definitions, root / "studies" / "xx-kansas-city")
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    for key, name in FILES.items():
        folder = root / "data" / "raw" / key
        folder.mkdir(parents=True)
        shutil.copy(DATA / name, folder)
    done = kcc(root, "run", "--all")
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "outputs"


def rows_of(outputs, key, table="estimates"):
    with (outputs / key / "tables" / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def total(rows, indicator):
    found = [r for r in rows if r["indicator"] == indicator and r["by"] == "totaal"]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("key", FILES)
@pytest.mark.parametrize("item", ["bellen", "online", "vriendelijk", "opgelost"])
def test_the_published_figures_equal_the_data_card(outputs, key, item):
    share, mean, n = FIGURES[key][item]
    rows = rows_of(outputs, key)
    satisfied, score = total(rows, f"{item}"), total(rows, f"{item}_score")
    assert (satisfied["n"], score["n"]) == (n, n)
    assert str(dutch.rounded(100 * float(satisfied["estimate"]), 1)) == share
    assert str(dutch.rounded(float(score["estimate"]), 3)) == mean


@pytest.mark.parametrize("key", FILES)
def test_nothing_is_weighted_and_the_report_says_so(outputs, key):
    assert {row["weighted"] for row in rows_of(outputs, key)} <= {"False", "false"}
    text = (outputs / key / "report.html").read_text("utf-8")
    assert "niet gewogen" in BeautifulSoup(text, "html.parser").get_text(" ")


def test_the_waves_are_compared(outputs):
    rows = [
        row
        for row in rows_of(outputs, MARCH, "comparisons")
        if row["reference"] == SEPTEMBER and row["by"] == "totaal"
    ]
    assert {row["verdict"] for row in rows} <= {"higher", "lower", "not_shown"}
    assert len(rows) >= 8


def test_a_real_report_is_not_marked_as_invented(outputs):
    text = (outputs / MARCH / "report.html").read_text("utf-8")
    assert "VERZONNEN" not in text
    assert (outputs / MARCH / "report.pdf").stat().st_size > 50_000


def test_the_14_answers_by_phone_are_indicative(outputs):
    phone = [
        row
        for row in rows_of(outputs, SEPTEMBER)
        if row["by"] == "methode" and row["group"] == "telefoon"
    ]
    assert {row["status"] for row in phone if row["n"] == "14"} == {"indicative"}
