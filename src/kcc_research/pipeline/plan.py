"""Which steps a measurement needs, each with its notebook, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kcc_research.errors import Problem, RunError, problem
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.measurement import Study

Stage = Literal["clean", "analyse", "report"]

# Study kind → stage → notebook; cleaning depends on the kind of source instead.
_ANALYSE = {
    "experience": "20_analyse_experience.ipynb",
    "assurance": "24_analyse_assurance.ipynb",
}
_REPORT = {
    "experience": "30_report_experience.ipynb",
    "assurance": "33_report_assurance.ipynb",
}
_CLEAN = {
    "survey": "10_clean_survey.ipynb",
    "municipalities": "13_clean_municipalities.ipynb",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One notebook to be run for one measurement (and one source, in cleaning)."""

    stage: Stage
    notebook: Path
    source: str = ""

    @property
    def id(self) -> str:
        return f"clean-{self.source}" if self.source else self.stage

    @property
    def required_parameters(self) -> tuple[str, ...]:
        return ("measurement", "source") if self.source else ("measurement",)


def plan_measurement(workspace: Workspace, study: Study) -> tuple[Step, ...]:
    """Cleaning of every source, then analysis, then the report.

    Raises :class:`RunError` (R053b, R053c) for kinds that are not built yet.
    """
    measurement = study.measurement
    missing = list(_not_built(study))
    if missing:
        raise RunError(missing)
    own = measurement.notebooks

    def notebook(stage: Stage, shipped: str) -> Path:
        if stage in own:
            return _inside(workspace, study.key, own[stage])
        return workspace.notebooks / shipped

    cleaning = tuple(
        Step("clean", notebook("clean", _CLEAN[source.kind]), source.id)
        for source in measurement.source
    )
    return (
        *cleaning,
        Step("analyse", notebook("analyse", _ANALYSE[measurement.study])),
        Step("report", notebook("report", _REPORT[measurement.study])),
    )


def _inside(workspace: Workspace, key: str, name: str) -> Path:
    """A measurement's own notebook, which may not lie elsewhere (TRUST-F10)."""
    path = workspace.root / name
    if not path.resolve().is_relative_to(workspace.root.resolve()):
        file = f"studies/{key}/measurement.toml"
        raise RunError(problem("KCC-R053f", file=file, value=name))
    return path


def _not_built(study: Study) -> Iterable[Problem]:
    measurement = study.measurement
    file = f"studies/{study.key}/measurement.toml"
    if measurement.study not in _ANALYSE:
        yield problem("KCC-R053b", file=file, value=measurement.study)
        return
    for source in measurement.source:
        if source.kind not in _CLEAN:
            yield problem("KCC-R053c", file=file, column=source.id, value=source.kind)


def with_earlier(
    keys: Iterable[str], earlier: Callable[[str], Iterable[str]]
) -> tuple[str, ...]:
    """``keys`` and every measurement they build on, each after its predecessors.

    ``earlier`` tells which measurements a key names under [[earlier]]. The order
    depends on the names only. Raises :class:`RunError` (R053e) on a circle.
    """
    ordered: dict[str, None] = {}

    def visit(key: str, path: tuple[str, ...]) -> None:
        if key in path:
            circle = " → ".join((*path[path.index(key) :], key))
            raise RunError(problem("KCC-R053e", value=circle))
        if key in ordered:
            return
        for predecessor in sorted(earlier(key)):
            visit(predecessor, (*path, key))
        ordered[key] = None

    for key in sorted(set(keys)):
        visit(key, ())
    return tuple(ordered)
