"""outputs/index.html: readable, reachable, searchable and harmless."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date

import html5lib
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting.catalogue import NO_GRADE, TITLE, render
from kcc_research.reporting.catalogue_entry import Entry, Outcome
from kcc_research.reporting.colour import contrast
from kcc_research.reporting.html_markup import CONTENT_SECURITY_POLICY

FILES = (
    "manifest.json",
    "report.html",
    "report.pdf",
    "tables/comparisons.csv",
    "tables/estimates.csv",
    "tables/tabellenboek.xlsx",
    "tables/verdicts.csv",
)
OUTCOME = Outcome(
    indicator="rapportcijfer",
    label="rapportcijfer voor de dienstverlening",
    statistic="mean",
    status="published",
    estimate=6.596,
    low=6.43,
    high=6.77,
    n=353,
    norm=7.0,
    verdict="not_yet",
    reason="0,4 te gaan (0,2–0,6)",
)
ENTRY = Entry(
    key="gm0575-noordwijk/2023-klantbeleving",
    title="2-meting klantbeleving",
    place="Noordwijk",
    published=date(2024, 3, 29),
    status="definitief",
    synthetic=True,
    files=FILES,
    study="experience",
    year=2023,
    province="Zuid-Holland",
    size_class=4,
    outcome=OUTCOME,
)


def wave(year, estimate, **changes):
    """The same study in an earlier year."""
    outcome = replace(OUTCOME, estimate=estimate, norm=None, verdict="", **changes)
    return replace(
        ENTRY,
        key=f"gm0575-noordwijk/{year}-klantbeleving",
        year=year,
        published=date(year + 1, 3, 1),
        outcome=outcome,
    )


def page(*entries):
    text = render(entries)
    parser = html5lib.HTMLParser()
    parser.parse(text)
    assert parser.errors == []
    return BeautifulSoup(text, "html5lib")


def words(found):
    return " ".join(
        found.get_text(" ").replace("\xa0", " ").replace("\u2060", "").split()
    )


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


def policy_of(found):
    return found.find("meta", attrs={"http-equiv": "Content-Security-Policy"})[
        "content"
    ]


def test_only_our_own_script_runs_and_nothing_is_loaded():
    found = page(ENTRY)
    [script] = found.find_all("script")
    assert script.attrs == {}
    digest = base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()
    expected = f"{CONTENT_SECURITY_POLICY}; script-src 'sha256-{digest}'"
    assert policy_of(found) == expected
    assert not found.find_all(["link", "iframe", "object", "img", "base"])
    assert "://" not in str(found)
    assert not re.search(r"fetch|XMLHttp|import|eval|innerHTML", script.string)


def test_without_reports_the_page_says_so_and_runs_nothing():
    found = page()
    assert "nog geen rapporten" in found.main.text
    assert not found.find_all(["table", "script", "form"])
    assert policy_of(found) == CONTENT_SECURITY_POLICY


def test_every_row_links_to_all_that_was_published():
    links = [each["href"] for each in page(ENTRY).tbody.find_all("a")]
    assert sorted(links) == sorted(f"{ENTRY.key}/{each}" for each in FILES)


def test_profiles_are_reached_too():
    files = (*FILES, "profiles/voorbeeldgemeente-001.html")
    row = page(replace(ENTRY, files=files)).tbody
    [link] = [each for each in row.find_all("a") if "profiles/" in each["href"]]
    assert link["href"] == f"{ENTRY.key}/profiles/voorbeeldgemeente-001.html"
    assert link.text == "Voorbeeldgemeente 001"
    assert "1 profiel" in row.text


def test_the_same_links_of_two_rows_stand_in_groups_with_a_name():
    found = page(ENTRY, wave(2022, 6.4))
    names = [
        (each.find_parent(role="group")["aria-label"], each.text)
        for each in found.tbody.select("td a")
    ]
    assert len(set(names)) == len(names) == 2 * (len(FILES) - 1)
    assert ("Noordwijk 2022", "PDF") in names


def test_the_table_can_be_read_aloud():
    table = page(ENTRY).table
    assert table.caption.text == "1 rapport"
    assert all(each["scope"] == "col" for each in table.thead.find_all("th"))
    assert [each["scope"] for each in table.tbody.find_all("th")] == ["row"]
    widths = {len(row.find_all(["th", "td"])) for row in table.find_all("tr")}
    assert len(widths) == 1
    assert all(each.text.strip() for each in table.find_all("th"))


def test_nothing_needs_the_script():
    """What only works with script is hidden; of the table nothing is."""
    found = page(ENTRY, wave(2022, 6.4))
    assert found.form.has_attr("hidden")
    assert [each.name for each in found.find_all(hidden=True)] == ["form"]
    assert not found.table.find_all("button")


def test_a_grade_stands_with_its_margin_size_norm_and_indicator():
    cell = words(page(ENTRY).tbody.find_all("td")[2])
    assert cell.startswith("6,6 Rapportcijfer voor de dienstverlening")
    assert "95%-marge 6,4–6,8" in cell
    assert "n = 353" in cell
    assert "Doel 7,0 nog niet gehaald: 0,4 te gaan (0,2–0,6)" in cell


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"verdict": "met", "reason": ""}, "Norm 7,0 gehaald"),
        (
            {"verdict": "undecided", "reason": "te dichtbij om te zeggen"},
            "Norm 7,0: te dichtbij om te zeggen",
        ),
        ({"change": "not_comparable"}, "Niet te vergelijken met de meting ervoor"),
        ({"change": "not_shown"}, "Geen duidelijk verschil met de meting ervoor"),
        ({"status": "indicative"}, "6,6*"),
    ],
)
def test_verdicts_are_words(changes, expected):
    outcome = replace(OUTCOME, **changes)
    assert expected in words(page(replace(ENTRY, outcome=outcome)).tbody)


def test_a_suppressed_grade_is_x_and_has_no_number():
    silent = {"estimate": None, "low": None, "high": None, "n": None, "norm": None}
    outcome = replace(OUTCOME, status="suppressed", **silent)
    cell = page(replace(ENTRY, outcome=outcome)).tbody.find_all("td")[2]
    assert cell.b.text == "x"
    assert "te weinig antwoorden" in cell.text
    assert not re.search(r"\d", cell.text)


def test_a_report_without_grade_says_so():
    assert NO_GRADE in page(replace(ENTRY, outcome=None)).tbody.text


def test_norms_are_counted_with_those_too_close_to_call():
    entry = replace(ENTRY, norms_met=5, norms_judged=9, norms_undecided=1)
    expected = "Normen: 5 van 9 gehaald, 1 te dichtbij om te zeggen"
    assert expected in words(page(entry).tbody)


def test_invented_data_are_marked():
    """Once above a list of nothing else; in a mixed list at each."""
    real = replace(ENTRY, synthetic=False, key="gm0575-noordwijk/2022-echt")
    alone = page(ENTRY).main
    assert "Alle rapporten in deze lijst hebben verzonnen" in alone.text
    assert "verzonnen gegevens" not in alone.tbody.text
    mixed = page(ENTRY, real).main
    assert "Alle rapporten" not in mixed.text
    assert mixed.tbody.text.count("verzonnen gegevens") == 1
    assert "verzonnen" not in page(real).tbody.text


def cells(**changes):
    return [words(e) for e in page(replace(ENTRY, **changes)).tbody.find_all("td")]


def test_what_is_not_in_order_says_why_before_its_number():
    told = cells(standing="verouderd", why="opschonen: a.csv is veranderd")[2]
    assert told.startswith("Verouderd: opschonen: a.csv is veranderd 6,6")
    told = cells(standing="ingetrokken", why="op 3 mei 2024: fout")[2]
    assert told.startswith("Ingetrokken op 3 mei 2024: fout")


def test_what_is_in_order_stands_beside_the_status():
    told = cells(standing="uitgegeven", why="versie 2", version=2)
    assert told[1] == "29 maart 2024 Definitief, versie 2, uitgegeven"
    assert told[2].startswith("6,6")


def test_what_stands_can_be_chosen_where_there_is_anything_to_choose():
    stale = replace(ENTRY, key="a/b", standing="verouderd")
    assert not page(ENTRY).find(id="stand")
    found = page(ENTRY, stale)
    assert [e.text for e in found.find(id="stand").find_all("option")] == [
        "Alle",
        "Verouderd",
    ]
    lasts = {row["data-f"].split(".")[-1] for row in found.tbody.find_all("tr")}
    assert lasts == {"", "1"}


def test_without_a_report_there_is_nothing_to_open():
    row = page(replace(ENTRY, files=(), outcome=None, standing="mislukt")).tbody
    assert not row.find_all("a")
    assert "Nog geen rapport." in row.text


def test_a_release_leads_to_its_files_and_its_other_versions():
    folder = f"{ENTRY.key}/2"
    row = page(
        replace(
            ENTRY,
            folder=folder,
            files=(*FILES, "index.html"),
            others=(("Versie 1 (ingetrokken)", f"{ENTRY.key}/1/report.html"),),
        )
    ).tbody
    links = {each.text: each["href"] for each in row.find_all("a")}
    assert links["Alle bestanden"] == f"{folder}/index.html"
    assert links["Versie 1 (ingetrokken)"] == f"{ENTRY.key}/1/report.html"
    assert links["2-meting klantbeleving"] == f"{folder}/report.html"
    assert "Manifest" not in links


def test_filters_offer_what_occurs_and_rows_carry_its_codes():
    other = replace(
        ENTRY,
        key="nl/burgerbenchmark",
        place="Nederland",
        study="benchmark",
        year=2024,
        province="",
        size_class=0,
        status="concept",
    )
    found = page(ENTRY, other)
    offered = {
        each["name"]: {
            o["value"]: o.text for o in each.find_all("option") if o["value"]
        }
        for each in found.find_all("select")
    }
    assert list(offered) == [
        "gemeente",
        "onderzoek",
        "jaar",
        "grootte",
        "provincie",
        "status",
    ]
    assert list(offered["jaar"].values()) == ["2024", "2023"]
    first, second = (row["data-f"].split(".") for row in found.tbody.find_all("tr"))
    values = list(offered.values())
    assert [v.get(c, "") for v, c in zip(values, second, strict=True)] == [
        "Noordwijk",
        "Klantbeleving",
        "2023",
        "20.000 tot 50.000 inwoners",
        "Zuid-Holland",
        "Definitief",
    ]
    assert [v.get(c, "") for v, c in zip(values, first, strict=True)] == [
        "Nederland",
        "Benchmark van gemeenten",
        "2024",
        "",
        "",
        "Concept",
    ]
    for each in found.form.find_all(["input", "select"]):
        assert found.find("label", attrs={"for": each["id"]}).text


class TestWaves:
    def test_the_newest_wave_draws_them_all_and_says_them(self):
        newest = replace(ENTRY, outcome=replace(OUTCOME, change="not_comparable"))
        found = page(newest, wave(2021, 6.3), wave(2022, 6.4))
        [picture] = found.find_all("svg")
        assert picture["role"] == "img"
        assert picture["aria-label"] == (
            "2021: 6,3; 2022: 6,4; 2023: 6,6, niet te vergelijken met 2022; norm 7,0"
        )
        assert [each.text for each in picture.find_all("text")] == [
            "2021",
            "2022",
            "2023",
        ]
        cells = [row.find_all("td")[3].text for row in found.tbody.find_all("tr")]
        assert cells[1:] == ["zie 2023", "zie 2023"]

    def test_a_higher_grade_stands_higher_and_one_scale_serves_all_places(self):
        def places(first, second):
            low = wave(2022, first, low=None, high=None)
            high = wave(2023, second, low=None, high=None)
            return [low, high]

        here = places(6.0, 8.0)
        there = [
            replace(
                each, key=each.key.replace("gm0575-noordwijk", "gm9001-x"), place="X"
            )
            for each in places(7.0, 7.0)
        ]
        pictures = page(*here, *there).find_all("svg")
        heights = [
            [int(y) for y in re.findall(r"M\d+ (\d+)h0", p.find(class_="p")["d"])]
            for p in pictures
        ]
        assert heights[0] == [44, 6]
        assert heights[1] == [25, 25]

    def test_one_wave_is_no_series(self):
        assert not page(ENTRY).find_all("svg")

    def test_another_question_is_another_series(self):
        other = wave(2022, 0.6, indicator="tevreden", statistic="share")
        assert not page(ENTRY, other).find_all("svg")


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


def test_three_waves_of_every_municipality_stay_small():
    many = [
        replace(
            wave(year, 6 + number % 9 / 10, change="not_shown"),
            norms_met=5,
            norms_judged=9,
            norms_undecided=1,
            standing="uitgegeven" if number % 10 else "verouderd",
            why="opschonen algemeen: bronbestand algemeen.csv is veranderd",
            key=f"gm{9001 + number}-voorbeeldgemeente-{number:03}/{year}-klantbeleving",
            place=f"Voorbeeldgemeente {number:03}",
        )
        for number in range(342)
        for year in (2021, 2022, 2023)
    ]
    text = render(many)
    assert text.count("<svg") == 342
    assert len(text.encode()) <= 1_450_000  # 3% below what was asked


@given(st.text(max_size=30))
def test_words_of_others_are_text_and_nothing_else(text):
    hostile = f"<script>{text}</script>\"'>"
    outcome = replace(OUTCOME, label=hostile, reason=hostile)
    entry = replace(
        ENTRY, title=hostile, place=hostile, province=hostile, outcome=outcome
    )
    found = BeautifulSoup(render([entry, replace(entry, year=2022)]), "html5lib")
    assert len(found.find_all("script")) == 1
    assert not [a for each in found.find_all(True) for a in each.attrs if a[:2] == "on"]


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#1b1b1b", "#ffffff"),
        ("#595959", "#ffffff"),
        ("#595959", "#f5f8fb"),
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
