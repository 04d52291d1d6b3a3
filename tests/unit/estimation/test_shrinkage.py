import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kcc_research.estimation.shrinkage import (
    between_variance,
    reliability,
    shrink,
    shrink_shares,
)

METHODS = ["DL", "PM", "REML"]


def municipalities(k=80, seed=7, tau=0.22):
    draws = np.random.default_rng(seed)
    error = draws.uniform(0.05, 0.3, k)
    return 6.7 + tau * draws.normal(size=k) + error * draws.normal(size=k), error


class TestBetweenVariance:
    @pytest.mark.parametrize("method", METHODS)
    def test_with_equal_errors_it_is_the_variance_less_the_noise(self, method):
        value, error = np.array([6.0, 7, 8, 9]), np.full(4, 0.1)
        found = between_variance(value, error, method)
        assert found == pytest.approx(value.var(ddof=1) - 0.01)

    @pytest.mark.parametrize("method", METHODS)
    def test_noise_alone_leaves_nothing(self, method):
        assert between_variance(np.array([6.9, 7.0, 7.1]), np.full(3, 1.0), method) == 0

    def test_reml_is_where_its_likelihood_is_highest(self):
        value, error = municipalities()

        def likelihood(tau2):
            variance = error**2 + tau2
            mean = np.average(value, weights=1 / variance)
            return -0.5 * (
                np.log(variance).sum()
                + np.log((1 / variance).sum())
                + ((value - mean) ** 2 / variance).sum()
            )

        found = between_variance(value, error)
        around = [likelihood(found * factor) for factor in (0.999, 1, 1.001)]
        assert max(around) == around[1]

    def test_paule_mandel_makes_q_its_expectation(self):
        value, error = municipalities()
        variance = error**2 + between_variance(value, error, "PM")
        mean = np.average(value, weights=1 / variance)
        assert ((value - mean) ** 2 / variance).sum() == pytest.approx(len(value) - 1)

    @pytest.mark.parametrize("error", [[0.1, 0.0], [0.1]])
    def test_too_little_is_refused(self, error):
        with pytest.raises(ValueError, match="two values"):
            between_variance(np.array([6.0, 7])[: len(error)], np.array(error))


class TestShrink:
    def test_reliability_of_the_seed_study(self):
        # STAT-S7: SD 1.7, tau 0.22: 0.77 with 200 contacts, 0.33 with 30.
        error = 1.7 / np.sqrt(np.array([200, 30]))
        assert reliability(0.22**2, error).round(2).tolist() == [0.77, 0.33]

    def test_by_hand(self):
        # tau² = 1 − 0.01 = 0.99, so that λ = 0.99; the mean is 7, its variance 1/3.
        found = shrink(np.array([6.0, 7, 8]), np.full(3, 0.1))
        assert found.reliability == pytest.approx([0.99] * 3)
        assert found.value == pytest.approx([6.01, 7, 7.99])
        assert found.mean_std_error == pytest.approx(np.sqrt(1 / 3))
        assert found.std_error == pytest.approx(
            [np.sqrt(0.99 * 0.01 + 0.01**2 / 3)] * 3
        )
        assert (found.heterogeneity, found.i_squared) == pytest.approx((200, 99))

    def test_without_true_differences_all_get_the_mean(self):
        found = shrink(np.array([6.9, 7.0, 7.1]), np.full(3, 1.0))
        assert found.value == pytest.approx([7, 7, 7])
        assert found.reliability.tolist() == [0, 0, 0]

    @given(st.integers(0, 10_000))
    def test_lies_between_value_and_mean(self, seed):
        value, error = municipalities(seed=seed, k=20)
        found = shrink(value, error)
        low, high = np.minimum(value, found.mean), np.maximum(value, found.mean)
        assert (found.value >= low - 1e-12).all() and (
            found.value <= high + 1e-12
        ).all()

    @given(st.permutations(range(80)))
    def test_order_does_not_matter(self, order):
        value, error = municipalities()
        expected, found = shrink(value, error), shrink(value[order], error[order])
        assert found.value == pytest.approx(expected.value[order])


class TestShares:
    def test_by_hand_given_the_prior(self):
        found = shrink_shares(np.array([30.0, 80, 60]), np.array([50.0, 100, 100]))
        a, b = found.alpha, found.beta
        assert found.value[0] == pytest.approx((30 + a) / (50 + a + b))
        assert found.reliability[0] == pytest.approx(50 / (50 + a + b))
        low, high = found.interval()
        assert low[1] == pytest.approx(stats.beta.ppf(0.025, 80 + a, 20 + b))
        assert high[1] == pytest.approx(stats.beta.ppf(0.975, 80 + a, 20 + b))

    def test_the_prior_is_where_the_likelihood_is_highest(self):
        draws = np.random.default_rng(8)
        n = draws.integers(30, 300, 150).astype(float)
        x = draws.binomial(n.astype(int), draws.beta(40, 16, 150)).astype(float)
        found = shrink_shares(x, n)

        def likelihood(a, b):
            return stats.betabinom.logpmf(x, n, a, b).sum()

        best = likelihood(found.alpha, found.beta)
        for a, b in ((1.02, 1), (0.98, 1), (1, 1.02), (1, 0.98)):
            assert likelihood(found.alpha * a, found.beta * b) < best

    def test_no_more_than_chance_gives_everyone_the_same(self):
        found = shrink_shares(np.full(30, 70.0), np.full(30, 100.0))
        assert found.value == pytest.approx(np.full(30, 0.7), abs=1e-6)
        assert (found.reliability < 0.01).all()

    @pytest.mark.parametrize("events", [0.0, 50.0])
    def test_nobody_or_everybody_is_refused(self, events):
        with pytest.raises(ValueError, match="no prior"):
            shrink_shares(np.full(3, events), np.full(3, 50.0))
