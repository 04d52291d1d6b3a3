"""The disclosure policy, where the rules look for it: see :mod:`study.policy`."""

from __future__ import annotations

from kcc_research.study.policy import DisclosureException, DisclosurePolicy

__all__ = ["DisclosureException", "DisclosurePolicy"]
