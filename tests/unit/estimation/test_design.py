import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from kcc_research.errors import DataError
from kcc_research.estimation.design import survey_design
from kcc_research.estimation.estimate import mean, mean_within, total
from kcc_research.estimation.weighting import calibrate


def two_stage_frame():
    """Two strata of clusters with their population sizes, worked below by hand."""
    return pd.DataFrame(
        {
            "y": [3.0, 5.0, 4.0, 8.0, 9.0, 1.0, 2.0, 6.0, 7.0],
            "w": [2.0, 2.0, 3.0, 1.0, 1.0, 4.0, 4.0, 2.0, 2.0],
            "stratum": list("aaaaabbbb"),
            "school": ["p", "p", "p", "q", "q", "r", "r", "s", "s"],
            "pupil": [1, 2, 3, 1, 2, 1, 2, 1, 2],
            "schools": [10.0] * 5 + [8.0] * 4,
            "pupils": [30.0] * 3 + [20.0] * 2 + [25.0] * 2 + [40.0] * 2,
        }
    )


def textbook_variance(frame, score):
    """The formula of STAT-N2 by loops over strata, schools and pupils."""
    z = frame["w"] * score
    variance = 0.0
    for _, stratum in frame.groupby("stratum"):
        schools = z[stratum.index].groupby(stratum["school"]).sum()
        n, population = len(schools), stratum["schools"].iloc[0]
        between = ((schools - schools.mean()) ** 2).sum() * n / (n - 1)
        variance += (1 - n / population) * between
        for _, school in stratum.groupby("school"):
            pupils, m = z[school.index], len(school)
            within = ((pupils - pupils.mean()) ** 2).sum() * m / (m - 1)
            inner = (1 - m / school["pupils"].iloc[0]) * within
            variance += n / population * inner
    return variance


class TestVariance:
    def test_without_design_it_is_that_of_a_simple_random_sample(self):
        y = np.array([2.0, 4.0, 9.0])
        found = mean(survey_design(pd.DataFrame({"y": y})), "y")
        assert found.variance[0] == pytest.approx(y.var(ddof=1) / 3)

    def test_of_a_stratified_mean_worked_by_hand(self):
        # Scores (y − 5)/4: stratum a −3/4, −1/4; stratum b 1/4, 3/4.
        # Each stratum: 2/1 · 2 · (1/4)² = 1/4; together 1/2 without correction.
        frame = pd.DataFrame({"y": [2.0, 4.0, 6.0, 8.0], "h": list("aabb")})
        found = mean(survey_design(frame, strata="h"), "y")
        assert found.variance[0] == pytest.approx(0.5)

    def test_fpc_takes_off_the_sampling_fraction(self):
        frame = pd.DataFrame({"y": [2.0, 4.0, 6.0, 8.0], "h": list("aabb")})
        frame["size"] = [4.0, 4.0, 20.0, 20.0]
        design = survey_design(frame, strata="h", population="size")
        by_hand = (1 - 2 / 4) / 4 + (1 - 2 / 20) / 4
        assert mean(design, "y").variance[0] == pytest.approx(by_hand)
        assert mean(design.without_fpc, "y").variance[0] == pytest.approx(0.5)
        assert design.without_fpc.without_fpc is design.without_fpc

    def test_of_two_stages_with_population_sizes(self):
        frame = two_stage_frame()
        design = survey_design(
            frame,
            weights="w",
            strata="stratum",
            cluster=["school", "pupil"],
            population=["schools", "pupils"],
            nest=True,
        )
        m = np.average(frame["y"], weights=frame["w"])
        score = (frame["y"] - m) / frame["w"].sum()
        expected = textbook_variance(frame, score)
        assert mean(design, "y").variance[0] == pytest.approx(expected, rel=1e-12)
        assert total(design, "y").variance[0] == pytest.approx(
            textbook_variance(frame, frame["y"]), rel=1e-12
        )

    def test_a_second_stage_without_size_is_drawn_with_replacement(self):
        frame = two_stage_frame()
        design = survey_design(
            frame,
            weights="w",
            strata="stratum",
            cluster=["school", "pupil"],
            population="schools",
            nest=True,
        )
        expected = textbook_variance(frame.assign(pupils=np.inf), frame["y"])
        assert total(design, "y").variance[0] == pytest.approx(expected, rel=1e-12)

    def test_without_population_the_first_stage_holds_it_all(self):
        frame = two_stage_frame()
        options = {"weights": "w", "strata": "stratum", "nest": True}
        two = survey_design(frame, cluster=["school", "pupil"], **options)
        one = survey_design(frame, cluster="school", **options)
        assert mean(two, "y").variance[0] == mean(one, "y").variance[0]

    @given(st.randoms(use_true_random=False))
    def test_does_not_depend_on_the_order_of_rows(self, random):
        frame = two_stage_frame()
        order = list(range(len(frame)))
        random.shuffle(order)
        options = {"weights": "w", "strata": "stratum", "cluster": "school"}
        straight = mean(survey_design(frame, **options), "y")
        shuffled = mean(survey_design(frame.iloc[order], **options), "y")
        assert shuffled.value[0] == pytest.approx(straight.value[0], rel=1e-13)
        assert shuffled.variance[0] == pytest.approx(straight.variance[0], rel=1e-12)
        assert_allclose(shuffled.df(), straight.df(), rtol=1e-12)

    @given(st.floats(1e-3, 1e6))
    def test_of_a_mean_does_not_depend_on_the_scale_of_weights(self, factor):
        frame = two_stage_frame()
        scaled = frame.assign(w=frame["w"] * factor)
        before, after = (
            mean(survey_design(each, weights="w", strata="stratum"), "y")
            for each in (frame, scaled)
        )
        assert after.value[0] == pytest.approx(before.value[0], rel=1e-12)
        assert after.std_error[0] == pytest.approx(before.std_error[0], rel=1e-10)
        assert_allclose(after.df(), before.df(), rtol=1e-9)


