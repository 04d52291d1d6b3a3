"""What is said about all municipalities: no name, no rank, and what chance does."""

import re

import pytest

from kcc_research.estimation.municipal_estimates import IN_A_BAND, OUTSIDE
from kcc_research.reporting import benchmark_wording as wording
from tests.benchmark_study import benchmark_study, published_benchmark


@pytest.fixture
def study():
    return benchmark_study().study


@pytest.fixture
def estimates():
    return published_benchmark().estimates.copy()


def every_text(study, estimates):
    names = [each.id for each in study.measurement.dimension]
    return "\n".join(
        [
            wording.summarise_benchmark(study, estimates),
            wording.describe_benchmark_limits(study, estimates),
            wording.introduce_benchmark(study, estimates),
            wording.describe_scores(study),
            *(wording.describe_dimension(study, estimates, each) for each in names),
            *(wording.describe_funnel(study, estimates, each) for each in names),
            wording.describe_realisation(study, estimates),
            wording.describe_white_spots(study, estimates),
            wording.describe_own_position(study, estimates),
            wording.describe_benchmark_precision(study),
        ]
    )


def test_no_municipality_is_named_and_none_is_ranked(study, estimates):
    text = every_text(study, estimates)
    assert not re.search(r"Voorbeeldgemeente \d", text)
    assert not re.search(r"GM9\d{3}", text)
    assert "beste gemeente" not in text
    assert "nan" not in text


def test_the_summary_opens_with_how_much_was_measured(study, estimates):
    text = wording.summarise_benchmark(study, estimates)
    assert "**9.706 keer**" in text
    assert "**342 gemeenten**: 25 tot 30 keer" in text


def test_white_spots_are_of_norms_that_could_be(study, estimates):
    text = wording.summarise_benchmark(study, estimates)
    assert "*dienstverlening*: 1.199 van de 1.368 mogelijke normen (88%)" in text
    both = wording.describe_white_spots(study, estimates)
    assert "69% geen norm en 19% niet gemeten" in both.replace("\n", " ")


def test_seventeen_by_chance_and_no_band(study, estimates):
    text = wording.describe_own_position(study, estimates)
    assert "er gemiddeld 17 ten onrechte" in text
    assert "Dat haalt geen enkele gemeente" in text
    assert "bereikbaarheid 0,21" in text


def test_bands_are_counted_where_there_are_any(study, estimates):
    row = (estimates["category"] == IN_A_BAND) & (
        estimates["indicator"] == "bereikbaarheid"
    )
    estimates.loc[row, "estimate"] = 12.0
    assert "12 keer is dat zeker genoeg" in wording.describe_own_position(
        study, estimates
    )


def test_as_many_outside_as_by_chance_is_no_difference(study, estimates):
    row = (estimates["category"] == OUTSIDE + "95%") & (
        estimates["indicator"] == "juist"
    )
    few = wording.describe_funnel(study, estimates, "informatievoorziening")
    assert "echte verschillen" in few
    estimates.loc[row, "estimate"] = 18.0
    same = wording.describe_funnel(study, estimates, "informatievoorziening")
    assert "echte verschillen" not in same
    assert "Dat scheelt weinig." in same


def test_two_outcomes_are_put_in_order_only_where_their_margins_are_apart(
    study, estimates
):
    assert "Het hoogst scoort" in wording.summarise_benchmark(study, estimates)
    total = estimates["by"] == "totaal"
    wide = total & (estimates["statistic"] == "share") & (estimates["category"] == "")
    estimates.loc[wide, ["ci_low", "ci_high"]] = [0.1, 0.9]
    assert "Het hoogst scoort" not in wording.summarise_benchmark(study, estimates)


def test_a_norm_within_the_margin_is_not_below(study, estimates):
    assert "**alle 10 normen**" in wording.summarise_benchmark(study, estimates)
    found = (estimates["indicator"] == "juist") & (
        estimates["category"] == "gerealiseerd"
    )
    estimates.loc[found, "ci_high"] = 0.99
    text = wording.summarise_benchmark(study, estimates)
    assert "**9 van de 10 normen**" in text


def test_a_profile_is_a_link_and_none_is_said(study):
    assert "[Voorbeeldgemeente 042](profiles/voorbeeldgemeente-042.html)" in (
        wording.list_profiles(study)
    )
    measurement = study.measurement.model_copy(update={"profiles": ()})
    without = study.model_copy(update={"measurement": measurement})
    assert "geen pagina" in wording.list_profiles(without)
    every = study.measurement.model_copy(update={"profiles": ("all",)})
    text = wording.list_profiles(study.model_copy(update={"measurement": every}))
    assert text.count("](profiles/") == 342
    assert "\n- " not in text
