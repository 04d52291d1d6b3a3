"""Ratios of groups in a questionnaire."""

from kcc_research.study.group_ratio import GroupRatio, ratio_faults
from kcc_research.study.indicator import Indicator

MEAN = Indicator(id="aantal", question="problemen", label="aantal", statistic="mean")
FILTERS = ["geen", "beide"]


def ratio(**changes):
    given = {"indicator": "aantal", "group": "geen", "reference": "beide"} | changes
    return GroupRatio(id="meer", label="meer problemen", **given)


def paths(each):
    return [path for path, _ in ratio_faults([each], [MEAN], FILTERS)]


def test_a_ratio_of_a_mean_in_two_filters_is_sound():
    assert paths(ratio()) == []


def test_every_fault_is_named_with_its_place():
    wrong = ratio(indicator="visie", group="nergens", reference="ook_niet")
    assert paths(wrong) == [
        ("ratio", 0, "indicator"),
        ("ratio", 0, "group"),
        ("ratio", 0, "reference"),
    ]


def test_a_group_is_not_compared_with_itself():
    assert paths(ratio(reference="geen")) == [("ratio", 0, "reference")]
