"""The tools that draw invented answers."""

import csv
import io
from collections import Counter
from datetime import date
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.microdata.synthetic import (
    Draws,
    apportioned,
    by_rank,
    csv_text,
    decimal_comma,
)

COUNTS = st.dictionaries(st.integers(1, 10), st.integers(0, 20), min_size=1)


def test_the_same_seed_gives_the_same_draws():
    # The first numbers of Python's generator for seed 1 are fixed for all versions.
    draws = Draws(1)

    assert [draws.uniform() for _ in range(2)] == [
        0.13436424411240122,
        0.8474337369372327,
    ]
    assert Draws(2).normal() == Draws(2).normal() != Draws(3).normal()


def test_normal_draws_are_standard():
    draws = Draws(7)
    numbers = [draws.normal() for _ in range(20_000)]

    assert fmean(numbers) == pytest.approx(0, abs=0.03)
    assert pstdev(numbers) == pytest.approx(1, abs=0.03)


@given(st.integers(0, 99), st.lists(st.integers(), max_size=30))
def test_shuffling_loses_nothing(seed, items):
    assert sorted(Draws(seed).shuffled(items)) == sorted(items)


@given(st.integers(0, 99), COUNTS)
def test_items_are_dealt_as_often_as_asked(seed, counts):
    dealt = Counter(Draws(seed).dealt(counts))

    assert dealt == Counter({item: n for item, n in counts.items() if n})


@given(st.integers(0, 999))
def test_days_lie_within_the_fieldwork(seed):
    start, end = date(2023, 10, 2), date(2023, 11, 19)

    assert start <= Draws(seed).day(start, end) <= end


@given(COUNTS, st.data())
def test_rank_gives_exact_counts_in_the_order_of_the_latent_opinion(counts, data):
    size = sum(counts.values())
    latent = data.draw(
        st.lists(st.floats(-9, 9), min_size=size, max_size=size, unique_by=lambda x: x)
    )
    ordered = dict(sorted(counts.items()))
    given_items = by_rank(latent, ordered)

    assert Counter(given_items) == Counter({k: n for k, n in counts.items() if n})
    in_order = [item for _, item in sorted(zip(latent, given_items, strict=True))]
    assert in_order == sorted(in_order)


def test_rank_needs_an_item_for_everyone():
    with pytest.raises(ValueError, match="2 items for 3 people"):
        by_rank([1.0, 2.0, 3.0], {"a": 2})


@given(
    st.dictionaries(st.text(max_size=3), st.floats(0.1, 50), min_size=1, max_size=8),
    st.integers(0, 500),
)
def test_apportioned_counts_add_up_and_stay_near_their_share(shares, total):
    counts = apportioned(shares, total)
    whole = sum(shares.values())

    assert sum(counts.values()) == total
    for item, share in shares.items():
        assert abs(counts[item] - share / whole * total) < 1


def test_a_file_has_semicolons_and_quotes_where_needed():
    text = csv_text([{"a": "1,5", "b": 'zei "ja"; en ging'}, {"a": "", "b": "x"}])

    assert text == 'a;b\n1,5;"zei ""ja""; en ging"\n;x\n'
    assert list(csv.reader(io.StringIO(text), delimiter=";"))[1][1] == (
        'zei "ja"; en ging'
    )


@pytest.mark.parametrize(
    ("value", "text"), [(4.5, "4,5"), (4.25, "4,3"), (0.04, "0,0"), (12.96, "13,0")]
)
def test_numbers_have_a_decimal_comma(value, text):
    assert decimal_comma(value) == text
