"""A line leads from one wave to the next only where the two were compared."""

from kcc_research.reporting.result import headline
from kcc_research.reporting.trend import trend
from tests.unit.reporting.report_rows import (
    EARLIER,
    WAVE,
    Wave,
    closed,
    comparison,
    comparisons,
    estimate,
    estimates,
    noordwijk,
)

STUDY = noordwijk()
OLDEST_KEY = "gm0575-noordwijk/2021-klantbeleving"
GRADE = {"indicator": "rapportcijfer", "statistic": "mean"}
OLDEST = Wave(OLDEST_KEY, estimate(estimate=6.3))
MIDDLE = Wave(
    EARLIER,
    estimate(estimate=6.42),
    compared=[comparison(**GRADE, reference=OLDEST_KEY, verdict="not_shown")],
)


def points(*earlier, compared=()):
    source, indicator = headline(STUDY)
    rows = comparisons(*compared)
    return trend(STUDY, estimates(estimate()), rows, earlier, source, indicator)


def test_waves_come_oldest_first():
    found = points(WAVE, OLDEST)
    assert [point.name for point in found] == [
        "0-meting 2021",
        "1-meting 2022",
        "2-meting 2023",
    ]
    assert [point.result.value for point in found] == ["6,3", "6,4", "6,6"]


def test_a_line_follows_the_comparison_of_the_later_wave():
    found = points(MIDDLE, OLDEST, compared=[closed(**GRADE)])
    assert [point.follows for point in found] == [False, True, False]
    assert found[2].reason.startswith("Doelgroep gewijzigd")


def test_a_gate_that_closed_for_this_number_breaks_the_line():
    """Whatever the measurement declares of the wave as a whole."""
    earlier = STUDY.measurement.earlier[0].model_copy(update={"comparable": True})
    measurement = STUDY.measurement.model_copy(update={"earlier": (earlier,)})
    study = STUDY.model_copy(update={"measurement": measurement})
    source, indicator = headline(study)
    rows = comparisons(closed(**GRADE, reason="Schaal gewijzigd."))
    found = trend(study, estimates(estimate()), rows, [WAVE], source, indicator)
    assert found[1].follows is False
    assert found[1].reason == "Schaal gewijzigd."


def test_waves_that_were_not_compared_are_not_joined():
    found = points(WAVE)
    assert found[1].follows is False
    assert found[1].reason == "vergelijkbaarheid niet beoordeeld"


def test_a_wave_without_the_indicator_is_left_out():
    other = Wave(OLDEST_KEY, estimate(indicator="ander"))
    assert [point.name for point in points(other)] == ["2-meting 2023"]
