"""A survey file in one call: read, check, clean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kcc_research.errors import DataError, Problem
from kcc_research.microdata.checking import Checked, check
from kcc_research.microdata.cleaning import Cleaned, clean
from kcc_research.microdata.invitations import rest_problems
from kcc_research.microdata.reading import Paths, read_source
from kcc_research.microdata.screening import screening_problems
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Questionnaire


def load_survey(
    paths: Paths,
    source: Source,
    questionnaire: Questionnaire,
    secret: Callable[[], bytes] | None = None,
) -> Cleaned:
    """The checked answers of one source, with log, warnings and notices.

    ``paths``: the file, the files, or the folder of the measurement in ``data/raw``.
    ``secret`` gives the key of pseudonyms, where a question has ``link``.
    Raises :class:`DataError` with every problem of the file(s) when one of them is an
    error; nothing is returned then.
    """
    return clean(check_survey(paths, source, questionnaire), questionnaire, secret)


def problems(
    paths: Paths, source: Source, questionnaire: Questionnaire
) -> tuple[Problem, ...]:
    """Everything that reading and checking has to say, without raising."""
    try:
        return check_survey(paths, source, questionnaire).problems
    except DataError as error:
        return error.problems


def check_survey(paths: Paths, source: Source, questionnaire: Questionnaire) -> Checked:
    """The answers as read, with everything that is wrong with them; see ``errors``."""
    checked = check(read_source(paths, source, questionnaire), questionnaire)
    found = (*screening_problems(checked, source), *rest_problems(checked, source))
    return replace(checked, problems=(*checked.problems, *found))
