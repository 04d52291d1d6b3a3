"""Names that results and files use themselves."""

import pytest

from kcc_research.estimation import answers, fieldwork, municipal_values, tables
from kcc_research.microdata import schema
from kcc_research.study import reserved
from kcc_research.study.reserved import (
    is_reserved_category,
    is_reserved_indicator,
    is_reserved_question,
)


def test_the_list_is_what_the_package_writes():
    assert {
        tables.TOTAL,
        tables.DOMAIN,
        tables.UNKNOWN_GROUP,
        tables.NOT_ASKED_GROUP,
    } == reserved.CATEGORIES
    assert {
        fieldwork.RESPONSE,
        fieldwork.WEIGHT,
        municipal_values.CONTACTS,
    } == reserved.INDICATORS
    assert fieldwork.WEIGHTING_PREFIX == reserved.WEIGHTING_PREFIX
    assert answers.DONT_KNOW_SUFFIX == reserved.DONT_KNOW_SUFFIX
    assert schema.MISSING_SUFFIX == reserved.MISSING_SUFFIX


@pytest.mark.parametrize("name", ["onbekend", "Niet  gevraagd", "TOTAAL", "domein"])
def test_groups_of_every_breakdown(name):
    assert is_reserved_category(name)
    assert not is_reserved_category(f"{name} anders")


def test_columns_and_indicators():
    assert is_reserved_question("cijfer__missing")
    assert not is_reserved_question("cijfer_missing")
    assert is_reserved_indicator("weging_leeftijd", [])
    assert is_reserved_indicator("cijfer_weet_niet", ["cijfer"])
    assert not is_reserved_indicator("cijfer_weet_niet", ["kanaal"])
