"""Which measurement comes before which: each after those it builds on.

``earlier`` tells everywhere which measurements a key names under [[earlier]].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kcc_research.errors import RunError, problem


def with_earlier(
    keys: Iterable[str], earlier: Callable[[str], Iterable[str]]
) -> tuple[str, ...]:
    """``keys`` and every measurement they build on, each after its predecessors.

    The order depends on the names only; of a circle (see :func:`circles`) it means
    nothing.
    """
    ordered: dict[str, None] = {}

    def visit(key: str, path: tuple[str, ...]) -> None:
        if key in path or key in ordered:
            return
        for predecessor in sorted(earlier(key)):
            visit(predecessor, (*path, key))
        ordered[key] = None

    for key in sorted(set(keys)):
        visit(key, ())
    return tuple(ordered)


def circles(
    keys: Iterable[str], earlier: Callable[[str], Iterable[str]]
) -> dict[str, RunError]:
    """Of those ``keys`` that come before themselves, the refusal (R053e)."""
    found = {}
    for key in sorted(set(keys)):
        path = _way_back(key, earlier)
        if path:
            circle = " → ".join((*path, key))
            found[key] = RunError(problem("KCC-R053e", value=circle))
    return found


def _way_back(key: str, earlier: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """Measurements from ``key`` by way of [[earlier]] to itself; empty if none."""
    seen: set[str] = set()
    paths: list[tuple[str, ...]] = [(key,)]
    while paths:
        path = paths.pop()
        for predecessor in sorted(earlier(path[-1]), reverse=True):
            if predecessor == key:
                return path
            if predecessor not in seen:
                seen.add(predecessor)
                paths.append((*path, predecessor))
    return ()
