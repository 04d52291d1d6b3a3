"""How every measurement stands, given how those it builds on stand.

A measurement whose own files are all in place is still not up to date when what it
builds on is not: its next run would begin there.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kcc_research.errors import UserError
from kcc_research.pipeline.assessment import (
    Assessment,
    assess_all,
    earlier_of,
    prepare,
)
from kcc_research.pipeline.fingerprint import Fingerprint
from kcc_research.pipeline.order import circles
from kcc_research.pipeline.own_notebook import notices
from kcc_research.pipeline.plan import notebooks_of
from kcc_research.pipeline.purge_note import purged_on
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.unchanged import Known, Memory, all_behind
from kcc_research.pipeline.workspace import Workspace


class Standing:
    """Each measurement is read and assessed once, at the first question about it.

    What ``memory`` knows to be up to date is not read: it has no steps to tell of."""

    def __init__(self, workspace: Workspace, memory: Memory) -> None:
        self.memory = memory
        self._workspace = workspace
        self._fingerprint = Fingerprint(workspace)
        self._earlier = earlier_of(workspace, memory)
        self._found: dict[str, tuple[Assessment, ...] | UserError] = {}

    def steps(self, key: str) -> tuple[Assessment, ...]:
        """Every step of ``key``; raises the :class:`UserError` that stops a run."""
        if (known := self.memory.known(key)) and known.is_fresh:
            return ()
        if key not in self._found:
            self._found[key] = self._assessed(key)
        found = self._found[key]
        if isinstance(found, UserError):
            raise found
        return found

    def learn(self, measurements: Iterable[str]) -> None:
        """Put in the memory how these stand, as far as it may be remembered."""
        found = {key: self._known(key) for key in measurements}
        self.memory.learn({k: known for k, known in found.items() if known})

    def _known(self, key: str) -> Known | None:
        """What may be remembered of ``key``; None when nothing.

        How its files stand is looked at before they are read.
        """
        if known := self.memory.known(key):
            return known
        mark = self.memory.look.mark(all_behind(key, self._earlier))
        if mark is None or not mark.is_settled:
            return None
        try:
            steps = self.steps(key)
        except UserError:
            return None
        if not self._looks_at(key, notebooks_of(each.step for each in steps)):
            return None
        fresh = all(each.is_fresh for each in steps)
        told = notices(self._workspace, key)
        return Known(mark.hash, self._earlier(key), fresh, told)

    def _looks_at(self, key: str, paths: Iterable[Path]) -> bool:
        """Whether all notebooks stand where the memory looks at them."""
        places = self._workspace.notebooks, self._workspace.study(key)
        return all(any(path.is_relative_to(p) for p in places) for path in paths)

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
