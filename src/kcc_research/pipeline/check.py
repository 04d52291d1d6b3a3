"""``kcc check``: read everything a measurement is made from, change nothing."""

from __future__ import annotations

from collections.abc import Iterator

from kcc_research.errors import Problem, UserError
from kcc_research.pipeline.assessment import prepare
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study_with_warnings
from kcc_research.study.measurement import Study


def check(workspace: Workspace, key: str) -> list[Problem]:
    """Every problem of the definitions, the notebooks and the raw files of ``key``."""
    try:
        study, warnings = load_study_with_warnings(workspace.root, key)
    except UserError as error:
        return list(error.problems)
    found = list(warnings)
    try:
        prepare(workspace, key)
    except UserError as error:
        found += error.problems
    return [*found, *_raw(study)]


def _raw(study: Study) -> Iterator[Problem]:
    from kcc_research.pipeline.steps import read_municipalities, read_responses

    readers = {"survey": read_responses, "municipalities": read_municipalities}
    for source in study.measurement.source:
        if source.kind not in readers:
            continue
        try:
            yield from readers[source.kind](study, source.id).problems
        except UserError as error:
            yield from error.problems
