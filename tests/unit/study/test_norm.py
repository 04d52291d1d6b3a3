"""A service norm has one level."""

import pytest
from pydantic import ValidationError

from kcc_research.study.indicator import Indicator
from kcc_research.study.norm import ServiceNorm, indicator_direction
from kcc_research.study.questionnaire import Question

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


UP, DOWN = "higher_is_better", "lower_is_better"


@pytest.mark.parametrize(
    ("kind", "direction", "values", "expected"),
    [
        ("grade", UP, {"statistic": "mean"}, UP),
        ("grade", UP, {"at_least": 7}, UP),
        ("grade", UP, {"at_most": 5}, DOWN),
        ("grade", DOWN, {"at_most": 2}, UP),
        ("grade", DOWN, {"at_least": 5}, DOWN),
        ("scale", DOWN, {"at_least": 4}, UP),
        ("scale", DOWN, {"at_most": 2}, DOWN),
        ("number", DOWN, {"statistic": "mean"}, DOWN),
        ("number", None, {"statistic": "mean"}, None),
        ("number", None, {"at_most": 10}, None),
        ("grade", UP, {"at_least": 4, "at_most": 6}, None),
        ("scale", UP, {"categories": ["eens"]}, None),
        ("grade", UP, {"statistic": "distribution"}, None),
    ],
)
def test_more_of_an_indicator_is_better_or_worse(kind, direction, values, expected):
    question = Question(
        id="vraag",
        column="v1",
        text="Vraag?",
        type=kind,
        range=(1, 10),
        direction=direction,
        sensitive=False,
    )
    given = {"id": "uitkomst", "question": "vraag", "label": "U", "statistic": "share"}

    assert indicator_direction(Indicator(**given | values), question) == expected
