"""Whether the declarations of a benchmark agree with its questionnaires.

Indicators of a dimension exist and can be averaged, the desk scan of service norms
says all four things about a norm, and every municipality named is in the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kcc_research.errors import Problem
from kcc_research.study.benchmark import BENCHMARK, EVERY_PROFILE
from kcc_research.study.definition_file import DefinitionFile, unknown_name
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Measurement, Source
from kcc_research.study.municipality import code_problems, municipality
from kcc_research.study.norm import indicator_direction
from kcc_research.study.questionnaire import Questionnaire, QuestionRole
from kcc_research.study.toml_lines import KeyPath

NORM_ROLES: Mapping[QuestionRole, str] = {
    "norm_indicator": "choice",
    "norm_published": "choice",
    "norm_value": "number",
    "norm_measured": "choice",
}
YES_NO = ("ja", "nee")


def benchmark_problems(
    measurement: Measurement,
    file: DefinitionFile,
    questionnaires: Mapping[str, Questionnaire],
) -> Iterator[Problem]:
    """Every name of a benchmark that points nowhere; nothing for other studies."""
    if measurement.study != BENCHMARK:
        return
    yield from _code_problems(measurement, file)
    for index, source in enumerate(measurement.source):
        found = questionnaires.get(source.id)
        if found is None:
            continue
        if source.kind == "mystery":
            yield from _dimension_problems(measurement, file, found)
        if source.kind == "municipalities":
            yield from _scan_problems(measurement, file, index, found)


def _code_problems(measurement: Measurement, file: DefinitionFile) -> Iterator[Problem]:
    """Municipalities named that did not exist when the fieldwork began."""
    places: list[tuple[KeyPath, str]] = [
        (("reference_group", index, "municipalities", number), code)
        for index, group in enumerate(measurement.reference_group)
        for number, code in enumerate(group.municipalities)
    ]
    if measurement.profiles != (EVERY_PROFILE,):
        places += [
            (("profiles", number), code)
            for number, code in enumerate(measurement.profiles)
        ]
    day = measurement.fieldwork.start
    for at, code in places:
        found = code_problems(code, day)
        for each in found:
            yield file.problem(each.code, at, value=code, **dict(each.details))
        if found or municipality(code, day).is_invented == measurement.synthetic:
            continue
        wrong = "KCC-C013e" if measurement.synthetic else "KCC-C013d"
        yield file.problem(wrong, at, value=code)


def _dimension_problems(
    measurement: Measurement, file: DefinitionFile, questionnaire: Questionnaire
) -> Iterator[Problem]:
    known = questionnaire.indicators
    for index, dimension in enumerate(measurement.dimension):
        if dimension.id in known:
            at: KeyPath = ("dimension", index, "id")
            yield file.problem("KCC-C013i", at, value=dimension.id)
        for number, name in enumerate(dimension.indicators):
            at = ("dimension", index, "indicators", number)
            if name not in known:
                what = "indicator in de vragenlijst"
                yield unknown_name(file, at, name, known, what)
            elif code := _cannot_count(known[name], questionnaire):
                yield file.problem(code, at, value=name)


def _cannot_count(indicator: Indicator, questionnaire: Questionnaire) -> str:
    """Why an indicator has no place between 0 and 100: a message code, or nothing."""
    question = questionnaire.questions[indicator.question]
    if indicator.statistic == "distribution":
        return "KCC-C013g"
    if indicator.statistic == "mean" and question.range is None:
        return "KCC-C013g"
    if indicator_direction(indicator, question) == "lower_is_better":
        return "KCC-C013f"
    return ""


def _scan_problems(
    measurement: Measurement,
    file: DefinitionFile,
    index: int,
    questionnaire: Questionnaire,
) -> Iterator[Problem]:
    source: Source = measurement.source[index]
    at: KeyPath = ("source", index, "questionnaire")
    for role, kind in NORM_ROLES.items():
        question = questionnaire.with_role(role)
        if question is None or question.type != kind:
            yield file.problem("KCC-C013h", at, value=source.id, role=role, type=kind)
        elif role in ("norm_published", "norm_measured"):
            if set(question.categories) != set(YES_NO):
                yield file.problem("KCC-C013j", at, value=question.id)
    about = questionnaire.with_role("norm_indicator")
    counted = [name for each in measurement.dimension for name in each.indicators]
    for name in about.categories if about is not None else ():
        if name not in counted:
            what = "indicator in een dimensie"
            yield unknown_name(file, at, name, counted, what)
