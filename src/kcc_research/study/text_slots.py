"""Places in a report for the author's own words: ``texts/<slot>.md``.

Besides the fixed ones, each chapter that the study itself declares has a place: a
theme of a survey among municipalities, a dimension of a benchmark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from kcc_research.study.measurement import Measurement
from kcc_research.study.questionnaire import Questionnaire

TEXT_SLOTS = (
    "aanbevelingen",
    "aanleiding",
    "belemmeringen",
    "beleid",
    "conclusies",
    "groepen",
    "kwartaal",
    "nawoord",
    "reactie-college",
    "signalen",
    "sturing",
    "tevredenheid",
)


def text_slots(
    measurement: Measurement | None, questionnaires: Iterable[Questionnaire]
) -> tuple[str, ...]:
    """The slots of a study, sorted; of one that cannot be read the fixed ones."""
    if measurement is None:
        return TEXT_SLOTS
    chapters = [each.id for each in measurement.dimension]
    if measurement.study == "assurance":
        asked = (each for known in questionnaires for each in known.question)
        chapters += [each.theme for each in asked if each.theme]
    return tuple(sorted({*TEXT_SLOTS, *map(slot_of, chapters)}))


def slot_of(words: str) -> str:
    """``Visie en beleid`` as part of a file's name: ``visie-en-beleid``."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
