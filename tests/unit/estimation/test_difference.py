import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.difference import (
    REST,
    Difference,
    compare_groups,
    independent_difference,
)
from kcc_research.estimation.estimate import mean
from kcc_research.estimation.multiplicity import adjusted


def array(*numbers):
    return np.array(numbers, dtype=float)


def noordwijk(sd, effect=1.0):
    """6,6 against 6,4 with n = 353 twice (STAT-S1)."""
    error = array(sd * np.sqrt(effect / 353))
    return independent_difference(
        array(6.6), error, array(352), array(6.4), error, array(352)
    )


class TestIndependent:
    @pytest.mark.parametrize(
        ("sd", "plain", "deff"),
        [(1.2, 0.027, 0.07), (1.5, 0.076, 0.15), (1.8, 0.14, 0.23), (2.0, 0.18, 0.28)],
    )
    def test_p_of_the_seed_study(self, sd, plain, deff):
        assert noordwijk(sd).p_value[0] == pytest.approx(plain, abs=0.006)
        assert noordwijk(sd, 1.5).p_value[0] == pytest.approx(deff, abs=0.006)

    def test_interval_of_the_seed_study(self):
        # DOMAIN §1.4: between 0,02 lower and 0,42 higher at SD 1,5.
        low, high = noordwijk(1.5).interval()
        assert (low[0], high[0]) == pytest.approx((-0.02, 0.42), abs=0.005)

    def test_smallest_detectable_difference_of_the_seed_study(self):
        assert noordwijk(1.5).detectable()[0] == pytest.approx(0.32, abs=0.005)
        assert noordwijk(2.0).detectable()[0] == pytest.approx(0.42, abs=0.005)
        assert noordwijk(1.5, 1.5).detectable()[0] == pytest.approx(0.39, abs=0.005)
        assert noordwijk(2.0, 1.5).detectable()[0] == pytest.approx(0.52, abs=0.005)

    def test_is_welch(self):
        draws = np.random.default_rng(1)
        a, b = draws.normal(7, 1, 60), draws.normal(6.5, 2, 40)
        found = independent_difference(
            array(a.mean()),
            array(stats.sem(a)),
            array(59),
            array(b.mean()),
            array(stats.sem(b)),
            array(39),
        )
        welch = stats.ttest_ind(a, b, equal_var=False)
        assert found.t[0] == pytest.approx(welch.statistic)
        assert found.df[0] == pytest.approx(welch.df)
        assert found.p_value[0] == pytest.approx(welch.pvalue)

    def test_without_variance_there_is_no_test(self):
        zero = array(0)
        found = independent_difference(
            array(7), zero, array(30), array(6), zero, array(30)
        )
        assert np.isnan(found.p_value[0])
        assert np.isnan(found.interval()[0][0])
        assert np.isnan(found.detectable()[0])

    def test_fewer_than_two_degrees_of_freedom_are_no_test(self):
        assert np.isnan(Difference(array(1), array(0.1), array(1.5)).p_value[0])


def groups_frame(seed=2, sizes=(60, 50, 40, 12)):
    draws = np.random.default_rng(seed)
    labels = np.repeat(["a", "b", "c", "d"], sizes)
    means = np.repeat([7.0, 6.5, 5.5, 6.0], sizes)
    return pd.DataFrame({"g": labels, "y": draws.normal(means, 1.5)})


