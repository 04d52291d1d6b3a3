"""Quoted figures."""

import pytest
from pydantic import ValidationError

from kcc_research.study.claim import Claim

BASE = {"text": "Een 6,6", "source": "krant", "kind": "mean"}


@pytest.mark.parametrize("value", ["6.6", "41", "0.385"])
def test_the_value_keeps_its_decimals(value):
    assert Claim.model_validate(BASE | {"value": value}).value == value


@pytest.mark.parametrize("value", ["6,6", "41%", "ruim 6", "-1", "1e3", ""])
def test_another_way_of_writing_is_refused(value):
    with pytest.raises(ValidationError):
        Claim.model_validate(BASE | {"value": value})


def test_a_claim_without_n_is_a_claim():
    assert Claim.model_validate(BASE | {"value": "6.4"}).n is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "percentage", "value": "70", "others": 210},
        {"kind": "percentage", "value": "70", "n": 200, "others": 210},
        {"kind": "mean", "value": "6.6", "n": 750, "others": 210},
        {"kind": "percentage", "value": "70", "n": 750, "others": -1},
    ],
)
def test_others_belong_to_a_percentage_of_enough_answers(wrong):
    with pytest.raises(ValidationError):
        Claim.model_validate(BASE | wrong)
