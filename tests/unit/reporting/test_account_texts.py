"""Texts of the introduction and the *verantwoording*."""

from kcc_research.reporting import account_texts
from tests.unit.reporting.report_rows import (
    estimate,
    estimates,
    noordwijk,
)

STUDY = noordwijk()
GENERAL = STUDY.measurement.sources["algemeen"]


def self_selected(study):
    fieldwork = study.measurement.fieldwork.model_copy(
        update={"recruitment": "self-selected"}
    )
    measurement = study.measurement.model_copy(update={"fieldwork": fieldwork})
    return study.model_copy(update={"measurement": measurement})


def test_the_reading_guide_explains_margins_only_where_there_are_any():
    assert "95%-marge" in account_texts.reading_guide(STUDY)
    assert "marge" not in account_texts.reading_guide(self_selected(STUDY))


def test_the_author_may_refer_to_a_number():
    study = STUDY.model_copy(update={"texts": {"conclusies": "Een {rapportcijfer}."}})
    text = account_texts.author_text(study, "conclusies", estimates(estimate()))
    assert text == "## Conclusies\n\nEen 6,6."
    assert account_texts.author_text(study, "nawoord", estimates(estimate())) == ""


def test_two_questionnaires_are_never_added_up():
    text = account_texts.introduce(STUDY)
    assert "nergens bij elkaar opgeteld" in text
    assert "685" not in text


def test_every_rule_of_the_cleaning_log_has_words():
    class Source:
        id, rows, files = "algemeen", 441, ()
        changes = dict.fromkeys(account_texts.RULES, 1)
        warnings = ("KCC-Q001  waarschuwing  Iets afgeschermd\n  bestand  x",) * 2

    class Account:
        sources = (Source,)
        warnings = ("Gemeente alleen op code gecontroleerd",)

    text = account_texts.describe_cleaning(STUDY, Account)
    assert "445 rijen gelezen" in text  # four rules leave out a whole row
    assert text.count("Iets afgeschermd") == 1
    assert "De meting zelf: Gemeente alleen op code gecontroleerd." in text
