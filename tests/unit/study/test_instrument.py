"""How a number was measured: equal accounts and no others may stand side by side."""

from pathlib import Path

import pytest

from kcc_research.estimation.wave_gate import measured_differently, other_people
from kcc_research.study.instrument import PARTS, comparable_numbers, differing
from kcc_research.study.loading import load_study

ROOT = Path(__file__).parents[3]
SOURCE, GRADE = "algemeen", "rapportcijfer"


@pytest.fixture(scope="module")
def study():
    return load_study(ROOT, "gm0575-noordwijk/2021-klantbeleving")


def grade(study):
    [found] = [e for e in comparable_numbers(study) if e["indicator"] == GRADE]
    return found


def with_question(study, **changes):
    questionnaire = study.questionnaires[SOURCE]
    asked = tuple(
        each.model_copy(update=changes) if each.id == "cijfer" else each
        for each in questionnaire.question
    )
    return with_questionnaire(study, question=asked)


def with_indicator(study, **changes):
    questionnaire = study.questionnaires[SOURCE]
    counted = tuple(
        each.model_copy(update=changes) if each.id == GRADE else each
        for each in questionnaire.indicator
    )
    return with_questionnaire(study, indicator=counted)


def with_questionnaire(study, **changes):
    found = study.questionnaires[SOURCE].model_copy(update=changes)
    several = {**study.questionnaires, SOURCE: found}
    return study.model_copy(update={"questionnaires": several})


def with_fieldwork(study, **changes):
    fieldwork = study.measurement.fieldwork.model_copy(update=changes)
    measurement = study.measurement.model_copy(update={"fieldwork": fieldwork})
    return study.model_copy(update={"measurement": measurement})


def with_target(study, target):
    sources = tuple(
        each.model_copy(update={"target": target}) for each in study.measurement.source
    )
    measurement = study.measurement.model_copy(update={"source": sources})
    return study.model_copy(update={"measurement": measurement})


OTHERWISE = {
    "question": lambda s: with_question(s, text="Hoe tevreden bent u?"),
    "answers": lambda s: with_question(s, range=(0, 10)),
    "measure": lambda s: with_indicator(s, base="all"),
    "people": lambda s: with_target(s, "had_contact"),
    "asked": lambda s: with_question(s, asked_if="kern = Zee"),
    "mode": lambda s: with_fieldwork(s, mode="phone"),
    "recruitment": lambda s: with_fieldwork(s, recruitment="panel"),
}


def test_every_part_of_the_account_is_tried():
    assert OTHERWISE.keys() == PARTS.keys()


@pytest.mark.parametrize("part", sorted(OTHERWISE))
def test_what_closes_the_gate_between_waves_sets_numbers_apart(study, part):
    other = OTHERWISE[part](study)
    assert differing(grade(study), grade(other)) == (PARTS[part],)
    gates = (measured_differently, other_people)
    assert any(gate(other, study, SOURCE, GRADE) for gate in gates)


def test_blanks_names_and_dates_make_no_other_number(study):
    text = study.questionnaires[SOURCE].questions["cijfer"].text
    other = with_question(study, text=f"  {text.replace(' ', '  ')} ", label="Anders")
    assert differing(grade(study), grade(other)) == ()


def test_the_headline_comes_first_and_a_question_has_one_main_number(study):
    found = [each["indicator"] for each in comparable_numbers(study)]
    assert found[:2] == [GRADE, "tevreden"]
    assert "snel_score" in found
    assert not {"snel", "snel_oneens", "onvoldoende", "cijferklassen"} & set(found)


def test_the_account_is_told_in_dutch(study):
    assert grade(study)["answers"] == "cijfer, 1 tot en met 10, hoger is beter"
    [share] = [e for e in comparable_numbers(study) if e["indicator"] == "tevreden"]
    assert share["measure"] == "aandeel 7 of hoger, van geldige antwoorden"
    aimed = grade(with_target(study, "had_contact"))
    assert aimed["people"] == "inwoners van 18 jaar en ouder; had_contact = ja"
    assert aimed["who"] == study.questionnaires[SOURCE].filters["had_contact"].label
    part = grade(with_question(study, asked_if="had_contact != nee"))["who"]
    asked = study.questionnaires[SOURCE].questions["had_contact"].short
    assert part == f"inwoners van 18 jaar en ouder (alleen bij “{asked}”: niet nee)"
