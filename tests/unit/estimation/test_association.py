import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from kcc_research.estimation.association import (
    group_test,
    independence_test,
    mid_ranks,
    rank_test,
)
from kcc_research.estimation.design import survey_design
from kcc_research.estimation.difference import compare_groups
from kcc_research.estimation.regression import regression

TESTS = [group_test, rank_test]


def rows(sizes=(60, 50, 40), seed=9):
    draws = np.random.default_rng(seed)
    groups = np.repeat(list("abcdef")[: len(sizes)], sizes)
    n = len(groups)
    return pd.DataFrame(
        {
            "g": groups,
            "y": draws.integers(1, 11, n) + (groups == "c") * 1.0,
            "ja": draws.choice(["ja", "nee"], n),
            "w": draws.uniform(0.5, 3, n),
            "h": draws.choice(["x", "z"], n),
            "dag": draws.integers(0, 30, n),
        }
    )


def design_of(frame):
    return survey_design(frame, weights="w", strata="h")


class TestGroups:
    def test_is_the_test_of_the_regression(self):
        design = design_of(rows())
        found = group_test(design, "y", "g").test
        model = regression(design, "y", ["g"]).test("g")
        assert found.statistic == pytest.approx(model.statistic)
        assert found.df == model.df == 2

    def test_of_two_groups_is_the_t_test(self):
        design = design_of(rows((60, 50)))
        found = group_test(design, "y", "g")
        pair = compare_groups(design, "y", "g").iloc[0]
        assert found.difference.value[0] == pytest.approx(pair["difference"])
        assert found.difference.std_error[0] == pytest.approx(pair["std_error"])
        assert found.test.statistic == pytest.approx(found.difference.t[0] ** 2)
        assert found.test.df_error == pytest.approx(pair["df"] - 1)
        assert found.test.p_value == pytest.approx(found.difference.p_value[0])

    def test_it_does_not_matter_which_group_comes_first(self):
        frame = rows()
        renamed = frame.assign(g=frame["g"].map({"a": "q", "b": "p", "c": "r"}))
        before, after = (
            group_test(design_of(each), "y", "g").test for each in (frame, renamed)
        )
        assert after.statistic == pytest.approx(before.statistic)
        assert after.df_error == pytest.approx(before.df_error)


class TestRanks:
    def test_mid_ranks_by_hand(self):
        # Weights 2 at 5, 3 at 6, 5 at 9, of 10: middles 1, 3.5 and 7.5.
        values = np.array([9.0, 6, 5, 6])
        weights = np.array([5.0, 1, 2, 2])
        assert_allclose(mid_ranks(values, weights), [0.75, 0.35, 0.1, 0.35])

    def test_of_two_unweighted_groups_is_mann_whitney(self):
        frame = rows((60, 50))
        found = rank_test(survey_design(frame), "y", "g")
        a, b = (frame.loc[frame["g"] == each, "y"] for each in "ab")
        won = stats.mannwhitneyu(b, a)
        chance = won.statistic / (len(a) * len(b))
        assert found.difference.value[0] + 0.5 == pytest.approx(chance)
        assert found.test.p_value == pytest.approx(won.pvalue, abs=0.02)

    def test_of_many_unweighted_groups_is_nearly_kruskal_wallis(self):
        frame = rows()
        found = rank_test(survey_design(frame), "y", "g").test
        samples = [each["y"] for _, each in frame.groupby("g")]
        assert found.chi_square == pytest.approx(
            stats.kruskal(*samples).statistic, rel=0.15
        )

    @given(st.randoms(use_true_random=False))
    def test_ties_do_not_hang_on_the_order_of_rows(self, random):
        frame = rows()
        order = list(range(len(frame)))
        random.shuffle(order)
        before, after = (
            rank_test(design_of(each), "y", "g").test
            for each in (frame, frame.iloc[order])
        )
        assert after.statistic == pytest.approx(before.statistic, rel=1e-9)

    @given(st.sampled_from([np.log, np.sqrt, np.exp]))
    def test_only_the_order_of_answers_counts(self, rising):
        frame = rows()
        risen = frame.assign(y=rising(frame["y"]))
        before, after = (
            rank_test(design_of(each), "y", "g").test for each in (frame, risen)
        )
        assert after.statistic == pytest.approx(before.statistic)


