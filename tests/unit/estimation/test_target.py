from datetime import date

import pandas as pd
import pytest

from kcc_research import dutch
from kcc_research.estimation.tables import ESTIMATE_COLUMNS, VERDICT_COLUMNS, tidy
from kcc_research.estimation.target import judge_norms
from kcc_research.study.indicator import Indicator
from kcc_research.study.norm import ServiceNorm
from kcc_research.study.questionnaire import Question

DUE = date(2015, 12, 31)


def norm(**changes):
    return ServiceNorm(indicator="tevreden", source="Programma", **changes)


def estimates_of(*rows):
    shared = {
        "source": "algemeen",
        "indicator": "tevreden",
        "statistic": "share",
        "by": "totaal",
        "group": "totaal",
        "category": "",
        "n": 750,
        "uncertainty": "sampling",
        "status": "published",
    }
    return tidy(pd.DataFrame([shared | each for each in rows]), ESTIMATE_COLUMNS)


DEN_HAAG = {"estimate": 0.70, "ci_low": 0.666, "ci_high": 0.732}


@pytest.fixture
def judged(make_study):
    def of(*rows, norms, by=(), **study):
        found = judge_norms(make_study(norm=norms, **study), estimates_of(*rows), by)
        assert tuple(found.columns) == VERDICT_COLUMNS
        return found

    return of


def only(found):
    assert len(found) == 1
    return found["verdict"].iloc[0], found["reason"].iloc[0]


class TestShare:
    def test_before_its_date_an_ambition_is_not_missed(self, judged):
        due = date(2025, 12, 31)
        future = norm(share=0.90, target_date=due)
        assert only(judged(DEN_HAAG, norms=(future,))) == (
            "not_yet",
            f"20\u00a0procentpunt te gaan (17–23); doel op {dutch.long_date(due)}",
        )

    def test_after_its_date_it_is(self, judged):
        found = judged(DEN_HAAG, norms=(norm(share=0.90, target_date=DUE),))
        assert only(found) == ("not_met", "20\u00a0procentpunt te weinig (17–23)")
        assert found["target_date"].iloc[0] == "2015-12-31"
        assert found["norm"].iloc[0] == 0.9

    @pytest.mark.parametrize(
        ("level", "expected"), [(0.66, "met"), (0.70, "undecided"), (0.74, "not_met")]
    )
    def test_the_whole_interval_decides(self, judged, level, expected):
        assert only(judged(DEN_HAAG, norms=(norm(share=level),)))[0] == expected

    def test_a_complete_registration_is_judged_by_value(self, judged):
        """3.980 of 5.000 calls in time is not 80%: nothing is undecided."""
        counted = {"estimate": 0.796, "uncertainty": "none"}
        found = judged(counted, norms=(norm(share=0.80),), recruitment="registration")
        assert only(found) == ("not_met", "minder dan 1\u00a0procentpunt te weinig")
        exact = {"estimate": 0.80, "uncertainty": "none"}
        assert only(judged(exact, norms=(norm(share=0.80),)))[0] == "met"

    def test_without_interval_nothing_is_decided(self, judged):
        few = {"estimate": 0.7, "n": 31}
        assert only(judged(few, norms=(norm(share=0.9),))) == (
            "undecided",
            "te weinig om iets over te zeggen",
        )


class TestMean:
    def test_grade_points(self, judged):
        grade = {"statistic": "mean", "estimate": 6.6, "ci_low": 6.4, "ci_high": 6.8}
        found = judged(grade, norms=(norm(mean=7.0),))
        assert only(found) == ("not_met", "0,4 te weinig (0,2–0,6)")

    def test_of_a_waiting_time_less_is_better(self, judged, make_questionnaire):
        wait = Question(
            id="wacht",
            column="wacht",
            text="Hoe lang wachtte u?",
            type="number",
            direction="lower_is_better",
            sensitive=False,
        )
        waited = Indicator(
            id="tevreden", question="wacht", label="Wachttijd", statistic="mean"
        )
        questionnaire = make_questionnaire(questions=[wait], indicators=[waited])
        minutes = {
            "statistic": "mean",
            "estimate": 12.0,
            "ci_low": 11.0,
            "ci_high": 13.0,
        }

        def verdict(level):
            norms = (norm(mean=level),)
            return only(judged(minutes, norms=norms, questionnaire=questionnaire))

        assert verdict(15.0) == ("met", "")
        assert verdict(12.5)[0] == "undecided"
        assert verdict(10.0) == ("not_met", "2,0 te veel (1,0–3,0)")


