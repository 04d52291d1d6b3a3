import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.quantile import (
    percentiles,
    quantiles,
    weighted_quantile,
)

RULES = {"math": "inverted_cdf", "school": "averaged_inverted_cdf", "hf7": "linear"}
P = np.array([0.1, 0.25, 0.5, 0.8, 0.9])


def frame(rows=200, seed=3):
    draws = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "wait": np.round(draws.exponential(60, rows), 1),
            "grade": draws.integers(1, 11, rows).astype(float),
            "w": draws.uniform(0.5, 3, rows),
            "h": draws.choice(["noord", "zuid"], rows),
        }
    )


class TestWeightedQuantile:
    @pytest.mark.parametrize("rule", RULES)
    def test_without_weights_it_is_that_of_the_books(self, rule):
        for column in ("wait", "grade"):
            values = frame()[column].to_numpy()
            found = weighted_quantile(values, np.ones(200), P, rule=rule)
            assert_allclose(found, np.quantile(values, P, method=RULES[rule]))

    @pytest.mark.parametrize("rule", ["math", "school"])
    def test_a_whole_weight_is_as_many_rows(self, rule):
        values = np.array([3.0, 5, 5, 8, 9])
        times = np.array([2, 1, 3, 1, 3])
        found = weighted_quantile(values, times.astype(float), P, rule=rule)
        expected = np.quantile(np.repeat(values, times), P, method=RULES[rule])
        assert_array_equal(found, expected)

    def test_hf7_by_hand(self):
        # Positions 0, 1/3 and 1 of the weight before the last: 0, 1, 3 of 3.
        values, weights = np.array([10.0, 20, 40]), np.array([1.0, 2, 5])
        found = weighted_quantile(values, weights, np.array([0.2, 0.5]), rule="hf7")
        assert_allclose(found, [16, 25])

    def test_exactly_half_is_half_way_in_school_only(self):
        values, weights, half = np.array([6.0, 8]), np.array([2.0, 2]), np.array([0.5])
        assert weighted_quantile(values, weights, half, rule="math") == [6]
        assert weighted_quantile(values, weights, half, rule="school") == [7]

    @pytest.mark.parametrize("rule", RULES)
    @given(st.randoms(use_true_random=False), st.floats(1e-3, 1e3))
    def test_neither_order_nor_scale_of_weights_matters(self, rule, random, scale):
        rows = frame(40)
        order = list(range(len(rows)))
        random.shuffle(order)
        mixed = rows.iloc[order]
        straight, shuffled = (
            weighted_quantile(
                each["grade"].to_numpy(), factor * each["w"].to_numpy(), P, rule=rule
            )
            for each, factor in ((rows, 1), (mixed, scale))
        )
        assert_allclose(shuffled, straight, rtol=1e-9)

    def test_in_the_order_of_the_file_hf7_hangs_on_it(self):
        """What R does, and why it is not the default."""
        values, weights = np.array([6.0, 6, 8]), np.array([1.0, 5, 1])
        half = np.array([0.5])
        one = weighted_quantile(values, weights, half, rule="hf7", ties="file_order")
        other = weighted_quantile(
            values, weights[[1, 0, 2]], half, rule="hf7", ties="file_order"
        )
        assert one[0] != other[0]

    @pytest.mark.parametrize("rule", RULES)
    def test_one_answer_is_every_quantile(self, rule):
        found = weighted_quantile(np.array([7.0]), np.array([2.0]), P, rule=rule)
        assert_array_equal(found, np.full(5, 7.0))


