import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from kcc_research.estimation.two_samples import (
    cohens_d,
    hedges_g,
    mann_whitney,
    student,
    welch,
)

grades = st.lists(st.integers(1, 10), min_size=3, max_size=25).map(
    lambda drawn: np.array(drawn, dtype=float)
)


def samples(seed=3):
    draws = np.random.default_rng(seed)
    x = draws.integers(3, 11, 60).astype(float)
    y = draws.integers(1, 10, 40).astype(float)
    return x, y


class TestMeans:
    def test_welch_is_scipys(self):
        x, y = samples()
        found, plain = welch(x, y), stats.ttest_ind(x, y, equal_var=False)
        assert found.t[0] == pytest.approx(plain.statistic)
        assert found.df[0] == pytest.approx(plain.df)
        assert found.p_value[0] == pytest.approx(plain.pvalue)
        low, high = found.interval(0.9)
        expected = plain.confidence_interval(0.9)
        assert (low[0], high[0]) == pytest.approx((expected.low, expected.high))

    def test_student_is_scipys(self):
        x, y = samples()
        found, plain = student(x, y), stats.ttest_ind(x, y)
        assert found.t[0] == pytest.approx(plain.statistic)
        assert found.df[0] == 98
        assert found.p_value[0] == pytest.approx(plain.pvalue)

    def test_missing_answers_are_left_out(self):
        x, y = samples()
        gaps = pd.Series([*x, np.nan, np.nan])
        assert welch(gaps, y).value[0] == pytest.approx(x.mean() - y.mean())
        with pytest.raises(ValueError, match="two answers"):
            welch(np.array([7.0, np.nan]), y)


class TestRanks:
    @given(grades, grades)
    def test_counts_pairs(self, x, y):
        found = mann_whitney(x, y)
        signs = np.sign(x[:, None] - y[None, :])
        won = (signs > 0).sum() + 0.5 * (signs == 0).sum()
        assert found.pairs_won == won
        assert found.superiority.value == pytest.approx(won / signs.size)
        assert found.cliffs_delta.value == pytest.approx(signs.mean())

    @given(grades, grades)
    def test_the_interval_of_delta_is_cliffs(self, x, y):
        """His formulas by the whole matrix of pairs (Cliff 1993, 1996)."""
        found = mann_whitney(x, y).cliffs_delta
        signs = np.sign(x[:, None] - y[None, :])
        delta, (n, m) = signs.mean(), signs.shape
        if abs(delta) == 1:
            return
        of_x, of_y = signs.mean(axis=1), signs.mean(axis=0)
        variance = (
            m**2 * ((of_x - delta) ** 2).sum()
            + n**2 * ((of_y - delta) ** 2).sum()
            - ((signs - delta) ** 2).sum()
        ) / (n * m * (n - 1) * (m - 1))
        variance = max(variance, (1 - delta**2) / (n * m - 1))
        z = stats.norm.ppf(0.975)
        half = z * np.sqrt(variance * ((1 - delta**2) ** 2 + z**2 * variance))
        limits = np.array([delta - delta**3 - half, delta - delta**3 + half])
        expected = limits / (1 - delta**2 + z**2 * variance)
        assert_allclose([found.ci_low, found.ci_high], expected, atol=1e-9)

    @given(grades, grades)
    def test_intervals_hold_the_estimate_and_stay_in_range(self, x, y):
        found = mann_whitney(x, y)
        for size, least in ((found.cliffs_delta, -1), (found.superiority, 0)):
            assert least - 1e-12 <= size.ci_low <= size.value + 1e-12
            assert size.value - 1e-12 <= size.ci_high <= 1 + 1e-12
            assert size.ci_high > size.ci_low

    def test_one_sample_above_the_other_keeps_a_margin(self):
        # All of 5 pairs: Wilson from 5 / (5 + z²) up.
        high, low = np.array([8.0, 9, 10, 8, 9]), np.arange(1.0, 8)
        z = stats.norm.ppf(0.975)
        up = mann_whitney(high, low)
        assert up.cliffs_delta.value == 1
        assert up.superiority.ci_low == pytest.approx(5 / (5 + z**2))
        assert up.superiority.ci_high == 1
        down = mann_whitney(low, high).cliffs_delta
        assert (down.value, down.ci_low) == (-1, -1)
        assert down.ci_high == pytest.approx(-up.cliffs_delta.ci_low)

    def test_interval_covers(self):
        """Grades, 40 against 60, the truth being no difference."""
        draws = np.random.default_rng(2)
        covered = [
            size.ci_low <= 0 <= size.ci_high
            for size in (
                mann_whitney(draws.integers(1, 11, 40), draws.integers(1, 11, 60))
                for _ in range(400)
            )
            for size in [size.cliffs_delta]
        ]
        assert 0.92 <= np.mean(covered) <= 0.98

    def test_small_samples_without_ties_are_exact(self):
        # Of the 20 ways to choose 3 of 6, two are this extreme.
        found = mann_whitney(np.array([4.0, 5, 6]), np.array([1.0, 2, 3]))
        assert found.p_value == pytest.approx(2 / 20)


class TestStandardised:
    def test_d_by_hand(self):
        # Means 4 and 2, both variances 1.
        found = cohens_d(np.array([3.0, 4, 5]), np.array([1.0, 2, 3]))
        assert found == pytest.approx(2)

    def test_g_takes_off_the_bias(self):
        # J of 4 degrees of freedom: Γ(2) / (√2 · Γ(1.5)).
        found = hedges_g(np.array([3.0, 4, 5]), np.array([1.0, 2, 3]))
        gamma = 1 / (np.sqrt(2) * np.sqrt(np.pi) / 2)
        assert found.value == pytest.approx(2 * gamma)

    def test_interval_is_that_of_the_noncentral_t(self):
        x, y = samples()
        found = hedges_g(x, y)
        size = np.sqrt(60 * 40 / 100)
        t = stats.ttest_ind(x, y).statistic
        assert stats.nct.sf(t, 98, found.ci_low * size) == pytest.approx(0.025)
        assert stats.nct.cdf(t, 98, found.ci_high * size) == pytest.approx(0.025)
        assert found.ci_low < found.value < found.ci_high

    @given(st.floats(0.1, 10), st.floats(-5, 5))
    def test_does_not_depend_on_the_scale(self, factor, shift):
        x, y = samples()
        before, after = hedges_g(x, y), hedges_g(shift + factor * x, shift + factor * y)
        assert after.value == pytest.approx(before.value)
        assert after.ci_low == pytest.approx(before.ci_low)
