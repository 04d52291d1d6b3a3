import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kcc_research.estimation.scale import (
    ALPHA,
    OMEGA,
    OneFactor,
    cronbach_alpha,
    estimate_reliability,
    one_factor,
    scale_scores,
)
from kcc_research.estimation.tables import ESTIMATE_COLUMNS

TWO = pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 3, 2]})


def answers(items=4, rows=200, seed=1):
    """Items that share one trait, on a scale of 1 to 5."""
    draws = np.random.default_rng(seed)
    trait = draws.normal(size=(rows, 1))
    scores = 3 + trait + draws.normal(size=(rows, items))
    columns = [f"item{i}" for i in range(items)]
    return pd.DataFrame(scores.round().clip(1, 5), columns=columns)


class TestScores:
    def test_half_of_the_items_is_enough_and_less_is_not(self):
        nan = np.nan
        four = pd.DataFrame([[4, 2, nan, nan], [4, nan, nan, nan], [1, 2, 3, 4]])
        assert scale_scores(four).tolist() == pytest.approx(
            [3.0, nan, 2.5], nan_ok=True
        )
        three = pd.DataFrame([[4, 2, nan], [4, nan, nan]])
        assert scale_scores(three).tolist() == pytest.approx([3.0, nan], nan_ok=True)

    def test_from_0_to_100(self):
        found = scale_scores(pd.DataFrame({"a": [1.0, 3, 5]}), scale_range=(1, 5))
        assert found.tolist() == [0, 50, 100]

    def test_nobody_answered(self):
        assert scale_scores(pd.DataFrame({"a": [np.nan]})).isna().all()


class TestAlpha:
    def test_two_items_by_hand(self):
        # Variances 1 and 1, covariance ½: 2 · (1 − 2/3); r = ½, 2 · ½ / (1 + ½).
        found = cronbach_alpha(TWO)
        assert (found.n, found.k) == (3, 2)
        assert found.alpha == pytest.approx(2 / 3)
        assert found.standardised == pytest.approx(2 / 3)
        assert found.mean_correlation == pytest.approx(0.5)
        assert found.item_rest.tolist() == pytest.approx([0.5, 0.5])
        assert np.isnan(found.alpha_if_dropped).all()

    def test_each_item_against_the_rest(self):
        items = answers()
        found = cronbach_alpha(items)
        for at, name in enumerate(items):
            others = items.drop(columns=name)
            rest = np.corrcoef(items[name], others.sum(axis=1))[0, 1]
            assert found.item_rest[at] == pytest.approx(rest)
            assert found.alpha_if_dropped[at] == pytest.approx(
                cronbach_alpha(others).alpha
            )

    def test_incomplete_rows_do_not_count(self):
        gap = TWO.reindex([0, 1, 2, 3])
        gap.loc[3, "a"] = 5.0
        assert cronbach_alpha(gap).n == 3

    def test_feldt(self):
        found = cronbach_alpha(answers())
        rest, df = 1 - found.alpha, (199, 199 * 3)
        expected = (
            1 - rest * stats.f.ppf(0.975, *df),
            1 - rest * stats.f.ppf(0.025, *df),
        )
        assert found.interval() == pytest.approx(expected)
        assert found.interval(0.8)[0] > found.interval(0.95)[0]

    def test_an_item_that_never_varies_has_no_correlation(self):
        found = cronbach_alpha(TWO.assign(c=3.0))
        assert np.isnan(found.item_rest[2]) and not np.isnan(found.item_rest[0])
        assert np.isnan(cronbach_alpha(TWO * 0).alpha)

    @pytest.mark.parametrize("items", [TWO[["a"]], TWO.head(2)])
    def test_too_little_is_refused(self, items):
        with pytest.raises(ValueError, match="no alpha"):
            cronbach_alpha(items)

    @given(st.permutations(range(60)))
    def test_row_order_does_not_matter(self, order):
        items = answers(rows=60)
        found = cronbach_alpha(items.iloc[order])
        assert found.alpha == pytest.approx(cronbach_alpha(items).alpha)


class TestOmega:
    def test_omega_by_hand(self):
        # Loadings 0.8, 0.6 and 0.6: 4 / (4 + 0.36 + 0.64 + 0.64).
        assert OneFactor(np.array([0.8, 0.6, 0.6])).omega == pytest.approx(4 / 5.64)

    @pytest.mark.parametrize("method", ["minres", "ml"])
    def test_three_items_determine_their_loadings(self, method):
        items = answers(items=3)
        r = items.corr().to_numpy()
        first = np.sqrt(r[0, 1] * r[0, 2] / r[1, 2])
        exact = [first, r[0, 1] / first, r[0, 2] / first]
        assert one_factor(items, method).loadings == pytest.approx(exact, abs=2e-6)

    def test_minres_is_least_squares_off_the_diagonal(self):
        items = answers(items=5)
        r, found = items.corr().to_numpy(), one_factor(items).loadings

        def misfit(loadings):
            return (np.triu(r - np.outer(loadings, loadings), 1) ** 2).sum()

        steps = 1e-3 * np.vstack([np.eye(5), -np.eye(5)])
        assert all(misfit(found + step) > misfit(found) for step in steps)

    @pytest.mark.parametrize("method", ["minres", "ml"])
    def test_an_item_explained_wholly_stops_short(self, method):
        # r₁₂ r₁₃ / r₂₃ is above 1: a Heywood case.
        r = np.array([[1, 0.9, 0.9], [0.9, 1, 0.75], [0.9, 0.75, 1]])
        scores = np.random.default_rng(1).normal(size=(500, 3))
        scores = (scores - scores.mean(axis=0)) @ np.linalg.inv(
            np.linalg.cholesky(np.cov(scores, rowvar=False)).T
        )
        items = pd.DataFrame(scores @ np.linalg.cholesky(r).T)
        assert 0.99 < one_factor(items, method).loadings[0] < 1

    def test_turned_round_it_is_the_same_scale(self):
        items = answers()
        found = one_factor(6 - items).loadings
        assert found == pytest.approx(one_factor(items).loadings, abs=1e-6)

    def test_too_few_or_constant_items_are_refused(self):
        with pytest.raises(ValueError, match="three items"):
            one_factor(TWO)
        with pytest.raises(ValueError, match="never varies"):
            one_factor(TWO.assign(c=1.0))


class TestTable:
    def test_alpha_with_interval_and_omega(self):
        items = answers()
        scales = {"snelheid": list(items), "kort": list(items)[:2]}
        found = estimate_reliability(items, scales)
        assert tuple(found.columns) == ESTIMATE_COLUMNS
        assert found["indicator"].tolist() == ["snelheid", "snelheid", "kort"]
        assert found["category"].tolist() == [ALPHA, OMEGA, ALPHA]
        alpha, omega = found.iloc[0], found.iloc[1]
        assert alpha["ci_low"] < alpha["estimate"] < alpha["ci_high"]
        assert alpha["n"] == 200
        assert omega["estimate"] == pytest.approx(one_factor(items).omega)
        assert np.isnan(omega["ci_low"])

    def test_respondents_who_speak_for_themselves_have_no_margin(self):
        items = answers()
        found = estimate_reliability(
            items, {"schaal": list(items)}, has_sampling_error=False
        )
        assert found[["ci_low", "ci_high"]].isna().all(axis=None)
        assert set(found["uncertainty"]) == {"none"}
