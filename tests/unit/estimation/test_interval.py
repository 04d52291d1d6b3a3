import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.estimate import share
from kcc_research.estimation.interval import (
    certain_n,
    clopper_pearson,
    count_interval,
    few_units,
    jeffreys,
    share_interval,
    t_interval,
    t_quantile,
    wilson,
    z_quantile,
)

METHODS = ["beta", "wilson_neff", "wilson_neff_df", "logit", "xlogit", "asin", "mean"]


def array(*numbers):
    return np.array(numbers, dtype=float)


class TestQuantiles:
    def test_are_those_of_a_table(self):
        assert z_quantile() == pytest.approx(1.959964, abs=1e-6)
        assert t_quantile(10, 0.9) == pytest.approx(1.812461, abs=1e-6)

    def test_fewer_than_two_degrees_of_freedom_have_none(self):
        assert np.isnan(t_quantile(array(1.99)))[0]
        assert t_quantile(array(2.0))[0] == pytest.approx(4.302653, abs=1e-6)


class TestMean:
    def test_t_interval(self):
        low, high = t_interval(array(6.6), array(0.1), array(10))
        assert (low[0], high[0]) == pytest.approx((6.6 - 0.2228139, 6.6 + 0.2228139))

    def test_no_variance_no_interval(self):
        low, high = t_interval(array(6.6), array(0), array(10))
        assert np.isnan(low[0]) and np.isnan(high[0])


class TestCounts:
    def test_den_haag(self):
        # STAT-S3: 525 of 750 is 66,6–73,2%; 540 of 750 is 68,7–75,1%.
        assert count_interval(525, 750) == pytest.approx((0.666, 0.732), abs=5e-4)
        assert count_interval(540, 750) == pytest.approx((0.687, 0.751), abs=5e-4)

    def test_small_counts_are_exact(self):
        for x, n in ((3, 15), (2, 300), (298, 300), (20, 39)):
            exact = stats.binomtest(x, n).proportion_ci(method="exact")
            assert count_interval(x, n) == pytest.approx((exact.low, exact.high))

    def test_never_mentioned_by_fifteen(self):
        # STAT-S4: one-sided, a theme may still hold for 1 − 0.05^(1/15) = 18%.
        _, high = clopper_pearson(array(0), array(15), 0.9)
        assert high[0] == pytest.approx(1 - 0.05 ** (1 / 15))

    @given(st.integers(1, 400), st.data())
    def test_hold_the_share_and_never_have_zero_width(self, n, data):
        x = data.draw(st.integers(0, n))
        for method in (wilson, clopper_pearson, jeffreys):
            low, high = method(array(x), array(n))
            assert 0 <= low[0] <= x / n <= high[0] <= 1
            assert high[0] > low[0]


class TestShare:
    def interval(self, p, variance, n=100, df=99, **options):
        given = {"n_if_certain": array(n)} | options
        low, high = share_interval(
            array(p), array(variance), array(n), array(df), **given
        )
        return low[0], high[0]

    def test_unweighted_it_is_nearly_clopper_pearson(self):
        # p(1 − p)/v = n − 1 for an unweighted sample.
        variance = 0.3 * 0.7 / 99
        low, high = clopper_pearson(array(0.3 * 99), array(99))
        assert self.interval(0.3, variance) == pytest.approx((low[0], high[0]))

    def test_nobody_and_everybody_unweighted(self):
        exact = clopper_pearson(array(0), array(100))[1][0]
        assert self.interval(0, 0) == pytest.approx((0, exact))
        assert self.interval(1, 0) == pytest.approx((1 - exact, 1))

    def test_the_cap_holds_effective_n_at_n(self):
        precise = 0.3 * 0.7 / 500
        capped, free = (
            self.interval(0.3, precise),
            self.interval(0.3, precise, cap=False),
        )
        low, high = clopper_pearson(array(30), array(100))
        assert capped == pytest.approx((low[0], high[0]))
        assert free[1] - free[0] < capped[1] - capped[0]

    def test_tqis_with_correction_is_not_capped(self):
        # STAT-T8: 84 drawn from 342 at random would be worth 110.
        p, n = 26 / 84, 84
        variance = (1 - n / 342) * p * (1 - p) / (n - 1)
        low, high = self.interval(p, variance, n=84, df=83, cap=False)
        assert (low, high) == pytest.approx((0.2249, 0.4048), abs=1e-4)

    @pytest.mark.parametrize("method", METHODS)
    def test_few_degrees_of_freedom_have_none(self, method):
        low, high = self.interval(0.3, 0.01, df=1.5, method=method)
        assert np.isnan(high) or method == "wilson_neff"
        assert np.isnan(low) == np.isnan(high)

    @pytest.mark.parametrize("method", METHODS)
    @given(
        st.integers(5, 500),
        st.floats(0, 1),
        st.floats(0.3, 20),
        st.floats(2, 400),
        st.booleans(),
    )
    def test_is_never_empty_and_holds_the_share(self, method, n, p, effect, df, cap):
        variance = effect * p * (1 - p) / n
        low, high = self.interval(p, variance, n=n, df=df, cap=cap, method=method)
        assert np.isfinite([low, high]).all()
        assert low - 1e-9 <= p <= high + 1e-9
        assert high > low
        if method != "mean":
            assert 0 <= low <= high <= 1

    def test_a_margin_that_was_weighted_to_keeps_a_width(self):
        """Without variance though p lies between 0 and 1: known from the weighting."""
        low, high = self.interval(0.4, 0, cap=False)
        expected = clopper_pearson(array(40), array(100))
        assert (low, high) == pytest.approx((expected[0][0], expected[1][0]))


