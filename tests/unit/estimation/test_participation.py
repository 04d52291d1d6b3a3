"""Participants against the register."""

from collections import Counter

import pytest

from kcc_research.estimation.participation import PARTICIPATION, estimate_participation
from kcc_research.study.municipality import municipalities, municipality
from tests.assurance_study import SOURCE, assurance_study


@pytest.fixture(scope="module")
def table():
    study, cleaned, _ = assurance_study()
    return estimate_participation(study, SOURCE, cleaned.responses)


def rows(table, by):
    return table[table["by"] == by].set_index("group")


def test_84_of_342(table):
    total = rows(table, "totaal").loc["totaal"]
    assert (total["count"], total["n"]) == (84, 342)
    assert total["estimate"] == pytest.approx(84 / 342)


def test_provinces_count_the_participants_by_their_codes(table):
    study, cleaned, _ = assurance_study()
    day = study.measurement.fieldwork.start
    codes = cleaned.responses["gemeentecode"]
    participants = Counter(municipality(code, day).province for code in codes)
    register = Counter(each.province for each in municipalities(day, invented=True))
    found = rows(table, "provincie")
    assert found["count"].to_dict() == {
        province: participants[province] for province in register
    }
    assert found["n"].to_dict() == dict(register)


def test_size_classes_are_those_of_the_questionnaire(table):
    found = rows(table, "inwonerklasse")
    assert list(found.index) == [
        "minder dan 20.000",
        "20.000 tot 50.000",
        "50.000 tot 100.000",
        "100.000 of meer",
    ]
    # DOMAIN §6: 5 + 7 + 58, 181, 59 and 14 + 14 + 4 of the 342.
    assert found["n"].tolist() == [70, 181, 59, 32]
    assert found["count"].sum() == 84


def test_a_complete_count_has_no_uncertainty(table):
    assert set(table["uncertainty"]) == {"none"}
    assert set(table["indicator"]) == {PARTICIPATION}
    assert table["ci_low"].isna().all()
    assert "6\u00a0maart 2023" in table["base"].iloc[0]


def test_a_source_without_municipalities_has_none():
    study, cleaned, _ = assurance_study()
    questionnaire = study.questionnaires[SOURCE]
    others = tuple(
        each for each in questionnaire.question if each.role != "municipality_code"
    )
    plain = questionnaire.model_copy(update={"question": others})
    bare = study.model_copy(update={"questionnaires": {SOURCE: plain}})
    assert estimate_participation(bare, SOURCE, cleaned.responses).empty
