"""Answers by the period of their contact, weighted to contacts per channel."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from kcc_research.errors import DataError
from kcc_research.estimation.contact_series import (
    PERIOD,
    contact_series,
    effective,
    summarise_series_counts,
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
    without_volumes,
)

JULY = "2024-07"


def codes(rows, which=None):
    with pytest.raises(DataError) as caught:
        contact_series(which or study(), rows)
    return [each.code for each in caught.value.problems], caught.value.problems


def test_a_hundred_and_thirty_answers_a_month_make_the_period_a_month():
    series = demo_series()
    assert series.length == "month"
    assert 125 < series.per_month[""] < 140
    assert sum(series.per_month[each] for each in series.channel.categories) == (
        pytest.approx(series.per_month[""])
    )


@pytest.mark.parametrize(("keep", "length"), [(1, "month"), (3, "quarter"), (5, None)])
def test_fewer_answers_make_the_period_longer_and_then_there_is_no_chart(keep, length):
    assert contact_series(study(), thinned(responses(), keep)).length == length


def test_the_baseline_alone_decides_about_the_period():
    rows = responses()
    after = rows[ANSWERS]["uitnodiging_datum"].dt.month > 6
    few = rows[ANSWERS][~after | (np.arange(len(rows[ANSWERS])) % 4 == 0)]
    series = contact_series(study(), rows | {ANSWERS: few.reset_index(drop=True)})
    assert series.length == "month"
    assert (series.data[PERIOD] == "2024-10").sum() < 60


def test_only_telephone_and_counter_give_a_hundred_answers_a_quarter():
    series = demo_series()
    lengths = {each: series.length_of(each) for each in series.channel.categories}
    assert lengths == {
        "telefoon": "quarter",
        "balie": "quarter",
        "e-mail": None,
        "fixi": None,
        "website": None,
    }


def test_a_late_answer_belongs_to_the_period_of_its_contact():
    series = demo_series()
    late = series.data["datum"].dt.month > series.data["uitnodiging_datum"].dt.month
    assert late.sum() > 20
    months = series.data.loc[late, "uitnodiging_datum"].dt.strftime("%Y-%m")
    assert series.data.loc[late, PERIOD].tolist() == months.tolist()


def test_weights_of_a_cell_add_up_to_its_contacts():
    series = demo_series()
    sums = (
        pd.Series(series.design.weights)
        .groupby([series.data[PERIOD], series.data["kanaal"].astype(str)])
        .sum()
    )
    counted = responses()[VOLUMES]
    for row in counted.itertuples():
        cell = (row.datum.strftime("%Y-%m"), row.kanaal)
        if cell[0] != JULY:
            assert sums[cell] == pytest.approx(row.contacten)
    assert JULY not in sums.index.get_level_values(0)


def test_within_a_cell_every_answer_weighs_the_same():
    series = demo_series()
    held = series.within("2024-03", "balie")
    assert held.sum() == summarise_series_counts(series).loc["2024-03", "balie"]
    assert np.ptp(series.design.weights[held]) == pytest.approx(0, abs=1e-9)


def test_periods_of_the_fieldwork_are_there_with_answers_or_not():
    counts = summarise_series_counts(demo_series())
    assert len(counts) == 12
    assert counts.loc[JULY, "samen"] == 0
    assert counts["samen"].sum() == len(responses()[ANSWERS])


def test_a_channel_that_was_asked_and_gave_no_answer_is_told():
    rows = responses()
    silent = (rows[ANSWERS]["kanaal"] == "website") & (
        rows[ANSWERS]["uitnodiging_datum"].dt.month == 9
    )
    rows[ANSWERS] = rows[ANSWERS][~silent].reset_index(drop=True)
    series = contact_series(study(), rows)
    assert series.silent_channels("2024-09") == ("website",)
    assert series.silent_channels("2024-10") == ()
    assert series.silent_channels(JULY) == ()  # nobody was asked at all


def test_a_contact_outside_the_fieldwork_is_refused():
    rows = responses()
    rows[ANSWERS].loc[:1, "uitnodiging_datum"] = pd.Timestamp("2025-01-02")
    found, problems = codes(rows)
    assert found == ["KCC-D052b"]
    assert "(2)" in problems[0].title
    assert "2024-12-31" in problems[0].remedy


def test_answers_without_contacts_and_too_many_answers_are_told_together():
    rows = responses()
    counts = rows[VOLUMES]
    march = counts["datum"].dt.month == 3
    gone = march & (counts["kanaal"] == "balie")
    few = march & (counts["kanaal"] == "telefoon")
    counts.loc[few, ["uitgenodigd", "onbestelbaar"]] = [40, 1]
    rows[VOLUMES] = counts[~gone].reset_index(drop=True)
    found, problems = codes(rows)
    assert sorted(found) == ["KCC-D052c", "KCC-D052d"]
    titles = " ".join(each.title for each in problems)
    assert "2024-03, balie" in titles
    assert "2024-03, telefoon" in titles


def test_more_invitations_than_contacts_are_refused():
    rows = responses()
    rows[VOLUMES].loc[0, "uitgenodigd"] = rows[VOLUMES].loc[0, "contacten"] + 1
    found, problems = codes(rows)
    assert found == ["KCC-D052e"]
    assert "2024-01, telefoon" in problems[0].title


def test_a_baseline_without_answers_is_refused():
    july = variant(baseline_start=date(2024, 7, 1), baseline_end=date(2024, 7, 31))
    assert codes(responses(), july)[0] == ["KCC-D052f"]


def test_without_volumes_nothing_is_weighted():
    series = contact_series(without_volumes(), responses())
    assert series.volumes is None
    assert not series.design.is_weighted


def test_a_break_after_the_baseline_is_kept_in_the_plan():
    broken = variant(trend_break=(TrendBreak(start=date(2024, 9, 1), reason="x"),))
    assert contact_series(broken, responses()).plan.trend_break[0].reason == "x"


def test_effective_answers_fall_as_weights_differ():
    assert effective(np.array([])) == 0
    assert effective(np.array([1.0, 3])) == pytest.approx(16 / 10)
