"""The receipt phase of permits in a Dutch municipality: norm against realisation.

From raw file to HTML and PDF by the command line. The log is not in the repository;
without it the tests are skipped. One row per event; the columns of the case repeat, so
equal rows are one case. Figures of its data card.
"""

import csv
import json
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pytest

from kcc_research.microdata.contacts import import_contacts
from kcc_research.study.loading import load_study
from tests.ready_command import ready_kcc
from tests.workspaces import (
    REPOSITORY,
    SHARED,
    published_figures,
    published_page,
    words_of,
)

FILE = SHARED / "data" / "wabo_receipt" / "receipt.csv"
KEY = "xx-nederlandse-gemeente/2011-vergunningen"
SOURCE = "zaken"
ON_TIME = {
    "internet": (825, 1_148, "71,9%"),
    "balie": (66, 107, "61,7%"),
    "post": (35, 52, "67,3%"),
    "e-mail": (13, 21, "61,9%"),
}

pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason=f"no open data at {FILE.parent.name}: set KCC_SHARED"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("vergunningen")
    definitions = Path(__file__).parent / "definitions"
    shutil.copytree(definitions / KEY, root / "studies" / KEY)
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    (root / "data" / "raw" / KEY).mkdir(parents=True)
    shutil.copy(FILE, root / "data" / "raw" / KEY)
    return root


@pytest.fixture(scope="module")
def outputs(root):
    done = ready_kcc(root, "run", KEY)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "outputs" / KEY


@pytest.fixture(scope="module")
def figures(outputs):
    return published_figures(outputs)


@pytest.fixture(scope="module")
def page(outputs):
    return published_page(outputs)


@pytest.fixture(scope="module")
def text(page):
    return words_of(page)


@pytest.fixture(scope="module")
def starts():
    """Start of every case, with its offset, straight from the file."""
    with FILE.open(encoding="utf-8") as file:
        found = {
            row["case:concept:name"]: row["case:startdate"]
            for row in csv.DictReader(file)
        }
    return [datetime.fromisoformat(each) for each in found.values()]


@pytest.fixture(scope="module")
def log(root, tmp_path_factory):
    study = load_study(root, KEY)
    target = tmp_path_factory.mktemp("records") / "cases.parquet"
    source, layout = study.measurement.sources[SOURCE], study.layouts[SOURCE]
    return import_contacts(FILE, source, layout, target)


def test_equal_rows_are_one_case(log):
    repeated = next(each for each in log.problems if each.code == "KCC-D041h")

    assert log.facts[0].rows == 8_577
    assert log.records == 1_434
    assert f"({8_577 - 1_434} overgeslagen)" in repeated.title


def test_staff_stays_behind(log):
    found = {each.code: each.column for each in log.problems}

    assert found["KCC-P001a"] == "case:responsible, org:resource"


def test_two_cases_end_before_they_start(log, text):
    found = next(each for each in log.problems if each.code == "KCC-D036")

    assert "(2 keer)" in found.title
    assert found.severity == "warning"
    assert "Einde ligt voor het begin (2 keer)" in text
    assert "Van 2 zaken is de doorlooptijd onbekend of kan die niet kloppen" in text


def test_open_cases_are_censored(figures, text):
    still_open = figures["normklasse", "totaal", "totaal", "nog open"]

    assert (still_open["count"], still_open["n"]) == ("105", "1434")
    assert figures["binnen_norm", "totaal", "totaal", ""]["n"] == "1329"
    assert "105 zaken waren nog open. Of die op tijd zijn, is niet bekend." in text


def test_on_time_of_the_closed_cases(figures, text):
    found = figures["binnen_norm", "totaal", "totaal", ""]

    assert (found["count"], found["n"]) == ("940", "1329")
    assert found["uncertainty"] == "none"
    assert found["ci_low"] == found["ci_high"] == found["std_error"] == ""
    assert "Van de 1.329 afgesloten zaken met een norm is 70,7% op tijd (940)" in text
    assert "Welk deel op tijd moet zijn, is niet afgesproken: een witte vlek" in text


