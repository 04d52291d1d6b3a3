"""Working days against dates from the calendar on the wall."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.study.working_days import WorkCalendar, WorkingDays, holidays_of

# Public holidays as the government lists them (rijksoverheid.nl).
IN_2024 = {
    date(2024, 1, 1),
    date(2024, 3, 31),
    date(2024, 4, 1),
    date(2024, 4, 27),
    date(2024, 5, 9),
    date(2024, 5, 19),
    date(2024, 5, 20),
    date(2024, 12, 25),
    date(2024, 12, 26),
}
GOOD_FRIDAY, LIBERATION_DAY = date(2024, 3, 29), date(2024, 5, 5)
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@pytest.fixture(scope="module")
def spring():
    return WorkingDays(WorkCalendar(), date(2024, 3, 1), date(2024, 6, 30))


def test_holidays_of_a_year():
    assert holidays_of(2024) == IN_2024


def test_terms_of_law_have_two_more():
    legal = holidays_of(2024, "termijnenwet")

    assert legal == IN_2024 | {GOOD_FRIDAY, LIBERATION_DAY}


def test_kings_day_moves_from_a_sunday():
    assert date(2025, 4, 26) in holidays_of(2025)
    assert date(2025, 4, 27) not in holidays_of(2025)


def test_liberation_day_is_free_once_in_five_years():
    assert date(2025, 5, 5) in holidays_of(2025)
    assert date(2023, 5, 5) not in holidays_of(2023)


def test_a_municipality_closes_on_days_of_its_own():
    calendar = WorkCalendar(closed=(date(2024, 12, 24),))

    assert not calendar.is_working_day(date(2024, 12, 24))
    assert calendar.is_working_day(date(2024, 12, 23))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2024, 3, 28), 1, date(2024, 3, 29)),
        (date(2024, 3, 29), 1, date(2024, 4, 2)),  # over Easter
        (date(2024, 3, 30), 1, date(2024, 4, 2)),
        (date(2024, 5, 8), 2, date(2024, 5, 13)),  # Ascension Day on Thursday
        (date(2024, 5, 17), 2, date(2024, 5, 22)),  # Whit Monday
    ],
)
def test_the_end_of_a_term(spring, start, count, end):
    assert spring.after(start, count) == end
    assert spring.between(start, end) == count


def test_no_term_beyond_the_period(spring):
    with pytest.raises(ValueError, match="no 5 working days"):
        spring.after(date(2024, 6, 28), 5)
    with pytest.raises(ValueError, match="lies outside"):
        spring.after(date(2024, 7, 28), 1)


def test_missing_days_are_joined_over_the_weekend(spring):
    present = frozenset(spring.days) - {
        date(2024, 3, 28),
        date(2024, 3, 29),
        date(2024, 4, 2),
        date(2024, 6, 3),
    }

    assert spring.missing(present) == (
        (date(2024, 3, 28), date(2024, 4, 2), 3),
        (date(2024, 6, 3), date(2024, 6, 3), 1),
    )


@given(DAYS, st.integers(1, 60))
def test_a_term_counts_its_working_days_one_by_one(start, count):
    calendar = WorkCalendar()
    day, left = start, count
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working_day(day)

    days = WorkingDays(calendar, start - timedelta(days=10), day + timedelta(days=10))
    assert days.after(start, count) == day
