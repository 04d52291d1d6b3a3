"""Classes of a duration: nothing lost, no small tail, a norm on a limit."""

from hypothesis import given
from hypothesis import strategies as st

from kcc_research.estimation.duration_classes import (
    FEWEST_IN_TAIL,
    MOST_CLASSES,
    class_names,
    in_classes,
    unit,
)


def test_a_small_tail_joins_the_class_before_it():
    assert in_classes({0: 30, 1: 12, 2: 6, 3: 5}) == [30, 12, 11]
    assert in_classes({0: 30, 1: 12, 2: 6, 3: 3}) == [30, 21]


def test_what_is_very_long_is_one_class():
    found = in_classes({0: 100, 90: 10, 200: 3})

    assert found == [100, *[0] * (MOST_CLASSES - 2), 13]


def test_of_nine_records_there_are_no_classes():
    assert in_classes({0: 9}) == []
    assert in_classes({}) == []


@given(st.dictionaries(st.integers(0, 300), st.integers(1, 40)))
def test_every_record_is_in_a_class(counts):
    found = in_classes(counts)

    if sum(counts.values()) < FEWEST_IN_TAIL:
        assert found == []
        return
    assert sum(found) == sum(counts.values())
    assert len(found) <= MOST_CLASSES
    assert found[-1] >= FEWEST_IN_TAIL
    assert found[:-1] == [counts.get(at, 0) for at in range(len(found) - 1)]


def test_names_go_with_the_width():
    assert list(class_names(2, 15, "seconds")) == [
        "0–15 seconden",
        "meer dan 15 seconden",
    ]
    assert list(class_names(3, 300, "seconds"))[1] == "5–10 minuten"
    assert list(class_names(3, 7, "days"))[0] == "0–1 week"
    assert list(class_names(3, 10, "days"))[-1] == "meer dan 20 dagen"
    assert list(class_names(1, 60, "seconds")) == ["0 minuten of meer"]
    assert unit(90, "seconds") == (1, "seconde", "seconden")
