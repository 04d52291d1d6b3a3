import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from kcc_research.errors import DataError
from kcc_research.estimation.indicators import estimate_indicators
from kcc_research.estimation.study_design import study_design, weighting_state
from kcc_research.study.questionnaire import Question

AGES = {"leeftijd": {"jong": 700.0, "oud": 300.0}}


def test_undeclared_is_unweighted(make_study, make_responses):
    design = study_design(make_study(), "algemeen", make_responses())
    assert not design.is_weighted
    assert not design.has_fpc


def test_margins_hold_over_all_respondents(make_study, make_responses):
    """The screened-out count as well: the population is that of all residents."""
    responses = make_responses()
    design = study_design(make_study(margins=AGES), "algemeen", responses)
    sums = pd.Series(design.weights).groupby(responses["leeftijd"]).sum()
    assert sums.to_dict() == pytest.approx({"jong": 700, "oud": 300})
    had_contact = (responses["contact"] == "ja").to_numpy()
    inside = pd.Series(design.weights[had_contact]).groupby(
        responses["leeftijd"].to_numpy()[had_contact]
    )
    assert (inside.sum() / 1000).to_dict() != pytest.approx({"jong": 0.7, "oud": 0.3})


def test_without_the_screened_out_nobody_is_weighted(make_study, make_responses):
    responses = make_responses()
    rest = responses[responses["contact"] == "ja"].reset_index(drop=True)
    design = study_design(make_study(margins=AGES), "algemeen", rest)
    assert design.calibration is None
    assert not design.is_weighted


def test_a_margin_nobody_answers_to_is_refused(make_study, make_responses):
    margins = {"leeftijd": {"jong": 500.0, "oud": 300.0, "zeer oud": 200.0}}
    with pytest.raises(DataError, match="zeer oud"):
        study_design(make_study(margins=margins), "algemeen", make_responses())


def test_declared_weights_are_taken_as_they_are(
    make_study, make_questionnaire, make_responses
):
    weight = Question(
        id="weging", column="w", text="Weging", type="weight", sensitive=False
    )
    study = make_study(make_questionnaire(questions=[weight]), weight="weging")
    responses = make_responses().assign(weging=np.linspace(0.5, 2, 60))
    design = study_design(study, "algemeen", responses)
    assert_allclose(design.weights, np.linspace(0.5, 2, 60))
    assert design.calibration is None


class TestFinitePopulation:
    def design(self, make_study, make_responses, **changes):
        given = {"population": 600} | changes
        return study_design(make_study(**given), "algemeen", make_responses())

    def test_a_large_fraction_of_a_random_sample_is_corrected(
        self, make_study, make_responses
    ):
        design = self.design(make_study, make_responses)
        assert design.primary.fraction.tolist() == [60 / 600]

    @pytest.mark.parametrize(
        "changes",
        [
            {"population": 1200},
            {"recruitment": "panel"},
            {"recruitment": "open-link"},
            {"recruitment": "self-selected"},
            {"recruitment": "census"},
            {"cluster": "leeftijd"},
        ],
    )
    def test_anything_else_is_not(self, make_study, make_responses, changes):
        assert not self.design(make_study, make_responses, **changes).has_fpc

    def test_strata_take_their_sizes_from_the_margins(self, make_study, make_responses):
        design = self.design(
            make_study,
            make_responses,
            strata="leeftijd",
            margins={"leeftijd": {"jong": 400.0, "oud": 200.0}},
        )
        assert design.primary.names == ("jong", "oud")
        assert design.primary.population.tolist() == [400, 200]

    def test_strata_without_margins_have_one_fraction(self, make_study, make_responses):
        design = self.design(make_study, make_responses, strata="leeftijd")
        assert design.primary.fraction.tolist() == pytest.approx([0.1, 0.1])


class TestWeightingState:
    def state(self, study, responses):
        design = study_design(study, "algemeen", responses)
        estimates = estimate_indicators(study, "algemeen", design)
        return weighting_state(study, "algemeen", estimates)

    def test_with_margins(self, make_study, make_responses):
        assert self.state(make_study(margins=AGES), make_responses()) == "weighted"

    def test_without_margins(self, make_study, make_responses):
        assert self.state(make_study(), make_responses()) == "no margins"

    def test_without_the_screened_out(self, make_study, make_responses):
        """Margins are declared all the same: two reasons that differ."""
        responses = make_responses()
        rest = responses[responses["contact"] == "ja"].reset_index(drop=True)
        assert self.state(make_study(margins=AGES), rest) == "composition unknown"

    def test_a_sample_that_is_like_its_margins(self, make_study, make_responses):
        """Every weight is 1, and the sample was weighted nevertheless."""
        responses = make_responses()
        equal = {"leeftijd": responses["leeftijd"].value_counts().astype(float)}
        equal = {"leeftijd": equal["leeftijd"].to_dict()}
        assert self.state(make_study(margins=equal), responses) == "weighted"

    def test_with_weights_of_the_file(
        self, make_study, make_questionnaire, make_responses
    ):
        weight = Question(
            id="weging", column="w", text="Weging", type="weight", sensitive=False
        )
        study = make_study(make_questionnaire(questions=[weight]), weight="weging")
        assert self.state(study, make_responses().assign(weging=2.0)) == "delivered"
