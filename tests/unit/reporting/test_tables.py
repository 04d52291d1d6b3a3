"""Tables of a report: the right cells, the right legend, and nothing that is hidden."""

import pytest

from kcc_research.reporting import account_tables, cells, tables
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
    assert (cells.ROUNDING_NOTE in note) is said


def kern(group, **given):
    return estimate(by="kern", group=group, **given)


def test_a_group_table_shows_marks_with_their_legend_and_no_others():
    rows = estimates(
        kern("Noordwijk"),
        kern("Noordwijkerhout", n=17, status="indicative"),
        suppressed(by="kern", group="De Zilk"),
    )
    table = tables.tabulate_groups(STUDY, rows, "algemeen", "kern")
    shown = {row[0]: row[1] for row in table.rows}
    assert shown["Noordwijk"] == "6,6 (6,4–6,8)"
    assert shown["Noordwijkerhout"] == "6,6* (6,4–6,8)"
    assert shown["De Zilk"] == "x"
    assert cells.SUPPRESSED_NOTE in table.note
    assert cells.INDICATIVE_NOTE in table.note


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
        ("Flexibel", "3,0", "33% (56–66%)"),
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


def test_without_an_earlier_wave_there_is_no_table_of_differences():
    assert isinstance(tables.tabulate_differences(STUDY, comparisons()), Absent)


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
    assert table.rows[0][:3] == (
        "Rapportcijfer voor de dienstverlening: 7,0",
        "6,6",
        "nog niet op doel",
    )
    assert "Bron van de norm voor rapportcijfer" in table.note


def test_a_column_of_margins_without_margins_is_left_out():
    row = estimate(indicator="flexibel_score", ci_low=None, ci_high=None)
    table = tables.tabulate_aspects(STUDY, estimates(row))
    assert "95%-marge" not in table.columns
    assert {len(cells) for cells in table.rows} == {len(table.columns)}


def test_shares_that_leave_somebody_out_are_not_blamed_on_rounding():
    rows = classes(("1–5", 0.4), ("6", 0.43))
    assert tables.tabulate_distribution(STUDY, rows).note == ""


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
        account_tables.tabulate_fieldwork(STUDY),
        account_tables.tabulate_claims(STUDY, rows),
        *tables.tabulate_breakdowns(STUDY, rows),
        *(
            account_tables.tabulate_questionnaire(STUDY, s)
            for s in STUDY.questionnaires
        ),
    ]
    assert [problem for table in made for problem in faults(table)] == []
