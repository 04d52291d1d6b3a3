"""Declared gaps: one weighted mean of differences per person, with both means."""

import numpy as np
import pytest

from kcc_research.estimation.expectations import (
    EXPECTED,
    EXPERIENCED,
    compare_expectations,
    estimate_expectations,
)
from kcc_research.estimation.study_design import study_design
from tests.counter_study import counter_study

ASPECT = "privacy"


def found(**where):
    rows = counter_study().estimates
    for name, value in where.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def pairs():
    """Forms with both grades, and the weight that makes products as in a year."""
    made = counter_study()
    forms = made.responses["balie"]
    volumes = made.study.margins["balie"]["product"]
    drawn = forms["product"].value_counts()
    weights = forms["product"].astype(str).map(lambda each: volumes[each] / drawn[each])
    before, after = forms[f"verwachting_{ASPECT}"], forms[f"ervaring_{ASPECT}"]
    both = before.notna() & after.notna()
    return before[both], after[both], weights[both].astype(float)


def test_a_gap_is_the_weighted_mean_of_differences_of_who_gave_both():
    before, after, weights = pairs()
    row = found(indicator=f"verschil_{ASPECT}", statistic="gap")
    assert row["estimate"] == pytest.approx(np.average(after - before, weights=weights))
    assert row["n"] == len(before)
    assert row["ci_low"] < row["estimate"] < row["ci_high"]
    assert row["uncertainty"] == "sampling"


def test_both_means_are_of_the_same_people_and_differ_by_the_gap():
    before, after, weights = pairs()
    expected = found(indicator=f"verschil_{ASPECT}", category=EXPECTED)
    experienced = found(indicator=f"verschil_{ASPECT}", category=EXPERIENCED)
    assert expected["estimate"] == pytest.approx(np.average(before, weights=weights))
    assert experienced["estimate"] == pytest.approx(np.average(after, weights=weights))
    gap = found(indicator=f"verschil_{ASPECT}", statistic="gap")["estimate"]
    assert experienced["estimate"] - expected["estimate"] == pytest.approx(gap)
    assert expected["n"] == experienced["n"] == len(before)


def test_answers_of_one_day_part_widen_the_margin():
    """24 day-parts leave 23 degrees of freedom at most, however many forms."""
    row = found(indicator=f"verschil_{ASPECT}", statistic="gap")
    assert row["df"] <= 23


def test_every_gap_is_tested_in_one_family():
    rows = counter_study().comparisons
    assert len(rows) == len(counter_study().study.questionnaires["balie"].gap)
    assert rows["family"].nunique() == 1
    assert (rows["p_adjusted"] >= rows["p_value"]).all()
    verdicts = dict(zip(rows["indicator"], rows["verdict"], strict=True))
    assert verdicts["verschil_privacy"] == "lower"
    assert verdicts["verschil_klantgerichtheid"] == "higher"


def test_a_source_without_gaps_has_none():
    made = counter_study()
    design = made.designs["observaties"]
    assert estimate_expectations(made.study, "observaties", design).empty
    assert compare_expectations(made.study, "observaties", design).empty


def test_with_fewer_than_six_day_parts_nothing_is_tested():
    made = counter_study()
    forms = made.responses["balie"]
    study = made.study.model_copy(update={"margins": {}})
    for parts, tested in ((5, 0), (6, 6)):
        design = study_design(study, "balie", forms[forms["dagdeel"] <= parts])
        assert len(compare_expectations(study, "balie", design)) == tested


def test_who_chose_themselves_get_no_test_and_no_margin():
    made = counter_study()
    fieldwork = made.study.measurement.fieldwork.model_copy(
        update={"recruitment": "open-link"}
    )
    measurement = made.study.measurement.model_copy(update={"fieldwork": fieldwork})
    study = made.study.model_copy(update={"measurement": measurement})
    design = made.designs["balie"]
    rows = estimate_expectations(study, "balie", design)
    assert rows["ci_low"].isna().all()
    assert set(rows["uncertainty"]) == {"none"}
    assert compare_expectations(study, "balie", design).empty
