import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from kcc_research.estimation.domains import (
    category_values,
    domains,
    holds,
    not_asked,
    outside_target,
    target_mask,
    unknown_group,
)
from kcc_research.study.condition import parse_condition
from kcc_research.study.questionnaire import Question


def scale(**changes):
    given = {
        "id": "snel",
        "column": "snel",
        "text": "Snel genoeg?",
        "type": "scale",
        "range": (1, 3),
        "direction": "higher_is_better",
        "codes": {"1": "oneens", "2": "neutraal", "3": "eens"},
        "sensitive": False,
    }
    return Question(**given | changes)


class TestConditions:
    @pytest.fixture
    def answers(self):
        return pd.DataFrame(
            {
                "contact": pd.Series(["ja", "nee", None, "ja"], dtype="str"),
                "kanaal": pd.Series(["balie", None, None, "website"], dtype="str"),
                "leeftijd": pd.Series(["jong", "oud", "oud", None], dtype="str"),
                "thema: wachttijd": [1, 0, np.nan, 0],
                "thema: bejegening": [0, 1, np.nan, 1],
                "snel": [3.0, 1.0, np.nan, 2.0],
            }
        )

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("contact = ja", [1, 0, 0, 1]),
            ("contact != ja", [0, 1, 0, 0]),
            ("kanaal in balie | website", [1, 0, 0, 1]),
            ("contact = ja and leeftijd = jong", [1, 0, 0, 0]),
            ("thema = bejegening", [0, 1, 0, 1]),
            ("thema != bejegening", [1, 0, 0, 0]),
            ("snel in eens | neutraal", [1, 0, 0, 1]),
        ],
    )
    def test_an_unanswered_question_fulfils_nothing(
        self, make_questionnaire, answers, text, expected
    ):
        questionnaire = make_questionnaire(questions=[scale()])
        found = holds(parse_condition(text), questionnaire, answers)
        assert_array_equal(found, np.array(expected, dtype=bool))

    def test_screened_out_is_known_not_to_belong(
        self, make_study, make_questionnaire, answers
    ):
        source = make_study().measurement.sources["algemeen"]
        questionnaire = make_questionnaire()
        assert_array_equal(
            target_mask(source, questionnaire, answers), [True, False, False, True]
        )
        assert_array_equal(
            outside_target(source, questionnaire, answers), [False, True, False, False]
        )

    def test_everyone_is_a_target_nobody_stands_outside(
        self, make_study, make_questionnaire, answers
    ):
        source = make_study(target="all").measurement.sources["algemeen"]
        assert target_mask(source, make_questionnaire(), answers).all()
        assert not outside_target(source, make_questionnaire(), answers).any()


class TestDomains:
    def test_total_groups_and_filters_in_order(
        self, make_study, make_questionnaire, make_responses
    ):
        source = make_study().measurement.sources["algemeen"]
        found = domains(source, make_questionnaire(), make_responses())
        assert [(each.by, each.group) for each in found] == [
            ("totaal", "totaal"),
            ("kanaal", "telefoon"),
            ("kanaal", "balie"),
            ("kanaal", "website"),
            ("domein", "had_contact"),
        ]

    def test_groups_and_the_unknown_make_the_total(
        self, make_study, make_questionnaire, make_responses
    ):
        source = make_study().measurement.sources["algemeen"]
        questionnaire, responses = make_questionnaire(), make_responses()
        total, *groups, _ = domains(source, questionnaire, responses)
        unknown = unknown_group("kanaal", questionnaire, responses) & total.mask
        assert unknown.sum() == 1
        assert sum(each.mask.sum() for each in groups) + 1 == total.mask.sum()

    def test_an_answer_outside_the_categories_is_not_lost_silently(
        self, make_study, make_questionnaire, make_responses
    ):
        source = make_study().measurement.sources["algemeen"]
        responses = make_responses()
        responses.loc[1, "kanaal"] = "duif"
        with pytest.raises(ValueError, match="kanaal"):
            domains(source, make_questionnaire(), responses)


class TestCategoryValues:
    def test_labels_of_a_scale_from_low_to_high(self):
        expected = {"oneens": 1.0, "neutraal": 2.0, "eens": 3.0}
        assert category_values(scale()) == expected
        assert list(category_values(scale())) == list(expected)

    def test_a_scale_turned_round_turns_its_labels(self):
        turned = scale(
            direction="lower_is_better",
            codes={"1": "eens", "2": "neutraal", "3": "oneens"},
        )
        assert list(category_values(turned).items()) == [
            ("oneens", 1.0),
            ("neutraal", 2.0),
            ("eens", 3.0),
        ]

    def test_a_grade_without_labels_shows_its_numbers(self, questions):
        values = category_values(questions["cijfer"])
        assert list(values)[:2] == ["1", "2"]
        assert values["10"] == 10.0


def test_whom_a_question_passed_by_is_told_apart_from_who_gave_no_answer():
    responses = pd.DataFrame(
        {
            "kanaal": ["balie", None, None],
            "kanaal__missing": [None, "not_asked", "no_answer"],
        }
    )
    assert not_asked("kanaal", responses).tolist() == [False, True, False]
    assert not_asked("leeftijd", responses).tolist() == [False, False, False]
