"""From estimates to what may be published: nothing reaches a report around this."""

from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.primary import Protected, protect

__all__ = ["DisclosurePolicy", "Protected", "protect"]
