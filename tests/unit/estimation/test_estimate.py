import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.estimate import (
    domain_means,
    group_masks,
    mean,
    ratio,
    share,
    total,
)


def frame_of(rows=40, seed=3):
    draws = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "y": draws.integers(1, 11, rows).astype(float),
            "w": draws.uniform(0.5, 3, rows),
            "h": draws.integers(0, 3, rows),
            "g": draws.choice(["een", "twee", "drie"], rows),
        }
    )


class TestValues:
    def test_mean_weighs_and_leaves_missing_answers_out(self):
        frame = frame_of()
        frame.loc[[2, 9], "y"] = np.nan
        found = mean(survey_design(frame, weights="w"), "y")
        known = frame.dropna()
        assert found.value[0] == pytest.approx(
            np.average(known["y"], weights=known["w"])
        )
        assert found.n[0] == 38

    def test_share_is_the_mean_of_zero_and_one(self):
        frame = frame_of()
        passed = (frame["y"] >= 7).astype(float)
        found = share(survey_design(frame, weights="w"), passed)
        expected = frame.loc[frame["y"] >= 7, "w"].sum() / frame["w"].sum()
        assert found.value[0] == pytest.approx(expected)

    def test_total_and_ratio(self):
        frame = frame_of().assign(x=2.0)
        design = survey_design(frame, weights="w")
        weighted = (frame["w"] * frame["y"]).sum()
        assert total(design, "y").value[0] == pytest.approx(weighted)
        assert ratio(design, "y", "x").value[0] == pytest.approx(
            weighted / (2 * frame["w"].sum())
        )

    def test_many_variables_at_once_are_each_alone(self):
        frame = frame_of()
        design = survey_design(frame, weights="w", strata="h")
        both = mean(design, np.column_stack([frame["y"], frame["y"] ** 2]))
        for at, power in enumerate((1, 2)):
            alone = mean(design, frame["y"] ** power)
            assert both.value[at] == pytest.approx(alone.value[0])
            assert both.std_error[at] == pytest.approx(alone.std_error[0])
            assert both.df()[at] == pytest.approx(alone.df()[0])

    def test_without_answers_there_is_no_value_and_no_warning(self):
        frame = frame_of()
        nobody = mean(survey_design(frame), "y", domain=np.zeros(40, dtype=bool))
        assert np.isnan(nobody.value[0])
        assert (nobody.n[0], nobody.std_error[0]) == (0, 0)
        assert np.isnan(nobody.n_effective[0])


class TestDomains:
    def test_is_the_full_design_with_zeros_outside(self):
        frame = frame_of()
        design = survey_design(frame, weights="w", strata="h")
        inside = (frame["g"] == "een").to_numpy()
        by_mask = mean(design, "y", domain=inside)
        by_ratio = ratio(design, np.where(inside, frame["y"], 0), inside.astype(float))
        assert by_mask.value[0] == pytest.approx(by_ratio.value[0])
        assert by_mask.std_error[0] == pytest.approx(by_ratio.std_error[0])
        filtered = survey_design(frame[inside], weights="w", strata="h")
        assert mean(filtered, "y").std_error[0] != pytest.approx(by_mask.std_error[0])

    def test_groups_stand_in_the_order_of_a_reader(self):
        frame = pd.DataFrame({"g": ["Fixi", "balie", "email", None, "balie"]})
        labels, masks = group_masks(survey_design(frame), "g")
        assert labels == ("balie", "email", "Fixi")
        assert_array_equal(masks.sum(axis=0), [2, 1, 1])
        assert not masks[3].any()

    def test_numbers_as_groups_are_sorted_by_size(self):
        labels, _ = group_masks(survey_design(pd.DataFrame({"g": [10, 9, 2]})), "g")
        assert labels == ("2", "9", "10")

    @given(st.integers(0, 10_000))
    def test_domain_totals_add_up(self, seed):
        frame = frame_of(seed=seed)
        design = survey_design(frame, weights="w", strata="h")
        groups = sorted(frame["g"].unique())
        parts = [
            total(design, "y", domain=(frame["g"] == each).to_numpy()).value[0]
            for each in groups
        ]
        assert sum(parts) == pytest.approx(total(design, "y").value[0])

    def test_covariance_makes_the_variance_of_a_difference(self):
        frame = frame_of()
        design = survey_design(frame, weights="w", cluster="h")
        _, found = domain_means(design, "y", "g")
        step = np.array([1.0, -1.0, 0.0])
        contrast = found.contrast(step[:, None])
        assert contrast.value[0] == pytest.approx(found.value @ step)
        assert contrast.variance[0] == pytest.approx(step @ found.covariance @ step)
        assert contrast.n[0] == found.n[0] + found.n[1]

    def test_contrast_of_blocks_is_the_contrast_of_each(self):
        frame = frame_of()
        design = survey_design(frame, weights="w")
        four = mean(design, np.column_stack([frame["y"] ** p for p in (1, 2, 3, 4)]))
        step = np.array([[1.0], [-1.0]])
        both = four.contrast(step)
        assert_allclose(both.value, [*(four.value[::2] - four.value[1::2])])
        wide = np.zeros((4, 2))
        wide[0, 0], wide[1, 0], wide[2, 1], wide[3, 1] = 1, -1, 1, -1
        assert_allclose(both.variance, four.contrast(wide).variance)


class TestPrecision:
    def test_a_simple_random_sample_has_design_effect_one(self):
        found = mean(survey_design(frame_of()), "y")
        assert found.design_effect()[0] == pytest.approx(1)
        assert found.n_effective[0] == pytest.approx(40)

    def test_without_replacement_compares_with_a_corrected_sample(self):
        frame = frame_of().assign(size=80.0, w=2.0)
        found = mean(survey_design(frame, weights="w", population="size"), "y")
        assert found.design_effect()[0] == pytest.approx(0.5)
        assert found.design_effect(replacement=False)[0] == pytest.approx(1)

    def test_kish_price_of_unequal_weights(self):
        frame = pd.DataFrame({"y": [1.0, 2.0, 3.0], "w": [1.0, 1.0, 2.0]})
        found = mean(survey_design(frame, weights="w"), "y")
        assert found.kish_design_effect[0] == pytest.approx(3 * 6 / 16)
        assert found.kish_n[0] == pytest.approx(16 / 6)

    def test_effective_n_is_never_above_n(self):
        frame = frame_of(200).sort_values("y").assign(h=np.repeat(range(10), 20))
        found = mean(survey_design(frame, strata="h"), "y")
        assert found.design_effect()[0] < 1
        assert found.n_effective[0] == 200

    def test_effective_n_without_variance_is_that_of_the_weights(self):
        frame = frame_of()
        found = share(survey_design(frame, weights="w"), np.ones(40))
        assert found.variance[0] == 0
        assert np.isnan(found.design_effect()[0])
        assert found.n_effective[0] == pytest.approx(found.kish_n[0])

    def test_answers_per_unit_counts_units_with_an_answer(self):
        frame = pd.DataFrame({"y": [1.0, 2.0, np.nan, 4.0, np.nan], "c": list("ppqrs")})
        found = mean(survey_design(frame, cluster="c"), "y")
        assert found.answers_per_unit[0] == pytest.approx(3 / 2)

    def test_equal_answers_have_no_variance_in_spite_of_rounding(self):
        frame = frame_of().assign(y=0.1)
        assert mean(survey_design(frame, weights="w"), "y").std_error[0] == 0
