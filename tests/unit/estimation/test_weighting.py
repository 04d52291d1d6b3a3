import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from kcc_research.errors import DataError
from kcc_research.estimation.design import survey_design
from kcc_research.estimation.estimate import mean, total
from kcc_research.estimation.weighting import (
    calibrate,
    composition,
    poststratify,
    rake,
    summarise_weights,
    weight_summary,
)

MARGINS = {
    "leeftijd": {"jong": 400.0, "midden": 350.0, "oud": 250.0},
    "wijk": {"noord": 600.0, "zuid": 400.0},
}


def sample(rows=120, seed=5):
    draws = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "leeftijd": draws.choice(
                ["jong", "midden", "oud"], rows, p=[0.2, 0.4, 0.4]
            ),
            "wijk": draws.choice(["noord", "zuid"], rows),
            "cijfer": draws.integers(1, 11, rows).astype(float),
        }
    )


def weighted_counts(design, variable):
    return pd.Series(design.weights).groupby(design.data[variable]).sum().to_dict()


def codes(action):
    with pytest.raises(DataError) as refused:
        action()
    return [(each.code, each.column, each.value) for each in refused.value.problems]


class TestMargins:
    @pytest.mark.parametrize("method", ["linear", "raking", "logit"])
    def test_hold_exactly(self, method):
        design = calibrate(survey_design(sample()), MARGINS, method=method)
        for variable, counts in MARGINS.items():
            assert weighted_counts(design, variable) == pytest.approx(counts, rel=1e-9)

    def test_hold_exactly_by_raking(self):
        design = rake(survey_design(sample()), MARGINS)
        for variable, counts in MARGINS.items():
            assert weighted_counts(design, variable) == pytest.approx(counts, rel=1e-9)

    @given(st.integers(0, 10_000), st.floats(0.25, 0.6))
    def test_hold_whatever_the_sample(self, seed, young):
        frame = sample(seed=seed)
        assume(set(frame["leeftijd"]) == {"jong", "midden", "oud"})
        margins = {
            "leeftijd": {"jong": young, "midden": 0.3, "oud": 0.7 - young},
            "wijk": {"noord": 0.5, "zuid": 0.5},
        }
        design = rake(survey_design(frame), margins)
        for variable, counts in margins.items():
            assert weighted_counts(design, variable) == pytest.approx(counts, rel=1e-8)

    def test_raking_is_calibration_with_the_raking_distance(self):
        design = survey_design(sample())
        assert_allclose(
            rake(design, MARGINS).weights,
            calibrate(design, MARGINS, method="raking").weights,
            rtol=1e-9,
        )

    def test_the_estimated_margin_has_no_variance_left(self):
        design = calibrate(survey_design(sample()), MARGINS)
        young = (design.data["leeftijd"] == "jong").astype(float)
        found = mean(design, young)
        assert found.value[0] == pytest.approx(0.4)
        assert found.std_error[0] == 0

    def test_rounded_margins_of_one_population_are_one_population(self):
        rounded = MARGINS | {"wijk": {"noord": 603.0, "zuid": 402.0}}
        design = calibrate(survey_design(sample()), rounded)
        assert design.weights.sum() == pytest.approx(1000)
        assert weighted_counts(design, "wijk")["noord"] == pytest.approx(600)


class TestBounds:
    def test_hold_against_weights_scaled_to_the_population(self):
        frame = sample().assign(w=np.linspace(1, 2, 120))
        design = calibrate(survey_design(frame, weights="w"), MARGINS)
        ratio = design.weights / (frame["w"] * 1000 / frame["w"].sum())
        assert 0.3 <= ratio.min() and ratio.max() <= 3

    def test_narrow_bounds_are_kept(self):
        design = calibrate(survey_design(sample()), MARGINS, bounds=(0.4, 2.2))
        relative = design.weights / design.weights.mean()
        assert 0.4 <= relative.min() and relative.max() <= 2.2
        assert weighted_counts(design, "wijk") == pytest.approx(MARGINS["wijk"])

    def test_what_cannot_be_reached_is_named(self):
        frame = pd.DataFrame({"wijk": ["noord"] * 95 + ["zuid"] * 5})
        margins = {"wijk": {"noord": 50.0, "zuid": 50.0}}
        ((code, _, value),) = codes(lambda: calibrate(survey_design(frame), margins))
        assert (code, value) == ("KCC-D052t", "wijk = zuid")

    def test_what_cannot_be_reached_together_names_all(self):
        frame = pd.DataFrame({"a": list("xxyy") * 5, "b": list("ppqq") * 5})
        margins = {"a": {"x": 8.0, "y": 12.0}, "b": {"p": 12.0, "q": 8.0}}
        ((code, _, value),) = codes(lambda: calibrate(survey_design(frame), margins))
        assert (code, value) == ("KCC-D052t", "a = x, a = y, b = p en b = q")
        ((code, _, _),) = codes(lambda: rake(survey_design(frame), margins))
        assert code == "KCC-D052t"


