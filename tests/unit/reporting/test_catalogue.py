"""outputs/index.html: readable, reachable and harmless."""

from dataclasses import replace
from datetime import date

import html5lib
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting.catalogue import TITLE, Entry, render
from kcc_research.reporting.colour import contrast
from kcc_research.reporting.html_markup import CONTENT_SECURITY_POLICY

ENTRY = Entry(
    key="gm0575-noordwijk/2023-klantbeleving",
    title="2-meting klantbeleving",
    place="Noordwijk",
    published=date(2024, 3, 29),
    status="definitief",
    synthetic=True,
    tables=("comparisons.csv", "estimates.csv", "tabellenboek.xlsx", "verdicts.csv"),
)


def page(*entries):
    text = render(entries)
    parser = html5lib.HTMLParser()
    parser.parse(text)
    assert parser.errors == []
    return BeautifulSoup(text, "html5lib")


def test_the_page_is_dutch_with_one_heading_that_is_its_title():
    found = page(ENTRY)
    assert found.html["lang"] == "nl"
    assert [each.text for each in found.find_all("h1")] == [TITLE]
    assert found.title.text == TITLE
    assert len(found.find_all("main")) == 1


def test_the_first_link_skips_to_the_list():
    found = page(ENTRY)
    first = found.body.find("a")
    assert first["class"] == ["skip"]
    assert found.find(id=first["href"].removeprefix("#")).name == "main"


def test_nothing_runs_and_nothing_is_loaded():
    found = page(ENTRY)
    policy = found.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy["content"] == CONTENT_SECURITY_POLICY
    assert not found.find_all(["script", "link", "iframe", "object", "img"])
    assert "http://" not in str(found) and "https://" not in str(found)


def test_every_row_links_to_page_paper_and_tables():
    found = page(ENTRY)
    links = [each["href"] for each in found.tbody.find_all("a")]
    key = ENTRY.key
    assert links == [
        f"{key}/report.html",
        f"{key}/report.pdf",
        f"{key}/tables/comparisons.csv",
        f"{key}/tables/estimates.csv",
        f"{key}/tables/tabellenboek.xlsx",
        f"{key}/tables/verdicts.csv",
    ]


def test_every_link_tells_where_it_goes_without_its_row():
    other = replace(ENTRY, key="a/b", title="1-meting", published=date(2023, 1, 1))
    found = page(ENTRY, other)
    labels = [each["aria-label"] for each in found.tbody.find_all("a")]
    assert len(set(labels)) == len(labels)
    for each in found.tbody.find_all("a"):
        assert each["aria-label"].startswith(each.text)


def test_the_table_can_be_read_aloud():
    table = page(ENTRY).table
    assert table.caption.text == "1 rapport"
    assert all(each["scope"] == "col" for each in table.thead.find_all("th"))
    assert [each["scope"] for each in table.tbody.find_all("th")] == ["row"]
    widths = {len(row.find_all(["th", "td"])) for row in table.find_all("tr")}
    assert len(widths) == 1
    assert all(each.text.strip() for each in table.find_all("th"))


def test_invented_data_are_marked():
    assert "verzonnen gegevens" in page(ENTRY).tbody.text
    assert "verzonnen" not in page(replace(ENTRY, synthetic=False)).tbody.text


def test_dates_are_dutch_and_places_come_in_order():
    entries = (
        replace(ENTRY, key="b/1", place="Zwolle"),
        replace(ENTRY, key="a/1", place="haarlem", published=date(2022, 1, 2)),
        replace(ENTRY, key="a/2", place="haarlem", published=date(2023, 1, 2)),
    )
    found = page(*entries)
    dates = [each.text.replace("\xa0", " ") for each in found.find_all("time")]
    assert dates == ["2 januari 2023", "2 januari 2022", "29 maart 2024"]
    assert render(entries) == render(reversed(entries))


def test_without_reports_the_page_says_so():
    found = page()
    assert "nog geen rapporten" in found.main.text
    assert not found.find_all("table")


@given(st.text(max_size=30))
def test_a_title_is_text_and_nothing_else(text):
    found = BeautifulSoup(render([replace(ENTRY, title=f"<script>{text}")]), "html5lib")
    assert not found.find_all("script")


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#1b1b1b", "#ffffff"),
        ("#595959", "#ffffff"),
        ("#0a5ea8", "#ffffff"),
        ("#9a4100", "#ffffff"),
        ("#ffffff", "#154273"),
        ("#154273", "#e8f0f8"),
    ],
)
def test_text_has_contrast(ink, paper):
    assert contrast(ink, paper) >= 4.5
    text = render([ENTRY])
    assert ink in text or "color: #fff" in text