@pytest.mark.parametrize("test", TESTS)
class TestWho:
    def test_small_groups_are_left_out_by_name(self, test):
        frame = rows((60, 50, 29, 1))
        found = test(design_of(frame), "y", "g")
        assert (found.groups, found.left_out) == (("a", "b"), ("c", "d"))
        without = test(design_of(frame), "y", frame["g"].where(frame["g"] < "c"))
        assert found.test.statistic == pytest.approx(without.test.statistic)

    def test_one_group_is_no_test(self, test):
        found = test(design_of(rows((60, 20))), "y", "g")
        assert found.groups == ()
        assert found.left_out == ("a", "b")
        assert np.isnan(found.test.statistic)
        assert np.isnan(found.test.p_value)
        assert len(found.difference.value) == 0

    def test_missing_answers_and_a_domain(self, test):
        frame = rows()
        inside = np.arange(len(frame)) % 7 > 0
        blank = frame.assign(y=frame["y"].where(inside))
        by_domain = test(design_of(frame), "y", "g", domain=inside)
        by_missing = test(design_of(blank), "y", "g")
        assert by_domain.test == by_missing.test
        assert by_domain.contrasts.n[0] < 110

    def test_the_finite_population_correction_is_off(self, test):
        frame = rows().assign(size=200.0)
        sized = survey_design(frame, weights="w", strata="h", population="size")
        plain = test(design_of(frame), "y", "g").test
        assert test(sized, "y", "g").test == plain
        assert test(sized, "y", "g", fpc=True).test.statistic > plain.statistic

    @given(st.floats(1e-3, 1e4))
    def test_the_scale_of_weights_does_not_matter(self, test, scale):
        frame = rows()
        scaled = frame.assign(w=frame["w"] * scale)
        before, after = (
            test(design_of(each), "y", "g").test for each in (frame, scaled)
        )
        assert after.p_value == pytest.approx(before.p_value, rel=1e-6)


class TestSize:
    @pytest.mark.parametrize("test", TESTS)
    def test_of_twenty_tests_one_is_wrong(self, test):
        """No difference, unequal weights, 20 strata: rejections at 5%.

        Over three times 1,500 samples it is 4.7 to 5.7% for both tests.
        """
        draws = np.random.default_rng(1)
        rejected = []
        for _ in range(500):
            n = 240
            frame = pd.DataFrame(
                {
                    "y": np.round(draws.normal(6.6, 1.5, n)),
                    "g": draws.choice(list("abc"), n, p=[0.5, 0.3, 0.2]),
                    "h": np.arange(n) % 20,
                    "w": np.exp(draws.normal(0, 0.4, n)),
                }
            )
            rejected.append(test(design_of(frame), "y", "g").test.p_value < 0.05)
        # Three standard errors of 500 draws either way.
        assert 0.02 <= np.mean(rejected) <= 0.08


