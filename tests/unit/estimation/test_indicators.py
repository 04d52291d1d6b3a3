import numpy as np
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

from kcc_research.estimation.estimate import mean
from kcc_research.estimation.indicators import estimate_indicators
from kcc_research.estimation.interval import count_interval
from kcc_research.estimation.study_design import study_design
from kcc_research.estimation.tables import WORKING_COLUMNS
from kcc_research.study.indicator import Indicator
from kcc_research.study.questionnaire import Question

AGES = {"leeftijd": {"jong": 700.0, "oud": 300.0}}
MARGIN = ["std_error", "ci_low", "ci_high", "df", "std_error_without_fpc"]


@pytest.fixture
def estimated(make_study, make_responses):
    """Estimates of a study with changes, and the responses they come from."""

    def of(questionnaire=None, responses=None, **changes):
        study = make_study(questionnaire, **changes)
        answers = make_responses() if responses is None else responses
        design = study_design(study, "algemeen", answers)
        return estimate_indicators(study, "algemeen", design), answers

    return of


def row(estimates, indicator, by="totaal", group="totaal", category=""):
    found = estimates[
        (estimates["indicator"] == indicator)
        & (estimates["by"] == by)
        & (estimates["group"] == group)
        & (estimates["category"] == category)
    ]
    assert len(found) == 1
    return found.iloc[0]


class TestTotal:
    def test_is_the_target_of_the_source(self, estimated):
        estimates, answers = estimated()
        found = row(estimates, "rapportcijfer")
        known = answers["cijfer"].dropna()
        assert found["estimate"] == pytest.approx(known.mean())
        assert found["n"] == len(known) == 45
        assert found["base"] == "inwoners die contact hadden, met een geldig antwoord"
        assert (found["uncertainty"], found["status"]) == ("sampling", "published")

    def test_unweighted_it_has_the_error_of_a_domain(self, estimated):
        estimates, answers = estimated()
        found = row(estimates, "rapportcijfer")
        known = answers["cijfer"].dropna()
        z = np.where(answers["cijfer"].notna(), answers["cijfer"] - known.mean(), 0)
        assert found["std_error"] == pytest.approx(
            np.sqrt(60 / 59 * ((z / 45) ** 2).sum())
        )
        assert found["df"] == 44

    def test_a_share_counts_answers_that_reach_the_threshold(self, estimated):
        estimates, answers = estimated()
        found = row(estimates, "tevreden")
        passed = int((answers["cijfer"] >= 7).sum())
        assert (found["count"], found["n"]) == (passed, 45)
        assert found["estimate"] == pytest.approx(passed / 45)
        low, high = count_interval(passed, 45)
        assert found["ci_low"] == pytest.approx(low, abs=0.02)
        assert found["ci_high"] == pytest.approx(high, abs=0.02)

    def test_weighted_it_is_the_domain_of_the_weighted_design(
        self, estimated, make_study, make_responses
    ):
        estimates, answers = estimated(margins=AGES)
        design = study_design(make_study(margins=AGES), "algemeen", answers)
        expected = mean(design, "cijfer")
        found = row(estimates, "rapportcijfer")
        assert found["estimate"] == pytest.approx(expected.value[0])
        assert found["std_error"] == pytest.approx(expected.std_error[0])
        assert found["weighted"]
        assert found["n_effective"] <= found["n"]
        assert found["method"] == (
            "gewogen gemiddelde met t-interval; gewogen naar leeftijd"
        )


