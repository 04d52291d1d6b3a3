import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from kcc_research.estimation.multiplicity import (
    adjusted,
    holm_levels,
    planning_level,
)


def test_holm_by_hand():
    # Ascending 0.01, 0.02, 0.03, 0.20 times 4, 3, 2, 1; never falling.
    found = adjusted(np.array([0.20, 0.01, 0.03, 0.02]))
    assert_allclose(found, [0.20, 0.04, 0.06, 0.06])


def test_a_test_not_done_is_no_member_of_the_family():
    found = adjusted(np.array([0.01, np.nan, 0.04]))
    assert_allclose(found, [0.02, np.nan, 0.04])
    assert_allclose(holm_levels(np.array([0.01, np.nan, 0.04]))[[0, 2]], [0.975, 0.95])


def test_benjamini_hochberg_by_hand():
    found = adjusted(np.array([0.01, 0.02, 0.03, 0.20]), "BH")
    assert_allclose(found, [0.04, 0.04, 0.04, 0.20])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=15))
def test_false_discovery_rates_are_scipys(values):
    p = np.array(values)
    for method, name in (("BH", "bh"), ("BY", "by")):
        expected = stats.false_discovery_control(p, method=name)
        assert_allclose(adjusted(p, method), expected, atol=1e-12)


def test_hochberg_and_bonferroni_by_hand():
    # Hochberg: 0.01, 0.02, 0.03, 0.20 times 4, 3, 2, 1, never above the next.
    p = np.array([0.01, 0.02, 0.03, 0.20])
    assert_allclose(adjusted(p, "hochberg"), [0.04, 0.06, 0.06, 0.20])
    assert_allclose(adjusted(p[::-1] * 0 + 0.04, "hochberg"), 0.04)
    assert_allclose(adjusted(p, "bonferroni"), [0.04, 0.08, 0.12, 0.80])
    assert_allclose(adjusted(np.array([0.6, 0.9]), "bonferroni"), [1, 1])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_the_more_that_is_promised_the_larger_p(values):
    p = np.array(values)
    bonferroni, holm, hochberg, bh, by = (
        adjusted(p, method) for method in ("bonferroni", "holm", "hochberg", "BH", "BY")
    )
    slack = 1e-12
    assert (bonferroni >= holm - slack).all()
    assert (holm >= hochberg - slack).all()
    assert (hochberg >= bh - slack).all()
    assert (by >= bh - slack).all()
    assert (bh >= p - slack).all()


def test_levels_step_down_and_stop():
    # 0.001 < 0.05/4 is shown; 0.02 > 0.05/3 is not, so three remain.
    levels = holm_levels(np.array([0.02, 0.001, 0.9, 0.04]))
    assert_allclose(1 - levels, [0.05 / 3, 0.05 / 4, 0.05 / 3, 0.05 / 3])


@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=12))
def test_a_level_excludes_zero_exactly_where_holm_rejects(values):
    p = np.array(values)
    alpha = 1 - holm_levels(p)
    assert np.array_equal(p < alpha * (1 - 1e-9), adjusted(p) < 0.05 * (1 - 1e-9))
    assert (alpha <= 0.05 + 1e-12).all()
    assert (alpha >= 0.05 / len(p) - 1e-12).all()


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        ([0.2], 0.95),
        ([0.2, 0.01, np.nan], 0.975),
        ([np.nan], 0.95),
        ([0.1] * 10, 0.995),
    ],
)
def test_planning_counts_the_tests_that_are_done(p, expected):
    assert planning_level(np.array(p)) == pytest.approx(expected)