class TestLessIsBetter:
    """A share of bad answers has to stay below its norm."""

    reached = {"estimate": 0.20, "ci_low": 0.17, "ci_high": 0.23}

    @pytest.fixture
    def too_low(self, make_questionnaire):
        failed = Indicator(
            id="tevreden",
            question="cijfer",
            label="Onvoldoende",
            statistic="share",
            at_most=5,
        )
        return make_questionnaire(indicators=[failed])

    @pytest.mark.parametrize(
        ("level", "expected"),
        [
            (0.10, ("not_met", "10\u00a0procentpunt te veel (7–13)")),
            (0.20, ("undecided", "te dichtbij om te zeggen")),
            (0.30, ("met", "")),
        ],
    )
    def test_of_a_share_at_most(self, judged, too_low, level, expected):
        norms = (norm(share=level),)
        assert only(judged(self.reached, norms=norms, questionnaire=too_low)) == (
            expected
        )

    def test_an_ambition_has_still_to_go_down(self, judged, too_low):
        norms = (norm(share=0.10, target_date=date(2025, 12, 31)),)
        verdict, reason = only(judged(self.reached, norms=norms, questionnaire=too_low))
        assert verdict == "not_yet"
        assert reason.startswith("10\u00a0procentpunt te gaan (7–13)")

    @pytest.fixture
    def by_name(self, make_questionnaire):
        waited = Indicator(
            id="tevreden",
            question="kanaal",
            label="Belde",
            statistic="share",
            categories=["telefoon"],
        )
        return make_questionnaire(indicators=[waited])

    @pytest.mark.parametrize(
        ("direction", "expected"),
        [("lower_is_better", "not_met"), ("higher_is_better", "met")],
    )
    def test_of_answers_by_name_the_norm_says_so(
        self, judged, by_name, direction, expected
    ):
        norms = (norm(share=0.10, direction=direction),)
        found = judged(self.reached, norms=norms, questionnaire=by_name)
        assert only(found)[0] == expected

    def test_nothing_is_judged_by_guessing(self, judged, by_name):
        with pytest.raises(ValueError, match="more 'tevreden' is better"):
            judged(self.reached, norms=(norm(share=0.1),), questionnaire=by_name)


class TestRows:
    groups = (
        DEN_HAAG,
        DEN_HAAG | {"by": "kanaal", "group": "balie", "n": 40},
        DEN_HAAG | {"by": "kanaal", "group": "website", "n": 29},
        DEN_HAAG | {"by": "domein", "group": "had_contact"},
    )

    def test_the_total_unless_groups_are_asked_for(self, judged):
        found = judged(*self.groups, norms=(norm(share=0.9),))
        assert found["group"].tolist() == ["totaal"]

    def test_groups_of_thirty_and_more(self, judged):
        found = judged(*self.groups, norms=(norm(share=0.9),), by=["kanaal"])
        assert found["group"].tolist() == ["totaal", "balie"]

    def test_a_norm_without_a_result_is_a_white_spot(self, judged):
        gone = DEN_HAAG | {"estimate": None, "status": "suppressed"}
        assert only(judged(gone, norms=(norm(share=0.9),))) == (
            "not_measured",
            "niet gemeten",
        )

    @pytest.mark.parametrize("recruitment", ["self-selected", "open-link"])
    def test_who_chose_himself_says_nothing_about_others(self, judged, recruitment):
        found = judged(DEN_HAAG, norms=(norm(share=0.5),), recruitment=recruitment)
        assert only(found)[0] == "not_measured"

    def test_no_norms_no_verdicts(self, judged):
        assert len(judged(DEN_HAAG, norms=())) == 0
