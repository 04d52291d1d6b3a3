"""The verdict on the protocol: every requirement, the worst answer counts (D14)."""

from dataclasses import replace
from datetime import date

import pytest

from kcc_research.estimation.fieldwork import fieldwork_estimates
from kcc_research.estimation.study_design import study_design
from kcc_research.microdata.survey import load_survey
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.protocol import (
    describe_protocol,
    judge_protocol,
    tabulate_protocol,
)
from kcc_research.reporting.protocol_requirements import _later
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study
from tests import burgerpeiling as invented


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """The study and the numbers about its fieldwork, as an analysis makes them."""
    root = invented.workspace(tmp_path_factory.mktemp("oordeel"))
    study = load_study(root, invented.KEY)
    source = study.measurement.source[0]
    raw = root / "data" / "raw" / invented.KEY / "bp.csv"
    rows = load_survey(raw, source, study.questionnaires["bp"]).responses
    design = study_design(study, "bp", rows)
    return study, fieldwork_estimates(study, "bp", design)


def enlarged(estimates, net=620, largest=1.5):
    """The same table of a measurement with ``net`` answers."""
    frame = estimates.copy()
    completed = (frame["indicator"] == "respons") & (frame["category"] == "ingevuld")
    frame.loc[completed, ["estimate", "count"]] = net
    rate = (frame["indicator"] == "respons") & (frame["category"] == "")
    frame.loc[rate, "estimate"] = net / 2000
    heaviest = (frame["indicator"] == "gewicht") & (frame["category"] == "grootste")
    frame.loc[heaviest, "estimate"] = largest
    return frame


def with_protocol(study: Study, **facts):
    measurement = study.measurement
    protocol = measurement.protocol.model_copy(update=facts)
    return study.model_copy(
        update={"measurement": measurement.model_copy(update={"protocol": protocol})}
    )


def with_source(study: Study, **facts):
    measurement = study.measurement
    source = measurement.source[0].model_copy(update=facts)
    return study.model_copy(
        update={"measurement": measurement.model_copy(update={"source": (source,)})}
    )


def answer_to(found, start):
    (one,) = [each for each in found.requirements if each.asks.startswith(start)]
    return one.answer


def test_a_measurement_that_keeps_to_everything(computed):
    study, estimates = computed
    found = judge_protocol(study, enlarged(estimates))
    assert [each for each in found.requirements if each.answer != "voldoet"] == []
    assert found.answer == "voldoet"
    assert found.sentence == "De meting voldoet aan alle 21 eisen die wij nagingen."


def test_too_few_answers_fail_it_and_the_report_says_so(computed):
    study, estimates = computed
    found = judge_protocol(study, estimates)
    assert found.answer == "voldoet niet"
    failing = [each.asks for each in found.those("voldoet niet")]
    assert failing == [
        "ten minste 500 ingevulde vragenlijsten",
        "bij 95% zekerheid hoogstens 5 procentpunt marge",
    ]
    text = describe_protocol(study, estimates)
    assert text.startswith("### Protocol van de Burgerpeiling")
    assert "**De meting voldoet niet aan 2 van de 21 eisen.**" in text
    assert (
        "\n- voldoet niet: ten minste 500 ingevulde vragenlijsten (60 ingevuld" in text
    )
    table = tabulate_protocol(study, estimates)
    assert len(table.rows) == len(found.requirements)


@pytest.mark.parametrize(
    ("net", "answer"),
    [(500, "voldoet"), (499, "let op"), (475, "let op"), (474, "voldoet niet")],
)
def test_the_floor_of_the_net_response(computed, net, answer):
    study, estimates = computed
    found = judge_protocol(study, enlarged(estimates, net=net))
    assert answer_to(found, "ten minste 500 ingevulde") == answer


def test_the_margin_of_384_answers_is_just_within_five_points(computed):
    study, estimates = computed
    start = "bij 95% zekerheid"
    for net, answer in ((385, "voldoet"), (384, "voldoet niet")):
        found = judge_protocol(study, enlarged(estimates, net=net))
        assert answer_to(found, start) == answer
    small = with_source(study, population=1500)
    found = judge_protocol(small, enlarged(estimates, net=306))
    assert answer_to(found, start) == "voldoet"


@pytest.mark.parametrize(
    ("largest", "answer"), [(3.0, "voldoet"), (4.99, "let op"), (5.0, "voldoet niet")]
)
def test_the_largest_weight(computed, largest, answer):
    study, estimates = computed
    found = judge_protocol(study, enlarged(estimates, largest=largest))
    assert answer_to(found, "gewichten als regel") == answer


