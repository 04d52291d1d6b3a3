from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.estimation.call_counts import FORMULAS, CallCounts, fraction
from kcc_research.estimation.service_level import (
    count_calls,
    estimate_calls,
    speed_of_answer,
)
from kcc_research.estimation.tables import ESTIMATE_COLUMNS

TRUTH = Path(__file__).parents[2] / "reference" / "truth" / "data"


def counted(wait, answered, threshold=20, short=5):
    return count_calls(
        np.array(wait, dtype=float),
        np.array(answered, dtype=float),
        threshold=threshold,
        short_abandon=short,
    )


def levels(counts):
    return [fraction(counts.service_level(each)) for each in FORMULAS]


class TestCounting:
    def test_the_same_calls_under_four_names(self):
        # STAT-M28: 59.0 / 55.4 / 55.8 / 56.4%.
        calls = pd.read_csv(TRUTH / "gesprekken.csv")
        found = counted(calls["wait_s"], calls["answered"])
        shown = [round(100 * each, 1) for each in levels(found)]
        assert shown == [59.0, 55.4, 55.8, 56.4]

    def test_by_hand(self):
        found = counted([0, 20, 21, 3, 5, 40], [1, 1, 1, 0, 0, 0])
        assert found == CallCounts(6, 3, 2, 3, 1, 2)
        assert levels(found) == pytest.approx([2 / 3, 2 / 6, 2 / 5, 4 / 6])
        assert found.abandonment(with_short=True) == (3, 6)
        assert found.abandonment() == (2, 5)
        assert speed_of_answer(np.array([0, 20, 21, 3]), np.array([1, 1, 1, 0])) == (
            pytest.approx(41 / 3)
        )

    def test_no_calls_no_number(self):
        assert np.isnan(levels(counted([], []))).all()
        assert np.isnan(fraction(counted([], []).abandonment()))
        assert np.isnan(speed_of_answer(np.array([9.0]), np.array([0.0])))

    @pytest.mark.parametrize(
        ("wait", "answered"),
        [([np.nan], [1]), ([-1], [1]), ([3], [np.nan]), ([3], [2])],
    )
    def test_half_a_record_is_refused(self, wait, answered):
        with pytest.raises(ValueError, match="waiting time"):
            counted(wait, answered)

    @given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1))
    def test_shares_stay_within_0_and_1_and_in_order(self, calls):
        found = counted(*zip(*calls, strict=True))
        known = [each for each in levels(found) if not np.isnan(each)]
        assert all(0 <= each <= 1 for each in known)
        offered, without_short = (
            fraction(found.service_level(each))
            for each in ("offered", "offered_excl_short")
        )
        assert np.isnan(without_short) or offered <= without_short


class TestTable:
    def calls(self, n=5000, in_time=3980):
        wait = np.where(np.arange(n) < in_time, 10.0, 45.0)
        return pd.DataFrame(
            {"wait": wait, "answered": 1, "dag": ["ma", "di"] * (n // 2)}
        )

    def table(self, **options):
        given = {"threshold": 20, "short_abandon": 5}
        return estimate_calls(self.calls(), **given | options)

    def test_a_complete_log_has_no_interval(self):
        found = self.table()
        assert tuple(found.columns) == ESTIMATE_COLUMNS
        assert set(found["uncertainty"]) == {"none"}
        margins = ["std_error", "ci_low", "ci_high", "df"]
        assert found[margins].isna().all(axis=None)
        level = found.iloc[0]
        assert (level["estimate"], level["count"], level["n"]) == (0.796, 3980, 5000)

    def test_a_sample_of_calls_has_wilson(self):
        # STAT-M28: 78.5–80.7% around 3,980 of 5,000.
        level = self.table(is_complete=False).iloc[0]
        shown = [round(100 * level[each], 1) for each in ("ci_low", "ci_high")]
        assert shown == [78.5, 80.7]

    def test_the_formula_goes_with_the_number(self):
        level = self.table(formula="answered").iloc[0]
        assert level["category"] == "answered"
        assert level["method"].startswith(
            "binnen 20 seconden; op tijd beantwoord gedeeld"
        )
        default = self.table().iloc[0]
        assert "zonder wie binnen 5 seconden ophing" in default["method"]

    def test_waiting_as_mean_and_percentiles(self):
        found = self.table(is_complete=False).query("indicator == 'wachttijd'")
        assert found["category"].tolist() == ["", "p50", "p80", "p90", "p95"]
        assert found["estimate"].tolist() == pytest.approx([17.14, 10, 45, 45, 45])
        mean = found.iloc[0]
        error = self.calls()["wait"].std() / np.sqrt(5000)
        assert mean["std_error"] == pytest.approx(error)
        assert mean["ci_low"] < 17.14 < mean["ci_high"]

    def test_groups(self):
        found = self.table(by=["dag"])
        assert found["group"].unique().tolist() == ["totaal", "di", "ma"]
        assert found.loc[found["by"] == "dag", "n"].eq(2500).all()

    def test_a_day_on_which_nobody_was_answered(self):
        calls = pd.DataFrame({"wait": [3.0, 30], "answered": [0, 0]})
        for is_complete in (True, False):
            found = estimate_calls(
                calls, threshold=20, short_abandon=5, is_complete=is_complete
            ).set_index("indicator")
            assert found.loc["uitval", "estimate"] == 1
            assert set(found.loc["wachttijd", "status"]) == {"not_measured"}
