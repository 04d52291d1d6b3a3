"""Pseudonyms that link the waves of one series: keyed, never a plain hash (TRUST-P2).

A plain hash of a respondent's number protects nobody: whoever knows how the numbers
look, hashes them all and compares. With a secret key that cannot be done.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable

from kcc_research.errors import PrivacyError, problem

KEY_BYTES = 32
LENGTH = 32
"""Hexadecimal digits of a pseudonym: 128 bits, so that no two persons share one."""

PATTERN = re.compile(f"[0-9a-f]{{{LENGTH}}}")


def pseudonymiser(key: bytes) -> Callable[[str], str]:
    """Respondent number → pseudonym, the same for the same key and number.

    HMAC-SHA256 (RFC 2104) of the number without white space at its ends, in Unicode
    form NFC. Raises :class:`PrivacyError` (P002) for a key that is not 32 bytes, or is
    one byte repeated: that would be no better than a plain hash.

    >>> name = pseudonymiser(bytes(range(32)))
    >>> name(" 12 ") == name("12"), name("12") == name("13"), len(name("12"))
    (True, False, 32)
    """
    if len(key) != KEY_BYTES or len(set(key)) == 1:
        raise PrivacyError(problem("KCC-P002"))

    def pseudonym(number: str) -> str:
        text = unicodedata.normalize("NFC", number.strip())
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:LENGTH]

    return pseudonym
