"""The small grammar of conditions."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.study.condition import Clause, parse_condition


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("contact = ja", [Clause("contact", "in", ("ja",))]),
        ("contact != nee", [Clause("contact", "not in", ("nee",))]),
        (
            "kanaal in telefoon | e-mail",
            [Clause("kanaal", "in", ("telefoon", "e-mail"))],
        ),
        (
            "contact = ja and leeftijd in 18–29 jaar|30–44 jaar",
            [
                Clause("contact", "in", ("ja",)),
                Clause("leeftijd", "in", ("18–29 jaar", "30–44 jaar")),
            ],
        ),
    ],
)
def test_a_condition_is_read(text, clauses):
    condition = parse_condition(text)

    assert list(condition.clauses) == clauses
    assert condition.text == text
    assert condition.questions == tuple(clause.question for clause in clauses)


@pytest.mark.parametrize(
    "text", ["", "contact", "contact = ", "contact > 3", "Contact = ja", "a = 1 and"]
)
def test_what_is_no_condition_is_refused_in_dutch(text):
    with pytest.raises(ValueError, match="is geen voorwaarde"):
        parse_condition(text)


def test_equality_takes_one_answer():
    with pytest.raises(ValueError, match="gebruik 'in' voor meer antwoorden"):
        parse_condition("kanaal = telefoon | balie")


NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=8).filter(
    lambda name: name not in ("and", "in")
)


@given(st.lists(st.tuples(NAMES, st.lists(NAMES, min_size=1, max_size=3)), min_size=1))
def test_what_was_written_is_what_is_read(clauses):
    text = " and ".join(f"{name} in {' | '.join(found)}" for name, found in clauses)

    assert [
        (clause.question, list(clause.categories))
        for clause in parse_condition(text).clauses
    ] == clauses
