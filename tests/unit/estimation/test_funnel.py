import numpy as np
import pytest
from scipy import stats

from kcc_research.estimation.funnel import exact_limit, funnel


def test_a_limit_by_hand():
    # Of 10 at ½: P(X ≤ 2) = 56/1024, P(X = 2) = 45/1024.
    expected = (2 - (56 / 1024 - 0.025) / (45 / 1024)) / 10
    assert exact_limit(np.array([10.0]), 0.5, 0.025)[0] == pytest.approx(expected)


def test_limits_narrow_towards_the_target():
    n = np.array([50.0, 500, 5000])
    found = funnel(0.7 * n, n, target=0.7)
    width = found.limits[:, -1] - found.limits[:, 0]
    assert (np.diff(width) < 0).all()
    assert (found.limits[:, 1] < 0.7).all() and (found.limits[:, 2] > 0.7).all()
    normal = 0.7 + stats.norm.ppf([0.001, 0.025, 0.975, 0.999]) * np.sqrt(0.21 / 5000)
    assert found.limits[2] == pytest.approx(normal, abs=5e-4)


def test_z_by_hand_and_a_declared_target():
    found = funnel(np.array([60.0, 80]), np.array([100.0, 100]), target=0.8)
    assert found.z == pytest.approx([-0.2 / 0.04, 0])
    assert found.target == 0.8


def test_chance_alone_needs_no_correction():
    draws = np.random.default_rng(9)
    n = np.full(342, 200.0)
    found = funnel(draws.binomial(200, 0.7, 342).astype(float), n)
    assert found.phi < 1.2
    assert np.abs(found.z_adjusted).max() <= np.abs(found.z).max()
    calm = funnel(np.array([69.0, 70, 71]), np.full(3, 100.0))
    assert (calm.tau2, calm.z_adjusted.tolist()) == (0, calm.z.tolist())


def test_real_differences_are_recovered():
    draws = np.random.default_rng(10)
    true = 0.7 + 0.05 * draws.normal(size=2000)
    found = funnel(draws.binomial(400, true).astype(float), np.full(2000, 400.0))
    # Clipped at its 10th and 90th percentile, a normal variance keeps this part.
    z = stats.norm.ppf(0.9)
    part = 0.8 - 2 * z * stats.norm.pdf(z) + 0.2 * z**2
    chance = 0.21 / 400
    expected = part * (0.05**2 + chance) - chance
    assert found.tau2 == pytest.approx(expected, rel=0.1)
    assert 1 < np.std(found.z_adjusted) < np.std(found.z) / 1.5


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_there_is_no_funnel_around_certainty(target):
    with pytest.raises(ValueError, match="no funnel"):
        funnel(np.array([1.0]), np.array([2.0]), target=target)
