"""``kcc check``: read everything a measurement is made from, change none of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kcc_research.errors import Problem, UserError
from kcc_research.pipeline.assessment import earlier_of, prepare
from kcc_research.pipeline.order import circles
from kcc_research.pipeline.own_notebook import moved_on
from kcc_research.pipeline.safety_net import faults_told
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study, load_study_with_warnings
from kcc_research.study.measurement import Source, Study

if TYPE_CHECKING:
    from pandas import DataFrame


PAGE = "controlerapport.html"
TABLE = "controlerapport.csv"


def check(workspace: Workspace, key: str) -> list[Problem]:
    """Every problem of the definitions, the notebooks and the raw files of ``key``."""
    try:
        with faults_told(key):
            study, warnings = load_study_with_warnings(workspace.root, key)
    except UserError as error:
        return list(error.problems)
    found = [*warnings, *moved_on(workspace, key)]
    for circle in circles([key], earlier_of(workspace)).values():
        found += circle.problems
    try:
        with faults_told(key):
            prepare(workspace, key)
    except UserError as error:
        found += error.problems
    return [*found, *_raw(workspace, study)]


def keep_report(
    store: Store, key: str, title: str, problems: Sequence[Problem]
) -> Path:
    """Put the *controlerapport* in a private folder of this check; the page's path."""
    with store.hold(key, writing=False) as held:
        return held.keep_by_product(report_files(key, title, problems)) / PAGE


def report_files(key: str, title: str, problems: Sequence[Problem]) -> dict[str, bytes]:
    """The *controlerapport* as a page and as a table."""
    from kcc_research.reporting import check_report

    return {
        PAGE: check_report.to_html(title, key, problems).encode(),
        TABLE: check_report.to_csv(problems),
    }


def title_of(workspace: Workspace, key: str) -> str:
    """The title of a measurement, or its key where its file is not in order."""
    try:
        return load_study(workspace.root, key).measurement.title
    except UserError:
        return key


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
    from kcc_research.microdata.survey import problems
    from kcc_research.pipeline.steps import read_municipalities, read_remarks

    readers = {
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
    if source.kind in ("survey", "volumes"):
        # No answers are made here, so no key of pseudonyms either.
        asked = study.questionnaires[source.id]
        return problems(workspace.raw(study.key), source, asked)
    if source.kind in readers:
        return tuple(readers[source.kind](study, source.id).problems)
    return ()
