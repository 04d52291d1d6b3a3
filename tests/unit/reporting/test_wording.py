"""Sentences follow the interval of their number, and say when there is none."""

import pytest

from kcc_research.reporting import wording
from tests.unit.reporting.report_rows import (
    KEY,
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


class Wave:
    """An earlier wave as the pipeline gives it."""

    def __init__(self, key, *rows):
        self.study = noordwijk(key)
        self.results = self
        self.estimates = estimates(*rows)


EARLIER_KEY = "gm0575-noordwijk/2022-klantbeleving"
WAVE = Wave(EARLIER_KEY, estimate(measurement=EARLIER_KEY, estimate=6.42, n=412))


def test_the_headline_names_who_how_many_and_how_sure():
    text = wording.describe_headline(STUDY, estimates(estimate()))
    assert text == (
        "Inwoners die in het afgelopen jaar contact hadden geven de dienstverlening "
        "gemiddeld een **6,6** (gewogen, 353 antwoorden). Had iedereen uit deze groep "
        "geantwoord, dan lag het gemiddelde waarschijnlijk tussen 6,4 en 6,8 "
        "(95% zekerheid)."
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
        "Het cijfer is nu een 6,6; in de meting van 2022 was het een 6,4. Die twee "
        "zijn **niet vergelijkbaar**: doelgroep gewijzigd: alleen inwoners met contact."
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
    text = wording.describe_gains(STUDY, rows)
    assert "duidelijke communicatie (aandeel eens) (17\u00a0procentpunt hoger)" in text
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
    assert text.startswith("**E-mail** krijgt een lager cijfer dan de rest samen: 0,89")
    assert "alie" not in text
    assert text.endswith("Bij de andere zien we geen duidelijk verschil met de rest.")


def test_without_shown_differences_there_is_no_order():
    rows = comparisons(channel("balie", "not_shown", ci_low=-0.1))
    text = wording.describe_order(STUDY, rows, "channel")
    assert "geen duidelijke verschillen" in text


def test_improvement_points_need_a_declared_level_and_an_interval_below_it():
    found = verdicts(
        {"indicator": "flexibel_score", "verdict": "not_met"},
        {"indicator": "snel_score", "verdict": "undecided"},
        {"indicator": "vriendelijk_score", "verdict": "met"},
    )
    text = wording.describe_improvements(STUDY, found)
    assert text == (
        "Verbeterpunten, aantoonbaar onder het afgesproken niveau: **flexibel**. "
        "Te dichtbij om te zeggen: snel."
    )


def test_without_norms_there_are_no_improvement_points():
    text = wording.describe_improvements(STUDY, verdicts())
    assert "geen gewenst niveau afgesproken" in text


def test_the_unknowns_name_non_response_the_break_and_small_groups():
    small = estimate(by="kern", group="De Zilk", n=17, status="indicative")
    text = wording.describe_unknowns(STUDY, estimates(estimate(), small))
    assert "Wie niet meedeed" in text
    assert "in de meting van 2022 en de meting van 2021, is niet te zeggen" in text
    assert "De Zilk" in text


def test_the_author_may_refer_to_a_number():
    study = STUDY.model_copy(update={"texts": {"conclusies": "Een {rapportcijfer}."}})
    text = wording.author_text(study, "conclusies", estimates(estimate()))
    assert text == "## Conclusies\n\nEen 6,6."
    assert wording.author_text(study, "nawoord", estimates(estimate())) == ""


def test_two_questionnaires_are_never_added_up():
    text = wording.introduce(STUDY)
    assert "nergens bij elkaar opgeteld" in text
    assert "685" not in text


def test_every_rule_of_the_cleaning_log_has_words():
    class Source:
        id, rows, files = "algemeen", 441, ()
        changes = dict.fromkeys(wording.RULES, 1)
        warnings = ("KCC-Q001  waarschuwing  Iets afgeschermd\n  bestand  x",) * 2

    class Account:
        sources = (Source,)
        warnings = ("Gemeente alleen op code gecontroleerd",)

    text = wording.describe_cleaning(STUDY, Account)
    assert "442 rijen gelezen" in text  # one of them made way for another answer
    assert text.count("Iets afgeschermd") == 1
    assert "De meting zelf: Gemeente alleen op code gecontroleerd." in text


def test_the_key_of_the_rows_is_the_study():
    assert KEY == STUDY.key