class TestIndependence:
    def test_without_a_design_it_is_pearsons(self):
        frame = rows()
        found = independence_test(survey_design(frame), "g", "ja")
        table = pd.crosstab(frame["g"], frame["ja"])
        plain = stats.chi2_contingency(table, correction=False)
        n = len(frame)
        assert found.pearson == pytest.approx(plain.statistic)
        # Drawn with replacement, each direction varies n / (n − 1) times as much.
        assert_allclose(found.effects, n / (n - 1))
        corrected = plain.statistic * (n - 1) / n
        assert found.test.chi_square == pytest.approx(corrected)
        assert found.test.df == pytest.approx(2)
        assert found.test.df_error == pytest.approx(2 * (n - 1))
        assert found.p_first_order == pytest.approx(stats.chi2.sf(corrected, 2))

    def test_everyone_asked_twice_is_no_more_than_asked_once(self):
        frame = rows()
        once = independence_test(survey_design(frame), "g", "ja")
        twice = pd.concat([frame, frame]).assign(wie=np.tile(range(150), 2))
        found = independence_test(survey_design(twice, cluster="wie"), "g", "ja")
        assert found.pearson == pytest.approx(2 * once.pearson)
        assert found.test.statistic == pytest.approx(once.test.statistic)
        assert found.test.p_value == pytest.approx(once.test.p_value)
        assert found.wald.statistic == pytest.approx(once.wald.statistic)

    def test_cells_are_weighted_shares(self):
        frame = rows()
        found = independence_test(design_of(frame), "g", "ja").cells
        expected = pd.crosstab(
            frame["g"], frame["ja"], frame["w"], aggfunc="sum", normalize="all"
        )
        assert_allclose(found, expected)
        assert found.index.tolist() == ["a", "b", "c"]
        assert found.columns.tolist() == ["ja", "nee"]

    def test_of_two_by_two_wald_is_nearly_the_test_of_a_difference(self):
        frame = rows((60, 50)).assign(y=lambda f: (f["ja"] == "ja").astype(float))
        found = independence_test(design_of(frame), "ja", "g")
        t = group_test(design_of(frame), "y", "g").difference.t[0]
        assert found.wald.statistic == pytest.approx(t**2, rel=0.05)
        assert found.adjusted_wald.statistic == found.wald.statistic

    def test_few_units_weaken_the_wald_test(self):
        frame = rows()
        frame["dag"] = frame["dag"] % 8
        found = independence_test(
            survey_design(frame, cluster="dag"), "g", "ja", df="domain"
        )
        assert (found.wald.df, found.wald.df_error) == (2, 7)
        assert found.adjusted_wald.df_error == 6
        assert found.adjusted_wald.statistic == pytest.approx(
            found.wald.statistic * 6 / 7
        )
        assert found.adjusted_wald.p_value > found.wald.p_value

    def test_complete_cases_only(self):
        frame = rows()
        frame.loc[:9, "ja"] = None
        frame.loc[100:104, "g"] = None
        found = independence_test(design_of(frame), "g", "ja")
        assert found.n == 135
        kept = frame.dropna(subset=["g", "ja"])
        table = pd.crosstab(kept["g"], kept["ja"], kept["w"], aggfunc="sum")
        scaled = table / table.to_numpy().sum() * 135
        plain = stats.chi2_contingency(scaled, correction=False)
        assert found.pearson == pytest.approx(plain.statistic)

    def test_a_domain_and_classes_that_nobody_in_it_has(self):
        frame = rows()
        found = independence_test(
            design_of(frame), "g", "ja", domain=(frame["g"] != "c").to_numpy()
        )
        assert found.cells.index.tolist() == ["a", "b"]
        assert found.n == 110

    def test_an_empty_cell_is_no_obstacle(self):
        frame = rows()
        frame.loc[frame["g"] == "c", "ja"] = "ja"
        found = independence_test(design_of(frame), "g", "ja")
        assert found.cells.loc["c", "nee"] == 0
        assert 0 < found.test.p_value < 0.05

    def test_one_row_is_no_table(self):
        with pytest.raises(ValueError, match="two rows and two columns"):
            independence_test(design_of(rows((60,))), "g", "ja")

    @settings(max_examples=25)
    @given(st.randoms(use_true_random=False), st.floats(1e-3, 1e4))
    def test_neither_order_nor_scale_nor_direction_matters(self, random, scale):
        frame = rows()
        order = list(range(len(frame)))
        random.shuffle(order)
        mixed = frame.iloc[order].assign(w=lambda f: f["w"] * scale)
        before = independence_test(design_of(frame), "g", "ja")
        after = independence_test(design_of(mixed), "ja", "g")
        assert after.test.statistic == pytest.approx(before.test.statistic, rel=1e-8)
        assert after.test.p_value == pytest.approx(before.test.p_value, rel=1e-6)
        assert after.wald.statistic == pytest.approx(before.wald.statistic, rel=1e-8)
