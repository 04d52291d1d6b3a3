import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kcc_research.estimation.comparability import compare_waves
from kcc_research.estimation.tables import COMPARISON_COLUMNS, ESTIMATE_COLUMNS, tidy
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Bridge, Earlier

THEN = "xx-proef/2022-meting"
COMPARABLE = Earlier(measurement=THEN, comparable=True)
CHANGED = Earlier(
    measurement=THEN, comparable=False, reason="Doelgroep gewijzigd: alleen contact."
)
BRIDGED = CHANGED.model_copy(
    update={
        "bridge": (
            Bridge(
                indicators=("tevreden",),
                domain_now="all",
                domain_then="had_contact",
                reason="Vraag en schaal gelijk.",
            ),
        )
    }
)


def estimate(indicator="rapportcijfer", statistic="mean", **changes):
    return {
        "source": "algemeen",
        "indicator": indicator,
        "statistic": statistic,
        "by": "totaal",
        "group": "totaal",
        "category": "",
        "estimate": 6.6,
        "std_error": 0.05,
        "std_error_without_fpc": 0.08,
        "df": 352.0,
        "n": 353,
        "uncertainty": "sampling",
        "status": "published",
    } | changes


def table(*rows):
    return tidy(pd.DataFrame(list(rows)), ESTIMATE_COLUMNS)


@pytest.fixture
def compared(make_study):
    def of(now, then, earlier=COMPARABLE, *, before=None, **study):
        found = compare_waves(
            make_study(**study),
            table(*now),
            make_study(slug="2022-meting", **(study if before is None else before)),
            table(*then),
            earlier,
        )
        assert tuple(found.columns) == COMPARISON_COLUMNS
        return found.set_index(["indicator", "by", "group"]).sort_index()

    return of


TOTAL = ("rapportcijfer", "totaal", "totaal")
SHARE = ("tevreden", "totaal", "totaal")


class TestTest:
    def test_welch_on_errors_without_correction(self, compared):
        then = estimate(estimate=6.3, std_error_without_fpc=0.1, df=200.0, n=201)
        row = compared([estimate()], [then]).loc[TOTAL]
        error = np.hypot(0.08, 0.1)
        df = error**4 / (0.08**4 / 352 + 0.1**4 / 200)
        assert row["difference"] == pytest.approx(0.3)
        assert row["std_error"] == pytest.approx(error)
        assert row["df"] == pytest.approx(df)
        assert row["p_value"] == pytest.approx(2 * stats.t.sf(0.3 / error, df))
        assert (row["n"], row["n_reference"]) == (353, 201)
        assert (row["verdict"], row["reason"]) == ("higher", "")
        assert row["reference"] == THEN

    def test_no_clear_difference_is_never_equal(self, compared):
        row = compared([estimate()], [estimate(estimate=6.55)]).loc[TOTAL]
        assert row["verdict"] == "not_shown"
        assert row["ci_low"] < 0 < row["ci_high"]
        assert row["detectable"] > 0.3

    def test_families_are_roles_and_breakdowns(self, compared):
        groups = [
            estimate(by="kanaal", group=each)
            for each in ("telefoon", "balie", "website")
        ]
        shares = [estimate("tevreden", "share", estimate=0.7)]
        rows = [estimate(), *groups, *shares]
        found = compared(rows, rows)
        families = found["family"].groupby(found["family"]).size().to_dict()
        assert families == {
            "waves: algemeen, hoofdcijfer": 1,
            "waves: algemeen, rapportcijfer naar kanaal": 3,
            "waves: algemeen, tevredenheid": 1,
        }

    def test_holm_within_a_family(self, compared):
        sizes = {"telefoon": 0.0, "balie": 0.2, "website": 0.5}
        now = [
            estimate(by="kanaal", group=each, estimate=6.6 + more)
            for each, more in sizes.items()
        ]
        then = [estimate(by="kanaal", group=each) for each in sizes]
        found = compared([estimate(), *now], [estimate(), *then])
        rows = found[found["family"].str.endswith("naar kanaal")]
        p = rows["p_value"].sort_values()
        adjusted = rows.loc[p.index, "p_adjusted"].tolist()
        assert adjusted[0] == pytest.approx(3 * p.iloc[0])
        assert adjusted[1] == pytest.approx(2 * p.iloc[1])
        assert rows["verdict"].value_counts().to_dict() == {"not_shown": 2, "higher": 1}

    def test_distributions_and_unknown_groups_are_not_compared(self, compared):
        rows = [
            estimate(),
            estimate("klassen", "share", category="6"),
            estimate(statistic="count", by="kanaal", group="onbekend"),
            estimate(by="domein", group="had_contact"),
        ]
        found = compared(rows, rows)
        assert [each for each in found.index if each[0] != "tevreden"] == [TOTAL]

    @pytest.mark.parametrize("small", ["now", "then"])
    def test_fewer_than_thirty_answers_are_no_test(self, compared, small):
        few, many = estimate(n=29), estimate(estimate=5.0)
        sides = ([few], [many]) if small == "now" else ([many], [few])
        row = compared(*sides).loc[TOTAL]
        assert row["verdict"] == "not_shown"
        assert row["reason"] == "te weinig antwoorden voor een toets (n\u00a0=\u00a029)"
        assert np.isnan(row["p_value"]) and np.isnan(row["difference"])

    def test_a_suppressed_number_is_no_test(self, compared):
        gone = estimate(estimate=None, n=None, status="suppressed")
        row = compared([estimate()], [gone]).loc[TOTAL]
        assert row["verdict"] == "not_shown"
        assert row["reason"] == (
            "in de eerdere meting te weinig antwoorden om te publiceren"
        )
        assert np.isnan(row["difference"])

    def test_what_was_not_measured_is_said(self, compared):
        row = compared([estimate()], [estimate("tevreden", "share")]).loc[TOTAL]
        assert (row["verdict"], row["reason"]) == (
            "not_shown",
            "in de eerdere meting niet gemeten",
        )

    def test_complete_counts_are_compared_by_value(self, compared):
        exact = {"uncertainty": "none", "std_error_without_fpc": None, "df": None}
        now, then = estimate(**exact), estimate(estimate=6.7, **exact)
        row = compared([now], [then], recruitment="registration").loc[TOTAL]
        assert row["verdict"] == "lower"
        assert row["difference"] == pytest.approx(-0.1)
        assert np.isnan(row["p_value"])

    @pytest.mark.parametrize("recruitment", ["self-selected", "open-link"])
    def test_who_chose_himself_is_no_trend(self, compared, recruitment):
        exact = {"uncertainty": "none", "std_error_without_fpc": None, "df": None}
        row = compared(
            [estimate(**exact)],
            [estimate(estimate=5.0, **exact)],
            recruitment=recruitment,
        ).loc[TOTAL]
        assert row["verdict"] == "not_comparable"
        assert np.isnan(row["difference"])
        assert "kozen zelf" in row["reason"]


