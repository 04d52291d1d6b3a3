"""outputs/benchmark.html: every municipality with its margin, and never a ranking."""

from dataclasses import replace
from datetime import date

import html5lib
import pytest
from bs4 import BeautifulSoup

from kcc_research.reporting.benchmark_page import Benchmark, Beside, Municipal, render
from kcc_research.reporting.catalogue_entry import Entry, Outcome
from kcc_research.reporting.html_markup import CONTENT_SECURITY_POLICY

OUTCOME = Outcome(
    "waardering", "Rapportcijfer", "mean", "published", 6.5, 5.9, 7.1, n=36
)
SMALL, LARGE = "inwonerklasse tot 20.000", "inwonerklasse vanaf 100.000"
ENTRY = Entry(
    key="nl/burgerbenchmark",
    title="Burgerbenchmark",
    place="Nederland",
    published=date(2024, 9, 12),
    status="definitief",
    synthetic=True,
    study="benchmark",
)


def municipal(name, estimate=6.5, **changes):
    spread = {"low": estimate - 0.6, "high": estimate + 0.6}
    outcome = replace(OUTCOME, estimate=estimate, **spread, **changes)
    return Municipal(name, 2, outcome, (Beside(SMALL, "not_shown"),))


def page(*municipalities, **changes):
    benchmark = Benchmark(ENTRY, "Rapportcijfer", municipalities, {SMALL: 6.8})
    text = render(replace(benchmark, **changes))
    parser = html5lib.HTMLParser()
    parser.parse(text)
    assert parser.errors == []
    return BeautifulSoup(text, "html5lib")


def names(found):
    return [each.text for each in found.tbody.find_all("th")]


def test_the_order_is_that_of_names_whatever_the_grades():
    found = page(municipal("Zwolle", 9.0), municipal("aalten", 5.0), municipal("Borne"))
    assert names(found) == ["aalten", "Borne", "Zwolle"]
    [head] = found.select("[aria-sort]")
    assert head.text == "Gemeente"


def test_the_page_says_what_overlap_means_and_that_it_is_no_ranking():
    words = " ".join(page(municipal("Borne")).main.text.split())
    assert "Dit is geen ranglijst." in words
    assert (
        "Overlappen de marges van twee gemeenten, dan kan het verschil toeval" in words
    )


def test_every_number_stands_with_margin_size_and_own_group():
    row = " ".join(page(municipal("Borne")).tbody.text.split()).replace("\u2060", "")
    assert "6,5 95%-marge 5,9–7,1" in row
    assert "n = 36" in row
    assert "5.000 tot 10.000 inwoners" in row
    assert "Inwonerklasse tot 20.000: geen duidelijk verschil" in row


def test_the_picture_has_the_group_and_says_its_numbers():
    [picture] = page(municipal("Borne")).find_all("svg")
    assert picture["aria-label"] == "6,5, 95%-marge 5,9–7,1; groep 6,8"
    assert len(picture.find_all(class_="g")) == 1
    [alone] = page(municipal("Borne"), means={}).find_all("svg")
    assert not alone.find_all(class_="g")


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        (Beside(LARGE, "higher"), "Inwonerklasse vanaf 100.000: hoger dan de groep"),
        (Beside(LARGE, "lower"), "Inwonerklasse vanaf 100.000: lager dan de groep"),
        (
            Beside(LARGE, "not_shown", "te onzeker"),
            "Inwonerklasse vanaf 100.000: te onzeker",
        ),
    ],
)
def test_a_reason_comes_before_a_verdict(beside, expected):
    assert beside.words == expected


def test_a_suppressed_municipality_is_x_without_a_picture():
    silent = {"estimate": None, "low": None, "high": None, "n": None}
    outcome = replace(OUTCOME, status="suppressed", **silent)
    found = page(Municipal("Borne", 2, outcome))
    assert [each.text.strip() for each in found.tbody.find_all("td")[1:3]] == ["x", "x"]
    assert not found.find_all("svg")


def test_only_our_own_script_runs_and_nothing_is_loaded():
    found = page(municipal("Borne"))
    policy = found.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith(
        f"{CONTENT_SECURITY_POLICY}; script-src 'sha256-"
    )
    assert "://" not in str(found)
    assert [each.name for each in found.find_all(hidden=True)] == ["form"]


def test_invented_data_are_marked_and_names_are_text():
    found = page(municipal("<script>x</script>"))
    assert "Verzonnen gegevens" in found.main.text
    assert len(found.find_all("script")) == 1
    assert names(found) == ["<script>x</script>"]
