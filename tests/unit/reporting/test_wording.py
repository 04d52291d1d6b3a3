"""Sentences follow the interval of their number, and say when there is none."""

import pytest

from kcc_research.reporting import wording
from tests.unit.reporting.report_rows import (
    EARLIER,
    KEY,
    WAVE,
    closed,
    comparison,
    comparisons,
    estimate,
    estimates,
    noordwijk,
    share,
    suppressed,
    verdicts,
)

STUDY = noordwijk()
GENERAL = STUDY.measurement.sources["algemeen"]


def test_the_headline_names_who_how_many_and_how_sure():
    text = wording.describe_headline(STUDY, estimates(estimate()))
    assert text == (
        "Inwoners die in het afgelopen jaar contact hadden geven de dienstverlening "
        "gemiddeld een **6,6** (gewogen, 353 antwoorden). Hadden we de hele groep "
        "gevraagd, dan was het gemiddelde waarschijnlijk tussen 6,4 en 6,8 (95% "
        "zekerheid). Wie niet wilde antwoorden, telt in die marge niet mee."
    )


def test_a_suppressed_headline_gives_no_number():
    text = wording.describe_headline(STUDY, estimates(suppressed()))
    assert not any(character.isdigit() for character in text)


def self_selected(study):
    fieldwork = study.measurement.fieldwork.model_copy(
        update={"recruitment": "self-selected"}
    )
    measurement = study.measurement.model_copy(update={"fieldwork": fieldwork})
    return study.model_copy(update={"measurement": measurement})


def test_people_who_chose_themselves_get_no_margin():
    row = estimate(ci_low=None, ci_high=None, uncertainty="none")
    text = wording.describe_headline(self_selected(STUDY), estimates(row))
    assert text.startswith("De 353 deelnemers geven")
    assert "een marge hoort daar niet bij" in text
    assert "95%" not in text


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (share(), "gewogen; 353 antwoorden; 95%-marge 56–66%"),
        (
            share(weighted=False, count=525, n=750, ci_low=None, ci_high=None),
            "525 van 750",
        ),
        (
            share(n=17, status="indicative", ci_low=None, ci_high=None),
            "gewogen; 17 antwoorden; weinig antwoorden: lees als voorbeeld",
        ),
        (suppressed(indicator="tevreden"), "te weinig antwoorden om te publiceren"),
    ],
)
def test_what_stands_behind_a_number(row, expected):
    result = wording.find(estimates(row), indicator="tevreden")
    assert wording.evidence(result) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            comparison(),
            "Duidelijke communicatie (aandeel eens): **hoger** dan in de meting van "
            "2022, met 17\u00a0procentpunt (waarschijnlijk tussen 7 en "
            "27\u00a0procentpunt hoger).",
        ),
        (
            comparison(verdict="not_shown", difference=0.01, ci_low=-0.08, ci_high=0.1),
            "Duidelijke communicatie (aandeel eens): we zien geen duidelijk verschil "
            "met de meting van 2022. Het ligt waarschijnlijk tussen "
            "8\u00a0procentpunt lager en 10\u00a0procentpunt hoger.",
        ),
        (
            closed(),
            "Duidelijke communicatie (aandeel eens): **niet vergelijkbaar** met de "
            "meting van 2022: doelgroep gewijzigd: alleen inwoners met contact.",
        ),
    ],
)
def test_a_difference_in_words(row, expected):
    found = wording.differences(STUDY, comparisons(row))[0]
    assert wording.describe_difference(found) == expected


def test_no_difference_is_ever_called_equal():
    row = comparison(verdict="not_shown", difference=0.0, ci_low=-0.1, ci_high=0.1)
    found = wording.differences(STUDY, comparisons(row))[0]
    text = wording.describe_difference(found).lower()
    assert "gelijk" not in text
    assert "zelfde" not in text


def test_a_broken_trend_names_both_numbers_and_the_reason():
    rows = comparisons(closed(indicator="rapportcijfer", statistic="mean"))
    text = wording.describe_trend(STUDY, estimates(estimate()), rows, [WAVE])
    assert text == (
        "Het cijfer is nu een 6,6; in de meting van 2022 was het een 6,4 (412 "
        "antwoorden). Die twee zijn **niet vergelijkbaar**: doelgroep gewijzigd: "
        "alleen inwoners met contact."
    )


def test_a_first_measurement_says_so():
    measurement = STUDY.measurement.model_copy(update={"earlier": ()})
    first = STUDY.model_copy(update={"measurement": measurement})
    text = wording.describe_trend(first, estimates(estimate()), comparisons(), [])
    assert text == "Er is geen eerdere meting om mee te vergelijken."


def test_only_what_is_shown_counts_as_change():
    rows = comparisons(
        comparison(),
        comparison(indicator="flexibel", verdict="not_shown", ci_low=-0.1),
    )
    now = share(indicator="duidelijke_communicatie", estimate=0.64)
    text = wording.describe_gains(STUDY, estimates(now), rows)
    assert "**duidelijke communicatie (aandeel eens)** 64%, was 47%" in text
    assert "tussen 7 en 27\u00a0procentpunt hoger; 336 en 296 antwoorden" in text
    assert "lexibel" not in text