class TestPairs:
    def test_later_minus_earlier_and_small_groups_untested(self):
        found = compare_groups(survey_design(groups_frame()), "y", "g")
        pairs = list(zip(found["group"], found["reference"], strict=True))
        expected = ["ba", "ca", "cb", "da", "db", "dc"]
        assert pairs == [tuple(each) for each in expected]
        with_d = found["group"] == "d"
        assert found.loc[with_d, "p_value"].isna().all()
        assert found.loc[with_d, "difference"].isna().all()
        assert set(found.loc[with_d, "reason"]) == {
            "te weinig antwoorden voor een toets (n\u00a0=\u00a012)"
        }
        assert set(found.loc[with_d, "verdict"]) == {"not_shown"}

    def test_unweighted_it_is_nearly_the_t_test(self):
        frame = groups_frame(sizes=(60, 60, 40, 12))
        found = compare_groups(survey_design(frame), "y", "g").iloc[0]
        a, b = (frame.loc[frame["g"] == each, "y"] for each in "ab")
        plain = stats.ttest_ind(b, a, equal_var=False)
        assert found["difference"] == pytest.approx(b.mean() - a.mean())
        assert found["p_value"] == pytest.approx(plain.pvalue, rel=0.1)
        assert (found["n"], found["n_reference"]) == (60, 60)

    def test_holm_counts_the_tests_that_were_done(self):
        found = compare_groups(survey_design(groups_frame()), "y", "g")
        tested = found.dropna(subset="p_value")
        assert len(tested) == 3
        assert tested["p_adjusted"].tolist() == pytest.approx(
            adjusted(tested["p_value"].to_numpy()).tolist()
        )

    def test_covariance_is_kept(self):
        """Clusters that hold both groups make their difference more precise."""
        draws = np.random.default_rng(8)
        day = np.repeat(range(30), 4)
        frame = pd.DataFrame(
            {
                "y": draws.normal(0, 2, 30)[day] + draws.normal(0, 0.5, 120),
                "g": np.tile(["x", "y"], 60),
                "day": day,
            }
        )
        design = survey_design(frame, cluster="day")
        found = compare_groups(design, "y", "g").iloc[0]
        separate = [
            mean(design, "y", domain=(frame["g"] == each).to_numpy()).variance[0]
            for each in "xy"
        ]
        assert found["std_error"] < 0.5 * np.sqrt(sum(separate))

    def test_the_finite_population_correction_is_off(self):
        frame = groups_frame().assign(size=200.0)
        plain = compare_groups(survey_design(frame), "y", "g")
        sized = survey_design(frame, population="size")
        pd.testing.assert_frame_equal(compare_groups(sized, "y", "g"), plain)
        corrected = compare_groups(sized, "y", "g", fpc=True)
        assert (corrected["std_error"].dropna() < plain["std_error"].dropna()).all()

    def test_a_domain_leaves_others_out(self):
        frame = groups_frame()
        inside = np.arange(len(frame)) % 10 != 0
        found = compare_groups(survey_design(frame), "y", "g", domain=inside)
        assert found.iloc[0]["n"] == ((frame["g"] == "b") & inside).sum()

    def test_many_variables_are_families_of_their_own(self):
        frame = groups_frame()
        design = survey_design(frame)
        both = compare_groups(
            design, np.column_stack([frame["y"], -2 * frame["y"]]), "g"
        )
        alone = compare_groups(design, "y", "g")
        first = both[both["column"] == 0]
        pd.testing.assert_frame_equal(first, alone)
        second = both[both["column"] == 1].reset_index(drop=True)
        assert second["difference"].tolist()[:3] == pytest.approx(
            (-2 * alone["difference"]).tolist()[:3]
        )
        assert second["p_adjusted"].tolist()[:3] == pytest.approx(
            alone["p_adjusted"].tolist()[:3]
        )

    @given(st.integers(0, 10_000))
    def test_an_interval_excludes_zero_exactly_where_a_difference_is_shown(self, seed):
        found = compare_groups(survey_design(groups_frame(seed)), "y", "g").dropna()
        excludes = (found["ci_low"] > 0) | (found["ci_high"] < 0)
        assert (excludes == (found["verdict"] != "not_shown")).all()
        higher = found["verdict"] == "higher"
        assert (found.loc[higher, "difference"] > 0).all()
        assert (excludes == (found["p_adjusted"] < 0.05)).all()


class TestRest:
    def test_a_group_is_left_out_of_what_it_is_held_against(self):
        frame = groups_frame()
        found = compare_groups(survey_design(frame), "y", "g", against="rest")
        assert found["group"].tolist() == ["a", "b", "c", "d"]
        assert set(found["reference"]) == {REST}
        own, others = frame[frame["g"] == "a"], frame[frame["g"] != "a"]
        first = found.iloc[0]
        assert first["difference"] == pytest.approx(
            own["y"].mean() - others["y"].mean()
        )
        assert (first["n"], first["n_reference"]) == (60, 102)

    def test_those_without_a_group_are_in_no_rest(self):
        frame = groups_frame().astype({"g": "object"})
        frame.loc[:4, "g"] = None
        found = compare_groups(survey_design(frame), "y", "g", against="rest")
        assert found.iloc[1]["n_reference"] == 55 + 40 + 12
