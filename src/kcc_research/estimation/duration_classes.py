"""A duration in classes of one width, as shares: how waiting times are spread.

A class holds what is longer than its lower and at most as long as its upper limit, so
that a norm on a limit has *within* on one side and *too long* on the other. The last
class is open and holds at least ten records: the longest wait is somebody's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kcc_research import dutch

MOST_CLASSES = 31
FEWEST_IN_TAIL = 10
"""Records in the open class at the end; with fewer in all there are no classes."""

_UNITS = {
    "seconds": ((60, "minuut", "minuten"), (1, "seconde", "seconden")),
    "days": ((7, "week", "weken"), (1, "dag", "dagen")),
}


def in_classes(counts: Mapping[int, int]) -> list[int]:
    """Records per class, from the shortest on; empty with fewer than ten in all.

    ``counts``: class number (0 = up to one width) → records. Classes in between that
    nobody is in count 0; what lies beyond the last is added to it.

    >>> in_classes({0: 50, 2: 20, 9: 4, 40: 7})
    [50, 0, 20, 0, 0, 0, 0, 0, 0, 11]
    """
    if sum(counts.values()) < FEWEST_IN_TAIL:
        return []
    last = min(max(counts), MOST_CLASSES - 1)
    while sum(count for at, count in counts.items() if at >= last) < FEWEST_IN_TAIL:
        last -= 1
    tail = sum(count for at, count in counts.items() if at >= last)
    return [*(counts.get(at, 0) for at in range(last)), tail]


def class_names(number: int, width: int, kind: str) -> Iterator[str]:
    """Names of ``number`` classes of ``width`` ``kind`` (seconds or days).

    >>> list(class_names(3, 60, "seconds"))
    ['0–1 minuut', '1–2 minuten', 'meer dan 2 minuten']
    """
    size, singular, plural = unit(width, kind)
    step = width // size
    for at in range(number - 1):
        low, high = at * step, (at + 1) * step
        noun = singular if high == 1 else plural
        yield f"{dutch.interval(low, high, 0)} {noun}"
    beyond = (number - 1) * step
    noun = singular if beyond == 1 else plural
    yield f"meer dan {dutch.number(beyond)} {noun}" if beyond else f"0 {plural} of meer"


def unit(width: int, kind: str) -> tuple[int, str, str]:
    """The largest unit that a width is a whole number of: size, singular, plural."""
    return next(each for each in _UNITS[kind] if width % each[0] == 0)
