"""What the label of a code says: good or bad, and why somebody gave no answer.

Used to propose, never to decide: every direction that is found so is put to a person
(``kcc new``, DOMAIN-D8, D9).
"""

from __future__ import annotations

import re

from kcc_research.study.no_answer import means_no_answer
from kcc_research.study.questionnaire import MissingReason

_BAD = re.compile(
    r"\b(?:on(?:eens|tevreden|voldoende|duidelijk|belangrijk|vriendelijk)|slecht|"
    r"moeilijk|nooit|niet mee eens|lang|disagree|dissatisfied|poor|bad|never)\b"
)
_GOOD = re.compile(
    r"\b(?:eens|tevreden|voldoende|goed|uitstekend|(?:ge)?makkelijk|duidelijk|"
    r"belangrijk|altijd|vriendelijk|kort|agree|satisfied|good|excellent|always)\b"
)
_REFUSED = re.compile(r"\b(?:wil|zeg|geweigerd|liever niet)\b")
_NOT_ASKED = re.compile(r"n\W{0,2}v\W{0,2}t|niet van toepassing|niet gevraagd")
_NOTHING = re.compile(r"geen (?:antwoord|opgave)|niet ingevuld|missing|onbekend")


def polarity(label: str) -> int:
    """1 for praise, −1 for the opposite, 0 for neither.

    >>> polarity("Helemaal oneens"), polarity("Zeer tevreden"), polarity("Neutraal")
    (-1, 1, 0)
    """
    text = " ".join(label.split()).casefold()
    if _BAD.search(text) or re.search(r"\bniet (?:zo )?(?:eens|tevreden|goed)", text):
        return -1
    return 1 if _GOOD.search(text) else 0


def reason_of(label: str) -> MissingReason | None:
    """Why a question was not answered, where a label says that it was not.

    >>> reason_of("Weet niet"), reason_of("Wil ik niet zeggen"), reason_of("Balie")
    ('dont_know', 'refused', None)
    """
    text = " ".join(label.split()).casefold()
    if _NOTHING.fullmatch(text) or _NOTHING.match(text):
        return "no_answer"
    if not means_no_answer(text):
        return None
    if _REFUSED.search(text):
        return "refused"
    return "not_asked" if _NOT_ASKED.search(text) else "dont_know"
