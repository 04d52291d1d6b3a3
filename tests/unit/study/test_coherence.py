"""Texts of the author (names that point between files: see test_loading)."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.errors import DefinitionError
from kcc_research.study.coherence import place_name, text_problems, typed_numbers
from kcc_research.study.loading import load_study, load_study_with_warnings
from kcc_research.study.questionnaire import Questionnaire
from tests.faults.bench import KEY, make
from tests.faults.content import WAVES, bridged
from tests.workspaces import ASSURANCE, REPOSITORY

QUESTIONNAIRE = Questionnaire.model_validate(
    {
        "title": "Proef",
        "question": [
            {
                "id": "cijfer",
                "text": "Welk cijfer?",
                "type": "grade",
                "sensitive": False,
                "column": "v1",
                "range": [1, 10],
                "direction": "higher_is_better",
            }
        ],
        "indicator": [
            {
                "id": "rapportcijfer",
                "question": "cijfer",
                "label": "Rapportcijfer",
                "statistic": "mean",
            },
            {
                "id": "klassen",
                "question": "cijfer",
                "label": "Klassen",
                "statistic": "distribution",
            },
        ],
    }
)


def found(text):
    return [
        (each.code, each.row, each.value)
        for each in text_problems(text, "texts/a.md", [QUESTIONNAIRE])
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Een {rapportcijfer}.", []),
        ("\nEen {raportcijfer}.", [("KCC-C003d", "2", "{raportcijfer}")]),
        ("{klassen}", [("KCC-C003e", "1", "{klassen}")]),
        ("{ rapportcijfer }", [("KCC-C003d", "1", "{ rapportcijfer }")]),
        ("los } haakje", [("KCC-C003e", "1", "}")]),
        ("## 2.1 Balie\n\n1. Doe dit\n2) Doe dat", []),
        ("in 2023, op 2 oktober, bij de 0-meting", []),
        ("6,6 en 1.234", [("KCC-C004i", "1", "6,6"), ("KCC-C004i", "1", "1.234")]),
    ],
)
def test_a_text_holds_outcomes_by_name(text, expected):
    assert found(text) == expected


@given(st.integers(0, 9).map(str), st.text("abc ,.", max_size=9))
def test_a_digit_in_plain_words_is_always_seen(digit, words):
    warnings = list(typed_numbers(f"{words} {digit}% {words}", "a.md", 1))

    assert [each.value for each in warnings] == [f"{digit}%"]


def test_the_place_is_named_by_the_register_or_by_the_measurement(noordwijk):
    measurement = load_study(noordwijk.root, noordwijk.key).measurement
    elsewhere = measurement.model_copy(update={"municipality": None, "place": "Elders"})
    nation = measurement.model_copy(update={"municipality": None, "owner": "nl"})

    assert place_name(measurement) == "Noordwijk"
    assert place_name(elsewhere) == "Elders"
    assert place_name(nation) == "nl"


def norm(text):
    return f'[[norm]]\nindicator = "in_een_keer"\nsource = "Proef"\n{text}\n'


def with_norm(folder, text):
    return folder.edit("measurement.toml", "[[norm]]", f"{norm(text)}\n[[norm]]")


def problems(folder):
    with pytest.raises(DefinitionError) as raised:
        load_study(folder.root, folder.key)
    return raised.value.problems


def test_a_norm_nothing_gives_a_direction_is_refused(noordwijk):
    line = with_norm(noordwijk, "share = 0.8")
    (found,) = problems(noordwijk)

    assert (found.code, found.row) == ("KCC-C004l", str(line + 1))


def test_a_declared_direction_settles_it(noordwijk):
    with_norm(noordwijk, 'share = 0.8\ndirection = "higher_is_better"')

    declared = load_study(noordwijk.root, noordwijk.key).measurement.norm
    assert declared[0].direction == "higher_is_better"


def test_a_direction_against_the_indicator_is_refused(noordwijk):
    line = noordwijk.edit(
        "measurement.toml",
        "mean = 7.0\n",
        'mean = 7.0\ndirection = "lower_is_better"\n',
    )
    (found,) = problems(noordwijk)

    assert (found.code, found.row) == ("KCC-C004m", str(line + 1))


def test_another_population_than_that_of_the_margins_is_a_warning(noordwijk):
    line = noordwijk.edit(
        "measurement.toml", "population = 36400", "population = 36900"
    )
    _, warnings = load_study_with_warnings(noordwijk.root, noordwijk.key)

    assert [(each.code, each.row) for each in warnings] == [
        ("KCC-C004n", str(line)),
        ("KCC-C004n", str(line)),
    ]
    assert "leeftijd" in warnings[0].title and "36.400" in warnings[0].title


def test_data_of_persons_need_somebody_who_answers_for_them(noordwijk):
    noordwijk.edit("measurement.toml", "synthetic = true", "synthetic = false")
    (found,) = problems(noordwijk)
    assert (found.code, found.column) == ("KCC-P003d", "retain_until")

    noordwijk.edit(
        "measurement.toml",
        "[fieldwork]",
        '[privacy]\ncontroller = "Gemeente"\nlegal_basis = "publieke taak"\n'
        "[fieldwork]",
    )
    study, _ = load_study_with_warnings(noordwijk.root, noordwijk.key)
    assert study.measurement.privacy.legal_basis == "publieke taak"


def test_who_asked_to_be_taken_out_must_have_a_number(noordwijk):
    """Without an identifier nobody can be found in the file."""
    file = noordwijk.path / "algemeen.toml"
    text = file.read_text(encoding="utf-8").replace('"identifier"', '"text"')
    file.write_text(text, encoding="utf-8")
    line = noordwijk.edit(
        "measurement.toml", 'id = "algemeen"', 'id = "algemeen"\nremove = ["12"]'
    )
    found = problems(noordwijk)

    assert [(each.code, each.row) for each in found] == [("KCC-P003b", str(line + 1))]


def test_answers_of_municipalities_need_a_question_about_which(tmp_path):
    there = tmp_path / "studies" / ASSURANCE
    shutil.copytree(REPOSITORY / "studies" / ASSURANCE, there)
    file = tmp_path / "studies" / ASSURANCE / "gemeenten.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith('role = "municipality')]
    file.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_study(tmp_path, ASSURANCE)
    assert [each.code for each in caught.value.problems] == ["KCC-C004o"]


def test_only_respondents_of_a_survey_are_linked(tmp_path):
    there = tmp_path / "studies" / ASSURANCE
    shutil.copytree(REPOSITORY / "studies" / ASSURANCE, there)
    file = there / "gemeenten.toml"
    text = file.read_text(encoding="utf-8")
    linked = 'type = "identifier"\nlink = true'
    file.write_text(text.replace('type = "identifier"', linked, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_study(tmp_path, ASSURANCE)
    [found] = caught.value.problems
    assert (found.code, found.value) == ("KCC-P002c", "gemeenten")


@pytest.mark.parametrize(
    ("scale", "waves", "expected"),
    [
        ("range = [1, 10]", "", []),
        ("range = [1, 5]", "", ["KCC-C004y"]),
        ("range = [1, 5]", WAVES, ["KCC-C004u"]),  # the map says what is not so
    ],
)
def test_a_bridge_has_one_scale(tmp_path, scale, waves, expected):
    bench = make(tmp_path / "project")
    bridged("range = [1, 10]", scale, waves)(bench)
    try:
        load_study(bench.root, KEY)
        told = []
    except DefinitionError as error:
        told = [each.code for each in error.problems]
    assert told == expected
