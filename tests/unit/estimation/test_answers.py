import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from kcc_research.errors import DataError
from kcc_research.estimation.answers import all_answers, indicator_answers
from kcc_research.study.cross_table import CrossTable
from kcc_research.study.indicator import Indicator

NAN = np.nan


@pytest.fixture
def answers():
    return pd.DataFrame(
        {
            "contact": pd.Series(["ja", "ja", "ja", "ja", "nee"], dtype="str"),
            "kanaal": pd.Series(["balie", "website", None, "balie", None], dtype="str"),
            "cijfer": [8.0, 5.0, NAN, NAN, NAN],
            "cijfer__missing": pd.Series(
                [None, None, "dont_know", "no_answer", "not_asked"], dtype="str"
            ),
            "thema: wachttijd": [1, 0, NAN, 1, NAN],
            "thema: bejegening": [0, 1, NAN, 1, NAN],
        }
    )


def values_of(indicator, questionnaire, answers):
    return [
        (each.category, each.values.tolist())
        for each in indicator_answers(indicator, questionnaire, answers)
    ]


def same(found, expected):
    assert [category for category, _ in found] == [name for name, _ in expected]
    for (_, got), (_, want) in zip(found, expected, strict=True):
        assert_array_equal(got, want)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("valid", [1, 0, NAN, NAN, NAN]),
        ("all", [1, 0, 0, 0, 0]),
        ("asked", [1, 0, 0, 0, NAN]),
    ],
)
def test_the_base_decides_who_is_counted(make_questionnaire, answers, base, expected):
    indicator = Indicator(
        id="t", question="cijfer", label="T", statistic="share", at_least=7, base=base
    )
    found = values_of(indicator, make_questionnaire(), answers)
    same(found, [("", expected)])


def test_a_threshold_holds_both_bounds(make_questionnaire, answers):
    indicator = Indicator(
        id="t", question="cijfer", label="T", statistic="share", at_least=5, at_most=7
    )
    found = values_of(indicator, make_questionnaire(), answers)
    same(found, [("", [0, 1, NAN, NAN, NAN])])


def test_a_share_of_categories(make_questionnaire, answers):
    indicator = Indicator(
        id="k",
        question="kanaal",
        label="K",
        statistic="share",
        categories=["balie", "telefoon"],
    )
    found = values_of(indicator, make_questionnaire(), answers)
    same(found, [("", [1, 0, NAN, 1, NAN])])


def test_any_of_several_themes(make_questionnaire, answers):
    indicator = Indicator(
        id="k",
        question="thema",
        label="K",
        statistic="share",
        categories=["wachttijd", "bejegening"],
    )
    same(
        values_of(indicator, make_questionnaire(), answers),
        [("", [1, 1, NAN, 1, NAN])],
    )


def test_a_distribution_in_bands(make_questionnaire, indicators, answers):
    found = values_of(indicators["klassen"], make_questionnaire(), answers)
    same(
        found,
        [
            ("1–5", [0, 1, NAN, NAN, NAN]),
            ("6", [0, 0, NAN, NAN, NAN]),
            ("7–10", [1, 0, NAN, NAN, NAN]),
        ],
    )


def test_a_distribution_over_categories_in_their_order(make_questionnaire, answers):
    indicator = Indicator(
        id="k", question="kanaal", label="K", statistic="distribution"
    )
    found = values_of(indicator, make_questionnaire(), answers)
    same(
        found,
        [
            ("telefoon", [0, 0, NAN, 0, NAN]),
            ("balie", [1, 0, NAN, 1, NAN]),
            ("website", [0, 1, NAN, 0, NAN]),
        ],
    )


def test_themes_count_who_gave_at_least_one(make_questionnaire, indicators, answers):
    found = values_of(indicators["thema"], make_questionnaire(), answers)
    same(
        found,
        [("wachttijd", [1, 0, NAN, 1, NAN]), ("bejegening", [0, 1, NAN, 1, NAN])],
    )


def test_dont_know_is_a_share_of_those_asked(make_questionnaire, answers):
    found = all_answers(make_questionnaire(), answers)[-1]
    assert (found.indicator, found.category) == ("cijfer_weet_niet", "weet niet")
    assert_array_equal(found.values, [0, 0, 1, 0, NAN])


