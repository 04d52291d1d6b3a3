"""All municipalities together, each beside its group, and the funnel."""

import numpy as np
import pytest
from scipy import stats

from kcc_research.estimation.benchmark import MUNICIPALITY, RELIABILITY, UNUSUAL
from kcc_research.estimation.municipal_estimates import (
    EXPECTED_OUTSIDE,
    FUNNEL,
    IN_A_BAND,
    OUTSIDE,
    SPREAD,
)
from tests.benchmark_study import benchmark_study

GM = "GM9042"


def rows(**where):
    found = benchmark_study().estimates
    for name, value in where.items():
        found = found[found[name] == value]
    return found


def one(**where):
    found = rows(**where)
    assert len(found) == 1
    return found.iloc[0]


def total(indicator, category=""):
    return one(indicator=indicator, by="totaal", category=category)


class TestEachMunicipality:
    def test_a_small_share_has_an_exact_interval(self):
        row = one(indicator="telefoon_snel", by=MUNICIPALITY, group=GM)
        exact = stats.binomtest(int(row["count"]), 12).proportion_ci(method="exact")
        assert (row["ci_low"], row["ci_high"]) == pytest.approx((exact.low, exact.high))
        assert row["uncertainty"] == "measurement"

    def test_nobody_or_everybody_keeps_an_interval(self):
        found = rows(by=MUNICIPALITY, statistic="share", category="")
        certain = found[found["estimate"].isin([0.0, 1.0])]
        assert len(certain) > 10
        assert (certain["ci_high"] > certain["ci_low"]).all()

    def test_scores_stay_between_0_and_100(self):
        found = rows(by=MUNICIPALITY, indicator="bereikbaarheid", category="")
        assert found["ci_low"].min() >= 0
        assert found["ci_high"].max() <= 100

    def test_only_scores_are_shrunk_and_never_alone(self):
        beside = rows(by=MUNICIPALITY)
        beside = beside[beside["category"] != ""]
        dimensions = {"bereikbaarheid", "informatievoorziening", "dienstverlening"}
        assert set(beside["indicator"]) == dimensions
        shown = rows(by=MUNICIPALITY, category="")
        assert set(beside["group"]) <= set(shown["group"])


class TestTheCountry:
    def test_every_municipality_counts_once(self):
        found = rows(by=MUNICIPALITY, indicator="juist", category="")
        row = total("juist")
        assert row["estimate"] == pytest.approx(found["estimate"].mean())
        assert row["n"] == 342
        error = np.sqrt((found["std_error"] ** 2).sum()) / 342
        assert row["std_error"] == pytest.approx(error)

    def test_size_classes_add_up(self):
        found = rows(indicator="juist", by="inwonerklasse", category="")
        assert found["n"].tolist() == [70, 181, 59, 32]
        mean = np.average(found["estimate"], weights=found["n"].astype(float))
        assert mean == pytest.approx(total("juist")["estimate"])

    @pytest.mark.parametrize(
        "dimension", ["bereikbaarheid", "informatievoorziening", "dienstverlening"]
    )
    def test_thirty_contacts_are_too_few_for_a_band(self, dimension):
        # STAT-S7: about a third of what differs is real; 0.7 is asked.
        assert 0.15 < total(dimension, RELIABILITY)["estimate"] < 0.45
        assert total(dimension, IN_A_BAND)["estimate"] == 0
        low, high = (total(dimension, each)["estimate"] for each in SPREAD)
        middle = total(dimension)["estimate"]
        assert low < middle < high
        assert middle - low == pytest.approx(high - middle, abs=0.3)
        observed = rows(by=MUNICIPALITY, indicator=dimension, category="")["estimate"]
        assert high - low < observed.quantile(0.9) - observed.quantile(0.1)


class TestComparisons:
    def compared(self, indicator="bereikbaarheid", category=""):
        found = benchmark_study().comparisons
        return found[
            (found["indicator"] == indicator) & (found["category"] == category)
        ].set_index("group")

    def test_the_municipality_itself_is_left_out_of_its_group(self):
        values = rows(by=MUNICIPALITY, indicator="bereikbaarheid", category="")
        values = values.set_index("group")["estimate"]
        circle = benchmark_study().study.measurement.reference_group[0].municipalities
        others = values[[each for each in circle if each != GM]]
        row = self.compared().loc[GM]
        assert row["difference"] == pytest.approx(values[GM] - others.mean())
        assert (row["n_reference"], row["df"]) == (12, 11)
        assert row["reference"] == "vergelijkingsgroep Leerkring Dienstverlening"

    def test_the_margin_of_the_difference_is_by_t(self):
        values = rows(by=MUNICIPALITY, indicator="bereikbaarheid", category="")
        values = values.set_index("group")
        circle = benchmark_study().study.measurement.reference_group[0].municipalities
        others = values.loc[[each for each in circle if each != GM], "estimate"]
        own = values.loc[GM, "std_error"]
        error = np.sqrt(own**2 + others.var(ddof=1) / 12)
        row = self.compared().loc[GM]
        assert row["std_error"] == pytest.approx(error)
        half = stats.t.ppf(0.975, 11) * error
        assert row["ci_high"] - row["difference"] == pytest.approx(half)

    def test_unusual_within_the_group_asks_more(self):
        mean, unusual = self.compared(), self.compared(category=UNUSUAL)
        assert (unusual["std_error"] >= mean["std_error"]).all()
        assert len(mean) == len(unusual) == 342

    def test_no_verdict_on_one_municipality(self):
        found = benchmark_study().comparisons
        assert set(found["verdict"]) == {"not_shown"}
        assert found["p_value"].isna().all()
        assert (found["reason"] != "").all()
        assert (found["n_reference"] >= 10).all()


class TestTheFunnel:
    def test_limits_hold_what_they_say(self):
        limits = rows(indicator="juist", by=FUNNEL, category="95%")
        target = limits["estimate"].iloc[0]
        row = limits[limits["group"] == "24"].iloc[0]
        # Interpolated exact limits lie within one contact of the quantiles.
        low, high = stats.binom.ppf([0.025, 0.975], 24, target) / 24
        assert abs(row["ci_low"] - low) <= 1 / 24
        assert abs(row["ci_high"] - high) <= 1 / 24

    def test_17_of_342_fall_outside_by_chance(self):
        expected = total("juist", EXPECTED_OUTSIDE + "95%")
        assert round(expected["estimate"]) == 17
        values = rows(by=MUNICIPALITY, indicator="juist", category="")
        limits = rows(indicator="juist", by=FUNNEL, category="95%").set_index("group")
        own = limits.loc[values["n"].astype(str)]
        share = values["estimate"].to_numpy()
        outside = (share < own["ci_low"].to_numpy()) | (
            share > own["ci_high"].to_numpy()
        )
        assert total("juist", OUTSIDE + "95%")["estimate"] == outside.sum()
