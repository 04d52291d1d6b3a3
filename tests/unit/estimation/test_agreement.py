import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.estimation.agreement import (
    alpha_interval,
    cohen_kappa,
    krippendorff_alpha,
)

TWO = pd.DataFrame({"a": [1.0, 2, 3, 3], "b": [1.0, 2, 3, 2]})


def tables(size):
    """Counts of a cross table of two coders, at least two different codes."""
    counts = st.lists(st.integers(0, 9), min_size=size**2, max_size=size**2)
    return counts.map(lambda given: np.array(given).reshape(size, size))


def coded(table):
    """One row per unit, from a table of counts."""
    row, column = np.nonzero(table)
    times = table[row, column]
    return pd.Series(np.repeat(row, times)), pd.Series(np.repeat(column, times))


class TestAlpha:
    def test_by_hand(self):
        # Counts 2, 3, 3; two of eight pairs differ; 1 − 7 · 2 / (64 − 4 − 9 − 9).
        assert krippendorff_alpha(TWO) == pytest.approx(1 - 14 / 42)

    def test_interval_by_hand(self):
        # Σ n_c n_k (c − k)², both ways: 2 · (2·3·1 + 2·3·4 + 3·3·1).
        assert krippendorff_alpha(TWO, "interval") == pytest.approx(1 - 14 / 78)

    def test_ratio_by_hand(self):
        expected = 6 / 9 + 6 / 4 + 9 / 25
        assert krippendorff_alpha(TWO, "ratio") == pytest.approx(
            1 - 7 * (1 / 25) / expected
        )

    def test_ordinal_by_hand(self):
        # Mid-ranks 1, 3.5 and 6.5: distances 2.5, 5.5 and 3.
        expected = 6 * 2.5**2 + 6 * 5.5**2 + 9 * 3**2
        assert krippendorff_alpha(TWO, "ordinal") == pytest.approx(1 - 7 * 9 / expected)

    def test_a_unit_coded_once_says_nothing(self):
        more = pd.concat([TWO, pd.DataFrame({"a": [9.0, np.nan], "b": [np.nan] * 2})])
        assert krippendorff_alpha(more) == krippendorff_alpha(TWO)

    def test_words_are_nominal_only(self):
        words = TWO.map({1.0: "wacht", 2.0: "toon", 3.0: "prijs"}.get)
        assert krippendorff_alpha(words) == pytest.approx(krippendorff_alpha(TWO))
        with pytest.raises(ValueError, match="needs numbers"):
            krippendorff_alpha(words, "ordinal")

    def test_perfect_and_undefined(self):
        assert krippendorff_alpha(TWO.assign(b=TWO["a"])) == 1
        assert np.isnan(krippendorff_alpha(TWO * 0))
        assert np.isnan(krippendorff_alpha(TWO.assign(b=np.nan)))

    @given(st.permutations(range(4)))
    def test_order_of_units_and_coders_does_not_matter(self, order):
        turned = TWO.iloc[list(order)][["b", "a"]]
        assert krippendorff_alpha(turned, "ordinal") == pytest.approx(
            krippendorff_alpha(TWO, "ordinal")
        )


class TestAlphaInterval:
    def codings(self, units):
        draws = np.random.default_rng(4)
        first = draws.integers(1, 4, units).astype(float)
        other = np.where(draws.random(units) < 0.3, draws.integers(1, 4, units), first)
        return pd.DataFrame({"a": first, "b": other})

    def test_holds_the_estimate_and_narrows_with_units(self):
        few, many = (alpha_interval(self.codings(n), seed=1) for n in (40, 400))
        for found in (few, many):
            assert found.low < found.value < found.high <= 1
        assert many.high - many.low < (few.high - few.low) / 2

    def test_equals_a_plain_bootstrap_of_rows(self):
        codings = self.codings(60)
        draws = np.random.default_rng(5)
        plain = [
            krippendorff_alpha(codings.iloc[draws.integers(0, 60, 60)])
            for _ in range(600)
        ]
        found = alpha_interval(codings, seed=1)
        expected = np.quantile(plain, [0.025, 0.975])
        assert (found.low, found.high) == pytest.approx(expected, abs=0.03)

    def test_the_seed_decides(self):
        codings = self.codings(40)
        assert alpha_interval(codings, seed=1) == alpha_interval(codings, seed=1)
        assert alpha_interval(codings, seed=1) != alpha_interval(codings, seed=2)

    def test_nothing_varies(self):
        found = alpha_interval(TWO * 0, seed=1, replicates=10)
        assert np.isnan([found.value, found.low, found.high]).all()


