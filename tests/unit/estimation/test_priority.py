import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.importance import association
from kcc_research.estimation.priority import (
    COMPLETE,
    CORRELATION,
    EXPLAINED,
    IMPORTANCE,
    MEAN_IMPORTANCE,
    TANGLED_PREFIX,
    estimate_priorities,
    is_too_small,
    priority_matrix,
    quadrants,
)
from kcc_research.estimation.tables import COMPARISON_COLUMNS, ESTIMATE_COLUMNS
from kcc_research.study.indicator import Indicator
from kcc_research.study.questionnaire import Question

TRUTH = Path(__file__).parents[2] / "reference" / "truth" / "data"
ASPECTS = {"tempo": "tempo", "toon": "toon", "uitleg": "uitleg", "plek": "plek"}


def respondents(rows=1500, seed=15):
    """Tempo and toon matter, uitleg and plek hardly; toon and plek score well."""
    draws = np.random.default_rng(seed)
    scores = draws.normal(size=(rows, 4))
    grade = 7 + scores @ [1.2, 1.2, 0.1, 0.1] + draws.normal(size=rows)
    frame = pd.DataFrame(scores + [3, 4.2, 3, 4.2], columns=list(ASPECTS))
    return frame.assign(cijfer=grade, w=draws.uniform(0.5, 2, rows), N=3 * rows)


def matrix(data=None, weights="w", cut=3.7, seed=1, replicates=300, **options):
    design = survey_design(respondents() if data is None else data, weights=weights)
    aspects = options.pop("aspects", ASPECTS)
    return priority_matrix(
        design,
        "cijfer",
        aspects,
        cut=cut,
        seed=seed,
        replicates=replicates,
        **options,
    )


def places(found):
    return quadrants(found.comparisons).set_index("indicator")["quadrant"].to_dict()


class TestQuadrants:
    def test_each_in_its_own(self):
        found = matrix()
        assert places(found) == {
            "tempo": "act",
            "toon": "extend",
            "uitleg": "watch",
            "plek": "maintain",
        }
        assert not is_too_small(quadrants(found.comparisons))

    def test_a_small_study_cannot_rank(self):
        draws = np.random.default_rng(16)
        shared = draws.normal(size=(150, 1))
        scores = 3.7 + shared + draws.normal(size=(150, 4))
        data = pd.DataFrame(scores, columns=list(ASPECTS))
        grade = scores.mean(axis=1) + draws.normal(size=150)
        found = quadrants(matrix(data.assign(cijfer=grade), weights=None).comparisons)
        assert set(found["quadrant"]) == {"undecided"}
        assert is_too_small(found)

    def test_the_wave_of_the_handbook_cannot_rank_either(self):
        # STAT-M21: n = 346, four drivers, all four undecided.
        data = pd.read_csv(TRUTH / "meting2.csv")
        themes = [each for each in data if each.startswith("erv_")]
        design = survey_design(data, weights="w_base", strata="wijk")
        found = priority_matrix(
            design, "cijfer", {each: each for each in themes}, cut=3.5, seed=1
        )
        assert len(themes) == 4
        assert set(places(found).values()) == {"undecided"}

    def test_half_undecided_is_not_yet_more_than_half(self):
        table = pd.DataFrame({"quadrant": ["act", "undecided"]})
        assert not is_too_small(table)
        assert is_too_small(pd.DataFrame({"quadrant": ["act"] + ["undecided"] * 2}))

    def test_other_comparisons_are_left_alone(self):
        own = matrix().comparisons
        other = own.assign(family="groups: algemeen", indicator="anders")
        both = pd.concat([other, own], ignore_index=True)
        assert quadrants(both)["indicator"].tolist() == list(ASPECTS)

    def test_suppressed_rows_are_undecided(self):
        own = matrix().comparisons
        hidden = own.assign(difference=np.nan, verdict=np.nan)
        assert set(quadrants(hidden)["quadrant"]) == {"undecided"}


