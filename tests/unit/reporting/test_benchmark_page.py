"""outputs/benchmark.html: every municipality with its margin, and never a ranking."""

from dataclasses import replace

import html5lib
import pytest
from bs4 import BeautifulSoup

from kcc_research.reporting.benchmark_page import render, told
from kcc_research.reporting.catalogue_entry import Outcome
from kcc_research.reporting.html_markup import CONTENT_SECURITY_POLICY
from kcc_research.reporting.side_by_side import Beside, Municipal, Panel

OUTCOME = Outcome(
    "waardering", "Rapportcijfer", "mean", "published", 6.5, 5.9, 7.1, n=36
)
CLOSE = Beside("grootteklasse 2", "not_shown", "", 12, 6.8, -0.9, 0.3)
HOW = {
    "question": "Welk cijfer geeft u?",
    "answers": "cijfer, 1 tot en met 10, hoger is beter",
    "measure": "gemiddelde, van geldige antwoorden",
    "people": "inwoners",
    "asked": "",
    "mode": "web",
    "recruitment": "random-sample",
    "who": "inwoners",
}


def municipal(name, estimate=6.5, beside=(CLOSE,), size=2, **changes):
    spread = {"low": estimate - 0.6, "high": estimate + 0.6}
    outcome = replace(OUTCOME, estimate=estimate, **spread, **changes)
    report = f"{name.lower()}/2024-meting/report.html"
    return Municipal(name, size, outcome, beside, "Drenthe", report)


def panel(*municipalities, **changes):
    found = Panel("Rapportcijfer", "klantbeleving", 2024, True, municipalities, HOW)
    return replace(found, **changes)


def page(*panels, **changes):
    text = render(panels, **changes)
    parser = html5lib.HTMLParser()
    parser.parse(text)
    assert parser.errors == []
    return BeautifulSoup(text, "html5lib")


def names(found):
    return [each.text for each in found.tbody.find_all("th")]


def words(found):
    return " ".join(found.text.split()).replace("\u2060", "")


def test_the_order_is_that_of_names_whatever_the_grades():
    every = municipal("Zwolle", 9.0), municipal("aalten", 5.0), municipal("Borne")
    found = page(panel(*every))
    assert names(found) == ["aalten", "Borne", "Zwolle"]
    [head] = found.select("[aria-sort]")
    assert head.text == "Gemeente"


def test_nothing_on_the_page_puts_values_in_order():
    found = page(panel(municipal("Borne")))
    sortable = [each.text for each in found.select("[data-sort]")]
    assert sortable == ["Gemeente", "Grootte", "n"]


def test_sizes_are_in_the_order_of_size():
    found = page(panel(municipal("Borne", size=5), municipal("Zwolle", size=4)))
    assert [each["data-k"] for each in found.select("[data-k]")] == ["5", "4"]
    options = [each.text for each in found.select("#grootte option")]
    assert options[1:] == ["20.000 tot 50.000 inwoners", "50.000 tot 100.000 inwoners"]


def test_the_page_says_what_overlap_means_and_that_it_is_no_ranking():
    text = words(page(panel(municipal("Borne"))).main)
    assert "Dit is geen ranglijst. De gemeenten staan op naam." in text
    assert "Overlappen de marges van twee gemeenten, dan is het te dichtbij" in text


def test_every_number_stands_with_margin_size_and_own_group():
    row = words(page(panel(municipal("Borne"))).tbody)
    assert "6,5 95%-marge 5,9–7,1" in row
    assert "n = 36" in row
    assert "5.000 tot 10.000 inwoners" in row
    assert "12 andere van deze grootte: gemiddeld 6,8" in row
    assert "Te dichtbij om te zeggen: 0,90 lager tot 0,30 hoger" in row


def test_the_name_leads_to_the_report_and_to_the_profile_if_there_is_one():
    both = replace(municipal("Borne"), profile="nl/b/profiles/borne.html")
    [first, second] = page(panel(both)).tbody.find_all("a")
    assert first["href"] == "borne/2024-meting/report.html"
    assert (second.text, second["href"]) == ("Profiel", "nl/b/profiles/borne.html")


def test_the_picture_has_the_margin_and_the_group_and_is_told_in_the_row():
    [picture] = page(panel(municipal("Borne"))).find_all("svg")
    assert picture["aria-hidden"] == "true"
    assert [each["class"][0] for each in picture.find_all("path")] == ["g", "i", "p"]
    [alone] = page(panel(municipal("Borne", beside=()))).find_all("svg")
    assert [each["class"][0] for each in alone.find_all("path")] == ["i", "p"]


