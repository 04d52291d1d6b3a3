"""How every measurement stands, given how those it builds on stand.

A measurement whose own files are all in place is still not up to date when what it
builds on is not: its next run would begin there.
"""

from __future__ import annotations

from kcc_research.errors import UserError
from kcc_research.pipeline.assessment import (
    Assessment,
    assess_all,
    earlier_of,
    prepare,
)
from kcc_research.pipeline.fingerprint import Fingerprint
from kcc_research.pipeline.plan import circles
from kcc_research.pipeline.purge_note import purged_on
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.workspace import Workspace


class Standing:
    """Each measurement is read and assessed once, at the first question about it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._fingerprint = Fingerprint(workspace)
        self._earlier = earlier_of(workspace)
        self._found: dict[str, tuple[Assessment, ...] | UserError] = {}

    def steps(self, key: str) -> tuple[Assessment, ...]:
        """Every step of ``key``; raises the :class:`UserError` that stops a run."""
        if key not in self._found:
            self._found[key] = self._assessed(key)
        found = self._found[key]
        if isinstance(found, UserError):
            raise found
        return found

    def _assessed(self, key: str) -> tuple[Assessment, ...] | UserError:
        try:
            with faults_told(key):
                for circle in circles([key], self._earlier).values():
                    return circle
                prepared = prepare(self._workspace, key)
                stale = [e for e in self._earlier(key) if not self._has_results(e)]
                every = assess_all(self._workspace, self._fingerprint, prepared, stale)
                return tuple(every)
        except UserError as error:
            return error

    def _has_results(self, key: str) -> bool:
        """Whether what others build on, the results of ``key``, is up to date.

        Results outlive a purge, and nothing can make them anew.
        """
        if purged_on(self._workspace, key) is not None:
            return True
        try:
            steps = self.steps(key)
        except UserError:
            return False
        return all(each.is_fresh for each in steps if each.step.stage != "report")
