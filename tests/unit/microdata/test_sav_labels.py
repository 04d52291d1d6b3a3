"""Codes whose label in the .sav means *no answer* demand a decision."""

import pandas as pd
import pytest

from kcc_research.microdata.raw_table import FileFacts, RawTable
from kcc_research.microdata.sav_labels import label_problems

LABELS = {"1": "helemaal eens", "5": "helemaal oneens", "6": "weet niet"}


@pytest.fixture
def told(question, questionnaire):
    def of(kind, **more):
        rows = pd.RangeIndex(3).to_numpy()
        raw = RawTable(
            cells=pd.DataFrame({"v": [1.0, 5.0, 6.0]}),
            rows=rows,
            excel_rows=rows,
            part=rows * 0,
            facts=(FileFacts("a.sav", ".sav", "0" * 64, 1),),
            labels={"v": LABELS},
        )
        asked = questionnaire(question("v", kind, **more))
        return [(each.code, each.value) for each in label_problems(raw, asked)]

    return of


SIX = [("KCC-D028a", '6 = "weet niet"')]


def test_a_code_within_the_scale_is_no_decision(told):
    """6 on a scale of 1 to 6 would be averaged as if it were an answer."""
    codes = {str(code): f"antwoord {code}" for code in range(1, 7)}
    assert told("scale", range=[1, 6], codes=codes) == SIX
    assert told("grade") == SIX


def test_a_missing_code_is_a_decision(told):
    assert told("scale", missing={"6": "dont_know"}) == []


def test_a_category_of_its_own_is_a_decision(told):
    codes = {"1": "eens", "5": "oneens", "6": "weet niet"}
    assert told("choice", codes=codes) == []
    assert told("choice", codes={"1": "eens", "5": "oneens"}) == SIX


@pytest.mark.parametrize(
    ("labels", "highest", "expected"),
    [
        ({"1": "a", "2": "b", "3": "c", "4": "d", "5": "e"}, 10.0, True),
        ({"1": "a", "2": "b", "3": "c", "4": "d", "5": "e", "6": "NS"}, 10.0, True),
        ({"1": "a", "2": "b", "3": "c", "4": "d", "5": "e"}, 5.0, False),
        ({"1": "slecht", "10": "goed"}, 10.0, False),
        ({"11": "weet niet"}, 10.0, False),
        ({}, 10.0, False),
    ],
)
def test_labels_that_stop_halfway_are_of_another_scale(
    question, questionnaire, labels, highest, expected
):
    rows = pd.RangeIndex(40).to_numpy()
    raw = RawTable(
        cells=pd.DataFrame({"v": [highest] * 40}),
        rows=rows,
        excel_rows=rows,
        part=rows * 0,
        facts=(FileFacts("a.sav", ".sav", "0" * 64, 1),),
        labels={"v": labels},
    )
    asked = questionnaire(question("v", "grade", missing={"11": "dont_know"}))
    found = [each for each in label_problems(raw, asked) if each.code == "KCC-D046c"]

    assert bool(found) is expected
    if expected:
        assert "40 antwoorden zijn hoger" in found[0].title
