"""What a code in a registration probably means, by its words: a proposal, no more."""

from __future__ import annotations

import re

from kcc_research.study.record_layout import Role

_YES = frozenset({"j", "ja", "y", "yes", "true", "1", "waar"})
_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "outcome": (
        (r"no.?show|niet verschenen", "no_show"),
        (r"opgehangen|vertrokken|verlaten|afgebroken|abandon", "abandoned"),
        (r"overloop|overflow|voicemail", "overflow"),
        (r"terugbel|callback", "callback"),
        (r"verbr|mislukt|disconnect", "disconnected"),
        (r"open|behandeling|wacht|lopend|nieuw", "open"),
    ),
    "result": (
        (r"doorverb|doorgezet|overgedragen|transfer", "transferred"),
        (r"verwezen|andere? instantie|niet bevoegd", "referred"),
        (r"terug|opnieuw|niet|open|afgewezen|ingetrokken", "not_resolved"),
        (r"verbr|fout|dubbel|test", "excluded"),
    ),
    "transfer": ((r"warm", "warm"), (r"koud|cold", "cold")),
}
_OTHERWISE = {"outcome": "helped", "result": "resolved", "transfer": "transferred"}


def meaning_of(code: str, role: Role) -> str:
    """The word of the role's vocabulary that fits a code best.

    >>> meaning_of("Klant vertrokken", "outcome"), meaning_of("afgehandeld", "result")
    ('abandoned', 'resolved')
    """
    text = " ".join(code.split()).casefold()
    if role not in _WORDS:
        return "yes" if text in _YES else "no"
    if not text:
        return {"outcome": "open", "result": "excluded", "transfer": "none"}[role]
    for pattern, meaning in _WORDS[role]:
        if re.search(pattern, text):
            return meaning
    return _OTHERWISE[role]
