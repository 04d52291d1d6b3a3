"""A service norm has one level."""

import pytest
from pydantic import ValidationError

from kcc_research.study.norm import ServiceNorm

BASE = {"indicator": "tevreden", "source": "Programma Dienstverlening"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "een van beide"),
        ({"share": 0.9, "mean": 7.0}, "een van beide"),
        ({"share": 90.0}, "schrijf 0.90 voor 90%"),
    ],
)
def test_another_number_of_levels_is_refused(values, words):
    with pytest.raises(ValidationError, match=words):
        ServiceNorm.model_validate(BASE | values)


@pytest.mark.parametrize("values", [{"share": 0.9}, {"share": 1}, {"mean": 7.0}])
def test_a_level_is_a_share_or_a_mean(values):
    assert ServiceNorm.model_validate(BASE | values).indicator == "tevreden"
