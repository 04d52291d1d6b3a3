"""Which numbers may stand side by side: only what was measured alike."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from kcc_research.estimation import benchmark
from kcc_research.reporting import side_by_side
from kcc_research.reporting.catalogue_entry import Entry, Outcome
from kcc_research.reporting.side_by_side import (
    Number,
    Report,
    against_groups,
    fitting,
    judged,
    panels,
)
from kcc_research.study.instrument import PARTS

TOLD = {part: "gelijk" for part in PARTS} | {
    "source": "algemeen",
    "indicator": "rapportcijfer",
    "label": "rapportcijfer",
    "statistic": "mean",
    "recruitment": "random-sample",
}
HIDDEN = {"status": "suppressed"} | dict.fromkeys(("estimate", "low", "high", "n"))


def entry(name, year=2024, **changes):
    found = Entry(
        key=f"gm9{name}/{year}-meting",
        title="Meting",
        place=f"Voorbeeldgemeente {name}",
        published=date(year, 6, 1),
        status="definitief",
        synthetic=True,
        files=("tables/estimates.csv",),
        study="experience",
        year=year,
        size_class=4,
    )
    return replace(found, **changes)


def number(value=6.5, error=0.1, outcome=None, **told):
    low, high = value - 0.2, value + 0.2
    about = TOLD | told
    found = Outcome(
        about["indicator"], about["label"], "mean", "published", value, low, high, 300
    )
    return Number(about, replace(found, **(outcome or {})), error)


def report(name, *numbers, year=2024, **changes):
    return Report(entry(name, year, **changes), numbers or (number(),))


def rows(panel):
    return [each.name[-3:] for each in panel.municipalities]


def test_what_two_measured_alike_is_a_panel_and_what_one_measured_is_none():
    alone = number(indicator="eigen_vraag")
    [found] = panels([report("001"), report("002", number(), alone)])
    assert rows(found) == ["001", "002"]
    assert found.title == "Rapportcijfer, klantbeleving 2024"


@pytest.mark.parametrize("part", sorted(set(PARTS) - {"recruitment"}))
def test_another_way_of_measuring_is_left_out_by_name(part):
    other = report("003", number(**{part: "anders"}))
    [found] = panels([report("001"), report("002"), other])
    assert rows(found) == ["001", "002"]
    assert found.absent == (
        ("Voorbeeldgemeente 003", f"anders gemeten: {PARTS[part]}"),
    )


def test_two_ways_of_measuring_are_two_panels():
    many = [report(f"00{i}") for i in (1, 2, 3)]
    few = [report(f"00{i}", number(question="anders")) for i in (4, 5)]
    large, small = panels([*few, *many])
    assert (rows(large), rows(small)) == (["001", "002", "003"], ["004", "005"])
    assert small.title == "Rapportcijfer, klantbeleving 2024 (2e manier van meten)"
    assert len(large.absent) == 2 and len(small.absent) == 3


def test_waves_stand_apart():
    every = [report(f"00{i}", year=year) for i in (1, 2) for year in (2022, 2024)]
    assert [each.year for each in panels(every)] == [2024, 2022]
    assert panels([report("001", year=2022), report("002", year=2024)]) == []


def test_invented_and_observed_numbers_never_meet():
    assert panels([report("001"), report("002", synthetic=False)]) == []


def test_one_report_a_municipality_the_last_of_the_year():
    later = report("001", number(7.7), published=date(2024, 9, 1))
    later = replace(later, entry=replace(later.entry, key="gm9001/2024-najaar"))
    [found] = panels([later, report("001"), report("002")])
    assert [each.outcome.estimate for each in found.municipalities] == [7.7, 6.5]


@pytest.mark.parametrize(
    ("left_out", "why"),
    [
        (report("003", status="concept"), "het rapport is nog niet definitief"),
        (
            report("003", number(recruitment="open-link")),
            "deelnemers kozen zelf en spreken alleen voor zichzelf",
        ),
        (report("003", number(indicator="anders")), "niet gevraagd"),
        (
            Report(entry("003"), ()),
            "het rapport zegt niet hoe er gemeten is; maak het opnieuw",
        ),
    ],
)
def test_who_cannot_take_part_is_named_with_the_reason(left_out, why):
    [found] = panels([report("001"), report("002"), left_out])
    assert found.absent == (("Voorbeeldgemeente 003", why),)


def test_a_suppressed_number_keeps_its_row_and_says_nothing():
    secret = report("003", number(outcome=HIDDEN, error=None))
    [found] = panels([report("001"), report("002"), secret])
    row = judged(found).municipalities[2]
    assert (row.outcome.value, row.beside) == ("x", ())
    assert panels([report("001"), secret]) == [], "one number is nothing to compare"


# --- against the others ---------------------------------------------------------------


def municipals(values, sizes=None):
    found = [
        report(f"{i:03}", number(value), size_class=(sizes or {}).get(i, 4))
        for i, value in enumerate(values)
    ]
    [panel] = panels(found)
    return judged(panel).municipalities


def test_fewer_than_ten_others_are_told_and_nobody_is_judged():
    for each in municipals([6.0, 7.0, 8.0]):
        [beside] = each.beside
        assert beside.reason == "te weinig andere gemeenten (2)"
        assert (beside.mean, beside.low) == (None, None)


def test_the_own_size_counts_without_itself_and_only_when_large_enough():
    values = [6.0 + i / 50 for i in range(20)]
    found = municipals(values, sizes=dict.fromkeys(range(8), 2))
    small, large = found[0].beside[0], found[19].beside[0]
    assert (small.group, small.others) == ("alle gemeenten", 19)
    assert small.mean == pytest.approx(sum(values[1:]) / 19)
    assert (large.group, large.others) == ("grootteklasse 4", 11)
    assert large.mean == pytest.approx(sum(values[8:19]) / 11)


def test_who_is_far_off_is_told_and_who_is_near_is_too_close_to_call():
    values = [6.0 + (i % 5) / 4 for i in range(30)] + [9.0]
    found = municipals(values)
    assert found[30].beside[0].verdict == "higher"
    assert found[30].beside[0].low > 0
    near = found[2].beside[0]
    assert near.verdict == "not_shown" and near.low < 0 < near.high


def test_a_number_without_margin_is_not_judged():
    sure = replace(municipals([6.0, 7.0])[0], std_error=None)
    assert against_groups([sure] * 12) == [None] * 12


def test_the_names_and_the_least_number_are_those_of_the_method():
    assert side_by_side.FEWEST_OTHERS == benchmark.FEWEST_OTHERS
    assert side_by_side.EVERYONE == benchmark.EVERYONE
    units = pd.DataFrame(
        {
            "unit": range(12),
            "estimate": [6.0 + i / 10 for i in range(12)],
            "std_error": 0.1,
            side_by_side.OWN_SIZE: 4,
        }
    )
    place = benchmark.position(units, 0, (side_by_side.OWN_SIZE,))
    assert place.group == "grootteklasse 4"


# --- what fits ------------------------------------------------------------------------


def test_main_numbers_and_new_years_go_before_others_when_not_all_fits():
    names = ("rapportcijfer", "tevreden", "snel")
    every = [
        report(f"00{i}", *(number(indicator=name) for name in names), year=year)
        for i in (1, 2)
        for year in (2022, 2023, 2024)
    ]
    found = panels(every)
    assert len(found) == 9
    kept, left_out = fitting(found, most=6)
    shown = [(each.place, each.year) for each in kept]
    assert shown == [(0, 2024), (0, 2023), (1, 2024)]
    assert left_out == 6
    assert fitting(found)[1] == 0
    assert len(fitting(found, most=1)[0]) == 1
