"""A measurement tightens the policy and never loosens it; exceptions are signed."""

from datetime import date

import pytest
from pydantic import ValidationError

from kcc_research.errors import DefinitionError
from kcc_research.study.loading import load_study
from kcc_research.study.policy import DisclosureException, DisclosurePolicy

TIGHT = "[disclosure]\n"
SIGNED = """
[[disclosure.exception]]
rule = "D1"
table = "algemeen/rapportcijfer/kanaal"
reason = "Afgesproken met de functionaris gegevensbescherming."
name = "A. Voorbeeld"
role = "privacy officer"
date = 2024-03-01
"""


def refused(folder):
    with pytest.raises(DefinitionError) as error:
        load_study(folder.root, folder.key)
    return [
        (each.code, each.row, each.column, each.value) for each in error.value.problems
    ]


def append(folder, text):
    path = folder.path / "measurement.toml"
    path.write_text(path.read_text("utf-8") + "\n" + text, "utf-8")


def test_the_defaults_are_those_of_the_decision():
    policy = DisclosurePolicy()
    assert (policy.minimum_base, policy.minimum_cell) == (10, 10)
    assert (policy.indicative_below, policy.dominant_below) == (30, 30)
    assert (policy.dominant_share, policy.largest_table) == (0.9, 250)
    assert policy.percentile_side == 10
    assert (policy.top_two, policy.nearest_guess) == (0.9, 0.1)
    assert (policy.model_df, policy.minimum_team) == (10, 5)
    assert not policy.round_counts


@pytest.mark.parametrize(
    ("name", "looser", "tighter"),
    [
        ("minimum_base", 9, 20),
        ("minimum_cell", 5, 11),
        ("indicative_below", 29, 50),
        ("dominant_share", 0.95, 0.8),
        ("dominant_below", 20, 40),
        ("largest_table", 251, 100),
        ("percentile_side", 9, 20),
        ("top_two", 0.95, 0.85),
        ("nearest_guess", 0.05, 0.15),
        ("model_df", 5, 20),
        ("minimum_team", 4, 8),
    ],
)
def test_a_threshold_is_tightened_and_never_loosened(name, looser, tighter):
    with pytest.raises(ValidationError):
        DisclosurePolicy(**{name: looser})
    assert getattr(DisclosurePolicy(**{name: tighter}), name) == tighter


def test_what_is_indicative_can_not_be_less_than_what_is_published():
    with pytest.raises(ValidationError, match="onder minimum_base"):
        DisclosurePolicy(minimum_base=40)


def test_a_policy_is_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        DisclosurePolicy().minimum_base = 20


def test_a_looser_policy_in_a_measurement_says_where_and_what_to_do(noordwijk):
    append(noordwijk, TIGHT + "minimum_base = 5\nlargest_table = 900\n")
    row = noordwijk.line("measurement.toml", "minimum_base = 5")
    assert refused(noordwijk) == [
        ("KCC-S001", str(row), "disclosure.minimum_base", "5"),
        ("KCC-S001", str(row + 1), "disclosure.largest_table", "900"),
    ]


def test_a_stricter_policy_and_a_signed_exception_are_read(noordwijk):
    append(noordwijk, TIGHT + 'minimum_cell = 15\nsensitive = ["leeftijd"]\n' + SIGNED)
    policy = load_study(noordwijk.root, noordwijk.key).measurement.disclosure
    assert (policy.minimum_cell, policy.sensitive) == (15, ("leeftijd",))
    [signed] = policy.exception
    assert signed.date == date(2024, 3, 1)
    place = ("algemeen", "rapportcijfer", "kanaal")
    assert policy.excepted("D1") == {place}
    assert policy.excepted("D2") == frozenset()


@pytest.mark.parametrize("name", ["rule", "table", "reason", "name", "role", "date"])
def test_an_exception_without_one_of_its_parts_is_refused(noordwijk, name):
    kept = [each for each in SIGNED.splitlines() if not each.startswith(f"{name} ")]
    append(noordwijk, "\n".join(kept) + "\n")
    [(code, *_)] = refused(noordwijk)
    assert code == "KCC-C004a"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('rule = "D1"', 'rule = "D15"', "KCC-C004b"),
        ("algemeen/rapportcijfer/kanaal", "algemeen/kanaal", "KCC-C004d"),
        ("algemeen/rapportcijfer", "algemeen/raportcijfer", "KCC-S001a"),
        ("algemeen/rapportcijfer", "elders/rapportcijfer", "KCC-S001a"),
        ("rapportcijfer/kanaal", "rapportcijfer/wijk", "KCC-S001a"),
        ("2024-03-01", "2024-03-30", "KCC-S001b"),
    ],
)
def test_an_exception_that_means_nothing_is_refused(noordwijk, old, new, code):
    append(noordwijk, SIGNED.replace(old, new))
    [(found, row, *_)] = refused(noordwijk)
    assert found == code
    assert int(row) > 100


def test_a_sensitive_question_that_is_not_asked_is_refused(noordwijk):
    append(noordwijk, TIGHT + 'sensitive = ["leeftijdd"]\n')
    [(code, _, column, value)] = refused(noordwijk)
    assert (code[:8], value) == ("KCC-C003", "leeftijdd")


def test_the_place_of_an_exception_is_source_indicator_and_by():
    signed = DisclosureException(
        rule="D5",
        table="a/b_2/totaal",
        reason="r",
        name="n",
        role="r",
        date=date(2024, 1, 1),
    )
    assert signed.place == ("a", "b_2", "totaal")
