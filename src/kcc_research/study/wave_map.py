"""The wave map: what a question was called and asked like in earlier measurements.

Names of variables drift, scales are halved, questions are reworded. Each such break is
a row of ``waves.toml`` with its scale and its reason (DOMAIN-D10). Without a row a
question is held against the one of the same id, and only when text and scale are equal;
with a row it is compared only as that row says. Changed wording or another scale are
compared through a declared parallel measurement only (DOMAIN-D32).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from pydantic import Field, model_validator

from kcc_research.study.indicator import Indicator
from kcc_research.study.model import (
    Definition,
    Fault,
    Identifier,
    MeasurementKey,
    Text,
    refuse,
)

WAVES_FILE = "waves.toml"
"""Beside measurement.toml; optional."""

Scale = tuple[float, float]


class Before(Definition):
    """A question as it was in one or more earlier ``measurements``.

    ``question`` is its id there and ``scale`` its range; left out, they are those of
    now. ``indicators`` maps indicators of now to their id then, where they differ.
    ``wording_changed`` speaks about the questions as they were printed: texts in the
    questionnaire files may differ for other reasons. ``parallel`` says where both
    versions were asked side by side, and what came out.
    """

    measurements: tuple[MeasurementKey, ...] = Field(min_length=1, strict=False)
    question: Identifier | None = None
    scale: Scale | None = Field(default=None, strict=False)
    wording_changed: bool
    comparable: bool
    parallel: Text | None = None
    indicators: dict[Identifier, Identifier] = Field(default_factory=dict)
    reason: Text


class WaveItem(Definition):
    """A question of this measurement and its past; ``scale`` is its range now.

    ``source`` is needed only where more sources have a question of this id.
    """

    question: Identifier
    source: Identifier | None = None
    scale: Scale | None = Field(default=None, strict=False)
    was: tuple[Before, ...] = Field(min_length=1, strict=False)

    def scale_of(self, before: Before) -> Scale | None:
        return before.scale or self.scale

    @model_validator(mode="after")
    def _is_told_once_and_soundly(self) -> Self:
        refuse((*_twice_told(self), *_without_parallel(self)))
        return self


class WaveMap(Definition):
    """The file ``waves.toml`` of a measurement."""

    item: tuple[WaveItem, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _has_each_question_once(self) -> Self:
        refuse(_items_twice(self))
        return self

    def link(self, source: str, indicator: Indicator, measurement: str) -> Link:
        """What ``indicator`` of a source is held against in an earlier measurement."""
        for item in self.item:
            if item.question == indicator.question and item.source in (None, source):
                for before in item.was:
                    if measurement in before.measurements:
                        then = before.indicators.get(indicator.id, indicator.id)
                        return Link(then, item, before)
        return Link(indicator.id)

    def names(self, source: str, measurement: str) -> dict[str, str]:
        """Ids of questions then → their ids now, where they differ."""
        return {
            before.question: item.question
            for item in self.item
            if item.source in (None, source)
            for before in item.was
            if before.question is not None and measurement in before.measurements
        }


@dataclass(frozen=True, slots=True)
class Link:
    """The id of an indicator ``then``, with the row that says so, if there is one."""

    then: str
    item: WaveItem | None = None
    before: Before | None = None

    @property
    def has_other_scale(self) -> bool:
        if self.item is None or self.before is None:
            return False
        return self.item.scale_of(self.before) != self.item.scale


def _twice_told(item: WaveItem) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, before in enumerate(item.was):
        for index, key in enumerate(before.measurements):
            if key in seen:
                at = ("was", number, "measurements", index)
                yield at, f"over '{item.question}' in '{key}' staat er twee keer iets"
            seen.add(key)


def _without_parallel(item: WaveItem) -> Iterator[Fault]:
    """Not the same question, compared all the same, and nothing to go by (D32)."""
    for number, before in enumerate(item.was):
        if not before.comparable or before.parallel is not None:
            continue
        changed = []
        if before.wording_changed:
            changed.append("een andere vraagtekst")
        if item.scale_of(before) != item.scale:
            changed.append("een andere schaal")
        if changed:
            text = (
                f"{' en '.join(changed)}: comparable = true kan alleen met parallel,"
                " een meting waarin beide vragen naast elkaar zijn gesteld"
            )
            yield ("was", number, "comparable"), text


def _items_twice(waves: WaveMap) -> Iterator[Fault]:
    for index, item in enumerate(waves.item):
        for other in waves.item[:index]:
            same_source = other.source is None or item.source in (None, other.source)
            if other.question == item.question and same_source:
                text = f"vraag '{item.question}' staat er twee keer"
                yield ("item", index, "question"), text
