"""The grammar of numbers as text."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc_research import dutch as printing
from kcc_research.microdata.numbers import (
    NumberFault,
    NumberFormat,
    as_code,
    find_decimal,
    parse_number,
)

COMMA = NumberFormat(",", declared=True)
POINT = NumberFormat(".", declared=True)


@pytest.mark.parametrize(
    ("text", "signs", "expected"),
    [
        ("7", NumberFormat(), 7.0),
        (" 7\u00a0", NumberFormat(), 7.0),
        ("-3", NumberFormat(), -3.0),
        ("6,6", COMMA, 6.6),
        (",5", COMMA, 0.5),
        ("0,873", NumberFormat(","), 0.873),
        ("6.600", POINT, 6.6),
        ("1.234.567,5", NumberFormat(",", ".", declared=True), 1234567.5),
        ("1 234,5", NumberFormat(",", " ", declared=True), 1234.5),
        ("1\u00a0234", NumberFormat(",", " ", declared=True), 1234.0),
        ("007", NumberFormat(), 7.0),
    ],
)
def test_a_number_is_read(text, signs, expected):
    assert parse_number(text, signs) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "7,",
        "+7",
        "1e5",
        "inf",
        "nan",
        "٦",
        "７",
        "6 6",
        "66%",
        "1_000",
        "0x1F",
    ],
)
@pytest.mark.parametrize("signs", [COMMA, POINT, NumberFormat()])
def test_what_is_no_number(text, signs):
    assert parse_number(text, signs) == NumberFault("KCC-D015")


@pytest.mark.parametrize(
    ("text", "signs", "expected"),
    [
        ("6.6", COMMA, NumberFault("KCC-D018", ("6,6", "66"))),
        ("6,6", POINT, NumberFault("KCC-D018", ("6,6", "66"))),
        ("6,6", NumberFormat(), NumberFault("KCC-D018", ("6,6", "66"))),
        ("75.000", COMMA, NumberFault("KCC-D017", ("75,000", "75000"))),
        ("75,000", NumberFormat(","), NumberFault("KCC-D017", ("75,000", "75000"))),
        ("1.234,5", COMMA, NumberFault("KCC-D017", ("1234,5", "12345"))),
        # Nobody writes 123 as 0.123: a group does not start with a zero.
        (
            "0.123",
            NumberFormat(",", ".", declared=True),
            NumberFault("KCC-D018", ("0,123", "0123")),
        ),
    ],
)
def test_two_readings_are_both_shown(text, signs, expected):
    assert parse_number(text, signs) == expected


def test_more_digits_than_a_float_holds():
    assert parse_number("9" * 15, NumberFormat()) == 999_999_999_999_999.0
    assert parse_number("9" * 16, NumberFormat()) == NumberFault("KCC-D015")


def dutch(number: float, signs: NumberFormat) -> str:
    """An independent writer of numbers."""
    whole, _, fraction = f"{abs(number):,.6f}".partition(".")
    text = whole.replace(",", signs.thousands) + signs.decimal + fraction
    return f"-{text}" if number < 0 else text


@settings(max_examples=2000)
@given(
    st.floats(-1e12, 1e12, allow_nan=False).map(lambda number: round(number, 6)),
    st.sampled_from([(",", "."), (".", ","), (",", " "), (",", ""), (".", "")]),
)
def test_round_trip(number, signs):
    chosen = NumberFormat(*signs, declared=True)
    assert parse_number(dutch(number, chosen), chosen) == float(f"{number:.6f}")


@settings(max_examples=500)
@given(st.integers(-(10**14), 10**14), st.integers(0, 4))
def test_a_number_as_a_report_prints_it_reads_back_as_itself(units, decimals):
    """One grammar on both sides: what we print, we read."""
    value = Decimal(units).scaleb(-decimals)
    printed = printing.number(value, decimals).replace("\u2212", "-")
    assert parse_number(printed, NumberFormat(",", ".", declared=True)) == float(value)


@given(st.text(max_size=12), st.sampled_from([COMMA, POINT, NumberFormat()]))
def test_any_text_is_a_number_or_a_fault(text, signs):
    found = parse_number(text, signs)
    if not isinstance(found, NumberFault):
        assert set(text.strip()) <= set("-0123456789,.")
        assert abs(found) < 1e15


@settings(max_examples=1000)
@given(st.text("0123456789.,", min_size=1, max_size=9))
def test_undeclared_signs_never_settle_a_doubt(text):
    """What reads as two different numbers under two declarations is never read."""
    point, comma = (
        parse_number(text, NumberFormat(*each, declared=True))
        for each in ((".", ","), (",", "."))
    )
    if isinstance(point, float) and isinstance(comma, float) and point != comma:
        for decimal in (".", ",", ""):
            assert isinstance(parse_number(text, NumberFormat(decimal)), NumberFault)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["7", "8"], ""),
        (["6,5", "7"], ","),
        (["6.5", "7.25", "8,1"], "."),
        (["75.000", "1.234"], ""),
        (["0.873"], "."),
        ([], ""),
    ],
)
def test_find_decimal(texts, expected):
    assert find_decimal(texts) == expected


@pytest.mark.parametrize(("number", "code"), [(7.0, "7"), (7.5, "7.5"), (-1.0, "-1")])
def test_as_code(number, code):
    assert as_code(number) == code


@pytest.mark.parametrize(
    ("texts", "thousands", "decimal"),
    [
        (["1.5", "2.5", "7"], ".", ""),
        (["1.5", "2.5", "7,5"], ".", ","),
        (["1,5"], ",", ""),
        (["1,5"], ".", ","),
    ],
)
def test_the_sign_between_thousands_is_no_decimal_sign(texts, thousands, decimal):
    assert find_decimal(texts, thousands) == decimal
