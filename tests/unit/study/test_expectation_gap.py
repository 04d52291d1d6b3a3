"""A gap is declared between two questions on one scale."""

import pytest
from pydantic import ValidationError

from kcc_research.study.questionnaire import Questionnaire


def _question(name, **given):
    return {
        "id": name,
        "column": name,
        "text": name,
        "type": "grade",
        "range": [1, 10],
        "direction": "higher_is_better",
        "sensitive": False,
    } | given


def _questionnaire(gaps, *extra):
    return Questionnaire.model_validate(
        {
            "title": "Balie",
            "question": [_question("verwacht"), _question("ervaren"), *extra],
            "indicator": [
                {
                    "id": "cijfer",
                    "question": "ervaren",
                    "label": "cijfer",
                    "statistic": "mean",
                }
            ],
            "gap": gaps,
        }
    )


def _gap(**given):
    return {
        "id": "snelheid",
        "label": "Snelheid",
        "expectation": "verwacht",
        "experience": "ervaren",
    } | given


def test_a_gap_names_two_questions():
    (gap,) = _questionnaire([_gap()]).gap
    assert (gap.expectation, gap.experience) == ("verwacht", "ervaren")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"expectation": "gehoopt"}, "vraag 'gehoopt' bestaat niet"),
        ({"experience": "verwacht"}, "twee keer dezelfde vraag"),
        ({"experience": "vijfpunts"}, "niet dezelfde range en direction"),
        ({"experience": "omgekeerd"}, "niet dezelfde range en direction"),
        ({"experience": "reden"}, "'reden' heeft geen schaal"),
        ({"id": "cijfer"}, "is al van een andere uitkomst"),
    ],
)
def test_what_cannot_be_subtracted_is_refused(given, said):
    extra = (
        _question("vijfpunts", range=[1, 5]),
        _question("omgekeerd", direction="lower_is_better"),
        {
            "id": "reden",
            "column": "reden",
            "text": "reden",
            "type": "text",
            "sensitive": False,
        },
    )
    with pytest.raises(ValidationError, match=said):
        _questionnaire([_gap(**given)], *extra)


def test_the_same_name_twice_is_refused():
    with pytest.raises(ValidationError, match="is al van een andere uitkomst"):
        _questionnaire([_gap(), _gap()])
