"""The wave map: sound in itself, and in agreement with both questionnaires."""

import pytest
from pydantic import ValidationError

from kcc_research.errors import DefinitionError
from kcc_research.study.indicator import Indicator
from kcc_research.study.loading import load_study
from kcc_research.study.wave_map import WaveMap

THEN = "xx-proef/2022-meting"
ROW = {
    "measurements": [THEN],
    "wording_changed": False,
    "comparable": True,
    "reason": "Naam van de variabele veranderd.",
}
GRADE = Indicator(id="cijfer_nu", question="cijfer", label="Cijfer", statistic="mean")


def waves(*rows, **item):
    given = {"question": "cijfer", "scale": [1, 10], "was": [ROW | x for x in rows]}
    return WaveMap.model_validate({"item": [given | item]})


def test_an_indicator_is_found_under_its_id_of_then():
    link = waves({"question": "oud", "indicators": {"cijfer_nu": "cijfer_toen"}}).link(
        "algemeen", GRADE, THEN
    )

    assert link.then == "cijfer_toen"
    assert link.before.reason == ROW["reason"]
    assert not link.has_other_scale


@pytest.mark.parametrize(
    ("source", "measurement", "question"),
    [
        ("algemeen", "xx-proef/2021-meting", "cijfer"),
        ("algemeen", THEN, "ander"),
        ("andere_bron", THEN, "cijfer"),
    ],
)
def test_what_the_map_does_not_speak_about_keeps_its_id(source, measurement, question):
    indicator = GRADE.model_copy(update={"question": question})
    found = waves({"indicators": {"cijfer_nu": "x"}}, source="algemeen")

    assert found.link(source, indicator, measurement).then == "cijfer_nu"
    assert found.link(source, indicator, measurement).before is None


def test_renamed_questions_by_their_name_of_then():
    found = waves({"question": "oud"}, {"measurements": ["xx-proef/2021-meting"]})

    assert found.names("algemeen", THEN) == {"oud": "cijfer"}
    assert found.names("algemeen", "xx-proef/2021-meting") == {}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"wording_changed": True}, "een andere vraagtekst: comparable = true"),
        ({"scale": [1, 5]}, "een andere schaal: comparable = true"),
        (
            {"scale": [1, 5], "wording_changed": True},
            "een andere vraagtekst en een andere schaal",
        ),
    ],
)
def test_what_changed_needs_a_parallel_measurement(row, words):
    with pytest.raises(ValidationError, match=words):
        waves(row)
    assert waves(row | {"comparable": False})
    assert waves(row | {"parallel": "In 2022 bij 400 mensen allebei gesteld."})


def test_a_measurement_is_told_about_once():
    with pytest.raises(ValidationError, match="staat er twee keer iets"):
        waves({}, {})


def test_a_question_stands_there_once_per_source():
    item = {"question": "cijfer", "was": [ROW]}
    with pytest.raises(ValidationError, match="'cijfer' staat er twee keer"):
        WaveMap.model_validate({"item": [item, item | {"source": "algemeen"}]})
    two = [item | {"source": "algemeen"}, item | {"source": "contactmoment"}]
    assert len(WaveMap.model_validate({"item": two}).item) == 2


def test_every_row_says_why():
    row = {name: value for name, value in ROW.items() if name != "reason"}
    with pytest.raises(ValidationError, match="reason"):
        WaveMap.model_validate({"item": [{"question": "cijfer", "was": [row]}]})


SOUND = """
[[item]]
question = "cijfer"
source = "algemeen"
scale = [1, 10]

[[item.was]]
measurements = ["gm0575-noordwijk/2022-klantbeleving"]
wording_changed = false
comparable = true
indicators = { rapportcijfer = "rapportcijfer" }
reason = "Gelijk gebleven."
"""


def refused(folder, text):
    """What is said of a wave map in the folder of Noordwijk 2023."""
    (folder.path / "waves.toml").write_text(text, encoding="utf-8")
    try:
        load_study(folder.root, folder.key)
    except DefinitionError as error:
        return [(each.code, each.column, each.title) for each in error.problems]
    return []


def test_a_sound_map_is_part_of_the_study(noordwijk):
    assert refused(noordwijk, SOUND) == []
    study = load_study(noordwijk.root, noordwijk.key)
    indicator = study.questionnaires["algemeen"].indicators["rapportcijfer"]
    link = study.waves.link(
        "algemeen", indicator, study.measurement.earlier[0].measurement
    )
    assert link.before.reason == "Gelijk gebleven."


@pytest.mark.parametrize(
    ("old", "new", "code", "column", "words"),
    [
        ('n = "cijfer"', 'n = "cijffer"', "C003b", "item.question", "vraag in deze"),
        (
            'source = "algemeen"',
            'source = "algemene"',
            "C003b",
            "item.source",
            "bron met een vragenlijst",
        ),
        ('source = "algemeen"', "", "C004t", "item.question", "'contactmoment'"),
        ("2022-klant", "2020-klant", "C003b", "item.was.measurements", "[[earlier]]"),
        ("scale = [1, 10]", "scale = [1, 5]", "C004u", "item.scale", "1 tot 10"),
        ("scale = [1, 10]", "", "C004u", "item.scale", "deze meting"),
        (
            "comparable = true",
            "comparable = false\nscale = [1, 5]",
            "C004u",
            "item.was.scale",
            "'gm0575-noordwijk/2022-klantbeleving' 1 tot 10",
        ),
        (
            "comparable = true",
            'comparable = true\nquestion = "cijferr"',
            "C003b",
            "item.was.question",
            "vraag in 'gm0575",
        ),
        (
            "{ rapportcijfer =",
            "{ flexibel =",
            "C003c",
            "item.was.indicators.flexibel",
            "uitkomst van vraag 'cijfer' in deze meting",
        ),
        (
            '= "rapportcijfer" }',
            '= "flexibel" }',
            "C003c",
            "item.was.indicators.rapportcijfer",
            "uitkomst van vraag 'cijfer' in 'gm0575",
        ),
        (
            "{ rapportcijfer =",
            "{ tevreden =",
            "C004v",
            "item",
            "'rapportcijfer' en 'tevreden'",
        ),
    ],
)
def test_a_row_that_points_nowhere_is_refused_at_its_place(
    noordwijk, old, new, code, column, words
):
    assert old in SOUND
    told = refused(noordwijk, SOUND.replace(old, new, 1))
    found = [each for each in told if each[0] == f"KCC-{code}"]

    assert found, told
    assert found[0][1] == column
    assert words in found[0][2]


def test_a_bridge_follows_the_map_to_the_indicator_of_then(noordwijk):
    then = noordwijk.path.parent / "2022-klantbeleving" / "algemeen.toml"
    text = then.read_text(encoding="utf-8")
    then.write_text(text.replace('id = "flexibel"', 'id = "soepel"'), encoding="utf-8")
    assert [code for code, _, _ in refused(noordwijk, SOUND)] == ["KCC-C003b"]

    renamed = """
[[item]]
question = "stelling_flexibel"
source = "algemeen"
scale = [1, 5]
[[item.was]]
measurements = ["gm0575-noordwijk/2022-klantbeleving"]
wording_changed = false
comparable = true
indicators = { flexibel = "soepel" }
reason = "Andere naam."
"""
    assert refused(noordwijk, SOUND + renamed) == []
