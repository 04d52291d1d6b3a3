import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.spread import standard_deviation, variance


def rows(n=60, seed=4):
    draws = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "y": draws.integers(1, 11, n).astype(float),
            "w": draws.uniform(0.5, 3, n),
            "h": draws.choice(["a", "b"], n),
        }
    )


def test_without_weights_it_is_the_usual_one():
    frame = rows()
    design = survey_design(frame)
    assert variance(design, "y").value[0] == pytest.approx(frame["y"].var())
    assert standard_deviation(design, "y").value[0] == pytest.approx(frame["y"].std())


def test_weighted_by_hand():
    # Mean 7; squares 4, 1, 1 with weights 1, 1, 1 + 1/… : (4 + 1 + 3) / 5 · 3/2.
    frame = pd.DataFrame({"y": [5.0, 6.0, 8.0], "w": [1.0, 1.0, 3.0]})
    found = variance(survey_design(frame, weights="w"), "y")
    assert found.value[0] == pytest.approx((4 + 1 + 3) / 5 * 3 / 2)


def test_missing_answers_are_not_counted_but_by_option():
    frame = pd.DataFrame({"y": [5.0, 7.0, 9.0, np.nan]})
    design = survey_design(frame)
    assert variance(design, "y").value[0] == pytest.approx(4)
    as_in_r = variance(design, "y", n="rows").value[0]
    assert as_in_r == pytest.approx(8 / 3 * 4 / 3)


def test_one_answer_has_no_spread():
    design = survey_design(pd.DataFrame({"y": [5.0, np.nan, np.nan]}))
    assert np.isnan(variance(design, "y").value[0])
    assert np.isnan(standard_deviation(design, "y").value[0])


def test_equal_answers_have_none():
    found = standard_deviation(survey_design(pd.DataFrame({"y": [7.0] * 9})), "y")
    assert (found.value[0], found.std_error[0]) == (0, 0)


@pytest.mark.parametrize("statistic", [variance, standard_deviation])
def test_scores_are_the_change_for_a_unit_of_weight(statistic):
    """What the standard error rests on, by moving one weight at a time."""
    frame = rows(12)
    found = statistic(survey_design(frame, weights="w"), "y")
    step = 1e-6
    for at in range(len(frame)):
        moved = frame["w"].to_numpy().copy()
        moved[at] += step
        after = statistic(survey_design(frame, weights=moved), "y").value[0]
        change = (after - found.value[0]) / step
        assert found.scores[at, 0] == pytest.approx(change, abs=1e-5)


def test_a_domain_and_many_columns():
    frame = rows()
    inside = (frame["h"] == "a").to_numpy()
    both = np.column_stack([frame["y"], 2 * frame["y"]])
    found = variance(survey_design(frame), both, domain=inside)
    expected = frame.loc[inside, "y"].var()
    assert found.value == pytest.approx([expected, 4 * expected])
    assert found.n.tolist() == [inside.sum()] * 2


@given(st.floats(1e-3, 1e4))
def test_the_scale_of_weights_does_not_matter(scale):
    frame = rows()
    before, after = (
        standard_deviation(survey_design(each, weights="w", strata="h"), "y")
        for each in (frame, frame.assign(w=frame["w"] * scale))
    )
    assert after.value[0] == pytest.approx(before.value[0])
    assert after.std_error[0] == pytest.approx(before.std_error[0])
