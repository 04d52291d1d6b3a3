import numpy as np
import pytest
from scipy import stats

from kcc_research.estimation.control_chart import (
    CENTRE,
    chart_comparisons,
    chart_estimates,
    detection,
    mean_moving_range,
    moving_range_limit,
    p_chart,
    positions,
    runs,
    smallest_period,
    xmr_chart,
)
from kcc_research.estimation.tables import COMPARISON_COLUMNS, ESTIMATE_COLUMNS


def months(shares, n=100):
    shares = np.array(shares, dtype=float)
    return shares * n, np.full(len(shares), float(n))


class TestShares:
    def test_limits_by_hand(self):
        chart = p_chart(*months([0.5, 0.4, 0.6, 0.5]), laney=False)
        assert chart.center == 0.5
        assert chart.low == pytest.approx([0.35] * 4)
        assert chart.high == pytest.approx([0.65] * 4)

    def test_limits_stay_within_0_and_1(self):
        # STAT-M27: at n = 30 the upper limit would lie above 1.
        chart = p_chart(*months([0.78, 0.78], n=30), laney=False)
        assert chart.high.tolist() == [1, 1]

    def test_the_baseline_is_frozen(self):
        before, fallen = [0.8, 0.78, 0.82, 0.8], [0.5, 0.5, 0.5]
        frozen = p_chart(*months(before + fallen), baseline=slice(4))
        assert frozen.center == pytest.approx(0.8)
        assert frozen.spread == pytest.approx(p_chart(*months(before)).spread)
        assert positions(frozen.outside).tolist() == [5, 6, 7]

    def test_a_period_without_data_is_a_gap(self):
        x, n = months([0.5, 0.4, 0.6, 0.5, 0.4])
        n[2] = x[2] = 0
        chart = p_chart(x, n)
        assert np.isnan([chart.value[2], chart.low[2], chart.high[2]]).all()
        assert chart.center == pytest.approx(0.45)
        assert not chart.signals[2]
        # Only 0.5–0.4 twice: ranges do not reach across the gap.
        error = np.sqrt(0.45 * 0.55 / 100)
        assert chart.spread == pytest.approx(0.1 / error * np.sqrt(np.pi) / 2)

    def test_laney_where_shares_vary_more_than_chance(self):
        draws = np.random.default_rng(13)
        n = np.full(60, 5000.0)
        wild = draws.binomial(5000, 0.7 + 0.03 * draws.normal(size=60))
        chart = p_chart(wild.astype(float), n)
        assert chart.spread > 3
        assert chart.outside.sum() <= 2
        assert p_chart(wild.astype(float), n, laney=False).outside.sum() > 20
        calm = draws.binomial(5000, 0.7, 60).astype(float)
        assert np.array_equal(p_chart(calm, n).low, p_chart(calm, n, laney=False).low)

    def test_certainty_has_no_limits(self):
        with pytest.raises(ValueError, match="no limits"):
            p_chart(np.array([5.0, 5]), np.array([5.0, 5]))


class TestNumbers:
    def test_by_hand(self):
        # Ranges 2, 1 and 2; d2 = 2/√π.
        values = np.array([1.0, 3, 2, 4])
        chart = xmr_chart(values)
        sigma = 5 / 3 * np.sqrt(np.pi) / 2
        assert (chart.center, chart.spread) == pytest.approx((2.5, sigma))
        assert chart.low == pytest.approx([2.5 - 3 * sigma] * 4)
        assert mean_moving_range(values) == pytest.approx(5 / 3)
        # The table constant 3.267 is 1 + 3 d3/d2, rounded.
        assert moving_range_limit(values) == pytest.approx(5 / 3 * 3.267, rel=3e-4)

    def test_nothing_to_range_over(self):
        assert np.isnan(mean_moving_range(np.array([1.0, np.nan, 3])))


class TestRuns:
    def test_eight_in_a_row_and_not_seven(self):
        above = np.array([2.0] * 9 + [0] + [2] * 7)
        assert positions(runs(above, 1)).tolist() == [8, 9]

    @pytest.mark.parametrize("breaks", [1.0, np.nan, 0.0])
    def test_the_centre_a_gap_or_the_other_side_breaks_a_row(self, breaks):
        values = np.array([2.0] * 7 + [breaks] + [2.0] * 7)
        assert not runs(values, 1).any()


class TestDetection:
    @pytest.mark.parametrize(
        ("n", "chance"), [(30, 0.07), (100, 0.29), (130, 0.43), (390, 0.94)]
    )
    def test_the_chances_of_the_handbook(self, n, chance):
        assert round(detection(0.78, 0.10, n).chance, 2) == chance

    def test_without_the_run_rule_it_is_one_over_the_chance(self):
        found = detection(0.78, 0.10, 100, run=10**4)
        assert found.periods == pytest.approx(1 / found.chance)

    def test_a_run_of_one_is_any_point_below_the_centre(self):
        found = detection(0.78, 0.10, 100, run=1)
        assert found.periods == pytest.approx(1 / stats.binom.cdf(77, 100, 0.68))

    def test_the_mean_time_agrees_with_playing_it(self):
        draws = np.random.default_rng(14)
        limit = 0.78 - 3 * np.sqrt(0.78 * 0.22 / 30)
        times = []
        for _ in range(4000):
            shares = draws.binomial(30, 0.68, 200) / 30
            signal = (shares < limit) | runs(shares, 0.78) & (shares < 0.78)
            times.append(signal.argmax() + 1)
        found = detection(0.78, 0.10, 30)
        assert found.periods == pytest.approx(np.mean(times), rel=0.03)

    def test_more_answers_show_it_sooner(self):
        times = [detection(0.78, 0.10, n).periods for n in (30, 100, 130, 390)]
        assert times == sorted(times, reverse=True)
        assert 1 < times[-1] < 1.1

    def test_a_share_does_not_fall_below_nothing(self):
        with pytest.raises(ValueError, match="no share"):
            detection(0.05, 0.10, 100)

    def test_the_smallest_period_with_a_hundred_answers(self):
        found = [smallest_period(each) for each in (100, 99, 34, 33)]
        assert found == ["month", "quarter", "quarter", None]


class TestTables:
    def chart(self):
        x, n = months([0.8, 0.78, 0.82, 0.8, 0, 0.5])
        n[4] = 0
        return p_chart(x, n, baseline=slice(4)), list("abcdef"), n

    def test_lines_and_gaps(self):
        found = chart_estimates(*self.chart(), "tevreden")
        assert tuple(found.columns) == ESTIMATE_COLUMNS
        gap = found[found["group"] == "e"]
        assert set(gap["status"]) == {"not_measured"}
        assert len(found) == 24
        centre = found[(found["category"] == CENTRE) & (found["group"] == "a")]
        assert centre["estimate"].iloc[0] == pytest.approx(0.8)
        assert found[["ci_low", "ci_high"]].isna().all(axis=None)

    def test_a_signal_says_by_which_rule(self):
        found = chart_comparisons(*self.chart(), "tevreden")
        assert tuple(found.columns) == COMPARISON_COLUMNS
        assert found["group"].tolist() == list("abcdf")
        assert found["verdict"].tolist() == ["not_shown"] * 4 + ["lower"]
        assert found["reason"].iloc[-1] == "buiten de grenzen"
        shifted = p_chart(*months([0.5, 0.52] * 6 + [0.54] * 8), baseline=slice(12))
        last = chart_comparisons(
            shifted, [str(i) for i in range(20)], np.full(20, 100.0), "tevreden"
        ).iloc[-1]
        assert (last["verdict"], last["reason"]) == ("higher", "8 of meer op een rij")
