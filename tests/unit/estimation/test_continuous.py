"""Estimates per period and quarter, the response, and the last quarter compared."""

from datetime import date

import numpy as np
import pytest

from kcc_research.estimation.contact_response import estimate_contact_response
from kcc_research.estimation.contact_series import contact_series
from kcc_research.estimation.continuous import (
    NO_ANSWERS,
    compare_quarters,
    estimate_periods,
)
from kcc_research.study.chart import TrendBreak
from tests.continuous_study import (
    ANSWERS,
    VOLUMES,
    demo_series,
    responses,
    study,
    thinned,
    variant,
)


def one(frame, **where):
    rows = frame
    for name, value in ({"category": ""} | where).items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1, where
    return rows.iloc[0]


@pytest.fixture(scope="module")
def estimates():
    return estimate_periods(demo_series())


def test_the_weighted_share_of_a_month_is_that_of_its_channels_by_contacts(estimates):
    rows = responses()
    may = rows[ANSWERS][rows[ANSWERS]["uitnodiging_datum"].dt.month == 5]
    counts = rows[VOLUMES][rows[VOLUMES]["datum"].dt.month == 5]
    contacts = counts.set_index("kanaal")["contacten"]
    above = below = 0.0
    for channel, own in may.groupby("kanaal"):
        graded = own["cijfer"].dropna()
        weight = contacts[channel] / len(own)
        above += weight * (graded >= 7).sum()
        below += weight * len(graded)
    found = one(estimates, indicator="tevreden", by="periode", group="2024-05")
    assert found["estimate"] == pytest.approx(above / below)
    assert found["n"] == may["cijfer"].notna().sum()
    assert found["weighted"]


def test_the_unweighted_share_stands_beside_it(estimates):
    graded = responses()[ANSWERS].dropna(subset=["cijfer"])
    may = graded[graded["uitnodiging_datum"].dt.month == 5]
    found = one(estimates, indicator="tevreden", by="ongewogen", group="2024-05")
    assert found["estimate"] == pytest.approx((may["cijfer"] >= 7).mean())
    total = one(estimates, indicator="tevreden", by="ongewogen", group="totaal")
    assert total["estimate"] == pytest.approx((graded["cijfer"] >= 7).mean())
    assert not total["weighted"]


def test_a_month_without_answers_is_not_measured_and_has_no_number(estimates):
    found = one(estimates, indicator="tevreden", by="periode", group="2024-07")
    assert found["status"] == "not_measured"
    assert found["method"] == NO_ANSWERS
    assert found[["estimate", "n", "ci_low"]].isna().all()


def test_a_silent_channel_takes_the_number_over_channels_away():
    rows = responses()
    silent = (rows[ANSWERS]["kanaal"] == "fixi") & (
        rows[ANSWERS]["uitnodiging_datum"].dt.month == 10
    )
    rows[ANSWERS] = rows[ANSWERS][~silent].reset_index(drop=True)
    found = estimate_periods(contact_series(study(), rows))
    october = one(found, indicator="tevreden", by="periode", group="2024-10")
    assert np.isnan(october["estimate"])
    assert october["status"] == "not_measured"
    assert "fixi" in october["method"]
    september = one(found, indicator="tevreden", by="periode", group="2024-09")
    assert september["status"] == "published"


def test_a_thin_series_is_told_per_quarter_and_its_channels_not_at_all():
    found = estimate_periods(contact_series(study(), thinned(responses(), 3)))
    periods = set(found.loc[found["by"] == "periode", "group"])
    assert periods == {f"2024-K{number}" for number in range(1, 5)}
    assert not [by for by in set(found["by"]) if by.startswith("periode ")]


# --- response -----------------------------------------------------------------------


def test_response_is_answers_over_those_who_were_reached():
    counts = responses()[VOLUMES]
    counter = counts[counts["kanaal"] == "balie"]
    reached = counter["uitgenodigd"].sum() - counter["onbestelbaar"].sum()
    answers = (responses()[ANSWERS]["kanaal"] == "balie").sum()
    found = estimate_contact_response(demo_series())
    row = one(found, by="kanaal", group="balie")
    assert row["estimate"] == pytest.approx(answers / reached)
    assert (row["count"], row["n"]) == (answers, reached)
    assert row["uncertainty"] == "none"
    assert np.isnan(row["ci_low"])


def test_a_month_in_which_nobody_was_asked_has_contacts_and_no_response():
    found = estimate_contact_response(demo_series())
    july = {"by": "periode", "group": "2024-07"}
    assert one(found, **july)["status"] == "not_measured"
    assert one(found, **july, category="uitgenodigd")["estimate"] == 0
    assert one(found, **july, category="contacten")["estimate"] > 4000


def test_late_answers_are_counted():
    answers = responses()[ANSWERS]
    late = (answers["datum"].dt.month != answers["uitnodiging_datum"].dt.month).sum()
    found = estimate_contact_response(demo_series())
    assert one(found, by="totaal", category="nagekomen")["estimate"] == late > 0


def test_contacts_per_quarter_show_the_mix_of_channels():
    counts = responses()[VOLUMES]
    last = counts[(counts["datum"].dt.month > 9) & (counts["kanaal"] == "website")]
    found = estimate_contact_response(demo_series())
    row = one(found, by="kwartaal website", group="2024-K4", category="contacten")
    assert row["estimate"] == last["contacten"].sum()


# --- the last quarter -----------------------------------------------------------------


def test_the_last_quarter_is_held_against_the_one_before(estimates):
    found = compare_quarters(demo_series(), estimates)
    row = one(found, indicator="tevreden", by="kwartaal")
    now, then = (
        one(estimates, indicator="tevreden", by="kwartaal", group=each)
        for each in ("2024-K4", "2024-K3")
    )
    assert (row["group"], row["reference"]) == ("2024-K4", "2024-K3")
    assert row["difference"] == pytest.approx(now["estimate"] - then["estimate"])
    error = np.hypot(now["std_error"], then["std_error"])
    assert row["std_error"] == pytest.approx(error)
    assert row["verdict"] == "not_shown"


def test_quarters_on_both_sides_of_a_break_are_not_compared(estimates):
    broken = variant(
        trend_break=(TrendBreak(start=date(2024, 10, 1), reason="Vraag gewijzigd."),)
    )
    series = contact_series(broken, responses())
    found = compare_quarters(series, estimates)
    assert set(found["verdict"]) == {"not_comparable"}
    assert found["difference"].isna().all()
