import pytest

from kcc_research.microdata.label_words import polarity, reason_of


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Helemaal mee eens", 1),
        ("Helemaal oneens", -1),
        ("Niet mee eens", -1),
        ("Zeer ontevreden", -1),
        ("zeer tevreden", 1),
        ("Neutraal", 0),
        ("balie", 0),
        ("Strongly disagree", -1),
    ],
)
def test_praise_and_its_opposite(label, expected):
    assert polarity(label) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Weet ik niet", "dont_know"),
        ("Geen mening", "dont_know"),
        ("Niet van toepassing", "not_asked"),
        ("Wil ik niet zeggen", "refused"),
        ("Geen antwoord", "no_answer"),
        ("Niet goed", None),
    ],
)
def test_why_there_is_no_answer(label, expected):
    assert reason_of(label) == expected
