"""The benchmark from raw files to report and pages, read as a reader does.

Golden figures G13 and G14 (DOMAIN §1.3) come from the published tables and pages, never
from inside the package.
"""

import csv
import json
import re
import shutil

import pytest
from bs4 import BeautifulSoup

from tests.pdf_standards import standard_failures
from tests.ready_command import ready_kcc
from tests.workspaces import (
    BENCHMARK,
    fresh_copy,
)

CHAPTERS = [
    "Samenvatting",
    "Waarom vanuit de burger",
    "Opzet en metingen per gemeente",
    "Bereikbaarheid",
    "Informatievoorziening",
    "Dienstverlening",
    "Servicekader en realisatie",
    "Witte vlekken",
    "Uw gemeente vergeleken",
    "Conclusies",
    "Verantwoording",
]
PROFILES = ["voorbeeldgemeente-001", "voorbeeldgemeente-042", "voorbeeldgemeente-128"]
DIMENSIONS = ["bereikbaarheid", "informatievoorziening", "dienstverlening"]
NOTEBOOK = "notebooks/36_report_profile.ipynb"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = fresh_copy(tmp_path_factory.mktemp("werkplek"), BENCHMARK)
    done = ready_kcc(root, "run", BENCHMARK)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def published(made):
    return made / "outputs" / BENCHMARK


@pytest.fixture(scope="module")
def text(published):
    return words(soup(published / "report.html"))


@pytest.fixture
def workspace(made, tmp_path):
    """A copy that a test may change."""
    root = tmp_path / "kopie"
    shutil.copytree(made, root)
    return root


