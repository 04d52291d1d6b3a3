"""Codes of a registration by their words: always a word of the vocabulary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.microdata.record_words import meaning_of
from kcc_research.study.record_layout import VOCABULARY


@pytest.mark.parametrize(
    ("code", "role", "meaning"),
    [
        ("Geholpen", "outcome", "helped"),
        ("no-show", "outcome", "no_show"),
        ("In behandeling", "outcome", "open"),
        ("", "outcome", "open"),
        ("Doorverbonden naar collega", "result", "transferred"),
        ("Klant belt opnieuw", "result", "not_resolved"),
        ("", "transfer", "none"),
        ("JA", "satisfied", "yes"),
        ("n", "by_appointment", "no"),
    ],
)
def test_what_a_code_probably_means(code, role, meaning):
    assert meaning_of(code, role) == meaning


@given(st.text(max_size=30), st.sampled_from(sorted(VOCABULARY)))
def test_a_proposal_is_always_in_the_vocabulary(code, role):
    assert meaning_of(code, role) in VOCABULARY[role]
