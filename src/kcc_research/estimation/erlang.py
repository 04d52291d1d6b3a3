"""Erlang C: how long callers wait for a given number of agents (STAT-M28).

For planning, not for measuring: calls arrive at random, nobody hangs up, agents are
alike (Erlang 1917; Gans, Koole & Mandelbaum 2003). The blocking probability follows
from a recursion that stays stable for any number of agents. With no more agents than
work the queue grows without end: its service level and waiting time do not exist, and
none is given. Agrees with R ``dpois(N, A) / ppois(N, A)`` to 1e-9.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class ErlangC:
    """A queue in balance, or one that is overloaded.

    ``load`` is the work in agents (erlang), ``occupancy`` the load per agent,
    ``blocking`` Erlang B, ``p_wait`` the chance to wait at all: 1 when overloaded.
    ``service_level`` (answered within t) and ``wait`` (mean, in seconds) are NaN then.
    """

    load: float
    occupancy: float
    blocking: float
    p_wait: float
    service_level: float
    wait: float

    @property
    def is_overloaded(self) -> bool:
        return self.occupancy >= 1


def erlang_c(calls: float, handling_time: float, agents: int, within: float) -> ErlangC:
    """Waiting in a queue of ``calls`` an hour with ``handling_time`` seconds each.

    C = B / (1 − ρ(1 − B)); answered within t seconds 1 − C · exp(−(N − A) t / h); mean
    wait C · h / (N − A). Raises ``ValueError`` for a negative number, or no agents.

    >>> queue = erlang_c(calls=120, handling_time=300, agents=14, within=20)
    >>> round(queue.load), round(queue.service_level, 3), round(queue.wait, 1)
    (10, 0.867, 13.1)
    """
    if min(calls, handling_time, within) < 0 or agents < 1:
        raise ValueError("a queue has calls, handling time and at least one agent")
    load = calls * handling_time / 3600
    blocking = erlang_b(load, agents)
    spare, occupancy = agents - load, load / agents
    if spare <= 0:
        return ErlangC(load, occupancy, blocking, 1.0, math.nan, math.nan)
    p_wait = blocking / (1 - occupancy * (1 - blocking))
    if load == 0:
        return ErlangC(load, occupancy, blocking, p_wait, 1.0, 0.0)
    in_time = 1 - p_wait * math.exp(-spare * within / handling_time)
    wait = p_wait * handling_time / spare
    return ErlangC(load, occupancy, blocking, p_wait, in_time, wait)


def erlang_b(load: float, agents: int) -> float:
    """Chance that all agents are busy when none can wait: Bₙ = A Bₙ₋₁ / (n + A Bₙ₋₁).

    >>> erlang_b(1.0, 2)
    0.2
    """
    blocking = 1.0
    for n in range(1, agents + 1):
        blocking = load * blocking / (n + load * blocking)
    return blocking