@pytest.mark.parametrize(
    ("facts", "start", "answer"),
    [
        ({"frame": "other"}, "steekproef uit", "voldoet niet"),
        ({"frame": None}, "steekproef uit", "niet na te gaan"),
        ({"ages": (16, 85)}, "inwoners van", "voldoet niet"),
        ({"resident_months": 11}, "ten minste 12 maanden", "voldoet niet"),
        ({"one_per_household": False}, "één persoon", "voldoet niet"),
        ({"login_codes": None}, "een eigen inlogcode", "niet na te gaan"),
        ({"open_link": True}, "geen open link", "let op"),
        ({"reminder": None}, "een herinnering", "niet na te gaan"),
        ({"reminder": False}, "een herinnering", "niet na te gaan"),
        ({"delivered": date(2023, 12, 1)}, "aangeleverd", "voldoet"),
        ({"delivered": date(2023, 12, 2)}, "aangeleverd", "voldoet niet"),
        ({"dropped": ("a", "b", "c", "d", "e", "f")}, "hoogstens 6", "voldoet"),
        ({"dropped": tuple("abcdefg")}, "hoogstens 6", "voldoet niet"),
        ({"dropped": ("dv02",)}, "hoogstens 6", "voldoet niet"),
    ],
)
def test_what_only_the_measurement_can_state(computed, facts, start, answer):
    study, estimates = computed
    found = judge_protocol(with_protocol(study, **facts), enlarged(estimates))
    assert answer_to(found, start) == answer


@pytest.mark.parametrize(
    ("facts", "start", "answer"),
    [
        ({"invited": 1999}, "ten minste 2.000", "let op"),
        ({"invited": None}, "ten minste 2.000", "niet na te gaan"),
        ({"strata": "leeftijd"}, "per stratum", "voldoet niet"),
        ({"margins": None}, "samenstelling", "voldoet niet"),
        ({"margins": None, "weight": "w"}, "samenstelling", "niet na te gaan"),
    ],
)
def test_what_stands_with_the_source(computed, facts, start, answer):
    study, estimates = computed
    found = judge_protocol(with_source(study, **facts), enlarged(estimates))
    assert answer_to(found, start) == answer


def test_weights_that_do_not_know_age(computed):
    study, estimates = computed
    other = study.model_copy(update={"margins": {"bp": {"kanaal": {"website": 1.0}}}})
    found = judge_protocol(other, enlarged(estimates))
    assert answer_to(found, "gewogen naar leeftijd") == "voldoet niet"


def test_codes_that_are_not_those_of_the_format(computed):
    study, estimates = computed
    asked = study.questionnaires["bp"]
    grade = asked.questions["cijfer"].model_copy(update={"missing": {}})
    questions = [grade if e.id == "cijfer" else e for e in asked.question]
    changed = asked.model_copy(update={"question": tuple(questions)})
    other = study.model_copy(update={"questionnaires": {"bp": changed}})
    found = judge_protocol(other, enlarged(estimates))
    assert answer_to(found, "codes en schalen") == "voldoet niet"


def test_without_a_protocol_a_report_says_nothing(computed):
    study, estimates = computed
    measurement = study.measurement.model_copy(update={"protocol": None})
    silent = study.model_copy(update={"measurement": measurement})
    assert judge_protocol(silent, estimates) is None
    assert describe_protocol(silent, estimates) == ""
    assert tabulate_protocol(silent, estimates) == Absent("")


def test_what_is_wrong_comes_first_on_a_terminal(computed):
    study, estimates = computed
    found = judge_protocol(with_protocol(study, reminder=None), estimates)
    answers = [line[2:18].strip() for line in found.lines()[:-1]]
    assert answers[0] == "voldoet niet"
    assert answers == sorted(
        answers, key=["voldoet niet", "niet na te gaan", "let op", "voldoet"].index
    )
    facts = found.as_facts()
    assert facts["verdict"] == "voldoet niet"
    assert len(facts["requirements"]) == len(found.requirements)


def test_unknown_is_not_the_same_as_wrong(computed):
    study, estimates = computed
    unknown = replace(
        judge_protocol(with_protocol(study, frame=None), enlarged(estimates))
    )
    assert unknown.answer == "niet na te gaan"
    assert unknown.sentence.startswith("Wij kunnen niet nagaan")


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2023, 12, 31), date(2024, 2, 29)),
        (date(2023, 10, 15), date(2023, 12, 15)),
        (date(2023, 11, 30), date(2024, 1, 30)),
    ],
)
def test_two_months_later(day, later):
    assert _later(day, 2) == later
