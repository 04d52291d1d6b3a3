"""What a report on telephony shows follows from what the study declares."""

import pytest

from kcc_research.reporting import caller_parts
from tests.den_haag_study import den_haag


@pytest.fixture
def study():
    return den_haag().study


@pytest.fixture
def estimates():
    return den_haag().estimates


def with_survey(study, **changes):
    """The study with another questionnaire for its survey."""
    asked = study.questionnaires["enquete"].model_copy(update=changes)
    return study.model_copy(update={"questionnaires": {"enquete": asked}})


def test_groups_are_compared_by_satisfaction_and_the_aspect_beside_it(study):
    assert caller_parts.list_caller_shares(study) == ["tevreden", "juist"]
    assert caller_parts.list_caller_groups(study) == [
        "type",
        "complexiteit",
        "aantal_diensten",
    ]
    assert caller_parts.list_caller_services(study) == ["dienst"]


def test_a_group_made_of_the_outcome_itself_is_no_group(study):
    found = caller_parts.list_caller_filters(study)
    assert "zes_of_lager" in study.questionnaires["enquete"].filters
    assert found == [
        "enkelvoudig_een_dienst",
        "enkelvoudig_meer_diensten",
        "complex_een_dienst",
        "complex_meer_diensten",
    ]


def test_the_contrast_is_between_the_lowest_and_the_highest(study, estimates):
    low, high = caller_parts.list_contrast(study, estimates)
    assert (low, high) == ("complex_meer_diensten", "enkelvoudig_een_dienst")
    other = estimates.copy()
    chosen = (other["indicator"] == "tevreden") & (other["group"] == low)
    other.loc[chosen, "estimate"] = 0.99
    assert caller_parts.list_contrast(study, other)[1] == low
    hidden = estimates[estimates["by"] != "domein"]
    assert caller_parts.list_contrast(study, hidden) == []


def test_of_five_groups_no_two_are_picked(study, estimates):
    [first, *rest] = study.questionnaires["enquete"].filter[1:]
    fifth = first.model_copy(update={"id": "vijfde"})
    more = with_survey(study, filter=(first, *rest, fifth))
    assert len(caller_parts.list_caller_filters(more)) == 5
    assert caller_parts.list_contrast(more, estimates) == []


def test_pairs_come_first_then_what_one_side_knows(study):
    assert caller_parts.list_pairs(study) == {
        "Rapportcijfer": ("tevreden", "servicelevel"),
        "In één keer geholpen": ("in_een_keer_geholpen", "in_een_keer"),
        "Doorverbonden": ("doorverbonden_beller", "doorverbonden"),
        "Juiste informatie": ("juist", ""),
        "Terugbelafspraak nagekomen": ("", "terugbel_nagekomen"),
    }
    assert caller_parts.list_caller_figures(study) == [
        "in_een_keer_geholpen",
        "servicelevel",
    ]


def test_without_a_satisfaction_nothing_is_compared(study, estimates):
    plain = with_survey(
        study,
        indicator=tuple(
            each
            for each in study.questionnaires["enquete"].indicator
            if each.role != "satisfaction"
        ),
    )
    assert caller_parts.list_caller_shares(plain) == []
    assert caller_parts.list_caller_groups(plain) == []
    assert caller_parts.list_caller_filters(plain) == []
    assert caller_parts.list_contrast(plain, estimates) == []
