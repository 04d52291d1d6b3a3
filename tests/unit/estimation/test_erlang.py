import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.estimation.erlang import erlang_b, erlang_c


def by_definition(load, agents):
    """Erlang's formula with its powers and factorials."""
    terms = [load**k / math.factorial(k) for k in range(agents + 1)]
    waiting = terms[-1] * agents / (agents - load)
    return waiting / (sum(terms[:-1]) + waiting)


@pytest.mark.parametrize(("load", "agents"), [(1, 2), (10, 14), (3.5, 4)])
def test_agrees_with_the_definition(load, agents):
    queue = erlang_c(load * 12, 300, agents, 20)
    assert queue.load == pytest.approx(load)
    assert queue.p_wait == pytest.approx(by_definition(load, agents))


def test_two_agents_by_hand():
    # Load 1: B = (1/2) / (1 + 1 + 1/2), C = 1/3; a minute of handling.
    queue = erlang_c(calls=60, handling_time=60, agents=2, within=30)
    assert erlang_b(1, 2) == pytest.approx(0.2)
    assert queue.p_wait == pytest.approx(1 / 3)
    assert queue.service_level == pytest.approx(1 - math.exp(-0.5) / 3)
    assert queue.wait == pytest.approx(20)


@pytest.mark.parametrize("agents", [9, 10])
def test_an_overloaded_queue_has_no_service_level(agents):
    queue = erlang_c(calls=120, handling_time=300, agents=agents, within=20)
    assert queue.is_overloaded
    assert queue.p_wait == 1
    assert np.isnan([queue.service_level, queue.wait]).all()
    assert 0 < queue.blocking < 1


def test_thousands_of_agents_are_no_problem():
    queue = erlang_c(calls=12 * 5000, handling_time=300, agents=5100, within=20)
    assert 0 < queue.p_wait < 0.2
    assert 0.9 < queue.service_level < 1


def test_nobody_calls():
    queue = erlang_c(calls=0, handling_time=300, agents=3, within=20)
    assert (queue.p_wait, queue.service_level, queue.wait) == (0, 1, 0)


@pytest.mark.parametrize("wrong", [{"agents": 0}, {"calls": -1}, {"within": -1}])
def test_a_queue_without_agents_or_time_is_refused(wrong):
    given_queue = {"calls": 10, "handling_time": 300, "agents": 3, "within": 20}
    with pytest.raises(ValueError, match="at least one agent"):
        erlang_c(**given_queue | wrong)


@given(st.floats(0, 500), st.integers(1, 600))
def test_one_agent_more_never_makes_it_worse(load, agents):
    fewer, more = (erlang_c(load * 12, 300, n, 20) for n in (agents, agents + 1))
    assert 0 <= more.p_wait <= fewer.p_wait + 1e-12
    if not fewer.is_overloaded:
        assert more.service_level >= fewer.service_level - 1e-12
        assert 0 <= fewer.service_level <= 1
