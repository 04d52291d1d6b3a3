"""One format for a whole column of moments, or none."""

import pytest

from kcc_research.microdata.moment_formats import find_moments, find_times_of_day


@pytest.mark.parametrize(
    ("values", "form", "days"),
    [
        (["2024-03-29", ""], "iso", ("2024-03-29", "2024-03-29")),
        (["2024-03-29T09:30:00+01:00"], "iso", ("2024-03-29", "2024-03-29")),
        (
            ["29-03-2024 09:30", "01-04-2024 10:00"],
            "%d-%m-%Y %H:%M",
            ("2024-03-29", "2024-04-01"),
        ),
        (["03/29/2024"], "%m/%d/%Y", ("2024-03-29", "2024-03-29")),
    ],
)
def test_how_a_column_writes_its_moments(values, form, days):
    found = find_moments(values)
    assert (found.format, found.days, found.is_doubtful) == (form, days, False)


def test_day_and_month_that_can_change_places_are_a_doubt():
    found = find_moments(["03/04/2024", "05/06/2024"])
    assert (found.format, found.is_doubtful) == ("%d/%m/%Y", True)


@pytest.mark.parametrize("values", [[], [""], ["20240329"], ["balie"], ["7", "8"]])
def test_what_holds_no_moments(values):
    assert find_moments(values) is None


def test_a_time_of_day_needs_a_column_of_dates():
    assert find_times_of_day(["09:30:15"], ["2024-03-29"]).date_format == "%Y-%m-%d"
    assert find_times_of_day(["09:30:15"], ["balie"]) is None
    assert find_times_of_day(["half tien"], ["2024-03-29"]) is None
