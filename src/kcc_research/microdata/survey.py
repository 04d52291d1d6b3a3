"""A survey file in one call: read, check, clean."""

from __future__ import annotations

from kcc_research.errors import DataError, Problem
from kcc_research.microdata.checking import check
from kcc_research.microdata.cleaning import Cleaned, clean
from kcc_research.microdata.reading import Paths, read_source
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Questionnaire


def load_survey(paths: Paths, source: Source, questionnaire: Questionnaire) -> Cleaned:
    """The checked answers of one source, with log, warnings and notices.

    ``paths``: the file, the files, or the folder of the measurement in ``data/raw``.
    Raises :class:`DataError` with every problem of the file(s) when one of them is an
    error; nothing is returned then.
    """
    return clean(
        check(read_source(paths, source, questionnaire), questionnaire), questionnaire
    )


def problems(
    paths: Paths, source: Source, questionnaire: Questionnaire
) -> tuple[Problem, ...]:
    """Everything that reading and checking has to say, without raising."""
    try:
        return check(read_source(paths, source, questionnaire), questionnaire).problems
    except DataError as error:
        return error.problems
