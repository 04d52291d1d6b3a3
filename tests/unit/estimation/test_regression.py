import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import special, stats

from kcc_research.errors import DataError
from kcc_research.estimation.design import survey_design
from kcc_research.estimation.estimate import domain_means, mean
from kcc_research.estimation.regression import (
    INTERCEPT,
    FTest,
    Term,
    regression,
    wald_test,
)
from kcc_research.estimation.weighting import calibrate

FAMILIES = ["gaussian", "quasibinomial"]


def rows(n=150, seed=6):
    draws = np.random.default_rng(seed)
    age = draws.normal(50, 12, n)
    channel = draws.choice(["telefoon", "balie", "website"], n)
    latent = 0.03 * (age - 50) + (channel == "balie") + draws.normal(0, 1.5, n)
    return pd.DataFrame(
        {
            "cijfer": np.clip(np.round(6.5 + latent), 1, 10),
            "tevreden": (latent > 0).astype(float),
            "leeftijd": age,
            "kanaal": channel,
            "w": draws.uniform(0.5, 3, n),
            "h": draws.choice(["a", "b", "c"], n),
            "dag": draws.integers(0, 40, n),
        }
    )


def outcome(family):
    return "cijfer" if family == "gaussian" else "tevreden"


def fit(frame, family="gaussian", predictors=("leeftijd", "kanaal"), **options):
    design = survey_design(frame, weights="w", strata="h")
    return regression(design, outcome(family), predictors, family=family, **options)


class TestCoefficients:
    def test_unweighted_they_are_those_of_least_squares(self):
        frame = rows()
        found = regression(survey_design(frame), "cijfer", ["leeftijd"])
        line = stats.linregress(frame["leeftijd"], frame["cijfer"])
        assert_allclose(found.estimate.value, [line.intercept, line.slope])

    def test_the_first_category_in_the_alphabet_is_the_reference(self):
        assert fit(rows()).terms == (
            INTERCEPT,
            Term("leeftijd"),
            Term("kanaal", "telefoon"),
            Term("kanaal", "website"),
        )

    def test_of_groups_they_are_differences_of_means(self):
        frame = rows()
        design = survey_design(frame, weights="w", strata="h")
        found = regression(design, "cijfer", ["kanaal"]).estimate
        _, means = domain_means(design, "cijfer", "kanaal")
        away = means.contrast(np.array([[1.0, -1, -1], [0, 1, 0], [0, 0, 1]]))
        assert_allclose(found.value, away.value)
        assert_allclose(found.covariance, away.covariance, atol=1e-14)

    @pytest.mark.parametrize("family", FAMILIES)
    def test_units_of_a_predictor_do_not_matter(self, family):
        frame = rows()
        in_seconds = frame.assign(leeftijd=frame["leeftijd"] * 31_557_600)
        before, after = (fit(each, family).estimate for each in (frame, in_seconds))
        factor = np.array([1, 31_557_600, 1, 1])
        assert_allclose(after.value * factor, before.value, rtol=1e-6)
        assert_allclose(after.std_error * factor, before.std_error, rtol=1e-6)

    def test_a_logistic_model_reproduces_the_shares_of_groups(self):
        frame = rows()
        found = fit(frame, "quasibinomial", ["kanaal"]).estimate.value
        shares = special.expit(found[0] + np.array([0, found[1], found[2]]))
        expected = [
            np.average(each["tevreden"], weights=each["w"])
            for _, each in frame.groupby("kanaal")
        ]
        assert_allclose(shares, expected)

    def test_a_logistic_model_meets_its_equations(self):
        frame = rows()
        found = fit(frame, "quasibinomial").estimate.value
        x = np.column_stack(
            [
                np.ones(len(frame)),
                frame["leeftijd"],
                frame["kanaal"] == "telefoon",
                frame["kanaal"] == "website",
            ]
        ).astype(float)
        residual = frame["tevreden"] - special.expit(x @ found)
        assert_allclose(x.T @ (frame["w"] * residual), 0, atol=1e-8)


