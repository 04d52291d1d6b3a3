import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from kcc_research.estimation.grouping import Grouping


def test_sums_rows_in_any_order():
    groups = Grouping.of(np.array([1, 0, 1, 2]))
    values = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0], [4.0, 40.0]])
    assert_array_equal(groups.sum(values), [[2, 20], [4, 40], [4, 40]])
    assert_array_equal(groups.size, [1, 2, 1])


def test_spread_gives_each_row_the_value_of_its_group():
    groups = Grouping.of(np.array([1, 0, 1]))
    assert_array_equal(groups.spread(np.array([5.0, 7.0])), [7, 5, 7])


def test_a_group_without_rows_sums_to_zero():
    values = np.array([[1.0], [2.0], [4.0]])
    assert_array_equal(
        Grouping.of(np.array([3, 1, 3]), 5).sum(values).ravel(), [0, 2, 0, 5, 0]
    )
    as_many_groups_as_rows = Grouping.of(np.array([0, 0, 2]), 3)
    assert_array_equal(as_many_groups_as_rows.sum(values).ravel(), [3, 0, 4])
    nobody = Grouping.of(np.array([], dtype=np.intp), 2)
    assert_array_equal(nobody.sum(np.zeros((0, 3))), np.zeros((2, 3)))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.integers(0, 999))
def test_sums_are_those_of_pandas(labels, seed):
    code = pd.factorize(np.array(labels))[0]
    values = np.random.default_rng(seed).normal(size=(len(code), 3))
    expected = pd.DataFrame(values).groupby(code).sum().to_numpy()
    assert_allclose(Grouping.of(code).sum(values), expected, atol=1e-12)