def channel(group, verdict, **given):
    return comparison(
        source="contactmoment",
        indicator="rapportcijfer",
        statistic="mean",
        by="kanaal",
        group=group,
        reference="overige groepen",
        verdict=verdict,
        **given,
    )


def test_a_channel_is_only_named_where_its_difference_is_shown():
    rows = comparisons(
        channel("e-mail", "lower", difference=-0.89, ci_low=-1.59, ci_high=-0.19),
        channel("balie", "not_shown", difference=0.4, ci_low=-0.1, ci_high=0.9),
    )
    text = wording.describe_order(STUDY, rows, "channel")
    expected = "**E-mail** krijgt een lager cijfer dan de rest samen: 0,89 punt"
    assert text.startswith(f"Contactmomentvragenlijst: {expected}")
    assert "alie" not in text
    assert text.endswith("Bij de andere zien we geen duidelijk verschil met de rest.")


def test_without_shown_differences_there_is_no_order():
    rows = comparisons(channel("balie", "not_shown", ci_low=-0.1))
    text = wording.describe_order(STUDY, rows, "channel")
    assert "geen duidelijke verschillen" in text


def test_improvement_points_need_a_declared_level_and_an_interval_below_it():
    found = verdicts(
        {"indicator": "flexibel_score", "verdict": "not_met", "norm": 3.3},
        {"indicator": "snel_score", "verdict": "undecided", "norm": 3.3},
        {"indicator": "vriendelijk_score", "verdict": "met", "norm": 3.3},
    )
    text = wording.describe_improvements(STUDY, found)
    assert text == (
        "Verbeterpunten, aantoonbaar onder de norm van 3,3: **“flexibel”**. Te "
        "dichtbij om te zeggen is het bij “snel”."
    )


def test_without_norms_there_are_no_improvement_points():
    text = wording.describe_improvements(STUDY, verdicts())
    assert "geen gewenst niveau opgegeven" in text


def test_what_cannot_be_judged_is_not_called_good():
    reason = "deelnemers kozen zelf: geen oordeel over anderen"
    row = {"indicator": "flexibel_score", "verdict": "not_measured", "reason": reason}
    text = wording.describe_improvements(STUDY, verdicts(row))
    assert reason in text
    assert "Geen enkel aspect" not in text


def test_a_number_nobody_was_asked_about_is_named_with_its_reason():
    bridged = closed(reason="Schaal gewijzigd: nu 5-punts.")
    text = wording.describe_changes(STUDY, comparisons(bridged))
    assert "schaal gewijzigd" in text


def test_the_share_of_weet_niet_stands_beside_the_grade():
    unsure = share(indicator="cijfer_weet_niet", category="weet niet", estimate=0.02)
    text = wording.describe_headline(STUDY, estimates(estimate(), unsure))
    assert text.endswith("Weet niet: 2%.")


def test_the_unknowns_name_non_response_the_break_and_small_groups():
    small = estimate(by="kern", group="De Zilk", n=17, status="indicative")
    text = wording.describe_unknowns(STUDY, estimates(estimate(), small))
    assert "Wie niet meedeed" in text
    assert "in de meting van 2022 of de meting van 2021, is niet te zeggen" in text
    assert "weinig: naar kern De Zilk. Een cijfer" in text


def test_small_groups_stand_together_by_breakdown_and_the_rest_is_counted():
    rows = [
        estimate(by=by, group=group, n=17, status="indicative")
        for by, groups in (("kern", "ABCDEFGH"), ("kanaal", "XY"))
        for group in groups
    ]
    text = wording.describe_unknowns(STUDY, estimates(estimate(), *rows))
    assert "; naar kern A, B, C, D, E, F en nog 2." in text
    assert " X en Y;" in text


def test_the_key_of_the_rows_is_the_study():
    assert KEY == STUDY.key


OLDEST = "gm0575-noordwijk/2021-klantbeleving"


def test_of_many_differences_only_the_latest_measurement_is_told_in_sentences():
    rows = [
        comparison(indicator=name, reference=reference)
        for reference in (EARLIER, OLDEST)
        for name in ("duidelijke_communicatie", "flexibel", "tevreden", "rapportcijfer")
    ]
    text = wording.describe_changes(STUDY, comparisons(*rows))

    assert text.count("dan in de meting van 2022") == 4
    assert "dan in de meting van 2021" not in text
    assert "Wat verschilt van de meting van 2021, staat in de tabel" in text


def test_each_reason_names_the_outcomes_it_closes():
    rows = [
        closed(indicator="rapportcijfer", statistic="mean", reason="Andere schaal."),
        closed(
            indicator="rapportcijfer",
            statistic="mean",
            reason="Andere schaal.",
            reference=OLDEST,
        ),
        closed(indicator="tevreden", reason="Andere grens."),
    ]
    text = wording.describe_changes(STUDY, comparisons(*rows))

    assert (
        "Rapportcijfer voor de dienstverlening is niet vergelijkbaar met de meting van "
        "2022 en de meting van 2021: andere schaal." in text
    )
    assert "niet vergelijkbaar met de meting van 2022: andere grens." in text