class TestVariance:
    @pytest.mark.parametrize("family", FAMILIES)
    def test_scores_are_the_change_for_a_unit_of_weight(self, family):
        frame = rows(40)
        found, step = fit(frame, family), 1e-6
        for at in (0, 7, 23):
            moved = frame.copy()
            moved.loc[at, "w"] += step
            change = (fit(moved, family).estimate.value - found.estimate.value) / step
            assert_allclose(found.estimate.scores[at], change, rtol=1e-4, atol=1e-6)

    def test_is_the_sandwich_written_out(self):
        """Strata, days as clusters, a population size: the textbook by loops."""
        frame = rows().assign(days=60.0)
        frame["dag"] = frame["h"] + frame["dag"].astype(str)
        design = survey_design(
            frame, weights="w", strata="h", cluster="dag", population="days"
        )
        found = regression(design, "cijfer", ["leeftijd"], fpc=True).estimate
        x = np.column_stack([np.ones(len(frame)), frame["leeftijd"]])
        w = frame["w"].to_numpy()
        residual = frame["cijfer"].to_numpy() - x @ found.value
        estimating = pd.DataFrame(x * (w * residual)[:, None])
        meat = np.zeros((2, 2))
        for _, stratum in frame.groupby("h"):
            days = estimating.loc[stratum.index].groupby(stratum["dag"]).sum()
            n = len(days)
            centred = (days - days.mean()).to_numpy()
            meat += (1 - n / 60) * n / (n - 1) * centred.T @ centred
        bread = np.linalg.inv(x.T @ (w[:, None] * x))
        assert_allclose(found.covariance, bread @ meat @ bread, rtol=1e-9)

    def test_of_the_intercept_alone_is_that_of_a_mean_in_two_stages(self):
        frame = rows().assign(days=60.0, people=90.0, dag=lambda f: f["dag"] // 4)
        design = survey_design(
            frame,
            weights="w",
            cluster=["dag", "h"],
            population=["days", "people"],
            nest=True,
        )
        found = regression(design, "cijfer", [], fpc=True).estimate
        expected = mean(design, "cijfer")
        assert found.value[0] == pytest.approx(expected.value[0])
        assert found.variance[0] == pytest.approx(expected.variance[0])

    def test_the_finite_population_correction_is_off(self):
        frame = rows().assign(size=100.0)
        sized = survey_design(frame, weights="w", strata="h", population="size")
        plain = fit(frame).estimate.std_error
        off, on = (
            regression(sized, "cijfer", ["leeftijd", "kanaal"], fpc=each).estimate
            for each in (False, True)
        )
        assert_allclose(off.std_error, plain)
        assert (on.std_error < plain).all()

    def test_weighting_to_margins_is_taken_along(self):
        frame = rows()
        counts = {"balie": 100.0, "telefoon": 100.0, "website": 100.0}
        design = calibrate(survey_design(frame), {"kanaal": counts})
        only_channel = regression(design, "cijfer", ["kanaal"]).estimate
        assert_allclose(
            only_channel.covariance,
            _covariance_of_differences(design),
            atol=1e-13,
        )


def _covariance_of_differences(design):
    _, means = domain_means(design, "cijfer", "kanaal")
    return means.contrast(np.array([[1.0, -1, -1], [0, 1, 0], [0, 0, 1]])).covariance


class TestRows:
    def test_incomplete_ones_stay_in_the_design(self):
        frame = rows()
        frame.loc[:9, "leeftijd"] = np.nan
        frame.loc[10:14, "kanaal"] = None
        frame.loc[15:17, "cijfer"] = np.nan
        found = fit(frame)
        assert found.estimate.n.tolist() == [132] * 4
        assert found.df("full")[0] == 150 - 3 - 3
        assert found.df("domain")[0] == 132 - 3 - 3

    def test_a_domain_leaves_others_out(self):
        frame = rows()
        inside = (frame["leeftijd"] > 45).to_numpy()
        found = fit(frame, domain=inside)
        blank = frame.assign(cijfer=frame["cijfer"].where(inside))
        assert_allclose(found.estimate.value, fit(blank).estimate.value)
        assert_allclose(found.estimate.covariance, fit(blank).estimate.covariance)

    @settings(max_examples=20)
    @given(st.randoms(use_true_random=False), st.floats(1e-3, 1e4))
    def test_neither_order_nor_scale_of_weights_matters(self, random, scale):
        frame = rows()
        order = list(range(len(frame)))
        random.shuffle(order)
        mixed = frame.iloc[order].assign(w=lambda f: f["w"] * scale)
        for family in FAMILIES:
            before, after = fit(frame, family), fit(mixed, family)
            assert_allclose(after.estimate.value, before.estimate.value, rtol=1e-6)
            assert_allclose(
                after.estimate.std_error, before.estimate.std_error, rtol=1e-6
            )


class TestRefused:
    def reason(self, frame, *options, **named):
        with pytest.raises(DataError) as refused:
            fit(frame, *options, **named)
        (fault,) = refused.value.problems
        assert fault.code == "KCC-D052w"
        return str(fault)

    def test_predictors_that_follow_from_each_other(self):
        frame = rows().assign(maanden=lambda f: 12 * f["leeftijd"])
        text = self.reason(frame, predictors=["leeftijd", "maanden"])
        assert "volgen uit elkaar" in text

    def test_a_predictor_with_one_value(self):
        self.reason(rows().assign(leeftijd=50.0))

    def test_answers_that_are_predicted_completely(self):
        frame = rows().assign(tevreden=lambda f: (f["leeftijd"] > 50).astype(float))
        assert "volledig" in self.reason(frame, "quasibinomial", ["leeftijd"])

    def test_a_category_that_is_predicted_completely(self):
        frame = rows()
        frame.loc[frame["kanaal"] == "website", "tevreden"] = 1.0
        assert "volledig" in self.reason(frame, "quasibinomial")

    def test_a_logistic_model_of_grades_is_a_mistake(self):
        design = survey_design(rows())
        with pytest.raises(ValueError, match="0 and 1"):
            regression(design, "cijfer", ["leeftijd"], family="quasibinomial")


class TestTests:
    def test_one_coefficient_is_its_t_squared(self):
        found = fit(rows())
        table = found.table().set_index("variable")
        age = table.loc["leeftijd"]
        t = age["coefficient"] / age["std_error"]
        test = found.test("leeftijd")
        assert test.statistic == pytest.approx(t**2)
        assert test.p_value == pytest.approx(age["p_value"])
        assert age["p_value"] == pytest.approx(2 * stats.t.sf(abs(t), age["df"]))

    def test_of_a_factor_takes_all_its_categories(self):
        found = fit(rows())
        test = found.test("kanaal")
        b, v = found.estimate.value[2:], found.estimate.covariance[2:, 2:]
        assert test.chi_square == pytest.approx(b @ np.linalg.inv(v) @ b)
        assert test.df == 2
        assert test.df_error == found.df()[2:].min()
        assert test.p_value == pytest.approx(
            stats.f.sf(test.statistic, 2, test.df_error)
        )
        assert test.p_chi_square == pytest.approx(stats.chi2.sf(test.chi_square, 2))

    def test_table_has_intervals(self):
        table = fit(rows()).table(level=0.9, df="domain")
        half = stats.t.ppf(0.95, table["df"]) * table["std_error"]
        assert_allclose(table["ci_high"] - table["coefficient"], half)
        assert_allclose(table["coefficient"] - table["ci_low"], half)
        assert table["category"].tolist() == ["", "", "telefoon", "website"]

    def test_an_unknown_variable_is_a_mistake(self):
        with pytest.raises(ValueError, match="geslacht"):
            fit(rows()).test("geslacht")

    def test_too_few_units_carry_no_test(self):
        frame = rows().assign(dag=lambda f: f["dag"] % 3)
        design = survey_design(frame, cluster="dag")
        model = regression(design, "cijfer", ["leeftijd", "kanaal", "h"])
        test = model.test("kanaal")
        assert np.isnan(test.p_value)
        everything = model.estimate.contrast(np.eye(6)[:, 1:])
        assert np.isnan(wald_test(everything, 40).statistic)

    def test_p_needs_two_degrees_of_freedom(self):
        assert np.isnan(FTest(4.0, 1, 1.9).p_value)
        assert np.isnan(FTest(4.0, 1, float("nan")).p_value)
        assert FTest(4.0, 1, 2).p_value == pytest.approx(stats.f.sf(4, 1, 2))