class TestWoodruff:
    def test_by_hand(self):
        # 0, 1, …, 99: F(49) = 0.5, SE √(0.5 · 0.5 / 99), t of 99 degrees of freedom.
        rows = pd.DataFrame({"y": np.arange(100.0)})
        (found,) = quantiles(survey_design(rows), "y", [0.5]).itertuples()
        half = stats.t.ppf(0.975, 99) * np.sqrt(0.25 / 99)
        assert found.estimate == 49
        assert found.ci_low == np.ceil(100 * (0.5 - half)) - 1
        assert found.ci_high == np.ceil(100 * (0.5 + half)) - 1
        width = found.ci_high - found.ci_low
        assert found.std_error == pytest.approx(width / 2 / stats.t.ppf(0.975, 99))
        assert (found.df, found.n, found.note) == (99, 100, "")

    def test_is_centred_on_p_and_as_an_option_on_what_was_found(self):
        rows = pd.DataFrame({"y": [5.0] * 40 + [7.0] * 45 + [9.0] * 15})
        design = survey_design(rows)
        on_p = quantiles(design, "y", [0.5]).iloc[0]
        on_f = quantiles(design, "y", [0.5], centre="estimate").iloc[0]
        # F(7) = 0.85 ± 0.07: the interval moves up a grade.
        assert (on_p["ci_low"], on_p["ci_high"]) == (7, 7)
        assert (on_f["ci_low"], on_f["ci_high"]) == (7, 9)

    def test_strata_and_weights_count(self):
        rows = frame()
        plain = quantiles(survey_design(rows), "wait")
        full = quantiles(survey_design(rows, weights="w", strata="h"), "wait")
        assert (plain["ci_high"] > plain["ci_low"]).all()
        assert (full["ci_high"] > full["ci_low"]).all()
        assert not np.allclose(plain["estimate"], full["estimate"])

    def test_a_domain_is_no_filtered_file(self):
        rows = frame().assign(size=400.0)
        design = survey_design(rows, strata="h", population="size")
        inside = (rows["grade"] > 3).to_numpy()
        found = quantiles(design, "wait", domain=inside)
        as_missing = quantiles(design, rows["wait"].where(inside))
        pd.testing.assert_frame_equal(found, as_missing)
        assert found["n"].tolist() == [inside.sum()] * 3

    def test_levels(self):
        design = survey_design(frame())
        wide, narrow = (quantiles(design, "wait", level=p) for p in (0.99, 0.8))
        assert (wide["ci_low"] < narrow["ci_low"]).all()
        assert (wide["ci_high"] > narrow["ci_high"]).all()

    def test_beyond_the_answers_there_is_no_limit(self):
        rows = pd.DataFrame({"y": np.arange(20.0)})
        found = quantiles(survey_design(rows), "y", [0.05, 0.95])
        assert found["ci_low"].isna().tolist() == [True, False]
        assert found["ci_high"].isna().tolist() == [False, True]
        assert found["note"].tolist() == ["niet te bepalen"] * 2

    def test_a_share_without_variance_still_has_a_margin(self):
        # F(9) = 1 shows none: √(0.9 · 0.1 / 100) stands in.
        rows = pd.DataFrame({"y": [5.0] * 88 + [9.0] * 12})
        (found,) = quantiles(survey_design(rows), "y", [0.9]).itertuples()
        assert (found.estimate, found.ci_low, found.ci_high) == (9, 5, 9)

    def test_equal_answers_have_none(self):
        rows = pd.DataFrame({"y": np.full(30, 7.0)})
        (found,) = quantiles(survey_design(rows), "y", [0.5]).itertuples()
        assert found.estimate == 7
        assert np.isnan([found.ci_low, found.ci_high, found.std_error]).all()
        assert found.note == "alle antwoorden gelijk; geen marge te berekenen"

    def test_two_answers_say_too_little(self):
        rows = pd.DataFrame({"y": [6.0, 8, np.nan, np.nan]})
        (found,) = quantiles(survey_design(rows), "y", [0.5]).itertuples()
        assert found.note == "te weinig om iets over te zeggen"
        assert np.isnan(found.ci_low)

    def test_without_answers_there_is_nothing(self):
        rows = pd.DataFrame({"y": [np.nan, np.nan]})
        found = quantiles(survey_design(rows), "y", [0.5, 0.9])
        assert found["estimate"].isna().all()
        assert found["note"].tolist() == ["geen antwoorden"] * 2
        assert found["n"].tolist() == [0, 0]

    @given(st.integers(0, 5000), st.floats(0.05, 0.95))
    def test_the_interval_holds_the_estimate(self, seed, p):
        design = survey_design(frame(80, seed), weights="w", strata="h")
        for column in ("wait", "grade"):
            found = quantiles(design, column, [p]).iloc[0]
            low, high = found["ci_low"], found["ci_high"]
            assert np.isnan(low) or low <= found["estimate"]
            assert np.isnan(high) or high >= found["estimate"]


class TestPercentiles:
    def test_by_hand(self):
        # n = 10, p = 0.5: ranks b(0.025) = 2 and b(0.975) + 1 = 9.
        (found,) = percentiles(np.arange(1.0, 11), [0.5]).itertuples()
        assert (found.estimate, found.ci_low, found.ci_high) == (5.5, 2, 9)
        assert found.n == 10

    @given(st.integers(1, 300), st.floats(0.01, 0.99))
    def test_ranks_are_those_of_the_binomial_distribution(self, n, p):
        found = percentiles(np.arange(1.0, n + 1), [p]).iloc[0]
        low, high = stats.binom.ppf([0.025, 0.975], n, p) + [0, 1]
        assert found["ci_low"] == low or (low == 0 and np.isnan(found["ci_low"]))
        assert found["ci_high"] == high or (high > n and np.isnan(found["ci_high"]))

    @pytest.mark.parametrize(("p", "most"), [(0.9, 35), (0.95, 71)])
    def test_high_percentiles_need_many_observations(self, p, most):
        few, enough = (percentiles(np.arange(float(n)), [p]) for n in (most, most + 1))
        assert few["ci_high"].isna().all()
        assert few["note"].tolist() == ["niet te bepalen"]
        assert enough["ci_high"].notna().all()
        assert enough["note"].tolist() == [""]

    def test_a_complete_log_has_no_interval(self):
        found = percentiles(np.arange(500.0), uncertainty="none")
        assert found["ci_low"].isna().all()
        assert found["ci_high"].isna().all()
        assert found["note"].tolist() == [""] * 4
        assert found["n"].tolist() == [500] * 4

    def test_missing_times_are_left_out(self):
        found = percentiles(pd.Series([np.nan, 1, 2, 3]), [0.5])
        assert (found["estimate"][0], found["n"][0]) == (2, 3)
        assert percentiles(np.array([np.nan]), [0.5])["note"][0] == "geen antwoorden"
