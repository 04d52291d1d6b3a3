"""``kcc check``: read everything a measurement is made from, change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kcc_research.errors import Problem, UserError, problem
from kcc_research.pipeline.assessment import earlier_of, prepare
from kcc_research.pipeline.plan import circles
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import list_keys, load_study_with_warnings
from kcc_research.study.measurement import Source, Study

if TYPE_CHECKING:
    from pandas import DataFrame


def check(workspace: Workspace, key: str) -> list[Problem]:
    """Every problem of the definitions, the notebooks and the raw files of ``key``."""
    try:
        with faults_told(key):
            study, warnings = load_study_with_warnings(workspace.root, key)
    except UserError as error:
        return list(error.problems)
    found = list(warnings)
    for circle in circles([key], earlier_of(workspace)).values():
        found += circle.problems
    try:
        with faults_told(key):
            prepare(workspace, key)
    except UserError as error:
        found += error.problems
    return [*found, *_raw(workspace, study)]


def strange_folders(workspace: Workspace) -> Iterator[Problem]:
    """A warning for each folder with a measurement that can have no key (R053p)."""
    known = list_keys(workspace.root)
    for file in sorted(workspace.studies.glob("*/*/measurement.toml")):
        if file.parent.relative_to(workspace.studies).as_posix() not in known:
            yield problem("KCC-R053p", file=workspace.relative(file.parent))


def _raw(workspace: Workspace, study: Study) -> Iterator[Problem]:
    remarks: dict[str, DataFrame] = {}
    for source in study.measurement.source:
        try:
            with faults_told(study.key):
                problems = _problems(workspace, study, source, remarks)
        except UserError as error:
            problems = error.problems
        yield from problems
    yield from _quotes(study, remarks)


def _quotes(study: Study, remarks: Mapping[str, DataFrame]) -> Iterator[Problem]:
    """Ticked words that may not be printed, where all remarks could be read."""
    from kcc_research.disclosure.quotes import choose_quotes

    if remarks.keys() != study.schemes.keys():
        return
    try:
        choose_quotes(study, remarks)
    except UserError as error:
        yield from error.problems


def _problems(
    workspace: Workspace, study: Study, source: Source, remarks: dict[str, DataFrame]
) -> tuple[Problem, ...]:
    """What is wrong with the raw files of one source, by its kind.

    Coded fragments that could be read are added to ``remarks``.
    """
    from kcc_research.microdata.contacts import contact_problems
    from kcc_research.pipeline.steps import (
        read_municipalities,
        read_remarks,
        read_responses,
    )

    readers = {
        "survey": read_responses,
        "volumes": read_responses,
        "municipalities": read_municipalities,
        "mystery": read_municipalities,
    }
    if source.is_registration:
        layout = study.layouts[source.id]
        return tuple(contact_problems(workspace.raw(study.key), source, layout))
    if source.kind == "remarks":
        cleaned = read_remarks(study, source.id)
        remarks[source.id] = cleaned.responses
        return tuple(cleaned.problems)
    if source.kind in readers:
        return tuple(readers[source.kind](study, source.id).problems)
    return ()
