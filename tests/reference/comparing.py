"""What was wanted against what was got, and the words for it.

A number passes when |got − wanted| ≤ abs + rel · |wanted|, with the tolerances of its
case. Everything a case expects is compared, except R's own variants.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Any

PASSED, FAILED, NOT_OFFERED = "passed", "failed", "not offered"

INFORMATION = re.compile(r"_R$|^R_|^se_R")
"""Keys of R's own variants, for information (reading rules)."""


@dataclass(frozen=True)
class Mismatch:
    """One number that is not what it should be; ``where`` is the path of its keys."""

    where: str
    got: Any
    wanted: Any

    def __str__(self) -> str:
        return f"{self.where}: got {self.got}, wanted {self.wanted}"

    @property
    def size(self) -> float:
        """How far off, to name the worst first; infinite when it is no number."""
        if not (isinstance(self.got, Number) and isinstance(self.wanted, Number)):
            return math.inf
        size = abs(self.got - self.wanted) / (abs(self.wanted) or 1)
        return math.inf if math.isnan(size) else float(size)


@dataclass(frozen=True)
class Outcome:
    """What became of a case; ``mismatches`` is empty when it passed."""

    case: str
    need: str
    tolerance: Mapping[str, float]
    offered: bool = True
    mismatches: tuple[Mismatch, ...] = ()

    @property
    def status(self) -> str:
        if not self.offered:
            return NOT_OFFERED
        return FAILED if self.mismatches else PASSED

    def __str__(self) -> str:
        """One line: the worst mismatch, the tolerance, and how many more there are."""
        if not self.mismatches:
            return f"{self.status}  {self.need}  {self.case}"
        worst = max(self.mismatches, key=lambda each: each.size)
        bounds = ", ".join(f"{kind} {size:g}" for kind, size in self.tolerance.items())
        more = len(self.mismatches) - 1
        also = f"; {more} more" if more else ""
        return f"{self.status}  {self.need}  {self.case}  {worst} ({bounds}){also}"

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        found = [
            {"where": d.where, "got": _plain(d.got), "wanted": d.wanted}
            for d in self.mismatches
        ]
        return {
            "id": self.case,
            "need": self.need,
            "status": self.status,
            "tolerance": dict(self.tolerance),
            "mismatches": found,
        }


def mismatches(
    wanted: Any, got: Any, tolerance: Mapping[str, float], where: str = ""
) -> Iterator[Mismatch]:
    """Every number, text or missing value of ``wanted`` that ``got`` does not have."""
    if isinstance(wanted, dict):
        for name, each in wanted.items():
            if INFORMATION.search(name):
                continue
            path = f"{where}.{name}" if where else name
            if not isinstance(got, Mapping) or name not in got:
                yield Mismatch(path, "no answer", each)
            else:
                yield from mismatches(each, got[name], tolerance, path)
    elif isinstance(wanted, list):
        found = list(got) if hasattr(got, "__iter__") else [got]
        if len(wanted) != len(found):
            yield Mismatch(where, f"{len(found)} values", f"{len(wanted)} values")
        for at, (each, other) in enumerate(zip(wanted, found, strict=False)):
            yield from mismatches(each, other, tolerance, f"{where}.{at}")
    elif not _equal(wanted, got, tolerance):
        yield Mismatch(where, got, wanted)


def _equal(wanted: Any, got: Any, tolerance: Mapping[str, float]) -> bool:
    if wanted is None:
        return got is None or (isinstance(got, Number) and math.isnan(got))
    if isinstance(wanted, str):
        return str(got) == wanted
    if not isinstance(got, Number):
        return False
    allowed = tolerance["abs"] + tolerance["rel"] * abs(wanted)
    return bool(abs(got - wanted) <= allowed)


def _plain(value: Any) -> Any:
    """A number as JSON knows it; anything else as text."""
    if not isinstance(value, Number):
        return str(value)
    return float(value) if math.isfinite(value) else str(float(value))


def totals(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Need → number of cases by status, needs in alphabetical order."""
    counts: dict[str, Counter[str]] = {}
    for each in outcomes:
        counts.setdefault(each.need, Counter())[each.status] += 1
    return {need: dict(counts[need]) for need in sorted(counts)}


def summary(outcomes: Sequence[Outcome]) -> str:
    """Passed of asked, per need and together, in one line."""
    parts = []
    for need, count in totals(outcomes).items():
        asked = sum(count.values())
        without = f" ({NOT_OFFERED})" if NOT_OFFERED in count else ""
        parts.append(f"{need} {count.get(PASSED, 0)}/{asked}{without}")
    passed = sum(each.status == PASSED for each in outcomes)
    return f"{', '.join(parts)}; together {passed}/{len(outcomes)}"