class TestRows:
    def test_stand_per_indicator_then_group_then_category(self, estimated):
        estimates, _ = estimated()
        assert list(dict.fromkeys(estimates["indicator"])) == [
            "rapportcijfer",
            "tevreden",
            "klassen",
            "thema",
            "cijfer_weet_niet",
            "respons",
        ]
        classes = estimates[estimates["indicator"] == "klassen"]
        assert list(
            dict.fromkeys(zip(classes["by"], classes["group"], strict=True))
        ) == [
            ("totaal", "totaal"),
            ("kanaal", "telefoon"),
            ("kanaal", "balie"),
            ("kanaal", "website"),
            ("domein", "had_contact"),
            ("kanaal", "onbekend"),
        ]
        assert classes["category"].tolist()[:3] == ["1–5", "6", "7–10"]
        assert tuple(estimates.columns) == WORKING_COLUMNS

    def test_groups_and_the_unknown_add_up_to_the_total(self, estimated):
        estimates, _ = estimated()
        for indicator in ("rapportcijfer", "tevreden"):
            own = estimates[estimates["indicator"] == indicator]
            by_channel = own[own["by"] == "kanaal"]
            assert by_channel["n"].sum() == row(estimates, indicator)["n"]
        unknown = row(estimates, "tevreden", "kanaal", "onbekend")
        assert (unknown["statistic"], unknown["n"], unknown["count"]) == ("count", 1, 1)

    def test_a_distribution_adds_up_to_one(self, estimated):
        estimates, _ = estimated(margins=AGES)
        total = estimates[
            (estimates["indicator"] == "klassen") & (estimates["by"] == "totaal")
        ]
        assert (total["statistic"] == "share").all()
        assert total["estimate"].sum() == pytest.approx(1)
        assert total["count"].sum() == total["n"].iloc[0]

    def test_a_filter_is_a_domain_over_all_respondents(self, estimated):
        estimates, answers = estimated(target="all")
        total = row(estimates, "thema", category="wachttijd")
        domain = row(estimates, "thema", "domein", "had_contact", "wachttijd")
        themes = answers["thema: wachttijd"].notna()
        assert total["n"] == themes.sum()
        assert domain["n"] == (themes & (answers["contact"] == "ja")).sum()
        assert total["base"].startswith("inwoners, ")
        assert domain["base"].startswith("inwoners die contact hadden, ")

    def test_dont_know_is_a_share_of_those_asked(self, estimated):
        estimates, _ = estimated()
        found = row(estimates, "cijfer_weet_niet", category="weet niet")
        assert (found["count"], found["n"]) == (4, 50)
        assert found["base"].endswith("aan wie de vraag is gesteld")

    def test_a_group_nobody_is_in_is_not_measured(self, estimated, make_responses):
        answers = make_responses()
        answers["kanaal"] = answers["kanaal"].replace("website", "balie")
        estimates, _ = estimated(responses=answers)
        found = row(estimates, "tevreden", "kanaal", "website")
        assert (found["n"], found["status"]) == (0, "not_measured")
        assert np.isnan(found["estimate"])
        assert found["method"] == "geen antwoorden"

    @pytest.mark.parametrize("seed", range(5))
    def test_do_not_depend_on_the_order_of_respondents(
        self, estimated, make_responses, seed
    ):
        answers = make_responses()
        shuffled = answers.sample(frac=1, random_state=seed).reset_index(drop=True)
        assert_frame_equal(
            estimated(responses=answers, margins=AGES)[0],
            estimated(responses=shuffled, margins=AGES)[0],
            rtol=1e-9,
        )

    def test_intervals_hold_their_estimate(self, estimated):
        estimates, _ = estimated(margins=AGES)
        own = estimates.dropna(subset="ci_low")
        assert len(own) >= 40
        assert (own["ci_low"] <= own["estimate"]).all()
        assert (own["estimate"] <= own["ci_high"]).all()
        assert (own["ci_low"] < own["ci_high"]).all()
        shares = own[own["statistic"] == "share"]
        assert shares[["ci_low", "ci_high"]].stack().between(0, 1).all()


