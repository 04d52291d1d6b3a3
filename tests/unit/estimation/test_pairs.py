import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kcc_research.estimation.pairs import (
    EXACT_BELOW,
    Change,
    mcnemar,
    paired_difference,
    signed_ranks,
    standardised_change,
)


def waves(n=80, seed=5):
    draws = np.random.default_rng(seed)
    before = draws.integers(3, 10, n).astype(float)
    return before, before + draws.integers(-2, 4, n)


class TestMean:
    def test_is_the_paired_t_test(self):
        before, after = waves()
        found, plain = paired_difference(before, after), stats.ttest_rel(after, before)
        assert found.value[0] == pytest.approx((after - before).mean())
        assert found.t[0] == pytest.approx(plain.statistic)
        assert found.df[0] == 79
        assert found.p_value[0] == pytest.approx(plain.pvalue)

    def test_incomplete_pairs_are_left_out(self):
        before = pd.Series([6.0, np.nan, 7, 8])
        after = pd.Series([7.0, 8, np.nan, 10])
        found = paired_difference(before, after)
        assert (found.value[0], found.df[0]) == (1.5, 1)
        with pytest.raises(ValueError, match="two complete pairs"):
            paired_difference(before[:3], after[:3])

    def test_standardised_by_hand(self):
        # Changes 1, 2, 3: mean 2, standard deviation 1.
        assert standardised_change(np.zeros(3), np.array([1.0, 2, 3])) == 2


class TestRanks:
    def test_by_hand(self):
        # Sizes 1, 2, 3, 4 with signs +, +, −, +: V = 1 + 2 + 4 of 10.
        found = signed_ranks(np.zeros(5), np.array([1.0, 2, -3, 4, 0]))
        assert found.positive == 7
        # Of 16 sign patterns 5 reach 7 or more.
        assert found.p_value == pytest.approx(2 * 5 / 16)

    def test_with_ties_is_normal_with_continuity(self):
        before, after = waves()
        change = (after - before)[after != before]
        ranks = stats.rankdata(np.abs(change))
        v, n = ranks[change > 0].sum(), len(change)
        sizes = np.unique(ranks, return_counts=True)[1]
        variance = n * (n + 1) * (2 * n + 1) / 24 - (sizes**3 - sizes).sum() / 48
        z = (abs(v - n * (n + 1) / 4) - 0.5) / np.sqrt(variance)
        found = signed_ranks(before, after)
        assert found.positive == v
        assert found.p_value == pytest.approx(2 * stats.norm.sf(z))

    def test_nobody_moved(self):
        assert signed_ranks(np.ones(4), np.ones(4)).p_value == 1


class TestMcNemar:
    def test_counts_who_changed(self):
        before = np.array([0.0, 0, 1, 1, 0, np.nan])
        after = np.array([1.0, 1, 0, 1, 0, 1])
        found = mcnemar(before, after)
        assert (found.gained, found.lost) == (2, 1)

    def test_chi_square_by_hand(self):
        found = Change(gained=26, lost=14)
        assert found.chi_square == pytest.approx(12**2 / 40)
        assert found.p_chi_square == pytest.approx(stats.chi2.sf(3.6, 1))
        assert found.p_value == found.p_chi_square

    def test_few_changes_are_exact(self):
        # 5 of 6 heads or more extreme, either way: 2 · 7 / 64.
        found = Change(gained=5, lost=1)
        assert found.p_value == found.p_exact == pytest.approx(14 / 64)

    def test_exact_ends_at_25(self):
        below = Change(gained=EXACT_BELOW - 4, lost=3)
        reached = Change(gained=EXACT_BELOW - 3, lost=3)
        assert below.p_value == below.p_exact
        assert reached.p_value == reached.p_chi_square

    def test_nobody_changed(self):
        found = Change(0, 0)
        assert found.p_value == 1
        assert np.isnan(found.p_chi_square)

    def test_is_about_yes_and_no(self):
        with pytest.raises(ValueError, match="0 and 1"):
            mcnemar(np.array([6.0, 7]), np.array([8.0, 8]))
