"""Which published groups lie inside which, by what is declared."""

from datetime import date

import pytest

from kcc_research.disclosure.registry import group, nested, period
from tests import random_measurement as made


def pairs(shape, *groups):
    study = made.study(shape)
    found = nested(group(study, made.SOURCE, *each) for each in groups)
    return [(x.inner.group, x.outer.group, x.same) for x in found]


TOTAL = ("totaal", "totaal")
CONTACT = ("domein", "had_contact")
PERSONAL = ("domein", "persoonlijk")


def test_a_filter_lies_within_everybody():
    assert pairs(made.Shape(), TOTAL, CONTACT) == [("had_contact", "totaal", False)]


def test_groups_of_a_breakdown_and_its_total_add_up_and_are_no_pair():
    groups = [("kanaal", "telefoon"), ("kanaal", "balie"), ("kanaal", "onbekend")]
    assert pairs(made.Shape(), TOTAL, *groups) == []


def test_a_channel_lies_within_the_filter_that_names_it():
    found = pairs(made.Shape(), PERSONAL, ("kanaal", "telefoon"), ("kanaal", "e-mail"))
    assert found == [("telefoon", "persoonlijk", False)]


def test_routing_puts_a_group_within_those_who_were_asked():
    telephone = ("kanaal", "telefoon")
    assert pairs(made.Shape(), CONTACT, telephone) == []
    routed = pairs(made.Shape(routed=True), CONTACT, telephone)
    assert routed == [("telefoon", "had_contact", False)]


def test_a_group_that_nobody_declared_is_in_nothing():
    assert pairs(made.Shape(), TOTAL, ("provincie", "Drenthe")) == []


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2023, 1, 1), 30, "same"),
        (date(2023, 1, 5), 10, "inside"),
        (date(2022, 12, 1), 90, "around"),
        (date(2023, 1, 20), 30, ""),
        (date(2022, 1, 1), 30, ""),
    ],
)
def test_fieldwork_lies_within_around_or_elsewhere(start, days, expected):
    now = made.study(made.Shape()).measurement
    then = made.study(made.Shape(), slug="toen", start=start, days=days).measurement
    assert period(now, then) == expected
    elsewhere = then.model_copy(update={"place": "Elders"})
    assert period(now, elsewhere) == ""


def test_an_earlier_quarter_lies_within_the_year():
    study = made.study(made.Shape())
    now = group(study, made.SOURCE, *TOTAL)
    then = group(study, made.SOURCE, *CONTACT, wave="toen")
    [found] = nested([now, then], {"toen": "inside"})
    assert (found.inner, found.outer) == (then, now)
    assert list(nested([now, then], {"toen": "around"})) == []
    assert list(nested([now, then], {})) == []