class TestGate:
    def test_another_population_closes_every_indicator(self, compared):
        rows = [estimate(), estimate("tevreden", "share")]
        found = compared(rows, rows, CHANGED)
        assert set(found["verdict"]) == {"not_comparable"}
        assert set(found["reason"]) == {CHANGED.reason}
        assert found["difference"].isna().all()
        assert len(found) == 2

    def test_a_bridge_compares_the_common_domain(self, compared):
        now = [estimate(), estimate("tevreden", "share", estimate=0.8)]
        then = [
            estimate(),
            estimate("tevreden", "share", estimate=0.1),
            estimate(
                "tevreden", "share", estimate=0.5, by="domein", group="had_contact"
            ),
        ]
        found = compared(now, then, BRIDGED)
        row = found.loc[SHARE]
        assert row["difference"] == pytest.approx(0.3)
        assert row["verdict"] == "higher"
        assert "brug: Vraag en schaal gelijk." in row["method"]
        assert found.loc[TOTAL, "verdict"] == "not_comparable"

    def test_a_bridge_to_a_domain_of_now(self, compared):
        turned = Bridge(
            indicators=("tevreden",),
            domain_now="had_contact",
            domain_then="all",
            reason="Omgekeerd.",
        )
        earlier = CHANGED.model_copy(update={"bridge": (turned,)})
        domain = estimate(
            "tevreden", "share", estimate=0.6, by="domein", group="had_contact"
        )
        found = compared(
            [domain], [estimate("tevreden", "share", estimate=0.5)], earlier
        )
        assert found.loc[("tevreden", "domein", "had_contact"), "difference"] == (
            pytest.approx(0.1)
        )

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"text": "Welk cijfer krijgt de gemeente?"}, "de vraagtekst"),
            ({"range": (1, 5)}, "de schaal (1 tot 10 tegenover 1 tot 5)"),
            ({"direction": "lower_is_better"}, "de richting van de schaal"),
            ({"type": "scale"}, "het soort vraag"),
        ],
    )
    @pytest.mark.parametrize("earlier", [COMPARABLE, BRIDGED])
    def test_another_question_closes_it_and_no_bridge_helps(
        self, compared, make_questionnaire, questions, change, words, earlier
    ):
        other = questions["cijfer"].model_copy(update=change)
        before = {"questionnaire": make_questionnaire(questions=[other])}
        rows = [
            estimate("tevreden", "share"),
            estimate("tevreden", "share", by="domein", group="had_contact"),
        ]
        row = compared(rows, rows, earlier, before=before).loc[SHARE]
        assert row["verdict"] == "not_comparable"
        assert row["reason"] == f"anders dan in de eerdere meting: {words}"

    def test_spaces_are_no_other_wording(self, compared, make_questionnaire, questions):
        other = questions["cijfer"].model_copy(
            update={"text": "Welk  rapportcijfer\ngeeft u?"}
        )
        before = {"questionnaire": make_questionnaire(questions=[other])}
        found = compared([estimate()], [estimate()], before=before)
        assert found.loc[TOTAL, "verdict"] == "not_shown"

    def test_another_threshold_or_base_closes_it(
        self, compared, make_questionnaire, indicators
    ):
        other = indicators["tevreden"].model_copy(update={"at_least": 6, "base": "all"})
        before = {"questionnaire": make_questionnaire(indicators=[other])}
        rows = [estimate("tevreden", "share")]
        row = compared(rows, rows, before=before).loc[SHARE]
        assert row["reason"] == "anders dan in de eerdere meting: de grens en de basis"

    def test_another_mode_closes_all(self, compared):
        before = {"mode": "phone"}
        found = compared([estimate()], [estimate()], before=before)
        assert set(found["reason"]) == {
            "anders dan in de eerdere meting: de manier van veldwerk"
        }

    def test_another_target_closes_what_is_called_comparable(self, compared):
        before = {"target": "all"}
        row = compared([estimate()], [estimate()], before=before).loc[TOTAL]
        assert row["verdict"] == "not_comparable"
        assert row["reason"] == "anders dan in de eerdere meting: de doelgroep"

    def test_an_indicator_that_was_not_there(
        self, compared, make_questionnaire, indicators
    ):
        only_grade = make_questionnaire(indicator=(indicators["rapportcijfer"],))
        rows = [estimate(), estimate("tevreden", "share")]
        row = compared(rows, rows, before={"questionnaire": only_grade}).loc[SHARE]
        assert row["reason"] == "in de eerdere meting bestaat deze uitkomst niet"

    def test_a_source_of_one_wave_is_not_compared(self, compared):
        found = compared([estimate()], [estimate()], before={"id": "anders"})
        assert len(found) == 0


