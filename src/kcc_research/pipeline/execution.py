"""Doing one step: freeze what it may read, run its notebook, commit what it made.

Imported only when a step is stale: papermill, nbformat and pandas come with it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat

from kcc_research.errors import DataError, Problem, RunError, UserError, problem
from kcc_research.pipeline import keys, report_files, saving
from kcc_research.pipeline.assessment import Assessment, Prepared
from kcc_research.pipeline.executor import default_jobs
from kcc_research.pipeline.fingerprint import KEY_PART, Fingerprint, Parts, raw_files
from kcc_research.pipeline.freezing import freeze
from kcc_research.pipeline.kept_notebook import kept, kept_log, refuse_rows
from kcc_research.pipeline.kernel import KernelRoom
from kcc_research.pipeline.kernel_names import ACCOUNT_FILE
from kcc_research.pipeline.manifest import with_manifest
from kcc_research.pipeline.notebook import (
    Assignment,
    Failed,
    Limits,
    run_notebook,
)
from kcc_research.pipeline.notebook_file import NotebookFile, Value
from kcc_research.pipeline.plan import Page, Stage, Step
from kcc_research.pipeline.record import Record, sha256_of_file
from kcc_research.pipeline.results import load_results_of, protection_record
from kcc_research.pipeline.run_cells import cell_numbers
from kcc_research.pipeline.store import Held
from kcc_research.pipeline.workspace import Workspace
from kcc_research.reporting import table_book_file


@dataclass(frozen=True, slots=True)
class Bench:
    """What every step of one measurement's run is done with."""

    workspace: Workspace
    held: Held
    room: KernelRoom
    prepared: Prepared
    fingerprint: Fingerprint
    limits: Limits

    @property
    def key(self) -> str:
        return self.held.key

    @property
    def run_folder(self) -> str:
        return self.workspace.relative(self.workspace.runs(self.key) / self.held.run)


def perform(bench: Bench, assessment: Assessment) -> None:
    """Run the step's notebook and commit, or publish, what it made.

    Raises the :class:`UserError` that stopped it; nothing was changed then but the
    run's own private folder.
    """
    step = assessment.step
    if step.stage == "report":
        _publish(bench, assessment)
        return
    staging = bench.held.new_staging(step.id)
    _execute(bench, _run_of(bench, step), staging)
    hashes = _what_was_saved(bench, step, staging)
    if step.stage == "clean":
        _require_same_raw(bench, step, staging)
    record = Record(step.id, "run", _with_key(bench, assessment), hashes)
    saving.commit(bench.workspace, bench.held, staging, record)


def _with_key(bench: Bench, assessment: Assessment) -> Parts:
    """What the step was made from; a key of pseudonyms may have been made by it."""
    if KEY_PART not in assessment.parts:
        return assessment.parts
    return {**assessment.parts, KEY_PART: keys.identity(bench.key)}


def perform_draft(bench: Bench, step: Step) -> report_files.Draft:
    """Run the report's notebooks and render drafts in the run's own folder."""
    staging, _ = _freeze(bench, step)
    notebook = _execute(bench, _run_of(bench, step), staging)
    pages = {
        page.file: _execute(bench, _run_of_page(bench, page), staging)
        for page in step.pages
    }
    draft = report_files.draft(notebook, pages)
    bench.held.keep_by_product(draft.files)
    return draft


def _publish(bench: Bench, assessment: Assessment) -> None:
    step, study = assessment.step, bench.prepared.study
    staging, frozen = _freeze(bench, step)
    notebook = _execute(bench, _run_of(bench, step), staging)
    results = load_results_of(bench.workspace, study.key)
    try:
        files = report_files.publication(
            notebook, results, synthetic=study.measurement.synthetic
        )
    except UserError as error:
        _keep(bench, f"{step.id}.failed", notebook)
        raise _located(error, bench.prepared.notebook(step), notebook) from None
    files |= _pages(bench, step.pages, staging)
    report_files.require_links(files)
    files[table_book_file.FILE] = table_book_file.workbook(study, results.estimates)
    files[ACCOUNT_FILE] = frozen
    record = protection_record(bench.workspace.results(study.key))
    bench.held.publish(with_manifest(study.key, files, assessment.parts, record))


def _pages(bench: Bench, pages: Sequence[Page], staging: Path) -> dict[str, bytes]:
    """The pages beside the report, some at a time; the first that fails stops all."""
    pool = ThreadPoolExecutor(default_jobs(), thread_name_prefix="kcc-page")
    try:
        made = pool.map(lambda page: _page(bench, page, staging), pages)
        return dict(zip((page.file for page in pages), made, strict=True))
    finally:
        pool.shutdown(cancel_futures=True)


