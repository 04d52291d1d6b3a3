import numpy as np
import pandas as pd
import pytest

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.effort import EASY, estimate_effort, is_easy

ANSWERS = pd.DataFrame({"moeite": [1.0, 2, 4, 5, 5, np.nan]})


def shares(**options):
    found = estimate_effort(survey_design(ANSWERS), "moeite", **options)
    return found.set_index("statistic")


def test_the_best_two_answers_depend_on_the_direction():
    easy = shares(scale=(1, 5), direction="higher_is_better")
    hard = shares(scale=(1, 5), direction="lower_is_better")
    assert easy.loc["share", "estimate"] == pytest.approx(3 / 5)
    assert hard.loc["share", "estimate"] == pytest.approx(2 / 5)
    assert (easy.loc["share", "count"], easy.loc["share", "n"]) == (3, 5)
    assert easy.loc["share", "category"] == EASY
    assert easy.loc["mean", "estimate"] == hard.loc["mean", "estimate"] == 3.4


def test_scale_and_direction_are_printed():
    found = shares(scale=(1, 7), direction="lower_is_better")
    assert found["method"].str.contains("1 tot 7, lager is beter").all()
    assert found.loc["share", "estimate"] == pytest.approx(2 / 5)


def test_an_answer_off_the_scale_is_refused():
    with pytest.raises(ValueError, match="outside the scale"):
        is_easy(np.array([5.0]), (1, 4), "higher_is_better")
