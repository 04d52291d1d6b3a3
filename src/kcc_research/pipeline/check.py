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
    return [*found, *_raw(workspace, study)]


def _raw(workspace: Workspace, study: Study) -> Iterator[Problem]:
    from kcc_research.microdata.contacts import contact_problems
    from kcc_research.pipeline.steps import read_responses

    for source in study.measurement.source:
        if source.is_registration:
            layout = study.layouts[source.id]
            yield from contact_problems(workspace.raw(study.key), source, layout)
        if source.kind != "survey":
            continue
        try:
            yield from read_responses(study, source.id).problems
        except UserError as error:
            yield from error.problems
