"""The study of the counter from raw files to report, read as a reader does.

Golden figures G1–G3 (DOMAIN §1.1) come from the published table and page. What is
computed from the raw files here is computed again, with nothing of the package.
"""

import csv
import gzip
import re
from datetime import datetime
from statistics import fmean

import openpyxl
import pytest
from bs4 import BeautifulSoup

from tests.pdf_standards import standard_failures
from tests.ready_command import ready_kcc
from tests.workspaces import (
    COUNTER,
    fresh_copy,
)

CHAPTERS = [
    "Samenvatting",
    "Bestuurlijke nota",
    "Inleiding en normenkader",
    "Beleid en visie",
    "Contacten en wachttijden",
    "Beleving",
    "Observaties en gesprekken",
    "Sturing en monitoring",
]
BOARD = [
    "Aanleiding en vraagstelling",
    "Conclusies",
    "Aanbevelingen",
    "Reactie college",
    "Nawoord",
]
VALUED = {"duidelijkheid", "snelheid", "klantgerichtheid", "deskundigheid"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    root = fresh_copy(tmp_path_factory.mktemp("werkplek"), COUNTER)
    done = ready_kcc(root, "run", COUNTER)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def published(workspace):
    return workspace / "outputs" / COUNTER


@pytest.fixture(scope="module")
def raw(workspace):
    return workspace / "data" / "raw" / COUNTER


def read(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def estimates(published):
    return read(published / "tables" / "estimates.csv")


@pytest.fixture(scope="module")
def page(published):
    return BeautifulSoup((published / "report.html").read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def text(page):
    return " ".join(page.get_text(" ", strip=True).replace("\u00a0", " ").split())


def only(rows, **where):
    where = {"by": "totaal"} | where
    found = [r for r in rows if all(r[name] == value for name, value in where.items())]
    assert len(found) == 1, f"{len(found)} rows fulfil {where}"
    return found[0]


# --- golden figures -------------------------------------------------------------------


def test_g1_just_over_75_000_visitors_were_helped(estimates, text):
    helped = only(estimates, indicator="uitkomst", category="geholpen")
    assert 75_000 < int(helped["count"]) <= 76_500
    assert helped["uncertainty"] == "none"
    assert helped["ci_low"] == ""
    assert "75.412 bezoekers geholpen" in text


def test_g1_the_claim_is_confirmed_by_its_band(page):
    row = next(
        row
        for row in page.select("tbody tr")
        if row.get_text().startswith("Ruim 75.000 klantcontacten")
    )
    cells = [each.get_text(strip=True) for each in row.select("th, td")]
    assert cells[2] == "Bevestigd"
    assert "75.000 tot en met 76.500" in cells[3].replace("\u00a0", " ")


def test_g2_exactly_the_four_published_themes_are_named_most(estimates):
    named = {
        row["category"]: int(row["count"])
        for row in estimates
        if (row["source"], row["indicator"], row["by"]) == ("balie", "themas", "totaal")
    }
    ranked = sorted(named, key=lambda each: -named[each])
    assert set(ranked[:4]) == VALUED
    assert named[ranked[4]] < named[ranked[3]]


def test_g3_visitors_are_satisfied_and_tailoring_is_seen(estimates, text):
    satisfied = only(estimates, indicator="tevreden")
    dissatisfied = only(estimates, indicator="ontevreden")
    assert float(satisfied["ci_low"]) > float(dissatisfied["ci_high"])
    tailored = only(estimates, indicator="maatwerk", source="observaties")
    assert float(tailored["ci_low"]) > 0.5
    assert "vaker tevreden dan ontevreden" in text
    assert "vaker wel dan niet" in text


def test_no_published_percentage_is_claimed(workspace):
    claims = (workspace / "studies" / COUNTER / "claims.toml").read_text("utf-8")
    assert 'kind = "percentage"' not in claims


# --- recomputed from the raw files ----------------------------------------------------


def clock(text):
    return datetime.strptime(text, "%H:%M:%S") if text else None


def waits(path, appointment):
    """Seconds from the later of arrival and appointment, as the layout says."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = dict.fromkeys(file.read().splitlines())  # the same line counts once
    found = []
    for row in csv.DictReader(lines, delimiter=";"):
        if row["status"] != "geholpen" or row["afspraak"] != appointment:
            continue
        arrived, called = clock(row["aanmeldtijd"]), clock(row["oproeptijd"])
        if called < arrived:  # the clocks disagree: no waiting time
            continue
        due = max(arrived, clock(row["afspraaktijd"]) or arrived)
        found.append(max(0, (called - due).total_seconds()))
    return found


@pytest.mark.parametrize(
    ("appointment", "group"), [("j", "met afspraak"), ("n", "zonder afspraak")]
)
def test_waiting_times_are_those_of_the_tickets(raw, estimates, appointment, group):
    found = waits(raw / "tickets.csv.gz", appointment)
    where = {"source": "tickets", "by": "afspraak", "group": group, "category": ""}
    mean = only(estimates, indicator="wachttijd", **where)
    within = only(estimates, indicator="wachttijd_binnen_norm", **where)
    assert int(mean["n"]) == len(found)
    assert float(mean["estimate"]) == pytest.approx(fmean(found), rel=1e-9)
    assert int(within["count"]) == sum(each <= 600 for each in found)


def test_a_gap_is_a_mean_of_differences_of_who_gave_both(raw, estimates):
    header, *rows = openpyxl.load_workbook(raw / "balie.xlsx").active.iter_rows(
        values_only=True
    )
    forms = [dict(zip(header, row, strict=True)) for row in rows]
    both = [
        form
        for form in forms
        if form["verwachting_snelheid"] <= 10 and form["ervaring_snelheid"] <= 10
    ]
    gap = only(estimates, indicator="verschil_snelheid", statistic="gap")
    assert int(gap["n"]) == len(both) < len(forms)
    plain = fmean(
        each["ervaring_snelheid"] - each["verwachting_snelheid"] for each in both
    )
    # Weighted to the visits of a year, it may differ a little from the plain mean.
    assert float(gap["estimate"]) == pytest.approx(plain, abs=0.05)
    assert float(gap["ci_high"]) < 0


def test_the_norm_is_judged_apart_for_visits_with_and_without_appointment(published):
    verdicts = {
        row["group"]: row["verdict"]
        for row in read(published / "tables" / "verdicts.csv")
        if row["indicator"] == "wachttijd_binnen_norm"
    }
    assert verdicts == {
        "totaal": "not_met",
        "met afspraak": "met",
        "zonder afspraak": "not_met",
    }


def test_a_norm_on_documents_says_whose_judgement_it_is(published):
    rows = [
        row
        for row in read(published / "tables" / "verdicts.csv")
        if row["indicator"] == "normenkader"
    ]
    assert len(rows) == 12
    assert all("oordeel van de onderzoekers" in row["reason"] for row in rows)
    assert all(row["estimate"] == row["norm"] == "" for row in rows)
    assert {"met", "partly_met", "not_met", "not_measured"} == {
        row["verdict"] for row in rows
    }


# --- the page -------------------------------------------------------------------------


def test_the_chapters_are_those_of_the_study(page):
    headings = [each.get_text(strip=True) for each in page.select("main h2")]
    assert [each for each in headings if each in CHAPTERS] == CHAPTERS
    parts = [each.get_text(strip=True) for each in page.select("main h3")]
    assert [each for each in parts if each in BOARD] == BOARD


def test_what_is_not_known_stands_in_the_summary(page):
    summary = next(
        each for each in page.select("main h2") if each.get_text() == "Samenvatting"
    )
    following = [each.get_text(strip=True) for each in summary.find_all_next("h3")]
    board = summary.find_next("h2").get_text(strip=True)
    assert following[0] == "Wat we niet weten"
    assert board == "Bestuurlijke nota"


def test_results_are_read_per_visit(text):
    assert "per bezoek : wie vaak komt" in text
    assert not re.search(r"\d% van de (?:inwoners|bezoekers) is tevreden", text)


def test_conversations_have_counts_and_no_percentages(estimates, page):
    spoken = [row for row in estimates if row["source"] == "gesprekken"]
    assert {row["statistic"] for row in spoken} <= {"count", "ratio"}
    start = next(
        each for each in page.select("main h3") if each.get_text() == "Gesprekken"
    )
    words = []
    for each in start.find_all_next(["h3", "p"]):
        if each.get_text() == "De bronnen naast elkaar":
            break
        words.append(each.get_text())
    assert len(words) > 5
    assert "%" not in " ".join(words)


def test_quotations_are_those_that_were_ticked(page, workspace):
    ticked = (workspace / "studies" / COUNTER / "quotes.toml").read_text("utf-8")
    assert len(page.select("main blockquote")) == ticked.count("[[quote]]")


def test_recommendations_have_an_owner_and_a_date(page):
    captions = [each.get_text() for each in page.select("caption")]
    assert any("Aanbevelingen: wie, wanneer" in each for each in captions)
    assert any("Wat er is gedaan met eerdere" in each for each in captions)
    assert "bezig, te laat" in page.get_text()


def test_figures_have_alt_text_and_the_data_behind_them(page):
    figures = page.select("figure")
    assert len(figures) >= 6
    for figure in figures:
        assert figure.img["alt"].startswith("Verzonnen gegevens")
        assert re.search(r"\d", figure.img["alt"])
    captions = [each.get_text(strip=True) for each in page.select("caption")]
    behind = [each for each in captions if each.startswith("Gegevens bij figuur")]
    assert len(behind) == len(figures)


def test_few_cells_are_suppressed(estimates):
    hidden = [row for row in estimates if row["status"] == "suppressed"]
    assert len(hidden) < 0.02 * len(estimates)


def test_no_form_fragment_or_open_answer_is_published(published, raw):
    rows = csv.DictReader(
        (raw / "gesprekken.csv").read_text("utf-8").splitlines(), delimiter=";"
    )
    people = {row["persoon"] for row in rows}
    for path in published.rglob("*"):
        if path.suffix in (".html", ".csv", ".json", ".ipynb"):
            # Letters of pictures happen to look like the number of a form.
            content = re.sub(r"[\w+/=]{100,}", "", path.read_text("utf-8"))
            assert "06-00000000" not in content
            assert not re.search(r"\bB[0-4]\d\d\b|\bF\d{3}\b", content), path.name
            assert not [each for each in people if f'"{each}"' in content]


def test_the_pdf_is_accessible(published):
    assert standard_failures((published / "report.pdf").read_bytes()) == []


def test_a_new_status_of_a_recommendation_makes_the_report_only(workspace):
    file = workspace / "studies" / COUNTER / "aanbevelingen.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('"open"', '"bezig"', 1), encoding="utf-8")
    done = ready_kcc(workspace, "run", COUNTER, "--dry-run")
    file.write_text(text, encoding="utf-8")
    steps = re.findall(r"^  ([\w-]+): ", done.stdout, re.MULTILINE)
    assert steps == ["report"]
