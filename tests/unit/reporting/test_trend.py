"""Whether a line may be drawn between two waves is declared, never computed."""

from kcc_research.reporting.result import headline
from kcc_research.reporting.trend import trend
from tests.unit.reporting.report_rows import estimate, estimates, noordwijk
from tests.unit.reporting.test_wording import WAVE, Wave

STUDY = noordwijk()
OLDEST = Wave("gm0575-noordwijk/2021-klantbeleving", estimate(estimate=6.3))


def points(*earlier):
    source, indicator = headline(STUDY)
    return trend(STUDY, estimates(estimate()), earlier, source, indicator)


def test_waves_come_oldest_first():
    found = points(WAVE, OLDEST)
    assert [point.label for point in found] == [
        "0-meting\n2021",
        "1-meting\n2022",
        "2-meting\n2023",
    ]
    assert [point.result.value for point in found] == ["6,3", "6,4", "6,6"]


def test_the_later_wave_declares_whether_a_line_leads_to_it():
    found = points(WAVE, OLDEST)
    assert [point.follows for point in found] == [False, True, False]
    assert found[2].reason.startswith("Doelgroep gewijzigd")


def test_waves_that_do_not_name_each_other_are_not_joined():
    measurement = STUDY.measurement.model_copy(update={"earlier": ()})
    study = STUDY.model_copy(update={"measurement": measurement})
    source, indicator = headline(study)
    found = trend(study, estimates(estimate()), [WAVE], source, indicator)
    assert found[1].follows is False
    assert found[1].reason == "vergelijkbaarheid niet beoordeeld"


def test_a_wave_without_the_indicator_is_left_out():
    other = Wave("gm0575-noordwijk/2021-klantbeleving", estimate(indicator="ander"))
    assert [point.label for point in points(other)] == ["2-meting\n2023"]
