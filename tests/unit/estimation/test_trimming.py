from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from kcc_research.errors import DataError
from kcc_research.estimation.design import survey_design
from kcc_research.estimation.estimate import mean
from kcc_research.estimation.trimming import trim_and_rake, trim_weights
from kcc_research.estimation.weighting import rake

TRUTH = Path(__file__).parents[2] / "reference" / "truth" / "data"
MARGINS = {
    "leeftijd": {"jong": 500.0, "oud": 500.0},
    "wijk": {"noord": 550.0, "zuid": 450.0},
}


def design_of(*weights):
    return survey_design(pd.DataFrame({"w": weights}), weights="w")


def sample(rows=200, seed=8):
    draws = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "leeftijd": draws.choice(["jong", "oud"], rows, p=[0.15, 0.85]),
            "wijk": draws.choice(["noord", "zuid"], rows),
            "cijfer": draws.integers(1, 11, rows).astype(float),
            "w": np.exp(draws.normal(0, 0.5, rows)),
        }
    )


class TestTrim:
    def test_spreads_the_excess_equally(self):
        # Mean 2, at most 4: 2 of the 6 are spread over four, ½ each.
        found = trim_weights(design_of(1.0, 1, 1, 1, 6), (0.3, 2.0))
        assert_allclose(found.weights, [1.5, 1.5, 1.5, 1.5, 4])

    def test_raises_what_is_too_small(self):
        # Mean 2, at least 1: 0.8 comes off the three others.
        found = trim_weights(design_of(0.2, 2, 2.8, 3), (0.5, 3.0))
        assert_allclose(found.weights, [1, 2 - 0.8 / 3, 2.8 - 0.8 / 3, 3 - 0.8 / 3])

    def test_repeats_until_all_lie_inside(self):
        # Mean 2.5, at most 2.75: 3.35 over three makes the third 3.02, too much too.
        found = trim_weights(design_of(1.0, 1, 1.9, 6.1), (0.1, 1.1))
        assert_allclose(found.weights, [2.25, 2.25, 2.75, 2.75])

    def test_where_all_are_outside_the_sum_is_kept_too(self):
        found = trim_weights(design_of(0.5, 0.5, 2.0), (0.9, 1.1))
        assert found.weights.sum() == pytest.approx(3)
        assert_allclose(found.weights, [0.95, 0.95, 1.1])

    def test_nearly_all_at_a_bound_is_no_obstacle(self):
        weights = np.where(np.arange(5000) < 4995, 1.0, 400.0)
        found = trim_weights(design_of(*weights), (0.9, 3.0)).weights
        assert found.sum() == pytest.approx(weights.sum())
        assert found.max() == pytest.approx(3 * weights.mean())

    def test_nothing_to_trim_changes_nothing(self):
        found = trim_weights(design_of(1.0, 2, 3))
        assert_allclose(found.weights, [1, 2, 3])

    @given(
        st.lists(st.floats(0.01, 50), min_size=2, max_size=40),
        st.floats(0.05, 0.95),
        st.floats(1.1, 5),
        st.floats(1e-3, 1e4),
    )
    def test_sum_and_bounds_hold_whatever_the_weights(self, weights, low, high, scale):
        given_weights = np.array(weights)
        found = trim_weights(design_of(*given_weights), (low, high)).weights
        relative = found / given_weights.mean()
        assert found.sum() == pytest.approx(given_weights.sum())
        assert relative.min() >= low - 1e-9
        assert relative.max() <= high + 1e-9
        scaled = trim_weights(design_of(*(scale * given_weights)), (low, high)).weights
        assert_allclose(scaled, scale * found, rtol=1e-8)

    @pytest.mark.parametrize("bounds", [(1.2, 3.0), (0.3, 0.9)])
    def test_bounds_lie_round_the_mean(self, bounds):
        with pytest.raises(ValueError, match="mean weights"):
            trim_weights(design_of(1.0, 2), bounds)

    def test_margins_no_longer_hold_and_standard_errors_know(self):
        raked = rake(survey_design(sample()), MARGINS)
        trimmed = trim_weights(raked, (0.5, 2.0))
        young = trimmed.weights[(sample()["leeftijd"] == "jong").to_numpy()].sum()
        assert young < 500
        assert trimmed.calibration is None
        fixed = survey_design(sample(), weights=trimmed.weights)
        assert mean(trimmed, "cijfer").std_error == mean(fixed, "cijfer").std_error


class TestTrimAndRake:
    def test_margins_hold_and_bounds_nearly(self):
        frame = sample()
        design = survey_design(frame, weights="w")
        raked = rake(design, MARGINS).weights
        assert raked.max() / raked.mean() > 6
        found = trim_and_rake(design, MARGINS, (0.3, 4.5)).weights
        for variable, counts in MARGINS.items():
            sums = pd.Series(found).groupby(frame[variable]).sum()
            assert sums.to_dict() == pytest.approx(counts)
        assert found.max() / found.mean() <= 4.5 * 1.01
        assert found.min() / found.mean() >= 0.3 * 0.99

    def test_residuals_are_those_from_the_weights_before(self):
        design = survey_design(sample(), weights="w")
        found = trim_and_rake(design, MARGINS, (0.3, 4.5))
        assert found.calibration is not None
        assert_allclose(found.calibration.base_weights, design.weights)

    def test_within_bounds_it_is_raking(self):
        design = survey_design(sample())
        found = trim_and_rake(design, MARGINS, (0.1, 10.0))
        assert_allclose(found.weights, rake(design, MARGINS).weights)

    def test_what_never_settles_is_refused(self):
        with pytest.raises(DataError) as refused:
            trim_and_rake(survey_design(sample()), MARGINS, (0.6, 1.5))
        (fault,) = refused.value.problems
        assert fault.code == "KCC-D052t"
        assert fault.value == "leeftijd en wijk"

    def test_raking_breaks_the_bound_each_time_a_little_less(self):
        data = pd.read_csv(TRUTH / "meting2.csv")
        margins = {
            "leeftijd": {"18-34": 9800.0, "35-49": 8600, "50-64": 10100, "65+": 9500},
            "geslacht": {"man": 18700.0, "vrouw": 19300},
            "wijk": {
                "Noord": 9000.0,
                "Oost": 7000,
                "Zuid": 12000,
                "West": 6000,
                "Centrum": 4000,
            },
        }
        design = survey_design(data, weights="w_base", strata="wijk")
        raked, largest = rake(design, margins), []
        for _ in range(4):
            largest.append(raked.weights.max() / raked.weights.mean())
            raked = rake(trim_weights(raked), margins)
        assert_allclose(largest, [3.93, 3.23, 3.07, 3.02], atol=0.005)
        settled = trim_and_rake(design, margins).weights
        assert settled.max() / settled.mean() == pytest.approx(largest[-1], rel=1e-6)