class TestOtherPeople:
    """What a declared bridge may span, and nothing else."""

    def closed(self, compared, before, **study):
        rows = [estimate()]
        row = compared(rows, rows, before=before, **study).loc[TOTAL]
        assert row["verdict"] == "not_comparable"
        assert np.isnan(row["difference"]) and np.isnan(row["p_value"])
        return row["reason"]

    def test_another_recruitment(self, compared):
        assert self.closed(compared, {"recruitment": "panel"}) == (
            "anders dan in de eerdere meting: "
            "de werving (aselecte steekproef tegenover panel)"
        )

    def test_a_question_asked_of_others(self, compared, make_questionnaire, questions):
        everybody = questions["cijfer"].model_copy(update={"asked_if": ""})
        before = {
            "questionnaire": make_questionnaire(questions=[everybody]),
            "target": "all",
        }
        assert self.closed(compared, before, target="all") == (
            "anders dan in de eerdere meting: aan wie de vraag is gesteld"
        )

    def test_routing_that_says_no_more_than_the_target(
        self, compared, make_questionnaire, questions
    ):
        everybody = questions["cijfer"].model_copy(update={"asked_if": ""})
        before = {"questionnaire": make_questionnaire(questions=[everybody])}
        rows = [estimate()]
        found = compared(rows, rows, before=before)
        assert found.loc[TOTAL, "verdict"] == "not_shown"

    @pytest.mark.parametrize(
        ("now", "then", "closes"),
        [
            (("GM0363", 2022), ("GM0363", 2021), True),  # Amsterdam took in Weesp
            (("GM0363", 2023), ("GM0363", 2022), False),
            (("GM1992", 2023), ("GM0501", 2022), True),  # Brielle merged
            (("GM0575", 2023), ("GM0575", 2021), False),
        ],
    )
    def test_borders_that_moved(self, compared, now, then, closes):
        rows = [estimate()]
        at, before = (
            dict(zip(("municipality", "year"), each, strict=True))
            for each in (now, then)
        )
        row = compared(rows, rows, before=before, **at).loc[TOTAL]
        words = "anders dan in de eerdere meting: de gemeentegrens"
        assert row["reason"] == (words if closes else "")

    def test_a_bridge_spans_them(self, compared):
        rows = [
            estimate("tevreden", "share"),
            estimate("tevreden", "share", by="domein", group="had_contact"),
        ]
        row = compared(rows, rows, BRIDGED, before={"recruitment": "panel"}).loc[SHARE]
        assert row["reason"] == ""
        assert row["p_value"] == pytest.approx(1)


