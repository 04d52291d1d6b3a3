import numpy as np
import pandas as pd
import pytest

from kcc_research.estimation.breakdown import (
    ALL_EQUAL,
    NOBODY,
    TOO_LITTLE,
    Label,
    estimate_breakdowns,
)
from kcc_research.estimation.design import survey_design
from kcc_research.estimation.estimate import mean
from kcc_research.estimation.interval import clopper_pearson
from kcc_research.estimation.tables import ESTIMATE_COLUMNS

LABELS = [
    Label("cijfer", "mean", "gemiddelde"),
    Label("goed", "share", "aandeel", "ja"),
]


def respondents(rows=80):
    draws = np.random.default_rng(2)
    grade = draws.integers(3, 11, rows).astype(float)
    grade[:5] = np.nan
    return pd.DataFrame(
        {
            "cijfer": grade,
            "goed": np.where(np.isnan(grade), np.nan, grade >= 7),
            "wijk": draws.choice(["noord", "zuid"], rows),
            "w": draws.uniform(0.5, 2, rows),
        }
    )


def table(data=None, weights="w", **options):
    data = respondents() if data is None else data
    design = survey_design(data, weights=weights)
    values = data[["cijfer", "goed"]].to_numpy(dtype=float)
    return estimate_breakdowns(design, values, LABELS, base="wie antwoordde", **options)


def row(found, indicator, group="totaal"):
    (chosen,) = found[
        (found["indicator"] == indicator) & (found["group"] == group)
    ].to_dict("records")
    return chosen


def test_total_and_groups_are_full_rows():
    found = table(by=["wijk"])
    assert tuple(found.columns) == ESTIMATE_COLUMNS
    assert found["group"].unique().tolist() == ["totaal", "noord", "zuid"]
    assert found["base"].unique().tolist() == ["wie antwoordde"]
    assert row(found, "cijfer")["n"] == 75
    north = respondents().query("wijk == 'noord'")["cijfer"].notna().sum()
    assert row(found, "cijfer", "noord")["n"] == north


def test_a_group_is_a_domain_of_the_design():
    data = respondents()
    design = survey_design(data, weights="w")
    north = (data["wijk"] == "noord").to_numpy()
    expected = mean(design, "cijfer", domain=north)
    found = row(table(by=["wijk"]), "cijfer", "noord")
    assert found["estimate"] == pytest.approx(expected.value[0])
    assert found["std_error"] == pytest.approx(expected.std_error[0])
    assert found["df"] == pytest.approx(expected.df()[0])


def test_a_share_has_its_count_and_its_own_interval():
    data = respondents().assign(goed=1.0)
    found = row(table(data, weights=None), "goed")
    low, _ = clopper_pearson(np.array(80.0), np.array(80.0))
    assert (found["count"], found["estimate"], found["ci_high"]) == (80, 1, 1)
    assert found["ci_low"] == pytest.approx(float(low))
    assert pd.isna(row(table(), "cijfer")["count"])


def test_a_domain_restricts_everything():
    data = respondents()
    north = (data["wijk"] == "noord").to_numpy()
    found = table(by=["wijk"], domain=north)
    assert row(found, "cijfer")["n"] == row(found, "cijfer", "noord")["n"]
    empty = row(found, "cijfer", "zuid")
    assert (empty["status"], empty["method"]) == ("not_measured", NOBODY)
    assert np.isnan(empty["estimate"]) and np.isnan(empty["ci_low"])


def test_why_there_is_no_margin():
    equal = row(table(respondents().assign(cijfer=7.0)), "cijfer")
    assert equal["method"] == ALL_EQUAL and np.isnan(equal["ci_low"])
    few = row(table(respondents().iloc[5:7]), "cijfer")
    assert few["method"] == TOO_LITTLE and np.isnan(few["ci_low"])


def test_without_sampling_error_there_is_no_margin_anywhere():
    found = table(by=["wijk"], has_sampling_error=False)
    margins = ["std_error", "ci_low", "ci_high", "df", "n_effective", "design_effect"]
    assert found[margins].isna().all(axis=None)
    assert set(found["uncertainty"]) == {"none"}
    assert found["estimate"].notna().all()
