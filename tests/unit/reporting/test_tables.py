"""Tables of a report: the right cells, the right legend, and nothing that is hidden."""

import pytest

from kcc_research.reporting import tables
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.records import faults
from tests.unit.reporting.report_rows import (
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


def classes(*shares):
    return estimates(
        *(
            share(
                indicator="cijferklassen",
                category=label,
                estimate=value,
                count=round(value * 353),
            )
            for label, value in shares
        )
    )


def test_the_distribution_keeps_declared_order_and_names_its_base():
    table = tables.tabulate_distribution(STUDY, classes(("1–5", 0.2), ("6", 0.8)))
    assert [row[0] for row in table.rows] == ["1–5", "6"]
    assert table.caption.endswith("contact hadden (n\u00a0=\u00a0353)")


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((0.2, 0.8), False),
        ((1 / 3, 1 / 3, 1 / 3), True),
        ((0.195, 0.195, 0.335, 0.21, 0.065), True),
    ],
)
def test_rounding_is_mentioned_only_when_it_shows(shares, said):
    rows = classes(*((str(place), value) for place, value in enumerate(shares)))
    note = tables.tabulate_distribution(STUDY, rows).note
    assert (tables.ROUNDING_NOTE in note) is said


def kern(group, **given):
    return estimate(by="kern", group=group, **given)


def test_a_group_table_shows_marks_with_their_legend_and_no_others():
    rows = estimates(
        kern("Noordwijk"),
        kern("Noordwijkerhout", n=17, status="indicative"),
        suppressed(by="kern", group="De Zilk"),
    )
    table = tables.tabulate_groups(STUDY, rows, "algemeen", "kern")
    cells = {row[0]: row[1] for row in table.rows}
    assert cells["Noordwijk"] == "6,6 (6,4–6,8)"
    assert cells["Noordwijkerhout"] == "6,6* (6,4–6,8)"
    assert cells["De Zilk"] == "x"
    assert tables.SUPPRESSED_NOTE in table.note
    assert tables.INDICATIVE_NOTE in table.note


def test_an_unknown_group_is_counted_once_under_the_table():
    unknown = estimate(
        by="kern", group="onbekend", statistic="count", count=12, estimate=12.0, n=12
    )
    table = tables.tabulate_groups(
        STUDY, estimates(kern("Noordwijk"), unknown), "algemeen", "kern"
    )
    assert "Onbekend: 12 respondenten." in table.note
    assert "onbekend" not in [row[0] for row in table.rows]


def test_no_table_of_what_was_not_broken_down():
    found = tables.tabulate_groups(
        STUDY, estimates(estimate()), "algemeen", "had_contact"
    )
    assert isinstance(found, Absent)


def test_aspects_stand_lowest_first_with_their_share_dissatisfied():
    rows = estimates(
        estimate(indicator="vriendelijk_score", estimate=3.9),
        estimate(indicator="flexibel_score", estimate=3.0),
        share(indicator="flexibel_oneens", estimate=0.33),
    )
    table = tables.tabulate_aspects(STUDY, rows)
    assert [(row[0], row[1], row[3]) for row in table.rows] == [
        ("Flexibel", "3,0", "33%"),
        ("Vriendelijk", "3,9", "–"),
    ]


def test_only_tested_differences_stand_in_the_table():
    rows = comparisons(comparison(), closed(indicator="rapportcijfer"))
    table = tables.tabulate_differences(STUDY, rows)
    assert table.rows == (
        (
            "Duidelijke communicatie (aandeel eens), nu min 2022",
            "+17",
            "+7 tot +27",
            "▲ hoger",
            "11\u00a0procentpunt",
            "336 en 296",
        ),
    )


def test_without_an_earlier_wave_the_table_says_so():
    found = tables.tabulate_differences(STUDY, comparisons())
    assert found == Absent("Er is geen eerdere meting om mee te vergelijken.")


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
    table = tables.tabulate_response(STUDY, rows)
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
    table = tables.tabulate_weighting(STUDY, rows)
    assert table.rows[0] == (
        "Leeftijd (algemene vragenlijst): 18–29 jaar",
        "10%",
        "16%",
        "16%",
    )


def test_a_quoted_figure_without_n_cannot_be_tested():
    table = tables.tabulate_claims(STUDY, estimates(estimate()))
    judged = {row[0]: row[2] for row in table.rows}
    assert judged["In de vorige meting was dat een 6,4"] == "Niet te toetsen"


def test_a_norm_before_its_date_is_not_failed():
    rows = verdicts(
        {
            "indicator": "rapportcijfer",
            "estimate": 6.596,
            "norm": 7.0,
            "target_date": "2026-12-31",
            "verdict": "not_yet",
            "reason": "0,4 te gaan (0,2–0,6); doel op 31 december 2026",
        }
    )
    table = tables.tabulate_norms(STUDY, rows)
    assert table.rows[0][1:4] == ("7,0", "6,6", "nog niet op doel")


def test_the_questionnaire_words_its_routing():
    table = tables.tabulate_questionnaire(STUDY, "algemeen")
    asked = {row[0]: row[2] for row in table.rows}
    question = "Welk rapportcijfer geeft u onze dienstverlening?"
    assert asked[question] == "Contact in het afgelopen jaar: ja"
    assert "Volgnummer van de respondent" not in asked


def test_every_table_makes_a_good_report():
    rows = estimates(
        estimate(),
        share(),
        kern("Noordwijk"),
        estimate(indicator="flexibel_score", estimate=3.0),
    )
    made = [
        tables.tabulate_key_figures(STUDY, rows),
        tables.tabulate_aspects(STUDY, rows),
        tables.tabulate_fieldwork(STUDY),
        tables.tabulate_claims(STUDY, rows),
        *tables.tabulate_breakdowns(STUDY, rows),
        *(tables.tabulate_questionnaire(STUDY, s) for s in STUDY.questionnaires),
    ]
    assert [problem for table in made for problem in faults(table)] == []