def test_dont_know_needs_an_indicator_of_its_question(make_questionnaire, answers):
    questionnaire = make_questionnaire(indicator=())
    assert all_answers(questionnaire, answers) == []


def test_nobody_missing_means_nobody_without_knowing(make_questionnaire, answers):
    complete = answers.drop(columns="cijfer__missing").assign(cijfer=7.0)
    found = all_answers(make_questionnaire(), complete)[-1]
    assert_array_equal(found.values, np.zeros(5))


@pytest.mark.parametrize("classes", [True, False])
def test_an_answer_without_a_place_is_refused(
    make_questionnaire, indicators, answers, classes
):
    answers.loc[0, "cijfer"] = 6.5
    plain = Indicator(
        id="klassen", question="cijfer", label="K", statistic="distribution"
    )
    indicator = indicators["klassen"] if classes else plain
    with pytest.raises(DataError) as raised:
        values_of(indicator, make_questionnaire(), answers)
    (found,) = raised.value.problems

    assert (found.code, found.column, found.value) == ("KCC-D049", "cijfer", '"6.5"')
    assert "1 keer" in found.title


def test_a_label_nobody_declared_is_not_lost_either(make_questionnaire, answers):
    answers.loc[0, "kanaal"] = "fax"
    indicator = Indicator(
        id="k", question="kanaal", label="K", statistic="distribution"
    )
    with pytest.raises(DataError) as raised:
        values_of(indicator, make_questionnaire(), answers)
    assert raised.value.problems[0].value == ""


def test_the_mean_of_a_multiple_question_is_how_many_were_ticked(
    make_questionnaire, answers
):
    indicator = Indicator(id="n", question="thema", label="N", statistic="mean")
    answers.loc[3, "thema: wachttijd"] = NAN  # one box open: perhaps one more
    found = values_of(indicator, make_questionnaire(), answers)
    same(found, [("", [1, 1, NAN, NAN, NAN])])


def test_a_cross_table_has_a_column_per_cell(make_questionnaire, answers):
    shares = [
        Indicator(
            id=name,
            question="thema",
            label=name,
            statistic="share",
            categories=(name,),
        )
        for name in ("wachttijd", "bejegening")
    ]
    table = CrossTable(
        id="k",
        label="K",
        rows="wachttijd",
        columns="bejegening",
        row_label="A",
        column_label="B",
    )
    questionnaire = make_questionnaire().model_copy(
        update={"indicator": tuple(shares), "cross": (table,)}
    )
    answers.loc[1, "thema: bejegening"] = NAN  # known on one side only: in no cell
    found = [
        (each.category, each.values.tolist())
        for each in all_answers(questionnaire, answers)
        if each.indicator == "k"
    ]
    same(
        found,
        [
            ("a en b", [0, NAN, NAN, 1, NAN]),
            ("alleen a", [1, NAN, NAN, 0, NAN]),
            ("alleen b", [0, NAN, NAN, 0, NAN]),
            ("geen van beide", [0, NAN, NAN, 0, NAN]),
        ],
    )


@pytest.mark.parametrize(
    ("base", "high", "silent"),
    [
        ("valid", [1, 0, NAN, NAN, NAN], None),
        ("all", [1, 0, 0, 0, 0], [0, 0, 1, 1, 1]),
        ("asked", [1, 0, 0, 0, NAN], [0, 0, 1, 1, NAN]),
    ],
)
def test_who_gave_no_answer_is_a_class_of_a_wider_base(
    make_questionnaire, answers, base, high, silent
):
    indicator = Indicator(
        id="v",
        question="cijfer",
        label="V",
        statistic="distribution",
        classes=[
            {"label": "laag", "low": 1, "high": 6},
            {"label": "hoog", "low": 7, "high": 10},
        ],
        base=base,
    )
    found = values_of(indicator, make_questionnaire(), answers)
    names = ["laag", "hoog", *(["geen antwoord"] if silent else [])]
    assert [name for name, _ in found] == names
    assert_array_equal(found[1][1], high)
    if silent:
        assert_array_equal(found[2][1], silent)
        sums = np.sum([values for _, values in found], axis=0)
        assert_array_equal(sums, [NAN if np.isnan(x) else 1 for x in silent])
