"""The demonstration from raw file to published report, read as a reader reads it.

Golden figures G15–G18 (DOMAIN §1.4) come from the published tables and page, never
from inside the package.
"""

import csv
import filecmp
import json
import re
import shutil
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup

from kcc_research import dutch
from kcc_research.reporting.pdf_text import page_text
from tests.pdf_standards import standard_failures
from tests.ready_command import ready_kcc
from tests.workspaces import fresh_copy, kcc

KEY = "gm0575-noordwijk/2023-klantbeleving"
COLUMNS = """
    measurement source indicator statistic by group category estimate std_error ci_low
    ci_high df count n base n_effective design_effect weighted uncertainty method status
""".split()
PERSONAL = re.compile(
    r"[\w.]+@[\w.]+|\b0[0-9]{1,3}[- ]?[0-9]{6,8}\b|\bZ?20[0-9]{2}-[0-9]{4,}"
)
CHANNELS = ["telefoon", "balie", "e-mail", "fixi", "website"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    root = fresh_copy(tmp_path_factory.mktemp("werkplek"))
    done = ready_kcc(root, "run", "--all")
    assert done.returncode == 0, done.stdout + done.stderr
    return root, done.stdout


@pytest.fixture(scope="module")
def published(workspace):
    return workspace[0] / "outputs" / KEY


@pytest.fixture(scope="module")
def estimates(published):
    with (published / "tables" / "estimates.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def page(published):
    return BeautifulSoup((published / "report.html").read_text("utf-8"), "html.parser")


def only(rows, **where):
    found = [r for r in rows if all(r[name] == value for name, value in where.items())]
    assert len(found) == 1, f"{len(found)} rows fulfil {where}"
    return found[0]


def total(rows, source, indicator="rapportcijfer", statistic="mean"):
    return only(
        rows,
        source=source,
        indicator=indicator,
        statistic=statistic,
        by="totaal",
        group="totaal",
        category="",
    )


def test_the_run_names_every_report_and_the_catalogue(workspace):
    _, said = workspace
    assert said.rstrip().endswith("index.html")
    assert said.count("report.html") == 3
    assert said.count("report.pdf") == 3


def test_the_columns_are_those_of_the_contract(estimates):
    assert list(estimates[0])[: len(COLUMNS)] == COLUMNS


def test_the_grade_is_6_6_on_353_answers(estimates):
    row = total(estimates, "algemeen")
    assert row["n"] == "353"
    assert dutch.grade(float(row["estimate"])) == "6,6"
    assert float(row["ci_low"]) < float(row["estimate"]) < float(row["ci_high"])
    assert row["origin"] == "synthetic"


def test_the_contact_questionnaire_has_332_answers_over_five_channels(estimates):
    assert total(estimates, "contactmoment")["n"] == "332"
    channels = [
        row
        for row in estimates
        if row["source"] == "contactmoment"
        and row["indicator"] == "rapportcijfer"
        and row["by"] == "kanaal"
        and row["statistic"] == "mean"
    ]
    assert [row["group"] for row in channels] == CHANNELS
    assert sum(int(row["n"]) for row in channels) == 332


def test_nowhere_is_there_a_total_of_685(published, estimates):
    assert all(row["n"] != "685" and row["count"] != "685" for row in estimates)
    text = (published / "report.html").read_text("utf-8")
    visible = BeautifulSoup(text, "html.parser").get_text(" ")
    assert not re.search(r"\b685\b", visible)


def test_the_two_grades_are_not_comparable_and_the_report_says_why(page):
    text = page.get_text(" ", strip=True)
    sentence = re.search(
        r"Het cijfer is nu een 6,6;[^.]*6,4[^.]*\. Die twee[^.]*\.", text
    )
    assert sentence
    assert "niet vergelijkbaar" in sentence[0]
    assert "doelgroep gewijzigd" in sentence[0]


def test_the_bridged_aspects_are_compared(published):
    with (published / "tables" / "comparisons.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    earlier = "gm0575-noordwijk/2022-klantbeleving"
    verdicts = {
        row["indicator"]: row["verdict"]
        for row in rows
        if row["reference"] == earlier
        and row["by"] == "totaal"
        and row["source"] == "algemeen"
    }
    assert verdicts["duidelijke_communicatie"] == "higher"
    assert verdicts["op_de_hoogte_houden"] == "higher"
    assert verdicts["rapportcijfer"] == "not_comparable"
    grade = only(
        rows,
        indicator="rapportcijfer",
        reference=earlier,
        by="totaal",
        source="algemeen",
    )
    assert grade["difference"] == grade["p_value"] == ""


def test_flexibility_and_listening_are_the_improvement_points(page):
    text = page.get_text(" ", strip=True)
    assert "“flexibel” en “luisteren en meedenken”" in text


def test_the_quoted_6_4_cannot_be_tested(page):
    row = next(
        row for row in page.select("tbody tr") if "was dat een 6,4" in row.get_text()
    )
    assert "Niet te toetsen" in row.get_text()


def test_few_cells_are_suppressed(estimates):
    hidden = [row for row in estimates if row["status"] == "suppressed"]
    assert len(hidden) < 0.02 * len(estimates)


def test_every_number_of_respondents_reaches_ten(estimates):
    for row in estimates:
        if row["n"] not in ("", "x"):
            assert int(row["n"]) >= 10


def test_the_pdf_says_what_the_page_says(published, page):
    with pikepdf.open(BytesIO((published / "report.pdf").read_bytes())) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == page.h1.get_text(strip=True)


@pytest.mark.parametrize("wave", ["2021", "2022", "2023"])
def test_every_report_is_pdf_ua_and_pdf_a(workspace, wave):
    report = workspace[0] / f"outputs/gm0575-noordwijk/{wave}-klantbeleving/report.pdf"
    assert standard_failures(report.read_bytes()) == []


def test_the_manifest_covers_every_published_file(published):
    manifest = json.loads((published / "manifest.json").read_text("utf-8"))
    files = {
        path.relative_to(published).as_posix()
        for path in published.rglob("*")
        if path.is_file()
    }
    assert set(manifest["files"]) == files - {"manifest.json"}


def test_nothing_personal_is_published(published, workspace):
    """Open answers hold invented addresses, telephone and case numbers: none is out."""
    raw = workspace[0] / "data" / "raw" / KEY
    markers = {
        found
        for path in raw.glob("*.csv")
        for found in PERSONAL.findall(path.read_text("utf-8"))
    }
    assert len(markers) >= 3
    for path in published.rglob("*"):
        if path.is_file():
            text = readable(path)
            assert [marker for marker in markers if marker in text] == [], path.name


def readable(path):
    """The words of a file; of a PDF those on its pages."""
    if path.suffix != ".pdf":
        return path.read_bytes().decode("utf-8", errors="replace")
    with pikepdf.open(path) as pdf:
        return "".join(page_text(page) for page in pdf.pages)


def test_a_second_run_starts_nothing_and_changes_nothing(workspace, published):
    root, _ = workspace
    before = {path: path.stat().st_mtime_ns for path in published.rglob("*")}
    again = ready_kcc(root, "run", "--all")
    assert again.returncode == 0
    assert {path: path.stat().st_mtime_ns for path in published.rglob("*")} == before
    assert ready_kcc(root, "verify").returncode == 0


def differences(left: Path, right: Path) -> list[str]:
    compared = filecmp.dircmp(left, right, ignore=[])
    found = [*compared.left_only, *compared.right_only]
    _, mismatch, errors = filecmp.cmpfiles(
        left, right, compared.common_files, shallow=False
    )
    found += [*mismatch, *errors]
    for name in compared.common_dirs:
        found += differences(left / name, right / name)
    return found


def test_two_runs_give_the_same_bytes(workspace, published, tmp_path):
    root, _ = workspace
    kept = tmp_path / "first"
    shutil.copytree(published, kept)
    forced = kcc(root, "run", KEY, "--force")  # started anew, and in another order
    assert forced.returncode == 0, forced.stdout + forced.stderr
    assert differences(kept, published) == []
