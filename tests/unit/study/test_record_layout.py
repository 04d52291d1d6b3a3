"""Layouts refuse what they cannot mean, and say all of it at once."""

from datetime import time

import pytest
from pydantic import ValidationError

from kcc_research.study.record_layout import Opening, RecordLayout

PLAIN = {
    "title": "Proef",
    "kind": "contacts",
    "key": ["id"],
    "field": {"arrived": {"column": "tijd"}},
}


def layout(**more: object) -> RecordLayout:
    return RecordLayout.model_validate(PLAIN | more)


def fields(**more: object) -> dict[str, object]:
    return {"field": {"arrived": {"column": "tijd"}} | more}


def test_columns_are_named_once():
    found = layout(key=["id", "tijd"], **fields(ended={"column": "eind"}))

    assert found.columns == ("id", "tijd", "eind")


def test_what_a_layout_can_give_follows_from_its_fields():
    assert not layout().has_waiting
    assert layout(**fields(called={"column": "oproep"})).has_waiting
    assert layout(**fields(waiting={"column": "w"})).has_waiting
    assert not layout(**fields(ended={"column": "eind"})).has_norm
    limits = {"norm_working_days": {"*": 5}}
    assert layout(thresholds=limits, **fields(ended={"column": "eind"})).has_norm


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (fields(product={"column": "p", "value": "x"}), "column (in het bestand) of"),
        (fields(product={}), "column (in het bestand) of value"),
        (fields(ended={"value": "nu"}), "value kan alleen bij"),
        (fields(talk={"column": "t", "date_column": "d"}), "hoort alleen bij een tijd"),
        (fields(ended={"column": "t", "date_column": "d"}), 'format = "%H:%M"'),
        (fields(outcome={"column": "s"}), "codes ontbreken"),
        (
            fields(outcome={"column": "s", "codes": {"a": "klaar"}}),
            "'klaar' kan niet; kies uit helped",
        ),
        (fields(outcome={"value": "klaar"}), "kies uit helped"),
        (fields(talk={"column": "t", "codes": {"a": "b"}}), "codes kunnen hier niet"),
        (
            fields(satisfied={"column": "s", "codes": {"Ja": "yes", " ja": "no"}}),
            "staat er twee keer",
        ),
        ({"field": {"due": {"column": "d"}}}, "er is geen tijdstip"),
        ({"drop": ["tijd"]}, "'tijd' wordt ook gelezen"),
        ({"thresholds": {"repeat_days": 7}}, "zonder veld person"),
        ({"service_level": {"seconds": 30, "formula": "offered"}}, "vraagt om waiting"),
        ({"zone": "Europe/Haarlem"}, "is geen tijdzone"),
        ({"opening": {"monday": "17:00-09:00"}}, "van voor tot"),
        ({"opening": {"monday": "09:00-25:00"}}, "van voor tot"),
    ],
)
def test_what_cannot_be_meant_is_refused(more, reason):
    with pytest.raises(ValidationError) as refused:
        layout(**more)

    assert reason in str(refused.value)


def test_an_unknown_key_or_role_is_refused():
    with pytest.raises(ValidationError, match="Extra inputs"):
        layout(sleutel="id")
    with pytest.raises(ValidationError, match="started"):
        layout(**fields(begin={"column": "b"}))


def test_opening_hours_by_weekday():
    opening = Opening(monday="08:30-12:30, 13:30-17:00")

    assert opening.spans(0) == (
        (time(8, 30), time(12, 30)),
        (time(13, 30), time(17)),
    )
    assert opening.spans(6) == ()


def test_meanings_are_those_that_codes_can_give():
    codes = {"weg": "abandoned", "ja": "helped", "ok": "helped"}
    found = layout(**fields(outcome={"column": "s", "codes": codes}))

    assert found.meanings("outcome") == ("helped", "abandoned")
    assert found.meanings("result") == ()
    assert layout(**fields(outcome={"value": "helped"})).meanings("outcome") == (
        "helped",
    )
