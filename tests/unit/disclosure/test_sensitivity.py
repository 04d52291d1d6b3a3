"""Sensitivity follows the question, whatever a result is called."""

import pytest

from kcc_research.disclosure.sensitivity import question_of, sensitive_rows
from tests.unit.disclosure.result_rows import estimate, estimates


@pytest.mark.parametrize(
    ("indicator", "by", "expected"),
    [
        ("inkomen", "kanaal", True),
        ("inkomen_weet_niet", "totaal", True),
        ("weging_inkomen", "weging", True),
        ("rapportcijfer", "inkomen", True),
        ("rapportcijfer", "kanaal", False),
        ("cijfer_weet_niet", "totaal", False),
        ("respons", "totaal", False),
    ],
)
def test_what_is_sensitive(study, indicator, by, expected):
    rows = estimates(estimate(100, indicator=indicator, by=by))
    assert sensitive_rows(study, rows).tolist() == [expected]


def test_a_source_without_questionnaire_has_no_sensitive_rows(study):
    rows = estimates(estimate(100, source="elders", indicator="inkomen"))
    assert sensitive_rows(study, rows).tolist() == [False]


def test_an_indicator_goes_by_its_question(study):
    questionnaire = study.questionnaires["algemeen"]
    assert question_of(questionnaire, "rapportcijfer") == "cijfer"
    assert question_of(questionnaire, "weging_leeftijd") == "leeftijd"
