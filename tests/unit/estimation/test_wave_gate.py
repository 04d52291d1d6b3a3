"""The gate where a wave map speaks: renamed, reworded, other scales."""

import pytest

from kcc_research.estimation.wave_gate import (
    measured_differently,
    other_people,
    rests_on,
)
from kcc_research.study.wave_map import WaveMap

THEN = "xx-proef/2022-meting"
ROW = {
    "measurements": [THEN],
    "wording_changed": False,
    "comparable": True,
    "reason": "De naam veranderde.",
}
PARALLEL = {"parallel": "Beide gevraagd aan 400 mensen in 2022."}


def waves(question="cijfer", scale=(1, 10), **row):
    item = {"question": question, "scale": scale, "was": [ROW | row]}
    return {"item": [item]}


@pytest.fixture
def gate(make_study, make_questionnaire, questions, indicators):
    """Both reasons of the gate for an indicator, question and indicator then varied."""

    def of(item, *, name="rapportcijfer", change=None, rename=None, mode="web"):
        now = make_study().model_copy(
            update={"waves": WaveMap.model_validate(item) if item else WaveMap()}
        )
        question = questions["cijfer"].model_copy(update=change or {})
        asked = [question]
        counted = [
            each.model_copy(update={"id": (rename or {}).get(each.id, each.id)})
            for each in (indicators["rapportcijfer"], indicators["tevreden"])
        ]
        before = make_questionnaire(questions=asked)
        if rename:
            before = before.model_copy(update={"indicator": tuple(counted)})
        then = make_study(slug="2022-meting", questionnaire=before, mode=mode)
        indicator = now.questionnaires["algemeen"].indicators[name]
        link = now.waves.link("algemeen", indicator, THEN)
        closed = measured_differently(now, then, "algemeen", name, link)
        return closed, closed or other_people(now, then, "algemeen", name, link)

    return of


RENAMED = {"rapportcijfer": "cijfer_gemeente", "tevreden": "tevreden"}


def test_another_id_is_nothing_to_compare_with_until_it_is_declared(gate):
    assert gate(None, rename=RENAMED)[0] == (
        "in de eerdere meting bestaat deze uitkomst niet"
    )
    item = waves(indicators={"rapportcijfer": "cijfer_gemeente"})
    assert gate(item, rename=RENAMED) == ("", "")


def test_texts_of_the_files_may_differ_when_the_question_did_not(gate):
    other = {"text": "Rapportcijfer gemeente"}
    assert gate(None, change=other)[0].endswith("de vraagtekst")
    assert gate(waves(), change=other)[0] == ""


def test_what_is_declared_incomparable_stays_closed_with_its_reason(gate):
    assert gate(waves(comparable=False))[0] == "De naam veranderde."


@pytest.mark.parametrize("name", ["rapportcijfer", "tevreden"])
def test_another_scale_is_compared_only_as_a_share_with_a_parallel(gate, name):
    half = {"range": (1, 5)}
    assert (
        "de schaal (1 tot 10 tegenover 1 tot 5)"
        in gate(None, change=half, name=name)[0]
    )
    item = waves(scale=(1, 10), **PARALLEL) | {}
    item["item"][0]["was"][0]["scale"] = (1, 5)
    expected = {
        "rapportcijfer": "gemiddelden op twee verschillende schalen zijn niet te "
        "vergelijken",
        "tevreden": "",
    }
    assert gate(item, change=half, name=name)[0] == expected[name]


def test_another_mode_needs_a_parallel_measurement(gate):
    assert "de manier van veldwerk" in gate(waves(), mode="phone")[0]
    assert gate(waves(**PARALLEL), mode="phone")[0] == ""


def test_routing_by_a_renamed_question_is_the_same_routing(
    make_study, make_questionnaire, questions
):
    contact = questions["contact"].model_copy(
        update={"id": "contact_toen", "column": "c2"}
    )
    grade = questions["cijfer"].model_copy(update={"asked_if": "contact_toen = ja"})
    before = make_questionnaire(questions=[contact, grade])
    then = make_study(slug="2022-meting", questionnaire=before, target="all")
    now = make_study(target="all")

    assert "aan wie de vraag is gesteld" in other_people(
        now, then, "algemeen", "rapportcijfer"
    )
    item = waves(question="contact", scale=None) | {}
    item["item"][0]["was"][0]["question"] = "contact_toen"
    mapped = now.model_copy(update={"waves": WaveMap.model_validate(item)})
    assert other_people(mapped, then, "algemeen", "rapportcijfer") == ""


def test_a_comparison_says_what_it_rests_on(make_study):
    indicator = make_study().questionnaires["algemeen"].indicators["rapportcijfer"]
    plain = WaveMap.model_validate(waves()).link("algemeen", indicator, THEN)
    found = WaveMap.model_validate(waves(**PARALLEL)).link("algemeen", indicator, THEN)

    assert rests_on(plain) == ""
    assert rests_on(found) == f"parallelmeting: {PARALLEL['parallel']}"