class TestEstimates:
    def test_importance_adds_up_to_r_squared(self):
        found = matrix().estimates
        assert tuple(found.columns) == ESTIMATE_COLUMNS
        by_kind = found.set_index("category")["estimate"]
        assert by_kind[IMPORTANCE].sum() == pytest.approx(by_kind[EXPLAINED])
        assert by_kind[IMPORTANCE].mean() == pytest.approx(by_kind[MEAN_IMPORTANCE])

    def test_the_numbers_are_those_of_the_method(self):
        data = respondents()
        expected = association(
            data[list(ASPECTS)].to_numpy(),
            data["cijfer"].to_numpy(),
            data["w"].to_numpy(),
        )
        found = matrix(data).estimates.set_index("category")["estimate"]
        assert found[IMPORTANCE].tolist() == pytest.approx(expected.lmg[0])
        assert found[CORRELATION].tolist() == pytest.approx(expected.with_outcome[0])

    def test_only_complete_answers_explain_but_all_answers_score(self):
        data = respondents()
        data.loc[:99, "tempo"] = np.nan
        data.loc[100:149, "cijfer"] = np.nan
        found = matrix(data)
        count = found.estimates.set_index("category").loc[COMPLETE]
        assert (count["estimate"], count["n"]) == (1350, 1500)
        important = found.estimates[found.estimates["category"] == IMPORTANCE]
        assert set(important["n"]) == {1350}
        assert important["base"].iloc[0].endswith("1350 van 1500")
        score = found.comparisons[found.comparisons["statistic"] == "mean"]
        assert score["n"].tolist() == [1400, 1500, 1500, 1500]

    def test_intervals_hold_their_estimate(self):
        rows = matrix().estimates.dropna(subset="ci_low")
        assert len(rows) == 6
        assert (rows["ci_low"] < rows["estimate"]).all()
        assert (rows["estimate"] < rows["ci_high"]).all()

    def test_strong_correlations_are_named(self):
        data = respondents()
        noise = np.random.default_rng(1).normal(scale=0.1, size=len(data))
        data["snelheid"] = data["tempo"] + noise
        names = {**ASPECTS, "snelheid": "snelheid"}
        found, before = matrix(data, aspects=names), matrix(data)
        kinds = found.estimates.set_index(["indicator", "category"])["estimate"]
        assert kinds["tempo", f"{TANGLED_PREFIX}snelheid"] > 0.99
        assert not before.estimates["category"].str.startswith(TANGLED_PREFIX).any()
        # A near-copy takes importance away (STAT-M21).
        alone = before.estimates.set_index(["indicator", "category"])["estimate"]
        assert kinds["tempo", IMPORTANCE] < 0.6 * alone["tempo", IMPORTANCE]

    def test_more_than_ten_aspects_go_by_relative_weights(self):
        draws = np.random.default_rng(1)
        data = pd.DataFrame(draws.normal(size=(200, 12))).add_prefix("a")
        names = {each: each for each in data}
        data["cijfer"] = data.sum(axis=1)
        found = matrix(data, weights=None, aspects=names, replicates=20)
        method = found.estimates.set_index("category")["method"][IMPORTANCE]
        assert method.str.contains("Johnson").all()


