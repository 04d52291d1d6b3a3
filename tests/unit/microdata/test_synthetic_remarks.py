"""Invented open answers."""

import pytest

from kcc_research.microdata.synthetic import Draws
from kcc_research.microdata.synthetic_remarks import (
    ANYWHERE,
    OPENINGS,
    PERSONAL_ENDINGS,
    SOMEWHERE,
    remark,
)


@pytest.mark.parametrize("product", OPENINGS)
def test_a_discontented_person_complains_and_a_contented_one_does_not(product):
    draws = Draws(1)
    for _ in range(50):
        text, themes = remark(draws, -3.0, product, "balie")
        assert set(themes.split("|")) <= set(ANYWHERE) - {"P"}
        assert text.endswith((".", "!"))
        assert remark(draws, 4.0, product, "balie")[1] == "P"


def test_a_sentence_fits_its_coded_theme():
    draws = Draws(2)
    for _ in range(200):
        text, themes = remark(draws, draws.normal(), "5", "fixi")
        for theme in themes.split("|"):
            sentences = ANYWHERE[theme] + sum(
                (SOMEWHERE[place].get(theme, ()) for place in ("5", "fixi")), ()
            )
            assert any(sentence in text for sentence in sentences)


def test_answers_vary():
    draws = Draws(3)

    assert (
        len({remark(draws, draws.normal(), "1", "balie")[0] for _ in range(300)}) > 60
    )


def test_personal_data_belong_to_nobody():
    for text in PERSONAL_ENDINGS:
        assert ".example" in text or "0000000" in text or "000000" in text
