"""A review of documents against norms (*normenkader*): what its form has to hold.

Each row is one norm: what it asks, the document that was read, and what the researchers
conclude. That conclusion is theirs; nothing computes it (DOMAIN §1.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from kcc_research.study.questionnaire import Questionnaire, QuestionRole

JUDGEMENTS = MappingProxyType(
    {
        "voldoet": "met",
        "voldoet deels": "partly_met",
        "voldoet niet": "not_met",
        "niet te beoordelen": "not_measured",
    }
)
"""The judgements a form may hold, and the verdict each is in the tables."""

REVIEW_ROLES: tuple[QuestionRole, ...] = (
    "norm",
    "norm_theme",
    "norm_source",
    "judgement",
)
"""What every form needs; a question with role ``judgement_reason`` may say why."""


def review_faults(questionnaire: Questionnaire) -> Iterator[str]:
    """What a form of a review lacks, in Dutch."""
    for role in REVIEW_ROLES:
        if questionnaire.with_role(role) is None:
            yield f'een vraag met role = "{role}" ontbreekt'
    judgement = questionnaire.with_role("judgement")
    if judgement is None:
        return
    if judgement.type != "choice":
        yield f"'{judgement.id}' (judgement) is geen choice"
    for category in judgement.categories:
        if category not in JUDGEMENTS:
            known = ", ".join(JUDGEMENTS)
            yield f"het oordeel '{category}' bestaat niet; bekend zijn {known}"
