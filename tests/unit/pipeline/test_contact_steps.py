"""Registrations go through the same saves and loads as answers, as a file."""

import csv
import json

import pandas as pd
import pytest

from kcc_research.errors import DataError, PrivacyError
from kcc_research.estimation.contact_kpis import estimate_contacts
from kcc_research.microdata.contacts import summarise_contacts
from kcc_research.microdata.overview import list_problems
from kcc_research.pipeline import steps

CALLS = """\
call_id;datumtijd;wachtrij;keuzemenu;wachttijd_s;gesprekstijd_s;hold_s;nawerk_s;status
1;2024-01-08T09:00:00;KCC;Paspoort;20;180;0;30;beantwoord
2;2024-01-08T09:05:00;KCC;Paspoort;40;200;5;30;beantwoord
3;2024-01-08T10:00:00;KCC;Afval;12;0;0;0;opgehangen
4;2024-01-09T11:00:00;KCC;Afval;99999;100;0;10;beantwoord
4;2024-01-09T11:00:00;KCC;Afval;99999;100;0;10;beantwoord
"""
SOURCE = """\
[[source]]
id = "telefonie"
kind = "contacts"
file = "telefonie.csv"
format = { delimiter = ";", encoding = "utf-8" }
layout = "telefonie.toml"
"""


@pytest.fixture
def study(workspace, tiny, monkeypatch):
    """The tiny measurement with a registration beside its answers."""
    folder = workspace.study(tiny.KEY)
    path = folder / "measurement.toml"
    path.write_text(path.read_text(encoding="utf-8") + SOURCE, encoding="utf-8")
    (folder / "telefonie.toml").write_text(_layout(), encoding="utf-8")
    raw = workspace.raw(tiny.KEY) / "telefonie.csv"
    raw.write_text(CALLS, encoding="utf-8")
    monkeypatch.delenv("KCC_STAGE", raising=False)
    return steps.load_measurement(tiny.KEY)


def _layout():
    fields = {
        "arrived": "datumtijd",
        "product": "keuzemenu",
        "place": "wachtrij",
        "waiting": "wachttijd_s",
        "talk": "gesprekstijd_s",
        "hold": "hold_s",
        "wrap_up": "nawerk_s",
    }
    lines = ['title = "Telefonie"', 'kind = "contacts"', 'key = ["call_id"]']
    for role, column in fields.items():
        lines += [f"[field.{role}]", f'column = "{column}"']
    lines += ["[field.channel]", 'value = "telefoon"']
    lines += ["[field.outcome]", 'column = "status"']
    lines += ['codes = { beantwoord = "helped", opgehangen = "abandoned" }']
    return "\n".join(lines)


def test_records_are_saved_and_counted_from_the_saved_file(study):
    records = steps.read_contacts(study, "telefonie")
    saved = steps.save_contacts(study, "telefonie", records)
    table = estimate_contacts(
        study, "telefonie", steps.load_contacts(study, "telefonie")
    )
    total = table[(table["by"] == "totaal") & (table["indicator"] == "contacten")]
    assert total["n"].tolist() == [4]
    assert "telefonie.parquet: 4 rijen" in str(saved)


def test_what_was_left_out_stands_in_the_cleaning_log(workspace, study):
    records = steps.read_contacts(study, "telefonie")
    steps.save_contacts(study, "telefonie", records)
    path = workspace.processed(study.key) / "cleaning_log.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [
        (r["source"], r["row"], r["column"], r["from"], r["rule"]) for r in rows
    ] == [
        ("telefonie", "5", "wait_seconds", "99999", "impossible_duration"),
        ("telefonie", "6", "", "", "repeated_record"),
    ]


def test_facts_of_a_registration_are_kept_for_the_account(workspace, study):
    steps.save_contacts(study, "telefonie", steps.read_contacts(study, "telefonie"))
    facts = json.loads((workspace.processed(study.key) / "telefonie.json").read_text())
    assert facts["rows"] == 4
    assert facts["files"][0]["rows"] == 5
    assert facts["changes"] == {"impossible_duration": 1, "repeated_record": 1}
    columns = pd.read_parquet(
        workspace.processed(study.key) / "telefonie.parquet"
    ).shape
    assert facts["columns"] == columns[1]


def test_the_answers_beside_it_keep_their_log_and_rows(workspace, study):
    steps.save_contacts(study, "telefonie", steps.read_contacts(study, "telefonie"))
    cleaned = steps.read_responses(study, "algemeen")
    steps.save_responses(study, "algemeen", cleaned)
    path = workspace.processed(study.key) / "cleaning_log.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    assert {row["source"] for row in rows} >= {"telefonie"}
    assert len(steps.load_responses(study, "algemeen")) == 12


def test_a_notebook_shows_counts_and_no_record(study):
    records = steps.read_contacts(study, "telefonie")
    assert repr(records) == "ContactRecords(records=4, changes=2)"
    shown = records._repr_markdown_().replace("\N{NO-BREAK SPACE}", " ")
    assert "4 contacten van 8 januari 2024 tot en met 9 januari 2024" in shown
    assert {"KCC-D036a", "KCC-D041h"} <= set(list_problems(records)["code"])
    summary = summarise_contacts(records)
    assert summary.loc["wait_seconds"].tolist() == [3, 1, 3]
    assert summary.loc["product"].tolist() == [4, 0, 2]


def test_records_that_were_not_cleaned_are_asked_for(study):
    with pytest.raises(DataError) as error:
        steps.load_contacts(study, "telefonie")
    assert error.value.problems[0].code == "KCC-D039a"


@pytest.mark.parametrize("name", ["read_contacts", "load_contacts"])
def test_a_report_sees_no_records(study, monkeypatch, name):
    monkeypatch.setenv("KCC_STAGE", "report")
    with pytest.raises(PrivacyError):
        getattr(steps, name)(study, "telefonie")


def test_a_report_saves_no_records(study, monkeypatch):
    records = steps.read_contacts(study, "telefonie")
    monkeypatch.setenv("KCC_STAGE", "report")
    with pytest.raises(PrivacyError):
        steps.save_contacts(study, "telefonie", records)


def test_the_file_lives_as_long_as_its_records(study):
    records = steps.read_contacts(study, "telefonie")
    path = records.path
    assert path.is_file()
    del records
    assert not path.exists()
