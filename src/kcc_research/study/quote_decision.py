"""Which words of respondents may be printed: decisions of a person (TRUST-Q5, D14).

A decision names the fragment and the fingerprint of its screened text, never the text
itself: definitions live in git (TRUST-P8). When the text changes, the decision no
longer holds.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from kcc_research.study.model import Definition, Identifier, Text

FINGERPRINT = 12


class QuoteDecision(Definition):
    """One quotation that somebody read and ticked.

    ``fingerprint`` is what the cleaning notebook shows beside the text. ``approved_by``
    is a role (*onderzoeker*), no name. ``speaker`` has one or two broad attributes:
    the name of the role or source as the coding scheme prints it, or its word for a
    person. ``theme``, an id, says under which theme the words stand when the fragment
    has more than one.
    """

    source: Identifier
    fragment: Text
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
    approved_by: Text
    date: date
    speaker: tuple[Text, ...] = Field(min_length=1, max_length=2, strict=False)
    theme: Identifier | None = None


class QuoteDecisions(Definition):
    """The file ``quotes.toml`` of a measurement."""

    quote: tuple[QuoteDecision, ...] = Field(default=(), strict=False)


def fingerprint(text: str) -> str:
    """Twelve hexadecimal digits of the SHA-256 of a text; white space is no change.

    >>> fingerprint("Ik werd snel  geholpen.")
    'f510479442f0'
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(plain.encode()).hexdigest()[:FINGERPRINT]
