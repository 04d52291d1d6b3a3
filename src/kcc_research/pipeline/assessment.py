"""Is a step up to date, and if not, why? Needs no kernel, frame or notebook library.

A step is up to date when its record names what it would be made from now, and what it
made is still there unchanged.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kcc_research.errors import RunError, UserError
from kcc_research.pipeline import parameters
from kcc_research.pipeline.fingerprint import (
    Fingerprint,
    Parts,
    Upstream,
    notebook_cells,
)
from kcc_research.pipeline.ingredients import explained
from kcc_research.pipeline.manifest import report_record
from kcc_research.pipeline.notebook_file import (
    MUNICIPALITY,
    NotebookFile,
    Value,
    faults,
    read_notebook,
)
from kcc_research.pipeline.plan import (
    Page,
    Step,
    notebooks_of,
    plan_measurement,
)
from kcc_research.pipeline.record import (
    Record,
    differences,
    read_record,
    stale_outputs,
)
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.saving import record_file
from kcc_research.pipeline.unchanged import Memory
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.definition_file import read_definition
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study

NEVER_RUN = "was not run yet"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A measurement whose definitions, notebooks and parameters are in order."""

    study: Study
    steps: tuple[Step, ...]
    notebooks: Mapping[Path, NotebookFile]
    values: Mapping[str, Value]
    settings: tuple[str, ...] = ()

    def notebook(self, step: Step) -> NotebookFile:
        return self.notebooks[step.notebook]

    def parameters(self, step: Step) -> dict[str, Value]:
        """What the notebook of ``step`` is run with."""
        notebook = self.notebook(step)
        own = parameters.from_call(self.settings, notebook)
        values = {**self.values, **own}
        return parameters.resolved(notebook, self.study.key, step.source, values)

    def page_parameters(self, page: Page) -> dict[str, Value]:
        """What the notebook of ``page`` is run with."""
        return self._page_parameters(page.notebook, page.municipality.gm)

    def _page_parameters(self, path: Path, municipality: str) -> dict[str, Value]:
        notebook = self.notebooks[path]
        own = parameters.from_call(self.settings, notebook)
        given = {**self.values, **own, MUNICIPALITY: municipality}
        return parameters.resolved(notebook, self.study.key, "", given)

    def every_parameters(self) -> Iterator[tuple[NotebookFile, dict[str, Value]]]:
        """Each notebook with what it is run with; of pages, with all municipalities."""
        pages: dict[Path, list[str]] = {}
        for step in self.steps:
            yield self.notebook(step), self.parameters(step)
            for page in step.pages:
                pages.setdefault(page.notebook, []).append(page.municipality.gm)
        for path, codes in pages.items():
            yield self.notebooks[path], self._page_parameters(path, ", ".join(codes))

    def with_settings(self, settings: Sequence[str]) -> Prepared:
        """The same measurement, with the values that a call sets."""
        return replace(self, settings=tuple(settings))


@dataclass(frozen=True, slots=True)
class Assessment:
    """A step, what it would be made from now, and why it is stale, if it is."""

    step: Step
    parts: Parts
    reasons: tuple[str, ...]

    @property
    def is_fresh(self) -> bool:
        return not self.reasons


def prepare(workspace: Workspace, key: str) -> Prepared:
    """Read and check everything a run of ``key`` needs but its data.

    Raises the errors of the definitions, of the plan, of the notebooks and of the
    parameters: per kind all problems at once, before anything is started.
    """
    study = load_study(workspace.root, key)
    steps = plan_measurement(workspace, study)
    required = notebooks_of(steps)
    notebooks = {
        path: read_notebook(path, workspace.relative(path)) for path in required
    }
    reports = set(notebooks_of(each for each in steps if each.stage == "report"))
    found = [
        each
        for path, notebook in notebooks.items()
        for each in faults(notebook, required[path], for_report=path in reports)
    ]
    if found:
        raise RunError(found)
    declared = study.measurement.parameters
    every = list(notebooks.values())
    if declared:
        name = f"studies/{key}/measurement.toml"
        file, _ = read_definition(workspace.root / name, name)
        parameters.from_definition(declared, every, file)
    return Prepared(study, steps, notebooks, declared)


def record_of(workspace: Workspace, key: str, step: Step) -> Record | None:
    """The record of a finished step; a report's is its manifest."""
    if step.stage == "report":
        return report_record(workspace.output(key))
    return read_record(record_file(workspace, key, step.id))


def assess(
    workspace: Workspace, fingerprint: Fingerprint, prepared: Prepared, step: Step
) -> Assessment:
    """How ``step`` stands, given the records of the steps before it."""
    key = prepared.study.key
    upstream = _upstream(workspace, prepared, step)
    parts = fingerprint.parts(
        prepared.study,
        step,
        prepared.notebook(step),
        prepared.parameters(step),
        upstream,
    )
    if step.stage == "report":
        parts |= fingerprint.account_parts(prepared.every_parameters())
    record = record_of(workspace, key, step)
    if record is None:
        return Assessment(step, parts, (NEVER_RUN,))
    changed = differences(record, parts)
    if changed:
        notebook = prepared.notebook(step)
        changed = explained(
            changed,
            workspace.ingredients,
            record,
            fingerprint.package[step.stage],
            (notebook.shown, notebook_cells(notebook)),
        )
    folder = _folder(workspace, key, step)
    return Assessment(step, parts, (*changed, *stale_outputs(record, folder)))


def assess_all(
    workspace: Workspace,
    fingerprint: Fingerprint,
    prepared: Prepared,
    stale_earlier: Sequence[str] = (),
) -> Iterator[Assessment]:
    """Every step in its order; what builds on a stale step is stale too.

    ``stale_earlier`` are measurements it builds on that are not up to date.
    """
    stale = list(stale_earlier)
    for step in prepared.steps:
        found = assess(workspace, fingerprint, prepared, step)
        if found.is_fresh and stale and step.stage != "clean":
            reason = f"builds on {stale[0]}, which is not up to date"
            found = Assessment(step, found.parts, (reason,))
        if not found.is_fresh:
            stale.append(step.id)
        yield found


def earlier_of(
    workspace: Workspace, memory: Memory | None = None
) -> Callable[[str], tuple[str, ...]]:
    """Which measurements a key builds on; none when its own file is not in order.

    Each file is read once, so that one command sees one order; what ``memory`` knows
    is not read at all.
    """

    @functools.cache
    def earlier(key: str) -> tuple[str, ...]:
        if memory is not None and (known := memory.known(key)):
            return known.earlier
        try:
            with faults_told(key):
                study = load_study(workspace.root, key)
        except UserError:
            return ()  # told when that measurement itself has its turn
        return tuple(each.measurement for each in study.measurement.earlier)

    return earlier


def _upstream(workspace: Workspace, prepared: Prepared, step: Step) -> Upstream:
    if step.stage == "clean":
        return Upstream({}, {})
    key = prepared.study.key
    before = prepared.steps[: prepared.steps.index(step)]
    own = ((each, record_of(workspace, key, each)) for each in before)
    named = (each.measurement for each in prepared.study.measurement.earlier)
    others = ((k, read_record(record_file(workspace, k, "analyse"))) for k in named)
    return Upstream(
        {each.id: record for each, record in own if record is not None},
        {each: record for each, record in others if record is not None},
    )


def _folder(workspace: Workspace, key: str, step: Step) -> Path:
    if step.stage == "report":
        return workspace.output(key)
    return workspace.processed(key)
