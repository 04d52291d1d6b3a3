"""Sentences about participants: counts, and nothing wider."""

import re

import pytest

from kcc_research.reporting.account_texts import author_text
from kcc_research.reporting.participants import (
    counted,
    describe_cross_tables,
    describe_fitting_bases,
    describe_items,
    describe_limits,
    describe_participation,
    describe_ratios,
    introduce_participants,
    items,
    sides,
    speaks_for_itself,
    summarise_participants,
)
from kcc_research.reporting.result import find
from tests.assurance_study import SOURCE, assurance_study


@pytest.fixture
def study():
    return assurance_study().study


@pytest.fixture
def estimates():
    return assurance_study().estimates.copy()


def result(estimates, indicator):
    return find(estimates, indicator=indicator)


def plain(text):
    return text.replace("\u00a0", " ").replace("**", "")


def test_a_share_is_a_count_of_participants(study, estimates):
    assert counted(study, estimates, result(estimates, "visie")) == (
        "26 van de 84 deelnemende gemeenten (31%)"
    )


def test_a_smaller_base_is_said(study, estimates):
    assert counted(study, estimates, result(estimates, "belemmering_cultuur")) == (
        "34 van de 83 deelnemende gemeenten die antwoord gaven (41%)"
    )


def test_a_suppressed_share_gives_nothing_away(study, estimates):
    hidden = estimates["indicator"] == "visie"
    estimates.loc[hidden, ["estimate", "count", "n"]] = float("nan")
    words = counted(study, estimates, result(estimates, "visie"))
    assert not re.search(r"\d", words)


def test_only_participants_who_chose_themselves_are_worded_so(study, estimates):
    share = result(estimates, "visie")
    assert speaks_for_itself(study, share)
    fieldwork = study.measurement.fieldwork.model_copy(
        update={"recruitment": "random-sample"}
    )
    measurement = study.measurement.model_copy(update={"fieldwork": fieldwork})
    sampled = study.model_copy(update={"measurement": measurement})
    assert not speaks_for_itself(sampled, share)
    assert not speaks_for_itself(study, find(estimates, indicator="aantal_problemen"))


def test_coverage_names_who_did_not_take_part(study, estimates):
    text = plain(describe_participation(study, estimates))
    assert text.startswith("84 van de 342 gemeenten deden mee (24,6%).")
    assert "de andere 258" in text


def test_the_rule_for_double_answers_is_stated(study):
    assert "telt het laatst ingevulde antwoord" in introduce_participants(study)


def test_items_stand_in_the_order_of_the_questionnaire(study, estimates):
    names = [each.indicator for _, each in items(study, estimates, "belemmeringen")]
    declared = [each.id for each in study.questionnaires[SOURCE].indicator]
    assert names == [each for each in declared if each.startswith("belemmering_")]


def test_a_theme_tells_its_headline_and_every_smaller_base(study, estimates):
    text = plain(describe_items(study, estimates, "belemmeringen"))
    assert "Belemmering (personele bezetting): 54 van de 84" in text
    assert "34 van de 83 deelnemende gemeenten die antwoord gaven (41%)" in text
    assert "Alle 84 deelnemende gemeenten beantwoordden de andere vragen." in text
    assert "bureaucratie" not in text


def test_a_theme_nobody_asked_about_says_nothing(study, estimates):
    assert describe_items(study, estimates, "parkeren") == ""


def test_four_cells_in_one_sentence(study, estimates):
    text = plain(describe_cross_tables(study, estimates))
    assert text == (
        "Van de 84 deelnemende gemeenten hebben 15 (18%) visie en normen, 11 (13%) "
        "alleen visie, 13 (15%) alleen normen en 45 (54%) geen van beide."
    )


def test_the_sides_of_an_indicator_are_its_answers(study):
    source = study.measurement.sources[SOURCE]
    assert sides(study, source, "visie") == ("ja", "deels of nee")
    assert sides(study, source, "samenwerking") == ("wel", "niet")


def test_a_ratio_is_a_percentage_more_and_no_cause(study, estimates):
    text = plain(describe_ratios(study, estimates))
    assert "3,4 (n = 45)" in text
    assert "2,4 (n = 15)" in text
    assert "42% meer (een verhouding van 1,42)" in text
    assert "Weinig antwoorden: lees als voorbeeld" in text
    assert "geen bewijs van een oorzaak" in text


def test_a_ratio_below_one_is_less(study, estimates):
    ratio = estimates["statistic"] == "ratio"
    estimates.loc[ratio, "estimate"] = 0.8
    assert "20% minder" in describe_ratios(study, estimates)


def test_a_hidden_ratio_is_left_out(study, estimates):
    ratio = estimates["statistic"] == "ratio"
    estimates.loc[ratio, "estimate"] = float("nan")
    assert describe_ratios(study, estimates) == ""


def test_the_summary_claims_no_order_and_nothing_about_others(study, estimates):
    text = plain(summarise_participants(study, estimates))
    text += plain(describe_limits(study, estimates))
    assert "van de gemeenten" not in text
    for word in ("meeste", "minste", "vaker", "aantoonbaar", "marge 9"):
        assert word not in text


def test_the_bases_that_fit_all_percentages(study):
    text = plain(describe_fitting_bases(study))
    assert text.startswith("41% is onmogelijk als alle 84 deelnemers")
    assert "bij 70, 78, 80 of 83 antwoorden" in text


def test_without_an_impossible_claim_there_is_nothing_to_say(study):
    possible = tuple(each for each in study.claims if each.value != "41")
    assert describe_fitting_bases(study.model_copy(update={"claims": possible})) == ""
    assert describe_fitting_bases(study.model_copy(update={"claims": ()})) == ""


def test_percentages_that_fit_nowhere_are_told(study):
    of_eleven = tuple(
        each.model_copy(update={"n": 10, "value": value})
        for each, value in zip(study.claims[1:3], ("41", "50"), strict=True)
    )
    text = describe_fitting_bases(study.model_copy(update={"claims": of_eleven}))
    assert "geen kleiner aantal" in text


def test_the_authors_words_get_counts_not_bare_percentages(study, estimates):
    text = plain(author_text(study, "conclusies", estimates))
    assert "bij 26 van de 84 deelnemende gemeenten (31%) staat" in text
