"""The review of documents in tables: whose judgement it is stands under each."""

from kcc_research.reporting.absent import Absent
from kcc_research.reporting.document import Table
from kcc_research.reporting.review import (
    describe_review,
    list_other_norms,
    tabulate_review,
    tabulate_review_counts,
)
from tests.counter_study import counter_study
from tests.unit.reporting.report_rows import noordwijk, verdicts

RESEARCHERS = "Het oordeel is dat van de onderzoekers"


def test_one_part_shows_its_norms_with_judgement_reason_and_document():
    made = counter_study()
    table = tabulate_review(made.study, made.verdicts, "beleving")
    assert isinstance(table, Table)
    assert len(table.rows) == 2
    norm, judged, why, document = table.rows[1]
    assert norm.startswith("Gesprekken aan de balie")
    assert judged == "○ voldoet niet"
    assert why.startswith("Het plan noemt privacy")
    assert document == "Huisvestingsplan publiekshal"
    assert RESEARCHERS in table.note


def test_counts_add_up_to_the_norms():
    made = counter_study()
    table = tabulate_review_counts(made.study, made.verdicts)
    assert isinstance(table, Table)
    whole = tabulate_review(made.study, made.verdicts)
    assert isinstance(whole, Table)
    assert sum(int(cell) for row in table.rows for cell in row[1:]) == len(whole.rows)
    assert [row[0] for row in table.rows] == [
        "Beleid en visie",
        "Contacten en wachttijden",
        "Beleving",
        "Sturing en monitoring",
    ]


def test_the_sentence_counts_every_judgement():
    made = counter_study()
    text = describe_review(made.study, made.verdicts)
    assert text.startswith("De onderzoekers toetsten documenten aan 12 normen")
    assert "bij **1** is dat niet te beoordelen" in text


def test_norms_on_numbers_are_no_part_of_it():
    made = counter_study()
    table = tabulate_review(made.study, made.verdicts)
    assert isinstance(table, Table)
    assert "wachttijd_binnen_norm" in set(made.verdicts["indicator"])
    assert len(table.rows) == 12


def test_without_documents_there_is_nothing_to_review():
    study, none = noordwijk(), verdicts()
    assert isinstance(tabulate_review(study, none), Absent)
    assert isinstance(tabulate_review_counts(study, none), Absent)
    assert tabulate_review(study, none, "beleving") == Absent("")
    assert describe_review(study, none) == ""


def test_parts_without_a_chapter_are_not_lost():
    study = counter_study().study
    assert list_other_norms(study) == []
    [source] = study.reviews
    asked = study.questionnaires[source]
    theme = asked.with_role("norm_theme")
    renamed = theme.model_copy(
        update={"codes": {"a": "openingstijden", "b": "beleving"}}
    )
    other = asked.model_copy(
        update={
            "question": tuple(
                renamed if each is theme else each for each in asked.question
            )
        }
    )
    changed = study.model_copy(
        update={"questionnaires": study.questionnaires | {source: other}}
    )
    assert list_other_norms(changed) == ["openingstijden"]
