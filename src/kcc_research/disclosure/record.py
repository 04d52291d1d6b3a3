"""The disclosure record of a measurement: what protected it, for manifest and reader.

It says how much was tested and suppressed, by which policy, with which signed
exceptions (TRUST-M4). No number that is suppressed is in it.
"""

from __future__ import annotations

from typing import Any

from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.protection import Protected

RULES_VERSION = 2
"""Goes up when the rules of this package suppress other cells than before."""


def disclosure_record(policy: DisclosurePolicy, safe: Protected) -> dict[str, Any]:
    """The record as it goes into protection.json and the manifest."""
    thresholds = policy.model_dump(mode="json", exclude={"exception"})
    return {
        "rules_version": RULES_VERSION,
        "tested": safe.tested,
        "suppressed": safe.suppressed,
        "secondary": safe.secondary,
        "withheld": ["/".join(each) for each in safe.withheld],
        "review": ["/".join(each) for each in safe.review],
        "policy": thresholds,
        "exceptions": [each.model_dump(mode="json") for each in policy.exception],
    }
