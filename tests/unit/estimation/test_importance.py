import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.estimation.importance import Association, association


def sample(drivers=4, rows=150, seed=6):
    draws = np.random.default_rng(seed)
    shared = draws.normal(size=(rows, 1))
    x = shared + draws.normal(size=(rows, drivers))
    y = x @ np.linspace(1, 0.2, drivers) + draws.normal(scale=2, size=rows)
    return x, y


def r_squared(x, y):
    if x.shape[1] == 0:
        return 0.0
    design = np.column_stack([np.ones(len(y)), x])
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - rest.var() / y.var()


def lmg_by_orders(x, y):
    """The definition itself: the mean gain over every order of entry."""
    p = x.shape[1]
    gain = np.zeros(p)
    orders = list(itertools.permutations(range(p)))
    for order in orders:
        for at, driver in enumerate(order):
            before, after = list(order[:at]), list(order[: at + 1])
            gain[driver] += r_squared(x[:, after], y) - r_squared(x[:, before], y)
    return gain / len(orders)


def plain(x, y):
    return association(x, y, np.ones(len(y)))


class TestLmg:
    def test_is_the_mean_gain_over_all_orders(self):
        x, y = sample()
        assert plain(x, y).lmg[0] == pytest.approx(lmg_by_orders(x, y))

    def test_two_drivers_by_hand(self):
        # r = 0.6 and 0.5, and 0.4 between them: R² = (0.36 + 0.25 − 0.24) / 0.84.
        matrix = np.array([[1, 0.4, 0.6], [0.4, 1, 0.5], [0.6, 0.5, 1]])
        found = Association(matrix[None])
        whole = 0.37 / 0.84
        assert found.r_squared[0] == pytest.approx(whole)
        first, second = (0.36 + whole - 0.25) / 2, (0.25 + whole - 0.36) / 2
        assert found.lmg[0] == pytest.approx([first, second])

    def test_a_copy_takes_half_of_the_importance_away(self):
        x, y = sample(drivers=2)
        alone, copied = plain(x, y), plain(x[:, [0, 0, 1]], y)
        assert copied.r_squared == pytest.approx(alone.r_squared)
        assert copied.lmg[0, 0] == pytest.approx(copied.lmg[0, 1])
        assert copied.lmg[0, 0] < alone.lmg[0, 0]
        assert copied.lmg.sum() == pytest.approx(alone.r_squared[0])

    def test_too_many_drivers(self):
        x, y = sample(drivers=11)
        with pytest.raises(ValueError, match="2048 regressions"):
            _ = plain(x, y).lmg


class TestRelativeWeights:
    def test_without_correlation_they_are_squared_correlations(self):
        matrix = np.array([[1, 0, 0.6], [0, 1, 0.5], [0.6, 0.5, 1]])
        found = Association(matrix[None])
        assert found.relative_weights[0] == pytest.approx([0.36, 0.25])
        assert found.lmg[0] == pytest.approx([0.36, 0.25])

    def test_two_drivers_agree_with_lmg(self):
        x, y = sample(drivers=2)
        found = plain(x, y)
        assert found.relative_weights[0] == pytest.approx(found.lmg[0])

    def test_twelve_drivers_add_up_to_r_squared(self):
        x, y = sample(drivers=12)
        found = plain(x, y)
        assert found.relative_weights.sum() == pytest.approx(r_squared(x, y))


class TestAssociation:
    def test_a_weight_of_two_is_two_respondents(self):
        x, y = sample(rows=60)
        times = np.arange(60) % 3
        repeated = plain(np.repeat(x, times, axis=0), np.repeat(y, times))
        weighted = association(x, y, times.astype(float))
        assert weighted.matrix == pytest.approx(repeated.matrix)

    def test_many_sets_of_weights_at_once(self):
        x, y = sample(rows=60)
        weights = np.random.default_rng(1).uniform(0, 2, (5, 60))
        together = association(x, y, weights)
        for at in range(5):
            alone = association(x, y, weights[at])
            assert together.lmg[at] == pytest.approx(alone.lmg[0])
            assert together.relative_weights[at] == pytest.approx(
                alone.relative_weights[0]
            )

    def test_what_does_not_vary_has_no_importance(self):
        x, y = sample(drivers=3)
        x[:, 1] = 7
        found = plain(x, y)
        assert found.lmg[0, 1] == 0
        assert found.relative_weights[0, 1] == pytest.approx(0, abs=1e-12)
        assert found.lmg[0].sum() == pytest.approx(r_squared(x[:, [0, 2]], y))
        nothing = plain(x, np.full(len(y), 5.0))
        assert nothing.lmg[0].tolist() == [0, 0, 0]

    def test_coefficients_are_those_of_a_regression(self):
        x, y = sample()
        z = np.column_stack([x, y])
        z = (z - z.mean(axis=0)) / z.std(axis=0)
        expected = np.linalg.lstsq(z[:, :-1], z[:, -1], rcond=None)[0]
        assert plain(x, y).coefficients[0] == pytest.approx(expected)

    def test_large_numbers_lose_no_digits(self):
        x, y = sample()
        assert plain(x + 1e6, y + 1e6).lmg == pytest.approx(plain(x, y).lmg, rel=1e-6)

    @given(st.integers(0, 10_000), st.sampled_from(["lmg", "relative_weights"]))
    def test_parts_are_positive_and_add_up(self, seed, method):
        x, y = sample(seed=seed, rows=40)
        parts = plain(x, y).importance(method)[0]
        assert (parts >= -1e-12).all()
        assert parts.sum() == pytest.approx(r_squared(x, y))

    @given(st.permutations(range(40)), st.floats(0.01, 100))
    def test_row_order_and_the_scale_of_weights_do_not_matter(self, order, scale):
        x, y = sample(rows=40)
        weights = np.linspace(1, 2, 40)
        expected = association(x, y, weights).lmg
        order = list(order)
        found = association(x[order], y[order], scale * weights[order]).lmg
        assert found == pytest.approx(expected)
