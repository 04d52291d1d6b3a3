"""Ratios of groups: how many times as much one group has as another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kcc_research.study.indicator import Indicator
from kcc_research.study.model import Definition, Fault, Identifier, Text


class GroupRatio(Definition):
    """The mean of an indicator in ``group``, divided by that in ``reference``.

    Both groups are filters of the questionnaire. A ratio of 1.4 is 40% more, not 40
    *procentpunt*, and says nothing about cause (DOMAIN §1.2, STAT-C12).
    """

    id: Identifier
    label: Text
    indicator: Identifier
    group: Identifier
    reference: Identifier


def ratio_faults(
    ratios: Iterable[GroupRatio],
    indicators: Iterable[Indicator],
    filters: Sequence[str],
) -> Iterator[Fault]:
    """Ratios of what is no mean, and groups that are no filter."""
    means = {each.id for each in indicators if each.statistic == "mean"}
    for index, ratio in enumerate(ratios):
        if ratio.indicator not in means:
            text = f"'{ratio.indicator}' is geen indicator met statistic = \"mean\""
            yield ("ratio", index, "indicator"), text
        for key in ("group", "reference"):
            if getattr(ratio, key) not in filters:
                text = f"'{getattr(ratio, key)}' is geen filter van deze vragenlijst"
                yield ("ratio", index, key), text
        if ratio.group == ratio.reference:
            yield ("ratio", index, "reference"), "een groep is niet haar eigen maat"
