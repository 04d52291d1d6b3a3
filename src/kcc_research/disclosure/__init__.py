"""From estimates to what may be published: nothing reaches a report around this."""

from kcc_research.disclosure.policy import DisclosureException, DisclosurePolicy
from kcc_research.disclosure.protection import Protected, protect
from kcc_research.disclosure.registry import EarlierTables

__all__ = [
    "DisclosureException",
    "DisclosurePolicy",
    "EarlierTables",
    "Protected",
    "protect",
]
