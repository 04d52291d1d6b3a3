import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kcc_research.estimation.difference import Difference
from kcc_research.estimation.equivalence import equivalence


def difference(value, error=0.1, df=200.0):
    return Difference(np.array([value]), np.array([error]), np.array([df]))


def row(value, margin, **options):
    (found,) = equivalence(difference(value, **options), margin).itertuples()
    return found


def test_two_one_sided_tests_by_hand():
    # Farthest side: (0.5 − 0.2) / 0.1 = 3 standard errors away.
    found = row(0.2, 0.5)
    assert found.p_value == pytest.approx(stats.t.sf(3, 200))
    assert found.verdict == "equivalent"
    half = stats.t.ppf(0.95, 200) * 0.1
    assert (found.ci_low, found.ci_high) == pytest.approx((0.2 - half, 0.2 + half))


def test_says_so_in_words():
    shown = "het verschil is kleiner dan 0,5; die grens was vooraf gekozen"
    not_shown = "we kunnen niet uitsluiten dat het verschil 0,5 of groter is"
    assert row(0.2, 0.5).reason == shown
    assert row(0.45, 0.5).reason == not_shown


def test_no_significant_difference_is_not_yet_equivalence():
    found = row(0.2, 0.5, error=0.4)
    assert found.verdict == "not_shown"
    assert abs(0.2 / 0.4) < 1.96


def test_a_significant_difference_may_be_too_small_to_matter():
    assert row(0.2, 0.5, error=0.05).verdict == "equivalent"
    assert 0.2 / 0.05 > 1.96


@pytest.mark.parametrize("options", [{"error": 0.0}, {"df": 1.5}])
def test_nothing_is_shown_without_a_margin_of_error(options):
    found = row(0.0, 0.5, **options)
    assert found.verdict == "not_shown"
    assert np.isnan([found.p_value, found.ci_low]).all()


@given(st.floats(-1, 1), st.floats(0.01, 1), st.floats(2, 500), st.floats(0.05, 2))
def test_is_shown_where_the_interval_lies_within_the_margin(value, error, df, margin):
    found = row(value, margin, error=error, df=df)
    if abs(found.p_value - 0.05) > 1e-9:
        inside = -margin < found.ci_low and found.ci_high < margin
        assert (found.verdict == "equivalent") == inside


def test_a_margin_is_positive():
    with pytest.raises(ValueError, match="positive"):
        equivalence(difference(0.1), 0)
