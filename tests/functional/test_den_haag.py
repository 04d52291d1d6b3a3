"""The telephone quick scan from raw files to report, read as a reader does.

Golden figures G19–G22 (DOMAIN §1.5) come from the published tables and page, never
from inside the package.
"""

import csv
import re

import pytest
from bs4 import BeautifulSoup

from tests.pdf_standards import standard_failures
from tests.ready_command import ready_kcc
from tests.workspaces import (
    PHONE,
    fresh_copy,
)

CHAPTERS = [
    "Bestuurlijke brief en conclusies",
    "Aanbevelingen",
    "Onderzoeksopzet",
    "Resultaten enquête",
    "Bereikbaarheid en afhandeling",
    "Diepte-interviews",
    "Afstand tot de ambitie",
    "Bijlagen",
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    root = fresh_copy(tmp_path_factory.mktemp("werkplek"), PHONE)
    done = ready_kcc(root, "run", PHONE)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def published(workspace):
    return workspace / "outputs" / PHONE


def rows_of(published, name):
    with (published / "tables" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def estimates(published):
    return rows_of(published, "estimates")


@pytest.fixture(scope="module")
def page(published):
    return BeautifulSoup((published / "report.html").read_text("utf-8"), "html.parser")


def plain(text):
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def text(page):
    return plain(page.get_text(" ", strip=True))


def only(rows, **where):
    found = [r for r in rows if all(r[name] == value for name, value in where.items())]
    assert len(found) == 1, f"{len(found)} rows fulfil {where}"
    return found[0]


def total(rows, indicator, category=""):
    return only(rows, indicator=indicator, by="totaal", category=category)


def chapter(page, name):
    """Everything from the heading of a chapter to that of the next."""
    heading = next(h for h in page.select("main h2") if plain(h.get_text()) == name)
    section = heading.find_parent("section")
    if section is not None:
        return section
    parts = []
    for each in heading.next_siblings:
        if getattr(each, "name", None) == "h2":
            break
        parts.append(str(each))
    return BeautifulSoup("".join(parts), "html.parser")


def test_g19_750_callers_of_whom_210_gave_a_six_or_lower(estimates, text):
    row = total(estimates, "niet_tevreden")
    assert (row["count"], row["n"]) == ("210", "750")
    assert float(row["estimate"]) == pytest.approx(0.28, abs=1e-12)
    assert "28% niet tevreden (cijfer 6 of lager; 210 van 750" in text
    assert row["origin"] == "synthetic"


def test_g20_content_not_content_and_no_grade_make_everybody(estimates, text):
    content, other = total(estimates, "tevreden"), total(estimates, "niet_tevreden")
    silent = total(estimates, "cijferverdeling", "geen antwoord")
    assert [int(each["count"]) for each in (content, other, silent)] == [525, 210, 15]
    assert {each["n"] for each in (content, other, silent)} == {"750"}
    shares = [float(each["estimate"]) for each in (content, other, silent)]
    assert shares == pytest.approx([0.70, 0.28, 0.02], abs=1e-12)
    grades = [
        int(each["count"])
        for each in estimates
        if each["indicator"] == "cijferverdeling" and each["by"] == "totaal"
    ]
    assert len(grades) == 11
    assert sum(grades) == 750
    assert "15 bellers gaven geen cijfer; zij tellen wel mee" in text


def test_g20_the_interval_of_70_per_cent(estimates):
    row = total(estimates, "tevreden")
    assert float(row["ci_low"]) == pytest.approx(0.666, abs=0.001)
    assert float(row["ci_high"]) == pytest.approx(0.732, abs=0.001)
    assert row["uncertainty"] == "sampling"


def test_g20_the_ambition_is_not_reached_yet(published, page, text):
    row = only(rows_of(published, "verdicts"), indicator="tevreden")
    assert (row["verdict"], row["target_date"]) == ("not_yet", "2015-12-31")
    assert "nog niet op doel: 20 procentpunt te gaan (17–23)" in text
    assert "niet gehaald" not in chapter(page, "Bestuurlijke brief en conclusies").text


def test_g20_the_norm_table_never_calls_it_missed(page):
    row = next(
        each
        for each in page.select("tbody tr")
        if "Tevreden (cijfer 7 of hoger): 90%" in plain(each.get_text())
    )
    cells = [plain(each.get_text()) for each in row.select("th, td")]
    assert cells[1:3] == ["70%", "nog niet op doel"]


def test_g20_70_against_72_is_in_the_claims_table(page):
    said = next(
        plain(row.get_text(" ", strip=True))
        for row in page.select("tbody tr")
        if "naast 210 van de 750" in row.get_text()
    )
    assert "Past niet bij deze aantallen" in said
    assert "750 min 210 is 540, en dat is 72%" in said
    assert "12 tot en met 18 van de 750" in said


def test_g21_fifteen_interviews_without_percentage_or_interval(estimates, page):
    assert total(estimates, "personen")["count"] == "15"
    interviews = chapter(page, "Diepte-interviews")
    words = plain(interviews.get_text(" ", strip=True))
    assert "15" in words
    assert len(words) > 1000
    assert "%" not in words
    assert not re.search(r"\d\s*[–-]\s*\d", words)
    assert not re.search(r"marge|procent|interval|aandeel", words, re.IGNORECASE)


def test_g21_what_interviews_are_worth_is_said(page, text):
    words = plain(chapter(page, "Diepte-interviews").get_text(" ", strip=True))
    assert "niet hoe vaak" in words
    assert "zeggen niets over tevreden bellers" in text
    assert len(page.select("blockquote")) >= 10


def test_g21_no_row_of_the_interviews_is_a_share(estimates):
    rows = [each for each in estimates if each["source"] == "interviews"]
    assert rows
    for row in rows:
        assert row["statistic"] in ("count", "ratio")
        if row["statistic"] == "count":
            assert row["ci_low"] in ("", "x")


def test_g22_the_two_barriers_named_most(estimates, page, text):
    rows = [
        each
        for each in estimates
        if each["indicator"] == "belemmering" and each["by"] == "totaal"
    ]
    assert {each["n"] for each in rows} == {"210"}
    ranked = sorted(rows, key=lambda each: -int(each["count"]))
    assert [each["category"] for each in ranked[:2]] == [
        "niet in één keer geholpen",
        "te weinig kennis of deskundigheid",
    ]
    assert "Bellers met een 6 of lager noemen het vaakst: niet in één keer" in text
    assert "samen is het dus meer dan 100%" in text


def test_complex_questions_over_several_services_go_wrong(estimates):
    def of(indicator, group):
        return only(estimates, indicator=indicator, by="domein", group=group)

    for indicator in ("tevreden", "juist"):
        hard = of(indicator, "complex_meer_diensten")
        easy = of(indicator, "enkelvoudig_een_dienst")
        assert float(hard["ci_high"]) < float(easy["ci_low"])


def test_differences_by_kind_of_question_are_tested(published):
    rows = rows_of(published, "comparisons")
    for indicator in ("tevreden", "juist"):
        row = only(rows, indicator=indicator, by="complexiteit", group="complexe vraag")
        assert row["verdict"] == "lower"


def test_small_services_are_examples_and_not_compared(published, estimates):
    row = only(estimates, indicator="tevreden", by="dienst", group="evenementen")
    assert row["status"] == "indicative"
    assert 10 <= int(row["n"]) < 30
    rows = rows_of(published, "comparisons")
    compared = only(rows, indicator="tevreden", by="dienst", group="evenementen")
    assert compared["verdict"] == "not_shown"
    assert compared["p_value"] in ("", "x")


def test_the_registration_is_complete_and_has_no_interval(estimates):
    rows = [each for each in estimates if each["source"] == "telefonie"]
    assert {each["uncertainty"] for each in rows} == {"none"}
    assert all(each["ci_low"] in ("", "x") for each in rows)
    level = total(rows, "servicelevel")
    assert "formule offered_excl_short" in level["method"]
    gap = total(rows, "dagen_zonder_registratie")
    assert gap["count"] == "1"


def test_first_contact_by_survey_and_by_record_are_two_figures(estimates, page):
    said, counted = (
        total(estimates, each) for each in ("in_een_keer_geholpen", "in_een_keer")
    )
    assert (said["source"], counted["source"]) == ("enquete", "telefonie")
    row = next(
        plain(each.get_text(" ", strip=True))
        for each in page.select("tbody tr")
        if "volgens de beller" in each.get_text()
        and "volgens de registratie" in each.get_text()
    )
    assert "geen marge" in row


def test_the_calls_drawn_from_are_those_of_the_registration(estimates, text):
    answered = total(estimates, "uitkomst", "geholpen")["count"]
    shown = f"{int(answered):,}".replace(",", ".")
    assert f"Getrokken uit, terugbelenquête {shown}" in text


def test_the_chapters_are_those_of_the_study(page):
    headings = [plain(each.get_text(strip=True)) for each in page.select("main h2")]
    assert [each for each in headings if each in CHAPTERS] == CHAPTERS


def test_page_one_says_what_is_not_known(page):
    words = plain(
        chapter(page, "Bestuurlijke brief en conclusies").get_text(" ", strip=True)
    )
    assert "Wat we niet weten" in words
    assert "Getrokken zijn gesprekken, niet personen" in words
    assert "Op 15 mei 2013 is geen enkel gesprek geregistreerd" in words
    opening = plain(chapter(page, "Onderzoeksopzet").get_text(" ", strip=True))
    assert "Het register van gemeenten is volledig vanaf 2022" in opening
    assert "GM0518" in opening


def test_the_open_answers_keep_their_telephone_numbers_to_themselves(published):
    for path in published.rglob("*"):
        if path.is_file() and path.suffix in (".html", ".csv", ".ipynb", ".json"):
            content = path.read_text("utf-8")
            for private in ("06-00000000", "070-0000000", "voorbeeld.example"):
                assert private not in content, path.name


def test_the_pdf_is_accessible(published):
    report = (published / "report.pdf").read_bytes()
    assert standard_failures(report) == []


def test_figures_have_alt_text_and_the_data_behind_them(page):
    figures = page.select("figure")
    assert len(figures) >= 7
    for figure in figures:
        assert figure.img["alt"].startswith("Verzonnen gegevens")
        assert re.search(r"\d", figure.img["alt"])
    captions = [each.get_text(strip=True) for each in page.select("caption")]
    behind = sum(each.startswith("Gegevens bij figuur") for each in captions)
    assert behind == len(figures)


def test_few_cells_are_suppressed_and_no_base_is_small(estimates):
    hidden = [row for row in estimates if row["status"] == "suppressed"]
    assert len(hidden) < 0.02 * len(estimates)
    for row in estimates:
        if row["n"] not in ("", "x"):
            assert int(row["n"]) >= 10
