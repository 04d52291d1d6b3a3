from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kcc_research.estimation.benchmark import (
    EVERYONE,
    RELIABILITY,
    SHRUNKEN,
    UNUSUAL,
    benchmark_estimates,
    compare_with_group,
    position,
)
from kcc_research.estimation.tables import COMPARISON_COLUMNS, ESTIMATE_COLUMNS

TRUTH = Path(__file__).parents[2] / "reference" / "truth" / "data"


def municipalities(k=40, error=0.05, seed=12):
    draws = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "unit": [f"GM{9001 + i}" for i in range(k)],
            "klasse": np.where(np.arange(k) < k // 2, "klein", "groot"),
            "estimate": 6.7 + 0.3 * draws.normal(size=k),
            "std_error": np.full(k, error),
            "n": np.full(k, 300),
        }
    )


class TestPosition:
    def test_by_hand(self):
        units = pd.DataFrame(
            {"unit": list("abcd"), "estimate": [6.0, 7, 8, 9], "std_error": 0.1}
        )
        found = position(units, "a")
        assert (found.n_reference, found.group) == (3, EVERYONE)
        assert (found.reference_mean, found.reference_sd) == (8, 1)
        assert found.tau2 == pytest.approx(1 - 0.01)
        assert found.from_mean.value[0] == -2
        assert found.from_mean.std_error[0] == pytest.approx(np.sqrt(0.01 + 1 / 3))
        assert found.within_group().std_error[0] == pytest.approx(
            np.sqrt(0.99 + 0.01 + 1 / 3)
        )
        assert found.within_group("sample").std_error[0] == pytest.approx(
            np.sqrt(1 + 0.01 + 1 / 3)
        )
        assert (found.above, found.percentile) == (3, 25)
        assert found.pooled == pytest.approx((8, 0.1 / np.sqrt(3)))

    @pytest.mark.parametrize(("others", "alarms"), [(3, 0.19), (4, 0.14), (6, 0.11)])
    def test_t_where_z_would_raise_false_alarms(self, others, alarms):
        # STAT-M25: what |z| > 1.96 gives with so few reference municipalities.
        units = municipalities(others + 1)
        found = position(units, "GM9001").from_mean
        assert found.df[0] == others - 1
        assert 2 * stats.t.sf(1.96, found.df[0]) == pytest.approx(alarms, abs=0.005)

    def test_the_seed_municipality(self):
        # STAT-M25: −3.44; −0.91 in the fixture's form, −1.20 with the REML tau².
        names = {"code": "unit", "mean": "estimate", "se": "std_error"}
        units = pd.read_csv(TRUTH / "gemeenten.csv").rename(columns=names)
        found = position(units, "GM0007", ["size"])
        assert round(float(found.from_mean.t[0]), 2) == -3.44
        assert round(float(found.within_group("sample").t[0]), 2) == -0.91
        assert round(float(found.within_group().t[0]), 2) == -1.20

    def test_a_small_group_gives_way_to_a_wider_one(self):
        units = municipalities().assign(regio="noord")
        units.loc[:9, "klasse"] = "mini"
        units.loc[30:, "regio"] = "zuid"
        groups = ["klasse", "regio"]
        # Nine others of its own class are too few, 29 of its region are not.
        assert position(units, "GM9001", groups).group == "regio noord"
        assert position(units, "GM9001", groups).n_reference == 29
        assert position(units, "GM9001", ["klasse"]).group == EVERYONE
        units.loc[10, "klasse"] = "mini"
        assert position(units, "GM9001", groups).group == "klasse mini"
        assert position(units, "GM9001", groups).n_reference == 10

    def test_unmeasured_municipalities_are_no_reference(self):
        units = municipalities()
        units.loc[1, "estimate"] = np.nan
        assert position(units, "GM9001").n_reference == 38
        with pytest.raises(KeyError):
            position(units, "GM9002")

    def test_alone_there_is_nothing_to_compare(self):
        with pytest.raises(ValueError, match="no others"):
            position(municipalities(2), "GM9001")


class TestComparisons:
    def test_two_statements_each_a_family(self):
        units = municipalities()
        units.loc[0, "estimate"] = 6.2
        found = compare_with_group(units, "cijfer", groups=["klasse"])
        assert tuple(found.columns) == COMPARISON_COLUMNS
        assert len(found) == 80
        assert found["family"].nunique() == 2
        one = found[found["group"] == "GM9001"].set_index("category")
        # Below the mean of its group, yet not unusual within it.
        assert one.loc["", "verdict"] == "lower"
        assert one.loc[UNUSUAL, "verdict"] == "not_shown"
        assert one.loc["", "reference"] == "klasse klein"
        assert one.loc["", "n_reference"] == 19
        assert one.loc["", "n"] == 300

    def test_an_interval_excludes_0_exactly_where_the_verdict_is_shown(self):
        found = compare_with_group(municipalities(), "cijfer")
        excludes = (found["ci_low"] > 0) | (found["ci_high"] < 0)
        assert (excludes == (found["verdict"] != "not_shown")).all()
        assert 0 < excludes.sum() < len(found)

    def test_one_municipality_is_a_family_of_one(self):
        units = municipalities()
        found = compare_with_group(units, "cijfer", focus=["GM9005"])
        assert found["p_adjusted"].tolist() == found["p_value"].tolist()
        assert found["group"].tolist() == ["GM9005"] * 2

    def test_too_uncertain_or_too_few_others_gets_no_verdict(self):
        noisy = municipalities(error=0.6)
        noisy["std_error"] = np.where(noisy["unit"] == "GM9001", 0.6, 0.01)
        found = compare_with_group(noisy, "cijfer", focus=["GM9001"])
        assert found["reason"].str.startswith("te onzeker").all()
        assert set(found["verdict"]) == {"not_shown"}
        few = compare_with_group(municipalities(10), "cijfer", focus=["GM9001"])
        assert few["reason"].tolist() == ["te weinig andere gemeenten (9)"] * 2
        assert few["p_value"].isna().all()


class TestEstimates:
    def test_the_observed_value_is_never_absent(self):
        found = benchmark_estimates(municipalities(), "cijfer")
        assert tuple(found.columns) == ESTIMATE_COLUMNS
        assert set(found["uncertainty"]) == {"measurement"}
        for _, rows in found.groupby("group"):
            kinds = rows["category"].tolist()
            assert kinds[:3] == ["", SHRUNKEN, RELIABILITY]
            assert len(kinds) == 3 or kinds[3].startswith("band ")

    def test_no_ranks_and_no_bands_without_reliability(self):
        found = benchmark_estimates(municipalities(error=0.5), "cijfer")
        assert set(found["category"]) == {"", SHRUNKEN, RELIABILITY}
        sure = benchmark_estimates(municipalities(error=0.02), "cijfer")
        placed = sure[sure["category"].str.startswith("band ")]
        assert len(placed) > 20 and (placed["estimate"] >= 0.8).all()

    def test_the_interval_is_of_the_measurement(self):
        units = municipalities()
        found = benchmark_estimates(units, "cijfer")
        own = found[found["category"] == ""]
        assert own["estimate"].tolist() == units["estimate"].tolist()
        width = own["ci_high"] - own["ci_low"]
        assert width.to_numpy() == pytest.approx(2 * 1.959964 * 0.05)
