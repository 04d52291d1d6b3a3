"""Which steps a measurement needs, each with its notebook, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kcc_research.errors import Problem, RunError, problem
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.benchmark import profile_page, profiled
from kcc_research.study.measurement import Study
from kcc_research.study.municipality import Municipality

Stage = Literal["clean", "analyse", "report"]

# Study kind → stage → notebook; cleaning depends on the kind of source instead.
ANALYSE = {
    "experience": "20_analyse_experience.ipynb",
    "contacts": "21_analyse_contacts.ipynb",
    "counter": "22_analyse_counter.ipynb",
    "phone": "23_analyse_phone.ipynb",
    "assurance": "24_analyse_assurance.ipynb",
    "benchmark": "25_analyse_benchmark.ipynb",
    "continuous": "27_analyse_continuous.ipynb",
}
REPORT = {
    "experience": "30_report_experience.ipynb",
    "counter": "31_report_counter.ipynb",
    "phone": "32_report_phone.ipynb",
    "assurance": "33_report_assurance.ipynb",
    "benchmark": "34_report_benchmark.ipynb",
    "continuous": "35_report_continuous.ipynb",
    "contacts": "37_report_contacts.ipynb",
}
_PROFILE = "36_report_profile.ipynb"
CLEAN = {
    "survey": "10_clean_survey.ipynb",
    "volumes": "10_clean_survey.ipynb",
    "documents": "10_clean_survey.ipynb",
    "remarks": "12_clean_remarks.ipynb",
    "contacts": "11_clean_contacts.ipynb",
    "queue": "11_clean_contacts.ipynb",
    "municipalities": "13_clean_municipalities.ipynb",
    "mystery": "13_clean_municipalities.ipynb",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page beside a report, about one municipality, from a notebook of its own.

    It is published with the report, in one exchange, or neither is. ``file`` is its
    place in the publication.
    """

    notebook: Path
    municipality: Municipality
    file: str

    required_parameters = ("measurement", "municipality")


@dataclass(frozen=True, slots=True)
class Step:
    """One notebook to be run for one measurement (and one source, in cleaning).

    A report may have ``pages`` that are published with it.
    """

    stage: Stage
    notebook: Path
    source: str = ""
    pages: tuple[Page, ...] = ()

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

    def notebook(stage: Stage | Literal["profile"], shipped: str) -> Path:
        if stage in own:
            return _inside(workspace, study.key, own[stage])
        return workspace.notebooks / shipped

    cleaning = tuple(
        Step("clean", notebook("clean", CLEAN[source.kind]), source.id)
        for source in measurement.source
    )
    return (
        *cleaning,
        Step("analyse", notebook("analyse", ANALYSE[measurement.study])),
        Step(
            "report",
            notebook("report", REPORT[measurement.study]),
            pages=tuple(
                Page(notebook("profile", _PROFILE), each, profile_page(each))
                for each in profiled(measurement)
            ),
        ),
    )


def notebooks_of(steps: Iterable[Step]) -> Mapping[Path, tuple[str, ...]]:
    """Every notebook of the plan, once, with the parameters it is given."""
    found: dict[Path, tuple[str, ...]] = {}
    for step in steps:
        found[step.notebook] = step.required_parameters
        for page in step.pages:
            found[page.notebook] = page.required_parameters
    return found


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
    if measurement.study not in ANALYSE:
        yield problem("KCC-R053b", file=file, value=measurement.study)
        return
    for source in measurement.source:
        if source.kind not in CLEAN:
            yield problem("KCC-R053c", file=file, column=source.id, value=source.kind)
