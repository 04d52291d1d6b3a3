"""Every answer has one place in a distribution."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.study.distribution import is_held, places, without_place
from kcc_research.study.indicator import Indicator
from kcc_research.study.questionnaire import Question


def question(kind="grade", **more):
    given = {"id": "q", "column": "q", "text": "Q?", "sensitive": False}
    score = {"range": [1, 10], "direction": "higher_is_better"}
    return Question.model_validate(given | {"type": kind} | score | more)


def distribution(*bounds):
    classes = [
        {"label": f"{low}–{high}", "low": float(low), "high": float(high)}
        for low, high in bounds
    ]
    return Indicator.model_validate(
        {
            "id": "v",
            "question": "q",
            "label": "V",
            "statistic": "distribution",
            "classes": classes,
        }
    )


@pytest.mark.parametrize(
    ("bounds", "lost"),
    [
        ([(1, 5), (6, 10)], None),
        ([(6, 10), (1, 5)], None),
        ([(0, 5.4), (5.5, 10)], None),
        ([(1, 5), (7, 10)], 6),
        ([(2, 10)], 1),
        ([(1, 9)], 10),
        ([(1, 5.5), (6.5, 10)], 6),
        ([(1, 1), (10, 10)], 2),
    ],
)
def test_the_first_whole_grade_without_a_class(bounds, lost):
    assert without_place(distribution(*bounds), question()) == lost


def test_without_classes_each_whole_grade_is_one():
    assert places(distribution(), question(range=[1, 3])) == ((1, 1), (2, 2), (3, 3))
    assert without_place(distribution(), question()) is None


def test_a_grade_with_some_codes_has_no_place_for_the_others():
    assert without_place(distribution(), question(codes={"1": "laag"})) == 2


def test_a_scale_has_its_codes_only_and_is_judged_as_processed():
    scale = question("scale", range=[1, 5], codes={"1": "eens", "2": "half"})
    turned = question(
        "scale",
        range=[1, 5],
        codes={"1": "eens", "2": "half"},
        direction="lower_is_better",
    )
    assert without_place(distribution((1, 2)), scale) is None
    assert without_place(distribution((1, 2)), turned) == 4
    assert places(distribution(), turned) == ((4, 4), (5, 5))


def test_a_number_without_range_is_judged_between_its_classes():
    number = question("number", range=None, direction=None)
    assert without_place(distribution((0, 4), (5, 60)), number) is None
    assert without_place(distribution((0, 4), (6, 60)), number) == 5


@given(
    st.lists(st.tuples(st.integers(1, 10), st.integers(0, 4)), min_size=1, max_size=4)
)
def test_it_agrees_with_trying_every_whole_grade(drawn):
    bounds, at = [], 0
    for low, width in sorted(drawn):
        if low > at:
            bounds.append((low, low + width))
            at = low + width
    indicator = distribution(*bounds)
    held = places(indicator, question())
    lost = [each for each in range(1, 11) if not is_held(each, held)]
    assert without_place(indicator, question()) == (lost[0] if lost else None)
