"""The controlerapport: everything, per file, errors first; nothing that steers."""

import csv
import io

from bs4 import BeautifulSoup

from kcc_research.errors import problem
from kcc_research.reporting.check_report import COLUMNS, to_csv, to_html

FOUND = (
    problem("KCC-Q001", file="a.csv", row="12", column="open", kind="IBAN", count=1),
    problem("KCC-D040", file="<script>alert(1)</script>.csv"),
    problem("KCC-D026d", file="a.csv", row="4", column="id", value="=1+1", expected=3),
    problem("KCC-R053k"),
)


def page():
    return BeautifulSoup(to_html("Meting & co", "a/b", FOUND), "html5lib")


def test_each_file_has_its_problems_errors_first():
    sections = page().find_all("section")
    assert [each.h2.text for each in sections] == [
        "a.csv",
        "<script>alert(1)</script>.csv",
        "De meting als geheel",
    ]
    kinds = [each.text.split(":")[0] for each in sections[0].find_all("h3")]
    assert kinds == ["Fout", "Waarschuwing"]
    assert "1 fout en 1 waarschuwing" in sections[0].p.text


def test_it_is_a_page_for_everybody():
    soup = page()
    assert soup.html["lang"] == "nl"
    assert len(soup.find_all("h1")) == 1
    assert not soup.find_all(["script", "link", "img"])
    assert soup.find("a", class_="skip")["href"] == "#inhoud"
    english = soup.find(string=lambda text: "Name the measurements" in text)
    assert english is None or english.find_parent(lang="en")
    assert {each["lang"] for each in soup.main.find_all(lang=True)} == {"en"}


def test_where_it_stands_and_what_to_do_are_there():
    told = page().section.article
    names = [each.text for each in told.find_all("dt")]
    assert names == ["Rij", "Kolom", "Waarde", "Wat u kunt doen", "Code"]
    assert told.find_all("dd")[-1].text == "KCC-D026d"


def test_the_table_holds_the_same_and_runs_nothing():
    rows = list(csv.reader(io.StringIO(to_csv(FOUND).decode(), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row[0] for row in rows[1:]] == [each.code for each in FOUND]
    assert rows[3][5] == "'=1+1"


def test_nothing_found_is_said_too():
    assert "niets gevonden" in to_html("x", "a/b", ())
