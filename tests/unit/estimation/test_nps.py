import numpy as np
import pandas as pd
import pytest

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.nps import (
    NPS,
    estimate_nps,
    nps,
    plain_nps,
    promoter_values,
)


def design(answers, weights=None):
    data = pd.DataFrame({"nps": answers})
    return survey_design(data, weights=weights)


def test_who_promotes_and_who_does_not():
    found = promoter_values(np.array([0.0, 6, 7, 8, 9, 10, np.nan]))
    assert found.tolist() == pytest.approx(
        [-100, -100, 0, 0, 100, 100, np.nan], nan_ok=True
    )


@pytest.mark.parametrize("wrong", [-1.0, 11.0])
def test_an_answer_off_the_scale_is_refused(wrong):
    with pytest.raises(ValueError, match="0 to 10"):
        promoter_values(np.array([5.0, wrong]))


def test_weights_count():
    found = nps(design([10.0, 3.0], weights=np.array([3.0, 1.0])), "nps")
    assert found.value[0] == 50


def test_rocks_by_hand():
    # 5 promoters and 2 detractors of 10: 100 · √((0.7 − 0.3²) / 10).
    found = plain_nps(np.array([9.0] * 5 + [7] * 3 + [2] * 2 + [np.nan]))
    assert (found.n, found.score) == (10, 30)
    assert found.std_error == pytest.approx(100 * np.sqrt(0.061))


def test_under_a_hundred_answers_the_table_says_so():
    few = estimate_nps(design([9.0, 3.0] * 49), ["nps"])
    many = estimate_nps(design([9.0, 3.0] * 50), ["nps"])
    assert "minder dan 100" in few["method"].iloc[0]
    assert "minder dan 100" not in many["method"].iloc[0]
    assert many["statistic"].tolist() == [NPS]
    assert (many["estimate"].iloc[0], many["n"].iloc[0]) == (0, 100)


def test_another_scale_is_named():
    found = estimate_nps(design([9.0, 3.0] * 60), ["nps"], scale=(1, 10))
    assert "schaal van 1 tot 10 in plaats van 0 tot 10" in found["method"].iloc[0]