class TestComparisons:
    def test_score_is_held_against_the_declared_cut(self):
        found = matrix(cut={"tempo": 3.0, "toon": 4, "uitleg": 3.5, "plek": 5})
        assert tuple(found.comparisons.columns) == COMPARISON_COLUMNS
        score = found.comparisons[found.comparisons["statistic"] == "mean"]
        assert score["reference"].tolist() == [
            f"snijlijn {each}" for each in ("3,0", "4,0", "3,5", "5,0")
        ]
        data = respondents()
        average = np.average(data["tempo"], weights=data["w"])
        assert score["difference"].iloc[0] == pytest.approx(average - 3)

    def test_importance_is_held_against_its_mean(self):
        rows = matrix().comparisons
        rows = rows[rows["category"] == IMPORTANCE]
        assert rows["difference"].sum() == pytest.approx(0)
        assert set(rows["reference"]) == {MEAN_IMPORTANCE}
        assert rows["family"].str.startswith("priority").all()

    def test_the_finite_population_correction_is_off(self):
        data = respondents()
        design = survey_design(data, population="N")
        assert design.has_fpc
        with_fpc, without = (
            priority_matrix(
                each, "cijfer", ASPECTS, cut=3.7, seed=1, replicates=50
            ).comparisons
            for each in (design, design.without_fpc)
        )
        pd.testing.assert_frame_equal(with_fpc, without)

    def test_seed_and_scale_of_weights(self):
        data = respondents(300)
        first = matrix(data)
        pd.testing.assert_frame_equal(matrix(data).comparisons, first.comparisons)
        other = matrix(data, seed=2).comparisons
        assert not other["ci_low"].equals(first.comparisons["ci_low"])
        design = survey_design(data, weights="w")
        larger = dataclasses.replace(design, weights=9 * design.weights)
        again = priority_matrix(
            larger, "cijfer", ASPECTS, cut=3.7, seed=1, replicates=300
        )
        pd.testing.assert_frame_equal(again.comparisons, first.comparisons)

    def test_without_sampling_error_sides_go_by_value(self):
        found = matrix(has_sampling_error=False)
        margins = ["std_error", "ci_low", "ci_high", "df", "p_value"]
        assert found.comparisons[margins].isna().all(axis=None)
        assert "undecided" not in places(found).values()
        assert set(found.estimates["uncertainty"]) == {"none"}

    def test_fewer_than_thirty_complete_answers(self):
        found = matrix(respondents(29))
        assert set(found.comparisons["verdict"]) == {"not_shown"}
        assert found.comparisons["reason"].str.contains("te weinig").all()
        missing = found.estimates.query("status == 'not_measured'")
        assert missing["indicator"].tolist() == list(ASPECTS)
        assert missing["estimate"].isna().all()


class TestStudy:
    def questionnaire(self, make_questionnaire, roles=("aspect", "aspect")):
        names = ("tempo", "toon")
        asked = [
            Question(
                id=name,
                column=name,
                text=name,
                type="scale",
                codes={str(i): str(i) for i in range(1, 6)},
                range=(1, 5),
                direction="higher_is_better",
                sensitive=False,
            )
            for name in names
        ]
        counted = [
            Indicator(
                id=f"score_{name}",
                question=name,
                label=name,
                statistic="mean",
                role=role,
            )
            for name, role in zip(names, roles, strict=True)
        ]
        return make_questionnaire(questions=asked, indicators=counted)

    def data(self, make_responses, rows=240):
        draws = np.random.default_rng(17)
        data = make_responses(rows)
        data["tempo"] = draws.integers(1, 6, rows).astype(float)
        data["toon"] = draws.integers(1, 6, rows).astype(float)
        return data

    def test_aspects_against_the_headline_within_the_target(
        self, make_study, make_questionnaire, make_responses
    ):
        study = make_study(self.questionnaire(make_questionnaire))
        data = self.data(make_responses)
        found = estimate_priorities(
            study, "algemeen", survey_design(data), cut=3.5, seed=1, replicates=50
        )
        assert set(found.comparisons["indicator"]) == {"score_tempo", "score_toon"}
        assert set(found.estimates["measurement"]) == {study.key}
        count = found.estimates.set_index("category").loc[COMPLETE]
        had_contact = data["contact"] == "ja"
        assert count["indicator"] == "rapportcijfer"
        assert count["n"] == had_contact.sum()
        assert count["estimate"] == data.loc[had_contact, "cijfer"].notna().sum()

    def test_one_aspect_is_no_matrix(
        self, make_study, make_questionnaire, make_responses
    ):
        study = make_study(self.questionnaire(make_questionnaire, ("aspect", None)))
        found = estimate_priorities(
            study,
            "algemeen",
            survey_design(self.data(make_responses)),
            cut=3.5,
            seed=1,
        )
        assert found.estimates.empty and found.comparisons.empty
        assert quadrants(found.comparisons).empty
