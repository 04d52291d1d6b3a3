"""Invented answers, drawn so that published figures come out exactly.

Only ``random.Random(seed).random()`` and inverse distribution functions are used: that
sequence is the same on every machine and in every version of Python, so committed
demonstration files can be compared with what the generator makes today (DESIGN §8.24).

The idea: everyone gets a latent opinion; an answer is given *by rank*. Who is most
content gets the highest grade, and how many of each grade there are is fixed in
advance. Margins are then exact, while grades and statements hang together.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import NormalDist
from typing import TypeVar

_Item = TypeVar("_Item")
_STANDARD_NORMAL = NormalDist()


class Draws:
    """A seeded source of chance."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def uniform(self) -> float:
        """A number strictly between 0 and 1."""
        return max(self._random.random(), 1e-12)

    def normal(self) -> float:
        """A standard normal number."""
        return _STANDARD_NORMAL.inv_cdf(self.uniform())

    def chance(self, probability: float) -> bool:
        return self.uniform() < probability

    def pick(self, items: Sequence[_Item]) -> _Item:
        return items[int(self.uniform() * len(items))]

    def weighted(self, weights: Mapping[_Item, float]) -> _Item:
        """One of the items, each as likely as its weight says."""
        place = self.uniform() * sum(weights.values())
        for item, weight in weights.items():
            place -= weight
            if place <= 0:
                return item
        return item

    def shuffled(self, items: Iterable[_Item]) -> list[_Item]:
        """All items in another order (Fisher–Yates)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = int(self.uniform() * (last + 1))
            result[last], result[other] = result[other], result[last]
        return result

    def dealt(self, counts: Mapping[_Item, int]) -> list[_Item]:
        """Each item as often as ``counts`` says, in any order."""
        return self.shuffled(item for item, n in counts.items() for _ in range(n))

    def day(self, start: date, end: date) -> date:
        """A day of fieldwork: most answers come soon after the invitation."""
        days = (end - start).days + 1
        return start + timedelta(days=int(days * self.uniform() ** 1.7))


def by_rank(latent: Sequence[float], counts: Mapping[_Item, int]) -> list[_Item]:
    """Hand out items in the order of ``counts`` to people from low to high.

    >>> by_rank([0.3, -1.0, 2.0], {"laag": 1, "hoog": 2})
    ['hoog', 'laag', 'hoog']
    """
    items = [item for item, n in counts.items() for _ in range(n)]
    if len(items) != len(latent):
        raise ValueError(f"{len(items)} items for {len(latent)} people")
    order = sorted(range(len(latent)), key=lambda person: latent[person])
    given = dict(zip(order, items, strict=True))
    return [given[person] for person in range(len(latent))]


def apportioned(shares: Mapping[_Item, float], total: int) -> dict[_Item, int]:
    """Whole counts that add up to ``total``, by largest remainder.

    >>> apportioned({"a": 0.5, "b": 0.25, "c": 0.25}, 5)
    {'a': 3, 'b': 1, 'c': 1}
    """
    scale = total / sum(shares.values())
    exact = {item: share * scale for item, share in shares.items()}
    counts = {item: int(value) for item, value in exact.items()}
    by_remainder = sorted(exact, key=lambda item: counts[item] - exact[item])
    for item in by_remainder[: total - sum(counts.values())]:
        counts[item] += 1
    return counts


def csv_text(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as a Dutch export writes them: semicolons, quotes where needed."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def decimal_comma(value: float) -> str:
    """One decimal, with a comma: ``4,5``."""
    tenths = int(value * 10 + 0.5)
    return f"{tenths // 10},{tenths % 10}"