class TestLonelyPsu:
    frame = pd.DataFrame({"y": [1.0, 3.0, 7.0], "h": ["zuid", "zuid", "noord"]})

    def variance(self, rule):
        design = survey_design(self.frame, strata="h", lonely_psu=rule)
        return total(design, "y").variance[0]

    def test_is_refused_by_name(self):
        with pytest.raises(DataError) as refused:
            self.variance("fail")
        (fault,) = refused.value.problems
        assert fault.code == "KCC-D052o"
        assert fault.value == "noord"

    def test_rules_worked_by_hand(self):
        # Zuid: 2/1 · ((1−2)² + (3−2)²) = 4. Noord against the mean of all units,
        # 11/3: (7 − 11/3)² = 100/9. Average: 4 for one of the two strata, twice.
        assert self.variance("certainty") == pytest.approx(4)
        assert self.variance("remove") == pytest.approx(4)
        assert self.variance("adjust") == pytest.approx(4 + 100 / 9)
        assert self.variance("average") == pytest.approx(8)

    def test_a_stratum_taken_whole_is_not_lonely(self):
        frame = self.frame.assign(size=[10.0, 10.0, 1.0])
        design = survey_design(frame, strata="h", population="size")
        assert total(design, "y").variance[0] == pytest.approx(0.8 * 4)


class TestDegreesOfFreedom:
    def design(self):
        frame = pd.DataFrame(
            {
                "y": [1.0, 2.0, 4.0, 5.0, 9.0, 3.0, 8.0],
                "h": list("aaaabbb"),
                "group": [1, 1, 1, 0, 1, 0, 0],
            }
        )
        return survey_design(frame, strata="h"), frame

    def test_full_counts_units_and_strata_of_the_design(self):
        design, frame = self.design()
        found = mean(design, "y", domain=(frame["group"] == 1).to_numpy())
        assert_array_equal(found.df("full"), [5])

    def test_domain_counts_where_answers_lie(self):
        design, frame = self.design()
        found = mean(design, "y", domain=(frame["group"] == 1).to_numpy())
        assert_array_equal(found.df("domain"), [4 - 2])

    def test_satterthwaite_by_its_formula(self):
        design, frame = self.design()
        inside = (frame["group"] == 1).to_numpy()
        found = mean(design, "y", domain=inside)
        v = []
        for stratum in ("a", "b"):
            z = found.scores[(frame["h"] == stratum).to_numpy(), 0]
            v.append(len(z) / (len(z) - 1) * ((z - z.mean()) ** 2).sum())
        # Three units of a and one of b answer; n_h − 1 is 3 and 2.
        expected = sum(v) ** 2 / (v[0] ** 2 / 3 + v[1] ** 2 / 1)
        assert found.df()[0] == pytest.approx(expected)

    def test_is_never_more_than_answering_units_minus_one(self):
        frame = pd.DataFrame({"y": [1.0, 2.0, 4.0, 8.0, 9.0]})
        inside = np.array([True, True, True, False, False])
        assert mean(survey_design(frame), "y", domain=inside).df()[0] == 2

    def test_without_variance_strata_add_up(self):
        design, frame = self.design()
        same = mean(design, np.full(len(frame), 6.0))
        assert same.df()[0] == design.full_df

    def test_without_answers_there_are_none(self):
        design, frame = self.design()
        nobody = mean(design, "y", domain=np.zeros(len(frame), dtype=bool))
        assert nobody.df()[0] == 0


