"""The verantwoording tells how people are protected, and who set a rule aside."""

from datetime import date

import pytest

from kcc_research.reporting.absent import Absent
from kcc_research.reporting.privacy import (
    describe_marks,
    describe_protection,
    few_words,
    tabulate_exceptions,
)
from kcc_research.study.policy import DisclosureException, DisclosurePolicy
from tests import random_measurement as made

SIGNED = DisclosureException(
    rule="D5",
    table="algemeen/inkomen/kanaal",
    reason="De groep is openbaar bekend.",
    name="A. Voorbeeld",
    role="privacy officer",
    date=date(2023, 12, 1),
)


def study(**policy):
    return made.study(made.Shape(), policy=DisclosurePolicy(**policy))


def test_the_rules_are_told_with_their_numbers():
    words = describe_protection(study())
    assert "minder dan 10 mensen" in words
    assert "Gevoelig zijn: ‘inkomen?’." in words
    assert "strenger" not in words


def test_what_is_stricter_is_told():
    words = describe_protection(study(minimum_base=20, sensitive=("tevreden",)))
    assert "minder dan 20 mensen" in words
    assert "‘inkomen?’ en ‘tevreden?’" in words
    assert "Deze meting is strenger dan de vaste regels." in words


def test_rounding_is_told():
    assert "vijftallen" in describe_protection(study(round_counts=True))
    assert "vijftallen" not in describe_protection(study())


def test_the_reading_guide_takes_its_numbers_from_the_policy():
    strict = study(minimum_base=15, indicative_below=40)
    assert describe_marks(strict, "gemeenten") == (
        "- Cijfers over minder dan 15 gemeenten publiceren we niet (*x*). Bij 15 tot "
        "en met 39 gemeenten staat een sterretje: lees dat cijfer als voorbeeld."
    )
    assert few_words(strict, "mensen") == "x: minder dan 15 mensen, niet gepubliceerd."


def test_of_a_confidential_source_everything_is_sensitive():
    plain = study()
    source = plain.measurement.source[0].model_copy(update={"confidential": True})
    changed = plain.measurement.model_copy(update={"source": (source,)})
    words = describe_protection(plain.model_copy(update={"measurement": changed}))
    assert "Gevoelig zijn: alle vragen van de algemeen." in words


def test_without_exceptions_there_is_no_table():
    found = tabulate_exceptions(study())
    assert isinstance(found, Absent)
    assert "geen uitzondering" in found.reason


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("algemeen/inkomen/kanaal", "I, naar kanaal? (algemeen)"),
        ("algemeen/rijk/totaal", "R, naar iedereen samen (algemeen)"),
        ("algemeen/tevreden_weet_niet/domein", "Tevreden weet niet, naar de filters"),
    ],
)
def test_an_exception_is_told_with_everything_about_it(table, words):
    signed = SIGNED.model_copy(update={"table": table})
    [row] = tabulate_exceptions(study(exception=(signed,))).rows
    assert row[0] == "Weglaten om een ander getal te beschermen"
    assert row[1].startswith(words)
    assert row[2] == "De groep is openbaar bekend."
    assert row[3] == "A. Voorbeeld, privacy officer"
    assert row[4] == "1\u00a0december 2023"
