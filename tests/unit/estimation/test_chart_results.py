"""Control charts of a series: signals, gaps, breaks and what they can see."""

from datetime import date

import numpy as np
import pytest
from scipy import stats

from kcc_research.estimation.chart_results import (
    BLIND,
    DETECTION,
    chart_periods,
)
from kcc_research.estimation.contact_series import contact_series
from kcc_research.estimation.continuous import estimate_periods
from kcc_research.study.chart import TrendBreak
from tests.continuous_study import (
    ANSWERS,
    VOLUMES,
    demo,
    demo_series,
    responses,
    study,
    thinned,
    variant,
)


def charts_of(series):
    return chart_periods(series, estimate_periods(series))


def shares_by_hand():
    """Per month the weighted share and its effective answers, computed otherwise."""
    rows = responses()
    graded = rows[ANSWERS].dropna(subset=["cijfer"])
    month = graded["uitnodiging_datum"].dt.strftime("%Y-%m")
    counts = rows[VOLUMES].assign(month=rows[VOLUMES]["datum"].dt.strftime("%Y-%m"))
    contacts = counts.set_index(["month", "kanaal"])["contacten"]
    everybody = rows[ANSWERS].groupby(
        [rows[ANSWERS]["uitnodiging_datum"].dt.strftime("%Y-%m"), "kanaal"]
    )
    weight = {cell: contacts[cell] / len(own) for cell, own in everybody}
    found = {}
    for name, own in graded.groupby(month):
        weights = np.array([weight[name, each] for each in own["kanaal"]])
        share = (weights * (own["cijfer"] >= 7)).sum() / weights.sum()
        found[name] = share, weights.sum() ** 2 / (weights**2).sum()
    return found


def lines(found, **where):
    rows = found
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return rows.set_index("category")["estimate"]


def test_centre_and_limits_follow_from_weighted_shares_and_effective_answers():
    by_hand = shares_by_hand()
    base = [by_hand[f"2024-{month:02d}"] for month in range(1, 7)]
    centre = sum(share * n for share, n in base) / sum(n for _, n in base)
    share, n = by_hand["2024-09"]
    reach = 3 * np.sqrt(centre * (1 - centre) / n)
    found = lines(
        charts_of(demo_series()).estimates,
        indicator="tevreden",
        by="periode",
        group="2024-09",
    )
    assert found["middellijn"] == pytest.approx(centre)
    assert found["ondergrens"] == pytest.approx(centre - reach)
    assert share < centre - reach


def test_september_and_november_are_signals_and_the_other_months_are_not():
    rows = demo().comparisons
    own = rows[(rows["indicator"] == "tevreden") & (rows["by"] == "periode")]
    assert own.loc[own["verdict"] == "lower", "group"].tolist() == [
        "2024-09",
        "2024-11",
    ]
    assert set(own["verdict"]) == {"lower", "not_shown"}
    assert len(own) == 11  # July has nothing to judge


def test_a_quarter_of_fewer_than_a_hundred_answers_is_blind():
    rows = demo().comparisons
    own = rows[(rows["by"] == "periode balie") & (rows["indicator"] == "tevreden")]
    assert dict(zip(own["group"], own["reason"], strict=True)) == {
        "2024-K1": "",
        "2024-K2": "",
        "2024-K3": BLIND,
        "2024-K4": "",
    }


def test_a_grade_needs_six_periods_in_the_baseline():
    rows = charts_of(demo_series()).comparisons
    assert set(rows.loc[rows["indicator"] == "rapportcijfer", "by"]) == {"periode"}


def test_limits_of_the_grade_are_no_narrower_than_the_answers_allow():
    series = demo_series()
    found = estimate_periods(series)
    own = found[
        (found["indicator"] == "rapportcijfer")
        & (found["by"] == "periode")
        & (found["group"] <= "2024-06")
    ]
    moving = np.abs(np.diff(own["estimate"])).mean() * 3 / (2 / np.sqrt(np.pi))
    line = lines(
        chart_periods(series, found).estimates,
        indicator="rapportcijfer",
        by="periode",
        group="2024-09",
    )
    reach = line["bovengrens"] - line["middellijn"]
    assert reach > moving
    assert reach == pytest.approx(3 * own["std_error"].mean(), rel=0.1)


def test_after_a_break_nothing_is_judged():
    broken = variant(
        trend_break=(TrendBreak(start=date(2024, 9, 15), reason="Vraag gewijzigd."),)
    )
    found = charts_of(contact_series(broken, responses()))
    rows = found.comparisons
    own = rows[(rows["indicator"] == "tevreden") & (rows["by"] == "periode")]
    after = own[own["group"] >= "2024-09"]
    assert set(after["verdict"]) == {"not_comparable"}
    assert set(after["reason"]) == {"Vraag gewijzigd."}
    assert after["difference"].isna().all()
    before = own[own["group"] < "2024-09"]
    assert "not_comparable" not in set(before["verdict"])
    limits = found.estimates[
        (found.estimates["category"] == "ondergrens")
        & (found.estimates["by"] == "periode")
    ]
    assert limits["group"].max() == "2024-08"


def test_too_few_answers_have_no_chart_at_all():
    found = charts_of(contact_series(study(), thinned(responses(), 5)))
    assert found.estimates.empty
    assert found.comparisons.empty


def detection_of(found, length):
    return lines(found, by=DETECTION, group=length)


def test_detection_is_the_chance_of_a_point_below_the_limit():
    seen = detection_of(charts_of(demo_series()).estimates, "maand")
    by_hand = shares_by_hand()
    base = [by_hand[f"2024-{month:02d}"] for month in range(1, 7)]
    centre = sum(share * n for share, n in base) / sum(n for _, n in base)
    size = round(seen["zo nauwkeurig als"])
    limit = centre - 3 * np.sqrt(centre * (1 - centre) / size)
    chance = stats.binom(size, centre - 0.10).cdf(np.ceil(limit * size) - 1)
    assert seen["kans per periode"] == pytest.approx(chance)
    # The row of eight only shortens the wait.
    assert seen["perioden"] < 1 / chance
    assert 2 < seen["maanden"] < 3


def test_thirty_answers_a_week_are_blind():
    found = charts_of(demo_series()).estimates
    week = detection_of(found, "week")
    month = detection_of(found, "maand")
    assert 29 < week["verwachte antwoorden"] < 32
    assert week["kans per periode"] < 0.10
    assert month["kans per periode"] > 0.30
    assert week["vals alarm na maanden"] < month["vals alarm na maanden"] / 4


def test_the_wait_is_what_a_simulation_of_the_chart_gives():
    found = charts_of(demo_series()).estimates
    seen = detection_of(found, "maand")
    centre = found.loc[
        (found["category"] == "middellijn") & (found["by"] == "periode"), "estimate"
    ].iloc[0]
    size = round(seen["zo nauwkeurig als"])
    draws = np.random.default_rng(7).binomial(size, centre - 0.10, (4000, 60)) / size
    low = centre - 3 * np.sqrt(centre * (1 - centre) / size)
    waits = []
    for series in draws:
        row = 0
        for at, value in enumerate(series, start=1):
            row = row + 1 if value < centre else 0
            if value < low or row == 8:
                waits.append(at)
                break
    assert len(waits) == 4000
    assert seen["perioden"] == pytest.approx(np.mean(waits), rel=0.05)
