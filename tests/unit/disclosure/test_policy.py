"""A measurement may tighten the policy and never loosen it."""

import pytest
from pydantic import ValidationError

from kcc_research.disclosure import DisclosurePolicy


def test_the_defaults_are_those_of_the_decision():
    policy = DisclosurePolicy()
    assert (policy.minimum_base, policy.minimum_cell) == (10, 10)
    assert policy.indicative_below == 30


@pytest.mark.parametrize("name", ["minimum_base", "minimum_cell", "indicative_below"])
def test_a_threshold_cannot_be_lowered(name):
    with pytest.raises(ValidationError):
        DisclosurePolicy(**{name: 5})


def test_a_threshold_can_be_raised():
    assert DisclosurePolicy(minimum_base=20).minimum_base == 20


def test_what_is_indicative_can_not_be_less_than_what_is_published():
    with pytest.raises(ValidationError, match="below minimum_base"):
        DisclosurePolicy(minimum_base=40)


def test_a_policy_is_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        DisclosurePolicy().minimum_base = 20
