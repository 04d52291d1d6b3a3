"""Ratios of group means."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kcc_research.estimation.group_ratio import AS_IF_RANDOM, estimate_ratios
from kcc_research.estimation.study_design import study_design
from tests.assurance_study import SOURCE, assurance_study

PROBLEM = "problemen: "


@pytest.fixture
def study():
    return assurance_study().study


@pytest.fixture
def responses():
    return assurance_study().cleaned.responses


def ratio(study, rows, **options):
    design = study_design(study, SOURCE, rows)
    (row,) = estimate_ratios(study, SOURCE, design, **options).to_dict("records")
    return row


def groups(rows):
    """The numbers of problems of *neither* and of *both*, by hand."""
    number = rows[[name for name in rows if name.startswith(PROBLEM)]].sum(axis=1)
    vision, norms = (rows[n] == "ja" for n in ("visie_kwaliteit", "normen_kwalitatief"))
    return number[~vision & ~norms], number[vision & norms]


def test_it_is_the_mean_of_one_group_divided_by_that_of_the_other(study, responses):
    neither, both = groups(responses)
    row = ratio(study, responses)
    assert row["estimate"] == pytest.approx(neither.mean() / both.mean(), rel=1e-12)
    assert row["n"] == min(len(neither), len(both))
    assert f"n\u00a0=\u00a0{len(neither)}" in row["base"]


def test_participants_who_chose_themselves_get_no_interval(study, responses):
    row = ratio(study, responses)
    assert row["uncertainty"] == "none"
    for name in ("std_error", "ci_low", "ci_high", "df"):
        assert math.isnan(row[name])


def test_a_margin_that_was_asked_for_says_what_it_is_worth(study, responses):
    neither, both = groups(responses)
    row = ratio(study, responses, as_if_random=True)
    assert AS_IF_RANDOM in row["method"]
    assert row["ci_low"] < row["estimate"] < row["ci_high"]
    # The delta method by hand: two independent groups, n / (n − 1) of the whole file.
    scale = len(responses) / (len(responses) - 1)
    variance = sum(
        scale * group.var(ddof=0) / len(group) / group.mean() ** 2
        for group in (neither, both)
    )
    half = stats.t.ppf(0.975, row["df"]) * math.sqrt(variance)
    middle = math.log(row["estimate"])
    assert row["ci_low"] == pytest.approx(math.exp(middle - half), rel=1e-9)
    assert row["ci_high"] == pytest.approx(math.exp(middle + half), rel=1e-9)


def test_a_group_without_answers_is_not_measured(study, responses):
    nobody = responses.assign(visie_kwaliteit="nee")
    row = ratio(study, nobody)
    assert row["status"] == "not_measured"
    assert math.isnan(row["estimate"])


def test_a_reference_without_problems_gives_no_ratio(study, responses):
    boxes = [name for name in responses if name.startswith(PROBLEM)]
    both = (responses["visie_kwaliteit"] == "ja") & (
        responses["normen_kwalitatief"] == "ja"
    )
    none = responses.copy()
    none.loc[both, boxes] = 0.0
    assert ratio(study, none)["status"] == "not_measured"


def test_an_unanswered_box_takes_a_respondent_out_of_the_mean(study, responses):
    """Who left one box open may have ticked it: no number, and a smaller base."""
    changed = responses.copy()
    both = (responses["visie_kwaliteit"] == "ja") & (
        responses["normen_kwalitatief"] == "ja"
    )
    first = int(np.flatnonzero(both)[0])
    box = next(name for name in responses if name.startswith(PROBLEM))
    changed.loc[first, box] = np.nan
    assert ratio(study, changed)["n"] == ratio(study, responses)["n"] - 1


def test_a_study_without_ratios_has_an_empty_table(study, responses):
    questionnaire = study.questionnaires[SOURCE].model_copy(update={"ratio": ()})
    bare = study.model_copy(update={"questionnaires": {SOURCE: questionnaire}})
    design = study_design(bare, SOURCE, responses)
    table = estimate_ratios(bare, SOURCE, design)
    assert isinstance(table, pd.DataFrame)
    assert table.empty