@pytest.mark.parametrize("channel", ON_TIME)
def test_on_time_by_channel(figures, text, page, channel):
    found = figures["binnen_norm", "kanaal", channel, ""]
    count, n, percentage = ON_TIME[channel]

    assert (found["count"], found["n"]) == (str(count), str(n))
    assert f"{channel} {percentage} ({count} van" in text
    figure = page.find("figure", id="figuur-zaken-binnen-norm-kanaal")
    alt = figure.find("img")["alt"].replace("\N{NO-BREAK SPACE}", " ")
    assert f"{channel} {percentage}" in alt


def test_one_case_by_an_internal_channel_is_withheld(figures, text):
    found = figures["binnen_norm", "kanaal", "intern", ""]

    assert found["status"] == "suppressed"
    assert found["estimate"] == found["count"] == found["n"] == "x"
    assert "Te weinig om te publiceren: intern." in text


def test_days_are_those_of_the_netherlands_in_summer_and_winter(figures, starts):
    # Most cases start at 00:00 in Dutch time: in UTC that is the day before.
    zone, names = ZoneInfo("Europe/Amsterdam"), "maandag dinsdag woensdag donderdag"
    local = Counter(each.astimezone(zone).weekday() for each in starts)
    as_utc = Counter(each.astimezone(ZoneInfo("UTC")).weekday() for each in starts)

    assert {each.utcoffset().total_seconds() for each in starts} == {3_600, 7_200}
    assert local != as_utc
    for number, name in enumerate(names.split()):
        found = figures["contacten", "weekdag", name, ""]
        assert int(found["count"]) == local[number]
    months = Counter(f"{each.astimezone(zone):%Y-%m}" for each in starts)
    for month, count in months.items():
        assert figures["contacten", "maand", month, ""]["count"] == str(count)


def test_hours_that_are_no_hours_stay_out(figures, text, root, tmp_path, starts):
    # 96% of the cases start at one of two seconds of the day: dates, not times.
    clock = Counter(each.strftime("%H:%M:%S") for each in starts)
    assert sum(count for _, count in clock.most_common(2)) / len(starts) > 0.95
    assert not any(by in ("uur", "weekdag_uur") for _, by, _, _ in figures)
    assert "Het uur van de dag staat niet in deze registratie." in text

    study = load_study(root, KEY)
    layout = study.layouts[SOURCE].model_copy(update={"clock": True})
    source = study.measurement.sources[SOURCE]
    log = import_contacts(FILE, source, layout, tmp_path / "records.parquet")
    found = next(each for each in log.problems if each.code == "KCC-D036e")
    assert "921 records hebben hetzelfde tijdstip, 01:06:40" in found.title


def test_median_duration(figures, text):
    found = figures["doorlooptijd_mediaan", "totaal", "totaal", ""]

    assert found["n"] == str(1_329 - 2)
    assert round(float(found["estimate"]), 2) == 50.64
    assert "Bij de helft is die hoogstens 50,6 dagen" in text


def test_no_percentile_of_a_few(figures):
    found = figures["doorlooptijd_p90", "kanaal", "post", ""]

    assert found["n"] == "52"
    assert found["status"] == "not_measured"


def test_days_without_registration_are_listed(figures, text):
    found = figures["dagen_zonder_registratie", "totaal", "totaal", ""]

    assert (found["count"], found["n"]) == ("25", "334")
    assert "28 december 2011 tot en met 3 januari 2012" in text


def test_chapters_stand_in_their_order(page):
    assert [each.get_text(strip=True) for each in page.find_all("h2")][-8:] == [
        "Samenvatting",
        "Opzet en registratie",
        "Contacten",
        "Wachttijd en bereikbaarheid",
        "Normen",
        "Wat wij niet weten",
        "Verantwoording",
        "Bijlagen",
    ]


def test_a_registration_has_no_margin_anywhere(figures, text):
    assert {row["uncertainty"] for row in figures.values()} == {"none"}
    assert "95%-marge" not in text
    assert "alle 1.434 zaken geteld" in text


def test_there_is_a_pdf_that_was_looked_at_by_the_gate(outputs):
    with pikepdf.open(outputs / "report.pdf") as pdf:
        assert len(pdf.pages) > 5
        assert "/MarkInfo" in pdf.Root
    manifest = json.loads((outputs / "manifest.json").read_text(encoding="utf-8"))
    assert "report.pdf" in json.dumps(manifest)