class TestKappa:
    def test_by_hand(self):
        # 35 of 50 agree; chance 0.5: κ = (0.7 − 0.5) / 0.5.
        found = cohen_kappa(*coded(np.array([[20, 5], [10, 15]])))
        assert (found.n, found.agreement) == (50, 0.7)
        assert found.value == pytest.approx(0.4)

    def test_linear_weights_by_hand(self):
        # One of four is one step of two off: credit ½.
        # Observed 7/8; chance Σ w p q = (1·2 + 2·1 + 1·1 + ½ (1 + 2 + 2 + 1)) / 16.
        found = cohen_kappa(TWO["a"], TWO["b"], weights="linear")
        observed, chance = (
            7 / 8,
            self.chance(np.array([[2, 1, 0], [1, 2, 1], [0, 1, 2]])),
        )
        assert found.value == pytest.approx((observed - chance) / (1 - chance))

    @staticmethod
    def chance(doubled):
        first, second = np.array([1, 1, 2]) / 4, np.array([1, 2, 1]) / 4
        return float((doubled / 2 * np.outer(first, second)).sum())

    @pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
    def test_the_standard_error_is_the_delta_method(self, weights):
        """A second way to the same number: a numerical gradient of kappa."""
        table = np.array([[28, 5, 2], [3, 19, 6], [4, 3, 11]])
        found = cohen_kappa(*coded(table), weights=weights)
        share, n = (table / table.sum()).ravel(), table.sum()

        def kappa(p):
            p = p.reshape(3, 3) / p.sum()
            gap = np.abs(np.subtract.outer(range(3), range(3))) / 2
            power = {"none": 0, "linear": 1, "quadratic": 2}[weights]
            w = 1 - np.where(gap > 0, gap**power, 0)
            chance = (w * np.outer(p.sum(axis=1), p.sum(axis=0))).sum()
            return ((w * p).sum() - chance) / (1 - chance)

        step = 1e-6
        gradient = np.array(
            [
                (kappa(share + step * e) - kappa(share - step * e)) / (2 * step)
                for e in np.eye(9)
            ]
        )
        variance = (share @ gradient**2 - (share @ gradient) ** 2) / n
        assert found.std_error == pytest.approx(np.sqrt(variance), rel=1e-6)

    def test_psych_slips_only_with_weights(self):
        pair = coded(np.array([[28, 5, 2], [3, 19, 6], [4, 3, 11]]))
        plain, ours = cohen_kappa(*pair), cohen_kappa(*pair, weights="quadratic")
        assert cohen_kappa(*pair, variance="psych") == plain
        theirs = cohen_kappa(*pair, weights="quadratic", variance="psych")
        assert theirs.value == ours.value
        assert abs(theirs.std_error / ours.std_error - 1) > 0.01

    def test_perfect_and_undefined(self):
        same = pd.Series([1, 2, 2])
        perfect = cohen_kappa(same, same)
        assert (perfect.value, perfect.std_error) == (1, 0)
        assert perfect.interval() == (1, 1)
        assert np.isnan(cohen_kappa(same * 0, same * 0).value)
        assert np.isnan(cohen_kappa(same, same * np.nan).value)

    def test_the_order_of_categories_sets_the_distance(self):
        first, second = pd.Series(["laag", "hoog"] * 9), pd.Series(["midden"] * 18)
        order = ["laag", "midden", "hoog"]
        near = cohen_kappa(first, second, weights="linear", categories=order)
        far = cohen_kappa(first, second, weights="linear")
        assert near.value == pytest.approx(0) and near.n == 18
        assert far.value == pytest.approx(0)
        assert near.agreement == 0

    @given(tables(3))
    def test_is_at_most_one_and_its_interval_holds_it(self, table):
        found = cohen_kappa(*coded(table), weights="linear")
        if not np.isnan(found.value):
            low, high = found.interval()
            assert -1 <= low <= found.value + 1e-12
            assert found.value - 1e-12 <= high <= 1
