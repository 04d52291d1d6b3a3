"""Dutch numbers, against exact integer arithmetic and golden values."""

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research import dutch

NBSP, MINUS = "\u00a0", "\u2212"


def half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number, ties away from zero, in integers only."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def read(text: str) -> Decimal:
    """A Dutch number back into a value, written apart from the code under test."""
    plain = text.replace(".", "").replace(",", ".").replace(MINUS, "-")
    return Decimal(plain)


shares = st.integers(1, 1000).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n))
)


@given(shares, st.integers(0, 2))
def test_a_share_is_rounded_as_exact_arithmetic_rounds_it(share, decimals):
    count, n = share
    expected = Decimal(half_up(count * 100 * 10**decimals, n)).scaleb(-decimals)
    assert read(dutch.percentage(count / n, decimals).removesuffix("%")) == expected
    assert dutch.percentage(count / n, decimals) == dutch.percentage(
        Fraction(count, n), decimals
    )


@given(st.lists(st.integers(1, 10), min_size=1, max_size=400))
def test_a_mean_grade_is_rounded_as_exact_arithmetic_rounds_it(grades):
    mean = math.fsum(grades) / len(grades)
    assert read(dutch.grade(mean)) == Decimal(
        half_up(sum(grades) * 10, len(grades))
    ).scaleb(-1)


@given(st.integers(-(10**11), 10**11), st.integers(0, 3))
def test_a_number_reads_back_as_itself(units, decimals):
    value = Decimal(units).scaleb(-decimals)
    assert read(dutch.number(value, decimals)) == value
    assert read(dutch.number(float(value), decimals)) == value


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4))
def test_rounding_does_not_depend_on_the_sign(numerator, denominator):
    value = Fraction(numerator, denominator)
    assert dutch.rounded(value, 1) == -dutch.rounded(-value, 1)
    assert dutch.rounded(value) == half_up(numerator, denominator)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (6.65, "6,7"),
        (6.55, "6,6"),
        (6.549999999999999, "6,6"),
        (6.5499999, "6,5"),
        (6.05, "6,1"),
        (2.675 * 10 - 20.2, "6,6"),
        (10, "10,0"),
        (np.float64(7.25), "7,3"),
    ],
)
def test_grades_at_the_edge(value, expected):
    assert dutch.grade(value) == expected


@pytest.mark.parametrize(
    ("share", "decimals", "expected"),
    [
        (1197 / 2000, 1, "59,9%"),
        (0.005, 0, "1%"),
        (0.125, 0, "13%"),
        (0.045, 0, "5%"),
        (1, 0, "100%"),
        (0, 0, "0%"),
        (0.9949, 0, "99%"),
    ],
)
def test_percentages_at_the_edge(share, decimals, expected):
    assert dutch.percentage(share, decimals) == expected


def test_thousands_minus_and_zero():
    assert dutch.number(1197) == "1.197"
    assert dutch.number(1234567.5, 1) == "1.234.567,5"
    assert dutch.number(-1234.5, 1) == f"{MINUS}1.234,5"
    assert dutch.number(-0.04, 1) == "0,0"
    assert dutch.number(-0.0) == "0"


def test_numbers_of_numpy_keep_every_digit():
    assert dutch.number(np.int64(1234567890123456)) == "1.234.567.890.123.456"
    assert dutch.base(np.int64(353)) == f"n{NBSP}={NBSP}353"


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, np.nan, Decimal("NaN"), Decimal("Infinity")],
)
def test_what_is_not_finite_is_never_printed(value):
    with pytest.raises(ValueError, match="finite"):
        dutch.number(value)


def test_a_base_stays_on_one_line():
    assert dutch.base(1353) == f"n{NBSP}={NBSP}1.353"


def test_points():
    assert dutch.points(0.2) == f"20{NBSP}procentpunt"
    assert dutch.points(-0.035, 1) == f"{MINUS}3,5{NBSP}procentpunt"


def test_intervals():
    assert dutch.interval(6.449, 6.85) == "6,4–6,9"
    assert dutch.interval(-0.02, 0.42, 2) == f"{MINUS}0,02 tot 0,42"
    assert dutch.share_interval(0.665, 0.725) == "67–73%"
    assert dutch.share_interval(-0.03, 0.05) == f"{MINUS}3 tot 5%"


def test_dates():
    assert dutch.long_date(date(2024, 3, 29)) == f"29{NBSP}maart 2024"
    assert dutch.short_date(date(2024, 3, 9)) == "09-03-2024"
    months = [dutch.long_date(date(2024, month, 1)) for month in range(1, 13)]
    assert [each.split(NBSP)[1].split()[0] for each in months] == list(dutch.MONTHS)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], ""),
        (["balie"], "balie"),
        (["telefoon", "balie"], "telefoon en balie"),
        (["telefoon", "balie", "e-mail"], "telefoon, balie en e-mail"),
    ],
)
def test_lists(items, expected):
    assert dutch.listing(iter(items)) == expected


def test_a_list_of_alternatives():
    assert dutch.listing(["a", "b", "c"], last="of") == "a, b of c"


def test_counted():
    assert dutch.counted(1, "inwoner", "inwoners") == "1 inwoner"
    assert dutch.counted(0, "inwoner", "inwoners") == "0 inwoners"
    assert dutch.counted(1353, "inwoner", "inwoners") == "1.353 inwoners"


def test_capitalised_touches_the_first_letter_only():
    assert dutch.capitalised("e-mail aan KCC") == "E-mail aan KCC"
    assert dutch.capitalised("") == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (59.5, "1:00"), (402, "6:42"), (3_599.6, "1:00:00"), (-7, "−0:07")],
)
def test_a_duration_is_minutes_and_seconds(seconds, text):
    assert dutch.clock(seconds) == text
