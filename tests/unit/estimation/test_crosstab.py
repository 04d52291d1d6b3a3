import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from kcc_research.estimation.crosstab import cross_table, share_difference

TABLE = [[30, 20, 9], [12, 18, 14], [45, 33, 21]]


class TestCrossTable:
    def test_chi_square_is_scipys(self):
        found = cross_table(TABLE)
        plain = stats.chi2_contingency(TABLE, correction=False)
        assert found.chi_square == pytest.approx(plain.statistic)
        assert (found.df, found.n) == (4, 202)
        assert found.p_value == found.p_chi_square == pytest.approx(plain.pvalue)
        assert_allclose(found.expected, plain.expected_freq)

    def test_residuals_of_two_by_two_are_the_root_of_chi_square(self):
        found = cross_table([[30, 20], [12, 18]])
        assert_allclose(np.abs(found.residuals), np.sqrt(found.chi_square))
        assert_allclose(np.sign(found.residuals), [[1, -1], [-1, 1]])

    def test_cramers_v(self):
        found = cross_table(TABLE)
        expected = stats.contingency.association(TABLE, method="cramer")
        assert found.cramers_v == pytest.approx(expected)

    def test_bias_of_v_by_hand(self):
        # φ² − 4/201 over 3 − 4/201 − 1 (Bergsma 2013).
        found = cross_table(TABLE)
        phi = found.chi_square / 202
        expected = np.sqrt((phi - 4 / 201) / (2 - 4 / 201))
        assert found.corrected_v == pytest.approx(expected)
        assert found.corrected_v < found.cramers_v

    def test_what_chance_explains_is_no_association(self):
        assert cross_table([[10, 11], [11, 10]]).corrected_v == 0

    def test_perfect_association_is_one(self):
        found = cross_table([[30, 0], [0, 30]])
        assert found.cramers_v == pytest.approx(1)
        assert found.corrected_v == pytest.approx(1, abs=1e-12)

    def test_a_sparse_table_of_two_by_two_is_fishers(self):
        # The tea: 70 ways, of which 1 + 16 at either end.
        found = cross_table([[3, 1], [1, 3]])
        assert found.is_sparse
        assert found.p_value == found.p_fisher == pytest.approx(34 / 70)

    def test_a_larger_sparse_table_has_no_test(self):
        found = cross_table([[3, 1, 4], [1, 3, 2]])
        assert found.is_sparse
        assert np.isnan(found.p_value)
        assert np.isnan(found.p_fisher)

    @pytest.mark.parametrize(
        ("counts", "why"),
        [
            ([[1, 2]], "two rows"),
            ([1, 2], "two rows"),
            ([[1, 2], [0, 0]], "without anyone"),
            ([[1, 0], [1, 0]], "without anyone"),
            ([[1.5, 2], [1, 2]], "whole"),
            ([[-1, 2], [1, 2]], "not negative"),
        ],
    )
    def test_what_is_no_table_is_refused(self, counts, why):
        with pytest.raises(ValueError, match=why):
            cross_table(counts)


class TestShares:
    def test_newcombe_of_his_own_example(self):
        # Newcombe 1998, table II: 56/70 − 48/80, method 10: 0.0524 to 0.3339.
        low, high = share_difference(56, 70, 48, 80).interval()
        assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)

    def test_newcombe_where_nobody_fulfils(self):
        # His table: 0/10 − 0/20 by method 10: −0.1611 to 0.2775.
        low, high = share_difference(0, 10, 0, 20).interval()
        assert (low, high) == pytest.approx((-0.1611, 0.2775), abs=5e-5)

    def test_chi_square_is_that_of_the_pooled_share(self):
        found = share_difference(525, 750, 540, 750)
        pooled = 1065 / 1500
        z = -0.02 / np.sqrt(pooled * (1 - pooled) * 2 / 750)
        assert found.chi_square == pytest.approx(z**2)
        assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(z)))

    def test_few_events_are_fishers(self):
        found = share_difference(0, 12, 3, 15)
        assert found.p_value == found.p_fisher
        table = [[0, 12], [3, 12]]
        assert found.p_fisher == pytest.approx(stats.fisher_exact(table).pvalue)

    @pytest.mark.parametrize("x", [(0, 0), (12, 15)])
    def test_where_all_or_none_fulfil_nothing_is_shown(self, x):
        found = share_difference(x[0], 12, x[1], 15)
        assert found.p_value == found.p_fisher == 1
        assert np.isnan(found.chi_square)
        assert np.isnan(found.p_chi_square)
        low, high = found.interval()
        assert low < 0 < high

    def test_cohens_h_by_hand(self):
        # arcsin √0.75 = 60°, arcsin √0.25 = 30°.
        assert share_difference(3, 4, 1, 4).cohens_h == pytest.approx(np.pi / 3)

    def test_wald_stays_within_one(self):
        assert share_difference(4, 4, 0, 4).wald_interval() == (1, 1)
        low, high = share_difference(5, 6, 1, 6).wald_interval()
        half = stats.norm.ppf(0.975) * np.sqrt(2 * 5 / 36 / 6)
        assert (low, high) == pytest.approx((4 / 6 - half, 1))

    @given(st.integers(1, 60), st.integers(1, 60), st.data())
    def test_newcombe_holds_the_difference_and_has_width(self, n1, n2, data):
        x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
        found = share_difference(x1, n1, x2, n2)
        low, high = found.interval()
        assert -1 - 1e-12 <= low <= found.difference <= high <= 1 + 1e-12
        assert high > low
        back = share_difference(x2, n2, x1, n1).interval()
        assert back == pytest.approx((-high, -low))

    @pytest.mark.parametrize("counts", [(5, 4, 1, 2), (-1, 4, 1, 2), (0, 0, 1, 2)])
    def test_counts_lie_within_their_base(self, counts):
        with pytest.raises(ValueError, match="base"):
            share_difference(*counts)