class TestUncertainty:
    @pytest.mark.parametrize(
        "recruitment", ["self-selected", "open-link", "census", "registration"]
    )
    def test_without_sampling_error_there_is_no_margin(self, estimated, recruitment):
        estimates, answers = estimated(recruitment=recruitment)
        found = row(estimates, "rapportcijfer")
        assert found["estimate"] == pytest.approx(answers["cijfer"].mean())
        assert found["uncertainty"] == "none"
        columns = [*MARGIN, "n_effective", "design_effect"]
        assert estimates[columns].isna().all(axis=None)

    def test_two_answers_are_too_little(self, estimated, make_responses):
        answers = make_responses()
        had = answers["contact"] == "ja"
        answers.loc[had, "kanaal"] = "balie"
        answers.loc[answers.index[had & answers["cijfer"].notna()][:2], "kanaal"] = (
            "website"
        )
        estimates, _ = estimated(responses=answers)
        found = row(estimates, "rapportcijfer", "kanaal", "website")
        assert found["n"] == 2
        assert np.isnan(found["ci_low"])
        assert found["method"] == "te weinig om iets over te zeggen"

    def test_equal_answers_have_no_margin_as_a_mean_but_one_as_a_share(
        self, estimated, make_responses
    ):
        answers = make_responses()
        answers["cijfer"] = answers["cijfer"].where(answers["cijfer"].isna(), 8.0)
        estimates, _ = estimated(responses=answers, margins=AGES)
        found = row(estimates, "rapportcijfer")
        assert found["method"] == "alle antwoorden gelijk; geen marge te berekenen"
        assert np.isnan(found["ci_low"]) and found["std_error"] == 0
        everybody = row(estimates, "tevreden")
        assert everybody["estimate"] == pytest.approx(1)
        assert everybody["ci_high"] == 1
        assert 0.85 < everybody["ci_low"] < 0.93

    def test_the_correction_is_off_in_the_error_for_tests(self, estimated):
        estimates, _ = estimated(population=120)
        found = row(estimates, "rapportcijfer")
        assert found["std_error"] == pytest.approx(
            found["std_error_without_fpc"] * np.sqrt(1 - 60 / 120)
        )
        assert "eindige populatie" in found["method"]

    def test_delivered_weights_are_called_fixed(
        self, estimated, make_questionnaire, make_responses
    ):
        weight = Question(
            id="weging", column="w", text="Weging", type="weight", sensitive=False
        )
        answers = make_responses().assign(weging=np.linspace(0.5, 2, 60))
        estimates, _ = estimated(
            make_questionnaire(questions=[weight]), answers, weight="weging"
        )
        assert row(estimates, "tevreden")["method"].endswith(
            "gewichten als vast beschouwd"
        )


class TestChannelsWithoutVolumes:
    def test_have_no_total_but_a_number_each(self, estimated, make_responses):
        answers = make_responses()
        answers = answers[answers["kanaal"].notna()].reset_index(drop=True)
        estimates, _ = estimated(responses=answers, strata="kanaal", target="all")
        total = row(estimates, "rapportcijfer")
        assert total["status"] == "not_measured"
        assert np.isnan(total["estimate"])
        assert total["n"] == answers["cijfer"].notna().sum()
        assert (
            row(estimates, "rapportcijfer", "kanaal", "balie")["status"] == "published"
        )

    def test_with_volumes_there_is_a_total(self, estimated, make_responses):
        answers = make_responses()
        answers = answers[answers["kanaal"].notna()].reset_index(drop=True)
        volumes = {"kanaal": {"telefoon": 500.0, "balie": 300.0, "website": 200.0}}
        estimates, _ = estimated(
            responses=answers, strata="kanaal", target="all", margins=volumes
        )
        total = row(estimates, "rapportcijfer")
        parts = [
            row(estimates, "rapportcijfer", "kanaal", each)["estimate"]
            for each in ("telefoon", "balie", "website")
        ]
        assert total["status"] == "published"
        assert_allclose(total["estimate"], np.dot(parts, [0.5, 0.3, 0.2]), atol=0.1)


class TestBaseWords:
    """A base names who was asked, also where nobody filtered for them."""

    def test_groups_of_a_routed_breakdown_are_who_was_routed(self, estimated):
        estimates, _ = estimated(target="all")
        group = row(estimates, "thema", "kanaal", "balie", "wachttijd")
        assert group["base"] == ("inwoners die contact hadden, met een geldig antwoord")
        total = row(estimates, "thema", category="wachttijd")
        assert total["base"] == "inwoners, met een geldig antwoord"

    def test_a_routed_question_has_its_own_people(self, estimated):
        estimates, _ = estimated(target="all")
        assert row(estimates, "rapportcijfer")["base"] == (
            "inwoners die contact hadden, met een geldig antwoord"
        )

    def test_without_a_filter_the_question_is_named(
        self, estimated, make_questionnaire
    ):
        estimates, _ = estimated(make_questionnaire(filter=()), target="all")
        group = row(estimates, "rapportcijfer", "kanaal", "balie")
        assert group["base"] == (
            "inwoners aan wie 'Kanaal' is gevraagd, met een geldig antwoord"
        )

    def test_a_routing_within_the_target_is_added_to_it(
        self, estimated, make_questionnaire, questions
    ):
        asked = questions["leeftijd"].model_copy(update={"asked_if": "kanaal = balie"})
        estimates, _ = estimated(
            make_questionnaire(questions=[asked]), breakdowns=("leeftijd",)
        )
        assert row(estimates, "rapportcijfer", "leeftijd", "oud")["base"] == (
            "inwoners die contact hadden aan wie 'Leeftijd' is gevraagd, "
            "met een geldig antwoord"
        )


