import pytest

from kcc_research.estimation.fieldwork import fieldwork_estimates
from kcc_research.estimation.study_design import study_design
from kcc_research.estimation.tables import ESTIMATE_COLUMNS

AGES = {"leeftijd": {"jong": 700.0, "oud": 300.0}}


@pytest.fixture
def rows(make_study, make_responses):
    def of(**changes):
        study = make_study(**changes)
        design = study_design(study, "algemeen", make_responses())
        return fieldwork_estimates(study, "algemeen", design)

    return of


def test_response_with_its_steps(rows):
    found = rows(invited=200, undeliverable=5)
    share = found[(found["statistic"] == "share")].iloc[0]
    assert share["indicator"] == "respons"
    assert share["estimate"] == pytest.approx(50 / 185)
    assert (share["count"], share["n"], share["status"]) == (50, 185, "published")
    steps = found[found["statistic"] == "count"].set_index("category")["estimate"]
    assert steps.to_dict() == {
        "uitgenodigd": 200,
        "onbestelbaar": 5,
        "uitgescreend": 10,
        "ingevuld": 50,
    }


def test_an_unknown_number_of_invitations_is_not_measured(rows):
    found = rows()
    share = found[found["statistic"] == "share"].iloc[0]
    assert share["status"] == "not_measured"
    assert share["method"] == "aantal uitnodigingen onbekend"
    assert set(found["category"]) == {"", "uitgescreend", "ingevuld"}


def test_what_was_not_counted_is_said(rows):
    found = rows(invited=200)
    share = found[found["statistic"] == "share"].iloc[0]
    assert share["method"].endswith("; onbestelbaar onbekend")
    assert "onbestelbaar" not in set(found["category"])


def test_composition_before_after_and_in_the_population(rows):
    found = rows(margins=AGES)
    ages = found[found["indicator"] == "weging_leeftijd"]
    table = ages.pivot(index="category", columns="group", values="estimate")
    assert table["populatie"].to_dict() == pytest.approx({"jong": 0.7, "oud": 0.3})
    assert table["na weging"].to_dict() == pytest.approx({"jong": 0.7, "oud": 0.3})
    assert table["voor weging"].sum() == pytest.approx(1)
    before = ages[ages["group"] == "voor weging"].set_index("category")
    assert (before["count"] / before["n"]).to_dict() == pytest.approx(
        before["estimate"].to_dict()
    )
    assert (ages["by"] == "weging").all()
    assert (ages["method"] == ages["group"]).all()


def test_weights_and_their_price(rows):
    found = rows(margins=AGES)
    weights = found[found["indicator"] == "gewicht"].set_index("category")["estimate"]
    assert weights["kleinste"] < 1 < weights["grootste"]
    assert weights["effectieve n"] == pytest.approx(60 / weights["ontwerpeffect"])
    assert weights["effectieve n"] <= 60


def test_unweighted_has_no_rows_about_weights(rows):
    assert set(rows()["indicator"]) == {"respons"}


def test_counts_have_no_margin(rows):
    found = rows(margins=AGES, invited=200)
    assert tuple(found.columns) == ESTIMATE_COLUMNS
    assert (found["uncertainty"] == "none").all()
    assert found[["std_error", "ci_low", "ci_high", "df"]].isna().all(axis=None)
