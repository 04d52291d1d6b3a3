"""What a benchmark declares beside its sources: dimensions, groups, profiles.

A *dimensie* is a set of indicators that together say how a municipality does in one
respect; its score runs from 0 to 100. Municipalities are held against others of their
own size, or against a group that they chose themselves. A *profiel* is one page about
one municipality.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from kcc_research.study.model import Definition, Fault, GemeenteCode, Identifier, Text
from kcc_research.study.municipality import Municipality, municipalities, municipality

if TYPE_CHECKING:
    from kcc_research.study.measurement import Measurement

BENCHMARK = "benchmark"
EVERY_PROFILE = "all"


class Dimension(Definition):
    """Indicators that are averaged into one score of 0 to 100, each counting once.

    Shares count as they are; a mean counts by its place in the range of its question.
    Of every indicator more is better. The id is the name of the score in the results.
    """

    id: Identifier
    label: Text
    indicators: tuple[Identifier, ...] = Field(min_length=1, strict=False)


class ReferenceGroup(Definition):
    """Municipalities that chose to be compared with each other."""

    id: Identifier
    label: Text
    municipalities: tuple[GemeenteCode, ...] = Field(min_length=2, strict=False)


def benchmark_faults(measurement: Measurement) -> Iterator[Fault]:
    """Declarations that only a benchmark has, and what one cannot do without."""
    if measurement.study != BENCHMARK:
        for name in ("dimension", "reference_group", "profiles"):
            if getattr(measurement, name):
                yield (name,), f'{name} hoort alleen bij study = "benchmark"'
        return
    for kind, least in (("mystery", 1), ("municipalities", 0)):
        found = [each.id for each in measurement.source if each.kind == kind]
        if not least <= len(found) <= 1:
            number = "precies één" if least else "hoogstens één"
            yield ("source",), f'een benchmark heeft {number} bron met kind = "{kind}"'
    if not measurement.dimension:
        yield (), "een benchmark heeft een [[dimension]] of meer"
    yield from _dimension_faults(measurement.dimension)
    yield from _group_faults(measurement.reference_group)
    yield from _profile_faults(measurement.profiles)


def _dimension_faults(dimensions: Sequence[Dimension]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for index, dimension in enumerate(dimensions):
        if dimension.id in [each.id for each in dimensions[:index]]:
            text = f"dimensie '{dimension.id}' staat er twee keer"
            yield ("dimension", index, "id"), text
        for number, name in enumerate(dimension.indicators):
            if name in seen:
                text = f"'{name}' telt al mee in '{seen[name]}'"
                yield ("dimension", index, "indicators", number), text
            seen.setdefault(name, dimension.id)


def _group_faults(groups: Sequence[ReferenceGroup]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for index, group in enumerate(groups):
        if group.id in [each.id for each in groups[:index]]:
            text = f"groep '{group.id}' staat er twee keer"
            yield ("reference_group", index, "id"), text
        for number, code in enumerate(group.municipalities):
            if code in seen:
                text = f"{code} staat al in de groep '{seen[code]}'"
                yield ("reference_group", index, "municipalities", number), text
            seen.setdefault(code, group.id)


def _profile_faults(profiles: Sequence[str]) -> Iterator[Fault]:
    if tuple(profiles) == (EVERY_PROFILE,):
        return
    for index, code in enumerate(profiles):
        if not re.fullmatch(r"GM[0-9]{4}", code):
            text = (
                f"'{code}' is geen gemeentecode; schrijf codes, of profiles = \"all\""
            )
            yield ("profiles", index), text
        elif code in profiles[:index]:
            yield ("profiles", index), f"{code} staat er twee keer"


def benchmarked(measurement: Measurement) -> tuple[Municipality, ...]:
    """The municipalities that are compared: the register on the first day."""
    day = measurement.fieldwork.start
    return municipalities(day, invented=measurement.synthetic)


def profiled(measurement: Measurement) -> tuple[Municipality, ...]:
    """The municipalities that get a page of their own, as declared."""
    if measurement.profiles == (EVERY_PROFILE,):
        return benchmarked(measurement)
    day = measurement.fieldwork.start
    return tuple(municipality(code, day) for code in measurement.profiles)


def profile_slug(each: Municipality) -> str:
    """The name of a municipality as the name of its page.

    >>> from datetime import date
    >>> profile_slug(municipality("GM0796", date(2024, 1, 1)))
    's-hertogenbosch'
    """
    plain = unicodedata.normalize("NFKD", each.name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def profile_page(each: Municipality) -> str:
    """Where the page of a municipality stands, seen from the report."""
    return f"profiles/{profile_slug(each)}.html"


def score_label(label: str) -> str:
    """How tables name the score of a dimension."""
    return f"Score {label.lower()} (0–100)"
