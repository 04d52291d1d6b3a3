"""White spots of two kinds, and norms against what was found."""

import numpy as np
import pytest

from kcc_research.estimation.norm_coverage import (
    COVERED,
    NO_NORM,
    NORM,
    NOT_MEASURED,
    NOT_SCANNED,
    REACHED,
    REALISED,
    WHITE,
    estimate_coverage,
    judge_service_norms,
)
from tests.benchmark_study import benchmark_study


def scan():
    return benchmark_study().responses["servicekader"]


def verdicts():
    return benchmark_study().verdicts.set_index(["group", "indicator"])


def total(indicator, category):
    found = benchmark_study().estimates
    found = found[
        (found["indicator"] == indicator)
        & (found["category"] == category)
        & (found["by"] == "totaal")
    ]
    assert len(found) == 1
    return found.iloc[0]


class TestVerdicts:
    def test_every_municipality_and_norm_is_a_row(self):
        assert len(verdicts()) == 342 * 10
        assert verdicts().index.is_unique

    def test_the_two_kinds_of_white_spot(self):
        for row in scan().itertuples():
            found = verdicts().loc[(row.gemeentecode, row.norm), "verdict"]
            if row.gepubliceerd == "nee":
                assert found == NO_NORM
            elif row.gemeten == "nee":
                assert found == NOT_MEASURED
            else:
                assert found in REACHED

    def test_a_white_spot_is_never_a_0(self):
        white = verdicts()["verdict"] == NO_NORM
        assert verdicts().loc[white, "norm"].isna().all()
        assert verdicts().loc[white, "estimate"].notna().all()
        unmeasured = verdicts()["verdict"] == NOT_MEASURED
        assert (verdicts().loc[unmeasured, "norm"] > 0).all()

    def test_a_share_is_a_percentage_in_the_scan_a_grade_is_not(self):
        norms = benchmark_study().verdicts.groupby("indicator")["norm"]
        assert norms.max()["telefoon_snel"] == pytest.approx(0.85)
        assert 7 <= norms.mean()["waardering"] <= 8

    def test_the_whole_interval_decides(self):
        found = benchmark_study().estimates
        found = found[(found["by"] == "gemeente") & (found["category"] == "")]
        own = found.set_index(["group", "indicator"])
        for place, row in verdicts().iterrows():
            if row["verdict"] == "met":
                assert own.loc[place, "ci_low"] >= row["norm"]
            if row["verdict"] == "not_met":
                assert own.loc[place, "ci_high"] < row["norm"]
            if row["verdict"] == "undecided":
                assert (
                    own.loc[place, "ci_low"] < row["norm"] <= own.loc[place, "ci_high"]
                )

    def test_who_was_not_scanned_stays_as_a_white_spot(self):
        study, responses = benchmark_study().study, benchmark_study().responses
        fewer = scan()[scan()["gemeentecode"] != "GM9042"].reset_index(drop=True)
        found = judge_service_norms(
            study, benchmark_study().estimates, responses | {"servicekader": fewer}
        )
        own = found[found["group"] == "GM9042"]
        assert len(own) == 10
        assert set(own["verdict"]) == {NO_NORM}
        assert set(own["reason"]) == {NOT_SCANNED}


class TestCoverage:
    def test_the_parts_add_up_to_all_norms(self):
        for name, n in (("bereikbaarheid", 1026), ("dienstverlening", 1368)):
            parts = [
                total(name, each) for each in (COVERED, "geen norm", "niet gemeten")
            ]
            assert sum(row["count"] for row in parts) == n
            assert total(name, WHITE)["count"] == n - parts[0]["count"]
            assert total(name, WHITE)["n"] == n

    def test_a_complete_count_has_no_margin(self):
        row = total("meedenken", WHITE)
        assert row["uncertainty"] == "none"
        assert np.isnan(row["ci_low"])
        counted = (scan()["norm"] == "meedenken") & (scan()["gemeten"] != "ja")
        assert row["count"] == counted.sum()

    def test_without_a_scan_there_is_nothing_to_cover(self):
        found = benchmark_study()
        only = [
            each for each in found.study.measurement.source if each.kind == "mystery"
        ]
        measurement = found.study.measurement.model_copy(update={"source": tuple(only)})
        study = found.study.model_copy(update={"measurement": measurement})
        assert judge_service_norms(study, found.estimates, {}).empty
        assert estimate_coverage(study, found.verdicts.iloc[:0]).empty


class TestRealisation:
    def test_norm_and_value_are_of_the_same_municipalities(self):
        having = scan()[(scan()["norm"] == "juist") & (scan()["gepubliceerd"] == "ja")]
        norm, value = total("juist", NORM), total("juist", REALISED)
        assert norm["n"] == value["n"] == len(having)
        assert norm["estimate"] == pytest.approx(having["waarde"].mean() / 100)
        found = benchmark_study().measured
        own = found[
            (found["indicator"] == "juist") & found["unit"].isin(having["gemeentecode"])
        ]
        assert value["estimate"] == pytest.approx(own["estimate"].mean())
        error = np.sqrt((own["std_error"] ** 2).sum()) / len(own)
        assert value["std_error"] == pytest.approx(error)

    def test_reached_undecided_and_not_reached_are_everybody(self):
        for name in ("juist", "waardering"):
            counts = [total(name, each)["count"] for each in REACHED.values()]
            assert sum(counts) == total(name, NORM)["n"]
