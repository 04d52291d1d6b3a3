"""Which municipalities took part: participants against the register of that day.

Coverage is a count against a complete register: no sample, no interval. It says how
much of the country the participants are, never that they speak for the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.tables import (
    ESTIMATE_COLUMNS,
    TOTAL,
    empty_estimates,
    tidy,
)
from kcc_research.study.measurement import Study
from kcc_research.study.municipality import Municipality, municipalities
from kcc_research.study.questionnaire import Questionnaire

PARTICIPATION = "deelname"
"""Indicator of the coverage: participants per municipality in the register."""

PROVINCE = "provincie"
"""``by`` of coverage per province; the register says which."""

METHOD = "telling; volledig register"


def estimate_participation(
    study: Study, source_id: str, responses: pd.DataFrame
) -> pd.DataFrame:
    """An ``estimates`` table with the coverage: in all, by size class and province.

    ``count`` is the number of participants, ``n`` that of municipalities in the
    register on the day the fieldwork began. Size classes go by the questionnaire: the
    categories of its question with role *size_class*. Empty for a source whose
    respondents are no municipalities.
    """
    questionnaire = study.questionnaires[source_id]
    code = questionnaire.with_role("municipality_code")
    if code is None:
        return empty_estimates()
    day = study.measurement.fieldwork.start
    everyone = municipalities(day, invented=study.measurement.synthetic)
    present = set(responses[code.id])
    rows = [
        _row(by, group, [each.gm in present for each in members])
        for by, group, members in _groups(questionnaire, everyone)
    ]
    shared: dict[str, Any] = {
        "measurement": study.key,
        "source": source_id,
        "indicator": PARTICIPATION,
        "statistic": "share",
        "category": "",
        "base": f"gemeenten in het register op {dutch.long_date(day)}",
        "weighted": False,
        "uncertainty": "none",
        "method": METHOD,
        "status": "published",
    }
    return tidy(pd.DataFrame(rows).assign(**shared), ESTIMATE_COLUMNS)


Members = tuple[Municipality, ...]


def _groups(
    questionnaire: Questionnaire, everyone: Members
) -> Iterator[tuple[str, str, Members]]:
    """``by``, ``group`` and the municipalities of the register in it."""
    yield TOTAL, TOTAL, everyone
    size = questionnaire.with_role("size_class")
    if size is not None:
        classes: Mapping[str, str] = size.codes
        for category in size.categories:
            yield (
                size.id,
                category,
                tuple(
                    each
                    for each in everyone
                    if classes.get(str(each.size_class)) == category
                ),
            )
    provinces = Counter(each.province for each in everyone)
    for province in sorted(provinces):
        members = tuple(each for each in everyone if each.province == province)
        yield PROVINCE, province, members


def _row(by: str, group: str, took_part: list[bool]) -> dict[str, object]:
    count, n = sum(took_part), len(took_part)
    return {"by": by, "group": group, "estimate": count / n, "count": count, "n": n}
