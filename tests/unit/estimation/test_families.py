import pytest

from kcc_research.estimation.families import family_words


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("waves: algemeen, hoofdcijfer", "eerdere meting: algemeen, hoofdcijfer"),
        (
            "waves: algemeen, brug (had_contact nu, all toen)",
            "eerdere meting: algemeen, brug (had contact nu, iedereen toen)",
        ),
        (
            "groups: contactmoment, in_een_keer naar kanaal",
            "verschillen tussen groepen: contactmoment, in een keer naar kanaal",
        ),
        (
            "gap: ervaring min verwachting",
            "ervaring tegenover verwachting: ervaring min verwachting",
        ),
        ("control chart: wachttijd", "verloop in de tijd: wachttijd"),
        ("iets_eigens", "iets eigens"),
    ],
)
def test_a_family_is_named_in_dutch(family, words):
    assert family_words(family) == words
