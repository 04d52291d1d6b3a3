"""What is told of the difference between two publications."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting import changes

HEAD = "measurement,source,indicator,statistic,by,group,category,estimate,n,method"


def report(*texts, cells=()):
    shown = [
        {"metadata": {"kcc": {"kind": "text"}}, "data": {"text/markdown": text}}
        for text in texts
    ]
    code = [{"cell_type": "code", "metadata": {}, "outputs": [each]} for each in shown]
    return json.dumps({"cells": [*cells, *code]}).encode()


def markdown(source, *tags):
    return {"cell_type": "markdown", "metadata": {"tags": tags}, "source": source}


def files(*rows, texts=(), verdicts=""):
    found = {
        "tables/estimates.csv": "\n".join((HEAD, *rows, "")).encode(),
        "report.ipynb": report(*texts),
    }
    if verdicts:
        found["tables/verdicts.csv"] = verdicts.encode()
    return found


def row(estimate, n=12, group="totaal", method="mean"):
    return f"a/b,algemeen,cijfer,mean,wijk,{group},,{estimate},{n},{method}"


def told(old, new, kind):
    return [
        (each.where, each.what, each.was, each.now)
        for each in changes.changes(old, new)
        if each.kind == kind
    ]


def test_the_same_report_has_no_changes():
    same = files(row(6.75), texts=("## Kop\n\nEen zin.",))
    assert changes.changes(same, dict(same)) == ()


def test_a_number_is_told_with_its_row_and_column():
    found = told(files(row(6.75)), files(row(6.8, 13)), "getal")
    where = "algemeen · cijfer · gemiddelde · wijk · totaal"
    assert found == [(where, "estimate", "6.75", "6.8"), (where, "n", "12", "13")]


def test_text_cells_of_the_notebook_are_sentences_too():
    """But for those that the report leaves out."""
    old = {"report.ipynb": report(cells=[markdown(["## Kop\n", "Een zin."])])}
    cells = [markdown("## Kop\nEen andere zin."), markdown("Hoe dit werkt.", "intern")]
    new = {"report.ipynb": report(cells=cells)}
    assert told(old, new, "zin") == [("Kop", "anders", "Een zin.", "Een andere zin.")]


def test_rows_that_moved_are_the_same_rows():
    rows = [row(6.75, group=each) for each in ("noord", "zuid", "west")]
    assert told(files(*rows), files(*reversed(rows)), "getal") == []


def test_rows_that_came_and_went_are_told():
    found = told(files(row(6, group="noord")), files(row(7, group="zuid")), "getal")
    assert sorted((what, was, now) for _, what, was, now in found) == [
        ("nieuwe rij", "", "7"),
        ("rij is weg", "6", ""),
    ]


def test_a_word_about_a_number_is_no_number():
    old, new = files(row(6, method="a")), files(row(6, method="b"))
    assert told(old, new, "getal") == []
    [(_, what, was, now)] = told(old, new, "toelichting")
    assert (what, was, now) == ("method", "a", "b")


def test_a_number_that_is_suppressed_now_is_a_changed_number():
    [(_, _, was, now)] = told(files(row(6.5)), files(row("x")), "getal")
    assert (was, now) == ("6.5", "x")


def test_a_verdict_is_told_as_one():
    head = "measurement,indicator,by,group,estimate,norm,verdict\n"
    before = files(row(6), verdicts=f"{head}a/b,cijfer,totaal,totaal,6,7,not_met\n")
    after = files(row(6), verdicts=f"{head}a/b,cijfer,totaal,totaal,6,6,met\n")
    assert told(before, after, "oordeel") == [
        ("cijfer · totaal", "verdict", "not_met", "met")
    ]
    assert told(before, after, "getal") == [("cijfer · totaal", "norm", "7", "6")]


def test_sentences_are_told_with_their_chapter():
    old = files(texts=("## Kop\n\nEerste zin. Tweede zin.\n\n- Een **punt**.",))
    new = files(texts=("## Kop\n\nEerste zin. Andere zin.\n\n- Een punt.\n\nErbij.",))
    assert told(old, new, "zin") == [
        ("Kop", "anders", "Tweede zin.", "Andere zin."),
        ("Kop", "nieuw", "", "Erbij."),
    ]
    assert told(new, old, "zin")[1] == ("Kop", "weg", "Erbij.", "")


def test_files_that_differ_are_named():
    old, new = {"report.pdf": b"1", "a.svg": b"1"}, {"report.pdf": b"2", "b.svg": b"1"}
    assert [(where, what) for where, what, _, _ in told(old, new, "bestand")] == [
        ("a.svg", "weg"),
        ("b.svg", "nieuw"),
        ("report.pdf", "anders"),
    ]


@pytest.mark.parametrize(
    ("was", "now", "shown"),
    [
        ("6.75", "6.8", ("6,75", "6,80")),
        ("6.7512", "6.7514", ("6,7512", "6,7514")),
        ("12", "13", ("12", "13")),
        ("6.5", "x", ("6,50", "niet gepubliceerd")),
        ("", "6.5", ("geen", "6,50")),
        ("-0.25", "0.25", ("−0,25", "0,25")),
    ],
)
def test_numbers_get_the_decimals_that_set_them_apart(was, now, shown):
    html = changes.to_html("T", "a/b", "versie 1", _one("getal", "estimate", was, now))
    cells = BeautifulSoup(html, "html5lib").select("tbody td")
    assert tuple(each.text for each in cells[1:]) == shown


def _one(kind, what, was, now, where="waar"):
    return (changes.Change(kind, "estimates", where, what, was, now),)


def test_what_a_report_says_cannot_run_on_the_page():
    evil = "<script>alert(1)</script>"
    html = changes.to_html(evil, "a/b", evil, _one("zin", "anders", evil, evil, evil))
    page = BeautifulSoup(html, "html5lib")
    assert page.find_all("script") == []
    assert page.html["lang"] == "nl"
    assert all(each.caption for each in page.find_all("table"))


@given(st.text(max_size=20))
def test_no_cell_of_the_table_is_a_formula(text):
    content = changes.to_csv(_one("zin", "anders", text, "-1.5", text)).decode()
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert rows[0] == list(changes.COLUMNS)
    assert rows[1][5] == "-1.5"
    for cell in rows[1][:5]:
        is_number = changes._NUMBER.fullmatch(cell)
        assert is_number or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
