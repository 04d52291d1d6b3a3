"""Indicators carry their own threshold, classes and base."""

import pytest
from pydantic import ValidationError

from kcc_research.study.indicator import Indicator

BASE = {"id": "a", "question": "cijfer", "label": "A"}


def bands(*bounds):
    return [{"label": f"{a}–{b}", "low": float(a), "high": float(b)} for a, b in bounds]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"statistic": "share"}, "grens nodig"),
        ({"statistic": "mean", "at_least": 7.0}, "alleen bij statistic"),
        ({"statistic": "mean", "classes": bands((1, 5))}, "classes horen alleen"),
        ({"statistic": "distribution", "classes": bands((1, 5), (5, 6))}, "overlappen"),
        ({"statistic": "distribution", "classes": bands((6, 5))}, "low is groter"),
    ],
)
def test_what_does_not_fit_the_statistic_is_refused(values, words):
    with pytest.raises(ValidationError, match=words):
        Indicator.model_validate(BASE | values)


@pytest.mark.parametrize(
    "threshold", [{"at_least": 7.0}, {"at_most": 5}, {"categories": ["ja"]}]
)
def test_a_share_has_a_threshold(threshold):
    found = Indicator.model_validate(BASE | {"statistic": "share"} | threshold)

    assert found.has_threshold
    assert found.base == "valid"


def test_a_mean_has_none():
    assert not Indicator.model_validate(BASE | {"statistic": "mean"}).has_threshold


def test_an_indicator_cannot_be_changed():
    found = Indicator.model_validate(BASE | {"statistic": "mean"})

    with pytest.raises(ValidationError, match="frozen"):
        found.label = "B"


def test_only_an_outcome_of_a_registration_stands_beside_it():
    known = BASE | {"statistic": "mean", "registered": "wachttijd"}
    assert Indicator.model_validate(known).registered == "wachttijd"
    with pytest.raises(ValidationError, match="uitkomst van een registratie"):
        Indicator.model_validate(known | {"registered": "bestaat_niet"})
