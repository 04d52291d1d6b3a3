import numpy as np
import pytest
from scipy import stats

from kcc_research.estimation.bands import band_probabilities, bands
from kcc_research.estimation.shrinkage import shrink


def drawn(part, seed=11, k=342, tau=0.22):
    """True values and estimates of which ``part`` of the variance is real."""
    draws = np.random.default_rng(seed)
    error = tau * np.sqrt(1 / part - 1)
    true = 6.7 + tau * draws.normal(size=k)
    return true, shrink(true + error * draws.normal(size=k), np.full(k, error))


def test_with_thirty_calls_nobody_is_placed():
    # STAT-S7: reliability 0.33.
    _, found = drawn(0.33)
    assert not bands(found).placed.any()
    assert bands(found).count == 1


@pytest.mark.parametrize(("part", "count"), [(0.77, 2), (0.97, 5)])
def test_who_is_placed_is_placed_rightly(part, count):
    right = []
    for seed in range(20):
        true, found = drawn(part, seed)
        divided = bands(found)
        assert abs(divided.count - count) <= 1
        assert (divided.probability[divided.placed] >= 0.8).all()
        truly = np.searchsorted(divided.edges, true)
        right.append((truly == divided.band)[divided.placed].mean())
    # At least 0.8 each, so well above that on average.
    assert 0.88 < np.mean(right) < 0.99


def test_one_unreliable_municipality_is_left_out():
    _, found = drawn(0.95, k=40)
    value = np.append(found.value, 9.0)
    error = np.append(np.full(40, 0.05), 0.4)
    divided = bands(shrink(value, error))
    assert divided.placed[:40].any() and not divided.placed[40]


def test_probabilities_by_hand():
    _, found = drawn(0.9, k=30)
    chances = band_probabilities(found, np.array([6.6, 6.8]))
    assert chances.sum(axis=1) == pytest.approx(np.ones(30))
    first = stats.norm(found.value[0], found.std_error[0])
    assert chances[0, 1] == pytest.approx(first.cdf(6.8) - first.cdf(6.6))


def test_without_true_differences_there_are_no_bands():
    found = shrink(np.array([6.9, 7.0, 7.1]), np.full(3, 1.0))
    assert bands(found).count == 1
