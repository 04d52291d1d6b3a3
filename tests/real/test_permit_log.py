"""The receipt phase of permits in a Dutch municipality: norm against realisation.

The log is not in the repository. Without it the tests are skipped. One row per event;
the columns of the case repeat, so equal rows are one case. Figures of its data card.
"""

import pytest

from kcc_research.estimation.contact_kpis import estimate_contacts
from kcc_research.microdata.contacts import import_contacts
from kcc_research.study.measurement import Source
from kcc_research.study.record_layout import RecordLayout
from tests.workspaces import SHARED

FILE = SHARED / "data" / "wabo_receipt" / "receipt.csv"
LAYOUT = {
    "title": "Ontvangst van vergunningaanvragen",
    "kind": "contacts",
    "key": ["case:concept:name"],
    "drop": ["org:resource", "case:responsible"],
    "field": {
        "arrived": {"column": "case:startdate"},
        "ended": {"column": "case:enddate"},
        "due": {"column": "case:enddate_planned"},
        "channel": {"column": "case:channel"},
    },
}
ON_TIME = {
    "Internet": (825, 1_148, 71.9),
    "Desk": (66, 107, 61.7),
    "Post": (35, 52, 67.3),
    "e-mail": (13, 21, 61.9),
    "Intern": (1, 1, 100.0),
}

pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason=f"no open data at {FILE.parent.name}: set KCC_SHARED"
)


@pytest.fixture(scope="module")
def layout():
    return RecordLayout.model_validate(LAYOUT)


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    return tmp_path_factory.mktemp("records") / "cases.parquet"


@pytest.fixture(scope="module")
def log(layout, target):
    source = Source(id="zaken", kind="contacts", layout="l.toml", file=FILE.name)
    return import_contacts(FILE, source, layout, target)


@pytest.fixture(scope="module")
def figures(log, layout, target, contact_study):
    table = estimate_contacts(contact_study(layout), "zaken", target)
    return table.set_index(["indicator", "by", "group", "category"])


@pytest.fixture(scope="module")
def contact_study():
    """A study of which only the layout matters here."""

    class Fake:
        key = "gm9001-voorbeeld/2012-vergunningen"

        def __init__(self, layout):
            self.layouts = {"zaken": layout}

    return Fake


def test_equal_rows_are_one_case(log):
    repeated = next(each for each in log.problems if each.code == "KCC-D041h")

    assert log.facts[0].rows == 8_577
    assert log.records == 1_434
    assert f"({8_577 - 1_434} overgeslagen)" in repeated.title


def test_staff_stays_behind(log):
    found = {each.code: each.column for each in log.problems}

    assert found["KCC-P001a"] == "case:responsible, org:resource"


def test_two_cases_end_before_they_start(log):
    found = next(each for each in log.problems if each.code == "KCC-D036")

    assert "(2 keer)" in found.title
    assert found.severity == "warning"


def test_open_cases_are_censored(figures):
    still_open = figures.loc[("normklasse", "totaal", "totaal", "nog open")]

    assert still_open["count"] == 105
    assert still_open["n"] == 1_434


def test_on_time_of_the_closed_cases(figures):
    found = figures.loc[("binnen_norm", "totaal", "totaal", "")]

    assert (found["count"], found["n"]) == (940, 1_329)
    assert round(100 * found["estimate"], 1) == 70.7
    assert found["uncertainty"] == "none"
    assert found[["ci_low", "ci_high", "std_error"]].isna().all()


@pytest.mark.parametrize("channel", ON_TIME)
def test_on_time_by_channel(figures, channel):
    found = figures.loc[("binnen_norm", "kanaal", channel, "")]
    count, n, percentage = ON_TIME[channel]

    assert (found["count"], found["n"]) == (count, n)
    assert round(100 * found["estimate"], 1) == percentage


def test_median_duration(figures):
    found = figures.loc[("doorlooptijd_mediaan", "totaal", "totaal", "")]

    assert found["n"] == 1_329 - 2
    assert round(found["estimate"], 2) == 50.64


def test_no_percentile_of_a_few(figures):
    found = figures.loc[("doorlooptijd_p90", "kanaal", "Post", "")]

    assert found["n"] == 52
    assert found["status"] == "not_measured"
