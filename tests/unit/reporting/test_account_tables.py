"""Tables of the *verantwoording*: every count of a formula, and nothing hidden."""

from kcc_research.reporting import account_tables
from tests.unit.reporting.report_rows import (
    estimate,
    estimates,
    noordwijk,
    share,
)

STUDY = noordwijk()


def test_response_shows_every_count_of_its_formula():
    def step(name, number):
        return estimate(
            indicator="respons",
            statistic="count",
            category=name,
            estimate=number,
            count=number,
            n=2000,
            ci_low=None,
            ci_high=None,
        )

    rows = estimates(
        share(indicator="respons", estimate=0.186, count=353, n=1898),
        step("uitgenodigd", 2000),
        step("onbestelbaar", 14),
        step("ingevuld", 353),
    )
    table = account_tables.tabulate_response(STUDY, rows)
    assert table.rows == (
        ("Algemene vragenlijst", "2.000", "14", "n.b.", "353", "19%"),
    )


def test_weighting_shows_before_after_and_population():
    def part(when, value):
        return share(
            indicator="weging_leeftijd",
            by="weging",
            group=when,
            category="18–29 jaar",
            estimate=value,
        )

    rows = estimates(
        part("voor weging", 0.1), part("na weging", 0.16), part("populatie", 0.16)
    )
    table = account_tables.tabulate_weighting(STUDY, rows)
    assert table.rows[0] == (
        "Leeftijd (algemene vragenlijst): 18–29 jaar",
        "10%",
        "16%",
        "16%",
    )


def test_a_quoted_figure_without_n_cannot_be_tested():
    table = account_tables.tabulate_claims(STUDY, estimates(estimate()))
    judged = {row[0]: row[2] for row in table.rows}
    assert judged["In de vorige meting was dat een 6,4"] == "Niet te toetsen"


def test_every_indicator_is_printed_with_its_definition():
    table = account_tables.tabulate_definitions(STUDY, estimates(share()), "algemeen")
    found = {row[0]: row for row in table.rows}
    satisfied = found["Tevreden (cijfer 7 of hoger)"]
    assert (
        satisfied[1] == "aandeel 7 of hoger op “Rapportcijfer”; met een geldig antwoord"
    )
    assert satisfied[2:] == ("61%", "56–66%", "353")


def test_the_questionnaire_words_its_routing():
    table = account_tables.tabulate_questionnaire(STUDY, "algemeen")
    asked = {row[0]: row[2] for row in table.rows}
    question = "Welk rapportcijfer geeft u onze dienstverlening?"
    assert asked[question] == "Contact in het afgelopen jaar: ja"
    assert "Volgnummer van de respondent" not in asked
