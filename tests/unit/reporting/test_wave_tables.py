"""Aspects over three measurements and questions that changed, in words."""

import pytest

from kcc_research.reporting.absent import Absent
from kcc_research.reporting.wave_tables import (
    tabulate_aspect_trend,
    tabulate_wave_map,
)
from kcc_research.study.wave_map import WaveMap
from tests.unit.reporting.report_rows import (
    EARLIER,
    Wave,
    closed,
    comparison,
    comparisons,
    estimate,
    estimates,
    noordwijk,
)

STUDY = noordwijk()
OLDEST = "gm0575-noordwijk/2021-klantbeleving"
FLEXIBLE = {"indicator": "flexibel_score", "statistic": "mean"}
CLEAR = {"indicator": "duidelijke_communicatie_score", "statistic": "mean"}


def aspect(value, n, **given):
    margins = {"ci_low": value - 0.16, "ci_high": value + 0.12}
    return estimate(estimate=value, n=n, **margins | given)


def waves(*, name="flexibel_score"):
    flexible = FLEXIBLE | {"indicator": name}
    return [
        Wave(
            EARLIER,
            aspect(3.2, 300, **flexible),
            aspect(2.9, 301, **CLEAR),
            compared=[comparison(**flexible, reference=OLDEST, verdict="not_shown")],
        ),
        Wave(OLDEST, aspect(3.1, 250, **flexible)),
    ]


def table(study=STUDY, **given):
    found = tabulate_aspect_trend(
        study,
        estimates(aspect(3.4, 340, **FLEXIBLE), aspect(3.0, 341, **CLEAR)),
        comparisons(
            closed(**FLEXIBLE, reason="Andere schaal."),
            comparison(**CLEAR, verdict="not_shown"),
        ),
        waves(**given),
    )
    return {row[0]: row[1:] for row in found.rows}, found


def test_a_break_is_a_word_in_the_cell_and_a_reason_below():
    rows, found = table()

    assert found.columns[1:] == ("2021", "2022", "2023")
    assert rows["Flexibel"] == ("3,1", "3,2", "3,4 (breuk)")
    assert rows["Duidelijke communicatie"] == ("–", "2,9", "3,0")
    assert "Breuk bij flexibel: Andere schaal." in found.note
    assert "–: in die meting niet gevraagd." in found.note


def test_the_numbers_say_what_they_rest_on():
    assert "Per uitkomst 250 tot 341 antwoorden; marge hoogstens 0,2 punt." in (
        table()[1].note
    )


def test_an_aspect_is_followed_under_its_name_of_then():
    was = {
        "measurements": [EARLIER, OLDEST],
        "wording_changed": False,
        "comparable": True,
        "indicators": {"flexibel_score": "soepel_score"},
        "reason": "Andere naam.",
    }
    item = {"question": "stelling_flexibel", "source": "algemeen", "was": [was]}
    study = STUDY.model_copy(update={"waves": WaveMap.model_validate({"item": [item]})})

    assert table(study, name="soepel_score")[0]["Flexibel"][:2] == ("3,1", "3,2")


def test_two_measurements_need_no_such_table():
    found = tabulate_aspect_trend(
        STUDY, estimates(aspect(3.4, 340, **FLEXIBLE)), comparisons(), waves()[:1]
    )
    assert isinstance(found, Absent)


@pytest.mark.parametrize("changed", [True, False])
def test_the_wave_map_of_a_report(changed):
    was = {
        "measurements": [EARLIER],
        "scale": [1, 5],
        "wording_changed": changed,
        "comparable": False,
        "reason": "Eerst ging de vraag over alle medewerkers.",
    }
    item = {
        "question": "stelling_flexibel",
        "source": "algemeen",
        "scale": [1, 5],
        "was": [was],
    }
    study = STUDY.model_copy(update={"waves": WaveMap.model_validate({"item": [item]})})
    row = tabulate_wave_map(study, waves()).rows[0]

    assert row[1:5] == ("meting van 2022", "stelling_flexibel", "1 tot 5", "nee")
    assert row[5].startswith("Vraagtekst veranderd. ") is changed
    assert row[5].endswith("over alle medewerkers.")


def test_without_a_wave_map_there_is_no_table():
    assert isinstance(tabulate_wave_map(STUDY, waves()), Absent)
