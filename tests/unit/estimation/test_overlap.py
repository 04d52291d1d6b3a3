from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from kcc_research.errors import DataError
from kcc_research.estimation.design import survey_design
from kcc_research.estimation.difference import independent_difference
from kcc_research.estimation.estimate import domain_means, mean, total
from kcc_research.estimation.overlap import pooled_waves, wave_difference
from kcc_research.estimation.weighting import calibrate

TRUTH = Path(__file__).parents[2] / "reference" / "truth" / "data"


def wave(people, seed, shift=0.0):
    draws = np.random.default_rng(seed)
    people = np.asarray(people)
    liking = np.sin(people * 7.3) * 1.5
    return pd.DataFrame(
        {
            "wie": people,
            "wijk": np.where(people % 3 == 0, "noord", "zuid"),
            "cijfer": 6.5 + shift + liking + draws.normal(0, 0.8, len(people)),
            "w": draws.uniform(0.5, 2, len(people)),
        }
    )


THEN, NOW = wave(range(60), 1), wave(range(40, 120), 2, 0.4)


def designs(**options):
    return survey_design(THEN, **options), survey_design(NOW, **options)


class TestSamePeople:
    def test_variance_is_that_of_persons(self):
        """Per person the scores of both waves together, by a loop."""
        then, now = designs(weights="w")
        found = wave_difference(then, now, "cijfer", person="wie")
        z = {}
        for sign, frame in ((-1, THEN), (1, NOW)):
            m = np.average(frame["cijfer"], weights=frame["w"])
            for row in frame.itertuples():
                score = sign * row.w * (row.cijfer - m) / frame["w"].sum()
                z[row.wie] = z.get(row.wie, 0) + score
        each = np.array(list(z.values()))
        n = len(each)
        assert n == 120
        expected = n / (n - 1) * ((each - each.mean()) ** 2).sum()
        assert found.std_error[0] ** 2 == pytest.approx(expected)
        assert found.value[0] == pytest.approx(
            np.average(NOW["cijfer"], weights=NOW["w"])
            - np.average(THEN["cijfer"], weights=THEN["w"])
        )

    def test_people_in_both_waves_make_it_more_certain(self):
        then, now = designs()
        linked = wave_difference(then, now, "cijfer", person="wie")
        apart = wave_difference(then, now, "cijfer")
        assert linked.std_error[0] < 0.95 * apart.std_error[0]

    def test_of_the_panel_is_that_of_its_pooled_file(self):
        # STAT-M13: 0.100 with the overlap, 0.114 without.
        panel = pd.read_csv(TRUTH / "panel.csv")
        then, now = (
            survey_design(panel[panel["meting"] == number], weights="w")
            for number in (1, 2)
        )
        pooled = survey_design(panel, weights="w", cluster="pid")
        _, means = domain_means(pooled, "cijfer", "meting")
        expected = means.contrast(np.array([[-1.0], [1.0]]))
        found = wave_difference(then, now, "cijfer", person="pid", df="domain")
        assert found.value[0] == pytest.approx(expected.value[0])
        assert found.std_error[0] == pytest.approx(expected.std_error[0])
        assert found.df[0] == expected.df("domain")[0] == 544
        assert found.std_error[0] == pytest.approx(0.100, abs=5e-4)
        apart = wave_difference(then, now, "cijfer")
        assert apart.std_error[0] == pytest.approx(0.114, abs=5e-4)

    def test_strata_are_those_of_the_same_name(self):
        then, now = designs(weights="w", strata="wijk")
        pooled = pooled_waves(then, now, person="wie")
        assert pooled.primary.names == ("noord", "zuid")
        by_file = survey_design(
            pd.concat([THEN, NOW], ignore_index=True),
            weights="w",
            strata="wijk",
            cluster="wie",
        )
        expected = total(by_file, "cijfer").std_error
        assert_allclose(total(pooled, "cijfer").std_error, expected)
        assert pooled.full_df == by_file.full_df == 118

    def test_a_household_is_as_good_as_a_person(self):
        frames = [each.assign(huis=each["wie"] // 2) for each in (THEN, NOW)]
        then, now = (survey_design(each, cluster="huis") for each in frames)
        pooled = pooled_waves(then, now, person="huis")
        assert pooled.primary.units.count == 60


class TestOtherPeople:
    def test_variances_add_up(self):
        then, now = designs(weights="w", strata="wijk")
        found = wave_difference(then, now, "cijfer")
        a, b = mean(now, "cijfer"), mean(then, "cijfer")
        apart = independent_difference(
            a.value, a.std_error, a.df(), b.value, b.std_error, b.df()
        )
        assert found.value[0] == pytest.approx(apart.value[0])
        assert found.std_error[0] == pytest.approx(apart.std_error[0])

    def test_strata_are_wave_by_stratum(self):
        pooled = pooled_waves(*designs(strata="wijk"))
        assert pooled.primary.names == ("1 noord", "1 zuid", "2 noord", "2 zuid")
        assert pooled.full_df == 140 - 4

    def test_clusters_of_two_waves_are_different_clusters(self):
        frames = [each.assign(dag=each["wie"] % 9) for each in (THEN, NOW)]
        pooled = pooled_waves(*(survey_design(each, cluster="dag") for each in frames))
        assert pooled.primary.units.count == 18

    def test_there_is_no_finite_population_correction(self):
        frames = [each.assign(size=150.0) for each in (THEN, NOW)]
        sized = [survey_design(each, population="size") for each in frames]
        found = wave_difference(*sized, "cijfer")
        plain = wave_difference(*designs(), "cijfer")
        assert found.std_error[0] == pytest.approx(plain.std_error[0])


class TestWeighting:
    margins = {"wijk": {"noord": 400.0, "zuid": 600.0}}

    def test_each_wave_keeps_its_own(self):
        then, now = (calibrate(each, self.margins) for each in designs())
        found = wave_difference(then, now, "cijfer")
        a, b = mean(now, "cijfer"), mean(then, "cijfer")
        assert found.std_error[0] == pytest.approx(
            np.hypot(a.std_error, b.std_error)[0]
        )

    def test_of_one_wave_only(self):
        then, now = designs()
        weighted = calibrate(now, self.margins)
        found = wave_difference(then, weighted, "cijfer", person="wie")
        apart = wave_difference(then, weighted, "cijfer")
        expected = np.hypot(
            mean(weighted, "cijfer").std_error, mean(then, "cijfer").std_error
        )
        assert apart.std_error[0] == pytest.approx(expected[0])
        assert found.std_error[0] < apart.std_error[0]
        assert pooled_waves(then, now).calibration is None


class TestDomains:
    def test_may_differ_between_waves(self):
        then, now = designs(weights="w")
        inside = (NOW["wijk"] == "zuid").to_numpy()
        found = wave_difference(then, now, "cijfer", person="wie", domain_now=inside)
        kept = NOW[inside]
        assert found.value[0] == pytest.approx(
            np.average(kept["cijfer"], weights=kept["w"])
            - np.average(THEN["cijfer"], weights=THEN["w"])
        )

    @given(st.randoms(use_true_random=False), st.floats(1e-3, 1e4))
    def test_neither_order_nor_scale_of_weights_matters(self, random, scale):
        order = list(range(len(NOW)))
        random.shuffle(order)
        mixed = NOW.iloc[order].assign(w=lambda frame: frame["w"] * scale)
        then, now = designs(weights="w", strata="wijk")
        before = wave_difference(then, now, "cijfer", person="wie")
        shuffled = survey_design(mixed, weights="w", strata="wijk")
        after = wave_difference(then, shuffled, "cijfer", person="wie")
        assert after.std_error[0] == pytest.approx(before.std_error[0])
        assert after.df[0] == pytest.approx(before.df[0])


class TestRefused:
    def fault(self, **changed):
        then = survey_design(THEN, strata="wijk")
        now = survey_design(NOW.assign(**changed), strata="wijk")
        with pytest.raises(DataError) as refused:
            pooled_waves(then, now, person="wie")
        (fault,) = refused.value.problems
        return fault.code, fault.column

    def test_people_without_a_name(self):
        gaps = NOW["wie"].astype(float).where(NOW["wie"] > 45)
        assert self.fault(wie=gaps) == ("KCC-D052n", "wie")

    def test_people_who_moved(self):
        moved = NOW["wijk"].where(NOW["wie"] != 41, "elders")
        moved[NOW["wie"] == 42] = "elders"
        assert self.fault(wijk=moved) == ("KCC-D052p", "wie")

    def test_units_with_several_people(self):
        frames = [each.assign(dag=each["wie"] % 9) for each in (THEN, NOW)]
        clustered = [survey_design(each, cluster="dag") for each in frames]
        with pytest.raises(ValueError, match="pool on those units"):
            pooled_waves(*clustered, person="wie")