class TestOneTestPerQuestion:
    def share(self, name, **changes):
        given = {
            "id": name,
            "question": "stelling",
            "label": name,
            "statistic": "share",
        }
        return Indicator(**given | changes)

    @pytest.fixture
    def aspect(self, make_questionnaire, questions):
        statement = questions["cijfer"].model_copy(
            update={"id": "stelling", "column": "s"}
        )
        return make_questionnaire(
            questions=[statement],
            indicators=[
                self.share("eens", at_least=4),
                self.share("oneens", at_most=2, role="aspect_low"),
                self.share("score", statistic="mean", role="aspect"),
            ],
        )

    def rows(self):
        names = {"eens": "share", "oneens": "share", "score": "mean"}
        return [
            estimate(name, statistic, **place)
            for name, statistic in names.items()
            for place in (
                {},
                {"by": "kanaal", "group": "balie"},
                {"by": "domein", "group": "had_contact"},
            )
        ]

    def test_the_mean_of_an_aspect_stands_for_its_question(self, compared, aspect):
        found = compared(self.rows(), self.rows(), questionnaire=aspect)
        tested = found[found["p_value"].notna()]
        assert [each[0] for each in tested.index] == ["score", "score"]
        for name in ("eens", "oneens"):
            row = found.loc[(name, "totaal", "totaal")]
            assert row["verdict"] == "not_shown"
            assert row["reason"] == "zelfde vraag als 'score': daar getoetst"
            assert np.isnan(row["difference"])

    def test_a_bridged_share_stands_for_it(self, compared, aspect):
        bridge = BRIDGED.bridge[0].model_copy(update={"indicators": ("eens",)})
        earlier = COMPARABLE.model_copy(update={"bridge": (bridge,)})
        found = compared(self.rows(), self.rows(), earlier, questionnaire=aspect)
        tested = found[found["p_value"].notna()]
        assert [each[0] for each in tested.index] == ["eens"]
        assert found.loc[("score", "totaal", "totaal"), "reason"] == (
            "zelfde vraag als 'eens': daar getoetst"
        )

    def test_a_grade_stands_as_headline_and_as_satisfaction(
        self, compared, make_questionnaire, indicators
    ):
        failed = indicators["tevreden"].model_copy(
            update={
                "id": "onvoldoende",
                "at_least": None,
                "at_most": 5,
                "role": "dissatisfaction",
            }
        )
        rows = [
            estimate(),
            estimate("tevreden", "share"),
            estimate("onvoldoende", "share"),
        ]
        found = compared(
            rows, rows, questionnaire=make_questionnaire(indicators=[failed])
        )
        tested = found[found["p_value"].notna()]
        assert {each[0] for each in tested.index} == {"rapportcijfer", "tevreden"}
        assert tested["family"].nunique() == 2
        assert found.loc[("onvoldoende", "totaal", "totaal"), "reason"] == (
            "zelfde vraag als 'Tevreden': daar getoetst"
        )

    def test_a_closed_gate_is_the_first_reason(self, compared, aspect):
        found = compared(
            self.rows(),
            self.rows(),
            questionnaire=aspect,
            before={"questionnaire": aspect, "mode": "phone"},
        )
        assert set(found["verdict"]) == {"not_comparable"}


def test_detectable_is_that_of_the_whole_family(compared):
    """Three groups are held to 1 − 0.05/3, not to 0.95 each."""
    groups = [
        estimate(by="kanaal", group=each) for each in ("telefoon", "balie", "website")
    ]
    rows = [estimate(), *groups]
    found = compared(rows, rows)
    error, df = 0.08 * np.sqrt(2), 2 * 352

    def reach(level):
        return (stats.t.ppf(0.5 + level / 2, df) + stats.t.ppf(0.8, df)) * error

    assert found.loc[TOTAL, "detectable"] == pytest.approx(reach(0.95))
    row = found.loc[("rapportcijfer", "kanaal", "balie")]
    assert row["detectable"] == pytest.approx(reach(1 - 0.05 / 3))
    assert "Bonferroni" in row["method"]
    # What this family is sure to show: an interval as wide excludes it.
    assert (row["ci_high"] - row["ci_low"]) / 2 < row["detectable"]


def test_a_complete_count_against_a_sample_has_the_error_of_the_sample(compared):
    exact = estimate(
        estimate=6.3, uncertainty="none", std_error_without_fpc=None, df=None
    )
    row = compared([estimate()], [exact]).loc[TOTAL]
    assert row["std_error"] == pytest.approx(0.08)
    assert row["df"] == pytest.approx(352)
    assert row["verdict"] == "higher"
