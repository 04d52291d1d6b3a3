"""Shipped layouts, and a municipality's own file on top of one."""

import pytest

from kcc_research.errors import DefinitionError
from kcc_research.study.contact_indicator import contact_indicators
from kcc_research.study.layout_file import joined, load_layout, shipped_layouts
from kcc_research.study.loading import load_study

SHIPPED = ("kiss", "klantgeleiding", "openklant", "signalen", "telefonie")
OWN_TOML = """
extends = "kiss"
title = "KISS Voorbeeldgemeente"

[field.result.codes]
"Doorgezet via chat" = "transferred"

[field.product]
column = "onderwerp"
"""
# DOMAIN 2.2: the results that KISS comes with, and what they mean for first contact.
KISS_RESULTS = {
    "Zelfstandig afgehandeld": "resolved",
    "Afgehandeld na ruggespraak": "resolved",
    "Afgehandeld, klant belt terug": "not_resolved",
    "Klant neemt opnieuw contact op": "not_resolved",
    "Doorverbonden naar afdeling": "transferred",
    "Doorverbonden naar collega": "transferred",
    "Verwezen naar ander instantie": "referred",
    "Verbinding verbroken": "excluded",
}


@pytest.fixture
def own(tmp_path):
    def write(text: str):
        path = tmp_path / "eigen.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems(path):
    with pytest.raises(DefinitionError) as refused:
        load_layout(path)
    return refused.value.problems


def test_the_shipped_layouts_are_sound():
    assert tuple(shipped_layouts()) == SHIPPED


def test_staff_and_free_text_are_read_by_no_shipped_layout():
    personal = {"emailadresKcm", "medewerker", "tekst", "inhoud", "toelichting"}

    for layout in shipped_layouts().values():
        assert not personal & set(layout.columns)
    assert {"emailadresKcm", "medewerker", "tekst"} <= set(
        shipped_layouts()["kiss"].drop
    )


def test_results_of_kiss():
    assert shipped_layouts()["kiss"].field["result"].codes == KISS_RESULTS


def test_an_own_file_changes_only_what_it_says(own):
    layout = load_layout(own(OWN_TOML))

    assert layout.title == "KISS Voorbeeldgemeente"
    assert layout.key == ("id",)
    assert layout.field["product"].column == "onderwerp"
    assert layout.field["result"].codes == KISS_RESULTS | {
        "Doorgezet via chat": "transferred"
    }


def test_tables_are_joined_and_lists_replaced():
    base = {"a": {"b": 1, "c": [1, 2]}, "d": 1}

    assert joined(base, {"a": {"c": [3]}, "e": 2}) == {
        "a": {"b": 1, "c": [3]},
        "d": 1,
        "e": 2,
    }
    assert base == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


def test_an_unknown_base_has_a_suggestion(own):
    (found,) = problems(own('extends = "kis"'))

    assert found.code == "KCC-C003b"
    assert "kiss" in found.remedy + found.title


def test_a_fault_is_told_with_its_line(own):
    (found,) = problems(
        own('extends = "kiss"\n\n[field.result.codes]\n"Klaar" = "klaar"\n')
    )

    assert (found.code, found.row) == ("KCC-C004c", "4")
    assert "'klaar' kan niet" in found.title + found.remedy
    assert "kies uit resolved" in found.title + found.remedy


def test_a_misspelt_key_is_told_with_the_right_one(own):
    (found,) = problems(own('extends = "kiss"\n[tresholds]\nrepeat_days = 7\n'))

    assert found.code in ("KCC-C003", "KCC-C003a")
    assert found.row == "2"


def test_indicators_follow_the_layout():
    phone = contact_indicators(shipped_layouts()["telefonie"])
    tickets = contact_indicators(shipped_layouts()["klantgeleiding"])
    reports = contact_indicators(shipped_layouts()["signalen"])

    assert {"bereikbaarheid", "servicelevel", "uitval", "doorverbonden"} <= set(phone)
    assert "bereikbaarheid" not in tickets
    assert {"wachttijd_p90", "wachttijd_binnen_norm", "uitval"} <= set(tickets)
    assert set(reports) == {
        "contacten",
        "tevreden",
        "respons",
        "dagen_zonder_registratie",
    }


MEASUREMENT = """
title = "Telefonie"
study = "phone"
municipality = "GM9001"
synthetic = true
published = 2024-03-29
retain_until = 2026-12-31
commissioner = "Voorbeeldgemeente"
status = "concept"
[fieldwork]
start = 2024-01-01
end = 2024-02-01
mode = "phone"
recruitment = "registration"
[[source]]
id = "telefonie"
kind = "contacts"
file = "telefonie.csv"
layout = "LAYOUT"
[[norm]]
indicator = "NORM"
share = 0.05
source = "Servicenormen"
"""
KEY = "gm9001-voorbeeld/2024-telefonie"


def study(root, layout: str = "telefonie", norm: str = "uitval"):
    folder = root / "studies" / KEY
    folder.mkdir(parents=True, exist_ok=True)
    text = MEASUREMENT.replace("LAYOUT", layout).replace("NORM", norm)
    (folder / "measurement.toml").write_text(text, encoding="utf-8")
    return load_study(root, KEY)


def test_a_source_names_a_shipped_layout(tmp_path):
    found = study(tmp_path)

    assert found.layouts == {"telefonie": shipped_layouts()["telefonie"]}
    assert found.questionnaires == {}


def test_a_source_names_a_layout_of_its_own_study(tmp_path):
    folder = tmp_path / "studies" / KEY
    folder.mkdir(parents=True)
    (folder / "eigen.toml").write_text(
        'extends = "telefonie"\n[thresholds]\nshort_abandon_seconds = 10\n'
    )

    limits = study(tmp_path, "eigen.toml").layouts["telefonie"].thresholds

    assert (limits.short_abandon_seconds, limits.wait_norm_seconds) == (10, 30)


@pytest.mark.parametrize(
    ("layout", "norm", "code"),
    [
        ("telefoon", "uitval", "KCC-C003b"),
        ("weg.toml", "uitval", "KCC-C010a"),
        ("telefonie", "uitvall", "KCC-C003b"),
        ("telefonie", "binnen_norm", "KCC-C003b"),
    ],
)
def test_what_a_source_or_norm_names_must_be_there(tmp_path, layout, norm, code):
    with pytest.raises(DefinitionError) as refused:
        study(tmp_path, layout, norm)

    assert [each.code for each in refused.value.problems] == [code]


def test_a_registration_has_a_layout_and_a_survey_a_questionnaire(tmp_path):
    with pytest.raises(DefinitionError) as refused:
        study(tmp_path, 'telefonie"\nquestionnaire = "a.toml')

    assert "hoort layout" in str(refused.value)


def test_a_registration_is_no_sample(tmp_path):
    with pytest.raises(DefinitionError) as refused:
        study(tmp_path, 'telefonie"\nweight = "weging')

    assert "geen steekproef" in str(refused.value)


def test_a_norm_on_a_registration_needs_no_direction_and_may_repeat_it(tmp_path):
    assert study(tmp_path).measurement.norm[0].direction is None

    (norm,) = study(
        tmp_path, norm='uitval"\ndirection = "lower_is_better'
    ).measurement.norm
    assert norm.direction == "lower_is_better"


def test_a_direction_against_a_key_figure_is_refused(tmp_path):
    with pytest.raises(DefinitionError) as refused:
        study(tmp_path, norm='uitval"\ndirection = "higher_is_better')

    assert [each.code for each in refused.value.problems] == ["KCC-C004m"]