class TestCertain:
    def test_no_event_in_eight_day_parts(self):
        # STAT-T10: 96 answers from 8 day-parts are worth 43.7; upper limit 8.1%.
        found = certain_n(array(96), array(7), array(1), array(12), clustered=True)
        assert found[0] == pytest.approx(43.7, abs=0.05)
        assert clopper_pearson(array(0), found)[1][0] == pytest.approx(0.081, abs=5e-4)

    def test_the_same_by_way_of_a_design(self):
        frame = pd.DataFrame({"y": np.zeros(96), "dag": np.repeat(range(8), 12)})
        found = share(survey_design(frame, cluster="dag"), "y")
        effective = certain_n(
            found.n,
            found.df(),
            found.kish_design_effect,
            found.answers_per_unit,
            clustered=True,
        )
        low, high = share_interval(
            found.value, found.variance, found.n, found.df(), n_if_certain=effective
        )
        assert (low[0], high[0]) == pytest.approx((0, 0.081), abs=5e-4)

    def test_unclustered_it_is_kish(self):
        found = certain_n(array(90), array(89), array(1.5), array(1), clustered=False)
        assert found[0] == pytest.approx(60)

    def test_few_units_cost(self):
        expected = (stats.t.ppf(0.975, 95) / stats.t.ppf(0.975, 7)) ** 2
        assert few_units(array(96), array(7))[0] == pytest.approx(expected)


class TestNobodyAndEverybody:
    """A share of 0 or 1: from exactly there, to a limit that mirrors, by any method."""

    @pytest.mark.parametrize("method", METHODS)
    def test_in_a_design(self, method):
        limits = []
        for p in (0, 1):
            low, high = share_interval(
                array(p),
                array(0),
                array(50),
                array(12),
                n_if_certain=array(30),
                method=method,
            )
            limits.append((low[0], high[0]))
        (nobody, some), (most, everybody) = limits
        assert (nobody, everybody) == (0, 1)
        assert 0 < some == pytest.approx(1 - most)

    @pytest.mark.parametrize("method", METHODS)
    def test_effective_answers_decide(self, method):
        widths = [
            share_interval(
                array(0),
                array(0),
                array(50),
                array(12),
                n_if_certain=array(n),
                method=method,
            )[1][0]
            for n in (10, 20, 40)
        ]
        assert widths[0] > widths[1] > widths[2] > 0

    @pytest.mark.parametrize(
        ("method", "options", "upper"),
        [
            (wilson, {}, 1.959964**2 / (20 + 1.959964**2)),
            (clopper_pearson, {}, 1 - 0.025 ** (1 / 20)),
            (jeffreys, {}, stats.beta.ppf(0.975, 0.5, 20.5)),
            (wilson, {"continuity": True}, 0.200453),
        ],
    )
    def test_of_counts(self, method, options, upper):
        low, high = method(array(0, 20), array(20, 20), **options)
        assert (low[0], high[1]) == (0, 1)
        assert high[0] == pytest.approx(upper, abs=1e-6)
        assert low[1] == pytest.approx(1 - upper, abs=1e-6)
