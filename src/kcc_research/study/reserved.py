"""Names a researcher cannot give, because results and files already use them.

A table of results puts total, filters, unknown and not asked beside the groups of a
breakdown, and the response, the weights and *weet niet* beside the indicators. A name
given twice would be two numbers on one line.
"""

from __future__ import annotations

from collections.abc import Iterable

EVERYONE = "all"
"""The target and domain that holds every respondent."""

NO_ANSWER = "geen antwoord"
"""Class of a distribution over all, or over all asked, of who gave no answer."""

CATEGORIES = frozenset({"totaal", "domein", "onbekend", "niet gevraagd"})
QUESTIONS = frozenset({"totaal", "domein"})
INDICATORS = frozenset({"respons", "gewicht", "mysterycontacten"})
WEIGHTING_PREFIX = "weging_"
DONT_KNOW_SUFFIX = "_weet_niet"
MISSING_SUFFIX = "__missing"

DEVICES = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"com{digit}" for digit in range(1, 10)}
    | {f"lpt{digit}" for digit in range(1, 10)}
)
"""What no file or folder can be called in Windows (TRUST-F11)."""


def is_device(name: str) -> bool:
    """Whether Windows takes a file of that name for a device, whatever its ending.

    >>> is_device("Con.csv"), is_device("contacten.csv")
    (True, False)
    """
    return name.split(".")[0].rstrip().casefold() in DEVICES


def is_reserved_category(category: str) -> bool:
    """Whether a group of every breakdown is called so, in capitals or not.

    >>> is_reserved_category("Onbekend"), is_reserved_category("overig")
    (True, False)
    """
    return " ".join(category.split()).casefold() in CATEGORIES


def is_reserved_question(name: str) -> bool:
    """Whether a column of the answers, or a kind of breakdown, is called so."""
    return name in QUESTIONS or name.endswith(MISSING_SUFFIX)


def is_reserved_indicator(name: str, questions: Iterable[str]) -> bool:
    """Whether the package itself computes something called so."""
    return (
        name in INDICATORS
        or name.startswith(WEIGHTING_PREFIX)
        or name in {each + DONT_KNOW_SUFFIX for each in questions}
    )
