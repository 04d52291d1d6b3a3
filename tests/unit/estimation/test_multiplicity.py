import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from kcc_research.estimation.multiplicity import adjusted, holm_levels


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