class TestSeenFromADomain:
    """Fewer rows, the same numbers as those of the full design with zeros."""

    designs = {
        "rows": {},
        "strata": {"strata": "h"},
        "clusters": {"strata": "h", "cluster": "c", "nest": True},
        "clusters of one row": {"strata": "h", "cluster": "row"},
        "fpc": {"strata": "h", "population": "H"},
        "two stages": {
            "strata": "h",
            "cluster": ["c", "row"],
            "population": ["H", "C"],
            "nest": True,
        },
    }

    def frame(self, seed):
        draws = np.random.default_rng(seed)
        frame = pd.DataFrame(
            {
                "y": draws.integers(1, 11, 60).astype(float),
                "other": draws.normal(0, 3, 60),
                "w": draws.uniform(0.5, 3, 60),
                "h": np.arange(60) % 4,
                "c": np.arange(60) // 4 % 5,
                "row": draws.permutation(60),
            }
        ).assign(H=40.0, C=200.0)
        frame.loc[draws.random(60) < 0.2, "y"] = np.nan
        return frame.sample(frac=1, random_state=seed)

    @pytest.mark.parametrize("name", designs)
    @given(st.integers(0, 9999), st.sampled_from([0.0, 0.1, 0.5, 1.0]))
    def test_equals_the_full_design(self, name, seed, part):
        frame = self.frame(seed)
        design = survey_design(frame, weights="w", **self.designs[name])
        inside = np.random.default_rng(seed).random(60) < part
        values = frame[["y", "other"]].to_numpy()
        all_rows = mean(design, values, domain=inside)
        own_rows = mean_within(design, values, inside)
        assert len(own_rows.design) == inside.sum()
        for found, wanted in (
            (own_rows, all_rows),
            (own_rows.without_fpc, all_rows.without_fpc),
        ):
            same(found.value, wanted.value)
            same(found.covariance, wanted.covariance)
            for kind in ("satterthwaite", "domain", "full"):
                same(found.df(kind), wanted.df(kind))
            same(found.n_effective, wanted.n_effective)
            same(found.answers_per_unit, wanted.answers_per_unit)
            assert found.design.is_clustered == wanted.design.is_clustered

    @pytest.mark.parametrize("rule", ["adjust", "average", "certainty", "remove"])
    def test_keeps_the_rule_for_lonely_units(self, rule):
        frame = self.frame(1)
        frame["h"] = np.where(np.arange(60) == 7, 99, frame["h"])
        design = survey_design(frame, weights="w", strata="h", lonely_psu=rule)
        for lonely_in in (True, False):
            inside = (np.arange(60) % 3 == 0) | (frame["h"] == 99).to_numpy()
            inside &= lonely_in | (frame["h"] != 99).to_numpy()
            found = mean_within(design, frame["other"], inside)
            same(found.variance, mean(design, "other", domain=inside).variance)

    def test_a_lonely_unit_outside_the_domain_is_refused_all_the_same(self):
        frame = self.frame(1)
        frame["h"] = np.where(np.arange(60) == 7, 99, frame["h"])
        design = survey_design(frame, strata="h")
        inside = (frame["h"] == 0).to_numpy()
        with pytest.raises(DataError):
            _ = mean_within(design, frame["other"], inside).variance

    def test_weights_that_agree_with_margins_need_all_rows(self):
        frame = self.frame(2)
        counts = {"h": {str(each): 100.0 for each in range(4)}}
        design = calibrate(survey_design(frame, weights="w"), counts)
        inside = (frame["c"] == 1).to_numpy()
        with pytest.raises(ValueError, match="all rows"):
            design.within(inside)
        found = mean_within(design, frame["other"], inside)
        same(found.variance, mean(design, "other", domain=inside).variance)


def same(found, wanted):
    assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


class TestFaults:
    frame = pd.DataFrame(
        {"y": [1.0, 2.0, 3.0, 4.0], "h": list("aabb"), "c": [1, 2, 2, 3]}
    )

    def faults(self, frame=None, **options):
        with pytest.raises(DataError) as refused:
            survey_design(self.frame if frame is None else frame, **options)
        return [(each.code, each.value) for each in refused.value.problems]

    @pytest.mark.parametrize("weight", [0.0, -1.0, np.nan, np.inf])
    def test_a_weight_must_be_positive(self, weight):
        frame = self.frame.assign(w=[1.0, 2.0, weight, 1.0])
        assert self.faults(frame, weights="w") == [("KCC-D052", "")]

    def test_all_faults_are_named_at_once(self):
        frame = self.frame.assign(w=[1.0, 2.0, 0.0, 1.0], h=["a", None, "b", "b"])
        codes = [code for code, _ in self.faults(frame, weights="w", strata="h")]
        assert codes == ["KCC-D052", "KCC-D052n"]

    def test_a_cluster_in_two_strata_is_refused_unless_names_repeat(self):
        options = {"strata": "h", "cluster": "c"}
        assert self.faults(**options) == [("KCC-D052p", "")]
        assert survey_design(self.frame, **options, nest=True).primary.units.count == 4

    @pytest.mark.parametrize(
        "sizes", [[9.0, 9, 1, 1], [9.0, 9, 5, 6], [9.0, 9, np.nan, np.nan]]
    )
    def test_a_population_fits_its_stratum(self, sizes):
        frame = self.frame.assign(size=sizes)
        found = self.faults(frame, strata="h", population="size")
        assert found == [("KCC-D052q", "b")]


def test_a_design_knows_what_it_is():
    frame = pd.DataFrame({"w": [1.0, 1.0, 2.0], "c": ["x", "x", "y"]})
    plain, full = (
        survey_design(frame),
        survey_design(frame, weights="w", cluster="c"),
    )
    assert (plain.is_weighted, plain.is_clustered, plain.has_fpc) == (False,) * 3
    assert (full.is_weighted, full.is_clustered, full.has_fpc) == (True, True, False)
    assert len(full) == 3
