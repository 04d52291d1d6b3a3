"""A registration on its own, from KISS export to report, as the command line makes it.

Every figure is counted again here from the raw file, without the product.
"""

import csv
import gzip
import io
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kcc_research import dutch
from tests.ready_command import ready_kcc
from tests.workspaces import (
    CONTACTS,
    REPOSITORY,
    fresh_copy,
    published_figures,
    published_page,
    words_of,
)

RAW = REPOSITORY / "data" / "raw" / CONTACTS / "contactmomenten.csv.gz"
RESOLVED = {"Zelfstandig afgehandeld", "Afgehandeld na ruggespraak"}
OUTSIDE = {"Verwezen naar ander instantie", "Verbinding verbroken"}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    root = fresh_copy(tmp_path_factory.mktemp("contacten"), CONTACTS)
    done = ready_kcc(root, "run", CONTACTS)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "outputs" / CONTACTS


@pytest.fixture(scope="module")
def raw():
    text = gzip.decompress(RAW.read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.fixture(scope="module")
def figures(outputs):
    return published_figures(outputs)


@pytest.fixture(scope="module")
def page(outputs):
    return published_page(outputs)


@pytest.fixture(scope="module")
def text(page):
    return words_of(page)


def local(row):
    moment = datetime.fromisoformat(row["startdatum"])
    return moment.astimezone(ZoneInfo("Europe/Amsterdam"))


def test_every_contact_is_counted(figures, raw, text):
    assert figures["contacten", "totaal", "totaal", ""]["count"] == str(len(raw))
    assert f"alle {dutch.number(len(raw))} contacten geteld" in text


def test_contacts_by_channel_month_weekday_and_hour(figures, raw):
    weekdays = "maandag dinsdag woensdag donderdag vrijdag".split()
    for by, name in (
        ("kanaal", lambda row: row["kanaal"]),
        ("product", lambda row: row["verantwoordelijkeAfdeling"]),
        ("maand", lambda row: f"{local(row):%Y-%m}"),
        ("weekdag", lambda row: weekdays[local(row).weekday()]),
        ("uur", lambda row: f"{local(row):%H}:00"),
    ):
        for group, count in Counter(map(name, raw)).items():
            assert figures["contacten", by, group, ""]["count"] == str(count)


def test_first_contact_resolution_and_its_norm(figures, raw, text):
    judged = [r for r in raw if r["gespreksresultaat"] not in OUTSIDE]
    first = sum(r["gespreksresultaat"] in RESOLVED for r in judged)
    found = figures["in_een_keer", "totaal", "totaal", ""]

    assert (found["count"], found["n"]) == (str(first), str(len(judged)))
    share = dutch.percentage(first / len(judged), 1)
    assert f"{share} ( {dutch.number(first)} van" in text.replace("(", "( ")
    assert first / len(judged) < 0.8
    assert "de norm is 80%: niet gehaald" in text


def test_handling_time_is_a_mean_of_seconds(figures, raw, text):
    seconds = [
        (
            datetime.fromisoformat(r["einddatum"])
            - datetime.fromisoformat(r["startdatum"])
        ).total_seconds()
        for r in raw
    ]
    found = figures["afhandeltijd", "totaal", "totaal", ""]

    assert float(found["estimate"]) == pytest.approx(sum(seconds) / len(seconds))
    assert f"{dutch.clock(sum(seconds) / len(seconds))} minuten" in text


def test_the_week_out_of_order_is_a_gap_on_page_one(figures, text, page):
    found = figures["dagen_zonder_registratie", "totaal", "totaal", ""]

    assert found["count"] == "5"
    assert "de langste onderbreking is 13 maart 2023 tot en met 17 maart 2023" in text
    summary = page.find("h2", string="Samenvatting")
    first_page = " ".join(
        each.get_text(" ") for each in summary.find_all_next(["li", "h2"])[:8]
    )
    assert "niets geregistreerd" in first_page


def test_few_cells_are_suppressed(outputs):
    with (outputs / "tables" / "estimates.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    hidden = [row for row in found if row["status"] == "suppressed"]
    assert len(hidden) < 0.02 * len(found)


def test_staff_is_nowhere(outputs):
    for path in outputs.rglob("*"):
        if path.suffix in {".html", ".csv", ".json", ".ipynb"}:
            assert "kcm0" not in path.read_text(encoding="utf-8"), path.name


def test_nothing_has_a_margin_and_all_is_marked_as_invented(figures, text):
    assert {row["uncertainty"] for row in figures.values()} == {"none"}
    assert {row["origin"] for row in figures.values()} == {"synthetic"}
    assert "95%-marge" not in text
    assert "VERZONNEN GEGEVENS" in text
