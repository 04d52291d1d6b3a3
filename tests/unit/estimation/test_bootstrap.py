import numpy as np
import pandas as pd
import pytest

from kcc_research.estimation.bootstrap import rao_wu_weights
from kcc_research.estimation.design import survey_design
from kcc_research.estimation.estimate import mean


def replicates(design, count=400, seed=1):
    return np.vstack(list(rao_wu_weights(design, count, seed)))


def test_of_two_units_one_is_drawn_and_counts_double():
    data = pd.DataFrame({"stratum": ["a", "a"], "w": [2.0, 3.0]})
    design = survey_design(data, weights="w", strata="stratum")
    drawn = replicates(design)
    assert np.unique(drawn, axis=0).tolist() == [[0, 6], [4, 0]]
    # The totals 4 and 6 lie (4 − 6)² apart: the variance with replacement.
    assert drawn.sum(axis=1).var() == pytest.approx(1, abs=0.02)


def test_the_variance_is_that_of_linearisation():
    draws = np.random.default_rng(2)
    data = pd.DataFrame(
        {
            "cijfer": draws.normal(7, 1.5, 120),
            "wijk": np.repeat(["a", "b", "c"], 40),
            "dag": np.repeat(np.arange(30), 4),
            "w": np.repeat(draws.uniform(1, 3, 30), 4),
        }
    )
    design = survey_design(data, weights="w", strata="wijk", cluster="dag")
    drawn = replicates(design, 8000)
    means = drawn @ data["cijfer"].to_numpy() / drawn.sum(axis=1)
    assert means.std() == pytest.approx(mean(design, "cijfer").std_error[0], rel=0.05)


def test_units_are_drawn_whole_and_strata_keep_their_size():
    data = pd.DataFrame({"wijk": list("aaaabb"), "dag": [1, 1, 2, 3, 4, 5]})
    drawn = replicates(survey_design(data, strata="wijk", cluster="dag"))
    assert np.array_equal(drawn[:, 0], drawn[:, 1])
    # Of days 1, 2 and 3 two are drawn, for 3/2 each: together 3.
    assert np.allclose(drawn[:, 1:4].sum(axis=1), 3)
    assert np.allclose(drawn[:, 4:].sum(axis=1), 2)


def test_a_stratum_with_one_unit_keeps_its_weight():
    data = pd.DataFrame({"wijk": list("aab")})
    design = survey_design(data, strata="wijk", lonely_psu="certainty")
    assert (replicates(design)[:, 2] == 1).all()


def test_the_seed_decides_and_blocks_add_up():
    data = pd.DataFrame({"x": np.arange(50_000)})
    blocks = list(rao_wu_weights(survey_design(data), 100, seed=3))
    assert [len(each) for each in blocks] == [80, 20]
    again = next(rao_wu_weights(survey_design(data), 100, seed=3))
    assert np.array_equal(blocks[0], again)
