"""Questionnaires and sources for tests, as short as they can be."""

import pytest

from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Question, Questionnaire

DEFAULTS = {
    "choice": {"codes": ["ja", "nee"]},
    "grade": {"range": [1, 10], "direction": "higher_is_better"},
    "scale": {"range": [1, 5], "direction": "higher_is_better"},
}


def _question(name: str, kind: str, **more: object) -> Question:
    given = {"id": name, "text": name, "type": kind, "sensitive": False}
    if "columns" not in more:
        given["column"] = name
    return Question.model_validate(given | DEFAULTS.get(kind, {}) | more)


@pytest.fixture
def question():
    """Makes a question: id (also its column), type, and what differs from plain."""
    return _question


@pytest.fixture
def questionnaire():
    """Makes a questionnaire of questions."""

    def make(*questions: Question) -> Questionnaire:
        return Questionnaire(title="Proef", question=questions)

    return make


@pytest.fixture
def source():
    """Makes a source that reads ``proef.csv`` unless told otherwise."""

    def make(**more: object) -> Source:
        given = {"id": "proef", "kind": "survey", "questionnaire": "p.toml"}
        file = {} if "files" in more else {"file": "proef.csv"}
        return Source.model_validate(given | file | more)

    return make
