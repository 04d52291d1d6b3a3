"""The study among municipalities from Excel export to report, read as a reader does.

Golden figures G4–G12 (DOMAIN §1.2) come from the published table and page, never from
inside the package.
"""

import csv
import re

import pytest
from bs4 import BeautifulSoup

from kcc_research import dutch
from tests.pdf_standards import standard_failures
from tests.ready_command import ready_kcc
from tests.workspaces import (
    ASSURANCE,
    fresh_copy,
)

CHAPTERS = [
    "Samenvatting",
    "Onderzoeksopzet en respons",
    "Visie en beleid",
    "Servicenormen en sturing",
    "Cultuur en samenwerking",
    "Personeel en training",
    "Verschillen tussen groepen",
    "Conclusies",
]
COUNTS = {
    "G4": ("visie", 26, 84, "31%"),
    "G5": ("normen", 28, 84, "33%"),
    "G6": ("belemmering_cultuur", 34, 83, "41%"),
    "G7": ("samenwerking", 79, 84, "94%"),
    "G8": ("uitwisseling", 64, 84, "76%"),
    "G9": ("belemmering_personeel", 54, 84, "64%"),
    "G10": ("training", 19, 84, "23%"),
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    root = fresh_copy(tmp_path_factory.mktemp("werkplek"), ASSURANCE)
    done = ready_kcc(root, "run", ASSURANCE)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def published(workspace):
    return workspace / "outputs" / ASSURANCE


@pytest.fixture(scope="module")
def estimates(published):
    with (published / "tables" / "estimates.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def page(published):
    return BeautifulSoup((published / "report.html").read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def text(page):
    return " ".join(page.get_text(" ", strip=True).replace("\u00a0", " ").split())


def only(rows, **where):
    found = [r for r in rows if all(r[name] == value for name, value in where.items())]
    assert len(found) == 1, f"{len(found)} rows fulfil {where}"
    return found[0]


def total(rows, indicator, category=""):
    return only(rows, indicator=indicator, by="totaal", category=category)


def mean_of(rows, group):
    return only(rows, indicator="aantal_problemen", by="domein", group=group)


@pytest.mark.parametrize("golden", COUNTS)
def test_a_published_percentage_comes_out_with_its_count_and_base(estimates, golden):
    indicator, count, n, percentage = COUNTS[golden]
    row = total(estimates, indicator)
    assert (int(row["count"]), int(row["n"])) == (count, n)
    assert float(row["estimate"]) == pytest.approx(count / n, rel=1e-9)
    assert dutch.percentage(float(row["estimate"])) == percentage
    assert row["origin"] == "synthetic"


@pytest.mark.parametrize("golden", COUNTS)
def test_the_page_shows_every_count_with_its_base(page, golden):
    _, count, n, percentage = COUNTS[golden]
    cells = [
        [cell.get_text(strip=True) for cell in row.select("th, td")]
        for row in page.select("tbody tr")
    ]
    assert any([str(count), str(n), percentage] == row[1:4] for row in cells)


def test_g11_resources_bureaucracy_and_feedback(estimates):
    resources = total(estimates, "belemmering_middelen")
    assert 38 <= int(resources["count"]) <= 41
    assert resources["n"] == "84"
    for obstacle in ("bureaucratie", "feedback"):
        row = total(estimates, f"belemmering_{obstacle}")
        assert int(row["count"]) >= 43
        assert row["n"] == "84"


def test_g12_neither_has_just_over_forty_per_cent_more_problems(estimates, text):
    neither, both = (
        mean_of(estimates, group) for group in ("geen_van_beide", "visie_en_normen")
    )
    more = float(neither["estimate"]) / float(both["estimate"]) - 1
    assert 0.40 < more <= 0.42
    ratio = only(estimates, indicator="problemen_zonder_en_met")
    assert ratio["statistic"] == "ratio"
    assert float(ratio["estimate"]) - 1 == pytest.approx(more, rel=1e-9)
    assert f"{dutch.percentage(more)} meer" in text
    assert "geen bewijs van een oorzaak" in text


def test_vision_and_norms_are_one_table_of_84(estimates):
    cells = ("visie en normen", "alleen visie", "alleen normen", "geen van beide")
    counts = [
        int(total(estimates, "visie_naast_normen", cell)["count"]) for cell in cells
    ]
    assert sum(counts) == 84
    assert counts[0] + counts[1] == 26
    assert counts[0] + counts[2] == 28
    groups = [
        only(estimates, indicator="visie", by="domein", group=group)["n"]
        for group in (
            "visie_en_normen",
            "alleen_visie",
            "alleen_normen",
            "geen_van_beide",
        )
    ]
    assert [int(n) for n in groups] == counts


def test_coverage_is_84_of_342_and_adds_up(estimates, text):
    row = total(estimates, "deelname")
    assert (row["count"], row["n"]) == ("84", "342")
    sizes = [
        each
        for each in estimates
        if each["indicator"] == "deelname" and each["by"] == "inwonerklasse"
    ]
    assert sum(int(each["count"]) for each in sizes) == 84
    assert sum(int(each["n"]) for each in sizes) == 342
    assert "84 van de 342 gemeenten deden mee (24,6%)" in text
    assert "over de andere 258 zegt dit onderzoek niets" in text


def test_no_number_has_a_margin(estimates, text):
    for row in estimates:
        assert row["uncertainty"] == "none"
        for name in ("std_error", "ci_low", "ci_high", "df"):
            assert row[name] in ("", "x")
    assert "95%" not in text
    assert "Geen marge: de deelnemers meldden zichzelf aan" in text


def test_nothing_is_tested_or_judged(published):
    for name in ("comparisons", "verdicts"):
        with (published / "tables" / f"{name}.csv").open(encoding="utf-8") as file:
            assert list(csv.DictReader(file)) == []


def test_participants_speak_for_themselves(text):
    assert "26 van de 84 deelnemende gemeenten (31%)" in text
    assert "34 van de 83 deelnemende gemeenten die antwoord gaven (41%)" in text
    assert not re.search(r"van de gemeenten", text, re.IGNORECASE)
    assert not re.search(r"van (?:alle|de) (?:Nederlandse )?gemeenten \(", text)
    for word in ("aantoonbaar hoger", "aantoonbaar lager", "significant", "een derde"):
        assert word not in text


def test_the_chapters_are_those_of_the_study(page):
    headings = [each.get_text(strip=True) for each in page.select("main h2")]
    found = [each for each in headings if each in CHAPTERS]
    assert found == CHAPTERS


def claim(page, words):
    return next(
        row.get_text(" ", strip=True).replace("\u00a0", " ")
        for row in page.select("tbody tr")
        if words in row.get_text()
    )


def test_41_per_cent_is_impossible_on_84_and_the_fitting_bases_are_named(page, text):
    said = claim(page, "41% mist een klantgerichte cultuur")
    assert "Past niet bij deze aantallen" in said
    assert "34 van de 84 is 40% en 35 van de 84 is 42%" in said
    assert "83" in said
    assert "Alle 7 percentages samen passen wel bij 70, 78, 80 of 83" in text


@pytest.mark.parametrize("percentage", ["31%", "33%", "94%", "76%", "64%", "23%"])
def test_the_other_six_claims_are_confirmed(page, percentage):
    rows = [
        row.select("th, td")
        for row in page.select("tbody tr")
        if row.get_text().strip().startswith(percentage)
    ]
    assert [row[2].get_text(strip=True) for row in rows] == ["Bevestigd"]


def test_forty_per_cent_more_cannot_be_tested(page):
    assert "Niet te toetsen" in claim(page, "ruim 40% meer problemen")


def test_every_name_became_a_code_and_one_answer_counts(workspace):
    log = workspace / "data" / "processed" / ASSURANCE / "cleaning_log.csv"
    with log.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    gone = [row for row in rows if row["rule"] == "duplicate_response"]
    assert len(gone) == 2
    assert all(re.fullmatch(r"GM9\d{3}", row["from"]) for row in gone)
    found = [row for row in rows if row["rule"] == "municipality_code"]
    assert found
    assert all(re.fullmatch(r"GM9\d{3}", row["to"]) for row in found)


def test_no_municipality_is_named(published):
    """Answers are those of organisations, but nobody's answer is published."""
    for path in published.rglob("*"):
        if path.is_file() and path.suffix in (".html", ".csv", ".ipynb", ".json"):
            found = re.findall(
                r"Voorbeeldgemeente \d|GM9\d{3}", path.read_text("utf-8")
            )
            assert found == [], path.name


def test_few_cells_are_suppressed_and_no_base_is_small(estimates):
    hidden = [row for row in estimates if row["status"] == "suppressed"]
    assert len(hidden) < 0.02 * len(estimates)
    for row in estimates:
        if row["n"] not in ("", "x"):
            assert int(row["n"]) >= 10


def test_figures_have_alt_text_and_the_data_behind_them(page):
    figures = page.select("figure")
    assert len(figures) == 10
    for figure in figures:
        alt = figure.img["alt"]
        assert alt.startswith("Verzonnen gegevens")
        assert re.search(r"\d", alt)
    captions = [each.get_text(strip=True) for each in page.select("caption")]
    assert sum(each.startswith("Gegevens bij figuur") for each in captions) == 10


def test_the_pdf_is_accessible(published):
    report = (published / "report.pdf").read_bytes()
    assert standard_failures(report) == []


def test_checking_says_what_is_doubtful_and_fails_nothing(workspace):
    done = ready_kcc(workspace, "check", ASSURANCE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "KCC-D041e" in done.stdout + done.stderr
    assert "KCC-D043d" in done.stdout + done.stderr


def test_a_second_run_changes_nothing(workspace, published):
    before = {path: path.stat().st_mtime_ns for path in published.rglob("*")}
    assert ready_kcc(workspace, "run", ASSURANCE).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in published.rglob("*")} == before
