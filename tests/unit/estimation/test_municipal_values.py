"""What contacts say about each municipality, recomputed by other means."""

import numpy as np
import pandas as pd
import pytest

from kcc_research.estimation.municipal_values import (
    CHOSEN_GROUP,
    CONTACTS,
    count_contacts,
    group_columns,
    group_members,
    measure_municipalities,
)
from kcc_research.study.municipality import municipality
from tests.benchmark_study import benchmark_study

GM = "GM9042"


def contacts():
    return benchmark_study().responses["contacten"]


def of(unit, indicator):
    measured = benchmark_study().measured
    chosen = (measured["unit"] == unit) & (measured["indicator"] == indicator)
    return measured[chosen].iloc[0]


def within(values, units):
    """Pooled variance within municipalities, by pandas."""
    frame = pd.DataFrame({"value": values, "unit": units}).dropna()
    found = frame.groupby("unit")["value"].agg(["var", "count"])
    found = found[found["count"] > 1]
    return (found["var"] * (found["count"] - 1)).sum() / (found["count"] - 1).sum()


class TestOneMunicipality:
    def test_a_share_of_valid_answers(self):
        own = contacts()[contacts()["gemeentecode"] == GM]
        right = own["juistheid"].dropna() == 2
        row = of(GM, "juist")
        assert (row["n"], row["count"]) == (len(right), right.sum())
        assert row["estimate"] == pytest.approx(right.mean())

    def test_who_was_not_answered_counts_as_too_late(self):
        own = contacts()[contacts()["gemeentecode"] == GM]
        calls = own[own["kanaal"] == "telefoon"]
        row = of(GM, "telefoon_snel")
        assert row["n"] == len(calls) == 12
        assert row["count"] == (calls["wachttijd_s"] <= 60).sum()
        assert calls["wachttijd_s"].isna().any()

    def test_the_standard_error_is_that_of_all_municipalities_together(self):
        grades = contacts()["waardering"]
        pooled = within(grades, contacts()["gemeentecode"])
        row = of(GM, "waardering")
        assert row["std_error"] == pytest.approx(np.sqrt(pooled / row["n"]))

    def test_nobody_has_a_standard_error_of_0(self):
        assert (benchmark_study().measured["std_error"] > 0).all()


class TestScores:
    def test_a_score_is_the_mean_of_its_indicators_from_0_to_100(self):
        parts = [
            of(GM, name)["estimate"] for name in ("juist", "volledig", "duidelijk")
        ]
        score = of(GM, "informatievoorziening")
        assert score["estimate"] == pytest.approx(100 * np.mean(parts))

    def test_a_grade_counts_by_its_place_in_its_range(self):
        names = ("vriendelijk", "meedenken", "in_een_keer")
        shares = [of(GM, name)["estimate"] for name in names]
        grade = (of(GM, "waardering")["estimate"] - 1) / 9
        score = of(GM, "dienstverlening")
        assert score["estimate"] == pytest.approx(100 * np.mean([*shares, grade]))

    def test_the_error_keeps_what_indicators_of_one_contact_have_in_common(self):
        # All three are asked of the same contacts, so that the score is a mean per
        # contact: its variance within municipalities can be taken directly.
        rows = contacts().dropna(subset=["juistheid"])
        per_contact = (
            (rows["juistheid"] == 2).astype(float)
            + (rows["volledigheid"] == 2)
            + (rows["bejegening_duidelijk"] >= 4)
        ) * (100 / 3)
        plain = within(per_contact, rows["gemeentecode"])
        n = of(GM, "juist")["n"]
        error = of(GM, "informatievoorziening")["std_error"]
        # Pooled over contacts instead of answers: equal but for who was not reached.
        assert error == pytest.approx(np.sqrt(plain / n), rel=0.06)
        independent = [of(GM, each)["std_error"] for each in ("juist", "volledig")]
        assert error > 100 / 3 * np.hypot(*independent)


class TestEveryMunicipality:
    def test_all_342_stay_also_without_contacts(self):
        study, responses = benchmark_study().study, benchmark_study().responses
        rows = responses["contacten"]
        fewer = rows[rows["gemeentecode"] != GM].reset_index(drop=True)
        measured = measure_municipalities(study, responses | {"contacten": fewer})
        lost = measured[measured["unit"] == GM]
        assert measured["unit"].nunique() == 342
        assert (lost["n"] == 0).all()
        assert lost["estimate"].isna().all()
        assert lost["std_error"].isna().all()

    def test_the_narrow_group_comes_before_the_size_class(self):
        found = benchmark_study()
        groups = group_columns(found.study, found.measured)
        assert groups == [CHOSEN_GROUP, "inwonerklasse"]

    def test_members_of_a_group_by_the_name_that_comparisons_give_it(self):
        study = benchmark_study().study
        chosen = group_members(study, f"{CHOSEN_GROUP} Leerkring Dienstverlening")
        assert chosen == set(study.measurement.reference_group[0].municipalities)
        small = group_members(study, "inwonerklasse tot 20.000")
        day = study.measurement.fieldwork.start
        assert {municipality(each, day).size_class for each in small} == {1, 2, 3}
        assert len(group_members(study, "alle gemeenten")) == 342

    def test_contacts_are_counted_per_channel(self):
        found = count_contacts(benchmark_study().study, benchmark_study().responses)
        assert (found["indicator"] == CONTACTS).all()
        parts = found[found["by"] == "kanaal"]
        assert parts["n"].sum() == found.loc[found["by"] == "totaal", "n"].item()
        assert found["n"].iloc[0] == len(contacts())
        assert (found["uncertainty"] == "none").all()
