"""Whether the ``[disclosure]`` of a measurement names what exists.

An exception for a table that nobody publishes would be printed in the report and mean
nothing; a sensitive question with a typing error would not be protected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kcc_research.errors import Problem
from kcc_research.study.definition_file import DefinitionFile, unknown_name
from kcc_research.study.measurement import Measurement, Source
from kcc_research.study.policy import DisclosureException
from kcc_research.study.questionnaire import Questionnaire
from kcc_research.study.reserved import DONT_KNOW_SUFFIX, INDICATORS, WEIGHTING_PREFIX

_PLACES = ("totaal", "domein", "weging")


def policy_problems(
    measurement: Measurement,
    file: DefinitionFile,
    questionnaires: Mapping[str, Questionnaire],
) -> Iterator[Problem]:
    """Every name under ``[disclosure]`` that points nowhere, and late signatures."""
    asked = [name for each in questionnaires.values() for name in each.questions]
    for index, name in enumerate(measurement.disclosure.sensitive):
        if name not in asked:
            at = ("disclosure", "sensitive", index)
            yield unknown_name(file, at, name, asked, "vraag in een vragenlijst")
    for index, exception in enumerate(measurement.disclosure.exception):
        path = ("disclosure", "exception", index)
        if not _is_table(exception, measurement, questionnaires):
            example = _example(measurement, questionnaires)
            yield file.problem(
                "KCC-S001a", (*path, "table"), value=exception.table, example=example
            )
        if exception.date > measurement.published:
            yield file.problem(
                "KCC-S001b",
                (*path, "date"),
                value=exception.date,
                published=measurement.published,
            )


def _is_table(
    exception: DisclosureException,
    measurement: Measurement,
    questionnaires: Mapping[str, Questionnaire],
) -> bool:
    """A registration has its own breakdowns: of those only the source is checked."""
    name, indicator, by = exception.place
    source = measurement.sources.get(name)
    if source is None or source.is_registration:
        return source is not None
    questionnaire = questionnaires.get(name)
    if questionnaire is None:
        return True  # its own file is wrong, and says so
    return indicator in _indicators(questionnaire) and by in _groupings(source)


def _indicators(questionnaire: Questionnaire) -> set[str]:
    named = {
        each.id
        for defined in (
            questionnaire.indicator,
            questionnaire.cross,
            questionnaire.ratio,
        )
        for each in defined
    }
    made = {
        text
        for each in questionnaire.questions
        for text in (each + DONT_KNOW_SUFFIX, WEIGHTING_PREFIX + each)
    }
    return named | made | INDICATORS


def _groupings(source: Source) -> set[str]:
    return {*_PLACES, *source.breakdowns}


def _example(
    measurement: Measurement, questionnaires: Mapping[str, Questionnaire]
) -> str:
    for source, questionnaire in questionnaires.items():
        if questionnaire.indicator:
            return f"{source}/{questionnaire.indicator[0].id}/totaal"
    return f"{measurement.source[0].id}/rapportcijfer/totaal"