class TestFaults:
    def test_every_category_that_does_not_fit_is_named(self):
        margins = {
            "leeftijd": {"jong": 500.0, "midden": 300.0, "stokoud": 200.0},
            "kern": {"a": 1000.0},
        }
        assert codes(lambda: calibrate(survey_design(sample()), margins)) == [
            ("KCC-D052r", "leeftijd", "stokoud"),
            ("KCC-D052s", "leeftijd", "oud"),
            ("KCC-D052v", "kern", ""),
        ]

    def test_two_populations_are_refused(self):
        margins = MARGINS | {"wijk": {"noord": 600.0, "zuid": 900.0}}
        ((code, _, value),) = codes(lambda: rake(survey_design(sample()), margins))
        assert (code, value) == ("KCC-D052u", "leeftijd 1.000 en wijk 1.500")

    def test_weighting_twice_is_a_mistake(self):
        design = calibrate(survey_design(sample()), MARGINS)
        with pytest.raises(ValueError, match="weighted already"):
            rake(design, MARGINS)


class TestUnknown:
    def test_keeps_its_share_and_the_margin_holds_among_the_rest(self):
        frame = sample().astype({"wijk": "object"})
        frame.loc[:11, "wijk"] = None
        design = calibrate(survey_design(frame), MARGINS)
        counts = weighted_counts(design, "wijk")
        assert counts["noord"] / counts["zuid"] == pytest.approx(600 / 400)
        assert design.weights[:12].sum() == pytest.approx(1000 * 12 / 120)
        table = composition(design, "wijk").set_index("category")
        assert table.loc["onbekend", ["before", "after"]].tolist() == pytest.approx(
            [0.1, 0.1]
        )


class TestPoststratification:
    def test_scales_every_cell(self):
        frame = sample()
        cells = pd.Series(
            [100.0, 200, 50, 300, 150, 200],
            index=pd.MultiIndex.from_product(
                [["jong", "midden", "oud"], ["noord", "zuid"]],
                names=["leeftijd", "wijk"],
            ),
        )
        design = poststratify(survey_design(frame), cells)
        found = (
            pd.Series(design.weights).groupby([frame["leeftijd"], frame["wijk"]]).sum()
        )
        assert_allclose(found.to_numpy(), cells.to_numpy())
        assert list(design.data.columns) == list(frame.columns)

    def test_variance_is_that_of_the_strata_within(self):
        """Särndal et al. 1992, §7.6: residuals from the post-stratum means."""
        frame = sample()
        cells = pd.Series(
            [400.0, 350.0, 250.0],
            index=pd.Index(["jong", "midden", "oud"], name="leeftijd"),
        )
        design = poststratify(survey_design(frame), cells)
        within = frame["cijfer"] - frame.groupby("leeftijd")["cijfer"].transform("mean")
        z = design.weights * within
        expected = len(z) / (len(z) - 1) * ((z - z.mean()) ** 2).sum()
        assert total(design, "cijfer").variance[0] == pytest.approx(expected)


class TestAccount:
    def test_composition_before_after_and_in_the_population(self):
        frame = sample()
        table = composition(calibrate(survey_design(frame), MARGINS), "leeftijd")
        assert table["category"].tolist() == ["jong", "midden", "oud"]
        counts = frame["leeftijd"].value_counts()[["jong", "midden", "oud"]]
        assert table["count"].tolist() == counts.tolist()
        assert_allclose(table["before"], counts / 120)
        assert_allclose(table["after"], [0.4, 0.35, 0.25])
        assert_allclose(table["population"], [0.4, 0.35, 0.25])

    def test_composition_is_of_what_was_weighted_to(self):
        with pytest.raises(ValueError, match="wijk"):
            composition(survey_design(sample()), "wijk")

    def test_summary_of_weights_worked_by_hand(self):
        frame = pd.DataFrame({"w": [1.0, 1.0, 2.0]})
        found = weight_summary(survey_design(frame, weights="w"))
        assert (found.smallest, found.largest) == (0.75, 1.5)
        assert found.design_effect == pytest.approx(18 / 16)
        assert found.n_effective == pytest.approx(16 / 6)

    def test_standard_errors_use_the_residuals_without_being_told(self):
        frame = sample().assign(
            cijfer=lambda f: f["cijfer"] + 5 * (f["wijk"] == "zuid")
        )
        plain = mean(survey_design(frame), "cijfer").std_error[0]
        weighted = calibrate(survey_design(frame), MARGINS)
        assert mean(weighted, "cijfer").std_error[0] < 0.9 * plain

    def test_summary_per_source(self):
        plain = survey_design(sample())
        table = summarise_weights({"a": plain, "b": calibrate(plain, MARGINS)})
        assert table.index.tolist() == ["a", "b"]
        assert table["antwoorden"].tolist() == [120, 120]
        assert table["gewogen"].tolist() == [False, True]
        assert table.loc["a", ["kleinste", "grootste"]].tolist() == [1, 1]
        assert table.loc["b", "ontwerpeffect"] > 1
