"""Labels that mean *no answer*."""

import pytest

from kcc_research.study.no_answer import means_no_answer


@pytest.mark.parametrize(
    "label",
    [
        "weet niet",
        "Weet ik niet",
        "weet het (nog) niet",
        "weet niet / geen mening",
        "Geen mening",
        "geen antwoord",
        "n.v.t.",
        "NVT",
        "n v t",
        "Niet van toepassing",
        "wil niet zeggen",
        "Wil ik niet zeggen",
        "wil ik liever niet zeggen",
        "zeg ik liever niet",
        "geweigerd",
    ],
)
def test_no_answer(label):
    assert means_no_answer(label)


@pytest.mark.parametrize(
    "label", ["ja", "niet goed", "helemaal oneens", "geen contact", "antwoord", "invt"]
)
def test_an_answer(label):
    assert not means_no_answer(label)
