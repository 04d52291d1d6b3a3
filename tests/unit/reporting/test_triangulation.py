"""Sources side by side per theme, and a table that says how to read each."""

from kcc_research.reporting.absent import Absent
from kcc_research.reporting.document import Table
from kcc_research.reporting.triangulation import (
    tabulate_sources,
    tabulate_triangulation,
)
from tests.counter_study import counter_study
from tests.unit.reporting.report_rows import comparisons, estimate, estimates, noordwijk


def cells(theme):
    made = counter_study()
    table = tabulate_triangulation(made.study, made.estimates, made.comparisons)
    assert isinstance(table, Table)
    return next(row for row in table.rows if row[0] == theme)


def test_a_theme_has_a_cell_of_every_source():
    _, named, gap, seen, spoken = cells("Privacy")
    assert named == "31"
    assert gap == "−1,3, minder dan verwacht"
    assert seen.startswith("45% (58 van 129")
    assert int(spoken) > 0


def test_a_source_that_is_silent_has_a_dash():
    _, named, gap, seen, spoken = cells("Openingstijden")
    assert (gap, seen) == ("–", "–")
    assert int(named) > 0
    assert int(spoken) > 0


def test_headings_carry_the_base_of_counts():
    made = counter_study()
    table = tabulate_triangulation(made.study, made.estimates, made.comparisons)
    assert isinstance(table, Table)
    heads = [each.replace("\N{NO-BREAK SPACE}", " ") for each in table.columns]
    assert heads[1].endswith("(n = 312)")
    assert heads[-1].endswith("(n = 48)")


def test_one_source_is_no_triangulation():
    found = tabulate_triangulation(noordwijk(), estimates(estimate()), comparisons())
    assert isinstance(found, Absent)


def test_every_source_says_how_large_it_is_and_how_to_read_it():
    made = counter_study()
    table = tabulate_sources(made.study, made.estimates, made.verdicts)
    sizes = [row[2].replace("\N{NO-BREAK SPACE}", " ") for row in table.rows]
    assert sizes == [
        "79.086",
        "486 bezoeken aan de balie",
        "132 geobserveerde contacten",
        "48 gesprekspartners",
        "12 normen",
    ]
    assert table.rows[0][3] == "een telling, zonder marge"
    assert table.rows[3][3] == "wat er speelt, niet hoe vaak"