def soup(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def words(page):
    return " ".join(page.get_text(" ", strip=True).replace("\u00a0", " ").split())


def table(published, name):
    with (published / "tables" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def edit(path, old, new):
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def contents(root):
    folder = root / "outputs" / BENCHMARK
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- the golden figures ---------------------------------------------------------------


def test_g13_most_white_spots_are_in_service(published):
    rows = [
        row
        for row in table(published, "estimates")
        if row["category"] == "witte vlek" and row["by"] == "totaal"
    ]
    share = {row["indicator"]: float(row["estimate"]) for row in rows}
    others = [share[each] for each in DIMENSIONS[:2]]
    assert share["dienstverlening"] > max(others)
    # The verdicts themselves say the same.
    service = {"vriendelijk", "meedenken", "in_een_keer", "waardering"}
    verdicts = table(published, "verdicts")
    kinds = [row["verdict"] for row in verdicts if row["indicator"] in service]
    white = sum(each in ("no_norm", "not_measured") for each in kinds)
    assert white / len(kinds) == pytest.approx(share["dienstverlening"])


def test_g14_all_342_municipalities_under_invented_names(published):
    scores = [
        row
        for row in table(published, "estimates")
        if row["indicator"] == "bereikbaarheid"
        and row["by"] == "gemeente"
        and row["category"] == ""
    ]
    assert len({row["group"] for row in scores}) == len(scores) == 342
    assert all(re.fullmatch(r"GM9\d{3}", row["group"]) for row in scores)
    assert {row["origin"] for row in scores} == {"synthetic"}
    assert {row["uncertainty"] for row in scores} == {"measurement"}
    places = {(row["group"], row["indicator"]) for row in table(published, "verdicts")}
    assert len(places) == 3420


@pytest.mark.slow
def test_g14_all_342_profiles(made, tmp_path):
    root = tmp_path / "alle"
    shutil.copytree(made, root)
    file = root / "studies" / BENCHMARK / "measurement.toml"
    edit(file, 'profiles = ["GM9001", "GM9042", "GM9128"]', 'profiles = "all"')
    done = ready_kcc(root, "run", BENCHMARK)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = sorted((root / "outputs" / BENCHMARK / "profiles").glob("*.html"))
    assert len(pages) == 342
    titles = {soup(each).h1.get_text() for each in pages}
    assert len(titles) == 342


# --- the report -----------------------------------------------------------------------


def test_every_chapter_in_its_order(published):
    found = [
        each.get_text(strip=True) for each in soup(published / "report.html")("h2")
    ]
    assert [each for each in found if each in CHAPTERS] == CHAPTERS


def test_few_cells_are_suppressed(published):
    found = table(published, "estimates")
    hidden = [row for row in found if row["status"] == "suppressed"]
    assert len(hidden) < 0.02 * len(found)


def test_no_rank_no_band_and_why(text):
    assert "ranglijst" in text
    assert "haalt geen enkele gemeente" in text
    assert "van de 342 gemeenten er gemiddeld 17 ten onrechte" in text
    report = text.lower()
    assert "top 10" not in report
    assert not re.search(r"\b\d+e plaats\b|nummer 1\b", report)


def test_both_kinds_of_white_spot_are_drawn_with_their_numbers(published):
    page = soup(published / "report.html")
    for name in ("witte-vlekken", "dekkingsmatrix"):
        figure = page.find(id=name)
        alt = figure.find("img")["alt"]
        assert "wit" in alt.lower()
    behind = page.find("table", id="tabel-witte-vlekken")
    heads = [each.get_text(strip=True) for each in behind.select("thead th")]
    assert heads[1:] == [
        "Norm en gemeten",
        "Wit: niet gemeten",
        "Wit: geen norm",
        "Wit samen",
    ]
    row = next(
        r for r in behind.select("tbody tr") if "denkt mee" in r.get_text().lower()
    )
    cells = [each.get_text(strip=True) for each in row.select("td")]
    counts = [int(each.split(" ")[0].replace(".", "")) for each in cells]
    assert sum(counts[:3]) == 342
    assert counts[1] + counts[2] == counts[3]
    assert 0 < counts[0] < counts[1] < counts[2]


def test_who_reached_nobody_is_in_the_numbers(published):
    rows = table(published, "estimates")
    calls = [
        row
        for row in rows
        if row["indicator"] == "telefoon_snel" and row["by"] == "gemeente"
    ]
    assert {row["n"] for row in calls} == {"12"}


def test_the_pdf_meets_both_standards(published):
    assert standard_failures((published / "report.pdf").read_bytes()) == []


# --- the pages ------------------------------------------------------------------------


def test_a_page_per_declared_municipality(published):
    names = sorted(each.stem for each in (published / "profiles").iterdir())
    assert names == PROFILES
    files = json.loads((published / "manifest.json").read_bytes())["files"]
    assert {f"profiles/{each}.html" for each in PROFILES} <= files.keys()


def test_report_and_pages_lead_to_each_other(published):
    targets = [each.get("href", "") for each in soup(published / "report.html")("a")]
    links = [each for each in targets if each.endswith(".html")]
    assert links == [f"profiles/{each}.html" for each in PROFILES]
    for name in PROFILES:
        page = published / "profiles" / f"{name}.html"
        back = {each.get("href", "") for each in soup(page)("a")}
        assert "../report.html" in back
        assert (page.parent / "../report.html").resolve().is_file()


def test_a_page_says_how_people_are_protected(published):
    page = sorted((published / "profiles").glob("*.html"))[0]
    told = words(soup(page))
    assert "Bescherming van personen" in told
    assert "minder dan 10 mensen publiceren we niet" in told


def test_a_page_tells_of_its_own_municipality_and_group(published):
    chosen = words(soup(published / "profiles" / "voorbeeldgemeente-042.html"))
    assert "Voorbeeldgemeente 042 in de burgerbenchmark 2024" in chosen
    assert (
        "12 andere gemeenten uit de zelfgekozen groep Leerkring Dienstverlening"
        in chosen
    )
    by_size = words(soup(published / "profiles" / "voorbeeldgemeente-128.html"))
    assert re.search(r"\d+ andere gemeenten met .+ inwoners", by_size)
    for page in (chosen, by_size):
        assert "VERZONNEN GEGEVENS" in page
        assert "We zien geen duidelijk verschil" in page
        assert "witte vlekken" in page


def test_a_page_shows_what_the_tables_hold(published):
    rows = {
        row["indicator"]: row
        for row in table(published, "estimates")
        if row["by"] == "gemeente" and row["group"] == "GM9042" and not row["category"]
    }
    page = soup(published / "profiles" / "voorbeeldgemeente-042.html")
    shown = {
        row.th.get_text(strip=True): [each.get_text(strip=True) for each in row("td")]
        for row in page.find("table", id="tabel-profiel").select("tbody tr")
    }
    right = shown["Juist antwoord"]
    assert right[0] == f"{float(rows['juist']['estimate']) * 100:.0f}%"
    assert right[2] == rows["juist"]["n"]
    score = shown["Bereikbaarheid, score (0–100)"]
    assert score[0] == f"{float(rows['bereikbaarheid']['estimate']):.0f}"


# --- together, or not at all ----------------------------------------------------------


def test_nothing_is_done_twice(made):
    done = ready_kcc(made, "run", BENCHMARK)
    assert "unchanged" in done.stdout + done.stderr


def test_verify_covers_the_pages(workspace):
    assert ready_kcc(workspace, "verify", BENCHMARK).returncode == 0
    page = workspace / "outputs" / BENCHMARK / "profiles" / f"{PROFILES[0]}.html"
    edit(page, "geen duidelijk verschil", "een duidelijk verschil")
    done = ready_kcc(workspace, "verify", BENCHMARK)
    assert done.returncode == 1
    assert PROFILES[0] in done.stdout + done.stderr


def test_another_notebook_for_the_pages_makes_the_report_stale(workspace):
    edit(workspace / NOTEBOOK, "Lees deze pagina voorzichtig", "Lees dit voorzichtig")
    done = ready_kcc(workspace, "run", BENCHMARK, "--dry-run")
    said = done.stdout + done.stderr
    assert "36_report_profile.ipynb" in said
    assert "report" in said
    assert "analyse" not in said.replace("36_report_profile", "")


def test_a_page_that_fails_is_named_and_nothing_is_published(workspace):
    before = contents(workspace)
    edit(
        workspace / NOTEBOOK,
        "kcc.text(kcc.describe_own_norms(m, verdicts, municipality))",
        'kcc.text(kcc.describe_own_norms(m, verdicts, municipality))\\n",\n'
        '    "1 / (municipality != \\"GM9042\\")',
    )
    done = ready_kcc(workspace, "run", BENCHMARK)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "Voorbeeldgemeente 042 (GM9042)" in said
    assert "KCC-R054d" in said
    assert "Traceback" not in said
    assert contents(workspace) == before


def test_a_page_that_the_gate_refuses_is_named_too(workspace):
    before = contents(workspace)
    edit(workspace / NOTEBOOK, "[Naar het landelijke rapport]", "[klik hier]")
    done = ready_kcc(workspace, "run", BENCHMARK)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "Voorbeeldgemeente 001 (GM9001)" in said
    assert "KCC-O066p" in said
    assert contents(workspace) == before