def test_the_margin_of_a_panel_says_what_it_assumes(estimated):
    estimates, _ = estimated(recruitment="panel")
    assert row(estimates, "rapportcijfer")["method"] == (
        "gemiddelde met t-interval; panel: marge gaat uit van toeval"
    )


class TestContacts:
    """Who decides that a sample is of contacts, and not of residents."""

    @pytest.fixture
    def everybody(self, questions, make_questionnaire):
        asked = questions["kanaal"].model_copy(update={"asked_if": ""})
        return make_questionnaire(questions=[asked])

    @pytest.fixture
    def contacts(self, make_responses):
        answers = make_responses()
        return answers[answers["kanaal"].notna()].reset_index(drop=True)

    def total(self, estimated, questionnaire, contacts, **source):
        estimates, _ = estimated(
            questionnaire,
            contacts,
            target="all",
            **{"breakdowns": ("kanaal",)} | source,
        )
        return row(estimates, "rapportcijfer")

    def test_a_channel_asked_of_everybody_has_no_total(
        self, estimated, everybody, contacts
    ):
        found = self.total(estimated, everybody, contacts)
        assert (found["status"], found["method"]) == (
            "not_measured",
            "geen contactvolumes per kanaal, dus geen cijfer over kanalen heen",
        )

    def test_margins_of_something_else_do_not_help(
        self, estimated, everybody, contacts
    ):
        found = self.total(estimated, everybody, contacts, margins=AGES)
        assert found["status"] == "not_measured"

    def test_delivered_weights_hold_the_volumes(
        self, estimated, questions, make_questionnaire, contacts
    ):
        asked = questions["kanaal"].model_copy(update={"asked_if": ""})
        weight = Question(
            id="weging", column="w", text="Weging", type="weight", sensitive=False
        )
        found = self.total(
            estimated,
            make_questionnaire(questions=[asked, weight]),
            contacts.assign(weging=1.5),
            weight="weging",
        )
        assert found["status"] == "published"

    def test_residents_are_routed_and_keep_their_total(self, estimated, contacts):
        found = self.total(estimated, None, contacts)
        assert found["status"] == "published"

    @pytest.mark.parametrize(
        ("unit", "status"), [("person", "published"), ("contact", "not_measured")]
    )
    def test_the_source_may_say_so_itself(
        self, estimated, everybody, contacts, unit, status
    ):
        assert self.total(estimated, everybody, contacts, unit=unit)["status"] == status

    def test_groups_that_mix_channels_have_no_number_either(
        self, estimated, everybody, contacts
    ):
        estimates, _ = estimated(
            everybody, contacts, target="all", breakdowns=("kanaal", "leeftijd")
        )
        assert (
            row(estimates, "rapportcijfer", "leeftijd", "oud")["status"]
            == "not_measured"
        )
        assert row(estimates, "rapportcijfer", "kanaal", "balie")["status"] == (
            "published"
        )


def test_lost_screened_out_persons_are_told(estimated, make_responses):
    answers = make_responses()
    rest = answers[answers["contact"] == "ja"].reset_index(drop=True)
    estimates, _ = estimated(responses=rest, margins=AGES)
    found = row(estimates, "rapportcijfer")
    assert not found["weighted"]
    assert found["method"].endswith(
        "niet gewogen: samenstelling van de doelgroep is onbekend"
    )


def test_a_questionnaire_without_indicators_still_has_a_response(
    estimated, make_questionnaire
):
    estimates, _ = estimated(make_questionnaire(indicator=()))
    assert set(estimates["indicator"]) == {"respons"}


def test_a_label_that_completes_the_population(estimated, make_questionnaire):
    questionnaire = make_questionnaire()
    renamed = questionnaire.filter[0].model_copy(update={"label": "die belden"})
    changed = questionnaire.model_copy(update={"filter": (renamed,)})
    estimates, _ = estimated(changed)
    assert row(estimates, "tevreden")["base"].startswith("inwoners die belden, ")


def test_base_all_counts_everybody_in_the_target(estimated, make_questionnaire):
    indicator = Indicator(
        id="breed",
        question="cijfer",
        label="Breed",
        statistic="share",
        at_least=7,
        base="all",
    )
    estimates, _ = estimated(make_questionnaire(indicators=[indicator]))
    assert row(estimates, "breed")["n"] == 50
