"""Making the account of a measurement from its records and files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kcc_research.pipeline.account import (
    Account,
    SourceAccount,
    measurement_facts,
    source_account,
)
from kcc_research.pipeline.fingerprint import (
    Fingerprint,
    definition_files,
    notebook_hash,
)
from kcc_research.pipeline.notebook_file import NotebookFile, read_notebook
from kcc_research.pipeline.plan import notebooks_of, plan_measurement
from kcc_research.pipeline.record import read_record, sha256_of_file
from kcc_research.pipeline.saving import record_file
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.instrument import comparable_numbers
from kcc_research.study.loading import load_study_with_warnings
from kcc_research.study.measurement import Study
from kcc_research.study.policy import to_five

_GIT_SECONDS = 10
_CODE = ("src", "notebooks", "requirements.lock")


def freeze(
    workspace: Workspace,
    study: Study,
    notebooks: Iterable[NotebookFile],
    parameters: Mapping[str, Mapping[str, Any]],
    fingerprint: Fingerprint,
) -> Account:
    """The account as it stands now; ``parameters`` maps a notebook to its values.

    Versions and code are those of ``fingerprint``, as in the key of the report.
    """
    folder = workspace.study(study.key)
    _, warnings = load_study_with_warnings(workspace.root, study.key)
    definitions = {
        path.relative_to(folder).as_posix(): sha256_of_file(path)
        for path in definition_files(folder, "report")
    }
    earlier = {}
    for declared in study.measurement.earlier:
        record = read_record(record_file(workspace, declared.measurement, "analyse"))
        if record is not None:
            earlier[declared.measurement] = record.content
    lock = workspace.lock_file
    return Account(
        measurement={
            **measurement_facts(study),
            "comparable": comparable_numbers(study),
        },
        sources=tuple(_sources(workspace, study)),
        definitions=definitions,
        notebooks={each.shown: notebook_hash(each) for each in notebooks},
        parameters=parameters,
        earlier=earlier,
        software=fingerprint.software,
        package_sha256=fingerprint.package_hash["report"],
        lock_sha256=sha256_of_file(lock) if lock.is_file() else "",
        warnings=tuple(each.title for each in warnings),
    )


def account_by_hand(workspace: Workspace, study: Study) -> Account:
    """The account for a report notebook that is run in JupyterLab.

    As it would be read back from inputs.json, so that the report lists it alike.
    """
    steps = plan_measurement(workspace, study)
    names = notebooks_of(steps)
    notebooks = [read_notebook(path, workspace.relative(path)) for path in names]
    fingerprint = Fingerprint(workspace)
    return freeze(workspace, study, notebooks, {}, fingerprint).as_read()


def _sources(workspace: Workspace, study: Study) -> Iterable[SourceAccount]:
    for source in study.measurement.source:
        path = workspace.processed(study.key) / f"{source.id}.json"
        if path.is_file():
            found = source_account(json.loads(path.read_bytes()))
            is_rounded = study.measurement.disclosure.round_counts
            yield _rounded(found) if is_rounded else found


def _rounded(source: SourceAccount) -> SourceAccount:
    """Exact numbers of people appear nowhere, the files they came from included."""
    return replace(
        source,
        files=tuple(replace(each, rows=to_five(each.rows)) for each in source.files),
        rows=to_five(source.rows),
        changes={rule: to_five(count) for rule, count in source.changes.items()},
    )


def uncommitted(workspace: Workspace, key: str) -> bool | None:
    """Whether code or definitions differ from what git knows; None without git.

    This is for run.json: a commit changes it, and no report for that.
    """
    paths = [*_CODE, f"studies/{key}"]
    command = ["git", "status", "--porcelain", "--", *paths]
    try:
        done = subprocess.run(
            command,
            cwd=workspace.root,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else bool(done.stdout.strip())
