"""From estimates to what may be published: nothing reaches a report around this."""

from kcc_research.disclosure.linked import EarlierTables
from kcc_research.disclosure.policy import DisclosureException, DisclosurePolicy
from kcc_research.disclosure.protection import Protected, protect

__all__ = [
    "DisclosureException",
    "DisclosurePolicy",
    "EarlierTables",
    "Protected",
    "protect",
]
