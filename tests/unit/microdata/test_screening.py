"""Who was screened out has to be in the file for anything to be weighted."""

import pytest

from kcc_research.microdata.survey import load_survey, problems
from kcc_research.study.questionnaire import Filter

LOST = "KCC-D052y"


@pytest.fixture
def told(tmp_path, question, questionnaire, source):
    def of(answers, **more):
        path = tmp_path / "proef.csv"
        path.write_text("contact;cijfer\n" + "".join(f"{a};7\n" for a in answers))
        asked = questionnaire(
            question("contact", "choice"), question("cijfer", "grade")
        )
        filters = (Filter(id="had_contact", condition="contact = ja", label="x"),)
        asked = asked.model_copy(update={"filter": filters})
        given = {"target": "had_contact", "margins": "b.csv"} | more
        declared = source(**given)
        found = problems(path, declared, asked)
        assert load_survey(path, declared, asked).problems == found
        return [(each.code, each.severity) for each in found if each.code == LOST]

    return of


def test_nobody_outside_the_target_is_a_warning(told):
    assert told(["ja", "ja", ""]) == [(LOST, "warning")]


def test_one_is_enough(told):
    assert told(["ja", "ja", "nee"]) == []


@pytest.mark.parametrize("more", [{"target": "all"}, {"margins": None}])
def test_where_nothing_is_weighted_to_a_target_it_is_none(told, more):
    assert told(["ja", "ja"], **more) == []
