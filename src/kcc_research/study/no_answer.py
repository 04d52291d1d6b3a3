"""Labels that say a question was not answered (DOMAIN-D8).

Such a code is no number, wherever it stands on the scale: 6 after 1–5 would pull a mean
up, and nobody would see it.
"""

from __future__ import annotations

import re

_NO_ANSWER = re.compile(
    r"\bweet\b(?:\W+\w+){0,3}?\W+niet\b|\bgeen (?:mening|antwoord|opgave)\b|"
    r"\bn\W{0,2}v\W{0,2}t\b|\bniet van toepassing\b|\bwil\b(?:\W+\w+){0,3}?\W+zeggen\b|"
    r"\bzeg\b(?:\W+\w+){0,2}?\W+liever niet\b|\bgeweigerd\b"
)


def means_no_answer(label: str) -> bool:
    """Whether a label says that the question was not answered.

    >>> means_no_answer("Weet ik niet / geen mening"), means_no_answer("Niet goed")
    (True, False)
    """
    return _NO_ANSWER.search(" ".join(label.split()).casefold()) is not None