def _page(bench: Bench, page: Page, staging: Path) -> bytes:
    """One page of a publication; what goes wrong is told with its municipality."""
    run = _run_of_page(bench, page)
    try:
        notebook = _execute(bench, run, staging)
        try:
            return report_files.page(notebook)
        except UserError as error:
            _keep(bench, f"{run.name}.failed", notebook)
            raise _located(error, run.notebook, notebook) from None
    except UserError as error:
        of = {"value": page.municipality.name, "gm": page.municipality.gm}
        raise RunError(
            [problem("KCC-R054d", file=page.file, **of), *error.problems]
        ) from None


def _located(error: UserError, file: NotebookFile, notebook: Any) -> UserError:
    """The same refusal, with the notebook and the number of the cell it is about."""
    numbers = cell_numbers(notebook)

    def located(each: Problem) -> Problem:
        number = numbers.get(dict(each.details).get("cell", ""), "")
        return replace(each, file=each.file or file.shown, row=each.row or str(number))

    return type(error)(located(each) for each in error.problems)


@dataclass(frozen=True, slots=True)
class _Run:
    """One notebook as it is run: under which name its by-products are kept."""

    name: str
    stage: Stage
    notebook: NotebookFile
    parameters: Mapping[str, Value]


def _run_of(bench: Bench, step: Step) -> _Run:
    prepared = bench.prepared
    notebook, values = prepared.notebook(step), prepared.parameters(step)
    return _Run(step.id, step.stage, notebook, values)


def _run_of_page(bench: Bench, page: Page) -> _Run:
    notebook = bench.prepared.notebooks[page.notebook]
    name = PurePosixPath(page.file).stem
    return _Run(name, "report", notebook, bench.prepared.page_parameters(page))


def _freeze(bench: Bench, step: Step) -> tuple[Path, bytes]:
    """Staging for the report step, holding the inputs.json that it may read."""
    prepared = bench.prepared
    given = {each.shown: values for each, values in prepared.every_parameters()}
    notebooks = prepared.notebooks.values()
    account = freeze(
        bench.workspace, prepared.study, notebooks, given, bench.fingerprint
    )
    content = account.to_json()
    staging = bench.held.new_staging(step.id)
    bench.held.stage(staging, {ACCOUNT_FILE: content})
    return staging, content


def _execute(bench: Bench, run: _Run, staging: Path) -> Any:
    assignment = Assignment(
        path=run.notebook.path,
        shown=run.notebook.shown,
        parameters=run.parameters,
        home=bench.workspace.root,
        staging=staging,
        stage=run.stage,
        published=bench.prepared.study.measurement.published,
        failed_folder=bench.run_folder,
        environment=os.environ,
        limits=bench.limits,
    )
    try:
        notebook = run_notebook(bench.room, assignment)
    except Failed as failed:
        _keep(bench, f"{run.name}.failed", kept(failed.notebook, run.stage))
        bench.held.keep_by_product({f"{run.name}.log": kept_log(failed.log)})
        raise failed.error from None
    if run.stage != "report":
        _keep(bench, run.name, kept(notebook, run.stage))
        refuse_rows(notebook, cell_numbers(notebook), run.notebook.shown)
    return notebook


def _keep(bench: Bench, name: str, notebook: Any) -> None:
    content: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    bench.held.keep_by_product({f"{name}.ipynb": content.encode()})


def _what_was_saved(bench: Bench, step: Step, staging: Path) -> dict[str, str]:
    shown = bench.prepared.notebook(step).shown
    what = f"the answers of '{step.source}'" if step.source else "the results"
    try:
        hashes = saving.saved(staging, step.id)
    except (ValueError, KeyError, OSError):
        raise RunError(problem("KCC-R054c", file=shown)) from None
    if hashes is None:
        raise RunError(problem("KCC-R054b", file=shown, value=what))
    return dict(hashes)


def _require_same_raw(bench: Bench, step: Step, staging: Path) -> None:
    """The files that were read are the files this step was started for (F40)."""
    told = json.loads((staging / f"{step.source}.json").read_bytes())["files"]
    read = {each["name"]: each["sha256"] for each in told}
    source = bench.prepared.study.measurement.sources[step.source]
    now = raw_files(bench.workspace, bench.key, source)
    changed = [path for path in now if read.get(path.name) != sha256_of_file(path)]
    if changed or len(now) != len(read):
        names = [bench.workspace.relative(path) for path in changed or now]
        raise DataError([problem("KCC-D040", file=name) for name in names])
