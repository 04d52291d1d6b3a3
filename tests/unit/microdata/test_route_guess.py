import numpy as np

from kcc_research.microdata.route_guess import Gate, Route, find_route

CONTACT = Gate("contact", ("ja", "nee"), ["ja"] * 30 + ["nee"] * 20 + [""] * 2)


def test_blank_where_another_has_one_answer():
    filled = np.array([True] * 28 + [False] * 24)
    assert find_route(filled, [CONTACT]) == Route("contact = ja", 30, 28)


def test_an_answer_off_route_is_no_route():
    filled = np.array([True] * 31 + [False] * 21)
    assert find_route(filled, [CONTACT]) is None


def test_many_blanks_on_the_route_are_no_route():
    filled = np.array([True] * 20 + [False] * 32)
    assert find_route(filled, [CONTACT]) is None


def test_all_but_one_answer_and_several_answers():
    answers = ["a"] * 20 + ["b"] * 20 + ["c"] * 20
    gate = Gate("kanaal", ("a", "b", "c"), answers)
    filled = np.array([True] * 40 + [False] * 20)
    assert find_route(filled, [gate]) == Route("kanaal != c", 40, 40)
    four = Gate("kanaal", ("a", "b", "c", "d"), [*answers, *["d"] * 20])
    filled = np.array([True] * 40 + [False] * 40)
    assert find_route(filled, [four]) == Route("kanaal in a | b", 40, 40)


def test_a_category_that_a_condition_cannot_name():
    gate = Gate("x", ("ja and nee", "nee"), ["ja and nee"] * 30 + ["nee"] * 20)
    filled = np.array([True] * 30 + [False] * 20)
    assert find_route(filled, [gate]) is None