@pytest.mark.parametrize(
    ("beside", "statistic", "group", "verdict"),
    [
        (
            Beside("alle gemeenten", "higher", "", 30, 6.0, 0.04, 0.65),
            "mean",
            "30 andere (alle gemeenten): gemiddeld 6,0",
            "0,04 tot 0,65 hoger",
        ),
        (
            Beside("grootteklasse 4", "lower", "", 30, 0.7, -0.123, -0.02),
            "share",
            "30 andere van deze grootte: gemiddeld 70%",
            "2,0 tot 12,3\N{NO-BREAK SPACE}procentpunt lager",
        ),
        (
            Beside("groep Leerkring", "not_shown", "te onzeker", 12, 6.8),
            "mean",
            "12 andere (groep Leerkring): gemiddeld 6,8",
            "Te onzeker",
        ),
        (Beside("alle gemeenten", "not_shown"), "mean", "Alle gemeenten", None),
    ],
)
def test_what_a_difference_says(beside, statistic, group, verdict):
    assert told(beside, statistic) == (group, verdict or "Te dichtbij om te zeggen")


def test_a_suppressed_municipality_is_x_without_a_picture():
    silent = {"estimate": None, "low": None, "high": None, "n": None}
    outcome = replace(OUTCOME, status="suppressed", **silent)
    found = page(panel(Municipal("Borne", 2, outcome), municipal("Zwolle")))
    row = found.tbody.find("tr")
    assert [each.text.strip() for each in row.find_all("td")[1:3]] == ["x", "x"]
    assert not row.find_all("svg")


def test_every_number_is_there_without_script_and_can_be_chosen_with_it():
    later = panel(municipal("Borne"), municipal("Zwolle"), year=2025)
    found = page(panel(municipal("Borne")), later)
    folded = found.select("details.naast")
    assert [each.has_attr("open") for each in folded] == [True, False]
    chosen = [each.text for each in found.select("#wat option")]
    assert chosen == [each.h2.text for each in folded]
    assert chosen[1] == "Rapportcijfer, klantbeleving 2025"
    assert words(folded[1].caption) == "Rapportcijfer, klantbeleving 2025: 2 gemeenten"
    assert [each.name for each in found.find_all(hidden=True)] == ["form"]


def test_two_numbers_with_one_name_are_told_apart_by_who_was_asked():
    callers = panel(municipal("Borne"), told=HOW | {"who": "bellers"})
    found = page(panel(municipal("Borne")), callers)
    ends = [each.h2.text.rpartition(" (")[2] for each in found.select("details.naast")]
    assert ends == ["inwoners)", "bellers)"]


def test_it_says_how_it_was_measured_and_who_is_not_there():
    absent = (("Zwolle", "niet gevraagd"), ("Assen", "niet gevraagd"))
    text = words(page(panel(municipal("Borne"), absent=absent)).main)
    assert "Vraag: “Welk cijfer geeft u?”" in text
    assert "De cijfers gaan over inwoners. De vragen zijn via internet gesteld" in text
    assert "Niet in deze lijst (niet gevraagd): Assen en Zwolle." in text


def test_what_did_not_fit_is_counted_and_what_it_was_made_from_is_named():
    found = page(panel(municipal("Borne")), left_out=3, stamp="0123456789abcdef")
    assert "Nog 3 lijsten met andere uitkomsten of eerdere jaren" in words(found.main)
    assert found.find(id="gevonden")["data-of"] == "0123456789abcdef"


def test_only_our_own_script_runs_and_nothing_is_loaded():
    found = page(panel(municipal("Borne")))
    policy = found.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith(
        f"{CONTENT_SECURITY_POLICY}; script-src 'sha256-"
    )
    assert "://" not in str(found)


def test_invented_data_are_marked_once_or_per_list_and_names_are_text():
    found = page(panel(municipal("<script>x</script>")))
    assert words(found.main).count("Verzonnen gegevens") == 1
    assert len(found.find_all("script")) == 1
    assert names(found) == ["<script>x</script>"]
    real = panel(municipal("Borne"), synthetic=False)
    mixed = page(panel(municipal("Borne")), real).select("details.naast")
    assert ["Verzonnen gegevens" in each.text for each in mixed] == [True, False]
